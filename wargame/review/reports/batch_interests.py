"""The section of a batch report on whose interests each arm serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wargame.batches.analysis.differences import SURE
from wargame.document.blocks import Block, Bullets, Grid, Heading, Paragraph
from wargame.document.formatting import estimate
from wargame.journal.wording import joined
from wargame.language.plain_text import clean
from wargame.review.reports.batch_labels import Names

Data = Mapping[str, Any]
WAYS = {"better": "better off", "worse": "worse off", "mixed": "at one time better, at the other worse off", "": ""}


def interests(summary: Data, names: Names) -> Iterator[Block]:
    """Yield a sentence for each arm, and a row for each arm and government; nothing if no welfare is measured."""
    rows = summary["interests"]
    if not rows:
        return
    yield Heading(2, "By whose interests")
    base = "" if names.label(names.baseline) == "baseline" else f", {names.within(names.baseline)},"
    yield Paragraph(
        "The welfare of a government is the sum of the interests of its leader, as its seat knows them. Arms are "
        f"compared with the baseline{base} run by run with the same draws. A government is better or worse off if the "
        f"corrected p-value of a difference is below {SURE}."
    )
    yield Bullets(tuple(_sentence(rows, names, arm) for arm in dict.fromkeys(row["arm"] for row in rows)))
    heads = ("Arm", "Government", "Welfare at the end", "Mean welfare over time", "Result")
    cells = tuple(
        (
            names.label(row["arm"]),
            clean(row["name"]),
            _cell(row["at_end"]),
            _cell(row["over_time"]),
            WAYS[row["verdict"]],
        )
        for row in rows
    )
    yield Grid("Differences of welfare, with 95 % intervals", heads, cells, (0.2, 0.2, 0.22, 0.22, 0.16))


def _cell(row: Data | None) -> str:
    return "" if row is None else estimate(row, signed=True)


def _sentence(rows: list[Data], names: Names, arm: str) -> str:
    """Return who is better and who is worse off in an arm, as far as the differences show."""
    by_way: dict[str, list[str]] = {}
    for row in rows:
        if row["arm"] == arm and row["verdict"]:
            by_way.setdefault(row["verdict"], []).append(clean(row["name"]))
    parts = [f"{joined(them)} {'is' if len(them) == 1 else 'are'} {WAYS[way]}" for way, them in by_way.items()]
    return f"{names.label(arm)}: {'; '.join(parts) or 'no difference is shown for any government'}."
