-- For init.lua: Neovim's own LSP client (0.7 and later) with wasm-memlint's clangd for C and C++. In place of clangd,
-- not beside it.
local function folder_of(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  local start = vim.fn.fnamemodify(file, ":p:h")
  for _, marker in ipairs({ ".clangd", "compile_commands.json" }) do
    local found = vim.fn.findfile(marker, start .. ";")
    if found ~= "" then
      return vim.fn.fnamemodify(found, ":p:h")
    end
  end
  return start
end

local clients = {}

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "c", "cpp" },
  callback = function(event)
    local buffer = event.buf or vim.api.nvim_get_current_buf()
    local config = {
      name = "wasm-memlint-clangd",
      cmd = { vim.g.wasm_memlint_clangd or "wasm-memlint-clangd" },
      root_dir = folder_of(buffer),
    }
    if vim.lsp.start then
      vim.lsp.start(config, { bufnr = buffer })
      return
    end
    local root = config.root_dir
    clients[root] = clients[root] or vim.lsp.start_client(config)
    vim.lsp.buf_attach_client(buffer, clients[root])
  end,
})
