"""Reading a journal, complete or not."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator
from pathlib import Path

from wargame.errors import Invalid, Problem
from wargame.journal.decoding import Undecodable
from wargame.journal.folder import Folder
from wargame.journal.inputs import MEGABYTE, open_input
from wargame.journal.manifest import PAUSED
from wargame.journal.records import Record, decode_line
from wargame.journal.wording import date_time

LONGEST = 50 * MEGABYTE
"""Bytes of a line at most."""


class Lines:
    """The lines of a journal file; after the last one, `torn` is the part of one more that a crash left."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hash = hashlib.sha256()
        self.torn = b""
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        """Whole lines without their newline; raises Invalid if the file cannot be read."""
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
            raise Invalid([Problem(str(self._path), 0, 0, f"cannot be read: {error.strerror}")]) from None

    def _fault(self, message: str) -> Invalid:
        return Invalid([Problem(str(self._path), self.count + 1, 1, message, "the journal is damaged")])

    @property
    def sha256(self) -> str:
        """The hash of all bytes read so far."""
        return self._hash.hexdigest()

    def record(self, line: bytes) -> Record:
        """Return the record on the line just read; raises Invalid with its place if it is not a record."""
        try:
            return decode_line(line)
        except Undecodable as error:
            problem = Problem(str(self._path), self.count, 1, f"is not a record: {error}", "the journal is damaged")
            raise Invalid([problem]) from None


def read_journal(folder: Folder | Path) -> Iterator[Record]:
    """Yield the records of a run in order; a torn last line is left out.

    Raises Invalid with file and line if the journal is missing or damaged.
    """
    path = folder.journal if isinstance(folder, Folder) else Folder(folder).journal
    lines = Lines(path)
    for line in lines:
        yield lines.record(line)


def read_what_is_there(folder: Folder) -> tuple[list[Record], list[str]]:
    """Return every record of a run that can be read, and notes if the journal is incomplete, damaged or changed.

    Raises Invalid if the manifest cannot be read.
    """
    lines, records, faults, bad = Lines(folder.journal), list[Record](), list[str](), list[int]()
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
    return (
        f"the journal has been changed since this run wrote it (wargame verify {shlex.quote(folder.call)} shows where)"
    )


def cut_short(folder: Folder, last: Record | None, kept: int | None = None, *, over: bool = False) -> str:
    """A note if the run did not come to its end, or if its journal has only `kept` of the records; else an empty text.

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
        return f"this exercise is paused {after} (continue it with: wargame resume {shlex.quote(folder.call)})"
    killed = "its process was killed, or the disk was full"
    why = {"interrupted": "it was interrupted", "failed": "it failed"}.get(manifest.ended, killed)
    resume = f" (continue it with: wargame resume {shlex.quote(folder.call)})" if folder.is_live else ""
    return f"this run was cut short {place}: {manifest.reason or why}{resume}"
