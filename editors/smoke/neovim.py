"""The smoke test of Neovim: stages editors/neovim and the driver neovim.lua, and runs them inside the editors' root."""

from __future__ import annotations

import shutil
from pathlib import Path

from shared import EDITORS, Stage, check_root, in_root, run_driver


def test(stage: Stage, root: Path) -> list[str]:
    check_root(root, "nvim")
    shutil.copytree(EDITORS / "neovim", stage.folder / "neovim")
    shutil.copy(EDITORS / "smoke/neovim.lua", stage.folder)
    (stage.folder / "plan.json").write_text(stage.plan.to_json())
    checks = run_driver(in_root(root, stage.folder, "nvim", "-l", "/mnt/neovim.lua"), stage.out / "neovim.log")
    for trace in (stage.folder / "home").rglob("lsp.log"):
        shutil.copy(trace, stage.out / "neovim-lsp.log")
    return checks
