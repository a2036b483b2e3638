"""The results of relations as terminal tables and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table

from wargame.evidence.failures import failure_notes
from wargame.evidence.tables import markdown_table, terminal_table

if TYPE_CHECKING:
    from wargame.evidence.relations.autoregression import Relations


def sections(result: Relations) -> Iterator[tuple[str, Table]]:
    """Tables with their titles."""
    from wargame.evidence.relations.autoregression import document

    data = document(result)
    yield _title(data), _pairs(data)
    if data["triangles"]:
        yield "Reaction of a third government to an actor, for the actor's actions towards a target", _triangles(data)


def _title(data: dict[str, Any]) -> str:
    failed = f", {data['failed']} failed" if data["failed"] else ""
    return f"{data['runs']} runs of {data['weeks']} weeks{failed}; {data['lags']} weekly lags"


def notes(result: Relations) -> list[str]:
    """Notes below the tables."""
    from wargame.evidence.relations.autoregression import HOSTILE, WEEKS_A_LAG, document

    data = document(result)
    rows = [each[name] for each in data["pairs"] for name in ("routine", "reciprocity")]
    rows += [each["effect"] for each in data["triangles"]]
    text = [
        (
            "Sums of coefficients over all lags, of weekly sums of Goldstein weights, with 95 % intervals over runs. "
            "Routine: of the government's own past actions. Reciprocity: of the other government's actions; 1 is a "
            "full response, 0 none."
        ),
        f"* The two distrust each other: mean trust of {HOSTILE} or less at the start.",
    ]
    if any(row["estimate"] is None for row in rows):
        short = data["weeks"] < WEEKS_A_LAG * data["lags"]
        least = f"{data['lags']} lags need at least {WEEKS_A_LAG * data['lags']} weeks"
        reason = f"the runs are too short ({least})" if short else "a series is constant in every run"
        text.append(f"- not fitted: {reason}.")
    return text + failure_notes(result.failures)


def _pairs(data: dict[str, Any]) -> Table:
    names = data["governments"]
    rows = (_pair_row(each, names, " *" if each["hostile"] else "") for each in data["pairs"])
    return terminal_table(("", "routine", "reciprocity"), rows)


def _triangles(data: dict[str, Any]) -> Table:
    names = data["governments"]
    return terminal_table(("", "effect"), (_triangle_row(each, names) for each in data["triangles"]))


def _pair(row: dict[str, Any], names: dict[str, str]) -> str:
    return f"{names[row['actor']]} to {names[row['target']]}"


def _pair_row(row: dict[str, Any], names: dict[str, str], mark: str = "") -> tuple[str, str, str]:
    return _pair(row, names) + mark, estimate(row["routine"]), estimate(row["reciprocity"])


def _triangle_row(row: dict[str, Any], names: dict[str, str]) -> tuple[str, str]:
    return f"{names[row['third']]} to {names[row['actor']]}, for {_pair(row, names)}", estimate(row["effect"])


def estimate(row: dict[str, Any]) -> str:
    """Format an estimate with its interval."""
    if row["estimate"] is None:
        return "-"
    if row["low"] is None:
        return f"{row['estimate']:z.2f}"
    return f"{row['estimate']:z.2f} ({row['low']:z.2f} to {row['high']:z.2f})"


def markdown(data: dict[str, Any]) -> str:
    """Render the generated part of a page from the JSON data of a result."""
    hostile = [each for each in data["pairs"] if each["hostile"]]
    others = [each for each in data["pairs"] if not each["hostile"]]
    sure = [each for each in hostile if (each["reciprocity"]["low"] or 0) > 0]
    thirds = [each for each in data["triangles"] if (each["effect"]["low"] or 0) > 0]
    summary = (
        f"{data['runs']} runs of {data['weeks']} weeks, {data['lags']} lags, 95 % intervals over runs. The interval of "
        f"reciprocity is above 0 in {len(sure)} of {len(hostile)} directions between pairs that distrust each other; "
        f"the interval of the effect is above 0 in {len(thirds)} of {len(data['triangles'])} triangles."
    )
    names, heads = data["governments"], ("Routine", "Reciprocity")
    tables = (
        markdown_table(("Pairs that distrust each other", *heads), (_pair_row(each, names) for each in hostile)),
        markdown_table(("Other pairs", *heads), (_pair_row(each, names) for each in others)),
        markdown_table(("Triangle", "Effect"), (_triangle_row(each, names) for each in data["triangles"])),
    )
    return "\n".join([summary, *(line for table in tables for line in ("", *table))])
