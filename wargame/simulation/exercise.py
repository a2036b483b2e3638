"""An exercise: one run of a scenario, without any input or output of its own.

    exercise = Exercise(load("korea-2017"), seed=7)
    exercise.advance(exercise.end)
    for seq, t, kind, who, about, cause, data in exercise.records(): ...

It is a function of its inputs, seed, settings and commands: the same ones give the same records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame import __version__
from wargame.simulation.actors.extra_terms import ExtraTerms
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.government import GovernmentProcess
from wargame.simulation.actors.procedures import Procedures
from wargame.simulation.control.apply_settings import SettingsApplier
from wargame.simulation.control.commands import Commands
from wargame.simulation.kernel.clock import DIGEST, EFFECT
from wargame.simulation.kernel.context import Action, RunContext
from wargame.simulation.kernel.log import Record
from wargame.simulation.kernel.settings import Command, Settings
from wargame.simulation.kernel.snapshot import digest, snapshot
from wargame.simulation.mechanisms.actions import Actions, Effects
from wargame.simulation.mechanisms.agreements import Agreements
from wargame.simulation.mechanisms.demands import Asking
from wargame.simulation.mechanisms.expected import Expected
from wargame.simulation.mechanisms.forums import Forums
from wargame.simulation.mechanisms.hazards import Hazards
from wargame.simulation.mechanisms.history import History
from wargame.simulation.mechanisms.injector import Injector
from wargame.simulation.mechanisms.outcomes import Outcomes
from wargame.simulation.mechanisms.release import Release
from wargame.simulation.mechanisms.signals import Signals
from wargame.world.layout import layout_of

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded
    from wargame.world.calendar import RunCalendar


class Exercise:
    """One run. `now` and `end` are in seconds from the scenario's start; `done` once it is over."""

    def __init__(self, loaded: Loaded, seed: int = 1, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.seed = seed
        scenario = loaded.scenario
        context = self.context = RunContext(scenario, layout_of(scenario), seed, self.settings)
        self._wishes = SettingsApplier(context, loaded)
        self._effects = Effects(context)
        self.actions = Actions(context, self._effects)
        context.hooks.action.append(self._remember)
        self.agreements = Agreements(context, self._effects)
        self.forums = Forums(context, self._effects)
        self.feasibility = Feasibility(context, self.actions, self.forums, self.agreements)
        extra_terms = ExtraTerms(context, self.forums, self.agreements)
        procedures = Procedures(context, self.actions, self.feasibility)
        self.governments = {
            name: GovernmentProcess(context, name, self.actions, self.feasibility, extra_terms, procedures)
            for name in context.world.governments
        }
        self.forums.governments = self.agreements.governments = self.governments
        self.outcomes_watch: Outcomes = Outcomes(context)
        self.expected = Expected(context)
        self.hazards = Hazards(context, self.actions, self._effects)
        self._signals = Signals(context, self.governments)
        release = Release(context, self.governments, self.actions, self._effects, self.expected)
        self.injector = Injector(context, loaded.injects, release)
        self._history = History(context, self.governments, self.actions, self._effects)
        self._asking = Asking(context, self.governments)
        self.loaded = loaded
        self.commands = Commands(self)
        self._finished = False
        self._reason = "endex"
        self._wishes.check(self)
        self._start(loaded)

    # --- what it offers ------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The present second."""
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
        return self._finished

    @property
    def kernel_events(self) -> int:
        """Events that the clock has processed."""
        return self.context.clock.events

    @property
    def decisions(self) -> int:
        """Meetings held: each one an appraisal of a whole menu."""
        return self.context.decisions

    @property
    def outcomes(self) -> dict[str, int | None]:
        """The second at which each outcome was first met, or None."""
        return dict(self.outcomes_watch.reached)

    def records(self) -> list[Record]:
        """All records so far, in order; the list grows with the run."""
        return self.context.log.records

    def advance(self, to: int) -> None:
        """Plays on to `to`, at most to ENDEX, and stops before the events of that second."""
        if self._finished:
            return
        self.forget()
        to = min(to, self.end)
        self.context.clock.run_before(to)
        if self.context.clock.over or to >= self.end:
            self._finish()

    def forget(self) -> None:
        """Whoever has looked between two events leaves no trace in what is decided after."""
        for view in self.context.views.values():
            view.forget()

    def next_event(self) -> float:
        """The second of the next event on the clock, infinite if there is none."""
        return self.context.clock.peek()

    def finish(self, reason: str) -> None:
        """ENDEX by the white cell's word, now."""
        self._reason = reason
        self._finish()

    def apply(self, command: Command) -> int:
        """Carries out a command at the present second, before its events; returns the seq of its record."""
        return self.commands.apply(command)

    def check(self, command: Command) -> None:
        """UsageFault if the command makes no sense now; changes nothing."""
        self.commands.check(command)

    # --- from start to end ---------------------------------------------------------------------

    def _start(self, loaded: Loaded) -> None:
        context = self.context
        data = {
            "scenario": context.scenario.name,
            "seed": self.seed,
            "replication": self.settings.replication,
            "startex": context.calendar.startex,
            "end": context.calendar.end,
            "governments": list(context.world.governments),
            "wargame": __version__,
            "inputs": {"scenario": loaded.scenario_sha256, "injects": loaded.injects_sha256},
        }
        context.log.write("run.start", "", context.scenario.name, (), data)
        for name, government in self.governments.items():
            government.install(context.scenario.governments[name].leader)
        self._history.schedule()
        context.clock.at(context.calendar.startex, DIGEST, self._startex)
        context.clock.at(context.calendar.next_midnight(0), DIGEST, self._midnight)
        context.clock.at(context.rules.settle_every, EFFECT, self._settle)

    def _startex(self) -> None:
        """From here on the seats decide: governments, chance, injects and outcomes begin."""
        seats = {name: self.commands.seats.of(name) for name in self.governments}
        self.context.open = True
        self.context.log.write("startex", "", "", (), {"seats": seats})
        self.outcomes_watch.look_back()
        self._wishes.take_hold(self)
        for government in self.governments.values():
            government.begin()
        self.hazards.begin()
        self.outcomes_watch.begin()
        self.injector.begin()

    def _settle(self) -> None:
        self.context.world.settle()
        self.context.clock.at(self.now + self.context.rules.settle_every, EFFECT, self._settle)

    def _midnight(self) -> None:
        context = self.context
        if context.log.keeps("snapshot"):
            first_of_month = context.calendar.at(self.now).day == 1
            data: dict[str, Any] = {"digest": digest(context.world)}
            if first_of_month:
                data["values"] = snapshot(context.world)
            context.log.write("snapshot", "", "", (), data)
        else:
            context.log.write("snapshot")
        context.clock.at(context.calendar.next_midnight(self.now), DIGEST, self._midnight)

    def _remember(self, action: Action) -> None:
        self.governments[action.actor].did(action)

    def _finish(self) -> None:
        self._finished = True
        self.injector.finish()
        data: dict[str, Any] = {
            "reason": self.outcomes_watch.ended_by or self._reason,
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
