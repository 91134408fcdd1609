;; alloca(bytes).
(module
  (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (data (i32.const 65536) "settings")
  (func $copy (export "copy") (param $bytes i32)
    (local $saved i32)
    (local.set $saved (global.get $__stack_pointer))
    (global.set $__stack_pointer (i32.sub (local.get $saved) (local.get $bytes)))
    (i32.store (global.get $__stack_pointer) (local.get $bytes))
    (global.set $__stack_pointer (local.get $saved))))
