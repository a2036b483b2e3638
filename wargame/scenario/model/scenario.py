"""The scenario file as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from wargame.scenario.model.annotations import GovernmentId, Id
from wargame.scenario.model.calendar import Calendar, Rules
from wargame.scenario.model.chronology import Chronology
from wargame.scenario.model.conduct import Plan
from wargame.scenario.model.events import Hazard, HistoryRow, Outcome, Procedure
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
    title: str
    summary: str = ""
    calendar: Calendar
    injects: tuple[str, ...] = ()
    """Inject files that belong to it, in the folder of the scenario or, for a built-in one, under `injects/`."""
    rules: Rules = field(default_factory=Rules)
    pacts: tuple[tuple[GovernmentId, GovernmentId], ...] = ()
    """Defence pacts in force, each a pair of governments."""
    dossiers: dict[Id, Dossier]
    governments: dict[Id, Government]
    leaders: dict[Id, Leader]
    strategies: dict[Id, Strategy] = field(default_factory=dict)
    indicators: dict[Id, Indicator] = field(default_factory=dict)
    options: dict[Id, Option]
    forums: dict[Id, Forum] = field(default_factory=dict)
    agreements: dict[Id, Agreement] = field(default_factory=dict)
    plans: dict[Id, Plan] = field(default_factory=dict)
    """Optional: several actions that governments carry out one after the other."""
    procedures: dict[Id, Procedure] = field(default_factory=dict)
    hazards: dict[Id, Hazard] = field(default_factory=dict)
    outcomes: dict[Id, Outcome] = field(default_factory=dict)
    objectives: dict[Id, Objective] = field(default_factory=dict)
    roles: dict[GovernmentId, Role] = field(default_factory=dict)
    """Texts for the role sheets of players, by government."""
    history: tuple[HistoryRow, ...] = ()
    claims: dict[Id, Claim] = field(default_factory=dict)
    targets: dict[Id, Target] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    events: Chronology = field(default_factory=Chronology)
    """How a chronology of dated events is read, to compare runs with it."""

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, {self.title!r})"
