"""A lock that ends with its process, so that a run in progress can be distinguished from one that was killed."""

from __future__ import annotations

from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no locks of this kind: a killed run and a running one look alike

    def hold(handle: int) -> None:
        """Does nothing on this platform."""

    def claim(handle: int) -> bool:
        """True: this platform has no locks."""
        del handle
        return True

    def is_held(path: Path) -> bool:
        """False: this platform has no locks."""
        del path
        return False

else:
    from wargame.journal.inputs import open_input

    def hold(handle: int) -> None:
        """Locks an open file until it is closed or the process ends; does nothing where files cannot be locked."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return

    def claim(handle: int) -> bool:
        """Locks an open file as `hold` does; False if another process has locked it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def is_held(path: Path) -> bool:
        """Whether another process has locked the file."""
        try:
            with open_input(path) as file:
                fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False
