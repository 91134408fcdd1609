;; What a callee returns is no address because it was given one; nor are the high bits of an address.
(module
  (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (data (i32.const 65536) "settings")
  (func $next (param $at i32) (result i32) (i32.load (local.get $at)))
  (func (export "decode") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
    (i32.store (local.get $frame) (local.get $value))
    (local.set $value
      (i32.or
        (i32.lt_u (i32.sub (call $next (local.get $frame)) (i32.const 16777216)) (i32.const 1291845631))
        (i32.and (local.get $frame) (i32.const 0xff000000))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
    (local.get $value)))
