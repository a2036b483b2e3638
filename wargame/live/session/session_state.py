"""The state of an open live exercise: clock, branches, what people have seen; and how states are re-simulated."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from wargame.dataclasses import replace
from wargame.executor.replay import Steps, advancing, finish, replaying
from wargame.executor.run import completed, ending
from wargame.journal import manifest as manifests
from wargame.journal.command_log import ADVANCE, MAIN, CommandEntry, CommandLog, heads, path_to
from wargame.journal.folder import BRANCHES, Folder, left_behind
from wargame.journal.manifest import PAUSED, RunManifest
from wargame.journal.records import Record
from wargame.journal.records.script import INHERITED
from wargame.live.session.journal_file import LiveJournal
from wargame.scenario.loading.load import Loaded
from wargame.seat.feed import Letter
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

OF_THE_ROOM = ("pace", "stop")
"""Kinds of commands that set how the clock runs in the room; they remain in effect in another past."""


class Resimulation:
    """Re-simulates states from the inputs, the seed and the commands that led to them.

    It keeps the second and the number of records after each command that this process has carried out.
    """

    def __init__(self, loaded: Loaded, seed: int, settings: Settings, log: CommandLog) -> None:
        self._loaded, self._seed, self._settings, self._log = loaded, seed, settings, log
        self._after: dict[int, tuple[int, int]] = {}
        self._left: dict[int, int] = {}
        self._prepared: tuple[int, Exercise] | None = None

    def simulate(self, path: list[CommandEntry]) -> Exercise:
        """Return the exercise after these commands."""
        return finish(self.simulating(path))

    def simulating(self, path: list[CommandEntry]) -> Steps[Exercise]:
        """Simulate in steps."""
        exercise = Exercise(self._loaded, self._seed, self._settings)
        for entry in replaying(exercise, path):
            if entry is not None:
                self.note(exercise, entry)
            yield
        if not path:
            self._after[0] = exercise.now, len(exercise.records())
        return exercise

    # --- how far the exercise is after a command -----------------------------------------------

    def note(self, exercise: Exercise, entry: CommandEntry) -> None:
        """Keep the position of an exercise right after a command."""
        self._after[entry.n] = exercise.now, len(exercise.records())

    def leave(self, number: int, now: int) -> None:
        """Keep the second at which the exercise leaves the branch whose last command is `number`."""
        self._left[number] = now

    def after(self, path: list[CommandEntry]) -> Steps[list[tuple[int, int]]]:
        """Return the second and the number of records after each command of a path."""
        if any(entry.n not in self._after for entry in path):
            yield from self.simulating(path)
        return [self._after[entry.n] for entry in path]

    def reached(self, number: int) -> int | None:
        """Return the second that the branch with this last command has reached; None if it has to be re-simulated."""
        if number in self._left:
            return self._left[number]
        return self._after[number][0] if number in self._after else None

    # --- what is prepared for a change of the past ---------------------------------------------

    def prepare(self, number: int, to: int = 0) -> Steps[int]:
        """Re-simulate the state after command `number`, and on to second `to`; returns the second reached.

        Nothing changes by this, so that other commands may be given between the steps.
        """
        self._prepared = None
        exercise = yield from self.simulating(path_to(self._log.lines, number))
        yield from advancing(exercise, to)
        self._prepared = number, exercise
        return exercise.now

    def state_after(self, number: int, t: int) -> Exercise:
        """Return the state after command `number`, at second `t` at the latest: the prepared one, or re-simulated."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[0] == number and prepared[1].now <= t:
            return prepared[1]
        return self.simulate(path_to(self._log.lines, number))


class SessionState:
    """The present state of a live exercise; `Session` changes it."""

    def __init__(self, folder: Folder, log: CommandLog, loaded: Loaded, settings: Settings) -> None:
        self.folder, self.log = folder, log
        self.loaded = loaded = replace(loaded, files=dict(loaded.files))  # files are added during play
        self._manifest = folder.manifest()
        self.shown: dict[str, int] = {}
        """The seq of the last record that a terminal of each seat has shown, as far as this process knows."""
        self.read: dict[str, set[tuple[str, int]]] = {}
        """The messages that a person in each seat has opened: inject and number of its release."""
        self.console_fault = ""
        """Why the console of the exercise cannot be written to; empty if it can."""
        self._origin: dict[str, str] = {}
        self._group: list[CommandEntry] | None = None
        """The commands so far that are to be kept together; None if each is kept by itself."""
        self.path = path_to(log.lines, len(log.lines))
        """The commands that led to the present state."""
        self.resimulation = Resimulation(loaded, self._manifest.seed, settings, log)
        self.exercise = self.resimulation.simulate(self.path)
        self.records: list[Record] = []
        self._journal = LiveJournal(folder.journal)

    @property
    def title(self) -> str:
        """The title of the scenario."""
        return self._manifest.title

    @property
    def fault(self) -> str:
        """Why a file is behind: the journal, or the command log on a disk that is failing; empty if none is."""
        return self._journal.fault or self.log.fault

    @property
    def branch(self) -> str:
        """The present branch."""
        return self.path[-1].branch if self.path else MAIN

    @property
    def head(self) -> int:
        """The number of the last command that led to the present state, 0 at the start."""
        return self.path[-1].n if self.path else 0

    @property
    def branches(self) -> dict[str, CommandEntry]:
        """The last command of each branch."""
        return heads(self.log.lines)

    def last(self, kind: str) -> dict[str, Any]:
        """Return the data of the last command of this kind; empty if there is none.

        What sets how the room runs the clock was given in the room, on whatever branch; anything else is on the path.
        """
        lines = self.log.lines if kind in OF_THE_ROOM else self.path
        return next((entry.data for entry in reversed(lines) if entry.kind == kind), {})

    def instant(self, t: int) -> str:
        """Return a game time for people: date, time, and days from STARTEX."""
        return self.exercise.calendar.instant(t)

    def outcome_times(self) -> dict[str, str]:
        """Return the times of outcomes for people: an instant, `already true at STARTEX`, or empty."""
        inherited = self.exercise.outcomes_watch.inherited
        return {
            name: "" if t is None else INHERITED if name in inherited else self.instant(t)
            for name, t in self.exercise.outcomes.items()
        }

    @property
    def clock(self) -> int:
        """The second that the clock shows.

        When the clock stops for an event, all of that second has happened and `exercise.now` is the next second, since
        commands come before the events of their second. The clock then shows the second of the event.
        """
        now, entry = self.exercise.now, self.path[-1] if self.path else None
        stops = ("due", "injects", "turns", "news", "when")
        if entry is None or entry.kind != ADVANCE or not any(entry.data.get(key) for key in stops):
            return now
        stopped = now < min(int(entry.data["to"]), self.exercise.end)
        return now - 1 if stopped and self.records and self.records[-1].t == now - 1 else now

    def typed(self) -> str:
        """Return the run as it is named on a command line, quoted."""
        return shlex.quote(self.folder.typed)

    def mark_shown(self, seat: str) -> None:
        """Record that a terminal or a page of a seat has received everything so far."""
        self.shown[seat] = len(self.records) - 1

    def mark_read(self, seat: str, opened: Iterable[Letter]) -> None:
        """Record that a person in a seat has opened these messages."""
        self.read.setdefault(seat, set()).update((each.inject, each.release) for each in opened)

    def reached(self, branch: str) -> int | None:
        """Return the second that a branch has reached; None if only `reaching` can find out."""
        return self.exercise.now if branch == self.branch else self.resimulation.reached(self.last_command(branch))

    def reaching(self, branch: str) -> Steps[int]:
        """Return the second that a branch has reached, re-simulated in steps if need be."""
        if (reached := self.reached(branch)) is not None:
            return reached
        return (yield from self.resimulation.simulating(path_to(self.log.lines, self.last_command(branch)))).now

    def last_command(self, branch: str) -> int:
        """Return the number of the last command of a branch, 0 if it has none."""
        head = self.branches.get(branch)
        return head.n if head is not None else 0

    @property
    def origin(self) -> Mapping[str, str]:
        """Of the present command: `by`, who gives it, and `key`, its name, where they are known."""
        return self._origin

    @property
    def giver(self) -> str:
        """Who gives the present command, as the command log names a person in a browser; empty for others."""
        return self._origin.get("by", "")

    def present_manifest(self) -> RunManifest:
        """Return the manifest of the present state, as `close` writes it."""
        lines, sha256 = len(self._journal.lines), self._journal.sha256
        attachments = self.loaded.attachments_sha256
        changes = {"records": lines, "journal_sha256": sha256, "attachments": attachments}
        written = msgspec.structs.replace(self._manifest, **changes)
        return completed(written, self.exercise, ending(self.exercise) if self.exercise.done else PAUSED)

    def entry(self, kind: str, parent: int, t: int, branch: str, data: dict[str, Any]) -> CommandEntry:
        """Return a new entry for the command log."""
        n, wall = len(self.log.lines) + len(self._group or ()) + 1, manifests.now()
        entry = CommandEntry(n=n, parent=parent, t=t, wall=wall, kind=kind, branch=branch, data=data)
        return msgspec.structs.replace(entry, **self._origin)

    @contextmanager
    def given(self, by: str = "", key: str = "") -> Iterator[None]:
        """Write into the lines of the commands inside who gives them, and the client's name of the command."""
        before, self._origin = self._origin, {name: text for name, text in {"by": by, "key": key}.items() if text}
        try:
            yield
        finally:
            self._origin = before

    def _abandoned(self, n: int) -> Path:
        """Return the file for the records that command `n` leaves behind."""
        return self.folder.path / BRANCHES / left_behind(n)
