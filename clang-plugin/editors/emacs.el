;; For init.el: eglot (part of Emacs 29) with wasm-memlint's clangd for C and C++.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((c-mode c-ts-mode c++-mode c++-ts-mode) . ("wasm-memlint-clangd"))))
