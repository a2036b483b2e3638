"""Figures of the review of a run in documents. The page of a run draws its own."""

from typing import Any

from wargame.document.blocks import Picture
from wargame.document.drawing import chart
from wargame.document.formatting import minus, short
from wargame.document.palette import OKABE_ITO, PUOR
from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord
from wargame.journal.wording import count
from wargame.language.plain_text import clean
from wargame.language.times import DAY
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.reports.marks import CONTROL, LANES, MARKS, TALKS, lane_of, mark_of
from wargame.tables import by_key


def timeline_picture(findings: Findings) -> Picture | None:
    """Draw the events since STARTEX, with the marks and lanes of the page; None if there are none."""
    source = findings.source
    values = [_point(source, record) for record in source.since if _is_shown(record)]
    if not values:
        return None
    order = [LANES[CONTROL], *source.governments.values(), LANES[TALKS]]
    found = {value["what"] for value in values}
    shown = {mark.name: mark for mark in MARKS.values() if mark.name in found}  # two kinds may have one name
    drawn = chart(
        "timeline",
        values=values,
        lanes=order,
        height=36 * len(order),
        marks=[*shown],
        paths=[mark.path for mark in shown.values()],
        fills=[mark.fill for mark in shown.values()],
        points=_numbers(findings),
        **_when(source),
    )
    description = (
        "A lane for each government. The numbers are the turning points. Larger marks are more severe, darker ones "
        "weigh more (Goldstein)."
    )
    title = f"Timeline: {count(len(values), 'event')}, {count(len(findings.turning_points), 'turning point')}"
    return Picture(title, description, drawn)


def _is_shown(record: Record) -> bool:
    """Return whether a record has a mark that the page shows at first, and is news since STARTEX."""
    mark = mark_of(record)
    return bool(mark) and mark not in ("decision", "history") and not getattr(record, "inherited", False)


def _point(source: RunSource, record: Record) -> dict[str, Any]:
    lane = lane_of(record, source.governments)
    severity = max(0.0, record.severity if isinstance(record, ActionRecord) else 12.0)
    name = LANES.get(lane) or source.name(lane)
    return {"at": record.at[:19], "lane": name, "what": MARKS[mark_of(record)].name, "severity": severity}


def _numbers(findings: Findings) -> list[dict[str, str]]:
    """Return the numbers of the turning points; of several on one day, they are in one text."""
    at = by_key((point.at[:10], str(number)) for number, point in enumerate(findings.turning_points, 1))
    return [{"at": day, "numbers": ", ".join(numbers)} for day, numbers in at.items()]


def _when(source: RunSource) -> dict[str, Any]:
    """Return the time axis: months with their year, or days for a run of less than a year."""
    days = (source.records[-1].t - source.startex) / DAY
    form, ticks = ("%-d %b %Y", 6) if days < YEAR else ("%b %Y", 10)
    ends = [source.manifest.startex or source.records[0].at, source.records[-1].at]
    return {"axis": {"format": form, "tickCount": ticks}, "span": [moment[:19] for moment in ends]}


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
    last = [value for value in values if value["at"] == values[-1]["at"]]
    low, high = (choose(last, key=lambda value: value["trust"]) for choose in (min, max))
    height = max(60, 13 * len({value["pair"] for value in values}))
    drawn = chart("relations", values=values, height=height)
    found = [f"{name} {row['pair']}, {row['trust']:+.2f}" for name, row in (("lowest of", low), ("highest of", high))]
    text = "Trust of each government in each other government by month: orange is distrust, purple is trust."
    return Picture(minus(f"Trust at the end: {'; '.join(found)}"), text, drawn)


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
    drawn = chart(
        "escalation",
        values=values,
        unit="yearmonthdate" if unit == "day" else "yearmonth",
        title=f"severity per {unit}, sum",
        sides=[PUOR[2], PUOR[8]],
        **_when(source),
    )
    top = max(sums, key=sums.__getitem__)
    title = f"Escalation: the most severe {unit} is {top}, with a sum of {short(sums[top])}"
    return Picture(title, f"Severity of all actions per {unit}, after Rivera and others.", drawn)


def severities(*runs: Findings) -> Picture:
    """Draw the cumulative severity of the actions of several runs, by day."""
    values: list[dict[str, Any]] = []
    for findings in runs:
        source = findings.source
        name, total, startex = clean(source.folder.name), 0.0, source.manifest.startex or source.records[0].at
        values.append({"at": startex[:10], "run": name, "severity": total})
        for row in findings.escalation:
            total += row["severity"]
            values.append({"at": row["date"], "run": name, "severity": round(total, 4)})
        values.append({**values[-1], "at": source.records[-1].at[:10]})
    last = {value["run"]: value for value in values}
    when = _when(runs[0].source)
    drawn = chart("severities", values=values, ends=list(last.values()), colours=list(OKABE_ITO), **when)
    at_end = "; ".join(f"{name} {short(value['severity'])}" for name, value in last.items())
    return Picture(f"Severity at the end: {at_end}", "Cumulative severity of all actions since STARTEX.", drawn)
