"""Opens a file in the program that the system has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PATIENCE = 5.0
"""Seconds after which a program that is still running counts as having opened the file."""


def open_in_program(path: Path) -> bool:
    """Open a file in a browser, or in its program; false if there is none.

    On Linux and BSD a program needs a display, or is named in `BROWSER`: text browsers would take the terminal.
    """
    address = path.resolve().as_uri()
    if sys.platform == "win32":
        try:
            os.startfile(path.resolve())  # noqa: S606 - the program that Windows has for the file
        except OSError:
            return False
        return True
    command = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    if command is None or (sys.platform != "darwin" and not any(os.environ.get(name) for name in displays)):
        return False
    nothing = subprocess.DEVNULL
    command_line = [command, address]
    opener = subprocess.Popen(command_line, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603 - of the system
    try:
        return opener.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True
