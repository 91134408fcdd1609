;; 64 MiB at once.
(module
  (memory (export "memory") 1 4096)
  (func $more (export "more")
    (if (i32.eq (memory.grow (i32.const 1024)) (i32.const -1))
      (then unreachable))))
