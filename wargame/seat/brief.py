"""The knowledge, obligations and orders of one government, as data and as lines: from its own view, never the world."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from wargame.dataclasses import dataclass, replace
from wargame.journal.notices import spans
from wargame.journal.records import Record
from wargame.journal.records.governments import FRIENDLY, HOSTILE, ActionRecord, SignalRecord
from wargame.journal.records.script import InjectReleasedRecord
from wargame.journal.template_cache import text_lines
from wargame.journal.wording import Titles, called, count, sentence
from wargame.language.explain import STATES
from wargame.language.plain_text import clean
from wargame.seat.feed import FeedItem, feed, joined, reader_of
from wargame.seat.interests import KnownValue, indicator_title, interests, level, trust_words, value_range
from wargame.seat.obligations import Obligation, answers_to, dues, obligations, why_due
from wargame.simulation.actors.orders import PendingOrder
from wargame.simulation.control.correspondence import InformationRequest
from wargame.simulation.exercise import Exercise

HIDDEN = frozenset({"flow", "surprise", "credibility"})
"""Internal numbers of the engine, which are not part of a brief."""
LEAST = 0.005
"""Indicators whose absolute value is smaller are left out."""


@dataclass(frozen=True, slots=True)
class OrderUnderWay:
    """An order that is being carried out; `text` is the order by titles.

    `number` is the one by which the seat can cancel an order that the model gave before, else 0. `since` is the second
    at which it was given, and `expected` the one at which it will probably be carried out: the second itself for an
    order that the seat has been named, else that after the usual lead time.
    """

    number: int
    text: str
    since: int | None = None
    expected: int | None = None
    words: str = ""
    """The order as a command has it: option and target."""


@dataclass(frozen=True, slots=True)
class StandingOrderNote:
    """A standing order that waits for its condition; `text` is the order by titles."""

    number: int
    option: str
    target: str
    when: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DossierNote:
    """A dossier: its salience now, and when the government next meets on it (None before STARTEX)."""

    dossier: str
    title: str
    salience: float
    meeting: int | None


@dataclass(frozen=True, slots=True)
class Concern:
    """An indicator that matters to the leader: what is known of it, and whether a rise is wanted or feared."""

    known: KnownValue
    wanted: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a seat knows of its own position at one moment.

    `trust` has the name of each other government with words for the trust in it, and
    `talks` the state of talks and agreements that are not dormant.
    """

    government: str
    name: str
    now: int
    leader: str
    played_by: str
    strategy: str
    under_way: tuple[OrderUnderWay, ...]
    standing_orders: tuple[StandingOrderNote, ...]
    obligations: tuple[Obligation, ...]
    information_requests: tuple[InformationRequest, ...]
    dossiers: tuple[DossierNote, ...]
    concerns: tuple[Concern, ...]
    trust: tuple[tuple[str, str], ...]
    talks: tuple[str, ...]
    values: tuple[KnownValue, ...]


def inbox(exercise: Exercise, records: Sequence[Record], seat: str, most: int | None = None) -> list[FeedItem]:
    """Return what these records bring to a government, oldest first; the last `most` items."""
    items = joined(feed(exercise, seat, records), reader_of(exercise, seat))
    return items if most is None else items[-most:]


EVENTS = frozenset({"outcome", "outcome.revoked", "hazard", "leader", "forum", "agreement"})
"""Public events that a summary names."""
LETTERS = frozenset({"message", "offer", "answer", "vote", "vote.result", "ruling"})
"""Texts that others have written to the seat."""
FEW = 3
"""Reports and events that are named; the others are counted."""


def summary_lines(exercise: Exercise, seat: str, records: Sequence[Record], *, typed: bool = True) -> list[str]:
    """Return what records have brought to a government; who types also reads what is due, and the command for more."""
    items, titles = feed(exercise, seat, records), reader_of(exercise, seat).titles
    numbers = [each.record.number for each in items if isinstance(each.record, InjectReleasedRecord)]
    signals = [(each.record.perceived, each) for each in items if isinstance(each.record, SignalRecord) and each.text]
    hostile = sorted((each for each in signals if each[0] < HOSTILE), key=itemgetter(0))
    done = [sentence(each.record.done(titles)) for each in items if isinstance(each.record, ActionRecord)]
    dossiers = exercise.context.scenario.dossiers
    return text_lines(
        "wargame.seat",
        "summary.txt.j2",
        typed=typed,
        few=FEW,
        messages=spans(filter(None, numbers)),
        letters=sum(each.record.kind in LETTERS and each.record.who != seat for each in items),
        reports=len(signals),
        tones=((len(hostile), "hostile"), (sum(weight > FRIENDLY for weight, _ in signals), "friendly")),
        hostile=[each for _, each in hostile[:FEW]],
        done=done,
        events=[each.text for each in items if each.record.kind in EVENTS and each.text],
        missed=dict.fromkeys(
            dossiers[each.record.about].title for each in items if each.record.kind == "decision.missed"
        ),
        due=[each for each in dues(exercise, seat) if each.dossier] if typed and not exercise.done else [],
        calendar=exercise.calendar,
        count=count,
    )


def brief(exercise: Exercise, seat: str) -> Brief:
    """Return the brief of a government now."""
    context, titles = exercise.context, reader_of(exercise, seat).titles
    leader = context.scenario.leaders.get(context.offices.leader.get(seat, ""))
    strategy = context.offices.strategy.get(seat, "")
    in_hand = exercise.commands.seats.in_hand(exercise.governments[seat])
    pending = sorted(in_hand, key=lambda order: str(order.candidate))
    values = tuple(_values(exercise, seat))
    return Brief(
        government=seat,
        name=context.scenario.governments[seat].name,
        now=exercise.now,
        leader=leader.title if leader else "",
        played_by=exercise.commands.seats.of(seat),
        strategy=titles.strategies.get(strategy, strategy),
        under_way=tuple(_under_way(exercise, each, titles) for each in pending),
        standing_orders=tuple(_standing_orders(exercise, seat, titles)),
        obligations=tuple(replace(each, why=why_due(exercise, each)) for each in obligations(exercise, seat)),
        information_requests=information_requests(exercise, seat),
        dossiers=tuple(_dossiers(exercise, seat)),
        concerns=tuple(_concerns(exercise, seat, values)),
        trust=tuple(_trust(exercise, seat)),
        talks=tuple(_talks(exercise, values)),
        values=tuple(each for each in values if abs(each.value) >= LEAST),
    )


def _under_way(exercise: Exercise, order: PendingOrder, titles: Titles) -> OrderUnderWay:
    candidate = order.candidate
    since = exercise.records()[order.cause][1]
    usual = since + exercise.context.scenario.options[candidate.option].lead[1]
    return OrderUnderWay(
        order.number, titles.order(candidate), since, order.until if order.number else usual, str(candidate)
    )


def _standing_orders(exercise: Exercise, seat: str, titles: Titles) -> Iterator[StandingOrderNote]:
    for order in exercise.commands.seats.standing:
        if order.government == seat:
            option, target, text = order.candidate.option, order.candidate.target or "", titles.order(order.candidate)
            yield StandingOrderNote(order.number, option, target, order.text, text)


def _dossiers(exercise: Exercise, seat: str) -> Iterator[DossierNote]:
    desk, titles = exercise.governments[seat].desk, exercise.context.scenario.dossiers
    for entry in sorted(desk.entries.values(), key=lambda e: (-desk.salience_of(e, exercise.now), e.dossier)):
        meeting = entry.due if exercise.context.open else None
        yield DossierNote(entry.dossier, titles[entry.dossier].title, desk.salience_of(entry, exercise.now), meeting)


def _values(exercise: Exercise, seat: str) -> Iterator[KnownValue]:
    scenario, world = exercise.context.scenario, exercise.context.world
    view = exercise.context.knowledge(seat).view
    for slot, spec in enumerate(world.slots):
        if spec.name in HIDDEN or not spec.is_named or not view.knows(slot):
            continue
        if len(spec.index) == 2 and seat not in spec.index:
            continue
        value, index, estimated = view.value(slot), tuple(spec.index), view.observability.estimates(slot)
        believed = world.beliefs.get((seat, slot))
        deviation = float(max(0.0, world.value(believed[1])) ** 0.5) if believed else 0.0
        published = slot in view.observability.layout.published
        title, (low, high) = clean(indicator_title(scenario, spec.name, index)), value_range(scenario, spec.name)
        word = level(scenario, spec.name, value)
        yield KnownValue(spec.name, index, value, estimated, deviation, title, word, low, high, published)
    exercise.context.forget_views()


def information_requests(exercise: Exercise, seat: str) -> tuple[InformationRequest, ...]:
    """Return the requests of a seat as they are now, oldest first."""
    return tuple(replace(each) for each in exercise.commands.correspondence.information_requests.get(seat, []))


# --- in words ------------------------------------------------------------------------------------------------


def _concerns(exercise: Exercise, seat: str, values: Sequence[KnownValue]) -> Iterator[Concern]:
    """Yield what the government knows of the indicators that its leader's interests weigh, the strongest first."""
    known = {(each.name, each.index): each for each in values}
    office, stage = exercise.context.offices.leader.get(seat, ""), exercise.governments[seat].current_stage()
    for interest in interests(exercise.context.scenario, office, stage):
        if each := known.get((interest.name, interest.index)):
            yield Concern(each, interest.weight > 0)


def _trust(exercise: Exercise, seat: str) -> Iterator[tuple[str, str]]:
    titles = reader_of(exercise, seat).titles
    world, view = exercise.context.world, exercise.context.knowledge(seat).view
    for name in exercise.governments:
        if name != seat:
            yield titles.government(name), trust_words(view.value(world.slot("trust", (seat, name))))
    exercise.context.forget_views()


def _talks(exercise: Exercise, values: Sequence[KnownValue]) -> Iterator[str]:
    """Yield what state talks and agreements are in, where something is under way."""
    scenario = exercise.context.scenario
    states: dict[str, str] = {}
    for each in values:
        if each.name in STATES and each.value > 0:
            states[each.index[0]] = STATES[each.name]
    for name, state in states.items():
        spec = scenario.forums.get(name) or scenario.agreements[name]
        yield f"'{clean(spec.title)}' {state}"


RECENT = 12
"""Messages that a brief ends with."""
PLAYED_BY = {"human": "people decide in this seat", "model": "the model decides", "script": "the script decides"}
NAMES = 22
"""Width of the column of indicators."""


def brief_lines(exercise: Exercise, brief: Brief, received: Iterable[FeedItem], *, own: bool = False) -> list[str]:
    """Return a brief as lines, with the last of what the seat received; a section without content is left out.

    Its own people answer without the code of the government.
    """
    trust: dict[str, list[str]] = {}
    for name, words in brief.trust:
        trust.setdefault(words, []).append(name)
    return text_lines(
        "wargame.seat",
        "brief.txt.j2",
        title=_title(exercise, brief),
        brief=brief,
        played_by=PLAYED_BY.get(brief.played_by, brief.played_by),
        trust=trust,
        dossiers=sorted(brief.dossiers, key=lambda each: (each.meeting or 0, each.dossier)),
        received=list(received)[-RECENT:],
        now=exercise.now,
        answers_to=answers_to,
        who="" if own else f"{brief.government} ",
        instant=exercise.calendar.instant,
        sentence=sentence,
    )


def number_lines(exercise: Exercise, brief: Brief) -> list[str]:
    """Return all indicators that the seat knows or estimates, as numbers, and the salience of its dossiers."""
    known: dict[str, list[KnownValue]] = {}
    for each in brief.values:
        known.setdefault(each.name, []).append(each)
    return text_lines(
        "wargame.seat",
        "numbers.txt.j2",
        title=_title(exercise, brief),
        known=known,
        title_of=lambda name: indicator_title(exercise.context.scenario, name, ()),
        dossiers=brief.dossiers,
        width=NAMES,
    )


def _title(exercise: Exercise, brief: Brief) -> str:
    return f"BRIEF for {called(brief.name)} ({brief.government}), {exercise.calendar.instant(brief.now)}"
