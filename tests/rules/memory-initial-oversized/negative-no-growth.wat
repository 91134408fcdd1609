;; Nothing can grow memory, so the initial memory is the heap.
(module
  (memory (export "memory") 256 256)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global (export "__heap_base") i32 (i32.const 65552))
  (data (i32.const 65536) "settings")
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 65536))))
