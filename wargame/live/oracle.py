"""The look ahead: a helper process re-simulates the exercise to this moment once, and forks it for each future.

It reads the run folder and writes nothing. The console never forks itself, so that no draw and no record of the
exercise is ever touched. Where there is no fork, each future is re-simulated from the start.

    python -m wargame.live.oracle RUN LINE NOW QUESTION HORIZON N [WORD...]
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.errors import UsageFault
from wargame.executor.replaying import replay
from wargame.executor.verifying import inputs_of, settings_of
from wargame.journal.commands import path_to, read_commands
from wargame.journal.folder import Folder
from wargame.language.times import parse_duration
from wargame.simulation.exercise import Exercise
from wargame.simulation.settings import Command, Settings

if TYPE_CHECKING:
    from wargame.scenario.load import Loaded
    from wargame.simulation.theatre import Deed

EPOCHS = 1_000_000
"""Where the epochs of look-aheads begin, far from those of forks."""
Z95 = 1.959964


class Future(msgspec.Struct):
    """What one future came to: outcomes met by the horizon, and measures of where it stands."""

    met: list[str]
    measures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `forecast`, `whatif` or `where`; to which second, how many futures, and the command in doubt."""

    kind: str
    to: int
    n: int
    proposal: Command | None = None


def proposal(exercise: Exercise, words: list[str]) -> Command:
    """The command that `whatif` is about; UsageFault if it could not be given now."""
    usage = UsageFault("write: whatif release X, whatif skip X, or whatif order GOV OPTION [TARGET]")
    if len(words) == 2 and words[0] in ("release", "skip"):
        command = Command(kind=words[0], data={"inject": words[1]})
    elif 3 <= len(words) <= 4 and words[0] == "order":
        target = words[3] if len(words) == 4 else None
        command = Command(kind="order", data={"government": words[1], "option": words[2], "target": target})
    else:
        raise usage
    exercise.check(command)
    return command


# --- one future ------------------------------------------------------------------------------------


class Tones:
    """Counts deeds since the hand-over by their tone, as they are done; those on record already first."""

    def __init__(self, exercise: Exercise) -> None:
        self._first = exercise.calendar.hand_over
        self.counts = {"hostile deeds": 0.0, "friendly deeds": 0.0}
        for record in exercise.records():
            if record[2] == "deed" and record[1] >= self._first:
                self._count(float(record[6].get("weight", 0.0)))
        exercise.theatre.hooks.deed.append(self._done)

    def _done(self, deed: Deed) -> None:
        if deed.time >= self._first:
            self._count(deed.weight)

    def _count(self, weight: float) -> None:
        if weight:
            self.counts["hostile deeds" if weight < 0 else "friendly deeds"] += 1


def measures(exercise: Exercise, tones: Tones) -> dict[str, float]:
    """Where an exercise stands: the world's indicators, and deeds since the hand-over by their tone."""
    world = exercise.theatre.world
    found = {s.name: world.get(s.name) for s in world.slots if not s.index and not s.name.startswith(("belief", "var"))}
    return {**found, **tones.counts}


def play_on(exercise: Exercise, number: int, question: Question, *, proposed: bool) -> Future:
    """One future: what was undecided is drawn anew by its number, all seats but scripted ones are the model's."""
    exercise.apply(Command(kind="epoch", data={"number": EPOCHS + number}))
    if proposed and question.proposal is not None:
        exercise.apply(question.proposal)
    for name, government in exercise.governments.items():
        if government.seat == "human":
            exercise.apply(Command(kind="seat", data={"government": name, "kind": "model"}))
    tones = Tones(exercise)
    exercise.theatre.log.hush()
    exercise.advance(question.to)
    return Future([name for name, t in exercise.outcomes.items() if t is not None], measures(exercise, tones))


# --- many futures ----------------------------------------------------------------------------------


def futures(make: Callable[[], Exercise], question: Question, *, proposed: bool, jobs: int) -> list[Future]:
    """All futures by number; forked from one exercise where the platform can, else each made from the start."""
    if not hasattr(os, "fork"):
        return [play_on(make(), number, question, proposed=proposed) for number in range(question.n)]
    exercise = make()

    def one(number: int) -> bytes:
        return forked(lambda: msgspec.json.encode(play_on(exercise, number, question, proposed=proposed)))

    return many(one, question.n, jobs)


def many(one: Callable[[int], bytes], n: int, jobs: int) -> list[Future]:
    """`one(number)` for all numbers, in `jobs` processes where the platform can fork; in the order of the numbers."""
    jobs = min(jobs, n) if hasattr(os, "fork") else 1

    def part(which: int) -> bytes:
        return b"[" + b",".join(one(number) for number in range(which, n, jobs)) + b"]"

    pipes = [forked_later(part, which) for which in range(jobs)] if jobs > 1 else []
    parts = [read_all(pipe) for pipe in pipes] or [part(0)]
    found = [msgspec.json.decode(answers, type=list[Future]) for answers in parts]
    return [found[number % jobs][number // jobs] for number in range(n)]


def forked_later(part: Callable[[int], bytes], which: int) -> int:
    """Begins `part(which)` in a fork of this process; returns the pipe that its answer comes through."""
    ours, theirs = os.pipe()
    if os.fork():
        os.close(theirs)
        return ours
    try:
        os.close(ours)
        answer = part(which)
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def read_all(pipe: int) -> bytes:
    """What a fork answers, once it has ended."""
    with os.fdopen(pipe, "rb") as file:
        answer = file.read()
    os.wait()
    return answer


def forked(task: Callable[[], bytes]) -> bytes:
    """The answer of a task that runs in a fork, so that what it changes stays there."""
    return read_all(forked_later(lambda _: task(), 0))


# --- answers ---------------------------------------------------------------------------------------


def share(met: int, n: int) -> tuple[float, float, float]:
    """A share with Wilson's interval at 95 percent."""
    p, z2 = met / n, Z95 * Z95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return p, max(0.0, middle - half), min(1.0, middle + half)


def forecast_lines(exercise: Exercise, found: list[Future]) -> list[str]:
    """Outcomes by their probability, those met already left out."""
    titles, n = exercise.theatre.scenario.outcomes, len(found)
    rows = []
    for name in titles:
        if exercise.outcomes[name] is None:
            p, low, high = share(sum(name in future.met for future in found), n)
            rows.append((-p, name, f"{name:<24} {p:>5.0%}  ({low:.0%} to {high:.0%})  {titles[name].title}"))
    return [row for *_, row in sorted(rows)] or ["Every outcome has been met already."]


def whatif_lines(exercise: Exercise, without: list[Future], given: list[Future]) -> list[str]:
    """Paired differences: the same draws with the command and without it."""
    n = len(given)
    rows = [f"{'':<24} {'without':>9} {'with':>9}   difference"]
    for name in exercise.theatre.scenario.outcomes:
        if exercise.outcomes[name] is None:
            pairs = [(float(name in a.met), float(name in b.met)) for a, b in zip(without, given, strict=True)]
            rows.append(f"{name:<24} {_mean(pairs, 0):>9.0%} {_mean(pairs, 1):>9.0%}   {_difference(pairs, n, '%')}")
    for name in sorted(given[0].measures):
        pairs = [(a.measures[name], b.measures[name]) for a, b in zip(without, given, strict=True)]
        if any(a != b for a, b in pairs):
            rows.append(f"{name:<24} {_mean(pairs, 0):>9.2f} {_mean(pairs, 1):>9.2f}   {_difference(pairs, n, '')}")
    return rows


def _mean(pairs: list[tuple[float, float]], side: int) -> float:
    return sum(pair[side] for pair in pairs) / len(pairs)


def _difference(pairs: list[tuple[float, float]], n: int, unit: str) -> str:
    each = [b - a for a, b in pairs]
    mean = sum(each) / n
    half = Z95 * sqrt(sum((d - mean) ** 2 for d in each) / max(n - 1, 1) / n)
    if unit == "%":
        return f"{mean:+.0%} ({mean - half:+.0%} to {mean + half:+.0%})"
    return f"{mean:+.2f} ({mean - half:+.2f} to {mean + half:+.2f})"


def where_lines(exercise: Exercise, found: list[Future]) -> list[str]:
    """The percentile of this exercise among unattended runs, measure by measure."""
    here, n = measures(exercise, Tones(exercise)), len(found)
    rows = [f"Of {n} unattended runs at the same moment, this exercise stands at:"]
    for name in sorted(here):
        others = [future.measures[name] for future in found]
        below = sum(value < here[name] for value in others) + 0.5 * sum(value == here[name] for value in others)
        rows.append(
            f"{name:<24} {100 * below / n:>4.0f}th percentile  ({here[name]:.2f}; median {_median(others):.2f})"
        )
    return rows


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


# --- the helper process ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of an exercise on disk: its line and the second at which the clock stands."""

    loaded: Loaded
    seed: int
    settings: Settings
    path: tuple[Any, ...]
    now: int

    @classmethod
    def of(cls, folder: Folder, line: int, now: int) -> Moment:
        """Reads the folder and writes nothing."""
        manifest = folder.manifest()
        path = path_to(read_commands(folder.commands), line)
        return cls(inputs_of(folder, manifest), manifest.seed, settings_of(folder, manifest), tuple(path), now)

    def make(self) -> Exercise:
        """The exercise, re-simulated to this moment."""
        exercise = Exercise(self.loaded, self.seed, self.settings)
        for _ in replay(exercise, self.path):
            pass
        exercise.advance(self.now)
        return exercise

    def unattended(self, number: int) -> Future:
        """The same scenario played by the model alone, with draws of its own, to this moment."""
        settings = {**self.settings.as_dict(), "replication": EPOCHS + number, "seats": [], "journal": "none"}
        exercise = Exercise(self.loaded, self.seed, Settings.from_dict(settings))
        tones = Tones(exercise)
        exercise.advance(self.now)
        return Future([name for name, t in exercise.outcomes.items() if t is not None], measures(exercise, tones))


def answer(moment: Moment, kind: str, horizon: str, n: int, words: list[str], jobs: int) -> list[str]:
    """The lines that answer a question."""
    exercise = moment.make()
    to = min(moment.now + parse_duration(horizon), exercise.end)
    if kind == "where":
        return where_lines(exercise, many(lambda number: msgspec.json.encode(moment.unattended(number)), n, jobs))
    question = Question(kind, to, n, proposal(exercise, words) if words else None)
    base = futures(moment.make, question, proposed=False, jobs=jobs)
    if kind == "forecast":
        return forecast_lines(exercise, base)
    return whatif_lines(exercise, base, futures(moment.make, question, proposed=True, jobs=jobs))


def main(arguments: list[str]) -> None:
    """Answers one question on standard output, a line each."""
    run, line, now, kind, horizon, n, *words = arguments
    os.nice(5) if hasattr(os, "nice") else None
    moment = Moment.of(Folder(Path(run)), int(line), int(now))
    gc.freeze()
    gc.disable()
    for text in answer(moment, kind, horizon, int(n), words, os.cpu_count() or 1):
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
