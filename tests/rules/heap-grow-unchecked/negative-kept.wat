;; Dropped, but kept in a local that is compared later.
(module
  (memory (export "memory") 1 4)
  (func $more (export "more") (result i32)
    (local $before i32)
    (drop (local.tee $before (memory.grow (i32.const 1))))
    (block (nop))
    (i32.eq (local.get $before) (i32.const -1))))
