"""Figures of the review of a run in documents. The page of a run draws its own."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from wargame.document.blocks import Picture
from wargame.document.drawing import WIDTH, data
from wargame.document.formatting import minus, short
from wargame.document.palette import GREY, OKABE_ITO, PUOR
from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord
from wargame.journal.wording import count
from wargame.language.plain_text import clean
from wargame.language.times import DAY
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.reports.marks import CONTROL, LANES, MARKS, TALKS, lane_of, mark_of


def timeline_picture(findings: Findings) -> Picture | None:
    """Draw the events since STARTEX, with the marks and lanes of the page; None if there are none."""
    source = findings.source
    values = [_point(source, record) for record in source.since if _is_shown(record)]
    if not values:
        return None
    order = [LANES[CONTROL], *source.governments.values(), LANES[TALKS]]
    found = {value["what"] for value in values}
    shown = {mark.name: mark for mark in MARKS.values() if mark.name in found}  # two kinds may have one name
    shapes = alt.Scale(domain=[*shown], range=[mark.path for mark in shown.values()])
    colours = alt.Scale(domain=[*shown], range=[mark.fill for mark in shown.values()])
    legend = alt.Legend(columns=3, symbolSize=80, symbolStrokeColor="#3a3a3a")
    points = (
        alt.Chart(data(values))
        .mark_point(filled=True, opacity=0.85, stroke="#3a3a3a", strokeWidth=0.5)
        .encode(
            x=_when(source, "at:T"),
            y=alt.Y("lane:N", sort=order, title=None, axis=alt.Axis(labelLimit=200, labelPadding=8)),
            shape=alt.Shape("what:N", scale=shapes, title=None, legend=legend),
            fill=alt.Fill("what:N", scale=colours, title=None, legend=legend),
            size=alt.Size("severity:Q", legend=None, scale=alt.Scale(range=[30, 150])),
        )
    )
    chart = alt.layer(*_numbers(findings), points).properties(width=WIDTH, height=36 * len(order))
    description = (
        "A lane for each government. The numbers are the turning points. Larger marks are more severe, darker ones "
        "weigh more (Goldstein)."
    )
    title = f"Timeline: {count(len(values), 'event')}, {count(len(findings.turning_points), 'turning point')}"
    return Picture(title, description, chart)


def _is_shown(record: Record) -> bool:
    """Return whether a record has a mark that the page shows at first, and is news since STARTEX."""
    mark = mark_of(record)
    return bool(mark) and mark not in ("decision", "history") and not getattr(record, "inherited", False)


def _point(source: RunSource, record: Record) -> dict[str, Any]:
    lane = lane_of(record, source.governments)
    severity = max(0.0, record.severity if isinstance(record, ActionRecord) else 12.0)
    name = LANES.get(lane) or source.name(lane)
    return {"at": record.at[:19], "lane": name, "what": MARKS[mark_of(record)].name, "severity": severity}


def _numbers(findings: Findings) -> list[Any]:
    """Return lines at the turning points with their numbers; of several on one day, the numbers are in one text."""
    at: dict[str, list[str]] = {}
    for number, point in enumerate(findings.turning_points, 1):
        at.setdefault(point.at[:10], []).append(str(number))
    if not at:
        return []
    values = [{"at": day, "numbers": ", ".join(numbers)} for day, numbers in at.items()]
    x = _when(findings.source, "at:T")
    lines = alt.Chart(data(values)).mark_rule(color=GREY, strokeDash=[2, 4]).encode(x=x)
    texts = alt.Chart(data(values)).mark_text(baseline="bottom", dy=-3, fontWeight="bold", fontSize=11)
    return [lines, texts.encode(x=x, y=alt.value(0), text="numbers:N")]


def _when(source: RunSource, field: str) -> Any:
    """Return the time axis: months with their year, or days for a run of less than a year."""
    days = (source.records[-1].t - source.startex) / DAY
    form, ticks = ("%-d %b %Y", 6) if days < YEAR else ("%b %Y", 10)
    ends = [source.manifest.startex or source.records[0].at, source.records[-1].at]
    scale = alt.Scale(domain=[moment[:19] for moment in ends])
    return alt.X(field, title="date in the game", axis=alt.Axis(format=form, tickCount=ticks), scale=scale)


YEAR = 300
"""Days from which an axis shows months."""


def relations_picture(findings: Findings) -> Picture | None:
    """Draw the trust between governments by month; None without snapshots."""
    name = findings.source.name
    values = [
        {"at": row["at"][:10], "pair": f"{name(row['who'])} in {name(row['whom'])}", "trust": row["value"]}
        for row in findings.relations
        if row["day"] >= 0
    ]
    if not values:
        return None
    months = alt.Axis(labelExpr="timeFormat(toDate(datum.value), '%b %Y')", labelAngle=0)
    last = [value for value in values if value["at"] == values[-1]["at"]]
    low, high = (choose(last, key=lambda value: value["trust"]) for choose in (min, max))
    trust = alt.Scale(domain=[-1 + i / 5 for i in range(11)], range=list(PUOR))
    chart = (
        alt.Chart(data(values))
        .mark_rect()
        .encode(
            x=alt.X("at:O", title="date in the game", axis=months),
            y=alt.Y("pair:N", title=None, axis=alt.Axis(labelLimit=200, labelPadding=8)),
            color=alt.Color(
                "trust:Q", title="trust, −1 to 1", scale=trust, legend=alt.Legend(gradientLength=220, values=[-1, 0, 1])
            ),
        )
        .properties(width=WIDTH, height=max(60, 13 * len({value["pair"] for value in values})))
    )
    found = [f"{name} {row['pair']}, {row['trust']:+.2f}" for name, row in (("lowest of", low), ("highest of", high))]
    text = "Trust of each government in each other government by month: orange is distrust, purple is trust."
    return Picture(minus(f"Trust at the end: {'; '.join(found)}"), text, chart)


def escalation_picture(findings: Findings) -> Picture | None:
    """Draw sums by month, or by day for a short run; friendly actions count as negative."""
    source = findings.source
    unit, length = ("day", 10) if source.dates.fine else ("month", 7)
    sums: dict[str, float] = {}
    for row in findings.escalation:
        sums[row["date"][:length]] = sums.get(row["date"][:length], 0.0) + row["severity"]
    if not sums:
        return None
    values = [
        {"at": f"{at}-01"[:10], "severity": round(total, 4), "side": "friendly" if total < 0 else "hostile"}
        for at, total in sums.items()
    ]
    colours = alt.Scale(domain=["hostile", "friendly"], range=[PUOR[2], PUOR[8]])
    chart = (
        alt.Chart(data(values))
        .mark_bar()
        .encode(
            x=_when(source, f"{'yearmonthdate' if unit == 'day' else 'yearmonth'}(at):T"),
            y=alt.Y("severity:Q", title=f"severity per {unit}, sum"),
            color=alt.Color("side:N", scale=colours, legend=None),
        )
        .properties(width=WIDTH, height=140)
    )
    top = max(sums, key=sums.__getitem__)
    title = f"Escalation: the most severe {unit} is {top}, with a sum of {short(sums[top])}"
    return Picture(title, f"Severity of all actions per {unit}, after Rivera and others.", chart)


def severities(runs: Mapping[str, Findings]) -> Picture:
    """Draw the cumulative severity of the actions of several runs, by day."""
    values: list[dict[str, Any]] = []
    for name, findings in runs.items():
        total, startex = 0.0, findings.source.manifest.startex or findings.source.records[0].at
        values.append({"at": startex[:10], "run": clean(name), "severity": total})
        for row in findings.escalation:
            total += row["severity"]
            values.append({"at": row["date"], "run": clean(name), "severity": round(total, 4)})
    base = alt.Chart(data(values)).encode(
        x=_when(next(iter(runs.values())).source, "at:T"),
        y=alt.Y("severity:Q", title="severity, sum since STARTEX"),
        color=alt.Color("run:N", scale=alt.Scale(range=list(OKABE_ITO)), legend=None),
    )
    lines = base.mark_line(interpolate="step-after").encode(strokeDash=alt.StrokeDash("run:N", legend=None))
    last = {value["run"]: value for value in values}
    texts = base.mark_text(align="left", dx=5, fontWeight="bold").encode(text="run:N")
    texts.data = data(list(last.values()))
    at_end = "; ".join(f"{name} {short(value['severity'])}" for name, value in last.items())
    chart = (lines + texts).properties(width=WIDTH - 120, height=200)
    return Picture(f"Severity at the end: {at_end}", "Cumulative severity of all actions since STARTEX.", chart)
