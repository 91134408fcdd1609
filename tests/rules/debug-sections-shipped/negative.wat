;; One page, a maximum, nothing that grows it.
(module
  (memory (export "memory") 1 1)
  (data (i32.const 1024) "settings")
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 1024))))
