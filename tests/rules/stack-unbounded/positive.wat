;; A recursion whose depth the caller decides.
(module
  (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (data (i32.const 65536) "settings")
  (func $parse_value (export "parse_value") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
    (i32.store (local.get $frame) (local.get $value))
    (if (local.get $value) (then (drop (call $parse_value (i32.sub (local.get $value) (i32.const 1))))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
    (i32.load (local.get $frame))))
