"""The smoke test of VS Code: packs the extension, installs it into code-server, and runs the driver vscode.mjs against it.

Owns the code-server process: started on loopback for one test, ended with all its children.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

from shared import EDITORS, Skip, Stage, run_driver, wait_until

EXTENSION = EDITORS / "vscode"
"""Only what would blur the test: pop-ups of other features, and characters typed by the editor itself."""
SETTINGS = {
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.suggestOnTriggerCharacters": False,
    "editor.parameterHints.enabled": False,
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
    "editor.autoIndent": "none",
    "editor.formatOnType": False,
    "editor.minimap.enabled": False,
    "files.autoSave": "off",
    "workbench.startupEditor": "none",
    "workbench.enableExperiments": False,
    "extensions.autoCheckUpdates": False,
    "git.enabled": False,
    "telemetry.telemetryLevel": "off",
    "symphony.trace.server": "verbose",
}


def test(stage: Stage, folder: Path) -> list[str]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise Skip("the program chromium is missing")
    for screenshot in stage.out.glob("vscode-*.png"):
        screenshot.unlink()
    entry = folder / "node_modules/code-server/out/node/entry.js"
    data, extensions = stage.folder / "data", stage.folder / "extensions"
    # The server's path has machine scope, and the machine is where code-server runs.
    for scope, settings in (("User", SETTINGS), ("Machine", {"symphony.server.path": str(stage.binary)})):
        (data / scope).mkdir(parents=True)
        (data / scope / "settings.json").write_text(json.dumps(settings))

    places = ["--user-data-dir", str(data), "--extensions-dir", str(extensions)]
    environment = {**os.environ, "HOME": str(stage.folder / "home")}
    installed = subprocess.run(
        ["node", str(entry), *places, "--install-extension", str(packed_extension())],
        capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL,
    )
    if installed.returncode != 0:
        return [f"fail the .vsix is installed: {(installed.stdout + installed.stderr).strip()[-400:]}"]

    port = free_port()
    quiet = ["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"]
    with (stage.out / "vscode-server.log").open("w") as log:
        server = subprocess.Popen(
            ["node", str(entry), "--bind-addr", f"127.0.0.1:{port}", *places, *quiet, str(stage.workspace)],
            stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, start_new_session=True,
        )
        try:
            wait_until("code-server answers", lambda: answers(port), 60)
            driven = run_driver(
                ["node", str(EDITORS / "smoke/vscode.mjs"), str(folder), chromium, f"http://127.0.0.1:{port}/",
                 str(stage.workspace), str(data / "Machine/settings.json"), str(stage.out), stage.plan.to_json()],
                stage.out / "vscode.log",
            )
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
            for trace in data.rglob("*Symphony*.log"):
                shutil.copy(trace, stage.out / "vscode-symphony.log")
    return ["pass the .vsix is installed", *driven]


def packed_extension() -> Path:
    """The .vsix, packed anew when a source is newer."""
    package = EXTENSION / "symphony.vsix"
    inputs = [EXTENSION / name for name in ("package.json", "package-lock.json", "esbuild.mjs", "README.md", ".vscodeignore")]
    inputs += (EXTENSION / "src").iterdir()
    if package.exists() and package.stat().st_mtime > max(path.stat().st_mtime for path in inputs):
        return package
    steps = [["npm", "run", "package"]] if (EXTENSION / "node_modules").exists() else [["npm", "ci"], ["npm", "run", "package"]]
    for step in steps:
        done = subprocess.run(step, cwd=EXTENSION, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0 and step[1] == "ci":
            raise Skip(f"npm ci failed: {done.stderr.strip()[-300:]}")
        if done.returncode != 0:
            raise RuntimeError(f"the extension cannot be packed:\n{done.stdout}{done.stderr}")
    return package


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
