"""Which values of the levers of a study make the best policy: successive halving, and the best again on fresh draws.

The policies that are tried are arms beside those of the study, and all arms share their draws. After each round the
better half goes on; in the last replications, which the search does not see, only what it has found and the best arm of
the study are left. Sources: Jamieson and Talwalkar 2016 (successive halving); Fonseca and Fleming 1993 (ranks for
several goals).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from wargame.batches.analysis.estimates import units, values_of
from wargame.batches.api import Batch, BatchOptions
from wargame.batches.running.manifest import COMPLETE
from wargame.batches.running.parts import RunTable
from wargame.batches.study.design import rounds, tried
from wargame.batches.study.model import Search
from wargame.batches.study.prepared import PreparedStudy, plain
from wargame.errors import UsageFault
from wargame.statistics.differences import paired
from wargame.statistics.intervals import Floats, mean


def question(prepared: PreparedStudy) -> Search:
    """Return what a study searches; UsageFault if it searches nothing, or has no fresh runs."""
    search = prepared.study.search
    if search is None:
        raise UsageFault(f"{prepared.study.name} names no levers: add `search: {{levers: ..., goals: ...}}` to it")
    if prepared.replications <= (seen := max(rounds(search, prepared.names))):
        raise UsageFault(f"-n {prepared.replications}: the search sees {seen} replications, the next ones are fresh")
    return search


def halving(prepared: PreparedStudy) -> BatchOptions:
    """Return how a search is run: after each round the worse half of its policies stops."""
    left = rounds(question(prepared), prepared.names)

    def race(table: RunTable, _: int) -> Sequence[str]:
        arms, count = [arm for arm in table.arms if arm not in table.manifest.stopped], table.shape[1]
        worse = _ranked(table, tried(arms), count)[left[count] :]
        others = [arm for arm in arms if arm not in tried(arms)]
        return worse + _ranked(table, others, count)[1:] if count == max(left) else worse

    return BatchOptions(race=race, looks=tuple(left))


def _goals(table: RunTable, arm: str) -> list[Floats]:
    measures = {each.name: each for each in table.prepared.measures}
    return [values_of(table, measures[goal], arm) for goal in question(table.prepared).goals]


def _means(table: RunTable, arm: str, until: int) -> list[float]:
    return [mean(values[:until]).estimate for values in _goals(table, arm)]


def _ranked(table: RunTable, arms: list[str], until: int) -> list[str]:
    """Return arms, the best first: by how many are better in every goal, then by how many in single goals."""
    means = np.nan_to_num([_means(table, arm, until) for arm in arms], nan=-np.inf)
    ahead = means[None] > means[:, None]
    beaten = ((means[None] >= means[:, None]).all(axis=2) & ahead.any(axis=2)).sum(axis=1)
    return [arms[i] for i in np.lexsort((arms, ahead.sum(axis=(1, 2)), beaten))]


def searched(batch: Batch) -> dict[str, Any]:
    """Return what a search has found, as `wargame search --json`; UsageFault if the batch is no complete search.

    `found` has the policies that are left with, for each goal, its mean in the `search`, on `fresh` draws and for the
    best arm there (`present`), and the `gain` over it in pairs: estimate, low and high. Those of gains hold for all of
    them together. `better` are the policies that surely gain in one goal and surely lose in none.
    """
    table, prepared, stopped = batch.table, batch.prepared, batch.manifest.stopped
    search = question(prepared)
    if not stopped or batch.ended != COMPLETE:
        raise UsageFault(f"{batch.call} is no complete search: continue it with wargame search {batch.call} --resume")
    left = rounds(search, table.arms)
    seen, order = max(left), _ranked(table, tried(table.arms), max(left))
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
            {"name": arm, "runs": counts[arm], "goals": _means(table, arm, seen)}
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
        goals.append({name: [each.estimate, each.low, each.high] for name, each in every.items()})
    return goals
