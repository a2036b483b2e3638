"""Appending to a journal so that it can be read after a crash at any moment."""

import contextlib
import hashlib
import os
import time
from pathlib import Path
from typing import Self

from wargame.errors import WargameError
from wargame.journal.atomic import Lock, write_all
from wargame.journal.records import Record, encode_lines

SYNC_EVERY = 2.0
"""Seconds of wall time after which the file is flushed to the disk."""


class JournalCutShort(WargameError):
    """The journal could not be continued; the lines before are complete and kept."""

    exit_code = 4


class Writer:
    """Appends blocks of whole lines; a block that does not fit on the disk is removed again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("ab", buffering=0)
        self._lock = Lock(path)
        self._size = self._file.tell()
        self._hash = hashlib.sha256()
        self._synced = time.monotonic()
        self.records = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def append(self, records: list[Record]) -> None:
        """Write records in order; raises JournalCutShort if the disk is full."""
        if not records:
            return
        block = encode_lines(records)
        try:
            write_all(self._file, block)
            if time.monotonic() - self._synced > SYNC_EVERY:
                self._sync()
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(self._size)  # else a torn last line, which the reader leaves out
            raise JournalCutShort(_full(self._path, error)) from None
        self._size += len(block)
        self._hash.update(block)
        self.records += len(records)

    def close(self) -> None:
        """Flush everything to the disk and close the file."""
        if self._file.closed:
            return
        try:
            self._sync()
        except OSError as error:
            raise JournalCutShort(_full(self._path, error)) from None
        finally:
            self._file.close()
            self._lock.release()

    @property
    def sha256(self) -> str:
        """The hash of everything written."""
        return self._hash.hexdigest()

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()


def _full(path: Path, error: OSError) -> str:
    return f"cannot write to {path}: {error.strerror}; free some space and run again (the lines so far are kept)"
