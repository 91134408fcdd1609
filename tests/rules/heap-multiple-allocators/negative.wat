(module
  (memory (export "memory") 2 32)
  (func $dlmalloc (param i32) (result i32) (i32.const 1024))
  (func $dlfree (param i32)))
