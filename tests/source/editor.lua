-- nvim --headless --clean -u editors/neovim.lua -S editor.lua FILE: waits for a diagnostic of the rule in $RULE, applies its
-- quick fix, and writes the buffer to $RESULT. Prints what it saw; ends with an error where there is nothing to apply.
local function fail(message)
  print(message)
  vim.cmd("cquit")
end

local rule = "wasm-memlint-" .. vim.env.RULE
local buffer = vim.api.nvim_get_current_buf()
vim.cmd("setfiletype cpp")

local diagnostic
vim.wait(60000, function()
  for _, candidate in ipairs(vim.diagnostic.get(buffer)) do
    if candidate.code == rule or (candidate.user_data and candidate.user_data.lsp.code == rule) then
      diagnostic = candidate
    end
  end
  return diagnostic ~= nil
end, 50)
if not diagnostic then
  fail("no diagnostic of " .. rule)
end
print(diagnostic.lnum + 1 .. ":" .. diagnostic.message)

vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
local parameters = vim.lsp.util.make_range_params()
parameters.context = { diagnostics = { {
  range = {
    start = { line = diagnostic.lnum, character = diagnostic.col },
    ["end"] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
  },
  code = rule,
  message = diagnostic.message,
  severity = diagnostic.severity,
  source = diagnostic.source,
} } }
local answers = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", parameters, 30000)
for _, answer in pairs(answers or {}) do
  for _, action in ipairs(answer.result or {}) do
    if action.kind == "quickfix" and action.edit then
      vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
      vim.fn.writefile(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), vim.env.RESULT)
      vim.cmd("qall!")
    end
  end
end
fail("no quick fix")
