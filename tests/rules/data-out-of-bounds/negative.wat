;; It ends with the page.
(module
  (memory (export "memory") 1 1)
  (data (i32.const 65526) "0123456789"))
