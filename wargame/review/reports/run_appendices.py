"""The annexes of a review: MSEL as executed, what people did, decisions of the model, reproduction."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator

from wargame.document.blocks import Block, Break, Bullets, Grid, Heading, Paragraph, to_repeat
from wargame.document.formatting import date_time
from wargame.journal import wording
from wargame.journal.wording import count
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.msel import SLIP
from wargame.review.findings.source import RunSource
from wargame.review.reports.log_tables import LogTable, log_tables, white_cell_tables
from wargame.review.reports.questionnaire_tables import files_sent
from wargame.review.reports.report_header import provenance


def annexes(findings: Findings) -> Iterator[Block]:
    """All annexes, from a new page on; those without content are left out."""
    yield Break()
    parts = (
        ("MSEL as executed", _msel(findings)),
        ("Messages with files", files_sent(findings)),
        ("Decision log", _tables(log_tables(findings))),
        (WHITE_CELL if findings.source.folder.is_live else "Settings of the run", _white_cell(findings)),
        ("Decisions of the model with their reasons", _decisions(findings)),
        ("How to reproduce this run", _reproduction(findings)),
    )
    letters = iter("ABCDEFG")
    for title, part in parts:
        blocks = list(part)
        if blocks:
            yield Heading(2, f"Annex {next(letters)}. {title}")
            yield from blocks


WHITE_CELL = "White cell: adjudications, notes and ratings"


def record_number(seq: int | None) -> str:
    """The number of a record, as `#12`; empty for None."""
    return "" if seq is None else f"#{seq}"


# --- MSEL ----------------------------------------------------------------------------------------------------------


def msel_exceptions(findings: Findings) -> Iterator[Block]:
    """Injects that were changed, added, skipped, late or early; the annex has all of them."""
    exceptions = [row for row in findings.msel if row["exception"]]
    if not findings.msel:
        return
    yield Heading(3, "MSEL: exceptions")
    released = [row["inject"] for row in findings.msel if row["status"] == "released"]
    again = f", in {count(len(released), 'release')}" if len(set(released)) < len(released) else ""
    yield Paragraph(
        f"{len(set(released))} of {count(len({row['inject'] for row in findings.msel}), 'inject')} released{again}. "
        + (
            "None was changed, added, skipped, late or early."
            if not exceptions
            else f"{count(len(exceptions), 'exception')}; the annex lists all injects."
        ),
        quiet=True,
    )
    if exceptions:
        yield Grid(
            "Injects that were changed, added, skipped, late or early",
            ("Inject", "Status", "Planned", "Actual", "Changes", "Record"),
            tuple(_exception(row) for row in exceptions),
            (0.24, 0.15, 0.17, 0.16, 0.2, 0.08),
        )


def _exception(row: Row) -> tuple[str, ...]:
    changes = "; ".join(row["amendments"])
    return row["title"], row["result"], row["planned"], _actual(row), changes, record_number(row["seq"])


def _actual(row: Row) -> str:
    if row["status"] != "released":
        return ""
    slip = row["slip_days"]
    late = f", {_length(abs(slip))} {'late' if slip > 0 else 'early'}" if slip and abs(slip) > SLIP else ""
    return f"{date_time(row['at'])}, D+{int(row['day'])}{late}"


HOURS = 24


def _length(days: float) -> str:
    """`2.5 d`, or hours if it is less than a day."""
    hours = round(days * HOURS)
    return f"{days:.1f} d" if days >= 1 else f"{hours} h" if hours else "less than 1 h"


def _msel(findings: Findings) -> Iterator[Block]:
    if findings.msel:
        yield Grid(
            "The MSEL as planned and as executed",
            ("Inject", "Status", "Kind, channel", "To", "Planned", "Actual", "Changes", "Objective", "Record"),
            tuple(_inject(row) for row in findings.msel),
            (0.17, 0.11, 0.09, 0.09, 0.13, 0.11, 0.1, 0.12, 0.08),
        )


def _inject(row: Row) -> tuple[str, ...]:
    """A row of the MSEL; long conditions are left to the inject file."""
    kind = ", ".join(filter(None, (row["kind"], row["channel"])))
    amendments = "; ".join(row["amendments"])
    return (
        *(f"{row['title']} ({row['inject']})", row["result"], kind, row["to"], row["planned"]),
        *(_actual(row), amendments, row["objective_title"], record_number(row["seq"])),
    )


# --- people --------------------------------------------------------------------------------------------------------


def _tables(tables: Iterable[LogTable]) -> Iterator[Block]:
    for table in tables:
        rows = tuple((*row.cells, " ".join(map(record_number, row.evidence))) for row in table.rows)
        yield Grid(table.caption, (*table.heads, "Records"), rows, WIDTHS[len(table.heads)])


WIDTHS = {3: (0.14, 0.46, 0.3, 0.1), 4: (0.13, 0.13, 0.25, 0.39, 0.1), 5: (0.12, 0.13, 0.27, 0.2, 0.17, 0.11)}
"""Widths of columns by the number of columns without that of the records."""


def _white_cell(findings: Findings) -> Iterator[Block]:
    yield from _tables(white_cell_tables(findings))
    if findings.source.left_behind:
        yield Paragraph("Notes and ratings on abandoned branches, or undone:")
        yield Bullets(tuple(findings.source.left_behind))


# --- the model -----------------------------------------------------------------------------------------------------


def _decisions(findings: Findings) -> Iterator[Block]:
    acts = [row for row in findings.decisions if row["choice"] != "wait"]
    if not acts:
        return
    yield Paragraph("Where chance decided, no reason is given. Meetings without an action are left out.", quiet=True)
    yield Grid(
        "Decisions to act",
        ("When", "Government", "Decision", "Dossier", "How it was decided, with probabilities", "Record"),
        tuple(_decision(findings.source, row) for row in acts),
        (0.13, 0.12, 0.26, 0.11, 0.29, 0.09),
    )


def _decision(source: RunSource, row: Row) -> tuple[str, ...]:
    when, who, dossier = source.dates.at(row["at"]), source.name(row["who"]), wording.words(str(row["dossier"]))
    return when, who, source.titles.choice(row, "choice"), dossier, str(row["verdict"]), record_number(row["seq"])


# --- reproduction --------------------------------------------------------------------------------------------------


def _reproduction(findings: Findings) -> Iterator[Block]:
    source = findings.source
    yield from to_repeat(source.manifest.command, f"wargame verify {shlex.quote(source.folder.call)}")
    if source.folder.is_live:
        yield Paragraph(
            "The commands of participants are in commands.jsonl: `wargame verify` repeats them, `play` does not.",
            quiet=True,
        )
    yield Grid("Provenance", ("", ""), tuple(provenance(source)), (0.25, 0.75))
    kinds = Counter(record.kind for record in source.records)
    if kinds:
        yield Grid("Records by kind", ("Kind", "Records"), tuple((kind, f"{n:,}") for kind, n in sorted(kinds.items())))
