"""The review of a run: its sections, each declared once, as a page and as a document.

A page has all sections in this order, with a menu. A document has numbered chapters, of which the first is one page,
and annexes with the evidence; what is interactive on the page is there in its static form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from wargame.document.blocks import Block, Break, Heading, Paragraph, for_paper
from wargame.document.html import PagePart, review_page
from wargame.journal.wording import called, sentence
from wargame.review.reports import run_analysis, run_events, run_first_page, run_script
from wargame.review.reports.page_data import pack
from wargame.review.reports.report_header import facts
from wargame.review.reports.review_inputs import Review
from wargame.seat.message_html import message_style

Blocks = Callable[[Review], Iterator[Block]]
ANNEX = ""
SUMMARY, TURNING, OVERVIEW, EVENTS, ANALYSIS, PLAN = CHAPTERS = (
    "Executive summary",
    "Turning points",
    run_first_page.OVERVIEW,
    "Plan and events",
    "Analysis by objective",
    "Improvement plan",
)
"""The chapters of a document, in the order of HSEEP's after-action report."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the review. `name` is its address on the page, `chapter` its place in a document, else an annex."""

    name: str
    title: str
    blocks: Blocks
    chapter: str = ANNEX
    for_seats: bool = False
    """Whether the version for a seat has it; the others reveal the other side, or how to look it up."""
    seat_title: str = ""
    """Its title there, if that differs: a seat does not see all actions."""
    unattended_title: str = ""
    """Its title for a run without people, if that differs."""
    in_short: tuple[str, Blocks] | None = None
    """The title and blocks by which the chapter on plan and events refers to an annex."""

    def title_for(self, review: Review) -> str:
        """Return its title in a review."""
        other = self.seat_title if review.seat else "" if review.live else self.unattended_title
        return other or self.title


SECTIONS = (
    Section("summary", SUMMARY, run_first_page.executive_summary, SUMMARY, for_seats=True, seat_title="Summary"),
    Section("turning", TURNING, run_first_page.turning_points, TURNING, for_seats=True),
    Section("effects", "Counterfactual effects", run_analysis.counterfactual_effects, EVENTS),
    Section("percentiles", "How unusual this run is", run_analysis.percentiles, EVENTS),
    Section("timeline", "Timeline", run_events.timeline, EVENTS, for_seats=True),
    Section("log", "Decision log", run_events.decision_log),
    Section("seats", "Who knew what when", run_events.seats, EVENTS, for_seats=True),
    Section("objectives", "Expected actions", run_script.expected_actions, EVENTS),
    Section("msel", "MSEL as executed", run_script.msel, in_short=("MSEL: exceptions", run_script.msel_exceptions)),
    Section("questionnaires", "Questionnaires", run_script.questionnaires, EVENTS),
    Section("messages", "Messages as sent", run_script.messages, for_seats=True),
    Section("relations", "Relations", run_events.relations, EVENTS, for_seats=True),
    Section("indicators", "Escalation and indicators", run_events.escalation, EVENTS,
            for_seats=True, seat_title="Indicators"),
    Section("attention", "Dossiers and attention", run_events.attention, EVENTS, for_seats=True),
    Section("talks", "Forums and agreements", run_events.talks, for_seats=True),
    Section("notes", "White cell", run_events.white_cell, unattended_title="Settings of the run"),
    Section("decisions", "Decisions and their reasons", run_events.decisions, for_seats=True),
    Section("analysis", ANALYSIS, run_analysis.by_objective, ANALYSIS),
    Section("improve", PLAN, run_analysis.improvement_plan, PLAN),
    Section("overview", OVERVIEW, run_first_page.overview, OVERVIEW, for_seats=True),
    Section("reproduce", "How to reproduce this run", run_events.reproduction),
    Section("journal", "Journal", run_events.journal, for_seats=True),
)  # fmt: skip
"""The sections in the order of the page; those without blocks are left out."""


# --- the page ------------------------------------------------------------------------------------------------------


def page(review: Review) -> bytes:
    """Write the review as one HTML file, which loads nothing."""
    parts = [
        PagePart(section.name, section.title_for(review), blocks)
        for section in SECTIONS
        if (section.for_seats or not review.seat) and (blocks := tuple(section.blocks(review)))
    ]
    packed = pack(review.source, review.seat, [row["seq"] for row in review.moments], review.attention)
    seat = called(review.source.name(review.seat)) if review.seat else ""
    title = f"After-action review: {review.findings.summary.title}{f', for {seat}' if seat else ''}"
    style = message_style() if any(part.name == "messages" for part in parts) else ""
    return review_page(title, tuple(_page_head(review, seat)), parts, packed, style)


def _page_head(review: Review, seat: str) -> Iterator[Block]:
    whose = f" for {seat}: only what this seat could know" if seat else ""
    yield Paragraph(f"After-action review{whose}", quiet=True)
    yield Heading(1, review.findings.summary.title)
    if not seat:  # facts and notes tell how many records there are, and who played
        yield Paragraph(" · ".join(facts(review.findings)), quiet=True)
        yield from (Paragraph(sentence(note), alarm=True) for note in review.findings.summary.notes)


# --- documents -----------------------------------------------------------------------------------------------------


def document(review: Review, *, pictures: bool = True) -> list[Block]:
    """Return the review as the blocks of a document: chapters, then annexes; without content they are left out."""
    return [*_document_head(review), *_chapters(review, pictures=pictures), Break(), *_annexes(review)]


def _document_head(review: Review) -> Iterator[Block]:
    yield Heading(1, f"After-action review: {review.findings.summary.title}")
    yield Paragraph(" · ".join(facts(review.findings)), quiet=True)
    yield from (Paragraph(sentence(note)) for note in review.findings.summary.notes)


def _chapters(review: Review, *, pictures: bool) -> Iterator[Block]:
    """Yield the numbered chapters; one of several sections has a heading for each. The first one has its own page."""
    for number, chapter in enumerate(CHAPTERS, 1):
        sections = list(_sections_of(chapter))
        parts = [(title, list(for_paper(blocks(review), pictures=pictures))) for title, blocks in sections]
        filled = [(title, blocks) for title, blocks in parts if blocks]
        if filled:
            yield Heading(2, f"{number}. {chapter}")
        for title, blocks in filled:
            yield from blocks if len(sections) == 1 else (Heading(3, title), *map(_lower, blocks))
        if chapter == SUMMARY:
            yield Break()


def _sections_of(chapter: str) -> Iterator[tuple[str, Blocks]]:
    """Yield the titles and blocks of the sections of a chapter, among them the short forms of annexes."""
    for section in SECTIONS:
        if section.chapter == chapter:
            yield section.title, section.blocks
        elif section.in_short and chapter == EVENTS:
            yield section.in_short


def _lower(block: Any) -> Any:
    """Return a block below a heading of its section."""
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def _annexes(review: Review) -> Iterator[Block]:
    letters = iter("ABCDEFGHIJKLM")
    for section in SECTIONS:
        blocks = [] if section.chapter else list(for_paper(section.blocks(review)))
        if blocks:
            yield Heading(2, f"Annex {next(letters)}. {section.title_for(review)}")
            yield from blocks
