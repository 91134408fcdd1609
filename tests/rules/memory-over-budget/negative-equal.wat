;; Exactly the budget.
(module
  (memory (export "memory") 2 2)
  (data (i32.const 1024) "settings"))
