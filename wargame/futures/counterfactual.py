"""One future of a run: made again up to a moment, turned there or not, and played on with fresh draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE, replay
from wargame.executor.verify import inputs_of, settings_of
from wargame.journal.command_log import CommandEntry, path_to, read_commands
from wargame.journal.folder import open_folder
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded


@dataclass(frozen=True, slots=True)
class Intervention:
    """A moment and what may happen otherwise there.

    `kind` is `inject` (or not), `decision` (or the `other` choice, or waiting), `order` (or the model decides)
    or `hazard` (or it does not strike). `t` is in seconds of the run's clock.
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
    """One run to play: which turn, as it was or otherwise, and the number of its draws."""

    turn: Intervention
    otherwise: bool
    epoch: int


class Past:
    """The run folder, opened once in each worker."""

    def __init__(self, path: Path) -> None:
        folder = open_folder(path)
        manifest = folder.manifest()
        self.seed = manifest.seed
        self.loaded: Loaded = inputs_of(folder, manifest)
        lines = read_commands(folder.commands) if folder.is_live else []
        self.lines: list[CommandEntry] = path_to(lines, len(lines))
        settings = settings_of(folder, manifest)
        # Without a journal a run is faster; but where a live clock stops, its news decide.
        self.settings = settings if self.lines else replace(settings, journal="none")

    def exercise(self, t: int) -> Exercise:
        """The run as it stood just before second `t`, with what was commanded before."""
        exercise = Exercise(self.loaded, self.seed, self.settings)
        for _ in replay(exercise, self._before(t)) if self.lines else ():
            pass
        exercise.advance(t)
        return exercise

    def _before(self, t: int) -> Iterator[CommandEntry]:
        """Lines given before `t`, without the move of the clock that leads past it."""
        for line, following in zip_longest(self.lines, self.lines[1:]):
            past = line.kind == ADVANCE and (following is None or following.t > t)
            if line.t >= t or past:
                return
            yield line


def play(past: Past, future: Future) -> dict[str, bool]:
    """Plays one future to its end."""
    turn = future.turn
    exercise = past.exercise(turn.t)
    _TURNS[turn.kind](exercise, turn, future)
    for name, government in exercise.governments.items():
        if government.seat == "human":  # nobody sits there in this future: the stated policy decides
            exercise.apply(Command(kind="seat", data={"government": name, "kind": "model"}))
    exercise.advance(exercise.end)
    return {name: t is not None for name, t in exercise.outcomes.items()}


def _redraw(exercise: Exercise, future: Future) -> None:
    if not exercise.done:
        exercise.apply(Command(kind="epoch", data={"number": future.epoch}))


def _inject(exercise: Exercise, turn: Intervention, future: Future) -> None:
    if future.otherwise:
        exercise.apply(Command(kind="skip", data={"inject": turn.name}))
    exercise.advance(turn.t + 1)
    _redraw(exercise, future)


def _decision(exercise: Exercise, turn: Intervention, future: Future) -> None:
    """In both arms the meeting itself passes; then the one order or the other is given, with the same lead."""
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
    _redraw(exercise, future)


def _order(exercise: Exercise, who: str, option: str, target: str | None) -> None:
    data: dict[str, Any] = {"government": who, "option": option, "target": target}
    try:
        exercise.apply(Command(kind="order", data=data))
    except UsageFault:
        return  # it cannot be done after all: the government waits


def _person(exercise: Exercise, turn: Intervention, future: Future) -> None:
    """A person's order is given, or the model takes the seat instead."""
    if not future.otherwise:
        _order(exercise, turn.who, turn.name, turn.target)
    exercise.apply(Command(kind="seat", data={"government": turn.who, "kind": "model"}))
    _redraw(exercise, future)


def _hazard(exercise: Exercise, turn: Intervention, future: Future) -> None:
    if not future.otherwise:
        exercise.advance(turn.t + 1)
    _redraw(exercise, future)


_TURNS = {"inject": _inject, "decision": _decision, "order": _person, "hazard": _hazard}
