"""What the processes of one exercise share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wargame.decision.demands import DemandBook
from wargame.decision.view import View
from wargame.scenario.model.names import EVENT_KINDS
from wargame.simulation.kernel.clock import Clock
from wargame.simulation.kernel.log import Log
from wargame.simulation.kernel.watch import Watch
from wargame.statistics.draws import Draws
from wargame.world.calendar import RunCalendar
from wargame.world.events import Events, Offices
from wargame.world.state import World

if TYPE_CHECKING:
    from wargame.scenario.model import Rules, Scenario
    from wargame.simulation.actors.desk import DeskEntry
    from wargame.simulation.kernel.settings import Settings
    from wargame.world.layout import Layout


@dataclass(frozen=True, slots=True)
class Action:
    """Something done. `weight` is the Goldstein weight with the shock, as a perfect observer would perceive it."""

    seq: int
    time: int
    actor: str
    option: str
    target: str | None
    weight: float
    success: bool
    ordinal: int
    noise: bool
    source: str = ""
    """Who wanted it: `decision`, `procedure`, `record`, `inject`, `hazard`, ..."""


@dataclass(slots=True)
class Hooks:
    """Who wants to know what, each called in the order of subscription."""

    action: list[Callable[[Action], None]] = field(default_factory=list)
    decision: list[Callable[[str, str, str | None, int], None]] = field(default_factory=list)
    inject: list[Callable[[str, str], None]] = field(default_factory=list)
    """An inject is released, by which trigger; its action comes next."""
    forum: list[Callable[[str, str, str], None]] = field(default_factory=list)
    """A forum takes a step: forum, step, who made it."""
    due: list[Callable[[str, DeskEntry], None]] = field(default_factory=list)
    """A person's decision on a dossier falls due."""
    learned: list[Callable[[str, Action, int], None]] = field(default_factory=list)
    """A government learns of an action, by the signal of this number."""
    heard: list[Callable[[str, int], None]] = field(default_factory=list)
    """A government has taken in a signal."""


class RunContext:
    """Clock, world, log, draws and memories; `open` turns true at STARTEX, when governments begin to decide."""

    def __init__(self, scenario: Scenario, layout: Layout, seed: int, settings: Settings) -> None:
        self.scenario = scenario
        self.settings = settings
        self.rules: Rules = scenario.rules
        self.clock = Clock()
        self.calendar = RunCalendar(scenario.calendar)
        self.world = World(layout, self.clock)
        self.log = Log(self.clock, settings.journal)
        self.draws = Draws(seed, settings.replication)
        self.offices = Offices()
        self.events = Events(self.clock, self.calendar, self.offices)
        self.world.events = self.events
        self.watch = Watch(self.world, self.clock, scenario.calendar.resolution)
        self.demands = DemandBook()
        self.hooks = Hooks()
        self.injects: set[str] = set()
        """Ids of all injects, also of those that the white cell adds."""
        self.open = False
        self.decisions = 0
        self.memories = {g: Events(self.clock, self.calendar, self.offices) for g in self.world.governments}
        self.views = {g: View(self.world, g, self.memories[g]) for g in self.world.governments}

    @property
    def now(self) -> int:
        """The present second."""
        return self.clock.now

    def publish(self, name: str, kind: str = "") -> None:
        """Notes an event that all may know.

        An outcome or inject that bears the id of an option, or an outcome that of an inject, is not counted: `count`
        of that id is the number of actions or releases (`names.EVENT_KINDS`).
        """
        counted = EVENT_KINDS.index(self._first(name, kind)) >= EVENT_KINDS.index(kind) if kind else True
        self.events.note(name, counted=counted)
        for memory in self.memories.values():
            memory.note(name, counted=counted)
        self.watch.happened(name)

    def _first(self, name: str, kind: str) -> str:
        """The first of the kinds of event that this id stands for."""
        if name in self.scenario.options:
            return "option"
        return "inject" if name in self.injects else kind
