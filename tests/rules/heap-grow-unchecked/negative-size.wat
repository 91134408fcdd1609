;; It compares sizes instead.
(module
  (memory (export "memory") 1 4)
  (func $more (export "more") (result i32)
    (local $before i32)
    (local.set $before (memory.size))
    (drop (memory.grow (i32.const 1)))
    (i32.eq (memory.size) (local.get $before))))
