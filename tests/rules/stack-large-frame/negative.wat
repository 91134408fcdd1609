;; 16 KiB and no more.
(module
  (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (data (i32.const 65536) "settings")
  (func $decode (export "decode") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16384))))
    (i32.store (local.get $frame) (local.get $value))
    (i32.store offset=4 (local.get $frame) (local.get $value))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16384)))
    (i32.load (local.get $frame))))
