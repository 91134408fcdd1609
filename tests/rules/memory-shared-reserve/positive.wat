;; Two GiB are reserved for a module that starts with one page.
(module
  (memory (export "memory") 1 32768 shared)
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 1024))))
