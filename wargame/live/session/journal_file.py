"""The journal of a live exercise on disk: appended as it happens, cut back when the exercise goes back."""

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
    """The records on disk, as encoded lines in memory too, so that going back can be compared with what was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = Lines(path)
        self.lines = [line + b"\n" for line in lines]
        self._file = path.open("r+b", buffering=0)
        hold(self._file.fileno())
        self._size = sum(map(len, self.lines))
        self._waiting = b""
        self.fault = ""
        self._cut(self._size)

    def compare(self, records: Sequence[Record]) -> None:
        """NotReproducible at the first record on disk that the same commands do not give today."""
        fresh = (encode_lines([record])[:-1] for record in records)
        difference = first_difference((line[:-1] for line in self.lines), fresh, whole=False)
        if difference is not None:
            raise NotReproducible(f"{self._path.parent.name}: {difference}")

    def goes_on_from(self, records: Sequence[Record]) -> bool:
        """Whether these records are on disk, and more behind them."""
        fresh = [encode_lines([record]) for record in records]
        return self.lines[: len(fresh)] == fresh

    def append(self, records: Sequence[Record]) -> None:
        """Writes on. What the disk does not take is tried again with the next records, or made again on resuming."""
        lines = [encode_lines([record]) for record in records]
        self.lines += lines
        self._waiting += b"".join(lines)
        try:
            self._file.seek(self._size)
            view = memoryview(self._waiting)
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            self.fault = f"{self._path} cannot be written on: {error.strerror} (make room; commands are kept)"
            return
        self._size += len(self._waiting)
        self._waiting, self.fault = b"", ""

    def sync(self) -> None:
        """Forces what was written onto the disk."""
        os.fsync(self._file.fileno())

    def turn_to(self, records: Sequence[Record], kept: Path) -> None:
        """Another past: what the two have in common stays, the rest of the old one goes into the file `kept`."""
        fresh = [encode_lines([record]) for record in records]
        common = next((i for i, (a, b) in enumerate(zip(self.lines, fresh, strict=False)) if a != b), None)
        common = min(len(self.lines), len(fresh)) if common is None else common
        left = self.lines[common:]
        if left:
            kept.parent.mkdir(exist_ok=True)
            write_whole(kept, b"".join(left))
        self._cut(sum(map(len, self.lines[:common])))
        self.lines = self.lines[:common]
        self.append(records[common:])
        self.sync()

    def _cut(self, size: int) -> None:
        self._file.truncate(size)
        self._size, self._waiting = size, b""

    @property
    def sha256(self) -> str:
        """The hash of all that is on disk."""
        return hashlib.sha256(b"".join(self.lines)).hexdigest()

    def close(self) -> None:
        """Forces everything onto the disk and lets go of the file."""
        self.sync()
        self._file.close()
