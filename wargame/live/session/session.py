"""A live exercise and its folder: every command is written down before it acts, so that a crash loses none.

The journal on disk is always the beginning of what the inputs, the seed and the command log give. To resume, to go
back or to change branch is to re-simulate, and nothing else.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import NotReproducible, UsageFault
from wargame.executor.replay import ADVANCE, ELSEWHERE, TICK, act, check_move, replay
from wargame.executor.run import Place, dated, manifest_of, new_folder
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

OF_THE_CONSOLE = ("pace", "stops")
"""Kinds of lines that set how the console runs the clock; they stay when the exercise goes back."""
TURNS = frozenset({"rewind", "undo", "switch"})
"""Kinds of lines after which the past is another one."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the line, whether the running clock went back with it, what was kept and what could not be.

    `kept` and `lost` count notes and acknowledgements of others that had come after it.
    """

    line: CommandEntry
    ran: bool = False
    kept: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command: the number of its line, and the records that it brought."""

    n: int
    records: list[Record]


class Session:
    """An exercise that is being run. `path` are the lines that led to now; `listeners` hear of every new record."""

    def __init__(self, folder: Folder, log: CommandLog, loaded: Loaded, settings: Settings) -> None:
        self.folder = folder
        self.loaded = loaded
        self._log = log
        self._settings = settings
        self._manifest = folder.manifest()
        self.listeners: list[Callable[[list[Record]], None]] = []
        self.turned: list[Callable[[str], None]] = []
        """Called with a reason when the exercise has gone back or changed branch."""
        self.shown: dict[str, int] = {}
        """The seq of the last record that a terminal of each seat has shown, as far as this process knows."""
        self.read: dict[str, int] = {}
        """The same for what a person in the seat has looked at, by asking for the brief or the inbox."""
        self._stood: dict[int, int] = {}
        self._untold: list[Record] | None = None
        self.resumed = False
        self.path = path_to(log.lines, len(log.lines))
        self.exercise = self._play(self.path)
        self._stamps = Stamps(self.exercise.calendar.at)
        self._page = LiveJournal(folder.journal)
        self.records: list[Record] = []
        self._closed = False
        try:
            self._settle()
        except BaseException:
            self._page.close()
            raise

    # --- begin and end -------------------------------------------------------------------------

    @classmethod
    def create(cls, loaded: Loaded, seed: int, settings: Settings, place: Place, command: str = "") -> Session:
        """A new exercise in a new run folder; UsageFault if a setting or the place makes no sense."""
        exercise = Exercise(loaded, seed, settings)
        folder = new_folder(place, manifest_of(loaded, exercise, seed, settings, command), loaded, live=True)
        return cls(folder, CommandLog(folder.commands), loaded, settings)

    @classmethod
    def resume(cls, folder: Folder) -> Session:
        """The exercise of a folder, as its last acknowledged command left it.

        Raises UsageFault if it is no live one or another console runs it, NotReproducible if it would have another
        past today.
        """
        if not folder.is_live:
            call = shlex.quote(folder.call)
            raise UsageFault(f"{folder.name} is an unattended run: wargame fork {call} --at T goes on from it")
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
        """Leaves the exercise to be resumed, or for good if it is over."""
        if self._closed:
            return
        self._closed = True
        exercise = self.exercise
        ended = self._ending() if exercise.done else PAUSED
        manifest = msgspec.structs.replace(
            self._manifest,
            finished=manifests.now(),
            ended=ended,
            reached=exercise.calendar.at(exercise.now).isoformat(),
            records=len(self._page.lines),
            kernel_events=exercise.kernel_events,
            decisions=exercise.decisions,
            outcomes=dated(exercise),
            journal_sha256=self._page.sha256,
        )
        self._page.close()
        manifests.write_manifest(self.folder.path, manifest)
        self._log.close()

    def _ending(self) -> str:
        outcome = self.exercise.outcomes_watch.ended_by
        return f"outcome {outcome}" if outcome else "endex"

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
        """Why the journal on disk lags behind, if it does; commands are kept all the same."""
        return self._page.fault

    @property
    def branch(self) -> str:
        """The branch that the exercise is on."""
        return self.path[-1].branch if self.path else MAIN

    @property
    def head(self) -> int:
        """The number of the last line that led to now, 0 at the start."""
        return self.path[-1].n if self.path else 0

    @property
    def branches(self) -> dict[str, CommandEntry]:
        """The last line of each branch."""
        return heads(self._log.lines)

    def last(self, kind: str) -> dict[str, Any]:
        """The data of the last line of this kind that led to now."""
        return next((line.data for line in reversed(self.path) if line.kind == kind), {})

    def instant(self, t: int) -> str:
        """A game time as facilitators read it: date, time, and days from STARTEX."""
        calendar = self.exercise.calendar
        days = (t - calendar.origin) // 86400
        return f"{calendar.at(t):%Y-%m-%d %H:%M} (D{days:+d})"

    @property
    def clock(self) -> int:
        """The second that the clock shows: that of the event for which it has stopped, which lies one second back.

        All of an event's second has happened when the clock stops for it, and commands come before the events of
        their second: so it stands at the next one.
        """
        now, line = self.exercise.now, self.path[-1] if self.path else None
        early = line is not None and line.kind == ADVANCE and any(line.data.get(key) for key in ("due", "news", "when"))
        stopped = early and line is not None and now < min(int(line.data["to"]), self.exercise.end)
        return now - 1 if stopped and self.records and self.records[-1].t == now - 1 else now

    def call(self) -> str:
        """What to call the run on a command line, ready to be copied."""
        return shlex.quote(self.folder.call)

    def looked(self, who: str, *, read: bool) -> None:
        """A seat's terminal has shown all that there is for it; with `read`, because its person asked to see it."""
        last = len(self.records) - 1
        self.shown[who] = last
        if read:
            self.read[who] = last

    # --- commands ------------------------------------------------------------------------------

    def submit(self, kind: str, /, **data: Any) -> Done:
        """Checks a command, writes it down, carries it out. UsageFault or NotKept leave all as it was."""
        if kind == ADVANCE:
            check_move(self.exercise, data)
        elif kind not in ELSEWHERE:
            self.exercise.check(Command(kind=kind, data=data))
        line = self._line(kind, self.head, self.exercise.now, self.branch, data)
        self._log.append(line)
        try:
            act(self.exercise, line)
        except BaseException:
            self._take_back(line)
            raise
        self.path.append(line)
        return Done(line.n, self._flush())

    def drift(self, to: int) -> None:
        """Lets the clock come to `to` where nothing lies between: no line is needed for that."""
        if to > self.exercise.now and self.exercise.next_event() >= to:
            self.exercise.advance(to)
            self._flush()

    def _line(self, kind: str, parent: int, t: int, branch: str, data: dict[str, Any]) -> CommandEntry:
        number = len(self._log.lines) + 1
        return CommandEntry(n=number, parent=parent, t=t, wall=manifests.now(), kind=kind, branch=branch, data=data)

    def _take_back(self, line: CommandEntry) -> None:
        """A command that broke while it acted has not happened."""
        self._log.append(self._line("undo", line.parent, line.t, line.branch, {"line": line.n}))
        self.path = path_to(self._log.lines, len(self._log.lines))
        self.exercise = self._play(self.path)

    def _flush(self) -> list[Record]:
        fresh = self._stamps.records(self.exercise.records()[len(self.records) :])
        self.records += fresh
        if fresh:
            self._page.append(fresh)
            if self._untold is None:
                self._tell(fresh)
            else:
                self._untold += fresh
        return fresh

    def _tell(self, fresh: list[Record]) -> None:
        for listener in self.listeners:
            listener(fresh)

    @contextmanager
    def in_one(self) -> Iterator[None]:
        """Listeners hear of what several commands bring at once, when the last of them is done."""
        self._untold = []
        try:
            yield
        finally:
            fresh, self._untold = self._untold, None
            if fresh:
                self._tell(fresh)

    def _play(self, path: list[CommandEntry]) -> Exercise:
        exercise = Exercise(self.loaded, self._manifest.seed, self._settings)
        for _ in replay(exercise, path):
            pass
        return exercise

    def _settle(self) -> None:
        """Compares what is on disk with what the commands give today, and makes up for what a crash left out."""
        self.records = self._stamps.records(self.exercise.records())
        try:
            self._page.compare(self.records)
        except NotReproducible:
            if self._log.torn and self._page.goes_on_from(self.records):
                self._page.turn_to(self.records, self._kept(len(self._log.lines) + 1))
            elif self.path and self.path[-1].kind in TURNS:
                before = self._play(path_to(self._log.lines, self.path[-1].n - 1))
                self._page.compare(self._stamps.records(before.records()))
                self._page.turn_to(self.records, self._kept(self.path[-1].n))
            else:
                raise
        self._page.append(self.records[len(self._page.lines) :])
        self._page.sync()

    # --- back and aside ------------------------------------------------------------------------

    def rewind(self, to: int, before: int | None = None) -> str:
        """Goes back to second `to`, before whatever was commanded then; returns the name of the new branch.

        With `before`, the number of a record of that second, right before that record.
        """
        calendar = self.exercise.calendar
        if not calendar.startex <= to <= self.exercise.now:
            first = calendar.at(calendar.startex)
            raise UsageFault(f"the exercise can go back to any time from {first:%Y-%m-%d %H:%M} to now")
        parent = 0
        for line, (end, count) in zip(self.path, self._ends(), strict=True):
            if end > to or (line.t >= to if before is None else count > before):
                break
            parent = line.n
        name, settings = self._fresh_name(), {kind: self.last(kind) for kind in OF_THE_CONSOLE}
        self._turn("rewind", parent, to, name, {"from": self.branch, "at": self.exercise.now})
        for kind, data in settings.items():  # they are of this console, not of that time
            if data and data != self.last(kind):
                self.submit(kind, **data)
        return name

    def undo(self) -> Undone:
        """Takes back the last command that did something, or the last turn to another time or branch.

        What others write beside the game, notes of a scribe and acknowledgements, is not taken back: what came after
        the command is written again. Moves of the running clock after it go back with it.
        """
        since: list[CommandEntry] = []
        for line in reversed(self.path):
            if line.kind in ("rewind", "switch", "branch"):
                before = self.records
                self._return(line)
                return self._kept_of(Undone(line), since, before)
            if _is_beside(line) or line.kind in OF_THE_CONSOLE:
                since.insert(0, line)
            elif line.kind not in ELSEWHERE and not line.data.get(TICK):
                ran = any(each.data.get(TICK) for each in self.path[self.path.index(line) :])
                before = self.records
                self._turn("undo", line.parent, line.t, line.branch, {"line": line.n})
                return self._kept_of(Undone(line, ran), since, before)
        raise UsageFault("there is nothing to undo")

    def _kept_of(self, undone: Undone, since: list[CommandEntry], before: list[Record]) -> Undone:
        """Writes again what is not taken back, and counts what others had written."""
        done = [(each, self._again(each, before)) for each in since]
        kept = sum(again for each, again in done if each.kind not in OF_THE_CONSOLE)
        lost = sum(not again for each, again in done if each.kind not in OF_THE_CONSOLE)
        return replace(undone, kept=kept, lost=lost)

    def _return(self, line: CommandEntry) -> None:
        """Goes back to where the exercise stood before it went back, changed branch or branched off."""
        left = str(line.data["from"])
        head = heads(self._log.lines[: line.n - 1]).get(left)
        number = head.n if head is not None else 0
        end = self._play(path_to(self._log.lines, number)).now
        self._turn("undo", number, max(end, int(line.data.get("at", 0))), left, {"line": line.n})

    def _again(self, line: CommandEntry, before: list[Record]) -> bool:
        """Writes again what was written beside the game; whether it still makes sense."""
        about, data = str(line.data.get("about", "")), dict(line.data)
        if about.isdigit() and self.records[int(about) : int(about) + 1] != before[int(about) : int(about) + 1]:
            data["about"] = ""
        try:
            self.submit(line.kind, **data)
        except UsageFault:
            return False
        return True

    def branch_off(self, name: str) -> None:
        """Goes on under a new name; the branch so far stays where it is."""
        if not name.replace("-", "").replace("_", "").isalnum() or len(name) > 40:
            raise UsageFault("a branch is named with letters, digits, - and _, at most 40")
        if name in self.branches or name == MAIN:
            raise UsageFault(f"there is a branch '{name}' already (switch {name} goes there)")
        line = self._line("branch", self.head, self.exercise.now, name, {"from": self.branch})
        self._log.append(line)
        self.path.append(line)

    def switch(self, name: str) -> None:
        """Goes to where another branch stands."""
        known = self.branches
        if name == MAIN and MAIN not in known:
            self._turn("switch", 0, self.exercise.calendar.startex, MAIN, {"from": self.branch})
            return
        if name not in known:
            raise UsageFault(f"there is no branch '{name}' ({', '.join(known) or MAIN})")
        if name == self.branch:
            raise UsageFault(f"the exercise is on {name} already")
        path = path_to(self._log.lines, known[name].n)
        end = self._play(path).now
        self._turn("switch", known[name].n, end, name, {"from": self.branch})

    def _turn(self, kind: str, parent: int, t: int, branch: str, data: dict[str, Any]) -> None:
        """Re-simulates first, then writes the line down, then shows it: a crash between is made up on resuming."""
        line = self._line(kind, parent, t, branch, data)
        path = [*path_to(self._log.lines, parent), line]
        exercise = self._play(path)
        self._log.append(line)
        self._stood[self.head] = self.exercise.now
        before, self.path, self.exercise = self.records, path, exercise
        self.records = self._stamps.records(exercise.records())
        common = next((i for i, (a, b) in enumerate(zip(before, self.records, strict=False)) if a != b), None)
        last = min(len(before), len(self.records)) - 1 if common is None else common - 1
        for looks in (self.shown, self.read):
            looks |= {name: min(seq, last) for name, seq in looks.items()}
        self._page.turn_to(self.records, self._kept(line.n))
        for told in self.turned:
            told(kind)

    def _kept(self, n: int) -> Path:
        return self.folder.path / folders.BRANCHES / f"left-at-line-{n}.jsonl"

    def stands(self, name: str) -> int:
        """The second at which a branch stands."""
        line = self.branches.get(name)
        number = line.n if line is not None else 0
        if name == self.branch:
            return self.exercise.now
        if number not in self._stood:
            self._stood[number] = self._play(path_to(self._log.lines, number)).now
        return self._stood[number]

    def _ends(self) -> list[tuple[int, int]]:
        """Where the clock stood after each line of the path, and how many records there were."""
        exercise = Exercise(self.loaded, self._manifest.seed, self._settings)
        return [(exercise.now, len(exercise.records())) for _ in replay(exercise, self.path)]

    def _fresh_name(self) -> str:
        taken, number = self.branches, 2
        while f"branch-{number}" in taken:
            number += 1
        return f"branch-{number}"


def _is_beside(line: CommandEntry) -> bool:
    """Whether it was written beside the game by others: an acknowledgement, or a note or rating of a scribe."""
    return line.kind == "ack" or (line.kind in ("note", "rating") and bool(line.data.get("who")))


def time_of(session: Session, text: str) -> int | None:
    """The second that a text names: a time, or `#SEQ` for that of a record; None if it is neither."""
    from wargame.language.times import parse_time

    if text.lstrip("#").isdigit():
        seq = int(text.lstrip("#"))
        found = next((record.t for record in session.records if record.seq == seq), None)
        if found is None:
            raise UsageFault(f"there is no record {seq}")
        return found
    try:
        return session.exercise.calendar.seconds(parse_time(text))
    except ValueError:
        return None
