;; Linked with -z stack-size=32.
(module
  (memory (export "memory") 1 1)
  (global $__stack_pointer (mut i32) (i32.const 32))
  (global (export "__heap_base") i32 (i32.const 96))
  (data (i32.const 32) "settings")
  (func $log (export "log") (param $value i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
    (i32.store (local.get $frame) (local.get $value))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32)))
    (i32.load (local.get $frame))))
