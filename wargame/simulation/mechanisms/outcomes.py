"""Outcomes: named conditions, each with the time at which it was first met after STARTEX."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wargame.simulation.kernel.clock import CONDITION
from wargame.simulation.kernel.patterns import matches

if TYPE_CHECKING:
    from wargame.scenario.model import Exchange, Outcome
    from wargame.simulation.kernel.context import Action, RunContext


class Outcomes:
    """First passages. `reached` maps each outcome to its second, or None."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._specs = dict(sorted(context.scenario.outcomes.items()))
        self.reached: dict[str, int | None] = dict.fromkeys(self._specs)
        self.ended_by = ""
        self._attacks: dict[str, list[Action]] = {}
        self._holding: dict[str, int] = {}
        self._inherited: frozenset[str] = frozenset()
        """Outcomes that history has brought about: nothing of STARTEX's instant is their cause."""
        context.hooks.action.append(self._done)

    def look_back(self) -> None:
        """Notes what is met before the settings of the run take hold."""
        world = self._context.world
        whens = ((name, spec.when) for name, spec in self._specs.items() if spec.when is not None)
        self._inherited = frozenset(name for name, when in whens if world.compile(when)(world, world.events))

    def begin(self) -> None:
        """STARTEX: conditions are watched from now on."""
        for name, spec in self._specs.items():
            if spec.when is not None:
                self._context.watch.add(spec.when, partial(self._rose, name, spec), partial(self._fell, name))

    def _rose(self, name: str, spec: Outcome) -> None:
        since = self._holding.get(name, 0) + 1
        self._holding[name] = since
        if spec.hold:
            self._context.clock.at(self._context.now + spec.hold, CONDITION, self._held, name, since)
        else:
            self._reach(name, self._turned(name))

    def _turned(self, name: str) -> tuple[int, ...]:
        """What made a condition true: what changed the world last, unless it came true in the record."""
        context = self._context
        inherited = name in self._inherited and context.now == context.calendar.startex
        return () if inherited else context.log.just_changed()

    def _fell(self, name: str) -> None:
        self._holding[name] = self._holding.get(name, 0) + 1

    def _held(self, name: str, since: int) -> None:
        if self._holding[name] == since:
            self._reach(name, self._context.log.just_changed())

    def _done(self, action: Action) -> None:
        for name, spec in self._specs.items():
            if spec.action is not None and matches(spec.action, action):
                self._reach(name, (action.seq,))
            if spec.exchange is not None and action.option in spec.exchange.options:
                self._attack(name, spec.exchange, action)

    def _attack(self, name: str, exchange: Exchange, action: Action) -> None:
        """An attack answered by an attack on the attacker, by whomever: its victim, or one that stands by it."""
        before = [d for d in self._attacks.get(name, []) if action.time - d.time <= exchange.within]
        answered = [d for d in before if d.actor != action.actor and action.target in (d.actor, None)]
        self._attacks[name] = [*before, action]
        if answered:
            self._reach(name, (action.seq, answered[-1].seq))

    def _reach(self, name: str, cause: tuple[int, ...]) -> None:
        context, spec = self._context, self._specs[name]
        if not context.open or self.reached[name] is not None:
            return
        self.reached[name] = context.now
        context.log.write("outcome", "", name, cause, {"title": spec.title, "ends": spec.ends})
        context.publish(name, "outcome")
        if spec.ends and not self.ended_by:
            self.ended_by = name
            context.clock.over = True
