"""All kinds of absurd conduct, general ones and those that a scenario declares, and the cases of a run."""

from __future__ import annotations

from collections.abc import Iterator

from wargame.evidence.conduct import sequences as conduct
from wargame.evidence.conduct.chronicle import Chronicle, Event
from wargame.evidence.conduct.sequences import sequences, written
from wargame.journal.records.governments import LeaderRecord, StrategyRecord
from wargame.scenario.model import Scenario
from wargame.scenario.model.events import RECORDED
from wargame.simulation.kernel.clock import Clock
from wargame.world.calendar import RunCalendar
from wargame.world.conditions import condition_of
from wargame.world.events import Events, Offices
from wargame.world.layout import layout_of
from wargame.world.state import World

COUNTED = ("action", "inject.released", "outcome")
"""Kinds of records that `count` and `days_since` count."""


def kind_titles(scenario: Scenario) -> dict[str, str]:
    """Return the title of each kind by its id."""
    general = {name: kind["title"] for name, kind in written()["kinds"].items()}
    return general | {name: kind.title for name, kind in scenario.absurdities.items()}


def cases_of(story: Chronicle) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield the cases of a run, kind by kind: the id of the kind, the event that is absurd, and those that make it so.

    The same events count once, for the first kind of which they are a case.
    """
    seen: set[frozenset[int]] = set()
    for name, kind in written()["kinds"].items():
        for events in sequences(story, kind) if "later" in kind else getattr(conduct, name)(story):
            places = frozenset(event.place for event in events)
            if places not in seen:
                yield name, events
            seen.add(places)
    yield from _declared(story)


def _declared(story: Chronicle) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """The actions that the scenario's own kinds match. Their conditions read a world that is told of records alone."""
    if not story.scenario.absurdities:
        return
    layout, clock, offices = layout_of(story.scenario), Clock(), Offices()
    world = World(layout, clock)
    past = Events(world, RunCalendar(story.scenario.calendar), offices)
    world.use(past, past.memory)
    for event in story.events:
        clock.now = clock.instant.now = event.t
        for name, kind in story.scenario.absurdities.items():
            fits = event.kind == "action" and kind.action.fits(event.what, event.who, event.whom)
            if fits and (not kind.when or condition_of(layout, kind.when).holds(world)):
                yield name, (event,)
        if event.kind in COUNTED:
            past.note(event.what)
        if event.kind == "leader":
            offices.leader[event.who] = event.what
        if isinstance(event.record, LeaderRecord | StrategyRecord):
            offices.strategy[event.who] = event.record.strategy or ""
        for state in RECORDED.get(event.kind, ()):
            holds = event.step == state or (state, event.step) == ("in_force", "verified")
            world.put(world.slot(state, (event.what,)), float(holds))
