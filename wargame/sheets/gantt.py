"""Draws the schedule of an MSEL as a Gantt chart: an SVG picture, or a page with the picture and its data as a table.

Both clocks have an axis if the pace is known. Colours are of the Okabe-Ito palette, and each kind of row also has its
own shape. The picture refers to no other file and follows the colour scheme of the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from math import ceil

from wargame.language.plain_text import clean
from wargame.language.times import DAY
from wargame.sheets.schedule import Schedule, ScheduledInject

LABELS, WIDTH, SHARES = 330, 820, 200
"""Widths of the titles, the chart and the column of the rehearsal, in pixels."""
ROW, HEAD, TOP = 24, 30, 64
MOST_LABEL = 46
MOST_TICKS = 14
STEPS = (1, 2, 7, 14, 30, 61, 91, 183, 365, 730, 1461, 3652)
"""Days between two lines of the grid."""
STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #16202b; }
.soft { fill: #4b5966; } .head { font-weight: 650; font-size: 13px; } .title { font-weight: 650; font-size: 16px; }
.grid { stroke: #e3e7eb; } .axis { stroke: #7b8894; } .band { fill: #f5f7f9; } .paper { fill: #fff; }
.inject { fill: #0072b2; stroke: #0072b2; } .information { fill: #009e73; stroke: #009e73; }
.contingency { fill: #d55e00; stroke: #d55e00; } .facilitation { fill: #7b8894; stroke: #7b8894; }
.range { stroke: #16202b; stroke-width: 3; opacity: .45; } .window { fill-opacity: .3; }
.condition { fill: none; stroke-width: 2; stroke-dasharray: 3 5; } .link { fill: none; stroke: #7b8894; }
@media (prefers-color-scheme: dark) {
text { fill: #e4eaf0; } .soft { fill: #a5b1bc; } .grid { stroke: #2b3640; } .band { fill: #1b232b; }
.paper { fill: #161d24; }
.inject { fill: #56a8e0; stroke: #56a8e0; } .information { fill: #2fc79a; stroke: #2fc79a; }
.contingency { fill: #ff8a4c; stroke: #ff8a4c; } .facilitation { fill: #a5b1bc; stroke: #a5b1bc; }
.range { stroke: #e4eaf0; } .link { stroke: #a5b1bc; } }
"""
PAGE_STYLE = """
:root { color-scheme: light dark; }
body { margin: 24px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.picture { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; margin-top: 1em; }
caption { text-align: left; font-weight: 650; padding: .3em 0; }
th, td { text-align: left; vertical-align: top; padding: .35em .8em .35em 0; border-bottom: 1px solid #7b889466; }
@media print { .picture { overflow: visible; } svg { width: 100%; height: auto; } }
"""
KINDS = ("inject", "information", "contingency", "facilitation")
LEGEND = ("at a time", "random window", "after another", "on a condition", "by hand")


def to_svg(plan: Schedule, pace: float = 0.0) -> str:
    """Return the picture. `pace` is in game seconds per second of wall time; 0 draws no wall clock."""
    return "".join(_svg(plan, pace, 'xmlns="http://www.w3.org/2000/svg" '))


def to_page(plan: Schedule, pace: float = 0.0) -> str:
    """Return a page with the picture and the table of its data, without references to other files."""
    title = escape(f"MSEL of {clean(plan.scenario.title)}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{PAGE_STYLE}</style></head><body><h1>{title}</h1>"
        f'<div class="picture">{"".join(_svg(plan, pace, ""))}</div>{_table(plan)}</body></html>\n'
    )


def _svg(plan: Schedule, pace: float, space: str) -> Iterator[str]:
    lines = list(_lines(plan))
    width = LABELS + WIDTH + (SHARES if plan.rehearsed_runs else 20)
    height = TOP + sum(HEAD if isinstance(line, str) else ROW for line in lines) + 74
    name = escape(f"MSEL of {clean(plan.scenario.title)}: when each inject can be released")
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    yield f'<svg {space}{size} role="img" aria-label="{name}">'
    yield f'<style>{STYLE}</style><rect class="paper" width="{width}" height="{height}"/>'
    bottom = height - 74
    yield from _axes(plan, pace, bottom)
    y: float = TOP
    places: dict[str, tuple[float, float]] = {}
    for number, line in enumerate(lines):
        if isinstance(line, str):
            y += HEAD
            yield f'<text class="head" x="8" y="{y - 9}">{escape(_short(line))}</text>'
            continue
        if number % 2:
            yield f'<rect class="band" x="0" y="{y}" width="{width}" height="{ROW}"/>'
        yield from _inject(plan, line, y, places)
        y += ROW
    yield from _legend(bottom + 46)
    yield "</svg>"


def _lines(plan: Schedule) -> Iterator[str | ScheduledInject]:
    """Yield the rows, with the storyline before the first of each."""
    last: str | None = None
    for row in plan.rows:
        if row.storyline != last:
            last = row.storyline
            yield clean(row.storyline).replace("_", " ") or "without a storyline"
        yield row


def _x(plan: Schedule, day: float) -> float:
    return round(LABELS + WIDTH * min(max(day / plan.length, 0.0), 1.0), 1)


def _axes(plan: Schedule, pace: float, bottom: float) -> Iterator[str]:
    yield f'<text class="soft" x="8" y="{TOP - 26}">game time</text>'
    if pace:
        yield f'<text class="soft" x="8" y="{TOP - 8}">time in the room</text>'
    for day in tick_days(0.0, plan.length, MOST_TICKS):
        x = _x(plan, day)
        at = plan.calendar.at(plan.calendar.startex) + timedelta(days=day)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{bottom}"/>'
        yield f'<text class="soft" x="{x}" y="{TOP - 44}" text-anchor="middle">D+{day}</text>'
        yield f'<text class="soft" x="{x}" y="{TOP - 26}" text-anchor="middle">{at:{date_form(plan.length)}}</text>'
        if pace:
            yield f'<text class="soft" x="{x}" y="{TOP - 8}" text-anchor="middle">{_room(day * DAY / pace)}</text>'
    for limit, name in ((0.0, "STARTEX"), (plan.length, "ENDEX")):
        x = _x(plan, limit)
        yield f'<line class="axis" x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{bottom}"/>'
        yield f'<text class="soft" x="{x}" y="{bottom + 16}" text-anchor="middle">{name}</text>'
    if plan.rehearsed_runs:
        column = LABELS + WIDTH + 50
        yield f'<text class="soft" x="{column}" y="{TOP - 26}">released in</text>'
        yield f'<text class="soft" x="{column}" y="{TOP - 8}">of {plan.rehearsed_runs} rehearsed runs</text>'


def tick_days(first: float, last: float, most: int) -> list[int]:
    """The days from `first` to `last` that the axis of a chart names: multiples of a step, about `most` of them."""
    step = next((each for each in STEPS if (last - first) / each <= most), STEPS[-1])
    return [step * n for n in range(ceil(first / step), int(last // step) + 1)]


def date_form(length: float) -> str:
    """Return the format of dates in a chart of this number of days."""
    return "%d %b %y" if length > 300 else "%d %b"


def _room(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _inject(plan: Schedule, row: ScheduledInject, y: float, places: dict[str, tuple[float, float]]) -> Iterator[str]:
    middle = y + ROW / 2
    kind = row.inject_kind if row.inject_kind in KINDS else "inject"
    hint = escape(f"{row.id}: {clean(row.title)} ({clean(row.note)})")
    yield f"<g><title>{hint}</title>"
    yield f'<text x="20" y="{middle + 4}">{escape(_short(clean(row.title)))}</text>'
    if row.rehearsed is not None and row.rehearsed.first is not None and row.rehearsed.last is not None:
        first, last = _x(plan, row.rehearsed.first), _x(plan, row.rehearsed.last)
        yield f'<line class="range" x1="{first}" x2="{max(last, first + 2)}" y1="{y + ROW - 4}" y2="{y + ROW - 4}"/>'
    yield from _mark(plan, row, kind, middle, places)
    if row.days:
        places[row.id] = (_x(plan, row.days[0]), middle)
    if plan.rehearsed_runs and row.rehearsed is not None:
        yield f'<text class="soft" x="{LABELS + WIDTH + 50}" y="{middle + 4}">{row.rehearsed.share:.0%}</text>'
    yield "</g>"


def _mark(
    plan: Schedule, row: ScheduledInject, kind: str, y: float, places: dict[str, tuple[float, float]]
) -> Iterator[str]:
    """Yield the shape of a row: circles, a bar, a link from its parent, a dashed line, or a diamond at the left."""
    xs = [_x(plan, day) for day in row.days]
    if row.kind == "moment":
        yield from (f'<circle class="{kind}" cx="{x}" cy="{y}" r="5"/>' for x in xs)
    elif row.kind == "window":
        length = max(xs[-1] - xs[0], 3)
        yield f'<rect class="window {kind}" x="{xs[0]}" y="{y - 6}" width="{length}" height="12" rx="3"/>'
    elif row.kind == "condition":
        yield f'<line class="condition {kind}" x1="{xs[0]}" x2="{xs[-1]}" y1="{y}" y2="{y}"/>'
    elif row.kind == "after" and xs:
        if row.parent in places:
            start, above = places[row.parent]
            yield f'<path class="link" d="M{start} {above + 6}V{y}H{xs[0] - 7}"/>'
        if len(xs) > 1 and xs[-1] - xs[0] > 12:
            yield f'<line class="condition {kind}" x1="{xs[0]}" x2="{xs[-1]}" y1="{y}" y2="{y}"/>'
        yield f'<path class="{kind}" d="M{xs[0] - 6} {y - 6}L{xs[0] + 6} {y}L{xs[0] - 6} {y + 6}Z"/>'
    else:
        x = LABELS - 14
        yield f'<path class="{kind}" d="M{x} {y - 6}L{x + 6} {y}L{x} {y + 6}L{x - 6} {y}Z"/>'


def _legend(y: float) -> Iterator[str]:
    x = 20.0
    for kind in KINDS:
        yield f'<rect class="{kind}" x="{x}" y="{y - 9}" width="10" height="10"/>'
        yield f'<text x="{x + 15}" y="{y}">{kind}</text>'
        x += 40 + 7 * len(kind)
    x += 20
    shapes = (
        f'<circle class="facilitation" cx="0" cy="{y - 4}" r="5"/>',
        f'<rect class="window facilitation" x="-6" y="{y - 10}" width="16" height="12" rx="3"/>',
        f'<path class="facilitation" d="M-6 {y - 10}L6 {y - 4}L-6 {y + 2}Z"/>',
        f'<line class="condition facilitation" x1="-6" x2="12" y1="{y - 4}" y2="{y - 4}"/>',
        f'<path class="facilitation" d="M0 {y - 10}L6 {y - 4}L0 {y + 2}L-6 {y - 4}Z"/>',
    )
    for shape, name in zip(shapes, LEGEND, strict=True):
        yield f'<g transform="translate({x} 0)">{shape}<text x="16" y="{y}">{name}</text></g>'
        x += 44 + 7 * len(name)


def _short(label: str) -> str:
    return label if len(label) <= MOST_LABEL else f"{label[: MOST_LABEL - 1].rstrip()}…"


def _table(plan: Schedule) -> str:
    headings = ["Inject", "Title", "Storyline", "Kind", "Trigger", *(["Rehearsed"] if plan.rehearsed_runs else [])]
    rows = []
    for row in plan.rows:
        cells = [row.id, row.title, row.storyline, row.inject_kind, row.note]
        cells += [_rehearsed(row)] if plan.rehearsed_runs else []
        rows.append("".join(f"<td>{escape(clean(cell))}</td>" for cell in cells))
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join(f"<tr>{cells}</tr>" for cells in rows)
    return (
        f"<table><caption>The data of the picture</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _rehearsed(row: ScheduledInject) -> str:
    found = row.rehearsed
    if found is None or found.median is None:
        return "" if found is None else "in no run"
    return f"in {found.share:.0%} of runs, median D+{found.median:.0f}"
