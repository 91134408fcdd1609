;; It drops what memory.grow says.
(module
  (memory (export "memory") 1 4)
  (func $more (export "more")
    (drop (memory.grow (i32.const 1)))))
