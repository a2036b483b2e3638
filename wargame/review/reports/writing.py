"""Where reports go: one file each, written whole, beside the run unless another place is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault, nearest
from wargame.journal.atomic import write_whole
from wargame.review.findings.reviewer_notes import ReviewerNotes, read_words

if TYPE_CHECKING:
    from wargame.review.findings.effects import MomentEffects
    from wargame.review.findings.source import RunSource

FORMATS = ("html", "md", "docx", "pdf")


def render(
    source: RunSource,
    form: str,
    seat: str = "",
    effects: MomentEffects | None = None,
    standing: Mapping[str, Any] | None = None,
) -> bytes:
    """The review of a run in one of the formats; raises UsageFault if an extra is missing."""
    check_seat(source, seat)
    words = ReviewerNotes() if seat else read_words(source)
    if form == "html":
        from wargame.review.reports.run_page import page

        return page(source, words, seat, effects, standing)
    if seat:
        raise UsageFault(f"--seat {seat}: the version for a seat is a page (--format html)")
    from wargame.review.reports.run_document import review

    return as_document(review(source, words, effects, standing), form, made_at(source))


def made_at(*sources: RunSource) -> str:
    """When the last of these runs was over; one that never came so far counts by its start."""
    return max(source.manifest.finished or source.manifest.started for source in sources)


def as_document(blocks: Sequence[object], form: str, made: str = "") -> bytes:
    """Blocks of a document as a page, Markdown, Word or PDF; `made` is the date of what they tell, an ISO time."""
    if form == "html":
        from wargame.review.document.html import blockpage

        return blockpage(blocks)
    if form == "md":
        from wargame.review.document.markdown import markdown

        return markdown(blocks)
    if form == "docx":
        from wargame.review.document.docx import docx

        return docx(blocks, made)
    from wargame.review.document.pdf import pdf

    return pdf(blocks)


def check_seat(source: RunSource, seat: str) -> None:
    """UsageFault if there is no such government."""
    if seat and seat not in source.governments:
        known = list(source.governments)
        hint = nearest(seat, known) or (f"one of {', '.join(known)}" if known else "this run names no governments")
        raise UsageFault(f"--seat {seat}: there is no such government ({hint})")


def default_path(folder: Path, form: str, seat: str = "") -> Path:
    """Where a report goes if no place is named: into the run folder."""
    return folder / (f"report-{seat}.{form}" if seat else f"report.{form}")


def save(path: Path, content: bytes) -> Path:
    """Writes a report whole or not at all; raises UsageFault if the place cannot be written."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise UsageFault(f"cannot write {path}: {error.strerror}; choose another place with -o FILE") from None
    return path
