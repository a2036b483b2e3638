"""The brief of a seat as lines of text: what is known in words and by titles first, and the numbers on request."""

from collections.abc import Iterable, Iterator

from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.seat.brief import Brief, Concern, KnownValue, Obligation, OrderUnderWay
from wargame.seat.feed import FeedItem, reader_of
from wargame.seat.interests import indicator_title
from wargame.seat.procedures import ProposedProcedure
from wargame.simulation.exercise import Exercise

RECENT = 12
"""Messages that a brief ends with."""
PLAYED_BY = {"human": "people decide in this seat", "model": "the model decides", "script": "the script decides"}
NAMES = 22
"""Width of the column of indicators."""


def brief_lines(exercise: Exercise, brief: Brief, received: Iterable[FeedItem]) -> list[str]:
    """Return a brief in words, with the last of what the seat received; a section without content is left out."""
    leader = sentence(f"{brief.leader} is in office") if brief.leader else "Nobody is in office"
    lines = [_title(exercise, brief), f"{leader}; {PLAYED_BY.get(brief.played_by, brief.played_by)}."]
    if brief.strategy:
        lines.append(f"Policy: {brief.strategy}")
    asked = [
        f"{each.number}: {each.text} ({'in work' if each.status == 'in_work' else 'open'})"
        for each in brief.information_requests
        if each.waits
    ]
    owed = [(each.kind, _obligation(exercise, brief.government, each)) for each in brief.obligations]
    for title, part in (
        ("What you want to rise", [_concern(each) for each in brief.concerns if each.wanted]),
        ("What you fear may rise", [_concern(each) for each in brief.concerns if not each.wanted]),
        ("Trust", list(_trust(brief))),
        ("Talks and agreements", list(brief.talks)),
        ("Dossiers", list(_dossiers(exercise, brief))),
        ("Under way", [_under_way(brief.government, each) for each in brief.under_way]),
        ("Standing orders", [f"{each.number}: {each.text}, once {each.when}" for each in brief.standing_orders]),
        ("Demands and promises", [line for kind, line in owed if kind in ("demand", "promise")]),
        ("Offers and votes to be answered", [line for kind, line in owed if kind in ("offer", "vote")]),
        ("Questionnaires to be answered", [line for kind, line in owed if kind == "questionnaire"]),
        ("Standing procedures", [_procedure(exercise, brief.government, each) for each in brief.procedures]),
        ("Requests for information", asked),
        ("Received", [item.line for item in list(received)[-RECENT:]]),
        ("Due", [line for kind, line in owed if kind == "decision"]),
    ):
        if part:
            lines += ["", f"{title}:", *(f"  {line}" for line in part)]
    return [clean(line) for line in lines]


def number_lines(exercise: Exercise, brief: Brief) -> list[str]:
    """Return all indicators that the seat knows or estimates, as numbers, and the salience of its dossiers."""
    salience = [f"{each.dossier:<{NAMES}} {each.title}: {each.salience:.1f}" for each in brief.dossiers]
    lines = [_title(exercise, brief), "", "What you know and estimate (~ an estimate, ± its standard deviation):"]
    lines += [f"  {line}" for line in _values(exercise, brief.values)]
    lines += ["", "Salience of dossiers:", *(f"  {line}" for line in salience)]
    return [clean(line) for line in lines]


def _title(exercise: Exercise, brief: Brief) -> str:
    return f"BRIEF for {brief.name} ({brief.government}), {exercise.calendar.instant(brief.now)}"


def _concern(concern: Concern) -> str:
    known = concern.known
    source = ", by estimate" if known.estimated else ", as published" if known.published else ""
    return f"{known.title}: {known.level}{source}"


def _trust(brief: Brief) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for name, words in brief.trust:
        names.setdefault(words, []).append(name)
    for words, those in names.items():
        yield f"you {words}: {', '.join(those)}"


def _dossiers(exercise: Exercise, brief: Brief) -> Iterator[str]:
    for each in sorted(brief.dossiers, key=lambda each: (each.meeting or 0, each.dossier)):
        yield f"{each.title} ({each.dossier}): {_meeting(exercise, each.meeting)}"


def _meeting(exercise: Exercise, at: int | None) -> str:
    """Return when the next meeting on a dossier is, or since when the government works on the present one."""
    if not at:
        return "meetings begin at STARTEX"
    return f"{'next meeting' if at > exercise.now else 'meeting in preparation since'} {exercise.calendar.instant(at)}"


def _under_way(seat: str, order: OrderUnderWay) -> str:
    if not order.number:
        return order.text
    return f"{order.number}: {order.text}, ordered by the model (cancel {seat} {order.number} withdraws it)"


def _procedure(exercise: Exercise, seat: str, each: ProposedProcedure) -> str:
    """Return what a standing procedure proposes or is about to do, and how the seat answers."""
    return f"{each.number}: {each.action}, {exercise.calendar.instant(each.until)} ({answers_to(each, seat)})"


def answers_to(proposed: ProposedProcedure, seat: str = "") -> str:
    """The answer of a seat to a standing procedure, or what it can answer; `seat` as a facilitator has to name it."""
    if proposed.answer:
        return "accepted" if proposed.answer == "accept" else "refused"
    number = f"{seat} {proposed.number}".lstrip()
    without = "carried out" if proposed.mode == "act" else "not carried out"
    return f"accept {number} or refuse {number}; without an answer it is {without}"


def _obligation(exercise: Exercise, seat: str, owed: Obligation) -> str:
    name, until = reader_of(exercise, seat).titles.government, owed.until
    moment = "" if until is None else exercise.calendar.instant(until)
    by = f", by {moment}" if moment else ""
    if owed.kind == "demand":
        return sentence(f"{name(owed.sender)} demands of us: {owed.text}{by}")
    if owed.kind == "promise":
        return f"we have announced to {name(owed.sender)}: {name(seat)} {owed.text}"
    if owed.kind == "offer":
        return f"{owed.form} {owed.number} from {name(owed.sender)}: {owed.text} (answer {seat} {owed.number} yes|no)"
    if owed.kind == "vote":
        ballot = f"ballot {seat} {owed.number} {'|'.join(owed.choices)}"
        return f"vote {owed.number} called by {name(owed.sender)}: {owed.text} ({ballot})"
    if owed.kind == "questionnaire":
        return f"questionnaire {owed.number}: {owed.text}{by} (questions {seat} {owed.number} shows them)"
    since = f", since {exercise.calendar.instant(owed.since)}" if owed.since is not None else ""
    by = f", to be taken by {moment}" if moment else ""
    return f"a decision on '{owed.text}' ({owed.dossier}){since}{by}{f', because of: {owed.why}' if owed.why else ''}"


def _values(exercise: Exercise, values: Iterable[KnownValue]) -> Iterator[str]:
    """Yield one line an indicator, by the id that conditions use; `~` marks an estimate."""
    rows: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for each in values:
        doubt = f"±{each.deviation:.2f}" if each.deviation > 0 else ""
        index = f"{'>'.join(each.index)} " if each.index else ""
        titles[each.name] = clean(indicator_title(exercise.context.scenario, each.name, ()))
        rows.setdefault(each.name, []).append(f"{index}{'~' if each.estimated else ''}{each.value:.2f}{doubt}")
    for name, parts in rows.items():
        yield f"{name:<{NAMES}} {titles[name]}: {'  '.join(parts)}"
