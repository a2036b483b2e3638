"""What one government knows and believes now, and what it may do: from its own view and memory, never the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import Candidate
from wargame.decision.view import View
from wargame.journal.sentences import words
from wargame.seat.feed import acknowledged, clean, told_of
from wargame.seat.lines import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wargame.journal.records import Record
    from wargame.simulation.exercise import Exercise

INBOX = 12
"""Messages that a brief ends with."""
HIDDEN = frozenset({"flow", "surprise", "credibility"})
"""Numbers of the engine that no staff would put before a minister."""


def moment(exercise: Exercise, t: int) -> str:
    """A game time for people: date, time, days from STARTEX."""
    days = (t - exercise.calendar.origin) // 86400
    return f"{exercise.calendar.at(t):%Y-%m-%d %H:%M} (D{days:+d})"


def inbox(exercise: Exercise, records: Sequence[Record], who: str, most: int | None = None) -> list[str]:
    """What this government has been told, oldest first; acknowledgements that follow one another in one line."""
    told = [(group[0], text) for group in grouped(records) for text in _told(who, group, exercise)]
    kept = told if most is None else told[-most:]
    return [f"{record.at[:16].replace('T', ' ')}  {text}" for record, text in kept]


def _told(who: str, group: list[Record], exercise: Exercise) -> list[str]:
    if len(group) > 1 and group[0].kind == "command":
        return acknowledged(exercise, who, group) if group[0].who == who else []
    return [text for record in group for text in told_of(who, record, exercise)]


def brief(exercise: Exercise, records: Sequence[Record], who: str) -> list[str]:
    """The whole brief of a seat."""
    context = exercise.context
    seats, spec = exercise.commands.seats, context.scenario.governments[who]
    leader = context.scenario.leaders.get(context.offices.leader.get(who, ""))
    lines = [f"BRIEF for {spec.name} ({who}), {moment(exercise, exercise.now)}"]
    lines.append(f"In office: {leader.title if leader else 'nobody'}; the seat is with: {seats.of(who)}")
    strategy = context.offices.strategy.get(who)
    if strategy:
        lines.append(f"Line: {words(strategy)}")
    for title, part in (
        ("Under way", [f"{_title(exercise, c.option)} {c.target or ''}".rstrip() for c in _pending(exercise, who)]),
        ("Standing orders", _standing(exercise, who)),
        ("Asked of us and by us", _asks(exercise, who)),
        ("Offers and votes that wait for us", _open_talk(exercise, who)),
        ("Dossiers", _dossiers(exercise, who)),
        ("What we know and believe", list(_indicators(exercise, who))),
        ("Lately", inbox(exercise, records, who, INBOX)),
        ("Due", _due(exercise, who)),
    ):
        if part:
            lines += ["", f"{title}:", *(f"  {line}" for line in part)]
    return [clean(line) for line in lines]


def _title(exercise: Exercise, option: str) -> str:
    spec = exercise.context.scenario.options.get(option)
    return spec.title if spec else words(option)


def _pending(exercise: Exercise, who: str) -> list[Candidate]:
    return sorted(exercise.governments[who].pending, key=str)


def _due(exercise: Exercise, who: str) -> list[str]:
    rows = []
    for due in exercise.commands.seats.dues.values():
        if due.government == who:
            by = f", to be decided by {moment(exercise, due.until)}" if due.until is not None else ""
            rows.append(f"a decision on {due.dossier}, since {moment(exercise, due.since)}{by}")
    return rows


def _standing(exercise: Exercise, who: str) -> list[str]:
    return [
        f"{order.number}: {order.candidate} once {order.text}"
        for order in exercise.commands.seats.standing
        if order.government == who
    ]


def _asks(exercise: Exercise, who: str) -> list[str]:
    rows = []
    for standing in exercise.demands.put_to(who):
        wants = " or ".join(_title(exercise, option) for option in standing.spec.wants)
        rows.append(f"{standing.sender} asks that {who} {wants}, by {moment(exercise, standing.until)}")
    owed = [(s.addressee, s.owes or "") for s in exercise.demands.owed_by(who)]
    return rows + [f"we owe {of} our word: {who} {_title(exercise, option)}" for of, option in owed]


def _open_talk(exercise: Exercise, who: str) -> list[str]:
    talk = exercise.commands.correspondence
    rows = [
        f"{o.form} {n} of {o.sender}: {o.text} (answer {who} {n} yes|no)"
        for n, o in talk.offers.items()
        if who in o.open_to
    ]
    rows += [
        f"vote {n}: {v.question} (ballot {who} {n} {'|'.join(v.choices)})"
        for n, v in talk.votes.items()
        if who in v.voters and who not in v.ballots and not v.closed
    ]
    return rows


def _dossiers(exercise: Exercise, who: str) -> list[str]:
    desk, titles = exercise.governments[who].desk, exercise.context.scenario.dossiers
    ranked = sorted(desk.entries.values(), key=lambda e: (-desk.salience(e, exercise.now), e.dossier))
    rows = []
    for entry in ranked:
        begun = exercise.context.open
        meeting = f"next meeting {moment(exercise, entry.due)}" if begun else "meetings begin with the exercise"
        rows.append(
            f"{entry.dossier:<12} {titles[entry.dossier].title}; {meeting}, "
            f"salience {desk.salience(entry, exercise.now):.1f}"
        )
    return rows


def _indicators(exercise: Exercise, who: str) -> Iterator[str]:
    """One line an indicator, those that stand at nothing left out; `~` before what is only estimated."""
    world = exercise.context.world
    view = View(world, who, exercise.context.memories[who])
    rows: dict[str, list[str]] = {}
    for slot, spec in enumerate(world.slots):
        if spec.name in HIDDEN or spec.name.startswith(("belief", "var")) or not view.knows(slot):
            continue
        if len(spec.index) == 2 and who not in spec.index:
            continue
        value = view.value(slot)
        if abs(value) >= 0.005:
            estimated = spec.known == "estimated" and who not in spec.index[:1] and spec.formula is None
            doubt = _doubt(exercise, who, slot) if estimated else ""
            index = f"{'>'.join(spec.index)} " if spec.index else ""
            rows.setdefault(spec.name, []).append(f"{index}{'~' if estimated else ''}{value:.2f}{doubt}")
    for name, values in rows.items():
        yield f"{words(name):<22} {'  '.join(values)}"


def _doubt(exercise: Exercise, who: str, slot: int) -> str:
    world = exercise.context.world
    variance = world.value(world.beliefs[who, slot][1])
    return f"±{variance**0.5:.2f}" if variance > 0 else ""
