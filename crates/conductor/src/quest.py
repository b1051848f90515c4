"""Runs Function Quest of the package in a folder, which is the first argument, and nothing of the current folder."""

import sys

# Without the current folder: it may be a workspace.
sys.path[:] = [it for it in sys.path if it]

import os

current = os.getcwd()
sys.path[:] = [sys.argv[1], *(it for it in sys.path if it != current)]
sys.argv[:] = ["symphony quest", *sys.argv[2:]]

from quest.__main__ import main

sys.exit(main())
