"""A point of a run, and how the run continues from it.

This is what forks, the look-ahead and counterfactuals have in common: they re-simulate a run to a point, then give the
commands of a continuation, which are fresh random draws, changes, and the model in the human seats. Many futures of
one moment run each in a fork of the process that has simulated up to it.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, groupby, zip_longest
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from wargame.dataclasses import dataclass, replace
from wargame.errors import UsageFault, WargameError
from wargame.executor.campaign import CellFailure, failure_of
from wargame.executor.replay import advancing, replaying
from wargame.executor.run import inputs_of, settings_of
from wargame.journal.command_log import ADVANCE, CommandEntry, path_to, read_commands
from wargame.journal.folder import Folder, open_folder
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.context import Action
from wargame.simulation.kernel.settings import Command, Settings

T = TypeVar("T")
AHEAD = 180 * DAY
"""Length from STARTEX of a future that fills the caches. Judgement."""


class FutureResult(msgspec.Struct):
    """The end of one future: the outcomes that have occurred, and measures of the world and of actions."""

    outcomes: list[str]
    measures: dict[str, float]


@dataclass(frozen=True, slots=True)
class BranchPoint:
    """A point of a run: its inputs, the commands that led to it, and the second `t` that the clock has reached."""

    loaded: Loaded
    seed: int
    settings: Settings
    path: tuple[CommandEntry, ...] = ()
    t: int = 0

    @classmethod
    def of_run(cls, folder: Folder) -> BranchPoint:
        """Return the start of the run in a folder; reads the folder and writes nothing."""
        manifest = folder.manifest()
        return cls(inputs_of(folder, manifest), manifest.seed, settings_of(folder, manifest))

    def exercise(self, records: Sequence[RawRecord] = ()) -> Exercise:
        """Return the exercise, re-simulated to this point, before the events of second `t`.

        It has all records, whatever is kept of the run: a person who gives an order there knows what they teach.
        `records` of another one, which are equal, replace the ones that it makes: together they need less memory.
        """
        exercise = Exercise(self.loaded, self.seed, replace(self.settings, journal="full"))
        _follow(exercise, chain(replaying(exercise, self.path), advancing(exercise, self.t)), records)
        return exercise

    def present(self, like: PresentRun | None = None) -> PresentRun:
        """Return the run re-simulated to this point, ready to continue. It shares the records of one that is there."""
        return PresentRun(self.exercise(like.exercise.records() if like else ()))


def _follow(exercise: Exercise, steps: Iterable[object], records: Sequence[RawRecord]) -> None:
    """Take steps with an exercise; after each, `records` of another one, if there are any, replace its new ones."""
    own = exercise.records()
    known = len(own)
    for _ in steps:
        own[known:] = records[known : len(own)] or own[known:]
        known = len(own)


def commands_before(path: Sequence[CommandEntry], t: int) -> Iterator[CommandEntry]:
    """Yield the commands given before second `t`, without an advance of the clock that leads past it."""
    for entry, following in zip_longest(path, path[1:]):
        leads_past = entry.kind == ADVANCE and (following is None or following.t > t)
        if entry.t >= t or leads_past:
            return
        yield entry


@dataclass(frozen=True, slots=True)
class Continuation:
    """A way to continue a run from a point. `epoch` numbers the random draws of what is undecided there, from 1."""

    epoch: int
    changes: tuple[Command, ...] = ()

    def commands(self, exercise: Exercise) -> list[Command]:
        """Return the commands at that point: the epoch, the changes, and the model for each human seat."""
        human = exercise.commands.seats.human
        return [
            Command(kind="epoch", data={"number": self.epoch}),
            *self.changes,
            *[Command(kind="seat", data={"government": name, "kind": "model"}) for name in human],
        ]

    def play(self, present: PresentRun, to: int) -> FutureResult:
        """Give the commands and simulate to second `to`, without a journal."""
        exercise = present.exercise
        for command in self.commands(exercise):
            exercise.apply(command)
        exercise.context.log.mute()
        exercise.advance(to)
        return present.result()


def fill_caches(point: BranchPoint) -> None:
    """Play a future of a point: forks then share what runs of the scenario compute once."""
    present = point.present()
    with suppress(WargameError):  # the futures themselves show it
        Continuation(1).play(present, present.exercise.calendar.startex + AHEAD)


# --- measures ----------------------------------------------------------------------------------------


class PresentRun:
    """A run at the moment from which it continues, and its measures.

    The measures are the indicators of the world, and the hostile and friendly actions since STARTEX. What they need is
    read here once, since a fork copies the memory that it touches.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self._indicators = [s.name for s in exercise.context.world.slots if not s.index and s.is_named]
        self._startex = exercise.calendar.startex
        self._counts = {"hostile actions": 0.0, "friendly actions": 0.0}
        for record in exercise.records():
            if record[2] == "action" and record[1] >= self._startex:
                self._count(float(record[6].get("goldstein", 0.0)))
        exercise.observers.actions.append(self._on_action)

    def _on_action(self, action: Action) -> None:
        if action.time >= self._startex:
            self._count(action.weight)

    def _count(self, goldstein: float) -> None:
        if goldstein:
            self._counts["hostile actions" if goldstein < 0 else "friendly actions"] += 1

    def measures(self) -> dict[str, float]:
        """Return the measures now."""
        world = self.exercise.context.world
        return {**{name: world.get(name) for name in self._indicators}, **self._counts}

    def result(self) -> FutureResult:
        """Return the outcomes that have occurred, and the measures."""
        return FutureResult([name for name, t in self.exercise.outcomes.items() if t is not None], self.measures())


_DONE, _FAILED = b"+", b"-"
"""The first byte of an answer from a fork."""


def in_order(one: Callable[[int], bytes], n: int, jobs: int) -> Iterator[bytes]:
    """Yield `one(number)` for the numbers below `n`, in order, computed in `jobs` processes.

    The answers must not contain line breaks. Since their order does not depend on how long each takes, the first
    answers are a fair sample. Without `os.fork` there is one process. RuntimeError if an answer is missing.
    """
    jobs = min(jobs, n) if hasattr(os, "fork") else 1
    if jobs == 1:
        yield from map(one, range(n))
        return

    def write(which: int, pipe: BinaryIO) -> None:
        for number in range(which, n, jobs):
            pipe.write(one(number) + b"\n")
            pipe.flush()

    workers = [start_fork(write, which) for which in range(jobs)]
    files = [os.fdopen(pipe, "rb") for pipe, _ in workers]
    try:
        for number in range(n):
            answer = files[number % jobs].readline()
            if not answer:
                raise RuntimeError(f"future {number} has failed")
            yield answer.removesuffix(b"\n")
    finally:
        for file in files:
            file.close()
        for _, process in workers:
            os.waitpid(process, 0)


def start_fork(task: Callable[[int, BinaryIO], None], which: int) -> tuple[int, int]:
    """Start `task(which, pipe)` in a fork; returns the file descriptor to read from, and the process."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return ours, process
    code = 1
    try:
        gc.disable()  # a collection would write to most pages, which are then copied
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C the parent closes the pipes, which ends this process
        os.close(ours)
        with os.fdopen(theirs, "wb") as pipe:
            task(which, pipe)
        code = 0
    except BrokenPipeError:
        pass  # the parent has stopped reading
    except BaseException as error:  # noqa: BLE001 - the process ends here whatever the error
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def in_fork(task: Callable[[], bytes]) -> bytes:
    """Return the result of a task that runs in a fork, where its changes stay; RuntimeError if it fails."""

    def write(_: int, pipe: BinaryIO) -> None:
        try:
            answer = task()
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
            pipe.write(_FAILED + f"{type(error).__name__}: {error}".encode())
        else:
            pipe.write(_DONE + answer)

    pipe, process = start_fork(write, 0)
    with os.fdopen(pipe, "rb") as file:
        answer = file.read()
    _, status = os.waitpid(process, 0)
    if status or not answer.startswith(_DONE):
        raise RuntimeError(answer.removeprefix(_FAILED).decode() or "the process of a future was killed")
    return answer.removeprefix(_DONE)


def in_one_fork(runs: Sequence[T], plays: Sequence[Callable[[T], Any]], kind: Any) -> list[Any]:
    """Return what each play makes of a run, values of a `kind`, from a fork, which leaves the runs unchanged.

    Each has its own run: most of the memory that a fork has to copy is then copied once for all of them.
    """
    results = in_fork(lambda: msgspec.json.encode([play(run) for run, play in zip(runs, plays, strict=False)]))
    return msgspec.json.decode(results, type=list[kind])


def parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return items in parts of a size; the last may be smaller."""
    return [items[start : start + size] for start in range(0, len(items), size)]


# --- counterfactuals -----------------------------------------------------------------------------------
# The run is re-simulated to a moment, an event there is prevented or not, and it continues. Both futures of a pair have
# the same fresh random draws. A process re-simulates the run for consecutive futures of one moment, as often as a fork
# plays futures; runs without commands go on to a later moment. Without `os.fork`, each future is re-simulated.

TOGETHER = 6
"""Futures of a moment that a fork plays."""


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

    def __init__(self, path: Path) -> None:
        folder = open_folder(path)
        lines = read_commands(folder.commands) if folder.is_live else []
        self._path: list[CommandEntry] = path_to(lines, len(lines))
        self._start = BranchPoint.of_run(folder)
        self._runs: list[Exercise] = []
        """Runs at the moment that was asked for last."""
        if hasattr(os, "fork"):
            fill_caches(self._start)

    def exercise(self, t: int, records: Sequence[RawRecord] = ()) -> Exercise:
        """Return the run before the events of second `t`, with the commands given before; for `records` see there."""
        return replace(self._start, path=tuple(commands_before(self._path, t)), t=t).exercise(records)

    def at(self, t: int, count: int) -> list[Exercise]:
        """Return at least `count` of them for forks, which leave them unchanged; they are kept for later moments."""
        if self._runs and (self._runs[0].now > t or (self._runs[0].now < t and self._path)):
            self._runs = []
        for run in self._runs:
            _follow(run, advancing(run, t), self._runs[0].records())
        while len(self._runs) < count:
            self._runs.append(self.exercise(t, self._runs[0].records() if self._runs else ()))
        return self._runs


Played = dict[str, bool] | CellFailure
"""The result of a future: outcome → whether it has occurred, or why it has none."""


def play(past: Past, futures: Sequence[Future]) -> list[Played]:
    """Play futures to the end: consecutive futures of one moment in forks of `TOGETHER`."""
    by_moment = groupby(futures, key=lambda future: future.turn.t)
    together = [(t, part) for t, those in by_moment for part in parts(list(those), TOGETHER)]
    return [each for t, part in together for each in _played(past, t, part)]


def _played(past: Past, t: int, futures: Sequence[Future]) -> list[Played]:
    plays = [partial(_outcomes_or_fault, future=future) for future in futures]
    try:
        if hasattr(os, "fork"):
            played = in_one_fork(past.at(t, len(plays)), plays, dict[str, bool] | str)
        else:
            played = [each(past.exercise(t)) for each in plays]
    except Exception as error:  # noqa: BLE001 - whatever ends a fork, the other futures are still played
        played = [failure_of(None, error).reason] * len(futures)
    return [failure_of(future, of) if isinstance(of, str) else of for future, of in zip(futures, played, strict=True)]


def _outcomes_or_fault(exercise: Exercise, future: Future) -> dict[str, bool] | str:
    try:
        return _outcomes(exercise, future)
    except Exception as error:  # noqa: BLE001 - and so are the others of this fork
        return failure_of(future, error).reason


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


def decide_or_wait(exercise: Exercise, turn: Intervention, future: Future) -> None:
    """Let the meeting pass without a decision in both futures; then give one or the other order, with its lead."""
    government = exercise.governments[turn.who]
    seat = government.seat
    government.take_seat("script")
    exercise.advance(turn.t + 1)
    if exercise.done:
        return
    government.take_seat(seat)
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


_INTERVENTIONS = {"inject": _inject, "decision": decide_or_wait, "order": _person, "hazard": _hazard}
