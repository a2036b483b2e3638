"""The appendices of a review: MSEL as executed, decisions, notes, statistics of the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from wargame.journal import sentences as phrases
from wargame.review.document.blocks import Block, Break, Bullets, Grid, Heading, Paragraph
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.formatting import date_time


def appendices(findings: Findings) -> Iterator[Block]:
    """All appendices, from a new page on."""
    yield Break()
    yield Heading(2, "Appendix A. MSEL as executed")
    yield Grid(
        "The MSEL as planned and as executed",
        ("Number", "Inject", "Kind, channel", "To", "Planned", "Status", "Actual", "Objective", "Record"),
        tuple(_inject(row) for row in findings.msel),
        (0.12, 0.14, 0.115, 0.065, 0.14, 0.095, 0.115, 0.13, 0.08),
    )
    yield from _decisions(findings)
    yield from _notes(findings)
    yield Heading(2, "Appendix D. Journal statistics")
    kinds = Counter(record.kind for record in findings.source.records)
    yield Grid("Records by kind", ("Kind", "Records"), tuple((kind, f"{n:,}") for kind, n in sorted(kinds.items())))


def _inject(row: Row) -> tuple[str, ...]:
    """A row of the MSEL; long conditions are left to the inject file."""
    late = f", {abs(slip):.1f} d {'late' if slip > 0 else 'early'}" if (slip := row["slip_days"]) else ""
    return (
        *(
            row["inject"],
            row["title"],
            ", ".join(filter(None, (row["kind"], row["channel"]))),
            row["to"],
            row["planned"],
        ),
        f"skipped: {row['how']}" if row["status"] == "skipped" else row["status"],
        f"{date_time(row['at'])}, D+{int(row['day'])}{late}" if row["status"] == "released" else "",
        row["objective_title"],
        record_number(row["seq"]),
    )


def record_number(seq: int | None) -> str:
    """The number of a record, as `#12`; empty for None."""
    return "" if seq is None else f"#{seq}"


def _decisions(findings: Findings) -> Iterator[Block]:
    yield Heading(2, "Appendix B. Decisions with their reasons")
    people = " Orders of participants are in appendix C." if findings.human_seats else ""
    why = f"Where chance decided, no reason is given. Meetings without an action are left out.{people}"
    yield Paragraph(why, quiet=True)
    yield Grid(
        "Decisions to act",
        ("When", "Government", "Decision", "Dossier", "How it was decided, with probabilities", "Record"),
        tuple(_decision(findings.source, row) for row in findings.decisions if row["choice"] != "wait"),
        (0.13, 0.12, 0.26, 0.11, 0.29, 0.09),
    )


def _decision(source: RunSource, row: Row) -> tuple[str, ...]:
    when, who, dossier = source.dates.at(row["at"]), source.name(row["who"]), phrases.words(str(row["dossier"]))
    return when, who, source.titles.choice(row, "choice"), dossier, str(row["verdict"]), record_number(row["seq"])


def _note(source: RunSource, row: Row) -> tuple[str, ...]:
    when, who = source.dates.at(row["at"]), source.name(row["who"])
    return when, row["kind"], who, row["about"], row["text"], record_number(row["seq"])


def _notes(findings: Findings) -> Iterator[Block]:
    source = findings.source
    yield Heading(2, "Appendix C. Adjudications and notes")
    if not findings.notes:
        yield Paragraph("There are no notes and commands: the run was unattended.")
    else:
        rows = tuple(_note(source, row) for row in findings.notes)
        yield Grid("Notes and commands", ("When", "Kind", "Who", "About", "Text", "Record"), rows)
    if source.left_behind:
        yield Paragraph("Notes and ratings on abandoned branches, or undone:")
        yield Bullets(tuple(source.left_behind))
