;; Only a function that is copied from another table is as deep: 5,008 bytes of 4,096.
(module
  (type $t (func))
  (memory (export "memory") 1 1)
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (data (i32.const 4096) "settings")
  (table $called 4 4 funcref)
  (table $source 4 4 funcref)
  (elem (table $source) (i32.const 0) func $deep)
  (func $deep (local $frame i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 5008))))
    (i32.store (local.get $frame) (i32.const 1))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 5008))))
  (func (export "run")
    (table.copy $called $source (i32.const 0) (i32.const 0) (i32.const 1))
    (call_indirect $called (type $t) (i32.const 0))))
