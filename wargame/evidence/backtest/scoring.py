"""Scores of simulated futures: proper scores, reliability, and skill relative to naive forecasts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from wargame.batches.api import Batch
from wargame.dataclasses import dataclass, field
from wargame.errors import Invalid, Problem, UsageFault
from wargame.evidence.backtest import events as observing
from wargame.evidence.backtest.events import BacktestRequest, ObservedEvents, Series, happened, tallied
from wargame.evidence.backtest.origins import FEW, Origin, mapped, origins, scored_origins
from wargame.statistics import intervals as statistics
from wargame.statistics import scores
from wargame.statistics.scores import SCORES, Floats, Happened

MODEL, NAMED = "model", "named"
"""Forecasts from all simulated events, and from those that a chronology would name (`series`)."""
NAIVE = ("never", "persistence", "poisson")
BESIDE = "beside"
"""Forecasts from the batch beside, such as one with random governments."""
BASELINES = (*NAIVE, "updated", "roots", "hawkes", BESIDE)
"""All forecasts that the model is compared with: the naive ones; a rate from all that is known, which each origin
updates; the mean rate of the kinds and actors with the same CAMEO roots; a self-exciting process; the batch beside."""
YEAR = 365
BINS = 10
"""Number of bins of forecast probabilities in the reliability table."""
ALL = "all"
"""The name of all actors of a kind together, and of all kinds together."""
_picked = cache(scores.resamples)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast for one series, origin and window: simulated and observed events, and all scores by forecaster."""

    series: Series
    origin: Origin
    window: int
    hits: int
    """Runs with at least one event."""
    mean_count: float
    observed: Happened
    scores: dict[str, dict[str, float]]
    occurred: dict[str, Any]
    """For the model with and without the observation model: whether each run has an event."""

    @property
    def p(self) -> float:
        """The forecast probability: the share of runs with at least one event."""
        return self.hits / self.origin.runs


@dataclass(frozen=True, slots=True)
class Backtest:
    """The results of a backtest, mostly as rows for tables and JSON."""

    scenario: str
    chronology: str
    past: str
    covered: tuple[date, date]
    windows: tuple[int, ...]
    leads: tuple[int, ...]
    origins: list[dict[str, Any]]
    earlier: list[dict[str, Any]]
    """The origins that are not scored: they are a past for the observation model."""
    scores: list[dict[str, Any]]
    """A row for each kind, actor, window and score: model, naive forecasts, skill, intervals."""
    reliability: list[dict[str, Any]]
    forecasts: list[dict[str, Any]]
    """A row for each kind, actor, origin and window."""
    events: list[dict[str, Any]]
    """A row for each observed event: the series that score it, or why none does."""
    titles: dict[str, str]
    notes: tuple[Problem, ...] = field(default=())


def backtest(batches: Sequence[Batch], request: BacktestRequest, beside: Sequence[Batch] = ()) -> Backtest:
    """Score the simulated futures of batches, with the runs of `beside` from the same days as a further forecast.

    Raises Invalid or UsageFault if they cannot be scored.
    """
    scenario = mapped(batches)
    rivals = {each.day: each for each in origins(beside, request.arms, request.leads)} if beside else {}
    if any(each.prepared.loaded.scenario.name != scenario.name for each in beside):
        raise UsageFault(f"--beside: a batch of another scenario; the forecasts are of {scenario.name}")
    earlier, starts = scored_origins(origins(batches, request.arms, request.leads), request.scored_from)
    if beside and (lacking := [each.day for each in starts if each.day not in rivals]):
        raise UsageFault(
            f"--beside: no arm has its forecast origin on {lacking[0]}; run it with the same STARTEX dates"
        )
    observed = observing.observed_events(request, scenario, starts)
    series = observing.all_series(scenario)
    forecasts = list(_all_forecasts(series, earlier, starts, observed, request.windows, rivals))
    if not forecasts:
        raise Invalid([observed.outside(starts, request.windows)])
    return Backtest(
        scenario=scenario.name,
        chronology=request.chronology,
        past=observed.past,
        covered=(observed.since, observed.until),
        windows=request.windows,
        leads=request.leads,
        origins=[_origin_row(origin, forecasts) for origin in starts],
        earlier=[{"batch": each.batch, "arm": each.arm, "date": each.day, "runs": each.runs} for each in earlier],
        scores=list(_scored(forecasts, request)),
        reliability=[row for window in (*request.windows, 0) for row in _reliability(forecasts, window)],
        forecasts=[_forecast_row(each) for each in forecasts],
        events=observed.rows(scenario, series, starts, max(request.windows)),
        titles={name: spec.title for name, spec in scenario.events.kinds.items()},
        notes=(*observed.notes(starts, request.windows), *_run_notes(starts)),
    )


def _all_forecasts(
    series: Sequence[Series],
    earlier: Sequence[Origin],
    starts: Sequence[Origin],
    history: ObservedEvents,
    windows: Sequence[int],
    rivals: dict[date, Origin],
) -> Iterator[Forecast]:
    """Yield the forecasts of `starts` by date; each knows the runs of the origins before it, for the observation model.

    An origin from which events are not known says nothing of what the chronology names, and is not among them.
    """
    past: dict[str, list[tuple[date, int, int, Any]]] = {}
    for origin in (*earlier, *starts):
        days = {f"{each.kind} {each.actor}": observing.simulated(origin.events, each) for each in series}
        if origin.day >= starts[0].day:
            yield from _forecasts(series, origin, history, windows, days, past, rivals.get(origin.day))
        length = min(origin.length, history.known_from(origin.day))
        for name, its in days.items() if length > 0 else ():
            past.setdefault(name, []).append((origin.day, length, origin.runs, its))


def _forecasts(
    series: Sequence[Series],
    origin: Origin,
    history: ObservedEvents,
    windows: Sequence[int],
    events: dict[str, Any],
    past: dict[str, list[tuple[date, int, int, Any]]],
    rival: Origin | None,
) -> Iterator[Forecast]:
    open_windows = [window for window in windows if history.covers(origin, window)]
    observed_days = {each: history.days(each, origin) for each in series if open_windows}
    for each, past_and_future in observed_days.items():
        days = events[name := f"{each.kind} {each.actor}"]
        share = observing.named_share(past.get(name, ()), past_and_future, origin.issued, history.until)
        picked = observing.named(days, each, origin.day, share)
        alike = [of for other, of in observed_days.items() if other.roots & each.roots]
        other = observing.simulated(rival.events, each) if rival else None
        for window in open_windows:
            counts, first = tallied(days, origin.runs, window)
            observed = happened(past_and_future, origin.day, window)
            some = tallied(picked, origin.runs, window)
            by_forecaster = {MODEL: scores.of_sample(counts, first, observed), NAMED: scores.of_sample(*some, observed)}
            occurred = {MODEL: counts > 0, NAMED: some[0] > 0}
            by_forecaster |= _naive(each, alike, past_and_future, origin, window, history.since)
            if rival and other is not None:
                by_forecaster[BESIDE] = scores.of_sample(*tallied(other, rival.runs, window), observed, origin.runs)
            hits, mean = int((counts > 0).sum()), float(counts.mean())
            yield Forecast(each, origin, window, hits, mean, observed, by_forecaster, occurred)


def _naive(
    series: Series, alike: list[list[date]], days: list[date], origin: Origin, window: int, since: date
) -> dict[str, dict[str, float]]:
    """Return the scores of the baselines; all but `never` need a known past, and none uses more than the runs know.

    `alike` are the days with an event of each series with the same CAMEO roots, this one among them.
    """
    n, issued, observed = origin.runs, origin.issued, happened(days, origin.day, window)
    naive = {"never": scores.of_point(Happened(0, float(window)), observed, n)}
    known = (issued - since).days
    if (past := min(known, YEAR)) >= window:
        naive["persistence"] = scores.of_point(happened(days, issued - timedelta(days=window), window), observed, n)
        rate = happened(days, issued - timedelta(days=past), past).count / past
        naive["poisson"] = scores.of_poisson(rate, observed, window, n)
        naive["updated"] = scores.of_gamma(happened(days, since, known).count, known, observed, window, n)
        together = sum(happened(each, since, known).count for each in alike)
        naive["roots"] = scores.of_gamma(together, known * len(alike), observed, window, n)
        key = observing.DRAWS.key("hawkes", f"{series.kind} {series.actor}", origin.day.toordinal())
        futures = scores.self_exciting(set(days), since, issued, origin.lead, window, key)
        naive["hawkes"] = scores.of_sample(*futures, observed, n)
    return naive


def _origin_row(origin: Origin, forecasts: Sequence[Forecast]) -> dict[str, Any]:
    mine = sorted({each.window for each in forecasts if each.origin is origin})
    return {
        "batch": origin.batch,
        "arm": origin.arm,
        "date": origin.day,
        "lead": origin.lead,
        "days": origin.length,
        "runs": origin.runs,
        "failed": origin.failed,
        "ended_by_outcome": origin.ended,
        "windows": mine,
    }


def _forecast_row(each: Forecast) -> dict[str, Any]:
    occurred = each.observed.count > 0
    return {
        "kind": each.series.kind,
        "actor": each.series.actor,
        "window": each.window,
        "origin": each.origin.day,
        "lead": each.origin.lead,
        "runs": each.origin.runs,
        "hits": each.hits,
        "p": each.p,
        "mean_count": each.mean_count,
        "happened": occurred,
        "count": each.observed.count,
        "day": each.observed.day if occurred else None,
        "scores": each.scores,
    }


def _scored(forecasts: Sequence[Forecast], request: BacktestRequest) -> Iterator[dict[str, Any]]:
    """Yield rows for all kinds together, each kind, and each actor of a kind with several actors."""
    for kind in (ALL, *dict.fromkeys(each.series.kind for each in forecasts)):
        mine = [each for each in forecasts if kind in (ALL, each.series.kind)]
        actors = list(dict.fromkeys(each.series.actor for each in mine))
        named = [ALL] if kind == ALL else actors if len(actors) == 1 else [ALL, *actors]
        for actor in named:
            theirs = [each for each in mine if actor in (ALL, each.series.actor)]
            for window in request.windows:
                picked = [each for each in theirs if each.window == window]
                if picked:
                    yield from _rows(kind, actor, window, picked, request.seed)


def _rows(
    kind: str, actor: str, window: int, forecasts: Sequence[Forecast], seed: int | None
) -> Iterator[dict[str, Any]]:
    days = sorted({each.origin.day for each in forecasts})
    block = scores.block_length([day.toordinal() for day in days], window)
    occurred = np.array([float(each.observed.count > 0) for each in forecasts])
    head = {
        "kind": kind,
        "actor": actor,
        "window": window,
        "origins": len(days),
        "block": block,
        "events": sum(each.observed.count for each in forecasts),
        "occurred": int(occurred.sum()),
        "occurred_high": statistics.proportion(occurred).high,
        "forecasts": len(forecasts),
        "mean_p": float(np.mean([each.p for each in forecasts])),
    }
    for score in SCORES:
        row = head | {"score": score} | _scored_as(MODEL, forecasts, days, block, score, window, seed)
        yield row | {"named": _scored_as(NAMED, forecasts, days, block, score, window, seed)}


def _scored_as(
    who: str, forecasts: Sequence[Forecast], days: Sequence[date], block: int, score: str, window: int, seed: int | None
) -> dict[str, Any]:
    """Return a score of the forecasts with or without the observation model, with its interval and its skill."""
    values = _by_origin(forecasts, days, who, score)
    low, high = scores.interval(_picked(len(days), block, seed), _mean_of(values)) or (None, None)
    naive = {name: _against(name, forecasts, score, window, seed, who) for name in BASELINES}
    runs = _over_runs(forecasts, who, score, seed) if len(days) == 1 else None
    return {"value": float(np.mean(values)), "low": low, "high": high, "over_runs": runs, "naive": naive}


def _over_runs(forecasts: Sequence[Forecast], who: str, score: str, seed: int | None) -> tuple[float, float] | None:
    """Return, for a single origin, the 95 % interval of a score of occurrence over resamples of its runs.

    It is the error of the simulation alone; what one origin says of others is unknown.
    """
    if score not in ("brier", "log"):
        return None
    n = forecasts[0].origin.runs
    happened_ = np.array([each.observed.count > 0 for each in forecasts])[:, None]
    hits = np.array([each.occurred[who] for each in forecasts], dtype=np.float64)

    def of(rows: Any) -> Floats:
        p = np.stack([each[rows].mean(axis=1) for each in hits])
        if score == "brier":
            return np.asarray(((p - happened_) ** 2).mean(axis=0))
        kept = np.clip((n * p + 0.5) / (n + 1), 0.5 / (n + 1), (n + 0.5) / (n + 1))
        return np.asarray(-np.log(np.where(happened_, kept, 1.0 - kept)).mean(axis=0))

    return scores.interval(_picked(n, 1, seed), of)


def _by_origin(forecasts: Sequence[Forecast], days: Sequence[date], who: str, score: str) -> Floats:
    """Return the mean score of a forecaster at each origin, in the order of `days`."""
    values = {day: [each.scores[who][score] for each in forecasts if each.origin.day == day] for day in days}
    return np.array([float(np.mean(values[day])) for day in days])


def _against(
    name: str, forecasts: Sequence[Forecast], score: str, window: int, seed: int | None, who: str
) -> dict[str, Any] | None:
    """Return skill relative to a naive forecast, over the origins that have this forecast; None if none has."""
    mine = [each for each in forecasts if name in each.scores]
    if not mine:
        return None
    days = sorted({each.origin.day for each in mine})
    block = scores.block_length([day.toordinal() for day in days], window)
    model, naive = (_by_origin(mine, days, each, score) for each in (who, name))
    picked = _picked(len(days), block, seed)
    gains = scores.interval(picked, lambda rows: 1.0 - model[rows].mean(axis=1) / naive[rows].mean(axis=1))
    low, high = gains or (None, None)
    less = model - naive
    less_low, less_high = scores.interval(picked, _mean_of(less)) or (None, None)
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


def _mean_of(values: Floats) -> Callable[[Any], Floats]:
    return lambda rows: np.asarray(values[rows].mean(axis=1))


def _reliability(forecasts: Sequence[Forecast], window: int) -> Iterator[dict[str, Any]]:
    """Yield a row for each bin of forecast probabilities with its observed frequency; `window` 0 is all windows."""
    mine = [each for each in forecasts if window in (0, each.window)]
    for place in range(BINS):
        inside = [each for each in mine if min(int(each.p * BINS), BINS - 1) == place]
        if not inside:
            continue
        frequency = statistics.proportion(np.array([float(each.observed.count > 0) for each in inside]))
        yield {
            "window": window or None,
            "from": place / BINS,
            "to": (place + 1) / BINS,
            "n": len(inside),
            "forecast": float(np.mean([each.p for each in inside])),
            "observed": frequency.estimate,
            "low": frequency.low,
            "high": frequency.high,
        }


def _run_notes(starts: Sequence[Origin]) -> Iterator[Problem]:
    few = [origin for origin in starts if origin.runs < FEW]
    if few:
        least = min(origin.runs for origin in few)
        floor = 0.5 / (least + 1)
        some = f"{len(few)} of {len(starts)} origins"
        message = f"{some} have few runs, at least {least}: no forecast is below {floor:.2g}"
        yield Problem(few[0].batch, 0, 0, message, f"run {FEW} or more")
