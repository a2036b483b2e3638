"""Kinds of questionable conduct in one run: its events as a historian reads them, their sequences, and their state.

The name of a function about states is the id of its kind. It yields cases: the event that is absurd and those that make
it so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from wargame.dataclasses import dataclass, replace
from wargame.journal.records import Record, governments, script, seats, steps
from wargame.language.expressions import parse
from wargame.scenario.model import Option, Scenario
from wargame.tables import tables
from wargame.world.calendar import RunCalendar

UNDECIDED = ("hazard", "procedure", "inject")
"""Sources of actions that neither a meeting, a plan, a person nor the history decided."""
STANDING = "standing order"
"""The source of what a procedure does whose order has a record."""
READ = ("action", "forum", "agreement", "commitment", "demand", "strategy", "leader", "outcome", "inject.released")
"""Kinds of records that are read, beside others with effects."""
WITH_EFFECTS = (governments.ActionRecord, script.HazardRecord, script.HistoryRecord, script.InjectReleasedRecord)
ORDERS = (governments.DecisionRecord, governments.PlanBegunRecord, seats.OrderCarriedOverRecord)
"""Records of what causes an action later."""
NO_OPTION = Option(title="", dossier="", by=(), cameo="", goldstein=0.0)


@dataclass(frozen=True, slots=True)
class Event:
    """A record that matters, and its `place` among them.

    `step` is the source of an action, the state of a forum or agreement, or the target of a promised action. `ordered`
    is the second at which an action was decided. `named` are those committed to a forum, or the options that a demand
    wants. `effects` has values before and after by path. Events that are not actions have `NO_OPTION`.
    """

    record: Record
    place: int
    t: int
    kind: str
    who: str
    what: str
    whom: str
    step: str
    ordered: int
    named: tuple[str, ...]
    effects: Mapping[str, tuple[float, float]]
    option: Option

    @property
    def decided(self) -> bool:
        """Whether it is an action that somebody decided."""
        return self.kind == "action" and self.step not in UNDECIDED

    @property
    def pair(self) -> frozenset[str]:
        """The governments that act and are acted upon."""
        return frozenset((self.who, self.whom)) - {""}


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The events of one run in order, with its scenario."""

    scenario: Scenario
    events: tuple[Event, ...]

    def before(self, event: Event, window: float) -> Iterator[Event]:
        """Yield events before another, latest first, as far back as a window (a share of `rules.response_window`)."""
        earliest = event.t - window * self.scenario.rules.response_window
        for each in reversed(self.events[: event.place]):
            if each.t < earliest:
                return
            yield each

    def standing(self, event: Event, kind: str) -> Iterable[Event]:
        """Return the last step of each forum, or of each agreement, before an event."""
        return {each.what: each for each in self.events[: event.place] if each.kind == kind}.values()

    def allies(self, government: str) -> frozenset[str]:
        """Return those with which a government has a defence pact."""
        return frozenset(ally for pact in self.scenario.pacts if government in pact for ally in pact) - {government}


def chronicle(scenario: Scenario, records: Iterable[Record]) -> Chronicle:
    """Read the records of a run; actions that the scenario does not declare are left out."""
    given, events, rows = dict[int, int](), list[Event](), set[int]()
    for record in records:
        kind, about, acts = record.kind, record.about, isinstance(record, governments.ActionRecord)
        if isinstance(record, script.HistoryRecord):
            rows.add(record.seq)
        if isinstance(record, ORDERS):
            given[record.seq] = record.given if isinstance(record, seats.OrderCarriedOverRecord) else record.t
        effects = record.effects if isinstance(record, WITH_EFFECTS) else {}
        if (kind not in READ and not effects) or (acts and about not in scenario.options):
            continue
        whom, step, named = _concerned(record)
        if acts and step == "procedure" and not rows.isdisjoint(record.cause):
            step = STANDING  # its government gave the order, in a row of the history
        ordered = given.get(record.cause[0], record.t) if record.cause else record.t
        option = scenario.options[about] if acts else NO_OPTION
        head = record, len(events), record.t, kind, record.who, about
        events.append(Event(*head, whom, step, ordered, named, effects, option))
    return Chronicle(scenario, tuple(events))


def _concerned(record: Record) -> tuple[str, str, tuple[str, ...]]:
    """Return `whom`, `step` and `named` of the event of a record."""
    match record:
        case governments.ActionRecord():
            return record.target or "", record.source, ()
        case governments.CommitmentRecord():
            return record.of, record.target or "", ()
        case governments.DemandRecord():
            return record.of, "", record.wants
        case steps.ForumRecord():
            return "", record.after, record.committed
        case steps.AgreementRecord():
            return "", record.after, ()
    return "", "", ()


WRITTEN: Mapping[str, Any] = tables("evidence/conduct/kinds.yaml")
"""The `classes` and `kinds`."""


def fits(event: Event, name: str) -> bool:
    """Return whether an event is an action of a class of `kinds.yaml`."""
    spec, option = WRITTEN["classes"][name], event.option
    move = option.forum or option.agreement
    if event.kind != "action" or spec.get("decided", event.decided) != event.decided:
        return False
    if spec.get("public") and not (event.decided and option.visibility == "public"):
        return False
    if option.rung < spec.get("rung", 0) or (spec.get("fail") and option.chance == 1.0):
        return False
    if move and "moves" in spec:
        return move.move in spec["moves"]
    coded = option.cameo in spec["codes"] if spec.get("exactly") else option.cameo.startswith(tuple(spec["codes"]))
    return coded and bool(event.whom or not spec.get("targeted"))


def _against_partner(scenario: Scenario, act: Event, move: Event) -> bool:
    """Return whether an act is against one with whom a move of talks brings its actor together; not in a council."""
    forum, agreement = move.option.forum, move.option.agreement
    if forum:
        spec = scenario.forums[forum.name]
        partners = () if spec.council else spec.members
    else:
        partners = scenario.agreements[agreement.name].parties if agreement else (move.whom,)
    others = frozenset(partners) - {move.who, ""}
    return act.who == move.who and (act.whom in others or bool(others and not act.whom and fits(act, "test")))


def _took_part(scenario: Scenario, test: Event, talks: Event) -> bool:
    """Return whether the tester was in these talks, and its test offends them; a forum says what offends it."""
    if talks.kind != "forum":
        return bool(talks.whom) and test.who in talks.pair
    offences = scenario.forums[talks.what].offences
    return test.who in talks.named and any(each.fits(test.what, test.who, None) for each in offences)


def _offended(act: Event) -> list[str]:
    """Return the governments whose trust an act without a target, such as a vote, has changed."""
    return [path[6:].partition(",")[0] for path in act.effects if path.startswith("trust[")]


def _has_tests(scenario: Scenario, government: str) -> bool:
    return any(option.chance != 1.0 and government in option.by for option in scenario.options.values())


def _other_order(scenario: Scenario, one: Event, other: Event) -> bool:
    apart = abs(one.ordered - other.ordered) > scenario.rules.response_window / 30
    return one.who == other.who and one.what != other.what and apart


RELATIONS: dict[str, Callable[[Scenario, Event, Event], bool]] = {
    "same_actor": lambda _, e, f: e.who == f.who,
    "same_pair": lambda _, e, f: e.pair == f.pair,
    "elsewhere": lambda _, e, f: len(e.pair & f.pair) == 1 and "043" in (e.option.cameo, f.option.cameo),
    "same_address": lambda _, e, f: e.who == f.who and bool(e.whom) and e.whom in (f.whom or _offended(f)),
    "own_restraint": lambda s, e, f: e.who == f.who and (f.whom == e.whom if f.whom else _has_tests(s, e.who)),
    "repeated": lambda _, e, f: (e.who, e.what, e.whom) == (f.who, f.what, f.whom),
    "mutual": lambda _, e, f: (e.who, e.whom) == (f.whom, f.who),
    "between_them": lambda _, e, f: bool(e.whom) and f.who in e.pair,
    "other_order": _other_order,
    "took_part": _took_part,
    "against_partner": _against_partner,
    "hostile_answer": lambda _, e, f: f.who == e.whom != "" and f.whom in ("", e.who) and f.option.goldstein < 0,
    "friendly_answer": lambda _, e, f: f.who == e.whom != "" and f.whom in ("", e.who) and f.option.goldstein > 0,
    "new_leader": lambda _, e, f: f.kind == "leader" and f.who == e.who,
}
"""Relations of a later event e to an earlier one f, or to one between."""


def sequences(story: Chronicle, kind: Mapping[str, Any]) -> Iterator[tuple[Event, ...]]:
    """Yield the pairs of a later and an earlier event that a kind describes, each earlier event once."""
    related, unless = RELATIONS[kind["related"]], RELATIONS.get(kind.get("unless", ""))
    window, seen = float(Fraction(kind["within"])), set[int]()
    for event in story.events:
        if not fits(event, kind["later"]):
            continue
        for other in story.before(event, window):
            if unless and unless(story.scenario, event, other):
                break
            session = kind.get("session") and other.step == "convened"
            if (session or fits(other, kind["earlier"])) and related(story.scenario, event, other):
                if other.place not in seen:
                    yield event, other
                seen.add(other.place)
                break


Cases = Iterator[tuple[Event, ...]]


def third_party_promise(story: Chronicle) -> Cases:
    """Return promises of a concession to a third government that the receiver does not promise as well."""
    promises = [each for each in story.events if each.kind == "commitment"]
    given = {(each.t, each.who, each.what, each.step) for each in promises}
    for each in promises:
        option = story.scenario.options.get(each.what, NO_OPTION)
        third = each.step and each.step not in each.pair and (each.t, each.whom, each.what, each.step) not in given
        if third and option.goldstein > 0 and not fits(replace(each, kind="action", option=option), "initiative"):
            yield (each,)


def demand_already_met(story: Chronicle) -> Cases:
    """Return the first demand for something that its addressee has done and that still holds."""
    seen: set[int] = set()
    for each in story.events:
        wanted = each.named if each.kind == "demand" else ()
        done = next((one for name in wanted if (one := _still_set(story, each, name, each.whom))), None)
        if done and done.place not in seen:
            seen.add(done.place)
            yield each, done


def state_set_again(story: Chronicle) -> Cases:
    """Return actions that set a state which the same government has set and nothing has changed since."""
    for each in story.events:
        fresh = each.decided and not fits(each, "passing")
        if fresh and (done := _still_set(story, each, each.what, each.who, each.whom)):
            yield each, done


def threat_in_session(story: Chronicle) -> Cases:
    """Open threats and attacks between members of talks in session, or attacks on an ally of a member."""
    for each in story.events:
        attack = fits(each, "attack")
        if not attack and not fits(each, "threat"):
            continue
        allies = story.allies(each.whom) if attack else frozenset[str]()
        for session in story.standing(each, "forum"):
            forum = story.scenario.forums[session.what]
            members = frozenset(forum.members if session.step == "convened" and not forum.council else ())
            if each.who in members and (members - {each.who}) & {each.whom, *allies}:
                yield each, session


def agreement_circumvented(story: Chronicle) -> Cases:
    """Return what an agreement in force forbids to a party, done by an ally that it does not bind."""
    for each in filter(lambda event: event.decided, story.events):
        for agreement in story.standing(each, "agreement"):
            bound = story.scenario.agreements[agreement.what].rules_out
            allied = any(each.what in bound[party] for party in story.allies(each.who) if party in bound)
            if agreement.step in ("in_force", "verified") and each.who not in bound and allied:
                yield each, agreement


def strategy_given_up(story: Chronicle) -> Cases:
    """Return strategies that their own leader gives up within three months; a new stage is the same strategy."""
    least, last = 3 * story.scenario.rules.response_window, dict[str, Event]()
    for each in story.events:
        before = last.get(each.who, each)
        turned = each.kind == "strategy" and before.what != each.what
        if turned and before.kind == "strategy" and each.t - before.t < least:
            yield each, before
        if turned or each.kind == "leader":
            last[each.who] = each


def out_of_season(story: Chronicle) -> Cases:
    """Return actions outside the days of the year to which the condition of their option binds them."""
    calendar = RunCalendar(story.scenario.calendar)
    for each in story.events:
        events = parse(each.option.condition() or "1").events
        days, today = [spans for name, spans in events if name == "yearly"], calendar.month_day(each.t)
        if days and not any(a <= today <= b if a <= b else today >= a or today <= b for a, b in days):
            yield (each,)


def _still_set(story: Chronicle, now: Event, name: str, who: str, whom: str | None = None) -> Event | None:
    """Return the last action by which a government set what this option sets, if it still holds."""
    done_before = (each for each in reversed(story.events[: now.place]) if (each.what, each.who) == (name, who))
    done = next((each for each in done_before if each.kind == "action" and whom in (None, each.whom)), None)
    if done is None:
        return None
    fixed = {path: effect.to for path, effect in done.option.effects.items() if isinstance(effect.to, int | float)}
    held = {path.replace("actor", who).replace("target", done.whom): to for path, to in fixed.items()}
    between = story.events[done.place + 1 : now.place]
    return done if held and not any(_undoes(each, name, held) for each in between) else None


def _undoes(event: Event, name: str, held: dict[str, float]) -> bool:
    """Return whether an event moves an indicator away, or its condition reads it: a step ends a pause."""
    moved = [(event.effects[path], to) for path, to in held.items() if path in event.effects]
    if any(abs(after - to) > abs(before - to) + 1e-9 for (before, after), to in moved):
        return True
    reads = parse(event.option.condition() or "1").reads if event.what != name else ()
    return any(read.name == path.partition("[")[0] for read in reads for path in held)
