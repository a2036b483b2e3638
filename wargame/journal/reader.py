"""Reading a journal, complete or not, and comparing two record by record."""

import hashlib
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from wargame.dataclasses import dataclass
from wargame.errors import Invalid, shortened
from wargame.journal.decoding import Undecodable, decode
from wargame.journal.folder import Folder
from wargame.journal.inputs import MEGABYTE, open_input
from wargame.journal.manifest import PAUSED
from wargame.journal.records import Record, decode_line
from wargame.journal.wording import date_time

LONGEST = 50 * MEGABYTE
"""Bytes of a line at most."""
OLDER_DIGESTS = "older versions compute digests in another way: verify the run with the version that recorded it"


class JournalLines:
    """The lines of a journal file; after the last one, `torn` is the part of one more that a crash left."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hash = hashlib.sha256()
        self.torn = b""
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield whole lines without their newline; raises Invalid if the file cannot be read."""
        try:
            with open_input(self._path) as file:
                while line := file.readline(LONGEST):
                    self._hash.update(line)
                    if line.endswith(b"\n"):
                        self.count += 1
                        yield line[:-1]
                    elif len(line) == LONGEST:
                        raise self._fault("is longer than any record")
                    else:
                        self.torn = line
        except OSError as error:
            raise Invalid.in_file(self._path, f"cannot be read: {error.strerror}") from None

    def _fault(self, message: str) -> Invalid:
        return Invalid.in_file(self._path, message, "the journal is damaged", line=self.count + 1)

    @property
    def sha256(self) -> str:
        """The hash of all bytes read so far."""
        return self._hash.hexdigest()

    def record(self, line: bytes) -> Record:
        """Return the record on the line just read; raises Invalid with its place if it is not a record."""
        try:
            return decode_line(line)
        except Undecodable as error:
            message, remedy = f"is not a record: {error}", "the journal is damaged"
            raise Invalid.in_file(self._path, message, remedy, line=self.count) from None


def read_journal(folder: Folder | Path) -> Iterator[Record]:
    """Yield the records of a run without a torn last line; Invalid with its line if the journal is damaged."""
    lines = JournalLines(folder.journal if isinstance(folder, Folder) else Folder(folder).journal)
    for line in lines:
        yield lines.record(line)


def read_what_is_there(folder: Folder) -> tuple[list[Record], list[str]]:
    """Return every readable record, and notes on what is incomplete, damaged or changed; Invalid for the manifest."""
    lines, records, faults, bad = JournalLines(folder.journal), list[Record](), list[str](), list[int]()
    try:
        for line in lines:
            try:
                records.append(lines.record(line))
            except Invalid:
                bad.append(lines.count)
    except Invalid as error:
        faults.append(str(error))
    if bad:
        some = ", ".join(map(str, bad[:5])) + (" and more" if len(bad) > 5 else "")
        left = f"{len(bad)} of its lines cannot be read" if len(bad) > 1 else "one of its lines cannot be read"
        faults.append(f"the journal is damaged: {left} (line {some}) and left out")
    if lines.torn:
        faults.append(f"the last line of the journal is incomplete ({len(lines.torn)} bytes) and is left out")
    over = any(record.kind == "run.end" for record in records)
    cut = cut_short(folder, records[-1] if records else None, None if faults else len(records), over=over)
    return records, [note for note in (cut or ("" if faults else _altered(folder, lines.sha256)), *faults) if note]


def _altered(folder: Folder, sha256: str) -> str:
    """Return a note if the journal has been changed since the run wrote it, else an empty text."""
    manifest = folder.manifest()
    if not manifest.is_complete or manifest.journal_sha256 in ("", sha256) or folder.is_running():
        return ""
    shows = f"wargame verify {shlex.quote(folder.typed)}"
    return f"the journal has been changed since this run wrote it ({shows} shows where)"


def cut_short(folder: Folder, last: Record | None, kept: int | None = None, *, over: bool = False) -> str:
    """Return a note if the run did not come to its end, or if its journal has only `kept` of the records; else empty.

    `last` is the last record that can be read. An exercise that is `over` may still be open for notes and ratings.
    """
    manifest = folder.manifest()
    if manifest.is_complete and kept is not None and kept != manifest.records and manifest.level != "none":
        return f"the journal is damaged: it has {kept:,} of the {manifest.records:,} records that were written"
    if manifest.is_complete or (over and folder.is_live):
        return ""
    place = f"at {date_time(last.at)} (record {last.seq})" if last else "before its first record"
    if folder.is_running():
        return f"this run is in progress, now {place}"
    if manifest.ended == PAUSED:
        after = f"after record {last.seq}, which is of {date_time(last.at)}" if last else "before its first record"
        return f"this exercise is paused {after} (continue it with: wargame resume {shlex.quote(folder.typed)})"
    killed = "its process was killed, or the disk was full"
    why = {"interrupted": "it was interrupted", "failed": "it failed"}.get(manifest.ended, killed)
    resume = f" (continue it with: wargame resume {shlex.quote(folder.typed)})" if folder.is_live else ""
    return f"this run was cut short {place}: {manifest.reason or why}{resume}"


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """The first difference between the journal on disk and the re-run.

    `field` is a path into the record such as `data.candidates[0].score`, or empty if one side lacks the record.
    """

    seq: int
    at: str
    kind: str
    who: str
    field: str
    on_disk: str
    re_run: str

    def __str__(self) -> str:
        record = f"record {self.seq} ({self.kind}{f' of {self.who}' if self.who else ''}, {self.at})"
        if not self.field:
            return f"{record} is {self.on_disk} on disk and {self.re_run} in the re-run"
        older = f"; {OLDER_DIGESTS}" if self.field == "data.digest" else ""
        return f"{record} differs in {self.field}: {self.on_disk} on disk, {self.re_run} in the re-run{older}"


def first_difference(on_disk: Iterable[bytes], re_run: Iterator[bytes], *, whole: bool) -> RecordDifference | None:
    """Compare lines as bytes. `whole` is False if the journal on disk may end early. None if they are equal."""
    for line in on_disk:
        again = next(re_run, None)
        if again is None:
            return _lone(line, "there", "absent")
        if line != again:
            return _differing(line, again)
    missing = next(re_run, None) if whole else None
    return None if missing is None else _lone(missing, "missing", "there")


def common_length(first: Sequence[object], second: Sequence[object]) -> int:
    """Return how many items both begin with."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(first), len(second)))


def _lone(line: bytes, on_disk: str, re_run: str) -> RecordDifference:
    return _difference(_decoded(line) or {}, "", on_disk, re_run)


def _differing(line: bytes, again: bytes) -> RecordDifference:
    disk, fresh = _decoded(line), _decoded(again)
    if disk is None:
        return _difference(fresh, "", "damaged", "readable")
    found = first_field(disk, fresh) or ("the order or spelling of its fields", "other", "canonical")
    return _difference(fresh, *found)


def _difference(record: dict[str, Any], field: str, on_disk: str, re_run: str) -> RecordDifference:
    at, kind, who = (str(record.get(key, "")) for key in ("at", "kind", "who"))
    seq = record.get("seq")
    return RecordDifference(seq if isinstance(seq, int) else -1, at, kind, who, field, on_disk, re_run)


def _decoded(line: bytes) -> Any:
    try:
        return decode(line, dict[str, Any])
    except Undecodable:
        return None


_ABSENT = object()


def first_field(stored: dict[str, Any], again: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return the path of the first field in which two JSON documents differ, and both values; None if equal."""
    different = _first_field("", stored, again)
    return None if different is None else (different[0], _short(different[1]), _short(different[2]))


def _first_field(path: str, left: Any, right: Any) -> tuple[str, Any, Any] | None:
    """Return path and both values of the first leaf, in the order of keys, that differs."""
    for key, a, b in _pairs(path, left, right):
        if type(a) is type(b) and isinstance(a, dict | list):
            deeper = _first_field(key, a, b)
            if deeper:
                return deeper
        elif type(a) is not type(b) or a != b:
            return key, a, b
    return None


def _pairs(path: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(left, dict):
        for key in dict.fromkeys([*left, *right]):
            yield f"{path}.{key}" if path else key, left.get(key, _ABSENT), right.get(key, _ABSENT)
        return
    for place in range(max(len(left), len(right))):
        a, b = (side[place] if place < len(side) else _ABSENT for side in (left, right))
        yield f"{path}[{place}]", a, b


def _short(value: Any) -> str:
    if value is _ABSENT:
        return "nothing"
    return shortened(value if isinstance(value, str) else msgspec.json.encode(value).decode())
