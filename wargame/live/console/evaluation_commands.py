"""Commands of those who evaluate: notes, ratings of objectives, and judgements of expected actions.

An evaluator sees and judges the expected actions of the seats observed. What an evaluator writes is for the white cell
and the review alone.
"""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.journal.records import Record
from wargame.journal.records.run import NoteRecord, RatingRecord
from wargame.journal.records.script import STATUSES as STATUS_WORDS
from wargame.journal.records.script import ExpectedRecord
from wargame.journal.template_cache import text_lines
from wargame.journal.wording import author, sentence
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import same_word
from wargame.live.console.news import record_line
from wargame.live.console.reply import Reply
from wargame.live.console.roles import EVALUATOR, FACILITATOR, SCRIBE
from wargame.live.session.session import Session
from wargame.seat.feed import feed, inject
from wargame.sentence import Name, Sentence, hint
from wargame.simulation.control.adjudication import STATUSES
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.mechanisms.expected_actions import AWAITED, UNDECIDED, ExpectedItem, refusal

MOST = 4
"""Candidates of an expected action in one line, those that are listed or name the inject first."""
BY_STATUS = (UNDECIDED, "missed", "late", "met")


def author_of(console: Console) -> dict[str, str]:
    """Return the author of a note or a rating, as data of the command; empty for the facilitator.

    An evaluator signs with number and name; the name has the number in it if another one has signed with the name.
    """
    if (me := console.evaluator) is not None:
        judged = (each for each in console.session.records if isinstance(each, NoteRecord | RatingRecord))
        same = [each.person for each in judged if each.evaluator == me.name]
        name = f"{me.name} ({me.number})" if any(person != me.id for person in same) else me.name
        return {"who": EVALUATOR, "evaluator": name, "person": me.id}
    return {} if console.role == FACILITATOR else {"who": SCRIBE}


# --- notes and ratings -------------------------------------------------------------------------------


def _note(console: Console, line: ParsedLine) -> Reply:
    text, about = line.text(0), line.options.get("about", "").lstrip("#")
    exercise = console.exercise
    injects = exercise.injector.lines if console.sees_all else _rated_injects(console)
    if about and not about.isdecimal() and about not in {*injects, *exercise.context.scenario.objectives}:
        named = f"--about {shortened(about, 40)}"
        raise UsageFault(f"{named}: give the number of a record or the id of an inject or an objective")
    if about.isdecimal() and int(about) >= len(console.session.records):
        raise UsageFault(f"there is no record {about}")
    tag = line.options.get("tag", "")
    result = console.session.submit("note", text=text, about=about, tag=tag, **author_of(console))
    return Reply([f"Noted as #{result.records[0].seq}: {clean(text)}"])


def _rate(console: Console, line: ParsedLine) -> Reply:
    line.need(2)
    about, rating, *rest = line.args
    rating = rating.upper() if len(rating) == 1 else rating.lower()
    why, who = line.options.get("why", " ".join(rest)), line.options.get("who", "")
    if console.evaluator is not None and not console.sees_all:
        _check_observed(console, about, who)
    data = {"about": about, "rating": rating, "why": why, "government": who}
    if evidence := line.options.get("by", "").lstrip("#"):
        if not _is_seen(console, evidence):
            raise UsageFault(f"there is no record {shortened(evidence, 20)} that could be evidence")
        data["evidence"] = evidence
    result = console.session.submit("rating", **data, **author_of(console))
    items = console.exercise.expected.items.values()
    written = {record.seq for record in result.records if record.kind == "expected"}
    lines = [expected_line(console, item) for item in items if item.last in written]
    spec = console.exercise.context.scenario.objectives.get(about)
    name = Name(about, clean(spec.title) if spec else inject(console.exercise, about))
    return Reply(lines or [Sentence(name, f": {rating}{f' ({clean(why)})' if why else ''}")])


def _check_observed(console: Console, about: str, who: str) -> None:
    """Raise UsageFault if an evaluator rates what is not of a seat observed."""
    objectives, injects = console.exercise.context.scenario.objectives, _rated_injects(console)
    if valid_name("objective or inject with an expected action", about, {*objectives, *injects}) in objectives:
        return
    others = injects[about] - set(console.observed)
    if who and who not in console.observed:
        valid_name("government that you observe", who, console.observed)
    if others and not who:
        observed = " or ".join(f"--who {name}" for name in console.observed if name in injects[about])
        raise UsageFault(f"{about} expects actions of seats that you do not observe, too (add {observed})")


def _rated_injects(console: Console) -> dict[str, set[str]]:
    """Return injects after which an action of a seat observed is expected, each with these governments."""
    named = {item.inject for item in observed_items(console)}
    governments: dict[str, set[str]] = {name: set() for name in named}
    for item in console.exercise.expected.items.values():
        if item.inject in named:
            governments[item.inject].add(item.spec.who)
    return governments


# --- objectives --------------------------------------------------------------------------------------


def _objectives(console: Console, line: ParsedLine) -> Reply:
    line.need(0, 1)
    known = console.exercise.context.scenario.objectives
    chosen = [valid_name("objective", line.args[0], known)] if line.args else list(known)
    rows = []
    for name in chosen:
        items = [item for item in observed_items(console) if item.objective == name]
        ratings = [r for r in console.session.records if isinstance(r, RatingRecord) and r.about == name]
        ratings = [r for r in ratings if console.sees_all or is_own(console, r)]
        rows.append((name, known[name].title, items, ratings))
    shown = {"rows": rows, "listed": bool(line.args), "line": partial(expected_line, console)}
    lines = text_lines("wargame.live", "objectives.txt.j2", **shown, counted=counted, author=author)
    return Reply(lines or ["The scenario has no objectives."])


def is_own(console: Console, record: Record) -> bool:
    """Return whether the evaluator at this console has written a note or a rating."""
    person = record.person if isinstance(record, NoteRecord | RatingRecord) else ""
    return console.evaluator is not None and person == console.evaluator.id


def counted(items: Iterable[ExpectedItem]) -> Counter[str]:
    """Count expected actions by status, as a sentence says it."""
    return Counter("open" if each.status == AWAITED else STATUS_WORDS.get(each.status, each.status) for each in items)


# --- expected actions --------------------------------------------------------------------------------


def _expected(console: Console, line: ParsedLine) -> Reply:
    line.need(0, 1)
    items = observed_items(console)
    which = same_word(line.args[0] if line.args else "", [item.inject for item in items])
    if which.isdecimal():
        return Reply(_details(console, expected_item(console, which)))
    if which and which != "all" and not any(item.inject == which for item in items):
        named = shortened(which, 40)
        raise UsageFault(f"there is no expected action of '{named}' so far", hint("expected all", "lists all"))
    shown = [
        item for item in items if which in ("all", item.inject) or (not which and item.status in (AWAITED, UNDECIDED))
    ]
    left = len(items) - len(shown)
    more = f"{left} more: expected all lists them." if left and not which else ""
    lines = [expected_line(console, item) for item in shown]
    return Reply([*(lines or ["No expected action is open."]), *([more] if more else [])])


def _judge(console: Console, line: ParsedLine) -> Reply:
    line.need(2)
    number, status, *rest = line.args
    item = expected_item(console, number)
    why = line.options.get("why", " ".join(rest))
    data: dict[str, Any] = {"about": item.inject, "government": item.spec.who, "number": item.number}
    if "by" in line.options:
        data["evidence"] = evidence = line.options["by"].lstrip("#")
        if evidence and not _is_seen(console, evidence):
            raise UsageFault(refusal(evidence, item))
    console.session.submit("rating", **data, rating=status.lower(), why=why, **author_of(console))
    return Reply([expected_line(console, console.exercise.expected.items[item.number])])


def _is_seen(console: Console, evidence: str) -> bool:
    """Return whether a record is shown to the seats that an evaluator observes; True for the white cell."""
    if console.evaluator is None or console.sees_all:
        return True
    exercise, records, observed = console.exercise, console.session.records, console.observed
    seen = {shown.record.seq for seat in observed for shown in feed(exercise, seat, records)}
    seen |= {record.seq for record in records if record.kind == "expected.candidate" and record.who in observed}
    return evidence.isdecimal() and int(evidence) in seen


def observed_items(console: Console) -> list[ExpectedItem]:
    """Return the expected actions that this console may see, by number: of the governments observed."""
    items, observed = console.exercise.expected.items.values(), console.observed
    return [item for item in items if item.spec.who in observed]


def expected_item(console: Console, number: str) -> ExpectedItem:
    """Return the expected action of this number; UsageFault if this console has none."""
    for item in observed_items(console):
        if number.lstrip("#") == str(item.number):
            return item
    raise UsageFault(f"there is no expected action {shortened(number, 20)}", hint("expected all", "lists them"))


def expected_line(console: Console, item: ExpectedItem) -> str:
    """Return an expected action in one line: number, who and what, status, candidates."""
    who, title = sentence(console.name(item.spec.who)), item.spec.title or console.titles.any_of(item.spec.any_of)
    open_ones = item.candidates if item.open else ()
    seqs = sorted(open_ones, key=lambda seq: (not _fits(item, console.session.records[seq]), seq))
    more = f" and {len(seqs) - MOST} more" if len(seqs) > MOST else ""
    found = f"; candidates {', '.join(f'#{seq}' for seq in seqs[:MOST])}{more}" if seqs else ""
    after = console.titles.inject(item.inject)
    return clean(f"{item.number:>3}  {who}: {title} (after {after})  {_status(console, item)}{found}")


def _fits(item: ExpectedItem, record: Record) -> bool:
    """Return whether a candidate is an order that is listed, or names the inject."""
    data, option = record.data, str(record.data.get("option") or record.about)
    texts = (str(data[key]) for key in ("text", "question", "why") if data.get(key))
    return item.is_met_by(option, data.get("target") or None) or any(map(item.is_named_in, texts))


def _status(console: Console, item: ExpectedItem) -> str:
    instant = console.session.instant
    if item.status == AWAITED:
        return "still open at ENDEX" if console.exercise.done else f"expected by {instant(item.deadline)}"
    words = f"{STATUS_WORDS.get(item.status, item.status)} [#{item.last}]"
    if not item.judged or item.last is None:
        return words
    record = console.session.records[item.last]
    assert isinstance(record, ExpectedRecord)
    automatic = f" (automatic: {item.automatic})" if item.automatic else ""
    why = f": {record.why}" if record.why else ""
    return f"{words}, judged by {author(record.judged_by)}{automatic}{why}"


def _details(console: Console, item: ExpectedItem) -> list[str]:
    """Return an expected action with what is listed, its times, its candidates and its records so far."""
    records = {record.seq: record for record in console.session.records}
    own = [r for r in records.values() if isinstance(r, ExpectedRecord) and item.seq in r.cause and _is_of(r, item)]
    shown = {"title": expected_line(console, item), "item": item, "records": records, "own": own}
    shown |= {"name": console.name, "instant": console.session.instant, "length": format_duration}
    line = partial(record_line, console.session)
    return text_lines("wargame.live", "expected.txt.j2", **shown, line=line, statuses=STATUSES)


def _is_of(record: ExpectedRecord, item: ExpectedItem) -> bool:
    """Return whether a record of kind `expected` is about this one; records of model seats bear no number."""
    listed = record.government, record.title, tuple(record.any_of)
    same = listed == (item.spec.who, item.spec.title, tuple(item.spec.any_of))
    return same if record.number is None else record.number == item.number


def judged_groups(console: Console) -> list[tuple[str, list[str]]]:
    """Return expected actions by their present status, each with a heading: those to be judged first."""
    every = observed_items(console)
    groups = ((status, [item for item in every if item.status == status]) for status in BY_STATUS)
    return [
        (f"{STATUS_WORDS.get(status, status)}: {len(items)}", [expected_line(console, item) for item in items])
        for status, items in groups
        if items
    ]


def unrated_objectives(session: Session) -> list[tuple[str, str]]:
    """Return the objectives without a rating: (id, title)."""
    rated = {record.about for record in session.records if record.kind == "rating"}
    objectives = session.exercise.context.scenario.objectives.items()
    return [(name, clean(spec.title)) for name, spec in objectives if name not in rated]
