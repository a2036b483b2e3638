"""A calibration on a terminal: which numbers survive, which targets rule out, which points are left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table

from wargame.batch.text import number

if TYPE_CHECKING:
    from wargame.evidence.calibration.matching import Calibration

SHOWN = 12


def sections(found: Calibration) -> Iterator[tuple[str, Table]]:
    """Titles with their tables."""
    left, tried = len(found.surviving), len(found.points) - 1
    yield (
        f"Not ruled out: {left} of {tried} points, each with {found.runs} runs of each arm and STARTEX",
        _points(found),
    )
    yield "Numbers: as written, over all points, and over those that are not ruled out", _numbers(found)
    yield "Points that each target speaks against", _targets(found)


def _grid(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, justify="left")
    return table


def _points(found: Calibration) -> Table:
    table = _grid("point", "", "second worst", "targets inside", "speak against it")
    ranked = sorted(found.points[1:], key=lambda point: (point.worst, point.label))
    for point in (found.points[0], *ranked[:SHOWN]):
        said = ("as written, " if point is found.points[0] else "") + ("survives" if point.survives else "ruled out")
        inside = f"{point.held.inside} of {len(found.targets)}"
        table.add_row(point.label, said, f"{point.worst:.2f}", inside, ", ".join(point.against))
    return table


def _numbers(found: Calibration) -> Table:
    table = _grid("number", "unit", "written", "tried", "survives")
    table.columns[0].overflow = "fold"
    for draw in found.draws:
        values = [point.values[draw.name] for point in found.points[1:]]
        kept = found.survivors(draw.name)
        told = f"{number(kept[0])} to {number(kept[1])}" if kept else "none"
        table.add_row(
            draw.name, draw.unit, number(draw.written), f"{number(min(values))} to {number(max(values))}", told
        )
    return table


def _targets(found: Calibration) -> Table:
    table = _grid("target", "points")
    for name in found.targets:
        count = sum(name in point.against for point in found.points[1:])
        table.add_row(name, f"{count} of {len(found.points) - 1}")
    return table


def notes(found: Calibration) -> list[str]:
    """What a reader of the tables must know."""
    from wargame.evidence.calibration.matching import LIMIT, SPEAK

    tried = len(found.points) - 1
    made = [
        (
            f"A target speaks against a point with an implausibility above {LIMIT:g}: the distance of its statistic from "
            f"the centre of its band, beside what band and interval allow. {SPEAK} of them rule a point out, so the "
            "second worst decides. Few runs have wide intervals and rule out little: that a point survives does not "
            "say it is right."
        ),
        f"Held out: {', '.join(found.held_out) or 'no target'}.",
    ]
    return made + ([f"Of the {tried} points the best {SHOWN} are shown."] if tried > SHOWN else [])


def claims_table(claims: list[dict[str, Any]]) -> Table:
    """How far each claim reaches."""
    table = _grid("claim", "as expected")
    for each in claims:
        table.add_row(each["claim"], each["told"])
    return table


def markdown(data: dict[str, Any]) -> str:
    """The part of a page that is made from a result."""
    method, written, tried = data["method"], data["points"][0], data["points"][1:]
    left = [point for point in tried if point["survives"]]
    lines = [
        _summary(data, written, len(tried), len(left)),
        "",
        "| number | as written | tried | survives | source |",
        "| --- | --- | --- | --- | --- |",
        *(_number_line(each) for each in data["numbers"]),
        "",
        "| target | points that it speaks against |",
        "| --- | --- |",
        *(f"| {name} | {_against(tried, name)} of {len(tried)} |" for name in method["targets"]),
    ]
    if data.get("claims"):
        lines += ["", "| claim | as expected over what survives |", "| --- | --- |"]
        lines += [f"| {each['claim']} | {each['told']} |" for each in data["claims"]]
    return "\n".join(lines)


def _summary(data: dict[str, Any], written: dict[str, Any], tried: int, left: int) -> str:
    method, fixed = data["method"], data["fixed"]["fixed"].items()
    hashes = ", ".join(f"{name} `{value[:12]}`" for name, value in fixed)
    return (
        f"Of {tried} points, each with {method['runs_each']} runs of each arm and STARTEX, {left} are not ruled out. "
        f"The scenario as written {'survives' if written['survives'] else 'is ruled out'}: inside {written['inside']} "
        f"of {len(method['targets'])} targets, implausibility of the second worst {written['worst']:.2f}. Held out: "
        f"{', '.join(method['held_out']) or 'none'}. Seed {data['seed']}; fixed before the first run: {hashes}."
    )


def _against(points: list[dict[str, Any]], target: str) -> int:
    return sum(target in point["against"] for point in points)


def _number_line(each: dict[str, Any]) -> str:
    unit = f" ({each['unit']})" if each["unit"] else ""
    tried, kept = (_range(each[name]) for name in ("tried", "surviving"))
    return f"| `{each['name']}`{unit} | {number(each['written'])} | {tried} | {kept} | {each['source']} |"


def _range(ends: list[float] | None) -> str:
    return f"{number(ends[0])} to {number(ends[1])}" if ends else "none"
