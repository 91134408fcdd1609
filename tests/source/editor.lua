-- nvim --headless --clean -u editors/neovim.lua -S editor.lua FILE: applies the quick fixes of the rule in $RULE, one after
-- the other as an editor's user would, and writes the buffer to $RESULT. Ends with an error where there is none.
local rule = "wasm-memlint-" .. vim.env.RULE
local buffer = vim.api.nvim_get_current_buf()

local published = -1
local publish = vim.lsp.handlers["textDocument/publishDiagnostics"]
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(failed, result, context, config)
  publish(failed, result, context, config)
  published = result.version or published
end
vim.cmd("setfiletype cpp")

local function code_of(diagnostic)
  return diagnostic.code or (diagnostic.user_data and diagnostic.user_data.lsp.code)
end

local function quick_fix(diagnostic)
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
        return action
      end
    end
  end
end

local applied = 0
local without_fix = {}
while true do
  vim.wait(60000, function()
    return published >= (vim.lsp.util.buf_versions[buffer] or 0)
  end, 20)
  local diagnostic
  for _, candidate in ipairs(vim.diagnostic.get(buffer)) do
    if code_of(candidate) == rule and not without_fix[candidate.message] then
      diagnostic = candidate
      break
    end
  end
  if not diagnostic then
    break
  end
  print(diagnostic.lnum + 1 .. ":" .. diagnostic.message)
  local action = quick_fix(diagnostic)
  if action then
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
    applied = applied + 1
  else
    without_fix[diagnostic.message] = true
  end
end
if applied == 0 then
  print("no quick fix")
  vim.cmd("cquit")
end
vim.fn.writefile(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), vim.env.RESULT)
vim.cmd("qall!")
