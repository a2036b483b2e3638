"""A backtest: its summary for terminals, and its report with all scores, actors, events and how they are scored."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from wargame.document.blocks import Block, Picture
from wargame.document.drawing import chart
from wargame.document.formatting import minus
from wargame.evidence.backtest.events import NO_KIND, OUTSIDE, called
from wargame.evidence.backtest.scoring import ALL, BASELINES, NAIVE, Backtest
from wargame.journal.wording import count, joined
from wargame.review.reports.batch_charts import label_padding
from wargame.review.reports.laid_out import blocks_of
from wargame.tables import by_key, tables

Row = Mapping[str, Any]
NAMES: Mapping[str, str] = tables("review/words.yaml")["scores"]
FORECASTERS: Mapping[str, str] = tables("review/words.yaml")["forecasters"]
PANELS = {"never": "never", "persistence": "as in the last window", "poisson": "rate of the past year"}
"""Titles of panels by naive forecast."""
LOWEST = -3.0
"""Lower skills are drawn at this value."""
AS_THEY_ARE = ("scenario", "windows", "covered", "origins", "earlier", "events", "reliability", "notes")
"""Parts of a backtest that the templates show as they are."""


def summary(backtest: Backtest, *, full: bool = True) -> list[Block]:
    """Return the blocks for a terminal; `full`: with what was compared."""
    days = [str(row["date"]) for row in backtest.origins]
    starts = f"{len(days)} origins from {days[0]} to {days[-1]}" if len(days) > 1 else f"from {days[0]}"
    return blocks_of("backtest_summary.txt.j2", **_content(backtest), full=full, starts=starts)


def backtest_report(backtest: Backtest) -> list[Block]:
    """Return all blocks of the report: the verdict and its figures, then what they rest on, folded."""
    content = _content(backtest)
    middle, brier = content["middle"], content["brier"]
    verdict, against = _verdict([row for row in brier if row["window"] == middle])
    titles = content["titles"]
    figures = {
        "skills": [skills([row for row in brier if row["window"] == middle], titles, middle)],
        "reliability": [reliability(backtest.reliability)],
        "forecasts": [forecasts(backtest.forecasts, backtest.titles, middle)],
    }
    return blocks_of("backtest.txt.j2", figures, **content, verdict=verdict, against=against)


def _content(backtest: Backtest) -> dict[str, Any]:
    """Return what the templates show: the rows of each table, and how numbers are written."""
    titles = {ALL: "All kinds", **backtest.titles}
    scores = [row | {"title": titles.get(row["kind"], row["kind"])} for row in backtest.scores]
    first: dict[tuple[Any, ...], Row] = {}  # of a kind, that of all its actors together
    for row in scores:
        first.setdefault((row["kind"], row["window"], row["score"]), row)
    whole = list(first.values())
    brier = [row for row in whole if row["score"] == "brier"]
    every = sorted((row for row in whole if row["kind"] == ALL), key=lambda row: list(NAMES).index(row["score"]))
    by_score = [("All kinds, each score and window (*: its interval excludes 0)", every)]
    if len(backtest.origins) > 1:
        named = [row | row["named"] for row in every]
        by_score.append(("All kinds, with only the events that the chronology would name", named))
    return {
        **{name: getattr(backtest, name) for name in AS_THEY_ARE},
        "titles": titles,
        "known": called(backtest.chronology, backtest.scenario),
        "past": called(backtest.past, backtest.scenario),
        "lead": f"{' and '.join(map(str, backtest.leads))} days after each STARTEX" if backtest.leads != (0,) else "",
        "runs": sum(row["runs"] for row in backtest.origins),
        "middle": sorted(backtest.windows)[len(backtest.windows) // 2],
        "whole": whole,
        "brier": brier,
        "by_actor": [row for row in scores if row["actor"] != ALL and row["score"] == "brier"],
        "by_score": by_score,
        "often": [row for row in brier if row["kind"] != ALL and row["mean_p"] > row["occurred_high"]],
        "unscored": _unscored(backtest.events),
        "outside": OUTSIDE,
        "naive": NAIVE,
        "scores": NAMES,
        "baselines": {name: FORECASTERS.get(name, name) for name in BASELINES},
        "number": lambda value: "" if value is None else f"{value:.3g}",
    }


ALIKE = "not significantly different from"


def _verdict(rows: Iterable[Row]) -> tuple[str, list[str]]:
    """Return how the model compares with all naive forecasts over all kinds, and with each of them for which kinds."""
    sentences, whole = list[str](), dict[str, list[str]]()
    for name in NAIVE:
        kinds: dict[str, list[str]] = {}
        for row in rows:
            found, text = (whole, name) if row["kind"] == ALL else (kinds, row["title"])
            found.setdefault(_way(row, name), []).append(text)
        alike = len(kinds.pop(ALIKE, ()))
        parts = [f"{way} for {', '.join(titles)}" for way, titles in sorted(kinds.items())]
        rest = [f"no significant difference for {count(alike, 'other kind' if parts else 'kind')}"] if alike else []
        sentences.append(f"Against {name}: {'; '.join([*parts, *rest])}.")
    overall = [f"{way}{' than' if way != ALIKE else ''} {joined(names)}" for way, names in whole.items()]
    return joined(overall), sentences


def _way(row: Row, name: str) -> str:
    """Return how the model compares with a naive forecast, by the interval of its skill."""
    low, high = ((row["naive"][name] or {}).get(each) for each in ("low", "high"))
    if low is None or high is None or low <= 0 <= high:
        return ALIKE
    return "better" if low > 0 else "worse"


def _unscored(events: Iterable[Row]) -> list[tuple[str, list[str]]]:
    """Return the reasons why events are not scored, the most frequent first, each with its events.

    Those outside the windows are only counted, since they are all events of other months.
    """
    named = by_key((_why(row), row["id"]) for row in events if row["not_scored"])
    return sorted(named.items(), key=lambda item: -len(item[1]))


def _why(row: Row) -> str:
    """Return why an event is not scored, without the id of the scripted row, so that reasons can be counted."""
    if row["scripted_by"]:
        return "scripted by the exercise"
    reason, kind = str(row["not_scored"]), f"{NO_KIND} {row['kind']}"
    return f"{kind} with the CAMEO code {row['cameo']}" if reason == f"{kind} {row['cameo']}" else reason


def reliability(rows: Sequence[Row]) -> Picture:
    """Return observed against forecast shares by window, with Wilson intervals; larger points have more windows."""
    keys, known = ("forecast", "observed", "low", "high", "n"), [row for row in rows if row["window"] is not None]
    values = [{**{key: row[key] for key in keys}, "window": f"{row['window']} days"} for row in known]
    names = [f"{days} days" for days in sorted({row["window"] for row in known})]
    drawn = chart("reliability", values=values, windows=names)
    inside = sum(value["low"] <= value["forecast"] <= value["high"] for value in values)
    title = f"Reliability: {inside} of {len(values)} intervals contain the forecast"
    description = (
        "On the dashed line forecasts equal observations. Larger points have more windows. 95 % Wilson intervals, too "
        "narrow where windows overlap."
    )
    return Picture(title, description, drawn)


def skills(rows: Sequence[Row], titles: Mapping[str, str], window: int) -> Picture:
    """Return skill of each kind compared with each naive forecast, with its interval."""
    values = [
        {
            "kind": titles.get(row["kind"], row["kind"]),
            "against": PANELS[name],
            "skill": max(naive["skill"], LOWEST),
            "low": None if naive["low"] is None else max(naive["low"], LOWEST),
            "high": None if naive["high"] is None else max(naive["high"], LOWEST),
        }
        for row in rows
        for name in NAIVE
        if (naive := row["naive"][name]) is not None and naive["skill"] is not None
    ]
    names = list(dict.fromkeys(str(value["against"]) for value in values))
    kinds = list(dict.fromkeys(value["kind"] for value in values))
    height, padding = max(60, 22 * len(kinds)), label_padding(kinds)
    drawn = chart("skills", values=values, panels=names, kinds=kinds, height=height, padding=padding)
    description = (
        "1 is perfect, 0 is as good as the naive forecast above the panel; right of the dashed line it is better. "
        f"Skills below {LOWEST:g} are drawn there. 95 % intervals by block bootstrap."
    )
    better = sum(value["low"] is not None and value["low"] > 0 for value in values)
    worse = sum(value["high"] is not None and value["high"] < 0 for value in values)
    found = f"of {len(values)} intervals, {better} are above 0 and {worse} below"
    return Picture(minus(f"Skill within {window} days: {found}"), description, drawn)


def forecasts(rows: Sequence[Row], titles: Mapping[str, str], window: int) -> Picture:
    """Return the forecast from each origin, with a mark where the event occurred."""
    values = [
        {
            "series": f"{titles.get(row['kind'], row['kind'])}, {row['actor']}",
            "origin": str(row["origin"]),
            "p": row["p"],
            "occurred": bool(row["happened"]),
        }
        for row in rows
        if row["window"] == window
    ]
    names = list(dict.fromkeys(value["series"] for value in values))
    height, padding = 18 * max(1, len(names)), label_padding(names)
    drawn = chart("forecasts", values=values, series=names, height=height, padding=padding)
    title = f"Forecasts within {window} days"
    known = [[v["p"] for v in values if v["occurred"] is did] for did in (True, False)]
    if all(known):
        title += f": {fmean(known[0]):.2f} on average where the event occurred, else {fmean(known[1]):.2f}"
    return Picture(title, "Darker: in more runs. A dot: the event occurred.", drawn)
