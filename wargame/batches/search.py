"""Which values of the levers of a study make the best policy: successive halving, and the best again on fresh draws.

The policies that are tried are arms beside those of the study, and all arms share their draws. After each round the
better half goes on; in the last replications, which the search does not see, only what it has found and the best arm of
the study are left. Sources: Jamieson and Talwalkar 2016 (successive halving); Fonseca and Fleming 1993 (ranks of several
goals: by how many others a policy is surpassed in every goal).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from wargame.batches.analysis.estimates import values_of
from wargame.batches.api import BatchOptions
from wargame.batches.decision import means_by_state
from wargame.batches.running.manifest import COMPLETE
from wargame.batches.study.prepared import plain
from wargame.errors import UsageFault
from wargame.statistics.differences import paired
from wargame.statistics.distributions import CONFIDENCE
from wargame.statistics.intervals import Estimate, Floats, mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wargame.batches.api import Batch
    from wargame.batches.running.parts import RunTable
    from wargame.batches.study.model import Search
    from wargame.batches.study.prepared import PreparedStudy


class Searched(msgspec.Struct, frozen=True, kw_only=True):
    """What a search has found.

    `found` has the policies that are left, with their `arm` and, for each goal, its mean in the `search`, on `fresh`
    draws and for the arm `present` there, and the `gain` over it in pairs: estimate, low and high. Intervals are 95 %;
    those of gains are so for all gains together. `better` names the policies that surely gain in one goal and surely
    lose in none. `tried` has all policies, the best first, with their `runs` and the `goals` in the search;
    `rounds` how many policies were left after how many replications. Replications from `fresh_from` on are fresh.
    """

    format: str = "wargame-search/1"
    goals: list[str]
    present: str
    found: list[dict[str, Any]]
    better: list[str]
    tried: list[dict[str, Any]]
    rounds: list[dict[str, int]]
    fresh_from: int
    states: int
    searched: int
    fresh: int
    failed: int


def halving(prepared: PreparedStudy) -> BatchOptions:
    """Return how the batch of a search is run: after each round, arms stop."""
    search = prepared.study.search
    assert search is not None
    rounds = search.rounds(prepared.names)

    def race(table: RunTable, _: int) -> Sequence[str]:
        count = table.shape[1]
        left = [arm for arm in table.arms if arm not in table.manifest.stopped]
        tried, others = search.split(left)
        worse = _ranked(table, search, tried)[rounds[count] :]
        return [*worse, *(_ranked(table, search, others)[1:] if count == max(rounds) else ())]

    return BatchOptions(race=race, looks=tuple(rounds))


def _goals(table: RunTable, search: Search, arm: str) -> list[Floats]:
    measures = {each.name: each for each in table.prepared.measures}
    return [values_of(table, measures[goal], arm) for goal in search.goals]


def _ranked(table: RunTable, search: Search, arms: list[str], until: int | None = None) -> list[str]:
    """Return arms, the best first: those with fewer arms that are better in all goals, then with fewer in each."""
    rows = [[mean(values[:until]).estimate for values in _goals(table, search, arm)] for arm in arms]
    means = np.nan_to_num(np.array(rows), nan=-np.inf)
    ahead = means[None] > means[:, None]
    beaten = ((means[None] >= means[:, None]).all(axis=2) & ahead.any(axis=2)).sum(axis=1)
    behind = ahead.sum(axis=(1, 2))
    return [arms[i] for i in sorted(range(len(arms)), key=lambda i: (beaten[i], behind[i], arms[i]))]


def search_result(batch: Batch) -> Searched:
    """Return what a search has found; UsageFault if the batch is none, or is not complete."""
    table, prepared, stopped = batch.table, batch.prepared, batch.manifest.stopped
    search = prepared.study.search
    if search is None or not stopped or batch.ended != COMPLETE:
        raise UsageFault(f"{batch.call} has no complete search: run wargame search, or continue it with --resume")
    tried, others = search.split(table.arms)
    (present,) = (arm for arm in others if arm not in stopped)
    rounds = search.rounds(table.arms)
    seen = max(rounds)
    left = _ranked(table, search, [arm for arm in tried if arm not in stopped], seen)
    found = [_found(table, search, arm, present, seen, len(left)) for arm in left]
    runs = {arm: stopped.get(arm, seen) for arm in tried}
    order = sorted(_ranked(table, search, tried, seen), key=lambda arm: -runs[arm])
    return Searched(
        goals=list(search.goals),
        present=present,
        found=found,
        better=[each["name"] for each in found if _is_better(each["goals"])],
        tried=[{"name": arm, "runs": runs[arm], "goals": _means(table, search, arm, seen)} for arm in order],
        rounds=[{"replications": count, "left": left} for count, left in rounds.items()],
        fresh_from=seen,
        states=len(prepared.points.values) if prepared.points else 0,
        searched=int(table.there[:, :seen].sum()),
        fresh=int(table.there[:, seen:].sum()),
        failed=int((table.there & ~table.ok).sum()),
    )


def _means(table: RunTable, search: Search, arm: str, until: int) -> list[float]:
    return [mean(values[:until]).estimate for values in _goals(table, search, arm)]


def _found(table: RunTable, search: Search, arm: str, present: str, seen: int, count: int) -> dict[str, Any]:
    """Return one policy with its goals beside those of the present one; there are `count` such policies."""
    sure = 1.0 - (1.0 - CONFIDENCE) / (count * len(search.goals))
    goals = []
    for goal, own, other in zip(search.goals, _goals(table, search, arm), _goals(table, search, present), strict=True):
        fresh, base = _by_state(table, own[seen:]), _by_state(table, other[seen:])
        each = {"search": mean(own[:seen]), "fresh": mean(fresh), "present": mean(base)}
        each["gain"] = paired(fresh, base, share=False, confidence=sure)
        goals.append({"goal": goal} | {name: _triple(estimate) for name, estimate in each.items()})
    study = table.prepared.study
    return {"name": arm, "title": study.arms[arm].title, "arm": plain(study.arms[arm]), "goals": goals}


def _by_state(table: RunTable, values: Floats) -> Floats:
    """Return independent numbers: means over the runs of a state, or single runs where there are no states."""
    points = table.prepared.points
    if points is None:
        return values
    count = len(points.values)
    padded = np.full(-(-len(values) // count) * count, np.nan)
    padded[: len(values)] = values
    means: Floats = means_by_state(padded.reshape(1, -1, count))[0]
    return means


def _triple(estimate: Estimate) -> list[float]:
    return [estimate.estimate, estimate.low, estimate.high]


def _is_better(goals: list[dict[str, Any]]) -> bool:
    return any(each["gain"][1] > 0.0 for each in goals) and not any(each["gain"][2] < 0.0 for each in goals)
