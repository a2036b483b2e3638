"""The look ahead: a helper process re-simulates the exercise to this moment once, and forks it for each future.

It reads the run folder and writes nothing. The console never forks itself, so that no draw and no record of the
exercise is ever touched. Where there is no fork, each future is re-simulated from the start.

    echo '["LINE", "NOW", "QUESTION", "HORIZON", "N", "WORD"]' | python -m wargame.futures.lookahead RUN
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import comb, erfc, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.errors import UsageFault
from wargame.executor.processes import cores
from wargame.executor.replay import replay
from wargame.executor.verify import inputs_of, settings_of
from wargame.futures.fork_pool import ForkedFuture, forked, in_order, many
from wargame.journal.command_log import path_to, read_commands
from wargame.journal.folder import Folder
from wargame.language.times import parse_duration
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded
    from wargame.simulation.kernel.consequences import Action

EPOCHS = 1_000_000
"""Where the epochs of look-aheads begin, far from those of forks."""
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class LookaheadRequest:
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
    """Counts actions since STARTEX by their tone, as they are done; those on record already first."""

    def __init__(self, exercise: Exercise) -> None:
        self._first = exercise.calendar.startex
        self.counts = {"hostile actions": 0.0, "friendly actions": 0.0}
        for record in exercise.records():
            if record[2] == "action" and record[1] >= self._first:
                self._count(float(record[6].get("goldstein", 0.0)))
        exercise.observers.actions.append(self._done)

    def _done(self, action: Action) -> None:
        if action.time >= self._first:
            self._count(action.weight)

    def _count(self, weight: float) -> None:
        if weight:
            self.counts["hostile actions" if weight < 0 else "friendly actions"] += 1


def measures(exercise: Exercise, tones: Tones) -> dict[str, float]:
    """Where an exercise stands: the world's indicators, and actions since STARTEX by their tone."""
    world = exercise.context.world
    found = {s.name: world.get(s.name) for s in world.slots if not s.index and not s.name.startswith(("belief", "var"))}
    return {**found, **tones.counts}


def play_on(exercise: Exercise, number: int, question: LookaheadRequest, *, proposed: bool) -> ForkedFuture:
    """One future: what was undecided is drawn anew by its number, all seats but scripted ones are the model's."""
    exercise.apply(Command(kind="epoch", data={"number": EPOCHS + number}))
    if proposed and question.proposal is not None:
        exercise.apply(question.proposal)
    for name, government in exercise.governments.items():
        if government.seat == "human":
            exercise.apply(Command(kind="seat", data={"government": name, "kind": "model"}))
    tones = Tones(exercise)
    exercise.context.log.hush()
    exercise.advance(question.to)
    return ForkedFuture([name for name, t in exercise.outcomes.items() if t is not None], measures(exercise, tones))


# --- many futures ----------------------------------------------------------------------------------


def futures(
    make: Callable[[], Exercise], question: LookaheadRequest, *, proposed: bool, jobs: int
) -> list[ForkedFuture]:
    """All futures by number; forked from one exercise where the platform can, else each made from the start."""
    if not hasattr(os, "fork"):
        return [play_on(make(), number, question, proposed=proposed) for number in range(question.n)]
    exercise = make()

    def one(number: int) -> bytes:
        return forked(lambda: msgspec.json.encode(play_on(exercise, number, question, proposed=proposed)))

    return many(one, question.n, jobs)


# --- answers ---------------------------------------------------------------------------------------


def share(met: int, n: int) -> tuple[float, float, float]:
    """A share with Wilson's interval at 95 percent."""
    p, z2 = met / n, Z95 * Z95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return p, max(0.0, middle - half), min(1.0, middle + half)


def forecast_lines(exercise: Exercise, found: list[ForkedFuture]) -> list[str]:
    """Outcomes by their probability, those met already left out; those that no future has met in one line."""
    titles, n = exercise.context.scenario.outcomes, len(found)
    rows, never = [], []
    for name in titles:
        if exercise.outcomes[name] is None:
            met = sum(name in future.met for future in found)
            p, low, high = share(met, n)
            shown = "<1%" if 0 < p < 0.01 else f"{p:.0%}"
            interval = f"({low:.0%} to {high:.0%})"
            rows.append((-p, name, f"{shown:>4} {interval:<14}  {titles[name].title}"))
            never += [name] if not met else []
    if not rows:
        return ["Every outcome has been met already."]
    none = "; ".join(titles[name].title for name in sorted(never))
    tail = [f"in none of {n} (0% to {share(0, n)[2]:.0%}): {none}"] if never else []
    return [*(row for _, name, row in sorted(rows) if name not in never), *tail]


def whatif_lines(exercise: Exercise, without: list[ForkedFuture], given: list[ForkedFuture]) -> list[str]:
    """Paired differences: the same draws with the command and without it; what shows none only by name."""
    both = list(zip(without, given, strict=True))
    open_ones = [name for name in exercise.context.scenario.outcomes if exercise.outcomes[name] is None]
    shares: dict[str, Pairs] = {o: [(float(o in a.met), float(o in b.met)) for a, b in both] for o in open_ones}
    levels: dict[str, Pairs] = {m: [(a.measures[m], b.measures[m]) for a, b in both] for m in sorted(given[0].measures)}
    clear = surely({name: chance_of_shares(pairs) for name, pairs in shares.items()}
                   | {name: chance_of_levels(pairs) for name, pairs in levels.items()})  # fmt: skip
    told = {name: called(exercise, name) for name in (*shares, *levels)}
    wide = min(WIDEST, max((len(told[name]) for name in clear), default=0))
    rows = [f"{'':<{wide}}  {'without':>8} {'with':>8}  difference"]
    rows += [
        f"{told[name]:<{wide}}  {_mean(pairs, 0):>8.0%} {_mean(pairs, 1):>8.0%}  {_changed(pairs)}"
        for name, pairs in shares.items()
        if name in clear
    ]
    rows += [
        f"{told[name]:<{wide}}  {_mean(pairs, 0):>8.2f} {_mean(pairs, 1):>8.2f}  {_difference(pairs)}"
        for name, pairs in levels.items()
        if name in clear
    ]
    if not clear:
        rows = ["Nothing differs clearly."]
    same = [told[name] for name in (*shares, *levels) if name not in clear]
    return [*rows, *([f"no clear difference: {'; '.join(same)}"] if same else [])]


WIDEST = 40
"""Columns up to which names are lined up."""


def called(exercise: Exercise, name: str) -> str:
    """An outcome or a measure by its title."""
    scenario = exercise.context.scenario
    spec = scenario.outcomes.get(name) or scenario.indicators.get(name)
    return spec.title if spec else name.replace("_", " ")


Pairs = list[tuple[float, float]]
"""A number without and with the command, under the same draws."""
SURE = 0.05


def surely(chances: dict[str, float]) -> set[str]:
    """The names whose p-values stand up among all that were compared (Holm 1979)."""
    clear: set[str] = set()
    for place, name in enumerate(sorted(chances, key=lambda name: (chances[name], name))):
        if chances[name] * (len(chances) - place) >= SURE:
            break
        clear.add(name)
    return clear


def chance_of_shares(pairs: Pairs) -> float:
    """The p-value of a difference of shares: the exact test of those pairs that differ (McNemar 1947)."""
    up, down = (sum(a < b for a, b in pairs), sum(a > b for a, b in pairs))
    n = up + down
    tail = sum(comb(n, k) for k in range(min(up, down) + 1)) / 2.0**n
    return min(1.0, 2.0 * tail)


def chance_of_levels(pairs: Pairs) -> float:
    """The p-value of a mean difference, for as many pairs as are played here normal."""
    mean, half = _interval(pairs)
    if not half:
        return float(not mean)
    return float(erfc(abs(mean) / (half / Z95) / sqrt(2.0)))


def _changed(pairs: Pairs) -> str:
    up, down = (sum(a < b for a, b in pairs), sum(a > b for a, b in pairs))
    return f"{_mean(pairs, 1) - _mean(pairs, 0):+.0%} (in {up} only with it, in {down} only without)"


def _interval(pairs: Pairs) -> tuple[float, float]:
    each = [b - a for a, b in pairs]
    mean, n = sum(each) / len(each), len(each)
    return mean, Z95 * sqrt(sum((d - mean) ** 2 for d in each) / max(n - 1, 1) / n)


def _mean(pairs: Pairs, side: int) -> float:
    return sum(pair[side] for pair in pairs) / len(pairs)


def _difference(pairs: Pairs) -> str:
    mean, half = _interval(pairs)
    return f"{mean:+.2f} ({mean - half:+.2f} to {mean + half:+.2f})"


def where_lines(exercise: Exercise, found: list[ForkedFuture]) -> list[str]:
    """The percentile of this exercise among unattended runs, measure by measure, where they differ."""
    here, n = measures(exercise, Tones(exercise)), len(found)
    rows = [f"Of {n} unattended runs at the same moment, so many percent stand below this exercise:"]
    for name in sorted(here):
        others = [future.measures[name] for future in found]
        if any(abs(value - here[name]) >= ALIKE for value in others):
            below = sum(value < here[name] for value in others) + 0.5 * sum(value == here[name] for value in others)
            stands = f"{100 * below / n:>3.0f}%  here {here[name]:>6.2f}, median {_median(others):>6.2f}"
            rows.append(f"{stands}  {called(exercise, name)}")
    return rows if len(rows) > 1 else [*rows, "nothing differs"]


ALIKE = 0.005
"""Measures nearer to one another look the same when printed."""


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


# --- the helper process ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookaheadOrigin:
    """A moment of an exercise on disk: its line and the second at which the clock stands."""

    loaded: Loaded
    seed: int
    settings: Settings
    path: tuple[Any, ...]
    now: int

    @classmethod
    def of(cls, folder: Folder, line: int, now: int) -> LookaheadOrigin:
        """Reads the folder and writes nothing."""
        return cls.opened(folder)(line, now)

    @classmethod
    def opened(cls, folder: Folder) -> Callable[[int, int], LookaheadOrigin]:
        """Reads what does not change while an exercise runs; what is returned reads the commands up to a line."""
        manifest = folder.manifest()
        loaded, settings = inputs_of(folder, manifest), settings_of(folder, manifest)

        def moment(line: int, now: int) -> LookaheadOrigin:
            path = path_to(read_commands(folder.commands), line)
            return cls(loaded, manifest.seed, settings, tuple(path), now)

        return moment

    def make(self) -> Exercise:
        """The exercise, re-simulated to this moment."""
        exercise = Exercise(self.loaded, self.seed, self.settings)
        for _ in replay(exercise, self.path):
            pass
        exercise.advance(self.now)
        return exercise

    def unattended(self, number: int) -> ForkedFuture:
        """The same scenario played by the model alone, with draws of its own, to this moment."""
        settings = {**self.settings.as_dict(), "replication": EPOCHS + number, "seats": [], "journal": "none"}
        exercise = Exercise(self.loaded, self.seed, Settings.from_dict(settings))
        tones = Tones(exercise)
        exercise.advance(self.now)
        return ForkedFuture([name for name, t in exercise.outcomes.items() if t is not None], measures(exercise, tones))


def answer(moment: LookaheadOrigin, kind: str, horizon: str, n: int, words: list[str], jobs: int) -> list[str]:
    """The lines that answer a question."""
    return list(answers(moment, kind, horizon, n, words, jobs))[-1].lines


class Answer(msgspec.Struct):
    """The lines that answer a question, from so many futures: of a beginning of them first, then of all."""

    n: int
    lines: list[str]


def answers(moment: LookaheadOrigin, kind: str, horizon: str, n: int, words: list[str], jobs: int) -> Iterator[Answer]:
    """A first answer from `FIRST` futures, if there are to be at least twice as many, and the answer from all."""
    exercise = moment.make()
    to = min(moment.now + parse_duration(horizon), exercise.end)
    question = LookaheadRequest(kind, to, n, proposal(exercise, words) if words else None)

    def one(number: int) -> bytes:
        if kind == "where":
            return msgspec.json.encode([moment.unattended(number)])
        sides = (False, True) if kind == "whatif" else (False,)
        return b"[" + b",".join(_one(moment, exercise, number, question, proposed=side) for side in sides) + b"]"

    found: list[list[ForkedFuture]] = []
    for encoded in in_order(one, n, jobs):
        found.append(msgspec.json.decode(encoded, type=list[ForkedFuture]))
        if len(found) == FIRST and n >= 2 * FIRST:
            yield Answer(FIRST, _lines(exercise, kind, found))
    yield Answer(n, _lines(exercise, kind, found))


FIRST = 50
"""Futures after which a first answer is given. A fixed number, so that what they hold cannot choose the moment."""


def _one(
    moment: LookaheadOrigin, exercise: Exercise, number: int, question: LookaheadRequest, *, proposed: bool
) -> bytes:
    """One future from this moment: in a fork where the platform can, else re-simulated from the start."""
    if hasattr(os, "fork"):
        return forked(lambda: msgspec.json.encode(play_on(exercise, number, question, proposed=proposed)))
    return msgspec.json.encode(play_on(moment.make(), number, question, proposed=proposed))


def _lines(exercise: Exercise, kind: str, found: list[list[ForkedFuture]]) -> list[str]:
    first = [sides[0] for sides in found]
    if kind == "where":
        return where_lines(exercise, first)
    return (
        forecast_lines(exercise, first) if kind == "forecast" else whatif_lines(exercise, first, [s[1] for s in found])
    )


def main(arguments: list[str]) -> None:
    """Makes ready, reads one question from standard input (a list of words as JSON), and answers it.

    Each `Answer` is a line of JSON on standard output.
    """
    (run,) = arguments
    os.nice(5) if hasattr(os, "nice") else None
    moment = LookaheadOrigin.opened(Folder(Path(run)))
    moment(0, 0).make()  # what is made once for a scenario is there then
    gc.freeze()
    gc.disable()
    asked = sys.stdin.buffer.readline()
    if not asked:
        return
    line, now, kind, horizon, n, *words = msgspec.json.decode(asked, type=list[str])
    for found in answers(moment(int(line), int(now)), kind, horizon, int(n), words, cores()):
        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
