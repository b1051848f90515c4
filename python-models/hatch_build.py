"""What a wheel has beside the packages: the binary and the library that holds Python, if somebody built them.

`cargo xtask dist --wheel` says where they are. Without them the wheel is pure Python.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT_VARIABLE = "SYMPHONY_BUILT"
BINARY = "symphony.exe" if sys.platform == "win32" else "symphony"
LIBRARY = {
    "win32": "symphony_conductor_py.dll",
    "darwin": "libsymphony_conductor_py.dylib",
}.get(sys.platform, "libsymphony_conductor_py.so")


class Native(BuildHookInterface):  # type: ignore[type-arg]
    """Adds both, and says for which platform the wheel is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        built = os.environ.get(BUILT_VARIABLE)
        # An editable installation is of whoever builds both in the same checkout.
        if built is None or version != "standard":
            return
        folder = Path(built)
        build_data["shared_scripts"] = {str(folder / BINARY): BINARY}
        build_data["force_include"] = {str(folder / LIBRARY): f"conductor/{LIBRARY}"}
        build_data["pure_python"] = False
        # The library is built for all Pythons, and opened by the binary, not by one of them.
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"
