;; A Rust library with wee_alloc, linked with C code that brings dlmalloc.
(module
  (memory (export "memory") 2 32)
  (func $dlmalloc (param i32) (result i32) (i32.const 1024))
  (func $dlfree (param i32))
  (func $wee_alloc::alloc_first_fit (param i32) (result i32) (i32.const 0)))
