"""Reports as files: the format, the default place, and writing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.document.blocks import for_paper
from wargame.errors import UsageFault, among, nearest
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import ReviewerNotes, read_notes
from wargame.review.findings.source import RunSource

if TYPE_CHECKING:
    from wargame.review.findings.moment_effects import MomentEffects


FORMATS = ("html", "md", "docx", "pdf")


def format_of(path: str | Path | None, form: str | None) -> str:
    """Return the format of a report: as given, else by the name of its file, else html; UsageFault for another one."""
    form = form or (Path(path).suffix.removeprefix(".") if path is not None else "html")
    return among(form, FORMATS, f"there is no format '{form}' for a report")


def render(
    findings: Findings,
    form: str,
    seat: str = "",
    effects: MomentEffects | None = None,
    percentiles: Mapping[str, Any] | None = None,
    template: Path | None = None,
) -> bytes:
    """Write the review of a run in one of the formats; raises UsageFault if an extra is missing."""
    from wargame.review.reports.report_header import Review
    from wargame.review.reports.run_review import document, page

    check_seat(findings.source, seat)
    if seat and form != "html":
        raise UsageFault(f"--seat {seat}: the version for a seat is a page (--format html)")
    review = Review(findings, ReviewerNotes() if seat else read_notes(findings), seat, effects, percentiles)
    if form == "html":
        return page(review)
    return as_document(document(review, pictures=form != "md"), form, made_at(findings.source), template)


def made_at(*sources: RunSource) -> str:
    """Return the time at which the last run was finished, an ISO text; one that did not finish counts by its start."""
    return max(source.manifest.finished or source.manifest.started for source in sources)


def as_document(blocks: Sequence[object], form: str, date: str = "", template: Path | None = None) -> bytes:
    """Write blocks as a page, Markdown, Word or PDF; `date` is the date of their data, an ISO time.

    `template` is a Word document that gives another one its styles.
    """
    if form == "html":
        from wargame.document.html import blockpage

        return blockpage(blocks)
    blocks = list(for_paper(blocks))
    if form == "md":
        from wargame.document.markdown import markdown

        return markdown(blocks)
    if form == "docx":
        from wargame.document.docx import docx

        return docx(blocks, date, template)
    from wargame.document.pdf import pdf

    return pdf(blocks)


def check_seat(source: RunSource, seat: str) -> None:
    """Raise UsageFault if there is no such government."""
    if seat and seat not in source.governments:
        known = list(source.governments)
        hint = nearest(seat, known) or (f"one of {', '.join(known)}" if known else "this run names no governments")
        raise UsageFault(f"--seat {seat}: there is no such government ({hint})")


def default_path(folder: Path, form: str, seat: str = "") -> Path:
    """Return the place of a report if none is named: in the run folder."""
    return folder / (f"report-{seat}.{form}" if seat else f"report.{form}")
