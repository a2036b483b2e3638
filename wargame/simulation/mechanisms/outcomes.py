"""Outcomes: named conditions, each with the time at which it was first met after the hand-over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wargame.simulation.kernel.clock import CONDITION
from wargame.simulation.kernel.patterns import matches

if TYPE_CHECKING:
    from wargame.scenario.model import Exchange, Outcome
    from wargame.simulation.kernel.context import Deed, Theatre


class Outcomes:
    """First passages. `reached` maps each outcome to its second, or None."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre
        self._specs = dict(sorted(theatre.scenario.outcomes.items()))
        self.reached: dict[str, int | None] = dict.fromkeys(self._specs)
        self.ended_by = ""
        self._attacks: dict[str, list[Deed]] = {}
        self._holding: dict[str, int] = {}
        self._inherited: frozenset[str] = frozenset()
        """Outcomes that history has brought about: nothing of the hand-over's instant is their cause."""
        theatre.hooks.deed.append(self._done)

    def look_back(self) -> None:
        """Notes what is met before the settings of the run take hold."""
        world = self._theatre.world
        whens = ((name, spec.when) for name, spec in self._specs.items() if spec.when is not None)
        self._inherited = frozenset(name for name, when in whens if world.compile(when)(world, world.events))

    def begin(self) -> None:
        """The hand-over: conditions are watched from now on."""
        for name, spec in self._specs.items():
            if spec.when is not None:
                self._theatre.watch.add(spec.when, partial(self._rose, name, spec), partial(self._fell, name))

    def _rose(self, name: str, spec: Outcome) -> None:
        since = self._holding.get(name, 0) + 1
        self._holding[name] = since
        if spec.hold:
            self._theatre.clock.at(self._theatre.now + spec.hold, CONDITION, self._held, name, since)
        else:
            self._reach(name, self._turned(name))

    def _turned(self, name: str) -> tuple[int, ...]:
        """What made a condition true: what changed the world last, unless it came true in the record."""
        theatre = self._theatre
        inherited = name in self._inherited and theatre.now == theatre.calendar.hand_over
        return () if inherited else theatre.log.just_changed()

    def _fell(self, name: str) -> None:
        self._holding[name] = self._holding.get(name, 0) + 1

    def _held(self, name: str, since: int) -> None:
        if self._holding[name] == since:
            self._reach(name, self._theatre.log.just_changed())

    def _done(self, deed: Deed) -> None:
        for name, spec in self._specs.items():
            if spec.deed is not None and matches(spec.deed, deed):
                self._reach(name, (deed.seq,))
            if spec.exchange is not None and deed.option in spec.exchange.options:
                self._attack(name, spec.exchange, deed)

    def _attack(self, name: str, exchange: Exchange, deed: Deed) -> None:
        """An attack answered by an attack on the attacker, by whomever: its victim, or one that stands by it."""
        before = [d for d in self._attacks.get(name, []) if deed.time - d.time <= exchange.within]
        answered = [d for d in before if d.actor != deed.actor and deed.target in (d.actor, None)]
        self._attacks[name] = [*before, deed]
        if answered:
            self._reach(name, (deed.seq, answered[-1].seq))

    def _reach(self, name: str, cause: tuple[int, ...]) -> None:
        theatre, spec = self._theatre, self._specs[name]
        if not theatre.open or self.reached[name] is not None:
            return
        self.reached[name] = theatre.now
        theatre.log.write("outcome", "", name, cause, {"title": spec.title, "ends": spec.ends})
        theatre.publish(name, "outcome")
        if spec.ends and not self.ended_by:
            self.ended_by = name
            theatre.clock.over = True
