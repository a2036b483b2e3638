"""The journal of a live exercise on disk: appended as events happen, replaced when the exercise goes back."""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from io import FileIO
from pathlib import Path

from wargame.errors import NotReproducible
from wargame.journal.atomic import Lock, write_all, write_whole
from wargame.journal.command_log import NotKept, check_place, not_written
from wargame.journal.folder import NEXT_JOURNAL
from wargame.journal.reader import JournalLines, common_length, first_difference
from wargame.journal.records import Record, encode_lines


class LiveJournal:
    """The journal file, and its encoded lines in memory for comparison after going back.

    `fault` says why the file is behind the records; empty if it is not.

    To go to another past is done in two steps around the command: `prepare` writes the new journal aside, `switch`
    replaces the present one by it. After a crash in between, `complete` does the second step, or `discard` undoes
    the first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = path.with_name(NEXT_JOURNAL)
        self.lines = [line + b"\n" for line in JournalLines(path)]
        self._prepared: list[bytes] = []
        self._switching = False
        """Whether the file still has to be replaced by the one aside."""
        self._size = sum(map(len, self.lines))
        self._waiting = b""
        self.fault = ""
        self._file = self._open()
        try:
            self._file.truncate(self._size)
        except OSError:
            self.close()
            raise

    def _open(self) -> FileIO:
        file = self._path.open("r+b", buffering=0)
        self._lock = Lock(self._path)
        return file

    def check_place(self) -> None:
        """Raise NotKept if the file was moved or deleted."""
        if not self._file.closed:
            check_place(self._path, self._file.fileno())

    def compare(self, records: Sequence[Record]) -> None:
        """Raise NotReproducible at the first record on disk that differs from these."""
        fresh = (encode_lines([record])[:-1] for record in records)
        difference = first_difference((line[:-1] for line in self.lines), fresh, whole=False)
        if difference is not None:
            raise NotReproducible(f"{self._path.parent.name}: {difference}")

    def starts_with(self, records: Sequence[Record]) -> bool:
        """Return whether the file begins with these records."""
        fresh = [encode_lines([record]) for record in records]
        return self.lines[: len(fresh)] == fresh

    def append(self, records: Sequence[Record]) -> None:
        """Append records. What cannot be written is tried again with the next ones, or re-simulated on resuming."""
        lines = [encode_lines([record]) for record in records]
        self.lines += lines
        self._waiting += b"".join(lines)
        self._write()

    def _write(self) -> None:
        """Replace the file if that is due, and write what waits; sets `fault`."""
        try:
            if self._switching:
                self.close()
                self._next.replace(self._path)
                self._switching = False
            if self._file.closed:
                self._file = self._open()
            self._file.seek(self._size)
            write_all(self._file, self._waiting)
        except OSError as error:
            self.fault = f"{self._path} cannot be written: {error.strerror} (free some space; commands are kept)"
            return
        self._size += len(self._waiting)
        self._waiting, self.fault = b"", ""

    def sync(self) -> None:
        """Force everything onto the disk; raises NotKept if that is impossible."""
        self._write()
        if not self.fault:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                self.fault = f"{self._path} cannot be written: {error.strerror} (free some space; commands are kept)"
        if self.fault:
            raise NotKept(self.fault)

    def prepare(self, records: Sequence[Record], abandoned: Path | None = None) -> None:
        """Write the journal of another past aside, and the lines that it leaves behind into `abandoned`, if given.

        Raises NotKept, leaving everything as it was, if that is impossible.
        """
        if self._switching:
            self._write()
        if self._switching:
            raise NotKept(self.fault)
        fresh = [encode_lines([record]) for record in records]
        common = common_length(self.lines, fresh)
        try:
            write_whole(self._next, b"".join(fresh))
            if abandoned and (left := self.lines[common:]):
                abandoned.parent.mkdir(exist_ok=True)
                write_whole(abandoned, b"".join(left))
        except BaseException as error:
            self.discard(abandoned)
            if isinstance(error, OSError):
                raise not_written(self._next, error) from None
            raise
        self._prepared = fresh

    def discard(self, abandoned: Path | None) -> None:
        """Remove what `prepare` has written, if anything."""
        if self._next.exists():
            for path in filter(None, (abandoned, self._next)):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def switch(self) -> None:
        """Replace the journal by the prepared one. What cannot be done now is tried again with the next records."""
        self.lines, self._prepared = self._prepared, []
        self._size, self._waiting, self._switching = sum(map(len, self.lines)), b"", True
        self._write()

    def complete(self, records: Sequence[Record]) -> bool:
        """Replace the journal by the one aside if that is the beginning of these records; False if not."""
        if not self._next.exists():
            return False
        fresh = [encode_lines([record]) for record in records]
        self._prepared = [line + b"\n" for line in JournalLines(self._next)]
        if self._prepared != fresh[: len(self._prepared)]:
            return False
        self.switch()
        return True

    @property
    def sha256(self) -> str:
        """The SHA-256 of all lines."""
        return hashlib.sha256(b"".join(self.lines)).hexdigest()

    def close(self) -> None:
        """Close the file and release its lock."""
        self._file.close()
        self._lock.release()
