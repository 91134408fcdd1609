;; Two segments; memory is zero between them.
(module
  (memory (export "memory") 1 1)
  (data (i32.const 1024) "first")
  (data (i32.const 9221) "last"))
