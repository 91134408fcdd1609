;; Stack and data end in the second page, 256 are declared, and the program can grow.
(module
  (memory (export "memory") 256 512)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global (export "__data_end") i32 (i32.const 65552))
  (global (export "__heap_base") i32 (i32.const 65552))
  (data (i32.const 65536) "settings")
  (func $sbrk (export "sbrk") (param $pages i32) (result i32)
    (local $before i32)
    (local.set $before (memory.grow (local.get $pages)))
    (if (i32.eq (local.get $before) (i32.const -1))
      (then (return (i32.const 0))))
    (local.get $before)))
