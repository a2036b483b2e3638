"""The journal of a live exercise on disk: appended as events happen, cut back when the exercise goes back."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from wargame.errors import NotReproducible
from wargame.journal.atomic import write_whole
from wargame.journal.comparison import first_difference
from wargame.journal.lock import hold
from wargame.journal.reader import Lines
from wargame.journal.records import Record, encode_lines


class LiveJournal:
    """The journal file, and its encoded lines in memory for comparison after going back.

    `fault` says why the file is behind the records; empty if it is not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lines = [line + b"\n" for line in Lines(path)]
        self._file = path.open("r+b", buffering=0)
        hold(self._file.fileno())
        self._size = sum(map(len, self.lines))
        self._waiting = b""
        self.fault = ""
        self._cut(self._size)

    def compare(self, records: Sequence[Record]) -> None:
        """Raises NotReproducible at the first record on disk that differs from these."""
        fresh = (encode_lines([record])[:-1] for record in records)
        difference = first_difference((line[:-1] for line in self.lines), fresh, whole=False)
        if difference is not None:
            raise NotReproducible(f"{self._path.parent.name}: {difference}")

    def starts_with(self, records: Sequence[Record]) -> bool:
        """Whether the file begins with these records."""
        fresh = [encode_lines([record]) for record in records]
        return self.lines[: len(fresh)] == fresh

    def append(self, records: Sequence[Record]) -> None:
        """Appends records. What cannot be written is tried again with the next ones, or re-simulated on resuming."""
        lines = [encode_lines([record]) for record in records]
        self.lines += lines
        self._waiting += b"".join(lines)
        try:
            self._file.seek(self._size)
            view = memoryview(self._waiting)
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            self.fault = f"{self._path} cannot be written: {error.strerror} (free some space; commands are kept)"
            return
        self._size += len(self._waiting)
        self._waiting, self.fault = b"", ""

    def sync(self) -> None:
        """Forces what was written onto the disk."""
        os.fsync(self._file.fileno())

    def turn_to(self, records: Sequence[Record], abandoned: Path) -> None:
        """Replaces the journal by these records; the old lines after the common beginning go into `abandoned`."""
        fresh = [encode_lines([record]) for record in records]
        common = next((i for i, (a, b) in enumerate(zip(self.lines, fresh, strict=False)) if a != b), None)
        common = min(len(self.lines), len(fresh)) if common is None else common
        if rest := self.lines[common:]:
            abandoned.parent.mkdir(exist_ok=True)
            write_whole(abandoned, b"".join(rest))
        self._cut(sum(map(len, self.lines[:common])))
        self.lines = self.lines[:common]
        self.append(records[common:])
        self.sync()

    def _cut(self, size: int) -> None:
        self._file.truncate(size)
        self._size, self._waiting = size, b""

    @property
    def sha256(self) -> str:
        """The SHA-256 of all lines."""
        return hashlib.sha256(b"".join(self.lines)).hexdigest()

    def close(self) -> None:
        """Forces everything onto the disk and closes the file."""
        self.sync()
        self._file.close()
