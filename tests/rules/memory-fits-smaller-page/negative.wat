;; What ends near the page's end needs the page.
(module
  (memory (export "memory") 1 1)
  (global (export "__heap_base") i32 (i32.const 60000))
  (data (i32.const 1024) "settings")
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 1024))))
