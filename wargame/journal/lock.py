"""A lock that tells a run that is going on from one that was killed: it goes with its process."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.platform == "win32":  # pragma: no cover (there a killed run and a running one look alike)

    def hold(handle: int) -> None:
        """Does nothing on this platform."""

    def claim(handle: int) -> bool:
        """True: this platform cannot tell."""
        del handle
        return True

    def is_held(path: Path) -> bool:
        """False: this platform cannot tell."""
        del path
        return False

else:
    import fcntl

    def hold(handle: int) -> None:
        """Locks an open file until it is closed or the process ends; quietly not, where locks are not to be had."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return

    def claim(handle: int) -> bool:
        """Locks an open file as `hold` does; False if another process has it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def is_held(path: Path) -> bool:
        """Whether another open file holds the lock."""
        try:
            with path.open("rb") as file:
                fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False
