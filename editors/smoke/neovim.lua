-- The smoke test inside Neovim: `nvim -l` runs this file, which drives a second, headless Neovim through its RPC interface,
-- so that keys are typed and answers arrive as in a real session. Prints `pass WHAT` and `fail WHAT: WHY`.

local plan = vim.json.decode(table.concat(vim.fn.readfile('/mnt/plan.json'), '\n'))
local workspace = '/mnt/workspace/'

local function check(what, ok, why)
  io.stdout:write(ok and ('pass %s\n'):format(what) or ('fail %s: %s\n'):format(what, why or 'never seen'))
end

local editor = vim.fn.jobstart({ 'nvim', '--embed', '--headless', '--clean', '-n' }, { rpc = true, cwd = workspace })

local function remote(code, ...)
  return vim.rpcrequest(editor, 'nvim_exec_lua', code, { ... })
end

local function keys(text)
  vim.rpcrequest(editor, 'nvim_input', text)
end

--- Types `text` as it is, without a meaning of `<`.
local function type_text(text)
  keys((text:gsub('<', '<lt>')))
end

--- Waits until `code` returns something true in the editor, and returns that.
local function await(seconds, code, ...)
  local value
  local args = { ... }
  vim.wait(seconds * 1000, function()
    value = remote(code, unpack(args))
    return value and value ~= vim.NIL
  end, 50)
  return value ~= vim.NIL and value or nil
end

-- The user's init.lua, as editors/neovim/README.md shows it.
remote([[
  vim.opt.runtimepath:prepend('/mnt/neovim')
  vim.cmd('filetype indent off')
  vim.lsp.enable('symphony')
  vim.lsp.inline_completion.enable()
  vim.keymap.set('i', '<Tab>', function()
    if not vim.lsp.inline_completion.get() then
      return '<Tab>'
    end
  end, { expr = true })
  function _G.line(number) return vim.api.nvim_buf_get_lines(0, number - 1, number, true)[1] end
  function _G.errors()
    return vim.tbl_map(function(it) return { it.lnum + 1, it.message, it.source or '' } end,
      vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR }))
  end
]])

remote('vim.cmd.edit(...)', workspace .. plan.file)
local server = await(30, [[
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'symphony' })[1]
  return client and client.initialized and (client.server_info or {}).name
]])
check('the client attaches to ' .. plan.file, server)

local outline = await(30, [[
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol',
    { textDocument = vim.lsp.util.make_text_document_params() }, 5000)
  local names = {}
  for _, answer in pairs(answers or {}) do
    for _, symbol in ipairs(answer.result or {}) do names[#names + 1] = symbol.name end
  end
  return #names > 0 and names
]]) or {}
for _, name in ipairs(plan.symbols) do
  check('outline has ' .. name, vim.list_contains(outline, name), vim.inspect(outline):sub(1, 400))
end

local before = remote('return errors()')
check('no error in the file as it is', #before == 0, vim.inspect(before))
keys('Go')
type_text(plan.syntax_error)
keys('<Esc>')
local found = await(20, 'local found = errors(); return #found > 0 and found')
check('the syntax error is reported', found)
check('its message is shown', found and found[1][2] ~= '', vim.inspect(found))
keys('dd')
check('the report goes when the error goes', await(20, 'return #errors() == 0'), vim.inspect(remote('return errors()')))

--- Begins one line anew and returns the ghost text after the cursor, if any came.
local function ghost_at(place)
  keys('<Esc>')
  keys(('%dG^C'):format(place.line))
  type_text(place.typed)
  return await(5, [[
    local namespace = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
    local cursor = vim.api.nvim_win_get_cursor(0)
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
      if mark[2] == cursor[1] - 1 and mark[3] == cursor[2] and mark[4].virt_text and mark[4].virt_text[1][1] ~= '' then
        return mark[4].virt_text[1][1]
      end
    end
  ]])
end

local ghost, place
for number, candidate in ipairs(plan.places) do
  place, ghost = candidate, ghost_at(candidate)
  print(('place %d, line %d: %q -> %q (original %q)'):format(number, place.line, place.typed, ghost or '', place.original))
  if ghost then
    break
  end
  keys('<Esc>u')
end
check('ghost text appears', ghost, ('at none of %d places'):format(#plan.places))
if ghost then
  keys('<Tab>')
  local expected = place.typed .. ghost
  local accepted = await(10, 'local number, typed = ...; local now = vim.trim(line(number)); return now ~= typed and now',
    place.line, vim.trim(place.typed))
  check('Tab puts it into the buffer', accepted == expected, ('%q, not %q'):format(accepted or '', expected))
  check('it is how the line went on', accepted and (vim.startswith(place.original, accepted) or vim.startswith(accepted, place.original)), ('%q, not %q'):format(accepted or '', place.original))
end

vim.fn.jobstop(editor)
