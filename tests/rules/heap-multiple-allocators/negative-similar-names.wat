;; Names that hold an allocator's name are not that allocator.
(module
  (memory (export "memory") 2 32)
  (func $dlmalloc (param i32) (result i32) (i32.const 1024))
  (func $_ZN3smt12theory_arithINS_6mi_extEE3rowC2Ev (param i32))
  (func $not_emmalloc_at_all (param i32)))
