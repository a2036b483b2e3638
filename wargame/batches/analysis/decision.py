"""Which policy is best over many states, when it fails, what to watch, and what it is worth to know a number first.

Policies are the arms of a batch, states the points of its design. All arms of one replication have the same state and
draws. Sources: Savage 1951 (regret); Lempert, Popper and Bankes 2003 (robust decisions).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from wargame.batches.analysis.estimates import values_of
from wargame.batches.study.model import DecisionQuestion
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.scenario.model.measures import Parsed
from wargame.statistics.differences import paired
from wargame.statistics.discovery import Box, discover, foretell, resampled, split_regret, within, worth
from wargame.statistics.intervals import Floats

if TYPE_CHECKING:
    from wargame.batches.api import Batch

MOST_RUNS = 20
"""Runs that are named for a number."""
MOST_ACTS = 5


class Regret(msgspec.Struct, frozen=True, kw_only=True):
    """The loss of goal for having chosen this policy in place of the best one of each state, 0 or more.

    `naive` takes the best one from the same runs and is too large by chance. `split` takes it from the half of the runs
    on which the loss is not measured and is too small; None with one run a state. `q90` and `max` are over states.
    """

    naive: float
    split: float | None
    q90: float
    max: float


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """One arm: the mean of the goal over `n` states with a 95 % interval, and the share of runs without failure.

    `behind` is by how much it is behind the best policy, in pairs, with an interval; `equal` says that it may be behind
    by no more than the indifference.
    """

    name: str
    goal: float
    low: float
    high: float
    n: int
    regret: Regret
    satisfies: float | None
    behind: tuple[float, float, float]
    equal: bool


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """An act in `inside` of the `of_inside` failing runs, and in `outside` of the `of_outside` that do not fail."""

    who: str
    option: str
    inside: int
    of_inside: int
    outside: int
    of_outside: int


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """Where one policy fails: the share of runs, the box if there is one with its limits by factor, and runs.

    `runs` are replications of the arm that fail inside the box, or anywhere without a box; at most twenty.
    """

    name: str
    failures: float
    box: Box | None
    limits: dict[str, tuple[float, float]]
    runs: list[int]
    acts: list[Act]


class Observable(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator early in the run, and how well it foretells the failure of an arm."""

    observable: str
    arm: str
    auc: float
    rises: bool
    shuffled: float


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """What it is worth to know a factor before choosing; `null` is what chance shows."""

    factor: str
    evppi: float
    low: float
    high: float
    null: float


class Unmoved(msgspec.Struct, frozen=True, kw_only=True):
    """A measure in which no arm differs from the best policy for sure; its smallest and its largest mean."""

    measure: str
    low: float
    high: float


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """The answers to one question, with the best policy first."""

    format: str = "wargame-decision/1"
    goal: str
    fails: str | None
    indifference: float
    policies: list[Policy]
    equal: list[str]
    fails_in: list[Failing]
    watch: list[Observable]
    worth: list[Factor]
    unmoved: list[Unmoved]
    states: int
    runs: int
    failed: int


def decide(batch: Batch, question: DecisionQuestion) -> Decided:
    """Return the answers to a question about a batch; UsageFault if it lacks a measure, or has nothing to compare."""
    return _Decision(batch, question).answers()


class _Decision:
    """The numbers of a batch by arm, state and run of the state."""

    def __init__(self, batch: Batch, question: DecisionQuestion) -> None:
        self.batch, self.question, self.table = batch, question, batch.table
        self.arms, points = self.table.arms, batch.prepared.points
        if len(self.arms) < 2:
            raise UsageFault("a decision needs at least two arms, the policies to choose from")
        self.goal = batch.measure(question.measure)
        self.fails = batch.measure(question.fails) if question.fails else None
        count = len(points.values) if points is not None else self.table.shape[1]
        self.factors: tuple[str, ...] = points.names if points is not None else ()
        self.states = np.array(points.values) if points is not None else np.zeros((count, 0))
        whole = self.table.shape[1] // count * count
        good = self.table.ok[:, :whole].all(axis=0)
        self._shape = (len(self.arms), whole // count, count)
        self.goals = np.where(good, self._values(self.goal)[:, :whole], np.nan).reshape(self._shape)
        if not good.any():
            raise UsageFault("no state has a run of every arm")

    def _values(self, measure: Parsed) -> Floats:
        return np.stack([values_of(self.table, measure, arm) for arm in self.arms])

    def answers(self) -> Decided:
        """Return all answers."""
        with np.errstate(invalid="ignore"):
            by_state = np.nanmean(self.goals, axis=1) if self._shape[1] > 1 else self.goals[:, 0]
        known = ~np.isnan(by_state).any(axis=0)
        means = by_state[:, known]
        order = sorted(range(len(self.arms)), key=lambda i: (-means[i].mean(), self.arms[i]))
        failing = self._failing()
        policies = [self._policy(i, order[0], means, failing) for i in order]
        return Decided(
            goal=self.goal.name,
            fails=self.fails.name if self.fails else None,
            indifference=self.question.indifference,
            policies=policies,
            equal=[each.name for each in policies[1:] if each.equal],
            fails_in=[self._where(i, failing[i], known) for i in order] if failing is not None else [],
            watch=list(self._foretold(failing)) if failing is not None else [],
            worth=self._worth(means, known),
            unmoved=list(self._unmoved(order[0])),
            states=int(known.sum()),
            runs=int(self.table.there.sum()),
            failed=int((self.table.there & ~self.table.ok).sum()),
        )

    def _policy(self, i: int, best: int, means: Floats, failing: Floats | None) -> Policy:
        key = f"{self.batch.prepared.study.seed} {self.arms[i]}"
        low, high = resampled(means.shape[1], key, lambda picked: float(means[i, picked].mean()))
        gap = paired(means[best], means[i], share=False)
        behind = (gap.estimate, gap.low, gap.high) if i != best else (0.0, 0.0, 0.0)
        satisfies = None if failing is None else 1.0 - float(np.nanmean(failing[i]))
        return Policy(
            name=self.arms[i],
            goal=float(means[i].mean()),
            low=low,
            high=high,
            n=means.shape[1],
            regret=self._regret(i, means),
            satisfies=satisfies,
            behind=behind,
            equal=not behind[1] > self.question.indifference,
        )

    def _regret(self, i: int, means: Floats) -> Regret:
        lost = means.max(axis=0) - means[i]
        q90, most = float(np.quantile(lost, 0.9)), float(lost.max())
        return Regret(naive=float(lost.mean()), split=split_regret(self.goals, i), q90=q90, max=most)

    # --- failure -------------------------------------------------------------------------------

    def _failing(self) -> Floats | None:
        """Return 1 for each run that fails and 0 for others, by arm, run and state; NaN for failed runs."""
        if not self.fails:
            return None
        values = self._values(self.fails)[:, : self._shape[1] * self._shape[2]].reshape(self._shape)
        return np.where(np.isnan(values), np.nan, (values > 0.0).astype(float))

    def _where(self, i: int, failing: Floats, known: Any) -> Failing:
        with np.errstate(invalid="ignore"):
            shares = np.nanmean(failing, axis=0) if self._shape[1] > 1 else failing[0]
        usable = known & ~np.isnan(shares)
        key = f"{self.batch.prepared.study.seed} {self.arms[i]}"
        box = discover(self.states[usable], shares[usable], key) if self.factors and usable.any() else None
        inside = within(self.states, box.limits if box else ())
        hit = (np.nan_to_num(failing) > 0.0) & inside
        numbers = np.flatnonzero(hit.ravel())
        limits = {self.factors[limit.column]: (limit.low, limit.high) for limit in box.limits} if box else {}
        return Failing(
            name=self.arms[i],
            failures=float(np.nanmean(failing)),
            box=box,
            limits=limits,
            runs=numbers[:MOST_RUNS].tolist(),
            acts=self._acts(self.arms[i], numbers, np.flatnonzero((failing == 0.0).ravel())),
        )

    def _acts(self, arm: str, inside: Any, outside: Any) -> list[Act]:
        """Return what the failing runs did more often than those that do not fail, the largest difference first."""
        if not self.batch.prepared.study.events or not len(inside) or not len(outside):
            return []
        rows = self._events[self._events["arm"] == arm]
        seen = rows[["replication", "who", "option"]].drop_duplicates()
        acts = []
        for (who, option), each in seen.groupby(["who", "option"]):
            had = each["replication"].to_numpy()
            counts = int(np.isin(inside, had).sum()), int(np.isin(outside, had).sum())
            act = Act(
                who=who,
                option=option,
                inside=counts[0],
                of_inside=len(inside),
                outside=counts[1],
                of_outside=len(outside),
            )
            acts.append((counts[0] / len(inside) - counts[1] / len(outside), act))
        acts.sort(key=lambda pair: -pair[0])
        return [act for gain, act in acts[:MOST_ACTS] if gain >= 0.1]

    @property
    def _events(self) -> Any:
        return self.batch.events()

    def _foretold(self, failing: Floats) -> Iterator[Observable]:
        """Yield the indicators to watch that foretell failure better than chance, the best first."""
        watch, found = self.question.watch, []
        if not watch.paths:
            return
        series = self.batch.series()
        early = series[series["day"] <= watch.until / DAY]
        last = early.sort_values("day").groupby(["arm", "replication"])[list(watch.paths)].last()
        for i, arm in enumerate(self.arms):
            failed = failing[i].ravel()
            values = last.loc[arm].reindex(range(len(failed)))
            for path in watch.paths:
                usable = ~np.isnan(failed)
                told = foretell(values[path].to_numpy(float)[usable], failed[usable] > 0.0, f"{arm} {path}")
                if isfinite(told.area) and told.area > told.shuffled:
                    found.append(
                        Observable(observable=path, arm=arm, auc=told.area, rises=told.rises, shuffled=told.shuffled)
                    )
        yield from sorted(found, key=lambda each: -each.auc)

    # --- states --------------------------------------------------------------------------------

    def _worth(self, means: Floats, known: Any) -> list[Factor]:
        rows = []
        for column, name in enumerate(self.factors):
            value = worth(means, self.states[known, column], f"{self.batch.prepared.study.seed} {name}")
            rows.append(Factor(factor=name, evppi=value.estimate, low=value.low, high=value.high, null=value.null))
        return sorted(rows, key=lambda each: -each.evppi)

    def _unmoved(self, best: int) -> Iterator[Unmoved]:
        """Yield the measures in which no arm differs from the best policy."""
        for measure in self.batch.prepared.measures:
            if measure in (self.goal, self.fails) or measure.kind != "share":
                continue
            values = self._values(measure)
            gaps = (paired(each, values[best], share=True) for i, each in enumerate(values) if i != best)
            if all(gap.low <= 0.0 <= gap.high for gap in gaps):
                means = np.nanmean(values, axis=1)
                yield Unmoved(measure=measure.name, low=float(means.min()), high=float(means.max()))
