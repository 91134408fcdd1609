;; Compared with -1.
(module
  (memory (export "memory") 1 4)
  (func $more (export "more")
    (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
      (then unreachable))))
