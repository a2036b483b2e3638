"""What moments changed: each against its alternative, by playing both on many times.

The search is told from the estimate. A first round looks at all candidates and, alike, at ordinary moments
(placebos): what they seem to change is noise. Candidates that stand above all of it are estimated again on
fresh draws, for the one outcome that the first round pointed at, so that the luck that chose them does not
count. Both arms of a pair share their draws.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from time import perf_counter
from typing import Any

from wargame.errors import UsageFault
from wargame.executor.processes import cores, on_cores
from wargame.executor.work import Chunk, Died, Executor, Job
from wargame.futures.counterfactual import Future, FuturesPayload, Intervention, Past, play, prepare, work
from wargame.journal import sentences as phrases
from wargame.journal.records import Record
from wargame.review.findings.candidates import candidates, placebos
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.source import RunSource
from wargame.review.findings.titles import title_of_option

Progress = Callable[[int, int], None]
FRESH = 100_000
"""Draws of the second round are numbered from here: none of the first round comes again."""
CONFIDENCE = 0.95
CHUNK = 4
SLOWER = 1.15
"""Workers that share a machine take so much longer than one alone."""


@dataclass(frozen=True, slots=True)
class EffectsPlan:
    """How much a depth may cost: candidates and placebos with `first` pairs each, then `kept` with `second`."""

    candidates: int
    placebos: int
    first: int
    kept: int
    second: int

    @property
    def runs(self) -> int:
        """Runs at most."""
        return 2 * ((self.candidates + self.placebos) * self.first + self.kept * self.second)


PLANS = {"quick": EffectsPlan(5, 4, 12, 2, 32), "full": EffectsPlan(12, 12, 60, 6, 240)}


@dataclass(frozen=True, slots=True)
class EffectEstimate:
    """The change in the chance of an outcome, as it was less otherwise, with a 95 % interval over `n` pairs."""

    outcome: str
    n: int
    as_it_was: float
    otherwise: float
    difference: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether the interval leaves out no effect at all."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class RunMoment:
    """A turn with what the rounds say of it; `estimate` is None where the first round was not enough."""

    turn: Intervention
    what: str
    why: str
    at: str
    day: float
    alternative: str
    command: str
    seemed: float
    estimate: EffectEstimate | None


@dataclass(frozen=True, slots=True)
class MomentEffects:
    """All that was measured, the largest effects first."""

    told_moments: tuple[RunMoment, ...]
    noise: float
    plan: EffectsPlan
    depth: str
    titles: Mapping[str, str]

    @property
    def told(self) -> str:
        """In a sentence, what the rounds found."""
        shown = sum(moment.estimate is not None and moment.estimate.shown for moment in self.told_moments)
        tested = len(self.told_moments)
        if not tested:
            return "No moment of this run has an alternative that can be played."
        level = (
            f"Ordinary moments seemed to change an outcome by up to {100 * self.noise:.0f} points: that is the noise."
        )
        if not shown:
            return f"{level} None of the {tested} candidates is shown to have changed the chance of an outcome."
        return f"{level} Of {tested} candidates {shown} changed the chance of an outcome by more, on fresh draws too."

    @property
    def moments(self) -> list[Row]:
        """Rows for the summary: measured effects first, each told with its numbers."""
        return [
            {"seq": m.turn.seq, "at": m.at, "day": m.day, "what": m.what, "why": m.why, "effect": self._sentence(m)}
            for m in self.told_moments
        ]

    def _sentence(self, moment: RunMoment) -> str:
        found = moment.estimate
        if found is None:
            return "Not told from ordinary moments."
        title = self.titles.get(found.outcome, phrases.words(found.outcome))
        if not found.shown:
            return f"An effect on the chance of '{title}' is not shown: {_points(found)}."
        return (
            f"Because of this the chance of '{title}' was {found.as_it_was:.0%} and not {found.otherwise:.0%}: "
            f"{_points(found)}."
        )

    def rows(self) -> list[Row]:
        """One row a moment, for tables and notebooks."""
        return [
            {
                "seq": m.turn.seq,
                "at": m.at,
                "day": m.day,
                "what": m.what,
                "alternative": m.alternative,
                "seemed": m.seemed,
                "outcome": m.estimate.outcome if m.estimate else None,
                "pairs": m.estimate.n if m.estimate else self.plan.first,
                "as_it_was": m.estimate.as_it_was if m.estimate else None,
                "otherwise": m.estimate.otherwise if m.estimate else None,
                "difference": m.estimate.difference if m.estimate else None,
                "low": m.estimate.low if m.estimate else None,
                "high": m.estimate.high if m.estimate else None,
                "shown": bool(m.estimate and m.estimate.shown),
                "command": m.command,
            }
            for m in self.told_moments
        ]

    def for_page(self) -> dict[str, Any]:
        """The same in words."""
        method = (
            f"Depth {self.depth}: first round {self.plan.first} pairs for each candidate and for "
            f"{self.plan.placebos} ordinary moments, second round {self.plan.second} pairs on fresh draws for those "
            "that stood above all ordinary ones. Intervals: Agresti and Min, for paired shares, wide enough to hold "
            "together at 95%; one outcome a moment."
        )
        told = [self._worded(m) for m in self.told_moments]
        commands = [{"what": _forked(m), "command": m.command} for m in self.told_moments]
        return {"told": self.told, "method": method, "rows": told, "commands": commands}

    def _worded(self, m: RunMoment) -> Row:
        found = m.estimate
        title = self.titles.get(found.outcome, phrases.words(found.outcome)) if found else ""
        return {
            "seq": m.turn.seq,
            "what": m.what,
            "alternative": m.alternative,
            "outcome": title,
            "as_it_was": f"{found.as_it_was:.0%}" if found else "",
            "otherwise": f"{found.otherwise:.0%}" if found else "",
            "difference": _points(found) if found else f"seemed {phrases.whole(100 * m.seemed)} points",
            "verdict": "within the noise" if not found else "changed it" if found.shown else "not shown",
        }


def _forked(m: RunMoment) -> str:
    """What the command to fork from there plays: with the alternative, or where it has no words for it all anew."""
    changed = "--order" in m.command or "--skip" in m.command
    return f"{m.what}, or: {m.alternative}" if changed else f"{m.what}: many futures from just before, with fresh draws"


def _points(found: EffectEstimate) -> str:
    told, low, high = (phrases.signed(100 * share, 0) for share in (found.difference, found.low, found.high))
    return f"{told} points, 95% interval {low} to {high}"


# --- measuring ---------------------------------------------------------------------------------------------


def measure(source: RunSource, depth: str, progress: Progress | None = None, jobs: int | None = None) -> MomentEffects:
    """Tests the candidate turning points of a run. `depth` is `quick` or `full`; `progress` is told runs done and due.

    Raises Invalid if the frozen inputs are not those of the run, UsageFault if it kept no journal.
    """
    if not source.since:
        raise UsageFault("this run has no journal since its STARTEX: there are no moments to test")
    plan = PLANS[depth]
    turns = candidates(source, plan.candidates)
    ordinary = placebos(source, plan.placebos, {turn.seq for turn in turns})
    counted = _Counted(progress, plan.runs)
    with on_cores(jobs)() as executor:
        first = _round(executor, source, [*turns, *ordinary], range(1, plan.first + 1), counted)
        seemed = {turn: _largest(first[turn]) for turn in first}
        noise = max((seemed[turn][1] for turn in ordinary), default=0.0)
        ranked = sorted(turns, key=lambda turn: (-seemed[turn][1], turn.seq))
        chosen = [turn for turn in ranked if seemed[turn][1] > noise][: plan.kept]
        second = _round(executor, source, chosen, range(FRESH, FRESH + plan.second), counted) if chosen else {}
    found = {turn: estimate(second[turn], seemed[turn][0], len(chosen)) for turn in chosen}
    counted.finish()
    moments = [_moment(source, turn, seemed[turn][1], found.get(turn)) for turn in ranked]
    ordered = sorted(moments, key=lambda m: (not (m.estimate and m.estimate.shown), m.estimate is None, -m.seemed))
    known = source.scenario.outcomes if source.scenario else {}
    return MomentEffects(tuple(ordered), noise, plan, depth, {name: spec.title for name, spec in known.items()})


def forecast(source: RunSource, depth: str, jobs: int | None = None) -> tuple[int, float]:
    """How many runs a depth costs at most, and how many seconds that may take: one is played twice, and timed warm.

    Raises what `measure` raises for a run that cannot be forked.
    """
    plan = PLANS[depth]
    turns = candidates(source, 1) if source.since else []
    if not turns:
        return 0, 0.0
    past = Past(FuturesPayload(source.folder.path.resolve(), ()))
    start = 0.0
    for epoch in (1, 2):
        start = perf_counter()
        play(past, Future(turns[0], otherwise=False, epoch=epoch))
    workers = jobs or cores()
    return plan.runs, (perf_counter() - start) * plan.runs * (SLOWER if workers > 1 else 1.0) / workers


class _Counted:
    """Runs done so far, told on."""

    def __init__(self, progress: Progress | None, due: int) -> None:
        self._progress, self._done, self._due = progress, 0, due

    def add(self, runs: int) -> None:
        self._done += runs
        if self._progress:
            self._progress(self._done, max(self._due, self._done))

    def finish(self) -> None:
        if self._progress:
            self._progress(self._due, self._due)


Pairs = list[tuple[dict[str, bool], dict[str, bool]]]
"""Outcomes as it was and otherwise, under the same draws."""


def _round(
    executor: Executor, source: RunSource, turns: Sequence[Intervention], epochs: range, counted: _Counted
) -> dict[Intervention, Pairs]:
    futures = tuple(Future(turn, otherwise, k) for turn in turns for k in epochs for otherwise in (False, True))
    executor.start(Job(prepare, work, FuturesPayload(source.folder.path.resolve(), futures)))
    played: dict[int, dict[str, bool]] = {}
    for result in executor.results(_chunks(len(futures))):
        if not isinstance(result, Died):
            played.update(result[1])
            counted.add(len(result[1]))
    pairs: dict[Intervention, Pairs] = {turn: [] for turn in turns}
    for number in range(0, len(futures), 2):
        if number in played and number + 1 in played:
            pairs[futures[number].turn].append((played[number], played[number + 1]))
    return pairs


def _chunks(count: int) -> Iterator[Chunk]:
    for start in range(0, count, CHUNK):
        yield tuple(range(start, min(start + CHUNK, count)))


def _largest(pairs: Pairs) -> tuple[str, float]:
    """The outcome that seems to change most, and by how much; an outcome met before the turn cannot."""
    if not pairs:
        return "", 0.0
    changes = {name: abs(sum(a[name] - b[name] for a, b in pairs)) / len(pairs) for name in sorted(pairs[0][0])}
    return max(changes.items(), key=lambda item: item[1], default=("", 0.0))


def estimate(pairs: Pairs, outcome: str, of: int = 1) -> EffectEstimate:
    """The paired difference of an outcome's chance with Agresti and Min's interval (half a pair added to each cell).

    `of` estimates are told together: their intervals are wide enough to hold all at once (Bonferroni).
    """
    z = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / (2 * of))
    n = len(pairs)
    was, other = sum(a[outcome] for a, _ in pairs), sum(b[outcome] for _, b in pairs)
    only_was = sum(a[outcome] and not b[outcome] for a, b in pairs) + 0.5
    only_other = sum(b[outcome] and not a[outcome] for a, b in pairs) + 0.5
    size = n + 2
    middle = (only_was - only_other) / size
    half = z * sqrt(only_was + only_other - (only_was - only_other) ** 2 / size) / size
    low, high = max(-1.0, middle - half), min(1.0, middle + half)
    return EffectEstimate(outcome, n, was / n, other / n, (was - other) / n, low, high)


# --- in words ---------------------------------------------------------------------------------------------------


def _moment(source: RunSource, turn: Intervention, seemed: float, found: EffectEstimate | None) -> RunMoment:
    record = source.index[turn.seq]
    alternative, words = _alternative(source, turn)
    command = shlex.join(["wargame", "fork", source.folder.call, "--at", str(turn.seq), *words, "-n", "100"])
    return RunMoment(
        turn=turn,
        what=_what(source, turn, record),
        why=phrases.because(record, source.index),
        at=record.at,
        day=day(source, record.t),
        alternative=alternative,
        command=command,
        seemed=seemed,
        estimate=found,
    )


def _what(source: RunSource, turn: Intervention, record: Record) -> str:
    if turn.kind not in ("decision", "order"):
        return phrases.headline(record)
    return f"{turn.who} {'decides' if turn.kind == 'decision' else 'orders'}: {_choice(source, turn.name, turn.target)}"


def _choice(source: RunSource, option: str, target: str | None) -> str:
    return title_of_option(source, option) + (f" ({target})" if target else "")


def _alternative(source: RunSource, turn: Intervention) -> tuple[str, list[str]]:
    """In words, and as options of `wargame fork`."""
    if turn.kind == "inject":
        title = source.inject_titles.get(turn.name) or phrases.words(turn.name)
        return f"the inject '{title}' is skipped", ["--skip", turn.name]
    if turn.kind == "hazard":
        return "it does not happen then", []
    if turn.kind == "order":
        return f"the model decides for {turn.who}", []
    if turn.other is None:
        return f"{turn.who} waits", []
    order = " ".join(part for part in (turn.who, turn.other, turn.other_target) if part)
    return f"{turn.who} decides: {_choice(source, turn.other, turn.other_target)}", ["--order", order]
