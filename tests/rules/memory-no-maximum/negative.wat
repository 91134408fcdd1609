;; It grows up to its maximum.
(module
  (memory (export "memory") 1 4)
  (func (export "more") (result i32)
    (if (result i32) (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
      (then (i32.const 0))
      (else (i32.const 1)))))
