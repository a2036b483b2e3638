"""An exercise: one run of a scenario, without input or output.

    exercise = Exercise(load("korea-2017"), seed=7)
    exercise.advance(exercise.end)
    for seq, t, kind, who, about, cause, data in exercise.records(): ...

The same inputs, seed, settings and commands always give the same records.

Theory of operation
-------------------
One clock (`kernel/clock.py`) holds everything that will happen, as plain calls and as SimPy processes. Within one
second the order is fixed: publications and routine reports, the daily snapshot, effects, conditions, injects, signals,
decisions. Commands of people come before all of them. The world (`wargame.world`) holds the indicators; the log
(`numbers/log.py`) holds the records, which become the journal. `RunContext` has both, and everything else that the
parts of a run share.

Each *government* (`actors/government.py`) is a process of SimPy: it works on the dossiers of its desk and decides.
Three kinds of state machine run beside them. Their tables are in `kernel/state_tables.yaml`:

- a *forum* (`mechanisms/forums.py`) and an *agreement* (`mechanisms/agreements.py`), one for each in the scenario;
- an *item of the MSEL* (`mechanisms/injector.py`), one for each inject.

Around them are other parts: history and hazards cause actions; outcomes and expected actions observe them;
demands and procedures respond to them; commands (`control/`) come from people.

These share six events and call one another directly only where the exceptions below say so. The tables give the
order of the consequences of each event. The order of the records in a journal follows from these tables, from the order
within one second, and from the order in which calls for one second were scheduled.

Exceptions and irregularities:

- An action changes the world, and writes its record, before its consequences run. Governments other than the actor do
  not see actions: they see signals, later, with errors. Only the actor, forums, agreements, outcomes, expected actions,
  demands and injects see the action itself, at once.
- A condition that an action makes true (the `when` of an inject or an outcome) is evaluated after everything else of
  that instant, by `kernel/watch.py`: it is not a consequence in these tables.
- Forums and demands call meetings of a government directly, by `summon`. A meeting takes working time, so nothing is
  decided at that instant. The contents of an inject also call governments: `install` puts leaders in office
  (`GovernmentProcess.install`, which the history calls as well) and changes strategies (`follow`), and `deliver` adds
  salience (`add_salience`).
- A release also applies the effects of its inject, and writes its record, before the consequences in AFTER_A_RELEASE
  run (`Injector.release`).
- Events nest: the action of an inject runs all its consequences before the consequences of the release go on, and so
  does a step of a forum inside the action that moved it.
- A command of a seat is put to the expected actions before it takes effect (`ExpectedActions.commanded`), so that the
  record of a candidate follows that of the command. At ENDEX they record what people have left open.
- Before STARTEX only the history acts, through the same tables; injects follow it only from STARTEX on. With a warm
  start governments order before, and what is in hand at STARTEX is carried over (`GovernmentProcess.begin`).
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from typing import Any
from weakref import proxy

from wargame import __version__
from wargame.journal.records import RawRecord
from wargame.numbers.minor_acts import MinorActs
from wargame.numbers.perceiving import Perceiver
from wargame.scenario.loading.load import Loaded
from wargame.simulation.actors.extra_terms import ExtraTerms
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.government import GovernmentProcess, Governments
from wargame.simulation.actors.optional_parts import OPTIONAL, Plans, VisitEffects, optional_parts
from wargame.simulation.actors.procedures import Procedures
from wargame.simulation.control.adjudication import Adjudication
from wargame.simulation.control.apply_settings import SettingsApplier, Turns
from wargame.simulation.control.commands import Commands
from wargame.simulation.control.correspondence import Correspondence
from wargame.simulation.control.msel import Msel
from wargame.simulation.control.procedures import ProcedureCommands
from wargame.simulation.control.questionnaires import Questionnaires
from wargame.simulation.control.seats import Seats
from wargame.simulation.kernel.clock import DIGEST, EFFECT
from wargame.simulation.kernel.context import ALWAYS, PERSON, Consequences, ConsequenceTable, Observers, RunContext
from wargame.simulation.kernel.settings import Command, Settings
from wargame.simulation.kernel.snapshot import digest, observations, snapshot
from wargame.simulation.mechanisms.actions import Actions, Effects
from wargame.simulation.mechanisms.agreements import Agreements
from wargame.simulation.mechanisms.demands import Demands
from wargame.simulation.mechanisms.expected_actions import ExpectedActions
from wargame.simulation.mechanisms.forums import Forums
from wargame.simulation.mechanisms.history import Hazards, History, RoutineActs, UnnamedActs
from wargame.simulation.mechanisms.inject_contents import InjectContents
from wargame.simulation.mechanisms.injector import Injector
from wargame.simulation.mechanisms.outcomes import Outcomes
from wargame.simulation.mechanisms.signals import Publications, Signals
from wargame.simulation.mechanisms.triggers import Triggers
from wargame.world.calendar import RunCalendar
from wargame.world.layout import layout_of

# The order of consequences. Each entry is a method of one part of the exercise; nothing else subscribes to an event.
# An entry that "commutes" may change places with the one above it. The order of all other neighbours matters.

AFTER_AN_ACTION = (
    GovernmentProcess.acted,  # the actor: habits, agenda, cool-down
    MinorActs.acted,  # optional: its stance; commutes
    Agreements.moved,  # the action may be a move in an agreement; commutes
    Forums.moved,  # ... or in a forum, or suspend talks
    Outcomes.acted,
    ExpectedActions.acted,
    Signals.send,  # schedules what others will perceive; commutes
    Demands.acted,  # met, kept, carried out, or put; commutes
    Plans.acted,  # optional: the first action of a plan
    VisitEffects.acted,  # optional: a stay, and joint commitments
    Triggers.after_action,  # commutes
    Observers.acted,
)
AFTER_A_DECISION = (
    Seats.delegated,  # a person may cancel what the model orders in their place
    Triggers.after_decision,  # commutes
)
AFTER_A_DROPPED_ORDER = (UnnamedActs.dropped,)  # optional, before STARTEX: others notice an everyday act
AFTER_A_SIGNAL = (
    Demands.learned,  # the sender of a demand learns that it was met
    GovernmentProcess.perceive,  # the receiver: responses, salience, perhaps a meeting
    MinorActs.perceived,  # optional: its stance; commutes
    Procedures.respond,  # commutes
    Agreements.check_proofs,  # reports may verify an agreement
    Seats.perceived,  # standing orders
)
AFTER_A_RELEASE = (
    Observers.released,
    InjectContents.publish,
    InjectContents.install,
    InjectContents.deliver,
    InjectContents.act,
    ExpectedActions.released,  # commutes
    Questionnaires.opened,  # commutes
    Injector.disable_others,  # commutes
    Injector.enable_others,
    Triggers.after_release,
)
AFTER_A_FORUM_STEP = (Observers.stepped,)
AFTER_A_HUMAN_MEETING = (Seats.fall_due,)

NOTHING_TO_DO_WITHOUT = {
    Agreements.check_proofs: "in_question",
    Demands.learned: "unnoticed",
    Observers.acted: "actions",
    Observers.released: "releases",
    Observers.stepped: "forum_steps",
    Seats.perceived: "standing",
}
"""Consequences that are not called while this container of their part is empty."""
ONLY_FOR = {
    Outcomes.acted: "by_option",
    Procedures.respond: "by_option",
    Triggers.after_action: "after_actions",
    Triggers.after_decision: "after_decisions",
    VisitEffects.acted: "options",
}
"""Consequences that are only called for the options in this container of their part."""

OF_A_GOVERNMENT = (GovernmentProcess.__name__, Perceiver.__name__)
"""Classes of which each government is an object."""
AT_A_FORK = (Governments.redraw, Hazards.redraw, Triggers.redraw)
"""The draws that are repeated when a fork begins."""


def _bound(
    table: ConsequenceTable, parts: Mapping[str, object]
) -> tuple[tuple[Callable[..., None], Collection[object], bool], ...]:
    """Return the methods of a table, bound to the parts of an exercise.

    Parts are found by class name: a new consequence needs its entry in a table above and its part in `_parts`.
    """
    return tuple(
        (getattr(parts[owner], name), getattr(parts[owner], needed) if needed else ALWAYS, by_option)
        for owner, name, needed, by_option in _owned(table)
        if owner in parts or owner not in OPTIONAL
    )


@cache
def _owned(table: ConsequenceTable) -> tuple[tuple[str, str, str | None, bool], ...]:
    """Return the class and the name of each method of a table, the container that it needs, and if that has options."""
    needed = NOTHING_TO_DO_WITHOUT | ONLY_FOR
    return tuple(
        (step.__qualname__.partition(".")[0], step.__name__, needed.get(step), step in ONLY_FOR) for step in table
    )


class Exercise:
    """One run. `now` and `end` are in seconds from the scenario's start; `done` once it is over.

    `observers` holds the callbacks of programs that watch the run.
    """

    def __init__(self, loaded: Loaded, seed: int = 1, settings: Settings | None = None) -> None:
        self._itself = proxy(self)
        self.settings = settings or Settings()
        self.seed = seed
        self.loaded = loaded
        scenario = loaded.scenario
        context = self.context = RunContext(scenario, layout_of(scenario), seed, self.settings)
        for name, kind in self.settings.seats:
            if kind == PERSON and name in scenario.governments:
                context.knowledge(name)  # from the first record on
        self._settings_applier = SettingsApplier(context, loaded)
        effects = Effects(context)
        governments = self.governments = context.governments = Governments()
        self.actions = Actions(context, effects)
        self.agreements = Agreements(context, effects)
        self.forums = Forums(context, effects)
        self.demands = Demands(context)
        self.feasibility = Feasibility(context, self.actions, self.forums, self.agreements, self.demands)
        extra_terms = ExtraTerms(context, self.forums, self.agreements, self.demands)
        for name in context.world.governments:
            governments[name] = GovernmentProcess(context, name, self.actions, self.feasibility, extra_terms)
        self.outcomes_watch = Outcomes(context)
        self.expected = ExpectedActions(context)
        self.hazards = Hazards(context, self.actions, effects)
        contents = InjectContents(context, self.actions, effects)
        self.injector = Injector(context, loaded.injects, contents)
        self._history = History(context, self.actions, effects)
        self.observers = Observers()
        self.procedures = Procedures(context, self.actions, self.feasibility)
        seats = Seats(context, governments, self.feasibility, self.actions, self.procedures)
        self.questionnaires = Questionnaires(context, seats.of)
        self.commands = self._make_commands(seats)
        self._optional = tuple(optional_parts(context, governments, self.actions, self.feasibility, self.demands))
        signals, injector, triggers = Signals(context, self.demands), self.injector, self.injector.triggers
        self._parts = (
            *(*self._optional, governments, self.agreements, self.forums, self.outcomes_watch, self.expected),
            *(self.hazards, signals, self.demands, contents, injector, triggers, self.procedures, seats),
            *(self.questionnaires, self.observers),
        )
        minor_acts = [part.minor_acts for part in self._optional if isinstance(part, RoutineActs)]
        parts: dict[str, object] = {type(part).__name__: part for part in (*self._parts, *minor_acts)}
        of_each = {name: parts | dict.fromkeys(OF_A_GOVERNMENT, each) for name, each in governments.items()}
        context.consequences = Consequences(
            of_action={name: _bound(AFTER_AN_ACTION, theirs) for name, theirs in of_each.items()},
            of_decision=_bound(AFTER_A_DECISION, parts),
            of_dropped_order=_bound(AFTER_A_DROPPED_ORDER, parts),
            of_signal={name: _bound(AFTER_A_SIGNAL, theirs) for name, theirs in of_each.items()},
            of_release=_bound(AFTER_A_RELEASE, parts),
            of_forum_step=_bound(AFTER_A_FORUM_STEP, parts),
            of_human_meeting=_bound(AFTER_A_HUMAN_MEETING, parts),
        )
        for name, government in governments.items():
            government.follow_signals(context.consequences.of_signal[name])
        self._turns = Turns(context, governments, self.feasibility)
        self._settings_applier.check(self.check, self._turns)
        self._start(loaded)

    def __del__(self) -> None:
        """Let go of the records at once. The parts refer to one another until Python looks for such cycles.

        No part may refer to the exercise itself, except weakly.
        """
        if context := vars(self).get("context"):
            context.log.records = []

    def _make_commands(self, seats: Seats) -> Commands:
        context = self.context
        mechanisms = self.actions, self.injector, self.expected, self.outcomes_watch
        finish, redraw = partial(Exercise.finish, self._itself), partial(Exercise._redraw, self._itself)
        adjudication = Adjudication(context, seats, mechanisms, finish=finish, redraw=redraw)
        msel = Msel(context, self.loaded, self.injector, self.questionnaires.retracted)
        talk = Correspondence(context, seats.of)
        others = self.questionnaires, ProcedureCommands(self.governments, self.procedures)
        return Commands(context, msel, seats, talk, adjudication, self.expected, others)

    # --- reading -------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The current second."""
        return self.context.now

    @property
    def calendar(self) -> RunCalendar:
        """The calendar of this run, with its STARTEX and end in seconds."""
        return self.context.calendar

    @property
    def end(self) -> int:
        """ENDEX in seconds."""
        return self.context.calendar.end

    @property
    def done(self) -> bool:
        """Whether the run is over: ENDEX was reached or an outcome ended it."""
        return self.context.over

    @property
    def kernel_events(self) -> int:
        """The number of events that the clock has processed."""
        return self.context.clock.events

    @property
    def decisions(self) -> int:
        """The number of meetings so far; at each one a whole menu was appraised."""
        return sum(government.decisions for government in self.governments.values())

    @property
    def outcomes(self) -> dict[str, int | None]:
        """The second at which each outcome was first met, or None."""
        return dict(self.outcomes_watch.reached)

    def records(self) -> list[RawRecord]:
        """Return all records so far, in order; the list grows with the run."""
        return self.context.log.records

    def next_event(self) -> float:
        """Return the second of the next event on the clock, infinite if there is none."""
        return self.context.clock.peek()

    # --- advancing -----------------------------------------------------------------------------

    def advance(self, to: int, *, to_due: bool = False) -> None:
        """Advance to the second `to`, at most to ENDEX, and stop before the events of that second.

        With `to_due`, stop as well after a second in which a decision of a person falls due.
        """
        if self.done:
            return
        self.context.forget_views()
        self.commands.seats.stops_clock = to_due
        self.context.clock.run_before(min(to, self.end))
        if self.context.clock.instant.over or self.now >= self.end:
            self.finish()

    def apply(self, command: Command) -> int:
        """Carry out a command at the current second, before its events; returns the seq of its record.

        The run ends at once if the command causes an outcome that ends it.
        """
        if not self.context.open and self.now == self.calendar.startex:
            self.outcomes_watch.look_back()  # what the command makes true does not come from the history
        seq = self.commands.apply(command)
        if self.context.clock.instant.over and not self.done:
            self.finish()
        return seq

    def check(self, command: Command) -> None:
        """Raise UsageFault if the command cannot be carried out now; changes nothing."""
        self.commands.check(command)

    def _redraw(self) -> None:
        for redraw, *_ in _bound(AT_A_FORK, {type(part).__name__: part for part in self._parts}):
            redraw()

    # --- from start to end ---------------------------------------------------------------------

    def _start(self, loaded: Loaded) -> None:
        context = self.context
        data = {"scenario": context.scenario.name, "wargame": __version__, "seed": self.seed}
        data |= {"replication": self.settings.replication, "governments": list(context.world.governments)}
        data |= {"startex": context.calendar.startex, "end": context.calendar.end}
        if context.log.keeps_any:  # the hashes of a state of a batch cost as much as its layout
            data["inputs"] = {"scenario": loaded.scenario_sha256, "injects": loaded.injects_sha256}
        context.log.write("run.start", "", context.scenario.name, (), data)
        for name, government in self.governments.items():
            government.install(context.scenario.governments[name].leader)
        self._history.schedule()
        Publications(context).schedule()
        startex, warm_start = context.calendar.startex, context.rules.warm_start
        if warm_start and startex > 0:
            context.clock.at(max(startex - warm_start, 0), DIGEST, self.governments.deliberate)
        context.clock.at(startex, DIGEST, self._startex)
        context.clock.at(context.calendar.next_midnight(0), DIGEST, _midnight, context)
        context.clock.at(context.rules.settle_every, EFFECT, _settle, context)

    def _startex(self) -> None:
        """Begin governments, hazards, outcomes and injects at STARTEX, in this order."""
        seats = {name: self.commands.seats.of(name) for name in self.governments}
        self.context.open = self.context.clock.instant.open = True
        self.context.log.write("startex", "", "", (), {"seats": seats})
        self.outcomes_watch.look_back()
        self._settings_applier.apply(self.governments, self.commands.seats, self._turns, self.commands.apply)
        for government in self.governments.values():
            government.begin()
        for part in self._optional:
            if isinstance(part, RoutineActs | Plans):
                part.begin()
        self.hazards.begin()
        self.outcomes_watch.begin()
        self.injector.begin()

    def finish(self, reason: str = "endex") -> None:
        """End the run now: at ENDEX, on the order of the white cell, or by an outcome."""
        self.context.over = True
        self.injector.finish()
        self.expected.finish()
        self.questionnaires.finish()
        data: dict[str, Any] = {
            "reason": self.outcomes_watch.ended_by or reason,
            "outcomes": self.outcomes,
            "attention": {
                name: {dossier: entry.spent for dossier, entry in government.desk.entries.items()}
                for name, government in self.governments.items()
            },
            "actions": {name: self.actions.count(name) for name in self.governments},
            "expected": {**self.expected.counts, "open": len(self.expected.open_ones())},
            "decisions": self.decisions,
        }
        self.context.log.write("run.end", "", data["reason"], self.context.log.just_changed(), data)


def _settle(context: RunContext) -> None:
    """Update the baselines of slow couplings."""
    context.world.settle()
    context.clock.at(context.clock.now + context.rules.settle_every, EFFECT, _settle, context)


def _midnight(context: RunContext) -> None:
    """Write the daily snapshot: a digest of all values and, on the first of a month, the values, true and seen."""
    data: dict[str, Any] = {}
    now = context.clock.now
    if context.log.keeps_all:
        data["digest"] = digest(context.world)
        if context.calendar.date(now).day == 1:
            data |= {"values": snapshot(context.world), "seen": observations(context)}
    context.log.write("snapshot", "", "", (), data)
    context.clock.at(context.calendar.next_midnight(now), DIGEST, _midnight, context)
