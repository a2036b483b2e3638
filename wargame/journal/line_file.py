"""Files of lines to which a process appends: what is appended at once is in the file whole, or not at all.

Theory of operation. The end of the last line is what acknowledges an append. All but this one byte is written first,
and a reader takes no notice of a line that has no end: a crash, a full disk or a command that fails in between leaves
nothing that counts, even if it cannot be removed. Then the end is written and the file is flushed. If the flush fails,
the lines are removed, and the append has failed. If they cannot be removed either, a reader would find them: the append
has succeeded then, and `fault` says that a power failure may undo it. So an append that has failed is never read after
the process was killed, and one that has succeeded always is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO


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
