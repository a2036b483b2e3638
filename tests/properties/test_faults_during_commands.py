"""A command happens completely, on disk and in memory, or not at all, whatever operation on a file fails during it."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.failing_calls import FailingFile
from support.live import console, output_of, verified
from wargame.errors import UsageFault
from wargame.journal.command_log import NotKept, read_commands
from wargame.journal.folder import Folder
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run
from wargame.live.console.roles import SCRIBE
from wargame.live.session.session import Session

BEGIN = ("seat ARD human", "stop at nothing", "pace 1d=5s", "advance 5d", "hold collision")
COMMANDS = {
    "advance": "advance 4d",
    "order": "order ARD talk BRL",
    "message": 'message ARD BRL "hello"',
    "note": 'note "one"',
    "inject": 'inject news "Riots" --now',
    "rewind": "rewind D+3",
    "undo": "undo",
    "branch": "branch second",
    "switch": "switch main",
    "delay": "delay coup 3d",
    "release": "release harvest",
    "endex": "endex",
}


class Killed(BaseException):
    """The process ends here."""


class Faults:
    """Makes operation `at` on files fail: only this one (`once`), all from it on (`full`), or by a kill (`killed`)."""

    def __init__(self, patch: pytest.MonkeyPatch, mode: str) -> None:
        self.at, self.mode, self.count, self.files = 0, mode, 0, list[Any]()
        real_open = Path.open

        def open_file(path: Path, mode: str = "r", *args: Any, **options: Any) -> FailingFile:
            self.strike("open")
            self.files.append(real_open(path, mode, *args, **options))
            return FailingFile(self.files[-1], self.strike)

        patch.setattr(Path, "open", open_file)
        for owner, name in ((Path, "replace"), (Path, "mkdir"), (Path, "unlink"), (os, "fsync"), (os, "open")):
            patch.setattr(owner, name, self._failing(name, getattr(owner, name)))

    def _failing(self, name: str, operation: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            self.strike(name)
            return operation(*args, **options)

        return call

    def start(self, at: int) -> None:
        """Counts operations from now on."""
        self.at, self.count = at, 0

    def stop(self) -> None:
        """Ends all faults and closes all files, as the end of a process does."""
        self.at = 0
        for file in self.files:
            file.close()

    def strike(self, _: str) -> None:
        """Counts an operation, which perhaps fails."""
        self.count += 1
        if self.at and (self.count == self.at or (self.count > self.at and self.mode != "once")):
            raise Killed if self.mode == "killed" else OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


State = tuple[object, ...]


def state(session: Session) -> State:
    """The commands of the present path, the records, the clock and the branch."""
    path = [(entry.n, entry.parent, entry.t, entry.kind, entry.branch, entry.data) for entry in session.path]
    return path, list(session.records), session.exercise.now, session.branch


def prepared(folder: Path, kind: str) -> None:
    """Plays an exercise up to the point where a command of this kind has an effect."""
    there = console(folder)
    output_of(there, *BEGIN)
    if kind == "switch":
        output_of(there, "branch aside", "advance 3d", 'note "aside"')
    if kind == "undo":
        output_of(there, "release harvest")
        output_of(Console(there.session, there.wall, role=SCRIBE), 'note "kept"', 'note "kept too"')
    there.session.close()


def tried(there: Console, line: str) -> bool:
    """Whether a line is acknowledged, rather than refused since it cannot be kept."""
    try:
        run(there, line)
    except NotKept:
        return False
    return True


def outcome(folder: Path) -> State:
    """The state after resuming; the folder is then closed and verified."""
    session = Session.resume(Folder(folder))
    resumed = state(session)
    session.close()
    assert verified(folder)
    assert not list(folder.rglob(".*"))
    return resumed


# `once` is exhaustive: test_failing_calls.py lets a call fail once in the middle of an exercise.
MODES = [pytest.param("once", marks=pytest.mark.exhaustive), "full", "killed"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_happens_completely_or_not_at_all(
    tmp_path: Path, kind: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each operation on files fails in turn; then the exercise is resumed and verified."""
    base, whole, line = tmp_path / "base", tmp_path / "whole", COMMANDS[kind]
    prepared(base, kind)
    shutil.copytree(base, whole)
    there = Console(Session.resume(Folder(whole)))
    before = state(there.session)
    run(there, line)
    after = state(there.session)
    there.session.close()
    assert outcome(whole) == after
    at, struck = 0, True
    while struck:
        at += 1
        shutil.copytree(base, folder := tmp_path / f"run-{at}")
        with monkeypatch.context() as patch:
            faults = Faults(patch, mode)
            possible, struck = played_with(faults, folder, line, at, (before, after))
        assert outcome(folder) in possible, f"operation {at}"
    assert at > 2


def played_with(
    faults: Faults, folder: Path, line: str, at: int, states: tuple[State, State]
) -> tuple[list[State], bool]:
    """Runs a line in which operation `at` fails: the states that resuming may give, and whether there was one.

    A command that was refused does not act after a crash, also if nothing could be removed from the disk.
    """
    before, after = states
    there = Console(Session.resume(Folder(folder)))
    faults.start(at)
    try:
        acknowledged = tried(there, line)
    except Killed:
        faults.stop()
        return [before, after], True
    struck = faults.count >= at
    assert state(there.session) == (after if acknowledged else before)
    if not struck or faults.mode == "once":
        faults.at = 0
        run(there, 'note "continued"')
        possible = [state(there.session)]
    else:
        assert not tried(there, 'note "no space"')
        possible = [after if acknowledged else before]
    with contextlib.suppress(NotKept):
        there.session.close()
    faults.stop()
    return possible, struck


def test_a_folder_that_is_moved_is_noticed(tmp_path: Path) -> None:
    """Nothing is acknowledged until it is back, also if another folder has its place."""
    folder, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    there = console(folder)
    output_of(there, "advance 5d")
    before = state(there.session)
    folder.rename(elsewhere)
    for line in COMMANDS.values():
        if line not in ("switch main", "order ARD talk BRL"):
            with pytest.raises(NotKept, match="was moved or deleted during play"):
                run(there, line)
    assert not folder.exists()
    shutil.copytree(elsewhere, folder)
    for line in ("rewind D+3", 'note "one"'):
        with pytest.raises(NotKept, match="was moved or deleted during play"):
            run(there, line)
    shutil.rmtree(folder)
    elsewhere.rename(folder)
    assert state(there.session) == before
    output_of(there, 'note "back"', "rewind D+3", "advance 1d")
    expected = state(there.session)
    there.session.close()
    assert outcome(folder) == expected


@pytest.mark.parametrize("name", ["", "journal.jsonl", "commands.jsonl"])
def test_what_is_deleted_is_noticed(tmp_path: Path, name: str) -> None:
    """The folder, or one of its files; what is left is not touched, and closing reports it."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d")
    if name:
        (tmp_path / "run" / name).unlink()
    else:
        shutil.rmtree(tmp_path / "run")
    for line in ('note "one"', "rewind D+3", "advance 5d"):
        with pytest.raises(NotKept, match="was moved or deleted during play"):
            run(there, line)
    with pytest.raises(NotKept, match="was moved or deleted during play"):
        there.session.close()
    assert (tmp_path / "run").exists() == bool(name)


def test_a_change_of_a_finished_exercise_that_is_killed_can_be_verified(tmp_path: Path) -> None:
    """Its manifest no longer claims to describe the journal."""
    there = console(tmp_path / "run")
    output_of(there, "endex")
    there.session.close()
    session = Session.resume(Folder(tmp_path / "run"))
    run(Console(session), 'note "after ENDEX"')
    assert verified(tmp_path / "run")
    session.close()
    assert Folder(tmp_path / "run").manifest().ended == "endex"


def test_a_group_of_lines_that_a_crash_cut_off_is_left_out(tmp_path: Path) -> None:
    """Its first lines too."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d", 'inject news "Riots" --now')
    there.session.close()
    log = tmp_path / "run" / "commands.jsonl"
    assert [entry.kind for entry in read_commands(log)] == ["advance", "inject", "release"]
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))
    assert [entry.kind for entry in read_commands(log)] == ["advance"]
    session = Session.resume(Folder(tmp_path / "run"))
    run(Console(session), 'note "one"')
    expected = state(session)
    session.close()
    assert outcome(tmp_path / "run") == expected


@pytest.mark.slow
def test_a_small_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """On a file system of 200 kB, which is later enlarged."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = (shutil.which(name) or "" for name in ("mount", "umount"))
    command = [mount, "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if not mount or not umount or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a file system")
    try:
        there = console(disk / "run")
        acknowledged, refused = list[str](), 0
        for number in range(400):
            text = f"note {number} {'x' * 300}"
            if tried(there, f'note "{text}"'):
                acknowledged.append(text)
            else:
                refused += 1
            lines = ("advance 1d", "undo", "advance 2d", "rewind D+1", "switch main")
            with contextlib.suppress(UsageFault):  # a rewind before the start, a switch to the present branch
                tried(there, lines[number % len(lines)])
            if refused > 10:
                break
        expected = state(there.session)
        with contextlib.suppress(NotKept):
            there.session.close()
        assert refused > 10
        subprocess.run([mount, "-o", "remount,size=20m", str(disk)], check=True)
        kept = [entry.data.get("text") for entry in read_commands(disk / "run" / "commands.jsonl")]
        assert [text for text in acknowledged if text not in kept] == []
        assert outcome(disk / "run") == expected
    finally:
        subprocess.run([umount, "-l", str(disk)], check=True)
