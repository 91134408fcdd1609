;; Its maximum is the budget.
(module
  (memory (export "memory") 16 32)
  (func (export "more") (param $pages i32) (result i32)
    (local $before i32)
    (local.set $before (memory.grow (local.get $pages)))
    (if (result i32) (i32.eq (local.get $before) (i32.const -1))
      (then (i32.const 0))
      (else (local.get $before)))))
