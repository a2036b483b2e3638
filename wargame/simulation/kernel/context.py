"""The state that all parts of one exercise share."""

from collections.abc import Collection, Mapping

from wargame.decision.view import View
from wargame.journal.records import RawRecord
from wargame.scenario.model import Rules, Scenario
from wargame.scenario.model.indicators import EVENT_KINDS
from wargame.simulation.kernel.actor import Actor
from wargame.simulation.kernel.clock import Clock
from wargame.simulation.kernel.consequences import Consequences
from wargame.simulation.kernel.knowledge import OF_CONSEQUENCE, Act, Knowledge, act_of
from wargame.simulation.kernel.log import Log
from wargame.simulation.kernel.settings import Settings
from wargame.simulation.kernel.watch import Watch
from wargame.statistics.draws import Draws
from wargame.world.calendar import RunCalendar
from wargame.world.events import Events, Offices
from wargame.world.layout import Layout
from wargame.world.state import World


class RunContext:
    """The clock, world, log, random draws and memories of one run.

    `open` becomes true at STARTEX, from which governments decide; `over` becomes true at ENDEX.
    """

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
        self.events = Events(self.world, self.calendar, self.offices)
        self.world.use(self.events, self.events.memory)
        self.watch = Watch(self.world, self.clock, self.log, scenario.calendar.resolution)
        self.consequences = Consequences()
        self.governments: Mapping[str, Actor] = {}
        """Those that decide, by name; the exercise adds them."""
        self.injects: set[str] = set()
        """Ids of all injects, including those that the white cell adds."""
        self.open = False
        self.over = False
        self.decisions = 0
        self.together: dict[str, int] = {}
        """Government -> until when it is on a visit or has a guest (`rules.visits`)."""
        self.memories = {g: Events(self.world, self.calendar, self.offices, g) for g in self.world.governments}
        self.views = {g: View(self.world, g, self.memories[g]) for g in self.world.governments}
        self._knowledge: dict[str, Knowledge] = {}
        self._acts: dict[int, Act] = {}
        self._all_views = list(self.views.values())
        """Those of the model, and those of what people know."""

    @property
    def now(self) -> int:
        """The current second."""
        return self.clock.now

    @property
    def begun(self) -> bool:
        """Whether it is STARTEX or later; `open` becomes true only after the commands of that second."""
        return self.open or self.now >= self.calendar.startex

    def working_time(self, government: str, option: str, t: int) -> int:
        """Return `t`, or the same hour of the next working day for an option that this government does on those."""
        spec = self.scenario.governments[government]
        if not self.scenario.options[option].working_days or not (spec.weekend or spec.holidays):
            return t
        return self.calendar.working_time(t, spec.weekend, spec.holidays)

    def forget_views(self) -> None:
        """Clear the caches of all views, so that reading between two events does not affect a later decision."""
        for view in self._all_views:
            view.forget()

    def knowledge(self, government: str) -> Knowledge:
        """Return what a person in the seat of this government may know."""
        if government not in self._knowledge:
            events = Events(self.world, self.calendar, self.offices, government)
            known = Knowledge(self.scenario, self.world, events, government, self._counts, self._acts)
            if not self._knowledge:
                self.log.readers.append(self._inform)
                self._acts.update((record[0], act_of(record)) for record in self.log.records if record[2] == "action")
            for record in self.log.records:
                known.receive(record)
            self._knowledge[government] = known
            self._all_views.append(known.view)
        return self._knowledge[government]

    def _inform(self, raw: RawRecord) -> None:
        """Pass a record on to the seats that may learn something from it: a signal has one receiver."""
        seq, _, kind, who, about, _, _ = raw
        if kind == "signal":
            if who in self._knowledge:
                self._knowledge[who].receive(raw)
            return
        if kind == "action":
            self._acts[seq] = act_of(raw)
        if kind in OF_CONSEQUENCE or (kind == "command" and about == "set"):
            for known in self._knowledge.values():
                known.receive(raw)

    def decide_from(self, government: str, *, person: bool) -> None:
        """Make the view of a government that of a person in its seat, or that of the model."""
        if person:
            known = self.knowledge(government)
            self.views[government].use(known.events, known.in_part)
        else:
            self.views[government].use(self.memories[government])

    def publish(self, name: str, kind: str = "", to: Collection[str] | None = None) -> None:
        """Note an event that all governments may know of, or only those in `to`.

        An outcome or inject that bears the id of an option, or an outcome that bears the id of an inject, is not
        counted: `count` of that id is the number of actions or releases (`names.EVENT_KINDS`).
        """
        counted = self._counts(name, kind)
        number, now = self.world.layout.event_number(name), self.clock.now
        self.events.memory.note(number, counted, now)
        for government, events in self.memories.items():
            if to is None or government in to:
                events.memory.note(number, counted, now)
        self.watch.happened(name)

    def _counts(self, name: str, kind: str) -> bool:
        first = "option" if name in self.scenario.options else "inject" if name in self.injects else kind
        return EVENT_KINDS.index(first) >= EVENT_KINDS.index(kind) if kind else True
