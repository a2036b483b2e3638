"""The branch files of a live exercise: the records that each change of the past has left behind."""

from __future__ import annotations

from collections.abc import Iterator

from wargame.executor.frozen_run import FrozenRun
from wargame.executor.replay import TIME_TRAVEL, replay
from wargame.journal.command_log import CommandEntry, path_to
from wargame.journal.folder import BRANCHES, NEXT_JOURNAL, left_behind
from wargame.journal.reader import Lines
from wargame.journal.records import Stamps, encode_lines


def fault_in_branches(run: FrozenRun, entries: list[CommandEntry]) -> str:
    """Return the first branch file that is missing, differs or belongs to no command; empty if there is none."""
    folder = run.folder.path / BRANCHES
    stored = {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.is_dir() else set()
    for first, last in _turns(entries):
        before, after = (_lines(run, path_to(entries, n)) for n in (first - 1, last))
        common = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
        left = before[min(len(before), len(after)) if common is None else common :]
        name = left_behind(first)
        if left and name not in stored:
            return f"{BRANCHES}/{name} is missing"
        if left and list(Lines(folder / name)) != left:
            return f"{BRANCHES}/{name} differs from the re-run of the commands before entry {first}"
        stored.discard(name if left else "")
    if (run.folder.path / NEXT_JOURNAL).exists():  # of a change that a crash has interrupted
        stored.discard(left_behind(len(entries) + 1))
    return f"{BRANCHES}/{min(stored)} belongs to no command" if stored else ""


def _turns(entries: list[CommandEntry]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last entry of each command that changes the past."""
    first = 1
    for entry in entries:
        if entry.more is not True:
            if entries[first - 1].kind in TIME_TRAVEL:
                yield first, entry.n
            first = entry.n + 1


def _lines(run: FrozenRun, path: list[CommandEntry]) -> list[bytes]:
    """Return the journal after these commands."""
    exercise = run.exercise()
    for _ in replay(exercise, path):
        pass
    return [encode_lines([record])[:-1] for record in Stamps(exercise.calendar.at).records(exercise.records())]
