;; A variable-length array in a loop of a function without calls, as clang makes it at -O0: the pointer is lowered in a
;; local alone, and restored from memory.
(module
  (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (data (i32.const 65536) "settings")
  (func $leaf (export "run") (local $moving i32) (local $base i32) (local $i i32)
    (local.set $base (local.tee $moving (i32.sub (global.get $__stack_pointer) (i32.const 32))))
    (local.set $i (i32.const 300))
    (loop $next
      (i32.store offset=16 (local.get $base) (local.get $moving))
      (local.set $moving (i32.sub (local.get $moving) (i32.shl (local.get $i) (i32.const 4))))
      (i32.store (local.get $moving) (i32.const 1))
      (local.set $moving (i32.load offset=16 (local.get $base)))
      (br_if $next (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))))
