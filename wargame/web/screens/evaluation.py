"""What evaluators and the white cell judge: expected actions with their checklists, objectives, notes and ratings.

Questionnaires show how many have answered, and the answers as they come in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from wargame.journal.questionnaires import QuestionnaireResult
from wargame.journal.records import Record
from wargame.journal.records.correspondence import MessageRecord, OfferRecord
from wargame.journal.records.run import NoteRecord, RatingRecord
from wargame.journal.records.script import STATUSES as STATUS_WORDS
from wargame.journal.records.script import ExpectedRecord
from wargame.journal.wording import author, sentence
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.evaluation_commands import is_own, observed_items
from wargame.live.console.news import observed_news, to_judge
from wargame.live.console.questionnaire_commands import state_of, visible_results
from wargame.live.console.roles import FACILITATOR
from wargame.seat.feed import FeedItem, feed
from wargame.simulation.control.adjudication import RATINGS, STATUSES
from wargame.simulation.mechanisms.expected_actions import AWAITED, UNDECIDED, ExpectedItem
from wargame.web.rendering import render
from wargame.web.screens.control_overview import NewsLine, family_of, news_line
from wargame.web.viewer import Viewer

LISTED = 40
"""Notes, and lines of what the seats observed see, that are listed."""
DONE = frozenset({"action", "message", "request"})
"""Kinds of records of what a government did and wrote."""
MOST_EVIDENCE = 12
"""Records that the form of a judgement offers as evidence."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An expected action: what counts, when, its status, and what could count as evidence."""

    number: int
    who: str
    title: str
    inject: str
    inject_title: str
    objective: str
    listed: str
    released: str
    deadline: str
    late_until: str
    status: str
    words: str
    judged: str
    """By whom and why; empty if nobody has judged it."""
    automatic: str
    to_judge: bool
    evidence: tuple[tuple[int, str], ...]
    """Records that can be named, with their texts."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating of an objective."""

    letter: str
    by: str
    why: str
    own: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective with its measures, its expected actions by status, and its ratings.

    `measures` are what is observed, each with the result that counts as performed. `planned` is whether the exercise
    file gives it to an evaluator of these seats.
    """

    name: str
    title: str
    capability: str
    counts: tuple[tuple[str, int], ...]
    ratings: tuple[Rating, ...]
    own: str
    """The letter of the last rating under one's own name."""
    measures: tuple[tuple[str, str], ...]
    planned: bool


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note or a rating that was written. `own` is whether this evaluator wrote it."""

    seq: int
    at: str
    text: str
    by: str
    tag: str
    about: str
    own: bool


def expected_actions(console: Console) -> list[Expected]:
    """Return the expected actions that this person may see: those to be judged, those awaited, then the others."""
    order = {UNDECIDED: 0, AWAITED: 1}
    items = sorted(observed_items(console), key=lambda item: (order.get(item.status, 2), item.deadline))
    done: dict[str, list[int]] = {}
    for record in reversed(console.session.records):
        if record.kind in DONE:
            done.setdefault(record.who, []).append(record.seq)
    return [_expected(console, item, done.get(item.spec.who, [])) for item in items]


def _expected(console: Console, item: ExpectedItem, done: list[int]) -> Expected:
    spec, instant = item.spec, console.session.instant
    towards = f" towards {console.name(*spec.towards)}" if spec.towards else ""
    records = console.session.records
    judged = ""
    if item.judged and item.last is not None:
        record = records[item.last]
        assert isinstance(record, ExpectedRecord)
        judged = clean(f"{author(record.judged_by)}{f': {record.why}' if record.why else ''}")
    awaited = "expected, with candidates" if item.candidates else "expected"
    words = awaited if item.status == AWAITED else STATUS_WORDS.get(item.status, item.status)
    if item.status == AWAITED and console.session.exercise.done:
        words = "open at ENDEX"
    return Expected(
        item.number,
        sentence(console.name(spec.who)),
        clean(spec.title or console.titles.any_of(spec.any_of)),
        item.inject,
        clean(item.title),
        item.objective,
        clean(f"{console.titles.any_of(spec.any_of)}{towards}"),
        instant(item.released),
        instant(item.deadline),
        instant(item.deadline + spec.late) if spec.late else "",
        item.status,
        words,
        judged,
        item.automatic if item.judged else "",
        item.status == UNDECIDED,
        tuple(_evidence(console, item, done)),
    )


def _evidence(console: Console, item: ExpectedItem, done: list[int]) -> Iterable[tuple[int, str]]:
    """The candidates, then, of what this government did and wrote, what followed the release, the latest first."""
    records = console.session.records
    chosen = [seq for seq in item.candidates if seq < len(records)]
    own = [seq for seq in done if seq > item.seq]
    for seq in list(dict.fromkeys([*chosen, *own]))[:MOST_EVIDENCE]:
        line = news_line(console.session, records[seq])
        yield seq, f"#{seq} {line.at[5:]} {line.text}"[:110]


def objectives(console: Console) -> list[Objective]:
    """Return all objectives of the exercise; an evaluator reads only the own ratings."""
    items, plan = observed_items(console), console.session.loaded.exercise
    planned = {
        name
        for each in (plan.evaluators if plan and console.evaluator else ())
        if set(each.seats) & set(console.observed) or not each.seats
        for name in each.objectives
    }
    out = []
    for name, spec in console.session.exercise.context.scenario.objectives.items():
        mine = (item.status for item in items if item.objective == name)
        counts = Counter("open" if status == AWAITED else STATUS_WORDS.get(status, status) for status in mine)
        rated = [r for r in console.session.records if isinstance(r, RatingRecord) and r.about == name]
        ratings = [
            Rating(
                str(record.rating or ""),
                author(record.evaluator or record.who),
                clean(str(record.why or "")),
                is_own(console, record) or (console.evaluator is None and not record.who),
                str(record.evidence or ""),
            )
            for record in rated
            if console.sees_all or is_own(console, record)
        ]
        own = next((each.letter for each in reversed(ratings) if each.own), "")
        listed = plan.objectives[name].measures if plan and name in plan.objectives else ()
        measures = tuple((clean(each.title), clean(each.standard)) for each in listed)
        here = clean(spec.title), clean(spec.capability), tuple(counts.items()), tuple(ratings), own, measures
        out.append(Objective(name, *here, name in planned or not planned))
    return sorted(out, key=lambda each: not each.planned)


def notes(console: Console) -> list[NoteLine]:
    """The notes that this person may read, newest first: all for the white cell, the own ones for an evaluator."""
    written = (record for record in reversed(console.session.records) if isinstance(record, NoteRecord))
    own = ((record, is_own(console, record)) for record in written)
    return [_note(console, record, own=mine) for record, mine in own if console.sees_all or mine][:LISTED]


def _note(console: Console, record: NoteRecord, *, own: bool) -> NoteLine:
    about = record.named or record.about
    seq = int(about) if about.isdecimal() else None
    about = f"#{about}" if seq is not None else about  # an evaluator may name a record without having seen it
    if seq is not None and console.sees_all and seq < len(console.session.records):
        about = f"#{seq} {news_line(console.session, console.session.records[seq]).text}"
    return NoteLine(
        record.seq,
        f"{console.session.exercise.calendar.at(record.t):%Y-%m-%d %H:%M}",
        clean(record.text, lines=True),
        author(record.evaluator or record.who),
        str(record.tag or ""),
        clean(about),
        own,
    )


def seat_feed(console: Console, seat: str) -> list[NewsLine]:
    """Return what a seat has been sent, newest first."""
    items = [item for item in feed(console.session.exercise, seat, console.session.records) if item.notice]
    return [_line(item) for item in reversed(items[-LISTED:])]


def _line(item: FeedItem, label: str = "") -> NewsLine:
    record, text = item.record, item.notice.line() if item.notice else ""
    return NewsLine(record.seq, record.at[:16].replace("T", " "), clean(text), family_of(record.kind), label)


def observed_feed(console: Console, seats: Iterable[str]) -> list[NewsLine]:
    """Return what these seats see, and what there is to judge of them, newest first, each with its record."""
    session, chosen = console.session, list(seats)
    lines = [
        _line(item, _parties(console, item.record) or _seats(console, list(names), chosen))
        for item, names in observed_news(session.exercise, chosen, session.records)
    ]
    lines += [news_line(session, record) for record in to_judge(chosen, session.records)]
    return sorted(lines, key=lambda line: (line.at, line.seq), reverse=True)[:LISTED]


def _parties(console: Console, record: Record) -> str:
    """Author and recipients of what is private between them: `Arda to Brel`; empty for everything else."""
    public = isinstance(record, MessageRecord) and record.public
    if public or not isinstance(record, MessageRecord | OfferRecord):
        return ""
    return sentence(clean(f"{console.name(record.who)} to {console.titles.listed(record.to)}"))


def _seats(console: Console, names: list[str], chosen: list[str]) -> str:
    """Return who saw it: the names of seats, or `all` if it is each of several."""
    return "all" if names == chosen and len(chosen) > 1 else ", ".join(console.name(name) for name in names)


TAG_CHOICES = (("observation", "an observation"), ("sustain", "to sustain"), ("improve", "to improve"))


def evaluation_parts(viewer: Viewer) -> dict[str, str]:
    """Return all parts of the evaluation."""
    return {
        "view.notes-notes": notes_part(viewer),
        "view.notes-objectives": objectives_part(viewer.console),
        "view.notes-expected": expected_part(viewer.console),
    }


def notes_part(viewer: Viewer) -> str:
    """Return the form of a note, about the record that the address names, and the notes so far."""
    console, about = viewer.console, viewer.query.get("about", "").lstrip("#")
    records, text = console.session.records, ""
    if about.isdecimal() and int(about) < len(records) and console.sees_all:
        text = news_line(console.session, records[int(about)]).text
    about = f"#{about}" if about.isdecimal() else about
    return render("control/notes.html", notes=notes(console), about=about, about_text=text, tags=TAG_CHOICES)


def objectives_part(console: Console) -> str:
    """Return the objectives with the form of a rating each."""
    feed = [
        (f"{each.seq}", f"#{each.seq} {each.at[5:]} {each.text}"[:110])
        for each in observed_feed(console, console.observed)
    ]
    context = {"objectives": objectives(console), "ratings": RATINGS.items(), "evidence": feed[:MOST_EVIDENCE]}
    return render("control/objectives.html", **context)


def expected_part(console: Console) -> str:
    """Return the expected actions with the form of a judgement each."""
    items = expected_actions(console)
    judging = sum(each.to_judge for each in items)
    return render(
        "control/judged.html",
        items=items,
        statuses=STATUSES,
        heading=f"{judging} to judge, {len(items)} in all",
    )


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its result so far; `answers` are (who, what)."""

    text: str
    summary: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionnaireCard:
    """A questionnaire. `is_open` and `outdated` say which commands it takes."""

    inject: str
    title: str
    seq: int
    state: str
    is_open: bool
    outdated: bool
    rows: tuple[QuestionRow, ...]


def questionnaires_part(viewer: Viewer) -> str:
    """Return the questionnaires, the latest first; empty before one has been sent."""
    console = viewer.console
    cards = [_card(console, each) for each in reversed(visible_results(console))]
    if not cards:
        return ""
    latest = {card.inject: card for card in reversed(cards)}  # commands concern the last release
    ready = [(card, latest[card.inject] is card) for card in cards]
    control = console.role == FACILITATOR and not console.session.exercise.done
    return render("control/questionnaires.html", cards=ready, control=control)


def _card(console: Console, each: QuestionnaireResult) -> QuestionnaireCard:
    rows = tuple(
        QuestionRow(
            question.question.text,
            question.summary,
            tuple(
                (console.name(given.seat) + (f" ({given.person})" if given.person else ""), given.text)
                for given in question.answers
            ),
        )
        for question in each.questions
    )
    state = state_of(console, each)
    return QuestionnaireCard(each.inject, each.title, each.seq, state, not each.ended, each.outdated, rows)
