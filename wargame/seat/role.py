"""The role sheet of a seat: who these players are, what they want, what they have to do, whom they can talk to.

It has nothing that the government may not know: its own leader, policy, options and trust, its pacts and agreements,
the leaders of others, which are public, and what its signals reported before STARTEX.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from wargame.dataclasses import dataclass
from wargame.decision.menu import WAIT
from wargame.journal.records import Record
from wargame.journal.records.governments import SignalRecord
from wargame.journal.template_cache import Macros
from wargame.journal.wording import called, date, joined, sentence
from wargame.language.explain import STATES
from wargame.language.plain_text import clean
from wargame.language.times import DAY, spoken_duration
from wargame.scenario.model import Scenario
from wargame.seat.feed import feed, reader_of
from wargame.seat.interests import TRUST_IT, Interest, interests, trust_words
from wargame.simulation.actors.procedures import OFF
from wargame.simulation.exercise import Exercise

TASKS = (
    "Decide when a decision falls due, and give your reason with each order.",
    "Acknowledge what you are sent; answer demands, offers and votes that are put to you.",
    "Ask the white cell about anything that your government could find out.",
)
"""Tasks of a government for which the scenario names none."""
RECENT = 90 * DAY
"""How long before STARTEX a report is still part of the situation."""
MOST_REPORTS = 6
"""Reports of the situation, those perceived as the strongest. Judgement."""


@dataclass(frozen=True, slots=True)
class PolicyDemand:
    """A demand of the present policy on another government, by titles; an inducement or a threat may be empty."""

    code: str
    government: str
    wants: str
    inducement: str
    threat: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy that the government follows at the moment."""

    title: str
    demands: tuple[PolicyDemand, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement or talks that the government may join, with the state. `gives_up` are titles of options by party."""

    title: str
    partners: tuple[str, ...]
    state: str
    gives_up: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """A dossier on which the government decides: how many options it has there, and every how many seconds it meets."""

    dossier: str
    title: str
    options: int
    every: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Another government: code, name, leader, whether it is an ally, and trust in it as a verb (`distrust`)."""

    government: str
    name: str
    leader: str
    ally: bool
    trust: str


@dataclass(frozen=True, slots=True)
class RoleSheet:
    """All that players need to begin. Texts of the scenario come as written; the others are derived from the model.

    `wants` and `fears` are the sentences that the author wrote for the present leader, `interests` what the leader's
    interests weigh, `reports` what the government had learned before STARTEX. `procedures` are the titles of its
    standing procedures, without those that are off. `time_limit` is in seconds of game time.
    """

    government: str
    name: str
    leader: str
    exercise: str
    startex: int
    end: int
    wants: tuple[str, ...]
    fears: tuple[str, ...]
    interests: tuple[Interest, ...]
    policy: Policy | None
    terms: tuple[Terms, ...]
    situation: str
    reports: tuple[str, ...]
    objectives: tuple[str, ...]
    tasks: tuple[str, ...]
    duties: tuple[Duty, ...]
    procedures: tuple[str, ...]
    time_limit: int | None
    default: str
    contacts: tuple[Contact, ...]
    talks: tuple[Terms, ...]


def role_sheet(exercise: Exercise, seat: str, records: Sequence[Record]) -> RoleSheet:
    """Return the role sheet of a government now; `records` are the records of the exercise so far."""
    scenario, calendar, assigned = exercise.context.scenario, exercise.calendar, exercise.commands.seats
    office = exercise.context.offices.leader.get(seat, "")
    role = scenario.roles.get(seat)
    stage = exercise.governments[seat].current_stage()
    changed = stage is not None and bool(stage.interests)  # the author's sentences are about the leader's own interests
    motives = role.leaders.get(office) if role and not changed else None
    specs, procedures = exercise.context.scenario.procedures, exercise.procedures
    sheet = RoleSheet(
        government=seat,
        name=scenario.governments[seat].name,
        leader=scenario.leaders[office].title if office in scenario.leaders else "",
        exercise=scenario.title,
        startex=calendar.startex,
        end=calendar.end,
        wants=_texts(motives.wants if motives else ()),
        fears=_texts(motives.fears if motives else ()),
        interests=interests(scenario, office, stage),
        policy=_policy(exercise, seat),
        terms=tuple(_terms(exercise, seat)),
        situation=_plain(role.situation) if role and calendar.startex == calendar.origin else "",  # true then alone
        reports=tuple(_reports(exercise, seat, records)),
        objectives=_texts(spec.title for spec in scenario.objectives.values()),
        tasks=_texts(role.tasks if role and role.tasks else TASKS),
        duties=tuple(_duties(exercise, seat)),
        procedures=tuple(_plain(specs[name].title) for name in procedures.of(seat) if procedures.mode(name) != OFF),
        time_limit=assigned.time_limit,
        default=assigned.default,
        contacts=tuple(_contacts(exercise, seat)),
        talks=tuple(_talks(exercise, seat)),
    )
    exercise.context.forget_views()
    return sheet


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(_plain(text) for text in texts)


def _plain(text: str) -> str:
    return " ".join(clean(text).split())


def _reports(exercise: Exercise, seat: str, records: Sequence[Record]) -> Iterator[str]:
    """Yield the strongest reports before STARTEX, oldest first; equal ones are one, with the date of the last."""
    startex = exercise.calendar.startex
    recent = [each for each in records if each.kind == "signal" and startex - RECENT <= each.t < startex]
    items = [item for item in feed(exercise, seat, recent) if item.text]
    titles = reader_of(exercise, seat).titles
    strength: dict[str, float] = {}
    times: Counter[str] = Counter()
    last: dict[str, str] = {}
    for signal in (item.record for item in items):
        assert isinstance(signal, SignalRecord)
        text = sentence(clean(signal.act(titles)))
        strength[text] = max(strength.get(text, 0.0), abs(signal.perceived))
        times[text] += 1
        last[text] = signal.at
    strongest = sorted(strength, key=lambda text: (-strength[text], text))[:MOST_REPORTS]
    for text in sorted(strongest, key=lambda text: (last[text], text)):
        yield f"{date(last[text])}: {text}" + (f", {times[text]} reports" if times[text] > 1 else "")


# --- what the government wants -----------------------------------------------------------------------------


def _policy(exercise: Exercise, seat: str) -> Policy | None:
    leadership, titles = exercise.governments[seat].leadership, reader_of(exercise, seat).titles
    if leadership is None or leadership.strategy is None:
        return None
    title = titles.strategies.get(leadership.strategy, leadership.strategy)
    return Policy(clean(title), policy_demands(exercise, seat))


def policy_demands(exercise: Exercise, seat: str) -> tuple[PolicyDemand, ...]:
    """Return what the present policy of a government demands of others."""
    leadership, titles = exercise.governments[seat].leadership, reader_of(exercise, seat).titles
    stage = leadership.current_stage() if leadership else None
    return tuple(
        PolicyDemand(
            each.of,
            titles.government(each.of),
            clean(titles.any_of(each.wants)),
            clean(titles.option(each.inducement)) if each.inducement else "",
            clean(titles.option(each.threat)) if each.threat else "",
        )
        for each in (stage.demands if stage else ())
        if each.of != seat
    )


def _terms(exercise: Exercise, seat: str) -> Iterator[Terms]:
    titles, scenario = reader_of(exercise, seat).titles, exercise.context.scenario
    for name, spec in scenario.agreements.items():
        if seat in spec.parties:
            partners = tuple(titles.government(each) for each in spec.parties if each != seat)
            gives_up = tuple(
                (scenario.governments[party].name, tuple(map(titles.option, _openly(scenario, seat, party, options))))
                for party, options in spec.rules_out.items()
            )
            state = _state(exercise, seat, name, ("verified", "in_force", "offered", "broken"), "it is not offered")
            yield Terms(clean(spec.title), partners, state, gives_up)


def _openly(scenario: Scenario, seat: str, party: str, options: Sequence[str]) -> list[str]:
    """Return the concessions of a party that others know to be possible: covert options only for the party itself."""
    return [each for each in options if party == seat or scenario.options[each].visibility == "public"]


def _state(exercise: Exercise, seat: str, name: str, states: Sequence[str], otherwise: str) -> str:
    """Return the state of an agreement or of talks as text; everyone knows it."""
    context = exercise.context
    view = context.knowledge(seat).view
    now = next((each for each in states if view.value(context.world.slot(each, (name,))) > 0), None)
    return f"it {STATES[now]}" if now else otherwise


# --- what the government does ------------------------------------------------------------------------------


def _duties(exercise: Exercise, seat: str) -> Iterator[Duty]:
    scenario = exercise.context.scenario
    for dossier, menu in exercise.governments[seat].menus.items():
        count = len({candidate.option for candidate in menu.candidates} - {WAIT})
        settings = scenario.governments[seat].dossiers[dossier]
        yield Duty(dossier, clean(scenario.dossiers[dossier].title), count, settings.every)


def _contacts(exercise: Exercise, seat: str) -> Iterator[Contact]:
    context = exercise.context
    scenario, world = context.scenario, context.world
    allies = {name for pact in scenario.pacts if seat in pact for name in pact if name != seat}
    view = context.knowledge(seat).view
    for name, spec in scenario.governments.items():
        if name == seat:
            continue
        leader = scenario.leaders.get(context.offices.leader.get(name, ""))
        trust = trust_words(view.value(world.slot("trust", (seat, name))))
        yield Contact(
            name, sentence(called(clean(spec.name))), clean(leader.title) if leader else "", name in allies, trust
        )


def _talks(exercise: Exercise, seat: str) -> Iterator[Terms]:
    titles = reader_of(exercise, seat).titles
    for name, spec in exercise.context.scenario.forums.items():
        if seat in spec.members:
            partners = tuple(titles.government(each) for each in spec.members if each != seat)
            state = _state(exercise, seat, name, ("convened", "proposed", "suspended", "agreed"), "not proposed")
            yield Terms(clean(spec.title), partners, state)


# --- in words ----------------------------------------------------------------------------------------

STRONG = 0.5
"""Interests with at least this share of the strongest one are named first."""


@dataclass(frozen=True, slots=True)
class RoleSection:
    """A section of a role sheet: a title, paragraphs, and a list; paragraphs or the list may be empty."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def role_sections(sheet: RoleSheet, at: Callable[[int], datetime]) -> tuple[RoleSection, ...]:
    """Return the sections of a role sheet, in the order of need; `at` gives the local time of a second."""
    return tuple(each for each in _sections(sheet, at) if each.paragraphs or each.items)


def role_lines(sheet: RoleSheet, at: Callable[[int], datetime]) -> list[str]:
    """Return a role sheet for a screen."""
    lines = [f"ROLE SHEET for {called(sheet.name)} ({sheet.government})"]
    for section in role_sections(sheet, at):
        lines += ["", f"{section.title}:", *(f"  {text}" for text in section.paragraphs)]
        lines += [f"  - {text}" for text in section.items]
    return [clean(line) for line in lines]


_SAID = Macros("wargame.seat", "role.txt.j2", called=called, joined=joined, length=spoken_duration, trust=TRUST_IT)


def demand_sentence(demand: PolicyDemand) -> str:
    """Return what the policy demands of another government, promises and threatens."""
    return str(_SAID.demand(demand))


def _sections(sheet: RoleSheet, at: Callable[[int], datetime]) -> Iterator[RoleSection]:
    texts, policy = _SAID, sheet.policy
    yield RoleSection("Who you are", (texts.identity(sheet), texts.span(sheet, at)))
    yield RoleSection("The situation", (sheet.situation,) if sheet.situation else ())
    yield RoleSection("What you want", (), sheet.wants or tuple(_weights(sheet.interests, "want a rise of", 1.0)))
    yield RoleSection("What you fear", (), sheet.fears or tuple(_weights(sheet.interests, "fear a rise of", -1.0)))
    yield RoleSection("Your tasks", (), sheet.tasks)
    yield RoleSection("Objectives of the exercise", (), sheet.objectives)
    yield RoleSection("What you decide", (texts.deadline(sheet),), tuple(map(texts.duty, sheet.duties)))
    yield RoleSection("Your standing procedures", (texts.procedures(sheet.procedures),) if sheet.procedures else ())
    yield RoleSection("Whom you can talk to", (texts.talk(),), tuple(map(texts.contact, sheet.contacts)))
    yield RoleSection("Your policy", (texts.policy(policy), *map(demand_sentence, policy.demands)) if policy else ())
    yield RoleSection(
        "Agreements that you could conclude", (), tuple(sentence(texts.terms(each)) for each in sheet.terms)
    )
    yield RoleSection("Your talks and councils", (), tuple(map(texts.talks, sheet.talks)))
    if not sheet.situation:
        yield RoleSection("What was reported before STARTEX", (), sheet.reports)


def _weights(interests: Sequence[Interest], verb: str, sign: float) -> Iterator[str]:
    """Yield interests of one sign: the strong ones first, then the others."""
    top = max((abs(each.weight) for each in interests), default=0.0)
    chosen = [each for each in interests if each.weight * sign > 0]
    strong = [each.title for each in chosen if abs(each.weight) >= STRONG * top]
    others = [each.title for each in chosen if abs(each.weight) < STRONG * top]
    if strong:
        yield f"Above all you {verb}: {joined(strong)}."
    if others:
        yield f"You also {verb}: {joined(others)}." if strong else f"You {verb}: {joined(others)}."
