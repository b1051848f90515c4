#!/usr/bin/env python3
"""Runs the editor smoke tests: real editors, the real server, a copy of a real workspace.

run.py --binary symphony --editors-root DIR --vscode-dir DIR [--only neovim,helix,vscode] --out DIR WORKSPACE
Exit status 1 when a check failed. An editor that cannot be had here is skipped with the reason, which is no failure.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import helix
import install
import neovim
import vscode
from shared import Skip, Stage, make_plan

EDITOR_NAMES = ("neovim", "helix", "vscode")


def main() -> int:
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    passed = failed = skipped = 0
    for name in options.only:
        try:
            checks = run_one(name, options)
        except Skip as reason:
            print(f"{name}: skip {reason}")
            skipped += 1
            continue
        for check in checks:
            print(f"{name}: {check}", flush=True)
            passed += check.startswith("pass")
            failed += check.startswith("fail")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def run_one(name: str, options: argparse.Namespace) -> list[str]:
    plan = make_plan(options.workspace)
    with tempfile.TemporaryDirectory(prefix=f"symphony-{name}-") as temporary:
        folder = Path(temporary)
        workspace = folder / "workspace"
        shutil.copytree(options.workspace, workspace, symlinks=True)
        # A root of its own: no marker of a folder above may widen the project.
        (workspace / ".git").mkdir(exist_ok=True)
        for subfolder in ("bin", "home", "config"):
            (folder / subfolder).mkdir()
        binary = Path(shutil.copy(options.binary, folder / "bin" / "symphony"))
        binary.chmod(0o755)
        stage = Stage(folder, workspace, binary, options.out, plan)
        if name == "vscode":
            return vscode.test(stage, install.vscode(options.vscode_dir))
        root = install.terminal_editors(options.editors_root)
        return neovim.test(stage, root) if name == "neovim" else helix.test(stage, root)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Editor smoke tests")
    parser.add_argument("workspace", type=lambda it: Path(it).resolve(), metavar="WORKSPACE")
    parser.add_argument("--binary", type=lambda it: Path(it).resolve(), required=True, help="the server")
    parser.add_argument("--editors-root", type=Path, default=install.CACHE / "root", help="root folder with Neovim and Helix; made if missing")
    parser.add_argument("--vscode-dir", type=Path, default=install.CACHE / "vscode", help="folder with VS Code; made if missing")
    parser.add_argument("--only", type=lambda it: it.split(","), default=list(EDITOR_NAMES), help="editors, with commas between")
    parser.add_argument("--out", type=lambda it: Path(it).resolve(), required=True, help="folder for logs and screenshots")
    options = parser.parse_args()
    if unknown := set(options.only) - set(EDITOR_NAMES):
        parser.error(f"no such editor: {', '.join(sorted(unknown))}")
    for path in (options.workspace, options.binary):
        if not path.exists():
            parser.error(f"{path} is not there")
    return options


if __name__ == "__main__":
    sys.exit(main())
