;; No maximum, but nothing here or in the host is known to grow it.
(module
  (memory (export "memory") 1)
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 1024))))
