;; AssemblyScript's allocator doubles: 48 pages would become 96, past the budget of 64.
(module
  (memory (export "memory") 48 64)
  (func $~lib/rt/tlsf/initialize (param i32)))
