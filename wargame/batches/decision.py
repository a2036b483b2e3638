"""The best policy over many states: when it fails, what to watch, and the worth of knowing a number first.

Policies are the arms of a batch, states the points of its design. All arms of one replication have the same state and
draws. Sources: Savage 1951 (regret); Lempert, Popper and Bankes 2003 (robust decisions); Jamieson and Talwalkar 2016
(successive halving); Fonseca and Fleming 1993 (ranks for several goals).
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np

from wargame.batches.analysis.estimates import units, values_of
from wargame.batches.api import Batch, BatchOptions
from wargame.batches.running.manifest import COMPLETE
from wargame.batches.running.parts import RunTable
from wargame.batches.study.design import rounds
from wargame.batches.study.model import DecisionQuestion, Search, Watch
from wargame.batches.study.prepared import PreparedStudy, plain
from wargame.errors import UsageFault, flag, resuming
from wargame.scenario.model.measures import Parsed
from wargame.statistics.discovery import discover, foretell, inside_of, split_regret, worth
from wargame.statistics.intervals import Floats, mean, paired

MOST_RUNS = 20
"""Runs that are named for a number."""
MOST_ACTS = 5
ERROR = 0.05
"""Probability with which a race stops the best policy, at most."""


def race_of(prepared: PreparedStudy) -> BatchOptions:
    """Return how the question of a study is raced."""
    question = prepared.study.asked({})
    return BatchOptions(race=partial(race, prepared.measured[question.measure], question.indifference))


def changes_of(watch: Sequence[str], **asked: Any) -> dict[str, Any]:
    """Return the keys of a study's `decision` that are asked for; `watch` are paths."""
    given = {name: each for name, each in asked.items() if each is not None}
    return given | ({"watch": Watch(paths=tuple(watch))} if watch else {})


def race(measure: Parsed, indifference: float, table: RunTable, looks: int) -> list[str]:
    """Return the arms that are surely behind another one by more than the indifference.

    The level of each test is `ERROR` over looks and arms (Bonferroni), so that the best policy is stopped with a
    probability of at most `ERROR` in the whole race.
    """
    left = (arm for arm in table.arms if arm not in table.manifest.stopped)
    values = {arm: units(table.prepared, values_of(table, measure, arm)) for arm in left}
    best = max(values, key=lambda arm: (np.nanmean(values[arm]), arm))
    sure = 1.0 - 2.0 * ERROR / (looks * max(1, len(table.arms) - 1))
    gaps = {arm: paired(values[best], each, share=False, confidence=sure) for arm, each in values.items()}
    return [arm for arm, gap in gaps.items() if arm != best and gap.low > indifference]


class DecisionNumbers:
    """The numbers of a batch by arm, run of a state, and state; UsageFault if it has nothing to compare."""

    def __init__(self, batch: Batch, question: DecisionQuestion) -> None:
        self.batch, self.question, self.table = batch, question, batch.table
        self.stopped, points = batch.manifest.stopped, batch.prepared.points
        self.arms = tuple(arm for arm in self.table.arms if arm not in self.stopped)
        if len(self.table.arms) < 2:
            raise UsageFault("a decision needs at least two arms, the policies to choose from")
        self.goal = batch.measure(question.measure)
        self.fails = batch.measure(question.fails) if question.fails else None
        count = len(points.values) if points is not None else self.table.shape[1]
        self.factors: tuple[str, ...] = points.names if points is not None else ()
        self.states = np.array(points.values) if points is not None else np.zeros((count, 0))
        self._shape = (len(self.arms), self.table.shape[1] // count, count)
        good = self.table.ok[[self.table.row(arm) for arm in self.arms]].all(axis=0)
        if not good.any():
            raise UsageFault("no state has a run of every arm")
        self.goals = self._by_state(np.where(good, self._values(self.goal), np.nan))
        means = _means(self.goals)
        self.known = ~np.isnan(means).any(axis=0)
        self.means = means[:, self.known]
        self.order = sorted(range(len(self.arms)), key=lambda i: (-self.means[i].mean(), self.arms[i]))

    def _behind(self, arm: str, count: int) -> dict[str, Any]:
        """Return by how much an arm that was stopped is behind the best one, in the runs that it has."""
        best, own = (values_of(self.table, self.goal, each)[:count] for each in (self.arms[self.order[0]], arm))
        gap = paired(best, own, share=False)
        return {"name": arm, "runs": count, "behind": [gap.estimate, gap.low, gap.high]}

    def _values(self, measure: Parsed) -> Floats:
        return np.stack([values_of(self.table, measure, arm) for arm in self.arms])

    def _by_state(self, values: Floats) -> Floats:
        return values[:, : self._shape[1] * self._shape[2]].reshape(self._shape)

    @cached_property
    def failing(self) -> Floats | None:
        """1 for each run that fails and 0 for others, by arm, run and state; NaN for failed runs."""
        if self.fails is None:
            return None
        values = self._by_state(self._values(self.fails))
        return np.where(np.isnan(values), np.nan, (values > 0.0).astype(float))

    def answers(self) -> dict[str, Any]:
        """Return all answers, as `wargame decide --json`: the best policy is first.

        `watch` has indicators that foretell the failure of an arm, with `auc`, `shuffled`, whether failure goes with
        more of it (`rises`), a `threshold` with the runs `below` (or at it) and `above`, and `runs` that it foretold;
        `worth` the factors with `evppi`, `low`, `high` and `null`; `unmoved` the measures that no arm changes for sure,
        with their means; `stopped` the arms that a race has stopped, with their `runs`, and by how much they are
        `behind`. `constant` says that the goal is the same in all runs.
        """
        policies = [self._policy(i) for i in self.order]
        return {
            "format": "wargame-decision/1",
            "goal": self.goal.name,
            "fails": self.fails.name if self.fails else None,
            "indifference": self.question.indifference,
            "constant": bool(np.nanmin(self.goals) == np.nanmax(self.goals)),
            "policies": policies,
            "equal": [each["name"] for each in policies[1:] if each["equal"]],
            "fails_in": [self._where(i, self.failing[i]) for i in self.order] if self.failing is not None else [],
            "watch": sorted(self._foretold(), key=lambda row: -row["auc"]),
            "worth": sorted(self._worth(), key=lambda row: -row["evppi"]),
            "unmoved": list(self._unmoved()),
            "stopped": [self._behind(arm, count) for arm, count in self.stopped.items()],
            "states": int(self.known.sum()),
            "runs": int(self.table.there.sum()),
            "failed": int((self.table.there & ~self.table.ok).sum()),
        }

    def _policy(self, i: int) -> dict[str, Any]:
        """Return one arm: the mean of its goal over `n` states, its regret, and the share of runs without failure.

        `regret` is the loss of goal against the best policy of each state, with the first `run` of the state in which
        it is largest: `naive` takes that from the same runs and is too large by chance, `split` is that of
        `split_regret`; `q90` and `max` are over states. `behind` is by how much it is behind the best one, in pairs,
        with an interval; `equal` says that it may be behind by no more than the indifference.
        """
        lost, goal = self.means.max(axis=0) - self.means[i], mean(self.means[i])
        regret = {"naive": float(lost.mean()), "split": split_regret(self.goals, self.means, i)}
        regret |= {"q90": float(np.quantile(lost, 0.9)), "max": float(lost.max())}
        regret["run"] = int(np.flatnonzero(self.known)[lost.argmax()])
        gap = paired(self.means[self.order[0]], self.means[i], share=False)
        behind = (gap.estimate, gap.low, gap.high) if i != self.order[0] else (0.0, 0.0, 0.0)
        kept = None if self.failing is None else 1.0 - float(np.nanmean(self.failing[i]))
        own = {"name": self.arms[i], "goal": goal.estimate, "low": goal.low, "high": goal.high, "n": goal.n}
        equal = not behind[1] > self.question.indifference
        return own | {"regret": regret, "satisfies": kept, "behind": behind, "equal": equal}

    def _where(self, i: int, failing: Floats) -> dict[str, Any]:
        """Return where one policy fails: the share of runs, the box if there is one, and at most twenty runs.

        `box` has the fields of `discovery.Box`, with the ends of its limits by factor. `runs` are replications that
        fail inside the box, or anywhere without a box. `acts` are what these do more often than runs that do not fail:
        who, option, and `inside` of `of_inside` and `outside` of `of_outside` runs with it.
        """
        shares = _means(failing[None])[0]
        usable = self.known & ~np.isnan(shares)
        key = f"{self.batch.prepared.study.seed} {self.arms[i]}"
        box = discover(self.states[usable], shares[usable], key) if self.factors and usable.any() else None
        inside = (failing > 0.0) & inside_of(self.states, box.limits if box else ())
        numbers = np.flatnonzero(inside.ravel())
        limits = {self.factors[column]: (low, high) for column, low, high in (box.limits if box else ())}
        found = {
            "name": self.arms[i],
            "failures": float(np.nanmean(failing)),
            "box": box and box._asdict() | {"limits": limits},
        }
        acts = self._acts(self.arms[i], numbers, np.flatnonzero((failing == 0.0).ravel()))
        return found | {"runs": numbers[:MOST_RUNS].tolist(), "acts": acts}

    def _acts(self, arm: str, inside: Any, outside: Any) -> list[dict[str, Any]]:
        """Return what the failing runs did more often than those that do not fail, the largest difference first."""
        if not self.batch.prepared.study.events or not len(inside) or not len(outside):
            return []
        rows = self._events[self._events["arm"] == arm]
        acts = []
        for (who, option), each in rows.groupby(["who", "option"])["replication"]:
            had = each.unique()
            counts = {"inside": int(np.isin(inside, had).sum()), "of_inside": len(inside)}
            counts |= {"outside": int(np.isin(outside, had).sum()), "of_outside": len(outside)}
            more = counts["inside"] / len(inside) - counts["outside"] / len(outside)
            acts.append((more, {"who": who, "option": option, **counts}))
        acts.sort(key=lambda pair: -pair[0])
        return [act for more, act in acts[:MOST_ACTS] if more >= 0.1]

    @cached_property
    def _events(self) -> Any:
        return self.batch.events()

    def _foretold(self) -> Iterator[dict[str, Any]]:
        """Yield what foretells failure better than chance, of what is watched."""
        if self.failing is None:
            return
        for path, formula in self.question.observables.items():
            values = self._by_state(self._values(self.batch.measure(formula)))
            for arm, failing, seen in zip(self.arms, self.failing, values, strict=True):
                failed = failing.ravel()
                usable = ~np.isnan(failed)
                auc, chance, rises = foretell(seen.ravel()[usable], failed[usable] > 0.0, f"{arm} {path}")
                if auc > chance:
                    row = {"observable": path, "arm": arm, "rises": rises, "auc": auc, "shuffled": chance}
                    yield row | _sides(seen.ravel(), failed, rises=rises)

    def _worth(self) -> Iterator[dict[str, Any]]:
        for column, name in enumerate(self.factors):
            value = worth(self.means, self.states[self.known, column], f"{self.batch.prepared.study.seed} {name}")
            yield {"factor": name, **value._asdict()}

    def _unmoved(self) -> Iterator[dict[str, Any]]:
        """Yield the measures in which no arm differs from the best policy for sure."""
        for measure in self.batch.prepared.measures if len(self.arms) > 1 else ():
            if measure in (self.goal, self.fails) or measure.kind != "share":
                continue
            values, best = self._values(measure), self.order[0]
            gaps = (paired(each, values[best], share=True) for i, each in enumerate(values) if i != best)
            if all(gap.low <= 0.0 <= gap.high for gap in gaps):
                means = np.nanmean(values, axis=1)
                yield {"measure": measure.name, "low": float(means.min()), "high": float(means.max())}


def _sides(seen: Floats, failed: Floats, *, rises: bool) -> dict[str, Any]:
    """Return the threshold that tells most failing runs from others, with the runs on both sides of it."""
    known = ~np.isnan(seen + failed)
    ends = np.unique(np.quantile(seen[known], np.arange(1, 20) / 20, method="lower"))
    fails, others = seen[known & (failed > 0.0)], seen[known & (failed == 0.0)]
    apart = [abs((fails <= end).mean() - (others <= end).mean()) for end in ends]
    threshold = float(ends[int(np.argmax(apart))])
    sides = {"below": known & (seen <= threshold), "above": known & (seen > threshold)}
    told = np.flatnonzero(sides["above" if rises else "below"] & (failed > 0.0))[:MOST_RUNS].tolist()
    counts = ((name, int(side.sum()), int(failed[side].sum())) for name, side in sides.items())
    rows = {name: {"runs": n, "failures": k, "share": k / n if n else 0.0} for name, n, k in counts}
    return {"threshold": threshold, "runs": told} | rows


def _means(values: Floats) -> Floats:
    """Return means over the runs of each state; NaN for a state without a run."""
    with np.errstate(invalid="ignore"):
        counts = (~np.isnan(values)).sum(axis=1)
        return np.where(counts > 0, np.nansum(values, axis=1) / np.maximum(counts, 1), np.nan)


# --- a search: which values of the levers of a study make the best policy, tried again on draws that it did not see


def question(prepared: PreparedStudy) -> Search:
    """Return what a study searches; UsageFault if it searches nothing, or has no fresh runs."""
    search = prepared.study.search
    if search is None:
        raise UsageFault(f"{prepared.study.name} names no levers: add `search: {{levers: ..., goals: ...}}` to it")
    if prepared.replications <= (seen := max(rounds(search, prepared.names))):
        message = f" {prepared.replications}: the search sees {seen} replications, the next ones are fresh"
        raise UsageFault(flag("n"), message)
    return search


def asked_of(
    *, government: str | None = None, goal: Sequence[str] | None = None, **numbers: int | None
) -> dict[str, Any]:
    """Return the keys of a study's `search` that are asked for; a `government` wants its mean welfare."""
    goals = (*(goal or ()), *([f"mean(welfare({government}))"] if government else ()))
    return {name: each for name, each in {"goals": goals, **numbers}.items() if each}


def halving(prepared: PreparedStudy) -> BatchOptions:
    """Return how a search is run: after each round the worse half of its policies stops."""
    search = question(prepared)
    left = rounds(search, prepared.names)

    def race(table: RunTable, _: int) -> Sequence[str]:
        arms, count = [arm for arm in table.arms if arm not in table.manifest.stopped], table.shape[1]
        worse = _ranked(table, [arm for arm in arms if arm in search.tried], count)[left[count] :]
        others = [arm for arm in arms if arm not in search.tried]
        return worse + _ranked(table, others, count)[1:] if count == max(left) else worse

    return BatchOptions(race=race, looks=tuple(left))


def _goals(table: RunTable, arm: str) -> list[Floats]:
    return [values_of(table, table.prepared.measured[goal], arm) for goal in question(table.prepared).goals]


def _goal_means(table: RunTable, arm: str, until: int) -> list[float]:
    return [mean(values[:until]).estimate for values in _goals(table, arm)]


def _ranked(table: RunTable, arms: list[str], until: int) -> list[str]:
    """Return arms, the best first: by how many are better in every goal, then by how many in single goals."""
    means = np.nan_to_num([_goal_means(table, arm, until) for arm in arms], nan=-np.inf)
    ahead = means[None] > means[:, None]
    beaten = ((means[None] >= means[:, None]).all(axis=2) & ahead.any(axis=2)).sum(axis=1)
    return [arms[i] for i in np.lexsort((arms, ahead.sum(axis=(1, 2)), beaten))]


def searched(batch: Batch) -> dict[str, Any]:
    """Return what a search has found, as `wargame search --json`; UsageFault if the batch is no complete search.

    `found` has the policies that are left with, for each goal, its mean in the `search`, on `fresh` draws and for the
    best arm there (`present`), and the `gain` over it in pairs: estimate, low and high. Those of gains hold for all of
    them together; `lead` is the gain in the search. `better` are the policies that surely gain in one goal and surely
    lose in none.
    """
    table, prepared, stopped = batch.table, batch.prepared, batch.manifest.stopped
    search = question(prepared)
    if not stopped or batch.ended != COMPLETE:
        raise UsageFault(f"{batch.typed} is not complete: continue it with ", resuming("search", batch.typed))
    left = rounds(search, table.arms)
    seen, order = max(left), _ranked(table, list(search.tried), max(left))
    (present,) = (arm for arm in table.arms if arm not in stopped and arm not in order)
    found = [arm for arm in order if arm not in stopped]
    sure = 1.0 - 0.05 / (len(found) * len(search.goals))
    each = {arm: _compared(table, (arm, present), seen, sure) for arm in found}
    gains = {arm: [goal["gain"] for goal in goals] for arm, goals in each.items()}
    sides = {arm: (max(low for _, low, _ in every), min(high for *_, high in every)) for arm, every in gains.items()}
    arms, counts = prepared.study.arms, {arm: stopped.get(arm, seen) for arm in order}
    return {
        "format": "wargame-search/1",
        "goals": list(search.goals),
        "present": present,
        "found": [{"name": arm, "arm": plain(arms[arm]), "goals": goals} for arm, goals in each.items()],
        "better": [arm for arm, (gain, loss) in sides.items() if gain > 0.0 and not loss < 0.0],
        "tried": [
            {"name": arm, "runs": counts[arm], "goals": _goal_means(table, arm, seen)}
            for arm in sorted(order, key=lambda arm: -counts[arm])
        ],
        "rounds": [{"replications": count, "left": size} for count, size in left.items()],
        "searched": int(table.there[:, :seen].sum()),
        "fresh": int(table.there[:, seen:].sum()),
        "failed": int((table.there & ~table.ok).sum()),
    }


def _compared(table: RunTable, arms: tuple[str, str], seen: int, sure: float) -> list[dict[str, list[float]]]:
    """Return each goal of a policy beside that of the present one."""
    goals = []
    for own, other in zip(*(_goals(table, arm) for arm in arms), strict=True):
        fresh, base = (units(table.prepared, values[seen:]) for values in (own, other))
        every = {"search": mean(own[:seen]), "fresh": mean(fresh), "present": mean(base)}
        every["gain"] = paired(fresh, base, share=False, confidence=sure)
        every["lead"] = paired(own[:seen], other[:seen], share=False)
        goals.append({name: [each.estimate, each.low, each.high] for name, each in every.items()})
    return goals
