"""A run with programs in memory, for batches, and the files of its folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.brains.driver import ending_of
from wargame.brains.transcript import FOLDER, USAGE
from wargame.brains.unattended import Game, brains_of
from wargame.executor.replay import ADVANCE, act, check_move
from wargame.executor.run import completed, ending, manifest_of
from wargame.journal.atomic import encode_json
from wargame.journal.command_log import CommandEntry
from wargame.journal.folder import COMMANDS, INPUTS, JOURNAL
from wargame.journal.manifest import FILE
from wargame.journal.records import Record, Stamps, encode_lines
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command

if TYPE_CHECKING:
    from wargame.brains.driver import Brain
    from wargame.brains.specification import Players
    from wargame.scenario.loading.load import Loaded


class MemoryTable:
    """An exercise with its command log in memory; `entries` are the lines of the log."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.entries: list[CommandEntry] = []
        self._stamps = Stamps(exercise.calendar.at)
        self._records: list[Record] = []
        self._by = ""
        exercise.advance(exercise.calendar.startex)

    def records(self) -> list[Record]:
        """Return all records so far, with their dates."""
        self._records += self._stamps.records(self.exercise.records()[len(self._records) :])
        return self._records

    def submit(self, kind: str, /, **data: Any) -> None:
        """Check a command and apply it; after UsageFault nothing has changed."""
        if kind == ADVANCE:
            check_move(self.exercise, data)
        else:
            self.exercise.check(Command(kind=kind, data=data))
        n, now = len(self.entries) + 1, self.exercise.now
        entry = CommandEntry(n=n, parent=n - 1, t=now, wall="", kind=kind, data=data)
        entry = msgspec.structs.replace(entry, by=self._by) if self._by else entry
        act(self.exercise, entry)
        self.entries.append(entry)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Marks the commands inside as one in the log. Nothing is undone: a run that fails has no folder."""
        first = len(self.entries)
        yield
        for i in range(first, len(self.entries) - 1):
            self.entries[i] = msgspec.structs.replace(self.entries[i], more=True)

    @contextmanager
    def given(self, by: str = "", key: str = "") -> Iterator[None]:
        """Writes into the lines of the commands inside who gives them."""
        del key
        before, self._by = self._by, by
        try:
            yield
        finally:
            self._by = before


class PlayedGame:
    """A run with programs: `table` has its exercise, `brains` its programs, by government."""

    def __init__(self, exercise: Exercise, players: Players) -> None:
        self.table = MemoryTable(exercise)
        self.brains: dict[str, Brain] = brains_of(players)
        self._game = Game(self.table, self.brains, self.table.records)

    def advance(self, to: int) -> None:
        """Play it up to a second; a program that cannot be started fails like one that crashes."""
        if to > self.table.exercise.now:
            self._game.advance(to)

    def close(self) -> None:
        """End the programs."""
        exercise = self.table.exercise
        reason = ending_of(exercise) if exercise.done else "stopped"
        for brain in self.brains.values():
            brain.close(exercise, reason)

    def usage(self) -> dict[str, Any]:
        """Return what each program took."""
        return {name: brain.usage.as_dict() for name, brain in sorted(self.brains.items())}

    def files(self, loaded: Loaded, command: str) -> dict[str, bytes]:
        """The files of its run folder by their names: `wargame verify` and `report` read them like any other run."""
        exercise, records = self.table.exercise, self.table.records()
        journal = encode_lines(records)
        manifest = manifest_of(loaded, exercise, exercise.seed, exercise.settings, command)
        digest = hashlib.sha256(journal).hexdigest()
        written = msgspec.structs.replace(manifest, records=len(records), journal_sha256=digest, level="full")
        transcripts = {
            f"{FOLDER}/{name}.jsonl": b"".join(brain.transcript.lines) for name, brain in sorted(self.brains.items())
        }
        return {
            **{f"{INPUTS}/{name}": content for name, content in loaded.files.items()},
            COMMANDS: b"".join(msgspec.json.encode(entry) + b"\n" for entry in self.table.entries),
            JOURNAL: journal,
            **transcripts,
            f"{FOLDER}/{USAGE}": encode_json(self.usage()),
            FILE: encode_json(completed(written, exercise, ending(exercise))),
        }
