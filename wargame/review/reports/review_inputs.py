"""The inputs of the sections of a review, and the tables that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wargame.document.blocks import Grid
from wargame.document.rich_text import records
from wargame.review.findings import knowledge
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import ReviewerNotes, merged
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import MOST

if TYPE_CHECKING:
    from wargame.review.findings.moment_effects import MomentEffects


@dataclass(frozen=True)
class Review:
    """The findings of a run and what a reviewer wrote; with `seat`, as far as that government could know them."""

    whole: Findings
    """The findings of the whole run."""
    notes: ReviewerNotes
    seat: str = ""
    effects: MomentEffects | None = None
    percentiles: Mapping[str, Any] | None = None

    @cached_property
    def findings(self) -> Findings:
        """The findings that the reader may see."""
        return Findings(knowledge.seat_source(self.whole.source, self.seat)) if self.seat else self.whole

    @property
    def source(self) -> RunSource:
        """The run that the reader may see."""
        return self.findings.source

    @property
    def live(self) -> bool:
        """Whether it was played."""
        return self.source.folder.is_live

    @cached_property
    def observations(self) -> list[dict[str, Any]]:
        """The drafts, with the text of the reviewer, and observations that the reviewer added."""
        return merged(self.whole, self.notes)

    @cached_property
    def attention(self) -> list[Row]:
        """The working hours by dossier that the reader may see."""
        return [row for row in self.findings.attention if not self.seat or row["who"] == self.seat]

    @cached_property
    def moments(self) -> list[Row]:
        """The moments at the top: the largest effects that are shown if there are any, else the best scores."""
        if self.effects is not None and self.effects.decisive:
            return [dict(row) | {"chain": ()} for row in self.effects.decisive[:MOST]]
        return [row | {"effect": ""} for row in self.findings.moments]


def listing(
    caption: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], widths: tuple[float, ...] = ()
) -> Grid:
    """Return a table of texts, whose rows are cards on a phone."""
    return Grid(caption, heads, tuple(rows), widths, stacked=True)


WIDTHS = {3: (0.14, 0.46, 0.3, 0.1), 4: (0.13, 0.13, 0.25, 0.39, 0.1), 5: (0.12, 0.13, 0.27, 0.2, 0.17, 0.11)}
"""Widths of the columns of a log by their number, without that of the records."""


def log(
    source: RunSource, caption: str, heads: tuple[str, ...], rows: Sequence[tuple[Row, tuple[str, ...]]]
) -> list[Grid]:
    """Return a table of findings with their dates and records; nothing if it has no rows."""
    cells = [(source.dates.at(row["at"]), *texts, records(row["evidence"])) for row, texts in rows]
    return [listing(caption, ("When", *heads, "Records"), cells, WIDTHS[1 + len(heads)])] if cells else []
