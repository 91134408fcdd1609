;; The same without a name for the stack pointer and without exports.
(module
  (memory (export "memory") 17 17)
  (global $g (mut i32) (i32.const 1048576))
  (data (i32.const 1048576) "settings")
  (func $log (export "log") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $g
      (local.tee $frame (i32.sub (global.get $g) (i32.const 32))))
    (i32.store (local.get $frame) (local.get $value))
    (global.set $g (i32.add (local.get $frame) (i32.const 32)))
    (i32.load (local.get $frame))))
