"""Routine, reciprocity and third-party effects between governments, from vector autoregressions.

A series has the weekly sums of the Goldstein weights of the actions of one government towards another. An action
without target counts towards each other government in proportion to its stake in the dossier, as in the model. The two
series of a pair are fitted by vector autoregression (statsmodels), for each run:

    x(t) = const + sum over lags of own(i) x(t-i) + other(i) y(t-i) + error,   x: a to b, y: b to a.

*Routine* is the sum of the own coefficients, *reciprocity* the sum of the other ones: how much of a lasting change of
one unit per week is returned within that many weeks. Both are means over runs with t intervals. A *triangular* effect
is the sum of the coefficients of a's actions towards b in the equation of c's actions towards a.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from wargame.batches.api import Batch
from wargame.dataclasses import dataclass
from wargame.errors import needs
from wargame.evidence.targets.runs import EvaluationOptions, RunCondition, batch_of, failures_of, histories, played
from wargame.evidence.targets.tallies import EventHistory
from wargame.journal.atomic import json_data
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Scenario
from wargame.scenario.model.questions import Arm
from wargame.statistics import intervals as statistics
from wargame.statistics.intervals import Estimate, Floats

LAGS = 4
"""Default number of weekly lags: about the thirty days within which disputes are usually answered."""
WEEKS_A_LAG = 10
"""Least number of weeks per lag of a run."""
HOSTILE = -0.3
"""A pair is hostile if its mean trust at the start is at most this."""
Pair = tuple[str, str]
PairSeries = dict[Pair, Floats]


@dataclass(frozen=True, slots=True)
class Directed:
    """Routine and reciprocity of the actions of `actor` towards `target`."""

    actor: str
    target: str
    hostile: bool
    routine: Estimate
    reciprocity: Estimate


@dataclass(frozen=True, slots=True)
class Triangle:
    """The reaction of `third`, by its actions towards `actor`, to the actions of `actor` towards `target`."""

    third: str
    actor: str
    target: str
    effect: Estimate


@dataclass(frozen=True, slots=True)
class Relations:
    """The results: all pairs in both directions, and the triangles of allies."""

    runs: int
    failures: tuple[dict[str, Any], ...]
    """Each run that failed or was lost: condition, replication, error. No estimate uses them."""
    weeks: int
    lags: int
    pairs: tuple[Directed, ...]
    triangles: tuple[Triangle, ...]
    governments: dict[str, str]
    """Names of the governments by code."""


# --- series ------------------------------------------------------------------------------------------


def weekly(history: EventHistory, stakes: Mapping[str, Mapping[str, float]]) -> PairSeries:
    """Return the series of each ordered pair, for complete weeks; `stakes` has the stake by option and government."""
    weeks, weights = int(history.days // 7), history.weights or {}
    names = history.governments
    series = {(a, b): np.zeros(weeks) for a in names for b in names if a != b}
    for event in history.events:
        week = int(event.day // 7)
        if event.forum or week >= weeks:
            continue
        weight = weights[event.what]
        for other, share in ({event.whom: 1.0} if event.whom else stakes.get(event.what, {})).items():
            if (event.who, other) in series:
                series[event.who, other][week] += weight * share
    return series


def stakes_of(scenario: Scenario) -> dict[str, dict[str, float]]:
    """Return, for each option without targets, the stake of each government in its dossier."""
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
    """Sum vector autoregression coefficients over lags, equation × regressor; None if a series is constant or short."""
    data = np.column_stack(columns)
    if len(data) < WEEKS_A_LAG * lags or (data.std(axis=0) == 0).any():
        return None
    with needs("relations need statsmodels", "evidence"):
        from statsmodels.tsa.api import VAR
    sums: Floats = np.asarray(VAR(data).fit(lags, trend="c").coefs).sum(axis=0)
    return sums


def pooled(numbers: Sequence[float]) -> Estimate:
    """Return the mean over runs with its t interval."""
    return statistics.mean(np.array(numbers, dtype=float))


def directed(runs: Sequence[PairSeries], pair: Pair, hostile: bool, lags: int) -> Iterator[Directed]:
    """Estimate both directions of a pair."""
    a, b = pair
    fits = [fit for run in runs if (fit := reactions([run[a, b], run[b, a]], lags)) is not None]
    for place, (actor, target) in enumerate(((a, b), (b, a))):
        own, other = ([float(fit[place, i]) for fit in fits] for i in (place, 1 - place))
        yield Directed(actor, target, hostile, pooled(own), pooled(other))


def triangle(runs: Sequence[PairSeries], third: str, actor: str, target: str, lags: int) -> Triangle:
    """Estimate the reaction of a third to the actions of an actor towards a target."""
    columns = ((third, actor), (actor, third), (actor, target))
    fits = [fit for run in runs if (fit := reactions([run[each] for each in columns], lags)) is not None]
    return Triangle(third, actor, target, pooled([float(fit[0, 2]) for fit in fits]))


# --- pairs and triangles --------------------------------------------------------------------------------


def hostile_pairs(scenario: Scenario) -> list[Pair]:
    """Return pairs that distrust each other at the start; all pairs if the scenario has no indicator `trust`."""
    pairs = list(combinations(sorted(scenario.governments), 2))
    trust = scenario.indicators.get("trust")
    if trust is None or trust.scope != "pair":
        return pairs
    start = trust.start if isinstance(trust.start, dict) else {"default": trust.start}
    return [pair for pair in pairs if (_start(start, *pair) + _start(start, *reversed(pair))) / 2 <= HOSTILE]


def _start(start: Mapping[str, Any], a: str, b: str) -> float:
    return float(start.get(f"{a}, {b}", start.get("default", 0.0)))


def triads(scenario: Scenario) -> list[tuple[str, str, str]]:
    """Return triangles (third, actor, target) of each hostile pair with the allies of either."""
    allies: dict[str, set[str]] = {}
    for a, b in scenario.pacts:
        allies.setdefault(a, set()).add(b)
        allies.setdefault(b, set()).add(a)
    triangles = set()
    for pair in hostile_pairs(scenario):
        for actor, target in (pair, pair[::-1]):
            thirds = (allies.get(target, set()) | allies.get(actor, set())) - {actor, target}
            triangles |= {(third, actor, target) for third in thirds}
    return sorted(triangles)


# --- results ---------------------------------------------------------------------------------------


def fitted(
    scenario: Scenario, runs: list[PairSeries], failures: Sequence[dict[str, Any]] = (), lags: int = LAGS
) -> Relations:
    """Estimate all relations from the series of runs."""
    hostile = hostile_pairs(scenario)
    pairs = combinations(sorted(scenario.governments), 2)
    both = [each for pair in pairs for each in directed(runs, pair, pair in hostile, lags)]
    third = [triangle(runs, *names, lags) for names in triads(scenario)]
    names = {code: government.name for code, government in scenario.governments.items()}
    weeks = max((len(series) for run in runs for series in run.values()), default=0)
    return Relations(len(runs) + len(failures), tuple(failures), weeks, lags, tuple(both), tuple(third), names)


def document(result: Relations) -> dict[str, Any]:
    """Return the results as JSON data."""
    return {"hostile_from": HOSTILE, "failed": len(result.failures), **json_data(result)}


def relate(
    loaded: Loaded, how: EvaluationOptions, startex: str | None = None, until: str | None = None, lags: int = LAGS
) -> Relations:
    """Run one condition and estimate the relations of all pairs and triangles."""
    condition = RunCondition(Arm(startex=startex, until=until or str(loaded.scenario.calendar.end)), ())
    prepared = batch_of(loaded, {"relations": condition}, how.seed, how.n, "relations")
    stakes = stakes_of(loaded.scenario)

    def read(batch: Batch) -> Relations:
        series = [weekly(history, stakes) for *_, history in histories(batch)]
        return fitted(loaded.scenario, series, failures_of(batch), lags)

    return played(prepared, how.batch, read)
