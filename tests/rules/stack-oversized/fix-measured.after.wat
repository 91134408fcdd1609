;; Linked with the measured peak and the margin.
(module
  (memory (export "memory") 1 1)
  (global $__stack_pointer (mut i32) (i32.const 18432))
  (global (export "__heap_base") i32 (i32.const 18496))
  (data (i32.const 18432) "settings")
  (func $depth (export "depth") (param $left i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
    (i32.store (local.get $frame) (local.get $left))
    (if (local.get $left)
      (then (drop (call $depth (i32.sub (local.get $left) (i32.const 1))))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
    (i32.load (local.get $frame))))
