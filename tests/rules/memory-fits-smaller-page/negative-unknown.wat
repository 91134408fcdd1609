;; No symbol says where the heap begins: the code may use all of the page.
(module
  (memory (export "memory") 1 1)
  (data (i32.const 1024) "settings")
  (func (export "at") (param $address i32) (result i32)
    (i32.load8_u (local.get $address))))
