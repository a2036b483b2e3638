"""A live exercise and its folder.

Every command is written to the command log before it takes effect, so that a crash loses none. The journal on disk is
always the beginning of what the inputs, the seed and the command log produce. To resume, to go back and to change
branches is to re-simulate.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import NotReproducible, UsageFault
from wargame.executor.replay import ADVANCE, ELSEWHERE, act, check_move, replay
from wargame.executor.run import Place, completed, ending, manifest_of, new_folder
from wargame.executor.verify import inputs_of, settings_of
from wargame.journal import folder as folders
from wargame.journal import manifest as manifests
from wargame.journal.command_log import MAIN, CommandEntry, CommandLog, heads, path_to
from wargame.journal.folder import Folder
from wargame.journal.manifest import PAUSED
from wargame.journal.records import Record, Stamps
from wargame.live.session.journal_file import LiveJournal
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

TURNS = frozenset({"rewind", "undo", "switch"})
"""Kinds of commands after which the exercise has another past."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The number of a command in the log, and the records that it produced."""

    n: int
    records: list[Record]


class Session:
    """A live exercise that is open in this process.

    `path` holds the commands that led to the present state. `listeners` are called with new records, `turn_listeners`
    with the kind of command (rewind, undo, switch) after which the exercise has another past.
    """

    def __init__(self, folder: Folder, log: CommandLog, loaded: Loaded, settings: Settings) -> None:
        self.folder = folder
        self.loaded = loaded
        self.log = log
        self._settings = settings
        self._manifest = folder.manifest()
        self.listeners: list[Callable[[list[Record]], None]] = []
        self.turn_listeners: list[Callable[[str], None]] = []
        self.shown: dict[str, int] = {}
        """The seq of the last record that a terminal of each seat has shown, as far as this process knows."""
        self.read: dict[str, int] = {}
        """The seq of the last record when a person in each seat last opened the brief or the inbox."""
        self._reached: dict[int, int] = {}
        self._pending_report: list[Record] | None = None
        self.resumed = False
        self.path = path_to(log.lines, len(log.lines))
        self.exercise = self.simulate(self.path)
        self._stamps = Stamps(self.exercise.calendar.at)
        self._journal = LiveJournal(folder.journal)
        self.records: list[Record] = []
        self._closed = False
        try:
            self._settle()
        except BaseException:
            self._journal.close()
            raise

    # --- begin and end -------------------------------------------------------------------------

    @classmethod
    def create(cls, loaded: Loaded, seed: int, settings: Settings, place: Place, command: str = "") -> Session:
        """Creates an exercise in a new run folder; UsageFault if a setting or the place is invalid."""
        exercise = Exercise(loaded, seed, settings)
        folder = new_folder(place, manifest_of(loaded, exercise, seed, settings, command), loaded, live=True)
        return cls(folder, CommandLog(folder.commands), loaded, settings)

    @classmethod
    def resume(cls, folder: Folder) -> Session:
        """Opens the exercise of a folder in the state after its last command.

        Raises UsageFault if the run is not live or another console has it open, NotReproducible if re-simulation gives
        another journal.
        """
        if not folder.is_live:
            call = shlex.quote(folder.call)
            raise UsageFault(f"{folder.name} is an unattended run (wargame fork {call} --at T continues from it)")
        manifest = folder.manifest()
        log = CommandLog(folder.commands)
        try:
            session = cls(folder, log, inputs_of(folder, manifest), settings_of(folder, manifest))
        except BaseException:
            log.close()
            raise
        session.resumed = True
        return session

    def close(self) -> None:
        """Closes the exercise; it can be resumed unless it is over."""
        if self._closed:
            return
        self._closed = True
        lines, sha256 = len(self._journal.lines), self._journal.sha256
        written = msgspec.structs.replace(self._manifest, records=lines, journal_sha256=sha256)
        ended = ending(self.exercise) if self.exercise.done else PAUSED
        self._journal.close()
        manifests.write_manifest(self.folder.path, completed(written, self.exercise, ended))
        self.log.close()

    # --- state ---------------------------------------------------------------------------------

    @property
    def seed(self) -> int:
        """The seed of the exercise."""
        return self._manifest.seed

    @property
    def title(self) -> str:
        """The title of the scenario."""
        return self._manifest.title

    @property
    def fault(self) -> str:
        """Why the journal on disk is behind; empty if it is not. Commands are safe in either case."""
        return self._journal.fault

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
        """The data of the last command of this kind on the path; empty if there is none."""
        return next((entry.data for entry in reversed(self.path) if entry.kind == kind), {})

    def instant(self, t: int) -> str:
        """A game time for people: date, time, and days from STARTEX."""
        calendar = self.exercise.calendar
        days = (t - calendar.origin) // 86400
        return f"{calendar.at(t):%Y-%m-%d %H:%M} (D{days:+d})"

    @property
    def clock(self) -> int:
        """The second that the clock shows.

        When the clock stops for an event, all of that second has happened and `exercise.now` is the next second, since
        commands come before the events of their second. The clock then shows the second of the event.
        """
        now, entry = self.exercise.now, self.path[-1] if self.path else None
        may_stop = (
            entry is not None and entry.kind == ADVANCE and any(entry.data.get(key) for key in ("due", "news", "when"))
        )
        stopped = may_stop and entry is not None and now < min(int(entry.data["to"]), self.exercise.end)
        return now - 1 if stopped and self.records and self.records[-1].t == now - 1 else now

    def call(self) -> str:
        """The run as it is named on a command line, quoted."""
        return shlex.quote(self.folder.call)

    def mark_shown(self, seat: str, *, read: bool) -> None:
        """Records that a terminal of a seat has shown everything so far; `read` if its person asked for it."""
        last = len(self.records) - 1
        self.shown[seat] = last
        if read:
            self.read[seat] = last

    def reached(self, branch: str) -> int:
        """The second that a branch has reached."""
        head = self.branches.get(branch)
        number = head.n if head is not None else 0
        if branch == self.branch:
            return self.exercise.now
        if number not in self._reached:
            self._reached[number] = self.simulate(path_to(self.log.lines, number)).now
        return self._reached[number]

    # --- commands ------------------------------------------------------------------------------

    def submit(self, kind: str, /, **data: Any) -> CommandResult:
        """Checks a command, logs it and applies it. After UsageFault or NotKept, nothing has changed."""
        if kind == ADVANCE:
            check_move(self.exercise, data)
        elif kind not in ELSEWHERE:
            self.exercise.check(Command(kind=kind, data=data))
        entry = self.entry(kind, self.head, self.exercise.now, self.branch, data)
        self.log.append(entry)
        try:
            act(self.exercise, entry)
        except BaseException:
            self._take_back(entry)
            raise
        self.path.append(entry)
        return CommandResult(entry.n, self._flush())

    def drift(self, to: int) -> None:
        """Moves the clock to `to` if nothing happens before; this needs no command."""
        if to > self.exercise.now and self.exercise.next_event() >= to:
            self.exercise.advance(to)
            self._flush()

    def entry(self, kind: str, parent: int, t: int, branch: str, data: dict[str, Any]) -> CommandEntry:
        """A new entry for the command log."""
        number = len(self.log.lines) + 1
        return CommandEntry(n=number, parent=parent, t=t, wall=manifests.now(), kind=kind, branch=branch, data=data)

    def _take_back(self, entry: CommandEntry) -> None:
        """Undoes a command that failed while it was applied."""
        self.log.append(self.entry("undo", entry.parent, entry.t, entry.branch, {"line": entry.n}))
        self.path = path_to(self.log.lines, len(self.log.lines))
        self.exercise = self.simulate(self.path)

    def _flush(self) -> list[Record]:
        """Writes new records to the journal and passes them to the listeners."""
        fresh = self._stamps.records(self.exercise.records()[len(self.records) :])
        self.records += fresh
        if fresh:
            self._journal.append(fresh)
            if self._pending_report is None:
                self._report(fresh)
            else:
                self._pending_report += fresh
        return fresh

    def _report(self, fresh: list[Record]) -> None:
        for listener in self.listeners:
            listener(fresh)

    @contextmanager
    def one_report(self) -> Iterator[None]:
        """Passes the records of several commands to the listeners together, after the last command."""
        self._pending_report = []
        try:
            yield
        finally:
            fresh, self._pending_report = self._pending_report, None
            if fresh:
                self._report(fresh)

    # --- re-simulation -------------------------------------------------------------------------

    def new_exercise(self) -> Exercise:
        """The exercise before any command."""
        return Exercise(self.loaded, self._manifest.seed, self._settings)

    def simulate(self, path: list[CommandEntry]) -> Exercise:
        """The exercise after these commands."""
        exercise = self.new_exercise()
        for _ in replay(exercise, path):
            pass
        return exercise

    def turn(self, kind: str, parent: int, t: int, branch: str, data: dict[str, Any]) -> None:
        """Goes to the state after command `parent`, on `branch`, with the clock at `t`.

        Re-simulates, then logs the command, then rewrites the journal: a crash in between is repaired on resuming.
        """
        entry = self.entry(kind, parent, t, branch, data)
        path = [*path_to(self.log.lines, parent), entry]
        exercise = self.simulate(path)
        self.log.append(entry)
        self._reached[self.head] = self.exercise.now
        before, self.path, self.exercise = self.records, path, exercise
        self.records = self._stamps.records(exercise.records())
        differing = next((i for i, (a, b) in enumerate(zip(before, self.records, strict=False)) if a != b), None)
        last = min(len(before), len(self.records)) - 1 if differing is None else differing - 1
        for seen in (self.shown, self.read):
            seen |= {name: min(seq, last) for name, seq in seen.items()}
        self._journal.turn_to(self.records, self._abandoned(entry.n))
        for listener in self.turn_listeners:
            listener(kind)

    def _settle(self) -> None:
        """Compares the journal on disk with the re-simulated one, and completes what a crash left out."""
        self.records = self._stamps.records(self.exercise.records())
        try:
            self._journal.compare(self.records)
        except NotReproducible:
            if self.log.torn and self._journal.starts_with(self.records):
                self._journal.turn_to(self.records, self._abandoned(len(self.log.lines) + 1))
            elif self.path and self.path[-1].kind in TURNS:
                before = self.simulate(path_to(self.log.lines, self.path[-1].n - 1))
                self._journal.compare(self._stamps.records(before.records()))
                self._journal.turn_to(self.records, self._abandoned(self.path[-1].n))
            else:
                raise
        self._journal.append(self.records[len(self._journal.lines) :])
        self._journal.sync()

    def _abandoned(self, n: int) -> Path:
        """The file for the records that command `n` leaves behind."""
        return self.folder.path / folders.BRANCHES / f"left-at-line-{n}.jsonl"
