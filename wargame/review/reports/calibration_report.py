"""The results of a calibration, from its JSON data: for terminals and pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wargame.document.blocks import Block, Bullets, Grid, Paragraph
from wargame.document.formatting import short
from wargame.evidence.failures import failure_notes

Data = dict[str, Any]
SHOWN = 12
"""Number of points in the table."""


def summary(data: Data, *, full: bool = True, sources: bool = False) -> Iterator[Block]:
    """Yield what the targets rule out; `full`: with notes; `sources`: with the source of each range."""
    written, *tried = data["points"]
    left = sum(point["survives"] for point in tried)
    survives = "survives" if written["survives"] else "is ruled out"
    yield Paragraph(
        f"{left} of {len(tried)} points survive, each with {data['method']['runs_each']} runs per arm and STARTEX. The "
        f"scenario as written {survives}.",
        lead=True,
    )
    yield _points(data)
    yield _numbers(data, sources=sources)
    names = data["method"]["targets"]
    implausible = {name: sum(name in point["against"] for point in tried) for name in names}
    rows = tuple((name, f"{count} of {len(tried)}") for name, count in implausible.items())
    yield Grid("Points at which each target is implausible", ("Target", "Points"), rows)
    if claims := data.get("claims"):
        rows = tuple((each["claim"], each["text"]) for each in claims)
        yield Grid("Claims at surviving points", ("Claim", "Holds"), rows)
    if full:
        yield Bullets(tuple(_notes(data)))


def _points(data: Data) -> Grid:
    written, *tried = data["points"]
    rows = []
    for point in (written, *sorted(tried, key=lambda point: (point["worst"], point["point"]))[:SHOWN]):
        status = ("as written, " if point is written else "") + ("survives" if point["survives"] else "ruled out")
        inside = f"{point['inside']} of {len(data['method']['targets'])}"
        rows.append((point["point"], status, f"{point['worst']:.2f}", inside, ", ".join(point["against"])))
    heads = ("Point", "", "Second largest", "Targets inside", "Implausible targets")
    return Grid("Points with the second largest implausibility of each", heads, tuple(rows))


def _numbers(data: Data, *, sources: bool) -> Grid:
    rows = []
    for each in data["numbers"]:
        ranges = (short(each["written"]), _range(each["tried"]), _range(each["surviving"]))
        rows.append((each["name"], each["unit"], *ranges, *((each["source"],) if sources else ())))
    heads = ("Number", "Unit", "Written", "Tried", "Surviving", *(("Source",) if sources else ()))
    return Grid("Numbers as written, and their ranges over all points and over surviving points", heads, tuple(rows))


def _range(ends: Sequence[float] | None) -> str:
    return " to ".join(map(short, ends)) if ends else "none"


def _notes(data: Data) -> Iterator[str]:
    method, tried = data["method"], len(data["points"]) - 1
    yield (
        f"A target is implausible at a point if its implausibility is above {method['limit']:g}: the distance of its "
        "statistic from the centre of its band, relative to the widths of band and interval. "
        f"{method['against']} implausible targets rule a point out, so the second largest value decides. With few runs "
        "intervals are wide and little is ruled out: that a point survives does not mean that it is right."
    )
    yield f"Held out: {', '.join(method['held_out']) or 'no target'}."
    hashes = ", ".join(f"{name} {value[:12]}" for name, value in data["fixed"]["fixed"].items())
    yield f"Seed {data['seed']}. Fixed before the first run: {hashes}."
    if tried > SHOWN:
        yield f"The best {SHOWN} of {tried} points are shown."
    yield from failure_notes(row for point in data["points"] for row in point["failures"])
