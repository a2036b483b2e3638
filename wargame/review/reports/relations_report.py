"""Routine and reciprocity between governments, from their JSON data: for terminals and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wargame.document.blocks import Block, Bullets, Grid
from wargame.evidence.failures import failure_notes
from wargame.evidence.relations.autoregression import WEEKS_A_LAG

Data = dict[str, Any]


def summary(data: Data, *, full: bool = True) -> Iterator[Block]:
    """Yield the estimates for pairs and triangles; `full`: with notes."""
    names = data["governments"]
    failed = f", {data['failed']} failed" if data["failed"] else ""
    pairs = tuple(
        (
            _pair(each, names) + (" *" if each["hostile"] else ""),
            *map(_estimate, (each["routine"], each["reciprocity"])),
        )
        for each in data["pairs"]
    )
    title = f"{data['runs']} runs of {data['weeks']} weeks{failed}; {data['lags']} weekly lags"
    yield Grid(title, ("Pair", "Routine", "Reciprocity"), pairs)
    if data["triangles"]:
        yield Grid(
            "Reaction of a third government to an actor, for the actor's actions towards a target",
            ("Triangle", "Effect"),
            tuple(
                (
                    f"{names[each['third']]} to {names[each['actor']]}, for {_pair(each, names)}",
                    _estimate(each["effect"]),
                )
                for each in data["triangles"]
            ),
        )
    if full:
        yield Bullets(tuple(_notes(data)))


def _notes(data: Data) -> Iterator[str]:
    hostile = [each for each in data["pairs"] if each["hostile"]]
    yield (
        "Sums of coefficients over all lags, of weekly sums of Goldstein weights, with 95 % intervals over runs. "
        "Routine: of the government's own past actions. Reciprocity: of the other government's actions; 1 is a "
        "full response, 0 none."
    )
    yield f"* The two distrust each other: mean trust of {data['hostile_from']} or less at the start."
    yield (
        f"The interval of reciprocity is above 0 in {_above(hostile, 'reciprocity')} of {len(hostile)} directions "
        "between pairs that distrust each other; the interval of the effect is above 0 in "
        f"{_above(data['triangles'], 'effect')} of {len(data['triangles'])} triangles."
    )
    rows = [each[name] for each in data["pairs"] for name in ("routine", "reciprocity")]
    if any(row["estimate"] is None for row in [*rows, *(each["effect"] for each in data["triangles"])]):
        weeks = WEEKS_A_LAG * data["lags"]
        least = f"the runs are too short ({data['lags']} lags need at least {weeks} weeks)"
        yield f"-, not fitted: {least if data['weeks'] < weeks else 'a series is constant in every run'}."
    yield from failure_notes(data["failures"])


def _above(rows: list[Data], name: str) -> int:
    """In how many rows the interval is above 0."""
    return sum((each[name]["low"] or 0) > 0 for each in rows)


def _pair(row: Data, names: dict[str, str]) -> str:
    return f"{names[row['actor']]} to {names[row['target']]}"


def _estimate(row: Data) -> str:
    if row["estimate"] is None:
        return "-"
    interval = "" if row["low"] is None else f" ({row['low']:z.2f} to {row['high']:z.2f})"
    return f"{row['estimate']:z.2f}{interval}"
