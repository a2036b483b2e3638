"""The scenario file as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from wargame.scenario.model.annotations import GovernmentId, Id
from wargame.scenario.model.calendar import Calendar, Rules
from wargame.scenario.model.chronology import Chronology
from wargame.scenario.model.conduct import Plan
from wargame.scenario.model.events import Absurdity, Hazard, HistoryRow, Outcome, Procedure
from wargame.scenario.model.governments import Dossier, Government, Leader
from wargame.scenario.model.indicators import Indicator
from wargame.scenario.model.injects import Objective
from wargame.scenario.model.options import Option
from wargame.scenario.model.questions import Claim, Evidence
from wargame.scenario.model.roles import Role
from wargame.scenario.model.strategies import Strategy
from wargame.scenario.model.talks import Agreement, Forum
from wargame.scenario.model.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Scenario:
    """Everything that a run needs except its seed, settings and injects."""

    format: Literal["wargame-scenario/1"] = "wargame-scenario/1"
    name: Id
    """The name by which commands and inject files call it."""
    title: str
    summary: str = ""
    """A paragraph for those who choose a scenario."""
    calendar: Calendar
    """Start, STARTEX and ENDEX."""
    injects: tuple[str, ...] = ()
    """Inject files that belong to it, in the folder of the scenario or, for a built-in one, under `injects/`."""
    rules: Rules = field(default_factory=Rules)
    """Constants of the engine."""
    pacts: tuple[tuple[GovernmentId, GovernmentId], ...] = ()
    """Defence pacts in force, each a pair of governments."""
    dossiers: dict[Id, Dossier]
    """Subjects on which governments decide, by id."""
    governments: dict[Id, Government]
    """Who decides, by id."""
    leaders: dict[Id, Leader]
    """Profiles of leaderships, in office or possible successors, by id."""
    strategies: dict[Id, Strategy] = field(default_factory=dict)
    """Policies that leaders can follow, by id."""
    indicators: dict[Id, Indicator] = field(default_factory=dict)
    """Numbers of the world, by id, in addition to the built-in ones."""
    options: dict[Id, Option]
    """What governments may do, by id."""
    forums: dict[Id, Forum] = field(default_factory=dict)
    """Talks and councils, by id."""
    agreements: dict[Id, Agreement] = field(default_factory=dict)
    """Terms that governments can offer and accept, by id."""
    plans: dict[Id, Plan] = field(default_factory=dict)
    """Optional: several actions that governments carry out one after the other, by id."""
    procedures: dict[Id, Procedure] = field(default_factory=dict)
    """Standing procedures, by id."""
    hazards: dict[Id, Hazard] = field(default_factory=dict)
    """Random events, by id."""
    outcomes: dict[Id, Outcome] = field(default_factory=dict)
    """Conditions that runs are judged by, by id."""
    objectives: dict[Id, Objective] = field(default_factory=dict)
    """What exercises with this scenario test or train, by id."""
    roles: dict[GovernmentId, Role] = field(default_factory=dict)
    """Texts for the role sheets of players, by government."""
    history: tuple[HistoryRow, ...] = ()
    """Dated events, in order; those before STARTEX are replayed."""
    claims: dict[Id, Claim] = field(default_factory=dict)
    """Statements about the crisis as experiments, by id, for `wargame claims`."""
    targets: dict[Id, Target] = field(default_factory=dict)
    """Observed statistics, by id, for `wargame targets`."""
    absurdities: dict[Id, Absurdity] = field(default_factory=dict)
    """Kinds of absurd conduct in this crisis, by id, in addition to the general ones of `wargame conduct`."""
    evidence: Evidence = field(default_factory=Evidence)
    """How claims and targets are tested."""
    events: Chronology = field(default_factory=Chronology)
    """How a chronology of dated events is read, to compare runs with it."""

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, {self.title!r})"
