;; Data and bss end at 1,104, and nothing grows memory.
(module
  (memory (export "memory") 1 1)
  (global (export "__heap_base") i32 (i32.const 1104))
  (data (i32.const 1024) "settings")
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 1024))))
