"""Runs an exercise to its end with programs in seats: the clock stops whenever one of them is called upon.

Programs that are called at the same instant have their turns in the order of the governments of the scenario, each
after the acts of the one before.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.brains.acts import Table
from wargame.brains.driver import Brain, ProgramStopped, ending_of, run_turn
from wargame.brains.process import Abandoned, Failed
from wargame.brains.specification import Players
from wargame.brains.transcript import CASSETTE, FOLDER, USAGE, Transcript, added
from wargame.errors import Interrupted, UsageFault
from wargame.executor.replay import ADVANCE, called_upon
from wargame.executor.run import Place, Run
from wargame.executor.stepping import Progress, stoppable
from wargame.journal.atomic import encode_json, write_whole
from wargame.journal.command_log import CommandEntry
from wargame.journal.records import Record, record_of
from wargame.live.session.session import Session
from wargame.simulation.exercise import Exercise

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded
    from wargame.simulation.kernel.settings import Settings

MOST_TURNS = 3
"""Turns of one seat at one instant. What arrives later is in its next turn, so that two programs cannot stop the
clock by writing to each other."""


def brains_of(
    players: Players, folder: Path | None = None, notify: Callable[[str], None] = lambda _: None
) -> dict[str, Brain]:
    """Return the programs by government, not started yet; with a folder, their transcripts are written there."""
    return {
        spec.government: Brain(
            spec,
            players.conditions,
            players.llm,
            transcript=Transcript(folder / FOLDER / f"{spec.government}.jsonl" if folder else None),
            notify=notify,
        )
        for spec in players.specs
    }


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where a run with programs is stored, the command that made it, and what to call with progress and failures."""

    place: Place
    command: str
    progress: Progress | None = None
    notify: Callable[[str], None] = lambda _: None


def simulate(
    loaded: Loaded, seed: int, settings: Settings, players: Players, frame: Frame
) -> tuple[Run, dict[str, Any]]:
    """Run a scenario with programs into a new run folder; returns the run, and what each program took.

    Raises UsageFault, and leaves no folder, if a program cannot be started; Interrupted and ProgramStopped leave an
    exercise that can be resumed.
    """
    session = UnattendedSession.create(loaded, seed, settings, frame.place, frame.command)
    path = session.folder.path
    brains = brains_of(keeping(players, path), path, frame.notify)
    started = False
    try:
        _start(brains, session.exercise, session.records)
        started = True
        with stoppable() as stop:

            def between() -> None:
                startex = session.exercise.calendar.startex
                if frame.progress:
                    frame.progress(session.exercise.now - startex, session.exercise.end - startex)
                if stop.asked and not session.exercise.done:
                    at = session.instant(session.exercise.now)
                    raise Interrupted(f"stopped at {at}; wargame resume {session.call()} --seat … continues")

            for brain in brains.values():
                brain.abandon_when(lambda: stop.asked)
            try:
                Game(session, brains, lambda: session.records, between).advance(session.exercise.end)
            except Abandoned:
                between()
    except ProgramStopped as stopped:
        hint = f"wargame resume {session.call()} continues it"
        raise ProgramStopped(f"{stopped}; the run is kept as it was before the decision ({hint})") from None
    finally:
        _close(brains, session)
        if not started:
            shutil.rmtree(path, ignore_errors=True)
    usage = write_usage(path, brains)
    return Run(session.folder, session.folder.manifest(), session.records), usage


def _close(brains: dict[str, Brain], session: Session) -> None:
    for brain in brains.values():
        brain.close(session.exercise, ending_of(session.exercise) if session.exercise.done else "stopped")
    with suppress(FileNotFoundError):
        session.close()


def _start(brains: dict[str, Brain], exercise: Exercise, records: Sequence[Record]) -> None:
    """Start all programs; UsageFault names the one that does not become ready."""
    for brain in brains.values():
        try:
            brain.start(exercise, records)
        except Failed as failed:
            raise UsageFault(f"{brain.government}={brain.spec.source}: no answer to hello: {failed}") from None


def write_usage(folder: Path, brains: dict[str, Brain], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write what the programs of a run took into its folder, with what they took before; returns it by government."""
    usage = added(before or {}, {name: brain.usage.as_dict() for name, brain in sorted(brains.items())})
    write_whole(folder / FOLDER / USAGE, encode_json(usage))
    return usage


# --- the loop ------------------------------------------------------------------------------------------------


class Game:
    """An exercise whose clock stops whenever one of its programs is called upon.

    `records` returns the records so far; `between` is called after each stop.
    """

    def __init__(
        self,
        table: Table,
        brains: dict[str, Brain],
        records: Callable[[], Sequence[Record]],
        between: Callable[[], None] = lambda: None,
    ) -> None:
        self._table, self._brains, self._records, self._between = table, brains, records, between
        self._seen = len(table.exercise.records())

    def advance(self, to: int) -> None:
        """Move the clock from turn to turn, up to second `to` or to the end."""
        exercise, to = self._table.exercise, min(to, self._table.exercise.end)
        while not exercise.done and exercise.now < to:
            active = [name for name in exercise.governments if name in self._brains and self._brains[name].active]
            self._table.submit(ADVANCE, to=to, **({"turns": active} if active else {}))
            self._give_turns()
            self._between()

    def _give_turns(self) -> None:
        """Give turns to all that are called upon at this instant, also by the acts of others."""
        exercise, given, called = self._table.exercise, Counter[str](), set[str]()
        while not exercise.done:
            fresh = [record_of(raw, "") for raw in exercise.records()[self._seen :]]
            self._seen += len(fresh)
            called |= {name for record in fresh for name in called_upon(exercise, record) if name in self._brains}
            waiting = [name for name in exercise.governments if name in called and given[name] < MOST_TURNS]
            ready = [name for name in waiting if self._plays(name)]
            if not ready:
                return
            called.discard(ready[0])
            given[ready[0]] += 1
            run_turn(self._brains[ready[0]], self._table, self._records())

    def _plays(self, name: str) -> bool:
        return self._brains[name].active and self._table.exercise.commands.seats.of(name) == "human"
