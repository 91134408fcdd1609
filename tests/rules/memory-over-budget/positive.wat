;; Three pages at start, for a budget of two.
(module
  (memory (export "memory") 3 3)
  (data (i32.const 1024) "settings"))
