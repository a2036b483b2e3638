"""The tasks of evaluators and the white cell: expected actions with their checklists, objectives, notes and ratings.

Questionnaires show how many have answered, and the answers as they come in.
"""

from collections.abc import Iterable

from wargame.journal.records import Record
from wargame.journal.records.correspondence import MessageRecord, OfferRecord
from wargame.journal.records.run import RATINGS, NoteRecord, RatingRecord
from wargame.journal.records.script import STATUSES as STATUS_WORDS
from wargame.journal.wording import author, sentence
from wargame.language.plain_text import clean
from wargame.live.console.answer_commands import state_of, visible_results
from wargame.live.console.console import Console
from wargame.live.console.evaluation_commands import counted, is_own, observed_items
from wargame.live.console.news import observed_news, to_judge
from wargame.seat.feed import FeedItem, feed
from wargame.simulation.control.adjudication import STATUSES
from wargame.simulation.mechanisms.expected_actions import AWAITED, UNDECIDED, ExpectedItem
from wargame.web.rendering import render, render_for
from wargame.web.screens.control_overview import CANDIDATE, NewsLine, family_of, news_line, with_candidates
from wargame.web.viewer import Viewer

LISTED = 40
"""Notes, and lines of what the seats observed see, that are listed."""
DONE = frozenset({"action", "message", "request"})
"""Kinds of records of what a government did and wrote."""
MOST_EVIDENCE = 12
"""Records that the form of a judgement offers as evidence."""


def _evidence(console: Console, item: ExpectedItem, done: list[int]) -> Iterable[tuple[int, str]]:
    """Yield the candidates, then acts and texts of this government since the release, the latest first."""
    records = console.session.records
    chosen = [seq for seq in item.candidates if seq < len(records)]
    own = [seq for seq in done if seq > item.seq]
    for seq in list(dict.fromkeys([*chosen, *own]))[:MOST_EVIDENCE]:
        line = news_line(console.session, records[seq])
        yield seq, f"#{seq} {line.at[5:]} {line.text}"[:110]


def _about(console: Console, record: NoteRecord) -> str:
    """Return what a note is about; an evaluator may name a record without having seen it."""
    about, records = record.named or record.about, console.session.records
    if about.isdecimal() and console.sees_all and int(about) < len(records):
        return f"#{int(about)} {news_line(console.session, records[int(about)]).text}"
    return f"#{about}" if about.isdecimal() else about


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
    judged = (record for record in to_judge(chosen, session.records) if record.kind != CANDIDATE)
    lines += [news_line(session, record) for record in judged]
    shown = sorted(lines, key=lambda line: (line.at, line.seq), reverse=True)[:LISTED]
    return with_candidates(session, shown, chosen)


def _parties(console: Console, record: Record) -> str:
    """Return author and recipients of what is private between them: `Arda to Brel`; empty for everything else."""
    public = isinstance(record, MessageRecord) and record.public
    if public or not isinstance(record, MessageRecord | OfferRecord):
        return ""
    return sentence(clean(f"{console.name(record.who)} to {console.titles.listed(record.to)}"))


def _seats(console: Console, names: list[str], chosen: list[str]) -> str:
    """Return who saw it: the names of seats, or `all` if it is each of several."""
    return "all" if names == chosen and len(chosen) > 1 else sentence(console.titles.listed(names))


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
    written = (each for each in reversed(records) if isinstance(each, NoteRecord))
    notes = [each for each in written if console.sees_all or is_own(console, each)][:LISTED]
    listed = [(each, _about(console, each)) for each in notes]
    return render_for(viewer, "control/notes.html", notes=listed, author=author, about=about, about_text=text)


def objectives_part(console: Console) -> str:
    """Return the objectives with the form of a rating each; an evaluator reads only the own ratings."""
    items, plan = observed_items(console), console.session.loaded.exercise
    planned = {  # what the exercise file gives to an evaluator of these seats
        name
        for each in (plan.evaluators if plan and console.evaluator else ())
        if set(each.seats) & set(console.observed) or not each.seats
        for name in each.objectives
    }
    rated = [each for each in console.session.records if isinstance(each, RatingRecord)]
    shown = []
    for name, spec in console.session.exercise.context.scenario.objectives.items():
        about = [(each, is_own(console, each)) for each in rated if each.about == name]
        own = [each for each, is_mine in about if is_mine or (console.evaluator is None and not each.who)]
        row = {
            "name": name,
            "spec": spec,
            "counts": counted(item for item in items if item.objective == name).items(),
            "ratings": [each for each, is_mine in about if console.sees_all or is_mine],
            "own": own[-1].rating if own else "",
            "measures": plan.objectives[name].measures if plan and name in plan.objectives else (),
            "planned": name in planned or not planned,
        }
        shown.append(row)
    shown.sort(key=lambda each: not each["planned"])
    feed = [
        (f"{each.seq}", f"#{each.seq} {each.at[5:]} {each.text}"[:110])
        for each in observed_feed(console, console.observed)
    ]
    context = {"objectives": shown, "author": author, "ratings": RATINGS.items(), "evidence": feed[:MOST_EVIDENCE]}
    return render("control/objectives.html", **context)


def expected_part(console: Console) -> str:
    """Return the expected actions, those to be judged first, then those awaited, with the form of a judgement each."""
    order = {UNDECIDED: 0, AWAITED: 1}
    items = sorted(observed_items(console), key=lambda item: (order.get(item.status, 2), item.deadline))
    done: dict[str, list[int]] = {}
    for record in reversed(console.session.records):
        if record.kind in DONE:
            done.setdefault(record.who, []).append(record.seq)
    return render(
        "control/judged.html",
        items=[(each, list(_evidence(console, each, done.get(each.spec.who, [])))) for each in items],
        console=console,
        status_words=STATUS_WORDS,
        author=author,
        statuses=STATUSES,
        awaited=AWAITED,
        undecided=UNDECIDED,
    )


def questionnaires_part(viewer: Viewer) -> str:
    """Return the questionnaires, the latest first; empty before one has been sent."""
    console = viewer.console
    results = list(reversed(visible_results(console)))
    if not results:
        return ""
    latest = {each.inject: each for each in reversed(results)}  # commands concern the last release
    cards = [(each, state_of(console, each), latest[each.inject] is each) for each in results]
    return render_for(viewer, "control/questionnaires.html", cards=cards)
