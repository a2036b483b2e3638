"""Simulated futures against what happened: scores, reliability, skill against naive forecasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.errors import Invalid, Problem
from wargame.evidence.backtest.events import Facts, facts_of
from wargame.evidence.backtest.origins import FEW, Origin, mapped, origins
from wargame.evidence.backtest.series import Series, all_series, happened, simulated, tallied
from wargame.statistics import intervals as statistics
from wargame.statistics import scores
from wargame.statistics.scores import SCORES, Floats, Happened

if TYPE_CHECKING:
    from wargame.batch.api import Batch

WINDOWS = (14, 30, 90)
"""Days."""
NAIVE = ("never", "persistence", "poisson")
YEAR = 365
BINS = 10
"""Of forecast probabilities in the table of reliability."""
ALL = "all"
"""Stands for all actors of a kind, or all kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRequest:
    """What a backtest is asked for."""

    chronology: str
    past: str | None = None
    """Another chronology, for what came before the first event of this one."""
    windows: tuple[int, ...] = WINDOWS
    arms: tuple[str, ...] = ()
    lead: int = 0
    """Days from a STARTEX to the day from which its runs are scored."""
    not_scored: tuple[str, ...] = ()
    """Kinds that the scenario does not know and that are meant."""
    covered: tuple[date | None, date | None] = (None, None)
    """From when to when the chronology is whole; by its own dates if left out."""
    seed: int | None = None
    """Of the resamples behind the intervals."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A window from an origin for one series: what the runs said, what came, and every score by who forecast it."""

    series: Series
    origin: Origin
    window: int
    hits: int
    mean_count: float
    observed: Happened
    scores: dict[str, dict[str, float]]

    @property
    def p(self) -> float:
        """The share of runs in which it came."""
        return self.hits / self.origin.runs


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a backtest found. All but `notes` are rows for tables and JSON."""

    scenario: str
    chronology: str
    past: str
    covered: tuple[date, date]
    windows: tuple[int, ...]
    lead: int
    origins: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    """Each kind, actor and window: four scores with those of naive forecasts, skill and intervals."""
    reliability: list[dict[str, Any]]
    forecasts: list[dict[str, Any]]
    """Each kind, actor, origin and window."""
    events: list[dict[str, Any]]
    """Each event of the chronology: by which series it is scored, or why it is not."""
    titles: dict[str, str]
    notes: tuple[Problem, ...] = field(default=())


def backtest(batches: Sequence[Batch], wishes: BacktestRequest) -> Backtest:
    """Scores the futures of batches; Invalid or UsageFault tell what keeps them from being scored."""
    scenario = mapped(batches)
    starts = origins(batches, wishes.arms, wishes.lead)
    facts = facts_of(wishes, scenario, starts)
    series = all_series(scenario)
    found = [each for origin in starts for each in _forecasts(series, origin, facts, wishes.windows)]
    if not found:
        raise Invalid([facts.outside(starts, wishes.windows)])
    return Backtest(
        scenario=scenario.name,
        chronology=wishes.chronology,
        past=facts.past,
        covered=(facts.since, facts.until),
        windows=wishes.windows,
        lead=wishes.lead,
        origins=[_origin_row(origin, found) for origin in starts],
        scores=list(_scored(found, wishes)),
        reliability=[row for window in (*wishes.windows, 0) for row in _reliability(found, window)],
        forecasts=[_forecast_row(each) for each in found],
        events=facts.told(scenario, series, starts, max(wishes.windows)),
        titles={name: spec.title for name, spec in scenario.events.kinds.items()},
        notes=(*facts.notes(starts, wishes.windows), *_doubts(starts)),
    )


# --- one origin ------------------------------------------------------------------------------------


def _forecasts(series: Sequence[Series], origin: Origin, facts: Facts, windows: Sequence[int]) -> Iterator[Forecast]:
    open_windows = [window for window in windows if facts.covers(origin, window)]
    for each in series if open_windows else ():
        if origin.actions_only and not each.spec.actions:
            continue
        days = simulated(origin.events, each)
        came = facts.days(each, origin)
        for window in open_windows:
            counts, first = tallied(days, origin.runs, window)
            observed = happened(came, origin.day, window)
            made = {"model": scores.of_sample(counts, first, observed)}
            made |= _naive(came, origin, window, facts.since, observed)
            yield Forecast(each, origin, window, int((counts > 0).sum()), float(counts.mean()), observed, made)


def _naive(
    came: Sequence[date], origin: Origin, window: int, since: date, observed: Happened
) -> dict[str, dict[str, float]]:
    """Never; the last window again; a constant rate, that of the past year. Without a past the first alone."""
    n = origin.runs
    made = {"never": scores.of_point(Happened(0, float(window)), observed, n)}
    past = min((origin.day - since).days, YEAR)
    if past >= window:
        last = happened(came, origin.day - timedelta(days=window), window)
        made["persistence"] = scores.of_point(last, observed, n)
        rate = happened(came, origin.day - timedelta(days=past), past).count / past
        made["poisson"] = scores.of_poisson(rate, observed, window, n)
    return made


def _origin_row(origin: Origin, found: Sequence[Forecast]) -> dict[str, Any]:
    mine = sorted({each.window for each in found if each.origin is origin})
    return {
        "batch": origin.batch,
        "arm": origin.arm,
        "date": origin.day,
        "days": origin.length,
        "runs": origin.runs,
        "failed": origin.failed,
        "ended_by_outcome": origin.ended,
        "windows": mine,
    }


def _forecast_row(each: Forecast) -> dict[str, Any]:
    came = each.observed.count > 0
    return {
        "kind": each.series.kind,
        "actor": each.series.actor,
        "window": each.window,
        "origin": each.origin.day,
        "runs": each.origin.runs,
        "hits": each.hits,
        "p": each.p,
        "mean_count": each.mean_count,
        "happened": came,
        "count": each.observed.count,
        "day": each.observed.day if came else None,
        "scores": each.scores,
    }


# --- over origins ----------------------------------------------------------------------------------


def _scored(found: Sequence[Forecast], wishes: BacktestRequest) -> Iterator[dict[str, Any]]:
    """Rows for all kinds, each kind, and each of its actors; for a kind of one series the actor's row stands alone."""
    kinds = list(dict.fromkeys(each.series.kind for each in found))
    for kind in (ALL, *kinds):
        mine = [each for each in found if kind in (ALL, each.series.kind)]
        actors = list(dict.fromkeys(each.series.actor for each in mine))
        named = [ALL] if kind == ALL else actors if len(actors) == 1 else [ALL, *actors]
        for actor in named:
            theirs = [each for each in mine if actor in (ALL, each.series.actor)]
            for window in wishes.windows:
                picked = [each for each in theirs if each.window == window]
                if picked:
                    yield from _rows(kind, actor, window, picked, wishes.seed)


def _rows(kind: str, actor: str, window: int, found: Sequence[Forecast], seed: int | None) -> Iterator[dict[str, Any]]:
    days = sorted({each.origin.day for each in found})
    block = scores.block_length([day.toordinal() for day in days], window)
    head = {
        "kind": kind,
        "actor": actor,
        "window": window,
        "origins": len(days),
        "block": block,
        "events": sum(each.observed.count for each in found),
        "occurred": sum(each.observed.count > 0 for each in found),
        "forecasts": len(found),
        "mean_p": float(np.mean([each.p for each in found])),
    }
    for score in SCORES:
        of_model = _by_origin(found, days, "model", score)
        row = head | {"score": score, "value": float(np.mean(of_model))}
        low, high = _ends(scores.interval(_picked(len(days), block, seed), _mean_of(of_model)))
        naive = {name: _against(name, found, score, window, seed) for name in NAIVE}
        yield row | {"low": low, "high": high, "naive": naive}


def _by_origin(found: Sequence[Forecast], days: Sequence[date], who: str, score: str) -> Floats:
    """The mean score of a forecaster at each origin."""
    values = {day: [each.scores[who][score] for each in found if each.origin.day == day] for day in days}
    return np.array([float(np.mean(values[day])) for day in days])


def _against(name: str, found: Sequence[Forecast], score: str, window: int, seed: int | None) -> dict[str, Any] | None:
    """Skill against a naive forecast, over the origins for which there is one."""
    mine = [each for each in found if name in each.scores]
    if not mine:
        return None
    days = sorted({each.origin.day for each in mine})
    block = scores.block_length([day.toordinal() for day in days], window)
    model, naive = (_by_origin(mine, days, who, score) for who in ("model", name))
    picked = _picked(len(days), block, seed)
    low, high = _ends(scores.interval(picked, lambda rows: 1.0 - model[rows].mean(axis=1) / naive[rows].mean(axis=1)))
    less = model - naive
    less_low, less_high = _ends(scores.interval(picked, _mean_of(less)))
    return {
        "value": float(naive.mean()),
        "skill": scores.skill(float(model.mean()), float(naive.mean())),
        "low": low,
        "high": high,
        "difference": float(less.mean()),
        "difference_low": less_low,
        "difference_high": less_high,
        "origins": len(days),
    }


@cache
def _picked(n: int, block: int, seed: int | None) -> Any:
    return scores.resamples(n, block, seed)


def _mean_of(values: Floats) -> Callable[[Any], Floats]:
    return lambda rows: np.asarray(values[rows].mean(axis=1))


def _ends(found: tuple[float, float] | None) -> tuple[float | None, float | None]:
    return found or (None, None)


def _reliability(found: Sequence[Forecast], window: int) -> Iterator[dict[str, Any]]:
    """Forecast probabilities in tenths, and how often it came; `window` 0 stands for all."""
    mine = [each for each in found if window in (0, each.window)]
    for place in range(BINS):
        inside = [each for each in mine if min(int(each.p * BINS), BINS - 1) == place]
        if not inside:
            continue
        came = statistics.proportion(np.array([float(each.observed.count > 0) for each in inside]))
        yield {
            "window": window or None,
            "from": place / BINS,
            "to": (place + 1) / BINS,
            "n": len(inside),
            "forecast": float(np.mean([each.p for each in inside])),
            "observed": came.estimate,
            "low": came.low,
            "high": came.high,
        }


def _doubts(starts: Sequence[Origin]) -> Iterator[Problem]:
    few = [origin for origin in starts if origin.runs < FEW]
    if few:
        least = min(origin.runs for origin in few)
        floor = 0.5 / (least + 1)
        message = (
            f"{len(few)} of {len(starts)} origins have few runs, the fewest {least}: no probability below {floor:.2g}"
        )
        yield Problem(few[0].batch, 0, 0, message, f"play {FEW} or more")
    old = [origin for origin in starts if origin.actions_only]
    if old:
        message = "the batch keeps actions alone: kinds that are steps of forums or injects are not scored in full"
        yield Problem(old[0].batch, 0, 0, message, "play it anew to keep them")
