;; It starts with its maximum: nothing can be lowered.
(module
  (memory (export "memory") 2048 2048 shared)
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 1024))))
