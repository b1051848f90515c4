-- Neovim's description of the Symphony language server, read by vim.lsp.enable('symphony').
-- It starts nothing by itself and maps no key: README.md shows both.

---@type vim.lsp.Config
return {
  cmd = { 'symphony', 'lsp' },
  filetypes = { 'typescript', 'typescriptreact', 'javascript', 'javascriptreact' },
  -- The outermost thing that is still one project: a lock file is at the root of a workspace of many packages,
  -- where the nearest tsconfig.json would give one server for each package.
  root_markers = {
    { 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb' },
    '.git',
    { 'tsconfig.json', 'jsconfig.json', 'package.json' },
  },
  settings = {
    symphony = {
      inlineCompletion = { enabled = true, tau = 0.5 },
    },
  },
}
