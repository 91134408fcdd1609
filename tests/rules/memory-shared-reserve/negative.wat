(module
  (memory (export "memory") 1 64 shared)
  (func (export "first") (result i32)
    (i32.load8_u (i32.const 1024))))
