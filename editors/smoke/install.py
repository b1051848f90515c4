#!/usr/bin/env python3
"""Gets the real editors for the smoke tests into a cache outside the checkout; makes only what is missing.

install.py [CACHE]     default ~/.cache/symphony-editors: root/ with Neovim and Helix, vscode/ with VS Code in the browser
Needs root and a Debian with apt, for the terminal editors a mirror that has `sid`, for VS Code Node and npm.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from shared import Skip

CACHE = Path.home() / ".cache/symphony-editors"
CODE_SERVER = "4.100.3"
PLAYWRIGHT = "1"
"""The native modules that VS Code needs; each is built here, because npm's own install step would download programs."""
NATIVE_MODULES = ("node-pty", "@vscode/spdlog", "kerberos", "native-watchdog", "@parcel/watcher")


def terminal_editors(root: Path) -> Path:
    """A root folder of Debian unstable with Neovim and Helix."""
    if (root / "usr/bin/nvim").exists() and (root / "usr/bin/hx").exists():
        return root
    need_root()
    apt_install("debootstrap", "tmux")
    make_folder(root)
    log = root.with_name(root.name + ".log")
    run(log, "debootstrap", "--variant=minbase", "--include=neovim,hx,git", "sid", str(root), debian_mirror())
    return root


def vscode(folder: Path) -> Path:
    """A folder with code-server, playwright-core and, on the system, Chromium."""
    ready = folder / ".ready"
    if not ready.exists():
        need_root()
        for program in ("node", "npm"):
            if shutil.which(program) is None:
                raise Skip(f"the program {program} is missing")
        apt_install("chromium", "ripgrep", "libkrb5-dev", "libx11-dev", "libxkbfile-dev", "make", "g++", "python3")
        make_folder(folder)
        build_code_server(folder.resolve())
        ready.touch()
    # VS Code's own TypeScript support answers the same requests: what the tests see must be Symphony's.
    builtin = folder / "node_modules/code-server/lib/vscode/extensions/typescript-language-features"
    if builtin.exists():
        shutil.rmtree(builtin)
    return folder


def build_code_server(folder: Path) -> None:
    log = folder / "install.log"
    quiet = ("--ignore-scripts", "--no-fund", "--no-audit")
    if not (folder / "package.json").exists():
        (folder / "package.json").write_text('{ "private": true }\n')
    run(log, "npm", "install", f"code-server@{CODE_SERVER}", f"playwright-core@{PLAYWRIGHT}", *quiet, cwd=folder)
    server = folder / "node_modules/code-server"
    code = server / "lib/vscode"
    run(log, "npm", "install", "--omit=dev", *quiet, cwd=code)
    for module in NATIVE_MODULES:
        run(log, "npx", "--yes", "node-gyp", "rebuild", cwd=code / "node_modules" / module)
    ripgrep = code / "node_modules/@vscode/ripgrep/bin"
    ripgrep.mkdir(parents=True, exist_ok=True)
    link(ripgrep / "rg", Path(shutil.which("rg") or "/usr/bin/rg"))
    link(code / "node_modules.asar", Path("node_modules"))
    argon2 = folder / "node_modules/argon2"
    place = argon2 / "lib/binding/napi-v3"
    run(log, "npx", "--yes", "node-gyp", "rebuild", "--napi_version=9", "--napi_build_version=3", "--module_name=argon2",
        "--module_path=./lib/binding/napi-v3", cwd=argon2)
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(argon2 / "build/Release/argon2.node", place)
    run(log, "node", str(server / "out/node/entry.js"), "--version")


def link(path: Path, target: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Skip(f"{path} cannot be made: {error.strerror}") from error


def need_root() -> None:
    if os.geteuid() != 0:
        raise Skip("installing the editors needs root")


def apt_install(*packages: str) -> None:
    """Installs what is missing, with the package index as it is first, because that is mostly enough."""
    if shutil.which("apt-get") is None:
        raise Skip("the program apt-get is missing")
    command = ["apt-get", "install", "-y", "-q", *packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(command, env=environment, capture_output=True).returncode != 0:
        subprocess.run(["apt-get", "update", "-q"], env=environment, capture_output=True)
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Skip(f"apt-get cannot install {' '.join(packages)}: {last_line(done.stderr)}")


def debian_mirror() -> str:
    """The mirror that this machine uses already."""
    lists = Path("/etc/apt")
    for path in [*sorted(lists.glob("sources.list.d/*.sources")), lists / "sources.list", *sorted(lists.glob("sources.list.d/*.list"))]:
        if path.exists() and (found := re.search(r"^(?:URIs:|deb(?:\s+\[[^]]*\])?)\s+(https?://\S+)", path.read_text(), re.MULTILINE)):
            return found[1]
    raise Skip("no Debian mirror in /etc/apt")


def run(log: Path, *command: str, cwd: Path | None = None) -> None:
    """Runs one step of an installation; a failure means that the editor cannot be had here."""
    with log.open("a") as output:
        done = subprocess.run(command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Skip(f"{' '.join(command[:3])} failed: {last_line(log.read_text())} (see {log})")


def last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]


def main() -> int:
    cache = Path(sys.argv[1]) if len(sys.argv) > 1 else CACHE
    for name, make in (("root", terminal_editors), ("vscode", vscode)):
        try:
            print(make(cache / name))
        except Skip as reason:
            print(f"skip {name}: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
