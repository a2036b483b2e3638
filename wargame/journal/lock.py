"""Locks that end with their process, so that a run in progress can be distinguished from one that was killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import BinaryIO

from wargame.journal.inputs import open_input

LOCK = ".lock"
"""A file that has no content and is there to be locked."""
ATTEMPTS = 3
PAUSE = 0.01
"""Seconds between attempts: `is_held` takes the lock for a moment."""


class Lock:
    """The lock of a file, until it is released or its process ends.

    `mine` is False if the file is locked already, by this or another process. Where files cannot be locked, as on some
    network drives, it is always True.
    """

    def __init__(self, path: Path) -> None:
        self.mine = True
        self._file: BinaryIO | None = None
        try:
            self._file = _locked_file(path).open("ab")
        except OSError:
            return
        self.mine = _lock(self._file.fileno())
        if not self.mine:
            self.release()

    def release(self) -> None:
        """Release the lock. A second time it does nothing."""
        if self._file is not None:
            self._file.close()


def is_held(path: Path) -> bool:
    """Return whether a process has locked the file. The answer needs no right to write, and changes nothing."""
    try:
        with open_input(_locked_file(path)) as file:
            return not _lock(file.fileno())
    except OSError:
        return False


def _lock(handle: int) -> bool:
    """Lock an open file until it is closed; False if it is locked, True if it cannot be locked."""
    from filelock import lock_descriptor  # takes longer than all else that most commands import

    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE)
        try:
            if lock_descriptor(handle, blocking=False):
                return True
        except OSError:
            return True
    return False


def _locked_file(path: Path) -> Path:
    """Return the file itself. On Windows, where no other process can read a locked file, a hidden file beside it."""
    return path.with_name(f".{path.name}.lock") if sys.platform == "win32" and path.name != LOCK else path
