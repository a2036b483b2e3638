"""The parts that an exercise shares: its knowledge of a government, the events with consequences, and the context.

`Consequences` is filled once, by `exercise.py`, from the tables at its head. Nothing else adds a function to it.
A program that only watches a run adds its callbacks to `Exercise.observers`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

from wargame.decision.menu import Candidate, Menu
from wargame.decision.responses import Habits, ResponseBook
from wargame.decision.view import View
from wargame.journal.records import LEFT_OUT, RawRecord
from wargame.numbers.levels import Levels
from wargame.numbers.log import Log
from wargame.numbers.signals import Signal
from wargame.scenario.model import ActionPattern, Inject, Leader, Option, Rules, Scenario, Stage
from wargame.scenario.model.indicators import EVENT_KINDS
from wargame.simulation.kernel.clock import Clock
from wargame.simulation.kernel.knowledge import OF_CONSEQUENCE, Knowledge, PastAction, act_of
from wargame.simulation.kernel.settings import Settings
from wargame.simulation.kernel.watch import WatchedConditions
from wargame.statistics.draws import Draws
from wargame.world.calendar import RunCalendar
from wargame.world.layout import Layout
from wargame.world.state import Events, Offices, World

PERSON = "human"
"""The seat of a government for which a person decides."""


class Actor(Protocol):
    """One government of a run; `actors.government.GovernmentProcess` implements it."""

    name: str
    seat: str
    """Who decides: `model`, `human` or `script`."""
    habits: Habits
    """Its own recent actions."""
    responses: ResponseBook
    """The responses of others to it."""
    places: dict[Candidate, tuple[Menu, int]]
    """Candidate -> the menu that has it, and its index there. None of those that it is forbidden to choose."""
    last_done: dict[Candidate, int]
    """When it has carried out an option last."""
    seen: Levels
    """The numbers as whoever decides for it sees them."""

    def limits_for(self, *, person: bool) -> str:
        """Return the limits of a person (`LIMITS`), or of the model, which are the leader's."""

    @property
    def pending(self) -> Collection[Candidate]:
        """Orders that are being carried out."""

    @property
    def leader(self) -> Leader:
        """The profile of the leader in office."""

    def can_choose(self, dossier: str, i: int) -> bool:
        """Return whether the model can choose a candidate of a menu now, whenever it was done last."""

    def current_stage(self) -> Stage | None:
        """Return the stage of the strategy in force, None without a strategy."""

    def install(self, leader: str, cause: int | None = None) -> None:
        """Put a leader in office."""

    def follow(self, strategy: str, cause: int | None = None, *, held: bool = False) -> None:
        """Adopt a strategy, from its first stage. If `held`, it ends only with the leader or by an inject."""

    def add_salience(self, dossier: str, strength: float, seq: int | None) -> None:
        """Add salience to a dossier, which may call a meeting; `seq` is the record that it came from, if any."""

    def review_orders(self, towards: Collection[str], occasion: str) -> None:
        """Review the orders in hand that are directed at one of these governments, if the rules have reviews."""

    def vote(self, candidate: Candidate, cause: int, source: str) -> None:
        """Cast the vote for which a council sits."""

    def withhold(self, candidate: Candidate, reason: str) -> None:
        """Give up an order that waited for a sitting."""

    def invite(self, dossier: str, cause: int, wait: float) -> None:
        """Ask for an answer: call a meeting, with the salience of a crisis, and multiply the wait until it acts."""

    def summon(
        self, dossier: str, reason: str, trigger: int | None, *, crisis: bool = False, deadline: int | None = None
    ) -> None:
        """Call a meeting on a dossier; a crisis interrupts the work in hand. `deadline` is in seconds of the run."""


@dataclass(slots=True, eq=False)
class Action:
    """An action that was carried out. Nothing changes it; not frozen, since that would make it slower to create.

    `option` is the id and `spec` the option itself, which differs from the one of the scenario if the white cell
    improvised the action. `weight` is its Goldstein weight times (1 + shock), as an observer without error perceives
    it. `noise` is whether signals of it carry random errors: only from STARTEX on. `source` is what caused it:
    `decision`, `plan`, `order`, `procedure`, `history`, `inject`, `hazard`, or for actions that only the white cell
    made possible, `forced` (an order) or `adjudicated`.
    """

    seq: int
    time: int
    actor: str
    option: str
    target: str | None
    weight: float
    success: bool
    ordinal: int
    noise: bool
    spec: Option
    source: str = ""

    def matches(self, pattern: ActionPattern) -> bool:
        """Return whether this is one of the actions of a pattern."""
        return pattern.fits(self.option, self.actor, self.target)


class Decision(NamedTuple):
    """An option that a government has decided on; its lead time begins. `seq` is the record of the decision."""

    actor: str
    option: str
    target: str | None
    seq: int

    def matches(self, pattern: ActionPattern) -> bool:
        """Return whether this is a decision on one of the actions of a pattern."""
        return pattern.fits(self.option, self.actor, self.target)


class Release(NamedTuple):
    """An inject that was released by a trigger."""

    inject: Inject
    trigger: str
    seq: int


class ForumStep(NamedTuple):
    """A forum that took an event of its state table; `who` made the move, empty if time did."""

    forum: str
    event: str
    who: str


class HumanMeeting(NamedTuple):
    """A meeting at which a person decides. `causes` are the records that called it, the trigger first."""

    government: str
    dossier: str
    reason: str
    causes: list[int]


E = TypeVar("E")
ConsequenceStep = tuple[Callable[[E], None], Collection[object], bool]
"""A function that an event calls, a container, and whether that has the options that it is called for (`log.follow`).

It has nothing to do while the container is empty."""

ConsequenceTable = tuple[Callable[..., None], ...]
"""The consequences of one kind of event: methods of classes, in order."""
ALWAYS = (True,)
"""The container of a function that may always have something to do."""


@dataclass(slots=True)
class Consequences:
    """The functions that an event calls, in order. The tables in `exercise.py` say which they are.

    Consequences of an action are by its actor, of a signal by its receiver.
    """

    of_action: Mapping[str, tuple[ConsequenceStep[Action], ...]] = field(default_factory=dict)
    of_decision: tuple[ConsequenceStep[Decision], ...] = ()
    of_dropped_order: tuple[ConsequenceStep[Decision], ...] = ()
    of_signal: dict[str, tuple[ConsequenceStep[Signal], ...]] = field(default_factory=dict)
    of_release: tuple[ConsequenceStep[Release], ...] = ()
    of_forum_step: tuple[ConsequenceStep[ForumStep], ...] = ()
    of_human_meeting: tuple[ConsequenceStep[HumanMeeting], ...] = ()


@dataclass(slots=True)
class Observers:
    """Callbacks of programs that watch a run and change nothing in it: append to a list, before the run is advanced."""

    actions: list[Callable[[Action], None]] = field(default_factory=list)
    releases: list[Callable[[Release], None]] = field(default_factory=list)
    forum_steps: list[Callable[[ForumStep], None]] = field(default_factory=list)

    def acted(self, action: Action) -> None:
        """Report an action."""
        for callback in self.actions:
            callback(action)

    def released(self, release: Release) -> None:
        """Report the release of an inject."""
        for callback in self.releases:
            callback(release)

    def stepped(self, step: ForumStep) -> None:
        """Report a step of a forum."""
        for callback in self.forum_steps:
            callback(step)


class RunContext:
    """Clock, world, log, draws and memories of a run. `open` from STARTEX, when governments decide; `over` at ENDEX."""

    def __init__(self, scenario: Scenario, layout: Layout, seed: int, settings: Settings) -> None:
        self.scenario = scenario
        self.settings = settings
        self.rules: Rules = scenario.rules
        self.clock = Clock()
        self.calendar = RunCalendar(scenario.calendar)
        self.world = World(layout, self.clock)
        self.log = Log(self.clock.instant, settings.journal, LEFT_OUT["decisions"])
        self.draws = Draws(seed, settings.replication)
        self.offices = Offices()
        self.events = Events(self.world, self.calendar, self.offices)
        self.world.use(self.events, self.events.memory)
        self.watch = WatchedConditions(self.world, self.clock, self.log, scenario.calendar.resolution)
        self.consequences = Consequences()
        self.governments: Mapping[str, Actor] = {}
        """Those that decide, by name; the exercise adds them."""
        self.injects: set[str] = set()
        """Ids of all injects, including those that the white cell adds."""
        self.open = False
        self.over = False
        self.rows: dict[str, int] = {}
        """Row of the history that has happened -> its record."""
        self._waits: dict[str, dict[int, int]] = layout.memo("waits", lambda: {g: {} for g in layout.governments})
        """Government -> number of a local day -> seconds to the same hour of its next working day."""
        self.together: dict[str, int] = {}
        """Government -> until when it is on a visit or has a guest (`rules.visits`)."""
        self.memories = {g: Events(self.world, self.calendar, self.offices, g) for g in self.world.governments}
        self.views = {g: View(self.world, g, self.memories[g]) for g in self.world.governments}
        self._knowledge: dict[str, Knowledge] = {}
        self._acts: dict[int, PastAction] = {}
        self._all_views = list(self.views.values())
        """The views of the model, and of people."""

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
        if not self.scenario.options[option].working_days:
            return t
        known, number = self._waits[government], self.calendar.day_number(t)
        wait = known.get(number)
        if wait is None:
            spec = self.scenario.governments[government]
            wait = self.calendar.working_time(t, spec.weekend, spec.holidays) - t
            if self.calendar.is_steady(t, t + wait):
                known[number] = wait
        return t + wait

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
