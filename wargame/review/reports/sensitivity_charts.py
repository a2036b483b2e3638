"""Figures of sensitivity in batch reports: tornado, Sobol indices, sources of variance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from wargame.document.blocks import Picture
from wargame.document.drawing import WIDTH, data
from wargame.document.palette import GREY, OKABE_ITO
from wargame.review.reports.batch_charts import LABELS, SMALL, Rows, label_padding, small_chart
from wargame.review.reports.batch_labels import Names

ENDS = ("#E08214", "#8073AC")
"""Colours of the lower and the upper end of a factor."""


def tornado(rows: Rows, names: Names) -> Picture:
    """Return the effects of the ends of factors on a measure, the largest swing on top; pale if not significant."""
    measure, arm = rows[0]["measure"], rows[0]["arm"]
    scale = 100 if names.is_share(measure) else 1
    values = [
        {
            "factor": names.factors.get(row["factor"], row["factor"]),
            "end": end,
            "effect": scale * (row[key]["effect"] or 0.0),
            "shown": _shown(row[key]),
        }
        for row in rows
        for key, end in (("at_low", "lower end"), ("at_high", "upper end"))
    ]
    chart = (
        alt.Chart(data(values))
        .mark_bar(height=15, stroke=GREY, strokeWidth=0.5)
        .encode(
            y=alt.Y("factor:N", title=None, sort=None, axis=alt.Axis(labelLimit=LABELS)),
            x=alt.X("effect:Q", title="change in points" if scale > 1 else "change", stack=None,
                    axis=alt.Axis(tickCount=5, labelOverlap=True, labelSeparation=8)),
            color=alt.Color("end:N", scale=alt.Scale(domain=["lower end", "upper end"], range=list(ENDS)), title=None),
            opacity=alt.condition("datum.shown", alt.value(1.0), alt.value(0.3)),
        )
    )  # fmt: skip
    chart.padding = label_padding(value["factor"] for value in values)
    text = "Change as each factor moves from its middle to its ends. Pale bars: the interval includes zero."
    where = f" in {names.within(arm)}" if len(names.arms) > 1 else ""
    return small_chart(f"{names.title(measure)}{where}", text, chart, max(50, 13 * len(values)), SMALL - 110)


def _shown(end: Mapping[str, Any]) -> bool:
    return end["from"] is not None and (end["from"] > 0 or end["to"] < 0)


def sobol(rows: Rows, names: Names) -> Picture:
    """First-order and total indices of each factor, with 95 % intervals."""
    measure, arm = rows[0]["measure"], rows[0]["arm"]
    values = [
        {
            "factor": names.factors.get(row["factor"], row["factor"]),
            "index": label,
            "value": row[key],
            "low": row[key] - row[f"{key}_half_width"],
            "high": row[key] + row[f"{key}_half_width"],
        }
        for row in sorted(rows, key=lambda row: -row["total"])
        for key, label in (("first", "alone"), ("total", "with interactions"))
    ]
    base = alt.Chart(data(values)).encode(
        y=alt.Y("factor:N", title=None, sort=None, axis=alt.Axis(labelLimit=LABELS)), yOffset=alt.YOffset("index:N")
    )
    domain = ["alone", "with interactions"]
    bars = base.mark_bar().encode(
        x=alt.X(
            "value:Q", title="share of the variance", axis=alt.Axis(tickCount=5, labelOverlap=True, labelSeparation=8)
        ),
        color=alt.Color("index:N", scale=alt.Scale(domain=domain, range=["#56B4E9", "#0072B2"]), title=None),
    )
    spread = base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    where = f" in {names.within(arm)}" if len(names.arms) > 1 else ""
    chart = bars + spread
    chart.padding = label_padding(value["factor"] for value in values)
    text = "Sobol indices with 95 % intervals: the share that a factor explains alone, and with all interactions."
    return small_chart(f"{names.title(measure)}{where}", text, chart, 30 * len(rows), SMALL - 110)


def variance(rows: Rows, names: Names) -> Picture:
    """Return the sources of variance of each measure."""
    parts = {"draws": "random draws", "parameters": "parameters", "arm": "arm"}
    values = [
        {"measure": names.title(row["measure"]), "part": label, "share": row[part], "order": place}
        for row in rows
        for place, (part, label) in enumerate(parts.items())
    ]
    scale = alt.Scale(domain=list(parts.values()), range=["#d5dbe1", OKABE_ITO[5], OKABE_ITO[1]])
    chart = (
        alt.Chart(data(values))
        .mark_bar(stroke="#fff")
        .encode(
            y=alt.Y("measure:N", title=None, sort=None, axis=alt.Axis(labelLimit=2 * LABELS)),
            x=alt.X("share:Q", title="share of the variance", axis=alt.Axis(format="%"), stack="normalize"),
            color=alt.Color("part:N", scale=scale, title=None, sort=list(parts.values())),
            order="order:Q",
        )
        .properties(width=WIDTH - 60, height=26 * len(rows), padding=label_padding(v["measure"] for v in values))
    )
    return Picture("Sources of variance", "Shares of the variance of each measure.", chart)
