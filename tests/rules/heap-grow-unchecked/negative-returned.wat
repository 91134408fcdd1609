;; The caller may check it.
(module
  (memory (export "memory") 1 4)
  (func $more (export "more") (result i32)
    (memory.grow (i32.const 1))))
