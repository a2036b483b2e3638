"""An exercise: one run of a scenario, without any input or output of its own.

    exercise = Exercise(load("korea-2017"), seed=7)
    exercise.advance(exercise.end)
    for seq, t, kind, who, about, cause, data in exercise.records(): ...

It is a function of its inputs, seed, settings and commands: the same ones give the same records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame import __version__
from wargame.simulation.actors.extra_terms import Considerations
from wargame.simulation.actors.feasibility import Openness
from wargame.simulation.actors.government import Government
from wargame.simulation.actors.procedures import Procedures
from wargame.simulation.control.apply_settings import Wishes
from wargame.simulation.control.commands import Commands
from wargame.simulation.kernel.clock import DIGEST, EFFECT
from wargame.simulation.kernel.context import Deed, Theatre
from wargame.simulation.kernel.log import Record
from wargame.simulation.kernel.settings import Command, Settings
from wargame.simulation.kernel.snapshot import digest, snapshot
from wargame.simulation.mechanisms.actions import Deeds, Effects
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
    from wargame.world.calendar import Calendar


class Exercise:
    """One run. `now` and `end` are in seconds from the scenario's start; `done` once it is over."""

    def __init__(self, loaded: Loaded, seed: int = 1, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.seed = seed
        scenario = loaded.scenario
        theatre = self.theatre = Theatre(scenario, layout_of(scenario), seed, self.settings)
        self._wishes = Wishes(theatre, loaded)
        self._effects = Effects(theatre)
        self.deeds = Deeds(theatre, self._effects)
        theatre.hooks.deed.append(self._remember)
        self.agreements = Agreements(theatre, self._effects)
        self.forums = Forums(theatre, self._effects)
        self.openness = Openness(theatre, self.deeds, self.forums, self.agreements)
        considerations = Considerations(theatre, self.forums, self.agreements)
        procedures = Procedures(theatre, self.deeds, self.openness)
        self.governments = {
            name: Government(theatre, name, self.deeds, self.openness, considerations, procedures)
            for name in theatre.world.governments
        }
        self.forums.governments = self.agreements.governments = self.governments
        self.outcomes_watch: Outcomes = Outcomes(theatre)
        self.expected = Expected(theatre)
        self.hazards = Hazards(theatre, self.deeds, self._effects)
        self._signals = Signals(theatre, self.governments)
        release = Release(theatre, self.governments, self.deeds, self._effects, self.expected)
        self.injector = Injector(theatre, loaded.injects, release)
        self._history = History(theatre, self.governments, self.deeds, self._effects)
        self._asking = Asking(theatre, self.governments)
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
        return self.theatre.now

    @property
    def calendar(self) -> Calendar:
        """The calendar of this run, with its hand-over and end in seconds."""
        return self.theatre.calendar

    @property
    def end(self) -> int:
        """ENDEX in seconds."""
        return self.theatre.calendar.end

    @property
    def done(self) -> bool:
        """Whether the run is over: ENDEX was reached or an outcome ended it."""
        return self._finished

    @property
    def kernel_events(self) -> int:
        """Events that the clock has processed."""
        return self.theatre.clock.events

    @property
    def decisions(self) -> int:
        """Meetings held: each one an appraisal of a whole menu."""
        return self.theatre.decisions

    @property
    def outcomes(self) -> dict[str, int | None]:
        """The second at which each outcome was first met, or None."""
        return dict(self.outcomes_watch.reached)

    def records(self) -> list[Record]:
        """All records so far, in order; the list grows with the run."""
        return self.theatre.log.records

    def advance(self, to: int) -> None:
        """Plays on to `to`, at most to ENDEX, and stops before the events of that second."""
        if self._finished:
            return
        self.forget()
        to = min(to, self.end)
        self.theatre.clock.run_before(to)
        if self.theatre.clock.over or to >= self.end:
            self._finish()

    def forget(self) -> None:
        """Whoever has looked between two events leaves no trace in what is decided after."""
        for view in self.theatre.views.values():
            view.forget()

    def next_event(self) -> float:
        """The second of the next event on the clock, infinite if there is none."""
        return self.theatre.clock.peek()

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
        theatre = self.theatre
        data = {
            "scenario": theatre.scenario.name,
            "seed": self.seed,
            "replication": self.settings.replication,
            "hand_over": theatre.calendar.hand_over,
            "end": theatre.calendar.end,
            "governments": list(theatre.world.governments),
            "wargame": __version__,
            "inputs": {"scenario": loaded.scenario_sha256, "injects": loaded.injects_sha256},
        }
        theatre.log.write("run.start", "", theatre.scenario.name, (), data)
        for name, government in self.governments.items():
            government.install(theatre.scenario.governments[name].leader)
        self._history.schedule()
        theatre.clock.at(theatre.calendar.hand_over, DIGEST, self._hand_over)
        theatre.clock.at(theatre.calendar.next_midnight(0), DIGEST, self._midnight)
        theatre.clock.at(theatre.rules.settle_every, EFFECT, self._settle)

    def _hand_over(self) -> None:
        """From here on the seats decide: governments, chance, injects and outcomes begin."""
        seats = {name: self.commands.seats.of(name) for name in self.governments}
        self.theatre.open = True
        self.theatre.log.write("hand_over", "", "", (), {"seats": seats})
        self.outcomes_watch.look_back()
        self._wishes.take_hold(self)
        for government in self.governments.values():
            government.begin()
        self.hazards.begin()
        self.outcomes_watch.begin()
        self.injector.begin()

    def _settle(self) -> None:
        self.theatre.world.settle()
        self.theatre.clock.at(self.now + self.theatre.rules.settle_every, EFFECT, self._settle)

    def _midnight(self) -> None:
        theatre = self.theatre
        if theatre.log.keeps("state"):
            first_of_month = theatre.calendar.at(self.now).day == 1
            data: dict[str, Any] = {"digest": digest(theatre.world)}
            if first_of_month:
                data["values"] = snapshot(theatre.world)
            theatre.log.write("state", "", "", (), data)
        else:
            theatre.log.write("state")
        theatre.clock.at(theatre.calendar.next_midnight(self.now), DIGEST, self._midnight)

    def _remember(self, deed: Deed) -> None:
        self.governments[deed.actor].did(deed)

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
            "deeds": {name: self.deeds.count(name) for name in self.governments},
            "expected": {**self.expected.counts, "open": len(self.expected.open_ones())},
            "decisions": self.decisions,
        }
        self.theatre.log.write("run.end", "", data["reason"], self.theatre.log.just_changed(), data)
