"""Action and reaction between governments: how much is routine, how much reciprocity, what a third party adds.

Series are weekly sums of the Goldstein weights of what one government does to another. An action without target is done
to each other government as far as it has a stake in its dossier, which is how the model itself reads it. For a pair
they are fitted by vector autoregression (statsmodels), run by run:

    x(t) = const + sum over lags of own(i) x(t-i) + other(i) y(t-i) + error,   x: a to b, y: b to a.

*Routine* is the sum of the own coefficients, *reciprocity* that of the other's: how much of a lasting change of one
unit a week comes back within so many weeks. Both are means over runs with t intervals, since runs are independent. A
*triangular* effect is the sum of the coefficients of a's actions to b in the equation of c's actions to a.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.batch.study.prepared import Prepared
from wargame.errors import UsageFault
from wargame.evidence.rehearsal.rehearsal import Tell
from wargame.evidence.targets.comparison import declared, try_ways
from wargame.evidence.targets.runs import RunCondition, TargetPlan, observed, play, prepared, story
from wargame.evidence.targets.statistics import Story
from wargame.evidence.targets.store import RunStore, StoredRun
from wargame.executor.work import Chunk, Executor, Job
from wargame.language.times import Time
from wargame.scenario.model.questions import Arm
from wargame.statistics import intervals as statistics
from wargame.statistics.intervals import Estimate, Floats, finite

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded
    from wargame.scenario.model import Scenario

LAGS = 4
"""Weeks that an answer may take: about the thirty days within which disputes are said to be answered."""
WEEKS_A_LAG = 10
"""A run of fewer weeks for each lag is too short to be fitted."""
HOSTILE = -0.3
"""Mean trust at the start at or below which a pair is called hostile."""
Pair = tuple[str, str]
Series = dict[Pair, Floats]


@dataclass(frozen=True, slots=True)
class Directed:
    """What a does to b: how far by routine, how far in answer to what b does to a."""

    actor: str
    target: str
    hostile: bool
    routine: Estimate
    reciprocity: Estimate


@dataclass(frozen=True, slots=True)
class Triangle:
    """What `third` does to `actor` in answer to what `actor` does to `target`."""

    third: str
    actor: str
    target: str
    effect: Estimate


@dataclass(frozen=True, slots=True)
class Relations:
    """All pairs in both directions, and triangles of allies and patrons."""

    runs: int
    failed: int
    weeks: int
    lags: int
    pairs: tuple[Directed, ...]
    triangles: tuple[Triangle, ...]


# --- series ------------------------------------------------------------------------------------------


def weekly(told_story: Story, stakes: Mapping[str, Mapping[str, float]]) -> Series:
    """The series of each ordered pair, whole weeks only; `stakes` has option to government to share."""
    weeks, weights = int(told_story.days // 7), told_story.weights or {}
    names = told_story.governments
    made = {(a, b): np.zeros(weeks) for a in names for b in names if a != b}
    for event in told_story.events:
        week = int(event.day // 7)
        if event.forum or week >= weeks:
            continue
        weight = weights[event.what]
        shares = {event.whom: 1.0} if event.whom else stakes.get(event.what, {})
        for other, share in shares.items():
            if (event.who, other) in made:
                made[event.who, other][week] += weight * share
    return made


def stakes_of(scenario: Scenario) -> dict[str, dict[str, float]]:
    """For each option without targets, what it means to each government: its stake in the dossier."""
    return {
        name: {
            who: government.dossiers[option.dossier].stake
            for who, government in scenario.governments.items()
            if option.dossier in government.dossiers
        }
        for name, option in scenario.options.items()
        if not option.to
    }


# --- fitting -----------------------------------------------------------------------------------------


def reactions(columns: Sequence[Floats], lags: int) -> Floats | None:
    """Sums over lags of the coefficients of a vector autoregression: equation × regressor.

    None where a series never moves, or is too short: such a run tells nothing of the pair.
    """
    data = np.column_stack(columns)
    if len(data) < WEEKS_A_LAG * lags or (data.std(axis=0) == 0).any():
        return None
    try:
        from statsmodels.tsa.api import VAR
    except ImportError:
        raise UsageFault("relations need statsmodels (pip install 'crisis-wargame[evidence]')") from None
    fitted = VAR(data).fit(lags, trend="c")
    made: Floats = np.asarray(fitted.coefs).sum(axis=0)
    return made


def pooled(numbers: Sequence[float]) -> Estimate:
    """The mean over runs, with its t interval."""
    return statistics.mean(np.array(numbers, dtype=float))


def directed(runs: Sequence[Series], pair: Pair, hostile: bool, lags: int) -> Iterator[Directed]:
    """Both directions of a pair."""
    a, b = pair
    found = [made for run in runs if (made := reactions([run[a, b], run[b, a]], lags)) is not None]
    for place, (actor, target) in enumerate(((a, b), (b, a))):
        own, other = ([float(made[place, i]) for made in found] for i in (place, 1 - place))
        yield Directed(actor, target, hostile, pooled(own), pooled(other))


def triangle(runs: Sequence[Series], third: str, actor: str, target: str, lags: int) -> Triangle:
    """The reaction of a third to what an actor does to a target."""
    columns = ((third, actor), (actor, third), (actor, target))
    found = [made for run in runs if (made := reactions([run[each] for each in columns], lags)) is not None]
    return Triangle(third, actor, target, pooled([float(made[0, 2]) for made in found]))


# --- who -----------------------------------------------------------------------------------------------


def hostile_pairs(scenario: Scenario) -> list[Pair]:
    """Pairs that distrust each other at the start; all if the scenario has no indicator of trust."""
    pairs = list(combinations(sorted(scenario.governments), 2))
    trust = scenario.indicators.get("trust")
    if trust is None or trust.scope != "pair":
        return pairs
    start = trust.start if isinstance(trust.start, dict) else {"default": trust.start}
    return [pair for pair in pairs if (_start(start, *pair) + _start(start, *reversed(pair))) / 2 <= HOSTILE]


def _start(start: Mapping[str, Any], a: str, b: str) -> float:
    return float(start.get(f"{a}, {b}", start.get("default", 0.0)))


def triads(scenario: Scenario) -> list[tuple[str, str, str]]:
    """(third, actor, target): over each hostile pair, the target's allies and the actor's."""
    allies: dict[str, set[str]] = {}
    for a, b in scenario.pacts:
        allies.setdefault(a, set()).add(b)
        allies.setdefault(b, set()).add(a)
    found = set()
    for pair in hostile_pairs(scenario):
        for actor, target in (pair, pair[::-1]):
            thirds = (allies.get(target, set()) | allies.get(actor, set())) - {actor, target}
            found |= {(third, actor, target) for third in thirds}
    return sorted(found)


# --- playing -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Worker:
    ready: Prepared
    stakes: dict[str, dict[str, float]]


def prepare(plan: TargetPlan) -> _Worker:
    """Reads the files, once in each worker."""
    from wargame.scenario.loading.load import load_files

    loaded = load_files(dict(plan.files))
    return _Worker(prepared(loaded, plan.ways[0], plan.seed), stakes_of(loaded.scenario))


def work(worker: _Worker, chunk: Chunk) -> list[StoredRun]:
    """Plays runs: their series, by `ACTOR TARGET`."""
    return [_run(worker, replication) for replication in chunk]


def _run(worker: _Worker, replication: int) -> StoredRun:
    try:
        made = weekly(story(observed(worker.ready, replication)), worker.stakes)
    except Exception as error:  # noqa: BLE001 - one run that fails is told, the others go on
        return StoredRun(0, replication, {}, f"{type(error).__name__}: {error}")
    return StoredRun(0, replication, {" ".join(pair): numbers.tolist() for pair, numbers in made.items()})


def relate(  # noqa: PLR0913 - who plays, how long, how it is fitted
    loaded: Loaded,
    *,
    n: int,
    seed: int,
    executor: Executor,
    startex: str | None = None,
    until: str | None = None,
    lags: int = LAGS,
    folder: Path | None = None,
    resume: bool = False,
    tell: Tell | None = None,
) -> Relations:
    """Plays `n` runs and fits the relations of all pairs and of the triangles of allies."""
    scenario = loaded.scenario
    end = Time(until) if until else scenario.calendar.end  # no figure looks at a part of it: the text is enough
    way = RunCondition(startex, end, Arm(), (), "relations")
    plan = TargetPlan(tuple(sorted(loaded.files.items())), seed, (way,), n)
    try_ways(loaded, plan)
    kept = RunStore(folder, declared(loaded, plan), resume=resume)
    try:
        found = play(plan, kept, executor, tell, Job(prepare, work, plan))
    finally:
        kept.close()
    runs = [_series(run) for run in found if not run.error]
    return fitted(scenario, runs, n - len(runs), lags)


def _series(run: StoredRun) -> Series:
    made: Series = {}
    for name, numbers in run.tallies.items():
        actor, target = name.split(" ")
        made[actor, target] = np.array(numbers)
    return made


def fitted(scenario: Scenario, runs: list[Series], failed: int, lags: int = LAGS) -> Relations:
    """The relations that the series of runs show."""
    hostile = hostile_pairs(scenario)
    pairs = combinations(sorted(scenario.governments), 2)
    both = [each for pair in pairs for each in directed(runs, pair, pair in hostile, lags)]
    third = [triangle(runs, *names, lags) for names in triads(scenario)]
    weeks = max((len(series) for run in runs for series in run.values()), default=0)
    return Relations(len(runs) + failed, failed, weeks, lags, tuple(both), tuple(third))


def document(found: Relations) -> dict[str, Any]:
    """JSON data of relations."""
    pairs = [
        {"actor": each.actor, "target": each.target, "hostile": each.hostile}
        | {"routine": _plain(each.routine), "reciprocity": _plain(each.reciprocity)}
        for each in found.pairs
    ]
    thirds = [
        {"third": each.third, "actor": each.actor, "target": each.target, "effect": _plain(each.effect)}
        for each in found.triangles
    ]
    about = {
        "hostile_from": HOSTILE,
        "runs": found.runs,
        "failed": found.failed,
        "weeks": found.weeks,
        "lags": found.lags,
    }
    return {**about, "pairs": pairs, "triangles": thirds}


def _plain(found: Estimate) -> dict[str, Any]:
    numbers = {name: finite(getattr(found, name)) for name in ("estimate", "se", "low", "high")}
    return {"n": found.n, **numbers}
