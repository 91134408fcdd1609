;; Data from 1,024 on, then 64 KiB of stack that grows down towards it.
(module
  (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 66576))
  (data (i32.const 1024) "settings that an overflow overwrites")
  (func $log (export "log") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
    (i32.store (local.get $frame) (local.get $value))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
    (i32.load (local.get $frame))))
