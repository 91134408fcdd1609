;; The calls fill the stack and no more.
(module
  (memory (export "memory") 1 1)
  (global $__stack_pointer (mut i32) (i32.const 5120))
  (data (i32.const 5120) "settings")
  (func $read (export "read") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 2048))))
    (i32.store (local.get $frame) (local.get $value))
    (drop (call $parse (local.get $value)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 2048)))
    (i32.load (local.get $frame)))
  (func $parse (export "parse") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 3072))))
    (i32.store (local.get $frame) (local.get $value))
    (i32.store offset=4 (local.get $frame) (local.get $value))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 3072)))
    (i32.load (local.get $frame))))
