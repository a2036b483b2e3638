"""The results of a calibration as terminal tables and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

from wargame.batches.text import number
from wargame.evidence.failures import failure_notes
from wargame.evidence.tables import markdown_table, terminal_table

if TYPE_CHECKING:
    from wargame.evidence.calibration.history_matching import Calibration

SHOWN = 12
"""Number of points in the first table."""


def sections(result: Calibration) -> Iterator[tuple[str, Table]]:
    """Tables with their titles."""
    left, tried = len(result.surviving), len(result.points) - 1
    yield (f"Surviving points: {left} of {tried}, each with {result.runs} runs per arm and STARTEX", _points(result))
    yield "Numbers: as written, range over all points, range over surviving points", _numbers(result)
    yield "Points at which each target is implausible", _targets(result)


def _points(result: Calibration) -> Table:
    rows = []
    ranked = sorted(result.points[1:], key=lambda point: (point.worst, point.label))
    for point in (result.points[0], *ranked[:SHOWN]):
        status = ("as written, " if point is result.points[0] else "") + ("survives" if point.survives else "ruled out")
        inside = f"{point.comparison.inside} of {len(result.targets)}"
        rows.append((point.label, status, f"{point.worst:.2f}", inside, ", ".join(point.against)))
    return terminal_table(("point", "", "second largest", "targets inside", "implausible targets"), rows)


def _numbers(result: Calibration) -> Table:
    rows = []
    for draw in result.draws:
        values = [point.values[draw.name] for point in result.points[1:]]
        ranges = _range((min(values), max(values))), _range(result.survivors(draw.name))
        rows.append((draw.name, draw.unit, number(draw.written), *ranges))
    table = terminal_table(("number", "unit", "written", "tried", "surviving"), rows)
    table.columns[0].overflow = "fold"
    return table


def _targets(result: Calibration) -> Table:
    tried = result.points[1:]
    rows = ((name, f"{sum(name in point.against for point in tried)} of {len(tried)}") for name in result.targets)
    return terminal_table(("target", "points"), rows)


def notes(result: Calibration) -> list[str]:
    """Notes below the tables."""
    from wargame.evidence.calibration.history_matching import AGAINST, LIMIT

    tried = len(result.points) - 1
    text = [
        (
            f"A target is implausible at a point if its implausibility is above {LIMIT:g}: the distance of its "
            "statistic from the centre of its band, relative to the widths of band and interval. "
            f"{AGAINST} implausible targets rule a point out, so the second largest value decides. With few runs "
            "intervals are wide and little is ruled out: that a point survives does not mean that it is right."
        ),
        f"Held out: {', '.join(result.held_out) or 'no target'}.",
    ]
    text += [f"The best {SHOWN} of {tried} points are shown."] if tried > SHOWN else []
    return text + failure_notes(row for point in result.points for row in point.comparison.failures)


def claims_table(claims: list[dict[str, Any]]) -> Table:
    """A table with the points at which each claim holds."""
    return terminal_table(("claim", "holds"), ((each["claim"], each["text"]) for each in claims))


def markdown(data: dict[str, Any]) -> str:
    """Render the generated part of a page from the JSON data of a result."""
    method, written, tried = data["method"], data["points"][0], data["points"][1:]
    left = [point for point in tried if point["survives"]]
    lines = [
        _summary(data, written, len(tried), len(left)),
        "",
        *markdown_table(("Number", "As written", "Tried", "Surviving", "Source"), map(_number_row, data["numbers"])),
        "",
        *markdown_table(
            ("Target", "Points at which it is implausible"),
            ((name, f"{_against(tried, name)} of {len(tried)}") for name in method["targets"]),
        ),
    ]
    if data.get("claims"):
        rows = ((each["claim"], each["text"]) for each in data["claims"])
        lines += ["", *markdown_table(("Claim", "Holds at surviving points"), rows)]
    return "\n".join(lines)


def _summary(data: dict[str, Any], written: dict[str, Any], tried: int, left: int) -> str:
    method, fixed = data["method"], data["fixed"]["fixed"].items()
    hashes = ", ".join(f"{name} `{value[:12]}`" for name, value in fixed)
    return (
        f"{left} of {tried} points survive, each with {method['runs_each']} runs per arm and STARTEX. "
        f"The scenario as written {'survives' if written['survives'] else 'is ruled out'}: {written['inside']} of "
        f"{len(method['targets'])} targets are inside, and the second largest implausibility is "
        f"{written['worst']:.2f}. Held out: {', '.join(method['held_out']) or 'none'}. Seed {data['seed']}. "
        f"Fixed before the first run: {hashes}."
    )


def _against(points: list[dict[str, Any]], target: str) -> int:
    return sum(target in point["against"] for point in points)


def _number_row(each: dict[str, Any]) -> tuple[str, ...]:
    unit = f" ({each['unit']})" if each["unit"] else ""
    ranges = (_range(each[name]) for name in ("tried", "surviving"))
    return f"`{each['name']}`{unit}", number(each["written"]), *ranges, each["source"]


def _range(ends: Sequence[float] | None) -> str:
    return f"{number(ends[0])} to {number(ends[1])}" if ends else "none"
