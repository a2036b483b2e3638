"""What is appended to a file of lines is read after a crash, or has been refused."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from wargame.journal.atomic import LineFile

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Disk:
    """An open file, of which the operations in `fails` fail."""

    def __init__(self, path: Path, *fails: str) -> None:
        self._file = path.open("ab", buffering=0)
        self.fails = fails

    def __getattr__(self, name: str) -> Any:
        if name in self.fails:
            raise FULL
        return getattr(self._file, name)

    def write(self, content: bytes) -> int:
        """Fails for the end of the lines, if that is to fail."""
        if "end" in self.fails and bytes(content) == b"\n":
            raise FULL
        return self._file.write(content)


def lines_of(path: Path) -> list[bytes]:
    """The lines that a reader finds."""
    return path.read_bytes().split(b"\n")[:-1]


@pytest.mark.parametrize(
    ("fails", "flushes", "kept"),
    [
        ((), True, True),
        (("end",), True, False),
        (("end", "truncate"), True, False),
        ((), False, False),
        (("truncate",), False, True),
    ],
)
def test_what_a_reader_finds_is_what_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: tuple[str, ...], flushes: bool, kept: bool
) -> None:
    """Also if what was refused cannot be removed."""

    def refuse(_: int) -> None:
        raise FULL

    path, disk = tmp_path / "log", Disk(tmp_path / "log", *fails)
    lines = LineFile(path, disk, 0)  # type: ignore[arg-type]  # it has what is used of a file
    if not flushes:
        monkeypatch.setattr(os, "fsync", refuse)
    acknowledged = True
    try:
        lines.begin(b"one\n")
        lines.end()
    except OSError:
        acknowledged = False
    assert (acknowledged, lines_of(path)) == (kept, [b"one"] if kept else [])
    assert bool(lines.fault) == (kept and not flushes)
    monkeypatch.undo()
    disk.fails = ()
    lines.begin(b"two\n")
    assert b"two" not in lines_of(path)
    lines.end()
    disk.close()
    assert lines_of(path) == ([b"one", b"two"] if kept else [b"two"])
    assert not lines.fault


def test_lines_that_are_taken_back_leave_nothing(tmp_path: Path) -> None:
    """And the next ones come in their place."""
    path = tmp_path / "log"
    with path.open("ab", buffering=0) as file:
        lines = LineFile(path, file, 0)
        lines.begin(b"one\ntwo\n")
        lines.take_back()
        assert path.read_bytes() == b""
        lines.begin(b"three\n")
        lines.end()
    assert path.read_bytes() == b"three\n"
