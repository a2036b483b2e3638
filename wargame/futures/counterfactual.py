"""Counterfactuals of a run: it is re-simulated to a moment, an event there is prevented or not, and it continues.

Both futures of a pair continue with the same fresh random draws. A process re-simulates the run once for consecutive
futures of one moment and forks there for each of them; without `os.fork`, it re-simulates the run for each.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import UsageFault
from wargame.futures.continuation import BranchPoint, Continuation, commands_before, in_fork
from wargame.journal.command_log import CommandEntry, path_to, read_commands
from wargame.journal.folder import open_folder
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command


@dataclass(frozen=True, slots=True)
class Intervention:
    """An event of a run, and its alternative.

    `kind` is `inject` (or it is skipped), `decision` (or the `other` choice, or waiting), `order` (or the model
    decides) or `hazard` (or it does not occur). `t` is in seconds of the run's clock.
    """

    seq: int
    t: int
    kind: str
    who: str
    name: str
    target: str | None = None
    other: str | None = None
    other_target: str | None = None


@dataclass(frozen=True, slots=True)
class Future:
    """One future: the event of an intervention happens as it did or `otherwise`; `epoch` numbers the random draws."""

    turn: Intervention
    otherwise: bool
    epoch: int


class Past:
    """The run before an intervention; the run folder is read once in each worker."""

    _latest: tuple[int, Exercise] | None = None

    def __init__(self, path: Path) -> None:
        folder = open_folder(path)
        lines = read_commands(folder.commands) if folder.is_live else []
        self._path: list[CommandEntry] = path_to(lines, len(lines))
        start = BranchPoint.of_run(folder)
        # A run without a journal is faster, but the clock of a live exercise stops at records of its journal.
        self._start = start if self._path else replace(start, settings=replace(start.settings, journal="none"))

    def exercise(self, t: int) -> Exercise:
        """Return the run before the events of second `t`, with the commands given before."""
        return replace(self._start, path=tuple(commands_before(self._path, t)), t=t).exercise()

    def at(self, t: int) -> Exercise:
        """Return the same for forks, which leave it unchanged: kept until another moment is asked for."""
        if self._latest is None or self._latest[0] != t:
            self._latest = None  # two exercises need twice the memory
            self._latest = t, self.exercise(t)
        return self._latest[1]


def play(past: Past, future: Future) -> dict[str, bool]:
    """Play one future to the end: outcome → whether it has occurred."""
    if not hasattr(os, "fork"):
        return _outcomes(past.exercise(future.turn.t), future)
    exercise = past.at(future.turn.t)
    answer = in_fork(lambda: msgspec.json.encode(_outcomes(exercise, future)))
    return msgspec.json.decode(answer, type=dict[str, bool])


def _outcomes(exercise: Exercise, future: Future) -> dict[str, bool]:
    exercise.context.log.mute()
    _INTERVENTIONS[future.turn.kind](exercise, future.turn, future)
    if not exercise.done:
        for command in Continuation(future.epoch).commands(exercise):
            exercise.apply(command)
    exercise.advance(exercise.end)
    return {name: t is not None for name, t in exercise.outcomes.items()}


def _inject(exercise: Exercise, turn: Intervention, future: Future) -> None:
    """Skip an inject or let it be released."""
    if future.otherwise:
        exercise.apply(Command(kind="skip", data={"inject": turn.name}))
    exercise.advance(turn.t + 1)


def _decision(exercise: Exercise, turn: Intervention, future: Future) -> None:
    """In both futures the meeting passes without a decision; then one or the other order is given, with its lead."""
    government = exercise.governments[turn.who]
    seat = government.seat
    government.seat = "script"
    exercise.advance(turn.t + 1)
    if exercise.done:
        return
    government.seat = seat
    option, target = (turn.other, turn.other_target) if future.otherwise else (turn.name, turn.target)
    if option is not None:
        _order(exercise, turn.who, option, target)


def _order(exercise: Exercise, government: str, option: str, target: str | None) -> None:
    """Give an order; if it is not feasible, the government waits."""
    data: dict[str, Any] = {"government": government, "option": option, "target": target}
    try:
        exercise.apply(Command(kind="order", data=data))
    except UsageFault:
        return


def _person(exercise: Exercise, turn: Intervention, future: Future) -> None:
    """Give the order of a person, or let the model decide instead."""
    if not future.otherwise:
        _order(exercise, turn.who, turn.name, turn.target)
    exercise.apply(Command(kind="seat", data={"government": turn.who, "kind": "model"}))


def _hazard(exercise: Exercise, turn: Intervention, future: Future) -> None:
    """Let a hazard occur, or draw it again together with everything else."""
    if not future.otherwise:
        exercise.advance(turn.t + 1)


_INTERVENTIONS = {"inject": _inject, "decision": _decision, "order": _person, "hazard": _hazard}
