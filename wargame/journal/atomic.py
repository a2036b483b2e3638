"""Writing files so that a reader sees the old content or the new, never a part."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import BinaryIO

import msgspec


def encode_json(document: object) -> bytes:
    """Return the content of a file with one JSON document."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


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


class LineFile:
    """An open file of lines. `file` is open for appending without a buffer; its first `size` bytes count.

    `fault` says why the last append may not survive a power failure; empty if it does.
    """

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path, self._file, self._size = path, file, size
        self._begun = 0
        self.fault = ""

    def begin(self, lines: bytes) -> None:
        """Write lines without the end of the last one, which `end` writes; OSError if they cannot be written."""
        self._remove_rest()
        try:
            self._write(lines[:-1])
        except BaseException:
            self.take_back()
            raise
        self._begun = len(lines)

    def end(self, *, sync: bool = True) -> None:
        """Acknowledge the lines; with `sync`, they are on the disk then. OSError if that fails: they do not count."""
        ended = False
        try:
            self._write(b"\n")
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

    def _write(self, content: bytes) -> None:
        view = memoryview(content)
        while view:
            view = view[self._file.write(view) :]
