"""Figures of the documents, by Altair, drawn offline by vl-convert; the page of a run draws its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import altair as alt

from wargame.review import rows, series
from wargame.review.blocks import Picture
from wargame.review.source import Source
from wargame.review.summary import clean

OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C7B00")
SHAPES = {"deed": "circle", "inject.released": "triangle-down", "forum": "diamond", "outcome": "square"}
FONT = "Liberation Sans, Arial, sans-serif"
WIDTH = 640


def styled(chart: Any) -> Any:
    """The look that all figures share."""
    return (
        chart.configure(font=FONT)
        .configure_view(stroke="#d5dbe1")
        .configure_axis(labelFontSize=10, titleFontSize=11, gridColor="#e6eaee")
        .configure_legend(labelFontSize=10, titleFontSize=11, orient="bottom")
    )


@cache
def _converter() -> Any:
    import vl_convert

    return vl_convert


def svg(chart: Any) -> str:
    """The chart as SVG; nothing is loaded from anywhere."""
    return str(_converter().vegalite_to_svg(styled(chart).to_json(), allowed_base_urls=[]))


def png(chart: Any) -> bytes:
    """The chart as PNG, at twice the resolution of a screen."""
    return bytes(_converter().vegalite_to_png(styled(chart).to_json(), scale=2, allowed_base_urls=[]))


def data(values: list[dict[str, Any]]) -> Any:
    """Rows as the data of a chart."""
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def run_pictures(source: Source) -> Iterator[Picture]:
    """The figures of the review of one run; those without data are left out."""
    for make in (_timeline, _relations, _escalation):
        picture = make(source)
        if picture is not None:
            yield picture


def _timeline(source: Source) -> Picture | None:
    lanes = {"inject.released": "injects", "forum": "talks, outcomes", "outcome": "talks, outcomes"}
    values = [
        {
            "at": row["at"][:19],
            "lane": lanes.get(row["kind"], row["who"]),
            "kind": row["kind"],
            "severity": max(0.0, float(source.index[row["seq"]].data.get("severity", 8.0))),
        }
        for row in rows.timeline(source)
        if row["kind"] in SHAPES and row["day"] >= 0
    ]
    if not values:
        return None
    order = ["injects", *source.governments, "talks, outcomes"]
    chart = (
        alt.Chart(data(values))
        .mark_point(filled=True, opacity=0.75)
        .encode(
            x=alt.X("at:T", title=None),
            y=alt.Y("lane:N", sort=order, title=None),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())), title=None),
            color=alt.Color("kind:N", scale=alt.Scale(domain=list(SHAPES), range=list(OKABE_ITO[:4])), title=None),
            size=alt.Size("severity:Q", legend=None, scale=alt.Scale(range=[12, 140])),
        )
        .properties(width=WIDTH, height=36 * len(order))
    )
    return Picture("Timeline", "A lane for each government; deeds are larger the more severe they are.", chart)


def _relations(source: Source) -> Picture | None:
    values = [
        {"at": row["at"][:10], "pair": f"{row['who']} in {row['whom']}", "trust": row["value"]}
        for row in series.relations(source)
        if row["day"] >= 0
    ]
    if not values:
        return None
    chart = (
        alt.Chart(data(values))
        .mark_rect()
        .encode(
            x=alt.X("at:O", title=None, axis=alt.Axis(labelAngle=-60, labelOverlap=True)),
            y=alt.Y("pair:N", title=None),
            color=alt.Color(
                "trust:Q", title="trust", scale=alt.Scale(scheme="purpleorange", domain=[-1, 1], reverse=True)
            ),
        )
        .properties(width=WIDTH, height=max(60, 13 * len({value["pair"] for value in values})))
    )
    return Picture(
        "Relations", "Trust of each government in each other one by month; orange is distrust, purple trust.", chart
    )


def _escalation(source: Source) -> Picture | None:
    values = [{"at": row["date"], "severity": row["severity"]} for row in rows.escalation(source)]
    if not values:
        return None
    chart = (
        alt.Chart(data(values))
        .mark_bar(color=OKABE_ITO[4])
        .encode(
            x=alt.X("yearmonth(at):T", title=None),
            y=alt.Y("sum(severity):Q", title="severity a month"),
        )
        .properties(width=WIDTH, height=140)
    )
    return Picture("Escalation", "Severity of all deeds of a month, after Rivera and others.", chart)


def severities(sources: Mapping[str, Source]) -> Picture:
    """How severe the deeds of runs were, added up day by day."""
    values: list[dict[str, Any]] = []
    for name, source in sources.items():
        total = 0.0
        for row in rows.escalation(source):
            total += row["severity"]
            values.append({"at": row["date"], "run": safe(name), "severity": round(total, 4)})
    chart = (
        alt.Chart(data(values))
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("at:T", title=None),
            y=alt.Y("severity:Q", title="severity, added up"),
            color=alt.Color("run:N", scale=alt.Scale(range=list(OKABE_ITO)), title=None),
            strokeDash=alt.StrokeDash("run:N", title=None),
        )
        .properties(width=WIDTH, height=200)
    )
    return Picture(
        "Severity", "Severities of all deeds since the hand-over, added up; the steeper, the rougher.", chart
    )


def safe(text: str) -> str:
    """Text for a label of a chart."""
    return clean(text)
