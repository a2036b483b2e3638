"""The messages to a program, built from what package `seat` shows its government, and from nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from wargame.brains import protocol
from wargame.brains.specification import Conditions
from wargame.decision.menu import WAIT, Candidate
from wargame.journal.records import Record
from wargame.journal.records.script import InjectReleasedRecord
from wargame.language.plain_text import clean
from wargame.language.times import DAY
from wargame.seat.brief import Brief, brief
from wargame.seat.description import describe_option
from wargame.seat.feed import MARKED, FeedReader, reader_of
from wargame.seat.interests import values_before
from wargame.seat.obligations import Obligation
from wargame.seat.options import orderable
from wargame.seat.role import role_sections, role_sheet
from wargame.simulation.exercise import Exercise

DIGITS = 4
"""Decimal places of the numbers of a view."""
QUOTING = MARKED | {"request", "ruling", "rfi", "noplay", "playon", "endex", "note", "ballot", "vote.result"}
"""Kinds of entries whose text has words of people or of the script."""
LONGEST_ENTRY = 2000
"""Characters of an entry; the rest of a longer text is left out, and marked."""
DESCRIBED = ("title", "dossier", "lead", "visibility", "rung", "raises", "lowers", "changes", "certain", "cool_down")
"""Facts of an option that programs and people both receive."""
MOST_KNOWN = 15
"""Indicators of a situation. Judgement."""
TREND, STEADY = 30 * DAY, 0.02
"""The time of a trend, and the share of a range below which an indicator is steady. Judgement."""
MOST_ENTRIES = 200
"""Entries of one turn, the last ones; `n` shows how many are left out."""


@dataclass(slots=True)
class SeatState:
    """The state of a seat between turns: the number of its turns and entries, and its feed, read so far."""

    feed: FeedReader
    turns: int = 0
    entries: int = 0
    choices: dict[int, Candidate] = field(default_factory=dict)
    """The candidates of the present turn by the numbers that the program has been given."""


def hello(
    exercise: Exercise, records: Sequence[Record], seat: str, conditions: Conditions, purpose: protocol.Purpose
) -> protocol.Hello:
    """Return the first message to the program of a seat. What evaluators look at is no part of its role."""
    scenario, calendar = exercise.context.scenario, exercise.calendar
    sections = role_sections(replace(role_sheet(exercise, seat, records), objectives=()), calendar.at)
    text = f"{exercise.seed}/{exercise.settings.replication}/{seat}"
    return protocol.Hello(
        format=protocol.FORMAT,
        government=seat,
        name=scenario.governments[seat].name,
        purpose=purpose,
        exercise=clean(scenario.title),
        startex=_at(exercise, calendar.startex),
        endex=_at(exercise, exercise.end),
        role=tuple(protocol.Section(title=s.title, paragraphs=s.paragraphs, items=s.items) for s in sections),
        governments={name: scenario.governments[name].name for name in exercise.governments},
        options=tuple(options_of(exercise, seat)),
        seed=int.from_bytes(blake2b(text.encode(), digest_size=6, person=b"wargame-seat").digest(), "big"),
        timeout=conditions.timeout,
        white_cell=conditions.white_cell,
    )


def options_of(exercise: Exercise, seat: str) -> Iterator[protocol.SeatOption]:
    """Yield the options that a government may ever order, by id."""
    scenario = exercise.context.scenario
    targets: dict[str, list[str]] = {}
    for menu in exercise.governments[seat].menus.values():
        for candidate in menu.candidates:
            if candidate.option != WAIT:
                targets.setdefault(candidate.option, []).append(candidate.target or "")
    for name in sorted(targets):
        described = describe_option(exercise, seat, name)
        alike = {key: getattr(described, key) for key in DESCRIBED}
        to, cost = tuple(sorted(filter(None, targets[name]))), scenario.options[name].cost
        yield protocol.SeatOption(option=name, targets=to, cost=cost, **alike)


def turn(exercise: Exercise, seat: str, state: SeatState, epoch: int) -> protocol.Turn:
    """Return the next turn of a seat. The numbers of its choices are remembered in `state`."""
    state.turns += 1
    known = brief(exercise, seat)
    owed: dict[str, list[Any]] = {kind: [] for kind in PARTS}
    for each in known.obligations:
        if each.kind in PARTS and not each.answer:
            owed[each.kind].append(_part(exercise, each))
    return protocol.Turn(
        id=f"{epoch}.{state.turns}",
        now=_at(exercise, exercise.now),
        entries=entries(state),
        view=_view(known),
        situation=tuple(_situation(exercise, seat, known)),
        choices=tuple(_choices(exercise, seat, state)),
        **{name: tuple(owed[kind]) for kind, (name, _, _) in PARTS.items()},
        under_way=tuple(clean(each.text) for each in known.under_way),
    )


def entries(state: SeatState) -> tuple[protocol.Entry, ...]:
    """Return the entries that the seat was sent or has perceived since the last call; the last ones of very many."""
    fresh = []
    for item in state.feed.fresh():
        state.entries += 1
        record, text = item.record, item.text
        number = record.number if isinstance(record, InjectReleasedRecord) else 0
        kind = record.kind if record.kind != "command" else record.about
        at = record.at[:16] + record.at[19:]
        text = text if len(text) <= LONGEST_ENTRY else f"{text[:LONGEST_ENTRY]} [...]"
        entry = protocol.Entry(n=state.entries, at=at, kind=kind, text=text, letter=int(number), quoted=kind in QUOTING)
        fresh.append(entry)
    return tuple(fresh[-MOST_ENTRIES:])


PARTS: dict[str, tuple[str, type[Struct], dict[str, str]]] = {
    "decision": ("due", protocol.Due, {"title": "text"}),
    "demand": ("demands", protocol.OpenDemand, {}),
    "offer": ("offers", protocol.OpenOffer, {}),
    "vote": ("votes", protocol.OpenVote, {"question": "text"}),
    "procedure": ("procedures", protocol.OpenProcedure, {"title": "subject", "action": "text"}),
}
"""Kind of an obligation -> the part of a turn that has it, its class, and fields with another name in `Obligation`."""


def _part(exercise: Exercise, owed: Obligation) -> Struct:
    """Return an obligation as a part of a turn."""
    _, part, names = PARTS[owed.kind]
    values = asdict(owed) | {"text": clean(owed.text), "subject": clean(owed.subject)}
    values |= {key: None if values[key] is None else _at(exercise, values[key]) for key in ("since", "until")}
    return part(**{name: values[names.get(name, name)] for name in part.__struct_fields__})


def end(exercise: Exercise, state: SeatState, reason: str) -> protocol.End:
    """Return the last message to a program."""
    return protocol.End(reason=reason, now=_at(exercise, exercise.now), entries=entries(state))


def _view(known: Brief) -> dict[str, tuple[float, float]]:
    named = ((f"{each.name}[{', '.join(each.index)}]" if each.index else each.name, each) for each in known.values)
    return {path: (round(each.value, DIGITS), round(each.deviation, DIGITS)) for path, each in named}


def _situation(exercise: Exercise, seat: str, known: Brief) -> Iterator[protocol.Known]:
    """Yield the interests of the leader, strongest first, then what has changed most.

    Of other governments it has no more than that, and what is published: the rest is what reports say of them.
    """
    wanted = {each.known.path: "rise" if each.wanted else "fall" for each in known.concerns}
    before = values_before(exercise, seat, exercise.now - TREND)
    changes = {each.path: (each.value - before.of(each)) / (each.high - each.low) if before else 0.0
               for each in (*(each.known for each in known.concerns), *known.values)}  # fmt: skip
    others = [v for v in known.values if v.path not in wanted and (v.published or not {*v.index} - {seat})]
    moved = sorted(others, key=lambda each: (-abs(changes[each.path]), each.path))
    chosen = [*(each.known for each in known.concerns), *(each for each in moved if abs(changes[each.path]) >= STEADY)]
    for each in chosen[:MOST_KNOWN]:
        change = changes[each.path]
        trend = "steady" if abs(change) < STEADY else "rising" if change > 0 else "falling"
        yield protocol.Known(
            **{key: getattr(each, key) for key in ("path", "title", "level", "low", "high")},
            value=round(each.value, DIGITS),
            deviation=round(each.deviation, DIGITS),
            wanted=wanted.get(each.path, ""),
            trend=trend if before else "",
            source="estimate" if each.estimated else "published" if each.published else "known",
        )


def _choices(exercise: Exercise, seat: str, state: SeatState) -> Iterator[protocol.Choice]:
    titles, options = reader_of(exercise, seat).titles, exercise.context.scenario.options
    state.choices = {}
    for n, (dossier, candidate) in enumerate(orderable(exercise, seat), start=1):
        state.choices[n] = candidate
        low, mode, high = options[candidate.option].lead
        what = {"option": candidate.option, "target": candidate.target or "", "title": clean(titles.order(candidate))}
        yield protocol.Choice(n=n, dossier=dossier, lead=(low, mode, high), **what)


def _at(exercise: Exercise, t: int) -> str:
    """Return a time as ISO text to the minute, with its offset."""
    return exercise.calendar.at(t).isoformat(timespec="minutes")
