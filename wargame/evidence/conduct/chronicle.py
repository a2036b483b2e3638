"""The events of a run as a historian reads them. Only this module knows the keys of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wargame.journal.records import Record
from wargame.scenario.model import Option, Scenario

UNDECIDED = ("hazard", "procedure", "inject")
"""Sources of actions that neither a meeting, a plan, a person nor the history decided."""
READ = ("action", "forum", "agreement", "commitment", "demand", "strategy", "leader", "outcome", "inject.released")
"""Kinds of records that are read, beside others with effects."""
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
        """Events before another, latest first, as far back as a window (a share of `rules.response_window`)."""
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
    given, events = dict[int, int](), list[Event]()
    for record in records:
        data, kind, about = record.data, record.kind, record.about
        if kind in ("decision", "order.carried_over", "plan.begun"):
            given[record.seq] = data.get("given", record.t)
        if (kind not in READ and not data.get("effects")) or (kind == "action" and about not in scenario.options):
            continue
        acts = kind == "action"
        whom, step = data.get("target" if acts else "of"), data.get("from" if acts else "to") or data.get("target")
        ordered = given.get(record.cause[0], record.t) if record.cause else record.t
        named = tuple(data.get("committed") or data.get("wants") or ())
        option = scenario.options[about] if acts else NO_OPTION
        place, effects, head = len(events), data.get("effects") or {}, (record.t, kind, record.who, about)
        events.append(Event(record, place, *head, whom or "", step or "", ordered, named, effects, option))
    return Chronicle(scenario, tuple(events))
