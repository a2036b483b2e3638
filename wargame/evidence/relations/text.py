"""Relations on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from wargame.evidence.relations.reactions import Relations


def sections(found: Relations) -> Iterator[tuple[str, Table]]:
    """Titles with their tables."""
    from wargame.evidence.relations.reactions import document

    data = document(found)
    yield _title(data), _pairs(data)
    if data["triangles"]:
        yield "What a third does to an actor, for what the actor does to a target", _triangles(data)


def _title(data: dict[str, Any]) -> str:
    failed = f", {data['failed']} failed" if data["failed"] else ""
    return f"{data['runs']} runs{failed} of {data['weeks']} weeks, {data['lags']} weekly lags"


def notes(found: Relations) -> list[str]:
    """What a reader of the tables must know."""
    from wargame.evidence.relations.reactions import HOSTILE, WEEKS_A_LAG, document

    data = document(found)
    rows = [each[name] for each in data["pairs"] for name in ("routine", "reciprocity")]
    rows += [each["effect"] for each in data["triangles"]]
    made = [
        (
            "Sums of coefficients over all lags, of weekly sums of the weights of actions (Goldstein), with 95 % "
            "intervals over runs. Routine: of one's own past. Reciprocity: of what the other did; 1 is an answer in "
            "full, 0 none."
        ),
        f"* They distrust each other: mean trust of {HOSTILE} or less at the start.",
    ]
    if any(row["estimate"] is None for row in rows):
        short = data["weeks"] < WEEKS_A_LAG * data["lags"]
        least = f": at least {WEEKS_A_LAG * data['lags']} weeks are needed for {data['lags']} lags"
        why = f"the runs are too short{least}" if short else "in no run do all of its series move"
        made.append(f"- could not be fitted: {why}.")
    return made


def _grid(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, justify="left")
    return table


def _pairs(data: dict[str, Any]) -> Table:
    table = _grid("", "routine", "reciprocity")
    for each in data["pairs"]:
        name = f"{each['actor']} to {each['target']}{' *' if each['hostile'] else ''}"
        table.add_row(name, told(each["routine"]), told(each["reciprocity"]))
    return table


def _triangles(data: dict[str, Any]) -> Table:
    table = _grid("", "effect")
    for each in data["triangles"]:
        table.add_row(_named(each), told(each["effect"]))
    return table


def _named(each: dict[str, Any]) -> str:
    return f"{each['third']} to {each['actor']}, for {each['actor']} to {each['target']}"


def told(found: dict[str, Any]) -> str:
    """An estimate with its interval."""
    if found["estimate"] is None:
        return "-"
    if found["low"] is None:
        return f"{found['estimate']:z.2f}"
    return f"{found['estimate']:z.2f} ({found['low']:z.2f} to {found['high']:z.2f})"


def markdown(data: dict[str, Any]) -> str:
    """The part of a page that is made from results."""
    hostile = [each for each in data["pairs"] if each["hostile"]]
    others = [each for each in data["pairs"] if not each["hostile"]]
    sure = [each for each in hostile if (each["reciprocity"]["low"] or 0) > 0]
    thirds = [each for each in data["triangles"] if (each["effect"]["low"] or 0) > 0]
    summary = (
        f"{data['runs']} runs of {data['weeks']} weeks, {data['lags']} lags; 95 % intervals over runs. Of "
        f"{len(hostile)} directions between pairs that distrust each other, reciprocity is above 0 with its whole "
        f"interval in {len(sure)}; so is the effect in {len(thirds)} of {len(data['triangles'])} triangles."
    )
    return "\n".join(
        [
            summary,
            "",
            "| pairs that distrust each other | routine | reciprocity |",
            "| --- | --- | --- |",
            *map(_line, hostile),
            "",
            "| other pairs | routine | reciprocity |",
            "| --- | --- | --- |",
            *map(_line, others),
            "",
            "| triangle | effect |",
            "| --- | --- |",
            *(f"| {_named(each)} | {told(each['effect'])} |" for each in data["triangles"]),
        ]
    )


def _line(each: dict[str, Any]) -> str:
    return f"| {each['actor']} to {each['target']} | {told(each['routine'])} | {told(each['reciprocity'])} |"
