"""Figures of backtests, by Altair."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import altair as alt

from wargame.document.blocks import Picture
from wargame.document.drawing import WIDTH, data
from wargame.document.formatting import minus
from wargame.document.palette import GREY, OKABE_ITO
from wargame.evidence.backtest.scoring import NAIVE
from wargame.review.reports.batch_charts import PANEL, label_padding, panels

Rows = Sequence[Mapping[str, Any]]
PANELS = {"never": "never", "persistence": "as in the last window", "poisson": "rate of the past year"}
"""Titles of panels by naive forecast."""
LOWEST = -3.0
"""Lower skills are drawn at this value."""


def reliability(rows: Rows) -> Picture:
    """Observed against forecast shares by window, with Wilson intervals; larger points have more windows."""
    values = [
        {**{key: row[key] for key in ("forecast", "observed", "low", "high", "n")}, "window": f"{row['window']} days"}
        for row in rows
        if row["window"] is not None
    ]
    names = sorted({str(value["window"]) for value in values}, key=lambda name: int(name.split()[0]))
    scale, axis = alt.Scale(domain=[0, 1]), alt.Axis(format="%", values=[0, 0.5, 1])
    base = alt.Chart().encode(x=alt.X("forecast:Q", title="forecast: share of runs", scale=scale, axis=axis))
    y = alt.Y("low:Q", title="observed: share of windows", scale=scale, axis=axis)
    spread = base.mark_rule(opacity=0.6, color=OKABE_ITO[0]).encode(y=y, y2="high:Q")
    size = alt.Size("n:Q", scale=alt.Scale(range=[25, 260]), legend=None)
    points = base.mark_point(filled=True, opacity=1, color=OKABE_ITO[0]).encode(y="observed:Q", size=size)
    ends = alt.Chart(data([{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
    line = ends.mark_line(strokeDash=[4, 3], color=GREY).encode(x="x:Q", y="y:Q")
    layers = alt.layer(line, spread, points).properties(width=PANEL, height=PANEL)
    chart = layers.facet(data=data(values), column=panels("window", names))
    inside = sum(value["low"] <= value["forecast"] <= value["high"] for value in values)
    title = f"Reliability: {inside} of {len(values)} intervals contain the forecast"
    description = (
        "On the dashed line forecasts equal observations. Larger points have more windows. 95 % Wilson intervals, too "
        "narrow where windows overlap."
    )
    return Picture(title, description, chart)


def skills(rows: Rows, titles: Mapping[str, str], window: int) -> Picture:
    """Skill of each kind compared with each naive forecast, with its interval."""
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
    y = alt.Y("kind:N", title=None, sort=kinds, axis=alt.Axis(labelLimit=300, grid=True))
    base = alt.Chart().mark_rule(strokeWidth=2, color=OKABE_ITO[0]).encode(y=y)
    spread = base.encode(x=alt.X("low:Q", title="skill by Brier score", axis=alt.Axis(tickCount=4)), x2="high:Q")
    points = base.mark_point(filled=True, size=60, opacity=1, color=OKABE_ITO[0]).encode(x="skill:Q")
    zero = alt.Chart(data([{"x": 0}])).mark_rule(strokeDash=[4, 3], color=GREY).encode(x="x:Q")
    layers = alt.layer(zero, spread, points).properties(width=PANEL, height=max(60, 22 * len(kinds)))
    chart = layers.facet(data=data(values), column=panels("against", names)).properties(padding=label_padding(kinds))
    description = (
        "1 is perfect, 0 is as good as the naive forecast above the panel; right of the dashed line it is better. "
        f"Skills below {LOWEST:g} are drawn there. 95 % intervals by block bootstrap."
    )
    better = sum(value["low"] is not None and value["low"] > 0 for value in values)
    worse = sum(value["high"] is not None and value["high"] < 0 for value in values)
    found = f"of {len(values)} intervals, {better} are above 0 and {worse} below"
    return Picture(minus(f"Skill within {window} days: {found}"), description, chart)


def forecasts(rows: Rows, titles: Mapping[str, str], window: int) -> Picture:
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
    y = alt.Y("series:N", title=None, sort=names, axis=alt.Axis(labelLimit=330))
    base = alt.Chart(data(values)).encode(
        x=alt.X("origin:O", title="origin of the forecast", axis=alt.Axis(labelAngle=-60)), y=y
    )
    fill = alt.Color("p:Q", title="forecast: share of runs", scale=alt.Scale(scheme="purples", domain=[0, 1]))
    boxes = base.mark_rect().encode(color=fill)
    marks = base.transform_filter("datum.occurred").mark_point(
        filled=True, size=45, color=OKABE_ITO[1], opacity=1, stroke="white", strokeWidth=1
    )
    chart = (boxes + marks).properties(width=WIDTH - 320, height=18 * max(1, len(names)), padding=label_padding(names))
    title, known = (
        f"Forecasts within {window} days",
        [[v["p"] for v in values if v["occurred"] is did] for did in (True, False)],
    )
    if all(known):
        title += f": {fmean(known[0]):.2f} on average where the event occurred, else {fmean(known[1]):.2f}"
    return Picture(title, "Darker: in more runs. A dot: the event occurred.", chart)
