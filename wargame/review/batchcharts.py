"""Figures of batch reports, by Altair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from wargame.review.blocks import Picture
from wargame.review.charts import OKABE_ITO, WIDTH, data

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def _arms(rows: Sequence[Mapping[str, Any]]) -> Any:
    names = sorted({str(row["arm"]) for row in rows})
    return alt.Color("arm:N", scale=alt.Scale(domain=names, range=list(OKABE_ITO[: len(names)])), title=None)


def incidence(title: str, rows: Sequence[Mapping[str, Any]]) -> Picture:
    """The share of runs in which an outcome has come, by day, with its band, in every arm."""
    values = [
        {"arm": row["arm"], "day": day, "share": share, "low": low, "high": high}
        for row in rows
        for day, share, low, high in zip(row["days"], row["share"], row["low"], row["high"], strict=True)
    ]
    base = alt.Chart(data(values)).encode(x=alt.X("day:Q", title="days from the hand-over"), color=_arms(rows))
    share = alt.Axis(format="%")
    band = base.mark_area(opacity=0.18, interpolate="step-after").encode(
        y=alt.Y("low:Q", title="share of runs", axis=share), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after").encode(y="share:Q", strokeDash=alt.StrokeDash("arm:N", title=None))
    chart = (band + line).properties(width=WIDTH, height=180)
    return Picture(title, "Share of runs in which it has come, with 95 % bands.", chart)


def forest(rows: Sequence[Mapping[str, Any]]) -> Iterator[Picture]:
    """Differences as forest plots, a line for each measure and arm: shares in one, other units each on their own."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        kind = "shares" if str(row["measure"]).startswith("p(") else str(row["measure"])
        groups.setdefault(kind, []).append({**row, "line": f"{row['measure']} in {row['arm']}"})
    for kind, found in groups.items():
        yield _forest(kind, found)


def _forest(kind: str, rows: list[dict[str, Any]]) -> Picture:
    base = alt.Chart(data(rows)).encode(y=alt.Y("line:N", title=None, sort=None))
    spread = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title="difference"), x2="high:Q", color=_arms(rows))
    points = base.mark_point(filled=True, size=70).encode(
        x="estimate:Q", color=_arms(rows), shape=alt.Shape("arm:N", title=None)
    )
    zero = alt.Chart(data([{"x": 0}])).mark_rule(strokeDash=[4, 3]).encode(x="x:Q")
    chart = (zero + spread + points).properties(width=WIDTH - 120, height=max(50, 20 * len(rows)))
    return Picture(f"Differences: {kind}", "Arm less baseline, paired, with 95 % intervals; dashed: no effect.", chart)


def tornado(rows: Sequence[Mapping[str, Any]]) -> Iterator[Picture]:
    """For each measure and arm the effects of the factors' ends, the largest swing on top."""
    for measure, arm in dict.fromkeys((row["measure"], row["arm"]) for row in rows):
        values = [
            {"factor": row["factor"], "end": end, "effect": row[key]["effect"] or 0.0}
            for row in rows
            if (row["measure"], row["arm"]) == (measure, arm)
            for key, end in (("at_low", "lower end"), ("at_high", "upper end"))
        ]
        chart = (
            alt.Chart(data(values))
            .mark_bar(height=14)
            .encode(
                y=alt.Y("factor:N", title=None, sort=None),
                x=alt.X("effect:Q", title=f"change of {measure}", stack=None),
                color=alt.Color("end:N", scale=alt.Scale(range=["#E08214", "#8073AC"]), title=None),
            )
            .properties(width=WIDTH - 120, height=max(50, 11 * len(values)))
        )
        yield Picture(
            f"Sensitivity of {measure} in {arm}", "Change from the middle as each factor goes to its ends.", chart
        )


def fans(series: pd.DataFrame) -> Iterator[Picture]:
    """Quantiles over runs of each indicator that the study keeps, by day and arm."""
    paths = [name for name in series.columns if name not in ("arm", "replication", "day", "t")]
    for path in paths:
        values = [
            {"arm": str(arm), "day": day, **_quantiles(found[path])}
            for arm, runs in series.groupby("arm")
            for day, found in runs.groupby("day")
        ]
        base = alt.Chart(data(values)).encode(x=alt.X("day:Q", title="days from the hand-over"), color=_arms(values))
        outer = base.mark_area(opacity=0.12).encode(y=alt.Y("q5:Q", title=path), y2="q95:Q")
        inner = base.mark_area(opacity=0.22).encode(y="q25:Q", y2="q75:Q")
        middle = base.mark_line().encode(y="q50:Q", strokeDash=alt.StrokeDash("arm:N", title=None))
        chart = (outer + inner + middle).properties(width=WIDTH, height=180)
        yield Picture(path, "Median of the runs, the middle half and nine tenths of them.", chart)


def _quantiles(values: pd.Series[float]) -> dict[str, float]:
    return {f"q{round(100 * share)}": float(values.quantile(share)) for share in QUANTILES}
