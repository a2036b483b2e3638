"""Runs an exercise to its end with programs in seats: the clock stops whenever one of them is called upon.

Programs that are called at the same instant have their turns in the order of the governments of the scenario, each
after the acts of the one before.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from wargame.brains.driver import Brain, GameTable, ProgramStopped
from wargame.brains.mechanism import Mechanism
from wargame.brains.process import Abandoned, Notify, Program
from wargame.brains.protocol import Purpose
from wargame.brains.specification import Players
from wargame.brains.transcript import CASSETTE, FOLDER, USAGE, UsageTotal, added, players_in
from wargame.brains.white_cell import CELL_FILE, WhiteCell, white_cell_of
from wargame.dataclasses import replace
from wargame.errors import Interrupted
from wargame.executor.replay import act, called_upon, check_move, finish
from wargame.executor.run import Run, completed, ending, manifest_of
from wargame.executor.stepping import Progress, stoppable
from wargame.journal.atomic import encode_json, write_whole
from wargame.journal.command_log import ADVANCE, CommandEntry
from wargame.journal.folder import COMMANDS, INPUTS, JOURNAL
from wargame.journal.manifest import FILE, write_manifest
from wargame.journal.records import Record, Stamps, encode_lines, record_of
from wargame.live.session.session import Session
from wargame.scenario.loading.load import Loaded
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command

MOST_TURNS = 3
"""Turns of one seat at one instant. What arrives later is in its next turn, so that two programs cannot stop the
clock by writing to each other."""


def brains_of(
    players: Players, folder: Path | None = None, notify: Notify = lambda _: None, purpose: Purpose = "seat"
) -> dict[str, Brain]:
    """Return the programs by government, not started yet; with a folder, their transcripts are written there."""
    return {spec.government: Brain(spec, players, folder, notify, purpose) for spec in players.specs}


def keeping(players: Players, folder: Path) -> Players:
    """Return the same players; what language models answer is kept in a run folder, unless a cassette is named."""
    if players.llm.cassette:
        return players
    return replace(players, llm=replace(players.llm, cassette=str(folder / FOLDER / CASSETTE)))


class UnattendedSession(Session):
    """A session without people: its command log has no wall times, so that equal runs have equal files."""

    def entry(self, kind: str, parent: int, t: int, branch: str, data: dict[str, Any]) -> CommandEntry:
        """Return a new entry for the command log."""
        return msgspec.structs.replace(super().entry(kind, parent, t, branch, data), wall="")


def simulate(
    session: UnattendedSession, players: Players, *, progress: Progress | None = None, notify: Notify = lambda _: None
) -> tuple[Run, dict[str, Any]]:
    """Play a new session with programs to its end; returns the run, and what each program took.

    `progress` and `notify` are called with the time of the game, and with failures of programs.
    Raises UsageFault, and leaves no folder, if a program cannot be started; Interrupted and ProgramStopped leave an
    exercise that can be resumed.
    """
    path = session.folder.path
    without = f", without the mechanism '{name}'" if (name := players.conditions.mechanism) else ""
    kept, brains, cell, mechanism, started = keeping(players, path), dict[str, Brain](), None, None, False
    try:
        brains = brains_of(kept, path, notify)
        cell = white_cell_of(session, kept, path, notify)
        mechanism = mechanism_of(session, kept)
        for brain in brains.values():
            brain.prepare(session.exercise, session.records)
            brain.start()
        started = True
        with stoppable() as stop:

            def between() -> None:
                startex = session.exercise.calendar.startex
                if progress:
                    progress(session.exercise.now - startex, session.exercise.end - startex)
                if stop.asked and not session.exercise.done:
                    at = session.instant(session.exercise.now)
                    raise Interrupted(f"stopped at {at}; wargame resume {session.typed()} --seat … continues{without}")

            programs: list[Program[Any]] = [*brains.values(), *([cell] if cell else [])]
            for program in programs:
                program.abandon_when(lambda: stop.asked)
            try:
                game = UnattendedGame(session, brains, lambda: session.records, between, cell, mechanism)
                game.advance(session.exercise.end)
            except Abandoned:
                between()
    except ProgramStopped as stopped:
        hint = f"wargame resume {session.typed()} continues it{without}"
        raise ProgramStopped(f"{stopped}; the run is kept as it was until then ({hint})") from None
    finally:
        _close(brains, session.exercise, cell)
        with suppress(FileNotFoundError):
            session.close()
        if not started:
            shutil.rmtree(path, ignore_errors=True)
    usage = write_usage(path, totals(brains, cell, mechanism))
    manifest = msgspec.structs.replace(session.folder.manifest(), players=players_in(usage))
    write_manifest(path, manifest)
    return Run(session.folder, manifest, session.records), usage


def _close(brains: dict[str, Brain], exercise: Exercise, cell: WhiteCell | None) -> None:
    for brain in brains.values():
        brain.close(exercise)
    if cell is not None:
        cell.close()


def totals(brains: dict[str, Brain], cell: WhiteCell | None, mechanism: Mechanism | None) -> dict[str, UsageTotal]:
    """Return what each program took, by government, the white cell and the mechanism."""
    others = {name: each for name, each in ((WHITE_CELL, cell), ("mechanism", mechanism)) if each is not None}
    return {name: each.usage for name, each in sorted((brains | others).items())}


def mechanism_of(table: GameTable, players: Players) -> Mechanism | None:
    """Return the mechanism that a run has; UsageFault if no package adds it."""
    how = players.conditions
    return Mechanism(table, how.mechanism, how.timeout) if how.mechanism else None


def write_usage(folder: Path, now: dict[str, UsageTotal], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write what the programs of a run took into its folder, with what they took before; returns it by government."""
    usage = added(before or {}, {name: each.as_dict() for name, each in now.items()})
    (folder / FOLDER).mkdir(exist_ok=True)
    write_whole(folder / FOLDER / USAGE, encode_json(usage))
    return usage


class UnattendedGame:
    """An exercise whose clock stops whenever one of its programs is called upon.

    `records` returns the records so far; `between` is called after each stop. The white cell answers what waits once no
    program has its turn. A mechanism works at each midnight, before the programs.
    """

    def __init__(
        self,
        table: GameTable,
        brains: dict[str, Brain],
        records: Callable[[], Sequence[Record]],
        between: Callable[[], None] = lambda: None,
        cell: WhiteCell | None = None,
        mechanism: Mechanism | None = None,
    ) -> None:
        self._table, self._brains, self._records, self._between, self._cell = table, brains, records, between, cell
        self._mechanism, self._seen = mechanism, len(table.exercise.records())

    def advance(self, to: int) -> None:
        """Move the clock from turn to turn, up to second `to` or to the end."""
        exercise, to = self._table.exercise, min(to, self._table.exercise.end)
        while not exercise.done and exercise.now < to:
            active = [name for name in exercise.governments if name in self._brains and self._brains[name].active]
            stop = int(min(to, self._mechanism.next())) if self._mechanism else to
            self._table.submit(ADVANCE, to=stop, **({"turns": active} if active else {}))
            if self._mechanism and exercise.now == stop and not exercise.done:
                self._mechanism.work()
            self._give_turns()
            self._between()

    def _give_turns(self) -> None:
        """Give turns to all that are called upon at this instant, also by the acts of others."""
        exercise, given, called = self._table.exercise, Counter[str](), set[str]()
        seats = exercise.commands.seats
        while not exercise.done:
            fresh = [record_of(raw, "") for raw in exercise.records()[self._seen :]]
            self._seen += len(fresh)
            called |= {name for record in fresh for name in called_upon(exercise, record) if name in self._brains}
            waiting = [name for name in exercise.governments if name in called and given[name] < MOST_TURNS]
            ready = [name for name in waiting if self._brains[name].active and seats.of(name) == "human"]
            if not ready:
                if self._cell is None or not self._cell.work():
                    return
                continue
            called.discard(ready[0])
            given[ready[0]] += 1
            brain = self._brains[ready[0]]
            brain.prepare(exercise, self._records())
            finish(brain.take_turn(self._table), brain.exchange)


class MemoryTable:
    """An exercise with its command log in memory; `entries` are the lines of the log."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.entries: list[CommandEntry] = []
        self._stamps = Stamps(exercise.calendar.iso)
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
        """Mark the commands inside as one in the log. Nothing is undone: a run that fails has no folder."""
        first = len(self.entries)
        yield
        for i in range(first, len(self.entries) - 1):
            self.entries[i] = msgspec.structs.replace(self.entries[i], more=True)

    @contextmanager
    def given(self, by: str = "") -> Iterator[None]:
        """Write into the lines of the commands inside who gives them."""
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
        self._cell = white_cell_of(self.table, players)
        self._mechanism = mechanism = mechanism_of(self.table, players)
        self._game = UnattendedGame(self.table, self.brains, self.table.records, cell=self._cell, mechanism=mechanism)

    def advance(self, to: int) -> None:
        """Play it up to a second; a program that cannot be started fails like one that crashes."""
        if to > self.table.exercise.now:
            self._game.advance(to)

    def close(self) -> None:
        """End the programs."""
        _close(self.brains, self.table.exercise, self._cell)

    def turns(self) -> dict[str, float]:
        """Return what became of the turns of each program, as columns of a table of runs.

        `replaced(GOV)` counts the decisions of the model in the place of the program.
        """
        decided = Counter(record.who for record in self.table.records() if record.kind == "decision")
        columns: dict[str, float] = {}
        for name, brain in sorted(self.brains.items()):
            columns |= brain.usage.columns(name, decided[name])
        return columns

    def files(self, loaded: Loaded, command: str) -> dict[str, bytes]:
        """Return the files of its run folder by their names: `wargame verify` and `report` read them as of any run."""
        exercise, records = self.table.exercise, self.table.records()
        journal = encode_lines(records)
        manifest = manifest_of(loaded, exercise, exercise.seed, exercise.settings, command)
        usage = {name: each.as_dict() for name, each in totals(self.brains, self._cell, self._mechanism).items()}
        digest = hashlib.sha256(journal).hexdigest()
        kept = {"records": len(records), "journal_sha256": digest, "level": "full", "players": players_in(usage)}
        written = msgspec.structs.replace(manifest, **kept)
        lines = {name: brain.transcript.lines for name, brain in self.brains.items()}
        lines |= {CELL_FILE: self._cell.transcript.lines} if self._cell else {}
        transcripts = {f"{FOLDER}/{name}.jsonl": b"".join(each) for name, each in sorted(lines.items())}
        return {
            **{f"{INPUTS}/{name}": content for name, content in loaded.files.items()},
            COMMANDS: b"".join(msgspec.json.encode(entry) + b"\n" for entry in self.table.entries),
            JOURNAL: journal,
            **transcripts,
            f"{FOLDER}/{USAGE}": encode_json(usage),
            FILE: encode_json(completed(written, exercise, ending(exercise))),
        }
