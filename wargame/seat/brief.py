"""What one government knows, owes and has under way: from its own view and memory, never from the world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.journal.sentences import Titles
from wargame.seat.feed import FeedItem, feed, joined, reader_of
from wargame.seat.procedures import ProposedProcedure, proposed_procedures

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.simulation.exercise import Exercise

HIDDEN = frozenset({"flow", "surprise", "credibility"})
"""Internal numbers of the engine, which are not part of a brief."""
LEAST = 0.005
"""Indicators whose absolute value is smaller are left out."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that others, or a deadline, expect of the government.

    `kind` is `decision` (due), `demand` (made of it), `promise` (an inducement or a threat that it owes), `offer` or
    `vote` (to be answered). `number` is that of an offer or a vote, `sender` the other government, `choices` the
    answers that can be given; `since` and `until` are seconds of game time.
    """

    kind: str
    text: str
    sender: str = ""
    number: int = 0
    choices: tuple[str, ...] = ()
    form: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class StandingOrderNote:
    """A standing order that waits for its condition."""

    number: int
    option: str
    target: str
    when: str


@dataclass(frozen=True, slots=True)
class DossierNote:
    """A dossier: its salience now, and when the government next meets on it (None before STARTEX)."""

    dossier: str
    title: str
    salience: float
    meeting: int | None


@dataclass(frozen=True, slots=True)
class KnownValue:
    """An indicator as the government knows it; `deviation` is the standard deviation of an estimate, 0 if unknown."""

    name: str
    index: tuple[str, ...]
    value: float
    estimated: bool
    deviation: float


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a seat knows of its own position at one moment; `under_way` are (option, target) with titles."""

    government: str
    name: str
    now: int
    leader: str
    played_by: str
    strategy: str
    under_way: tuple[str, ...]
    standing_orders: tuple[StandingOrderNote, ...]
    obligations: tuple[Obligation, ...]
    procedures: tuple[ProposedProcedure, ...]
    dossiers: tuple[DossierNote, ...]
    values: tuple[KnownValue, ...]


def inbox(exercise: Exercise, records: Sequence[Record], seat: str, most: int | None = None) -> list[FeedItem]:
    """What these records bring to a government, oldest first; the last `most` items."""
    items = joined(feed(exercise, seat, records), reader_of(exercise, seat))
    return items if most is None else items[-most:]


def brief(exercise: Exercise, seat: str) -> Brief:
    """The brief of a government now."""
    context, titles = exercise.context, reader_of(exercise, seat).titles
    leader = context.scenario.leaders.get(context.offices.leader.get(seat, ""))
    strategy = context.offices.strategy.get(seat, "")
    pending = sorted(exercise.governments[seat].pending, key=str)
    return Brief(
        government=seat,
        name=context.scenario.governments[seat].name,
        now=exercise.now,
        leader=leader.title if leader else "",
        played_by=exercise.commands.seats.of(seat),
        strategy=titles.strategies.get(strategy, strategy),
        under_way=tuple(titles.choice({"option": each.option, "target": each.target}) for each in pending),
        standing_orders=tuple(_standing_orders(exercise, seat)),
        obligations=(*_demands(exercise, seat, titles), *_talk(exercise, seat), *_decisions(exercise, seat)),
        procedures=proposed_procedures(exercise, seat),
        dossiers=tuple(_dossiers(exercise, seat)),
        values=tuple(_values(exercise, seat)),
    )


def _standing_orders(exercise: Exercise, seat: str) -> Iterator[StandingOrderNote]:
    for order in exercise.commands.seats.standing:
        if order.government == seat:
            candidate = order.candidate
            yield StandingOrderNote(order.number, candidate.option, candidate.target or "", order.text)


def _demands(exercise: Exercise, seat: str, titles: Titles) -> Iterator[Obligation]:
    for active in exercise.demands.put_to(seat):
        yield Obligation("demand", titles.any_of(active.spec.wants), sender=active.sender, until=active.until)
    for active in exercise.demands.owed_by(seat):
        yield Obligation("promise", titles.option(active.owes or ""), sender=active.addressee)


def _talk(exercise: Exercise, seat: str) -> Iterator[Obligation]:
    talk = exercise.commands.correspondence
    for number, offer in talk.offers_of(seat).items():
        if seat in offer.open_to:
            yield Obligation("offer", offer.text, offer.sender, number, ("yes", "no"), offer.form)
    for number, vote in talk.votes_of(seat).items():
        if seat in vote.voters and seat not in vote.ballots and not vote.closed:
            yield Obligation("vote", vote.question, "", number, tuple(vote.choices))


def _decisions(exercise: Exercise, seat: str) -> Iterator[Obligation]:
    for due in exercise.commands.seats.dues.values():
        if due.government == seat:
            yield Obligation("decision", due.dossier, since=due.since, until=due.until)


def _dossiers(exercise: Exercise, seat: str) -> Iterator[DossierNote]:
    desk, titles = exercise.governments[seat].desk, exercise.context.scenario.dossiers
    for entry in sorted(desk.entries.values(), key=lambda e: (-desk.salience(e, exercise.now), e.dossier)):
        meeting = entry.due if exercise.context.open else None
        yield DossierNote(entry.dossier, titles[entry.dossier].title, desk.salience(entry, exercise.now), meeting)


def _values(exercise: Exercise, seat: str) -> Iterator[KnownValue]:
    """Public and own indicators, and estimates of the others; those about 0 are left out."""
    world = exercise.context.world
    view = exercise.context.knowledge(seat).view
    for slot, spec in enumerate(world.slots):
        if spec.name in HIDDEN or spec.name.startswith(("belief", "var")) or not view.knows(slot):
            continue
        if len(spec.index) == 2 and seat not in spec.index:
            continue
        value = view.value(slot)
        if abs(value) >= LEAST:
            estimated = spec.known == "estimated" and seat not in spec.index[:1] and spec.formula is None
            deviation = _deviation(exercise, seat, slot) if estimated else 0.0
            yield KnownValue(spec.name, tuple(spec.index), value, estimated, deviation)
    exercise.context.forget_views()


def _deviation(exercise: Exercise, seat: str, slot: int) -> float:
    world = exercise.context.world
    return float(max(0.0, world.value(world.beliefs[seat, slot][1])) ** 0.5)
