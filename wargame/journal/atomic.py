"""Writing files so that a reader sees the old content or the new, never a part, and locks that end with a process."""

import contextlib
import os
import sys
import time
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from wargame.journal.inputs import open_input


def encode_json(document: object) -> bytes:
    """Return the content of a file with one JSON document."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def json_data(document: object) -> Any:
    """Return results as JSON data: classes as mappings, and None for numbers that are infinite or NaN."""
    return msgspec.json.decode(msgspec.json.encode(document))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file next to `path`, flush it to the disk and rename it; an OSError leaves `path` as it was.

    In a folder that only its owner can read, the file is for the owner alone, too.
    """
    sibling = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with sibling.open("wb") as file:
            if not path.parent.stat().st_mode & 0o077:
                sibling.chmod(0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sibling.replace(path)
    except BaseException:
        sibling.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def remove_unfinished(folder: Path, name: str = "*") -> None:
    """Remove what killed processes have left in a folder while they wrote this file; nobody may be writing it now."""
    for sibling in folder.glob(f".{name}.[0-9]*"):
        with contextlib.suppress(OSError):
            sibling.unlink()


def sync_directory(path: Path) -> None:
    """Flush the entries of a directory to the disk; does nothing on Windows, which cannot open one."""
    directory = getattr(os, "O_DIRECTORY", None)
    if directory is None:
        return
    handle = os.open(path, os.O_RDONLY | directory)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(file: FileIO, content: bytes) -> None:
    """Write all of the content to a file without a buffer, which may take several writes."""
    view = memoryview(content)
    while view:
        view = view[file.write(view) :]


class LineFile:
    """An open file of lines: what is appended at once is in the file whole, or not at all.

    Theory of operation. The end of the last line is what acknowledges an append. All but this one byte is written
    first, and a reader takes no notice of a line that has no end: a crash, a full disk or a command that fails in
    between leaves nothing that counts, even if it cannot be removed. Then the end is written and the file is flushed.
    If the flush fails, the lines are removed, and the append has failed. If they cannot be removed either, a reader
    would find them: the append has succeeded then, and `fault` says that a power failure may undo it. So an append
    that has failed is never read after the process was killed, and one that has succeeded always is.

    `file` is open for appending without a buffer; its first `size` bytes count.
    `fault` says why the last append may not survive a power failure; empty if it does.
    """

    def __init__(self, path: Path, file: FileIO, size: int) -> None:
        self._path, self._file, self._size = path, file, size
        self._begun = 0
        self.fault = ""

    def begin(self, lines: bytes) -> None:
        """Write lines without the end of the last one, which `end` writes; OSError if they cannot be written."""
        self._remove_rest()
        try:
            write_all(self._file, lines[:-1])
        except BaseException:
            self.take_back()
            raise
        self._begun = len(lines)

    def end(self, *, sync: bool = True) -> None:
        """Acknowledge the lines; with `sync`, they are on the disk then. OSError if that fails: they do not count."""
        ended = False
        try:
            write_all(self._file, b"\n")
            ended = True
            if sync:
                os.fsync(self._file.fileno())
            self.fault = ""
        except BaseException as error:
            if self.take_back() or not ended or not isinstance(error, OSError):
                raise
            self.fault = f"{self._path} cannot be flushed: {error.strerror} (a power failure may undo a command)"
        self._size += self._begun

    def take_back(self) -> bool:
        """Remove lines that do not count; what cannot be removed now (False) is removed before the next ones."""
        try:
            self._remove_rest()
        except OSError:
            return False
        return True

    def _remove_rest(self) -> None:
        """Remove what a failed append or a crash has left."""
        if os.fstat(self._file.fileno()).st_size != self._size:
            self._file.truncate(self._size)


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
