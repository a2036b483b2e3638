"""The review of a run: its sections, each declared once, as a page and as a document.

A page has all sections in this order, with a menu. A document has numbered chapters, of which the first is one page,
and annexes with the evidence; what is interactive on the page is there in its static form.
"""

import base64
import gzip
import shlex
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from wargame import plugins
from wargame.dataclasses import dataclass, replace
from wargame.document.blocks import Block, Break, Heading, Island, Paragraph, for_paper
from wargame.document.html import PagePart, review_page
from wargame.document.markdown import markdown
from wargame.document.palette import PUOR
from wargame.journal import wording
from wargame.journal.records import Record
from wargame.journal.trace import origin
from wargame.journal.wording import called, sentence, words
from wargame.language.plain_text import clean_json
from wargame.review.findings import knowledge
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.headlines import headline
from wargame.review.findings.source import RunSource
from wargame.review.reports import marks, run_events, run_first_page, run_script
from wargame.review.reports.report_header import Review, facts
from wargame.scenario.model import Scenario
from wargame.seat.messages import message_style

Blocks = Callable[[Review], Iterable[Block]]
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
class ReviewSection:
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
    ReviewSection("summary", SUMMARY, run_first_page.executive_summary, SUMMARY, for_seats=True, seat_title="Summary"),
    ReviewSection("turning", TURNING, run_first_page.turning_points, TURNING, for_seats=True),
    ReviewSection("acts", "Gravest acts and decisions", run_first_page.acts_and_decisions, EVENTS),
    ReviewSection("effects", "Counterfactual effects", run_first_page.counterfactual_effects, EVENTS),
    ReviewSection("percentiles", "How unusual this run is", run_first_page.percentiles, EVENTS),
    ReviewSection("timeline", "Timeline", run_events.timeline, EVENTS, for_seats=True),
    ReviewSection("log", "Decision log", run_events.decision_log),
    ReviewSection("seats", "Who knew what when", lambda _: [Island("seats")], EVENTS, for_seats=True),
    ReviewSection("objectives", "Expected actions", run_script.expected_actions, EVENTS),
    ReviewSection("msel", "MSEL as executed", run_script.msel,
                  in_short=("MSEL: exceptions", run_script.msel_exceptions)),
    ReviewSection("questionnaires", "Questionnaires", run_script.questionnaires, EVENTS),
    ReviewSection("messages", "Messages as sent", run_script.messages, for_seats=True),
    ReviewSection("relations", "Relations", run_events.relations, EVENTS, for_seats=True),
    ReviewSection("indicators", "Escalation and indicators", run_events.escalation, EVENTS,
                  for_seats=True, seat_title="Indicators"),
    ReviewSection("situation", "Map and escalation ladder", run_events.situation, EVENTS,
                  for_seats=True, in_short=("Escalation ladder by pair", run_events.situation)),
    ReviewSection("attention", "Dossiers and attention", run_events.attention, EVENTS, for_seats=True),
    ReviewSection("talks", "Forums and agreements", run_events.talks, for_seats=True),
    ReviewSection("notes", "White cell", run_events.white_cell, unattended_title="Settings of the run"),
    ReviewSection("decisions", "Decisions and their reasons", run_events.decisions, for_seats=True),
    ReviewSection("analysis", ANALYSIS, run_first_page.by_objective, ANALYSIS),
    ReviewSection("improve", PLAN, run_first_page.improvement_plan, PLAN),
    ReviewSection("overview", OVERVIEW, run_first_page.overview, OVERVIEW, for_seats=True),
    ReviewSection("reproduce", "How to reproduce this run", run_events.reproduction),
    ReviewSection("journal", "Journal", lambda _: [Island("journal")], for_seats=True),
)  # fmt: skip
"""The sections in the order of the page; those without blocks are left out."""


def sections() -> tuple[ReviewSection, ...]:
    """Return all sections: sections of installed packages follow the white cell's, and are not shown to seats."""
    place = next(n for n, each in enumerate(SECTIONS) if each.name == "decisions")
    added = (
        ReviewSection(f"plugin-{name}", words(name).capitalize(), partial(_added, name), EVENTS)
        for name in sorted(plugins.installed("sections"))
    )
    return (*SECTIONS[:place], *added, *SECTIONS[place:])


def _added(name: str, review: Review) -> Iterable[Block]:
    """Return the blocks of a plug-in, or why it has failed; the rest of the review is written all the same."""
    try:
        blocks: Iterable[Block] = plugins.call("sections", name, _writable, review)
    except plugins.PluginFailed as error:
        return (Paragraph(str(error), alarm=True),)
    return blocks


def _writable(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks; an error for what cannot be written."""
    found = tuple(blocks)
    markdown(tuple(for_paper(found)))
    return found


def page(review: Review) -> bytes:
    """Write the review as one HTML file, which loads nothing."""
    parts = [
        PagePart(section.name, section.title_for(review), blocks)
        for section in sections()
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
    if not seat:
        yield from _facts(review)


def _facts(review: Review) -> Iterator[Block]:
    """Yield how many records there are, and who played, which the version for a seat does not tell."""
    yield Paragraph(" · ".join(facts(review.findings)), quiet=True)
    yield from (Paragraph(sentence(note), alarm=True) for note in review.findings.summary.notes)


def document(review: Review, *, pictures: bool = True) -> list[Block]:
    """Return the review as the blocks of a document: chapters, then annexes; without content they are left out."""
    title = Heading(1, f"After-action review: {review.findings.summary.title}")
    return [title, *_facts(review), *_chapters(review, pictures=pictures), Break(), *_annexes(review)]


def _chapters(review: Review, *, pictures: bool) -> Iterator[Block]:
    """Yield the numbered chapters; one of several sections has a heading for each. The first one has its own page."""
    for number, chapter in enumerate(CHAPTERS, 1):
        present = [
            section.in_short or (section.title, section.blocks)
            for section in sections()
            if section.chapter == chapter or (section.in_short and chapter == EVENTS)
        ]
        parts = [(title, list(for_paper(blocks(review), pictures=pictures))) for title, blocks in present]
        filled = [(title, blocks) for title, blocks in parts if blocks]
        if filled:
            yield Heading(2, f"{number}. {chapter}")
        for title, blocks in filled:
            yield from blocks if len(present) == 1 else (Heading(3, title), *map(_lower, blocks))
        if chapter == SUMMARY:
            yield Break()


def _lower(block: Any) -> Any:
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def _annexes(review: Review) -> Iterator[Block]:
    letters = iter("ABCDEFGHIJKLM")
    for section in sections():
        blocks = [] if section.chapter else list(for_paper(section.blocks(review)))
        if blocks:
            yield Heading(2, f"Annex {next(letters)}. {section.title_for(review)}")
            yield from blocks


def pack(source: RunSource, seat: str, moments: Sequence[int], attention: Sequence[Row]) -> str:
    """Return the packed journal as base64. `moments` are the records of the listed turning points."""
    records = [(r.seq, r.t, r.kind, r.who, r.about, r.cause, r.data, headline(source, r)) for r in source.records]
    content = msgspec.json.encode({"meta": _meta(source, seat, moments, attention), "records": records}).decode()
    return base64.b64encode(gzip.compress(clean_json(content).encode(), 6, mtime=0)).decode()


def _meta(source: RunSource, seat: str, moments: Sequence[int], attention: Sequence[Row]) -> dict[str, Any]:
    first = source.records[0] if source.records else None
    start = datetime.fromisoformat(first.at).timestamp() - first.t if first else 0.0
    return {
        "start": round(start * 1000),
        "offsets": offsets(source.records),
        "startex": source.startex,
        "reached": max([record.t for record in source.records[-1:]] + [source.startex]),
        "seat": seat,
        "run": "" if seat else shlex.quote(source.folder.typed),
        "governments": source.governments,
        "called": {name: wording.called(title) for name, title in source.governments.items()},
        "moments": list(moments),
        "drawn": list(marks.drawn(source.records, source.governments, seat)),
        "marks": marks.MARKS,
        "lanes": marks.LANES,
        "scale": PUOR,
        "origins": {record.seq: origin(record, source.titles) for record in source.records if not record.cause},
        "received": {name: knowledge.received(source, name) for name in ([seat] if seat else source.governments)},
        "options": _options(source),
        "indicators": _indicators(source),
        "attention": attention,
        "dossiers": _dossiers(source, {str(row["dossier"]) for row in attention}),
        "ladder": _ladder(source.scenario, _options(source)) if source.scenario else {},
    }


def _ladder(scenario: Scenario, known: Container[str]) -> dict[str, Any]:
    """Return what map and ladders need besides the records: rungs and places of known options, seats of governments."""
    places = scenario.map.places.items() if scenario.map else ()
    return {
        "half_life": scenario.rules.rung_half_life,
        "violent": scenario.rules.violent_rung,
        "window": scenario.calendar.move,
        "rungs": {name: option.rung for name, option in scenario.options.items() if name in known},
        "seats": {place.seat: name for name, place in places if place.seat},
        "sites": {option: name for name, place in places for option in place.options if option in known},
    }


def offsets(records: Iterable[Record]) -> list[tuple[int, int]]:
    """Return minutes east of UTC, each with the second from which it is in force."""
    changes: list[tuple[int, int]] = []
    last = ""
    for record in records:
        if record.at[19:] != last:
            last = record.at[19:]
            shift = datetime.fromisoformat(record.at).utcoffset()
            changes.append((record.t, round(shift.total_seconds() / 60) if shift else 0))
    return changes


def _options(source: RunSource) -> dict[str, str]:
    """Return titles of the options that occur in the records, and of no others."""
    known = source.scenario.options if source.scenario else {}
    ids: set[str] = set()
    for record in source.records:
        data = record.data
        ids.update(str(data[key]) for key in ("option", "choice") if key in data)
        ids.update(each["option"] for each in data.get("candidates", ()))
    return {name: known[name].title for name in sorted(ids) if name in known}


def _dossiers(source: RunSource, ids: set[str]) -> dict[str, dict[str, Any]]:
    known = source.scenario.dossiers if source.scenario else {}
    order = [*known, *sorted(ids - set(known))]
    return {
        name: {"title": known[name].title if name in known else wording.words(name), "place": place}
        for place, name in enumerate(order)
        if name in ids
    }


def _indicators(source: RunSource) -> dict[str, dict[str, Any]]:
    """Return title, scope, range and unit of the indicators that occur in the records, and how they become known."""
    known = source.scenario.indicators if source.scenario else {}
    paths = {path for r in source.records for path in (*r.data.get("values", ()), *(r.data.get("effects") or ()))}
    names = {path.rpartition(" in ")[2].partition("[")[0] for path in paths}  # `belief of X in NAME[...]` too
    return {
        name: {
            "title": spec.title,
            "scope": spec.scope,
            "low": spec.range[0],
            "high": spec.range[1],
            "unit": spec.unit,
            "known": "derived" if spec.formula else spec.known,
        }
        for name, spec in sorted(known.items())
        if name in names
    }
