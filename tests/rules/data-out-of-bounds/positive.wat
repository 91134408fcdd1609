;; The second segment ends beyond the only page.
(module
  (memory (export "memory") 1 1)
  (data (i32.const 1024) "settings")
  (data (i32.const 65530) "0123456789"))
