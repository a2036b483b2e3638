"""Outcomes: named conditions, each with the time at which it was first met after STARTEX."""

from functools import partial
from typing import Any

from wargame.scenario.model import Outcome
from wargame.simulation.kernel.clock import CONDITION
from wargame.simulation.kernel.context import Action, RunContext


class Outcomes:
    """The outcomes of a run. `reached` maps each to the second at which it was met, or None."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._specs = dict(sorted(context.scenario.outcomes.items()))
        self.reached: dict[str, int | None] = dict.fromkeys(self._specs)
        self.ended_by = ""
        """The outcome that ended the run, empty if none did."""
        self._numbers: dict[str, int] = {}
        """Outcome -> seq of its last record."""
        self._attacks: dict[str, list[Action]] = {}
        self._turns: dict[str, int] = {}
        """How often each condition has become true or false: a number identifies one stretch of being true."""
        self.by_option = _by_option(self._specs)
        self._inherited: frozenset[str] | None = None
        """Outcomes already true in history: no event at STARTEX caused them. None before `look_back`."""
        self.inherited: set[str] = set()
        """Those of the outcomes reached that were already true at STARTEX."""

    def look_back(self) -> None:
        """Note, once, which conditions are true before the settings of the run or a command take effect."""
        if self._inherited is not None:
            return
        world = self._context.world
        whens = ((name, spec.when) for name, spec in self._specs.items() if spec.when is not None)
        self._inherited = frozenset(name for name, when in whens if world.compile(when)(world, world.events))

    def begin(self) -> None:
        """Start watching the conditions at STARTEX."""
        for name, spec in self._specs.items():
            if spec.when is not None:
                self._context.watch.add(spec.when, partial(self._became_true, name, spec), partial(self._count, name))

    def _became_true(self, name: str, spec: Outcome) -> None:
        turn = self._count(name)
        context = self._context
        if spec.hold:
            context.clock.at(context.now + spec.hold, CONDITION, self._check_hold, name, turn)
        elif name in (self._inherited or ()) and context.now == context.calendar.startex:
            self._reach(name, (), inherited=True)
        else:
            self._reach(name, context.watch.cause)

    def _count(self, name: str) -> int:
        self._turns[name] = self._turns.get(name, 0) + 1
        return self._turns[name]

    def _check_hold(self, name: str, turn: int) -> None:
        if self._turns[name] == turn:
            self._reach(name, ())

    def acted(self, action: Action) -> None:
        """Check the outcomes that an action, or an exchange of attacks, meets."""
        for name, spec in self.by_option.get(action.option, ()):
            if spec.action is not None and action.matches(spec.action):
                self._reach(name, (action.seq,))
            if spec.exchange is not None and action.option in spec.exchange.options:
                # An attack answers an earlier one on its attacker, whoever that one was directed at.
                before = [d for d in self._attacks.get(name, []) if action.time - d.time <= spec.exchange.within]
                answered = [d for d in before if d.actor != action.actor and action.target in (d.actor, None)]
                self._attacks[name] = [*before, action]
                if answered:
                    self._reach(name, (action.seq, answered[-1].seq))

    def _reach(self, name: str, cause: tuple[int, ...], *, inherited: bool = False) -> None:
        """Record that an outcome is met; one that became true in history is `inherited`, and is not news."""
        context, spec = self._context, self._specs[name]
        if not context.begun or self.reached[name] is not None:
            return
        data = {"title": spec.title, "ends": spec.ends}
        if inherited:
            self.inherited.add(name)
            data["inherited"] = True
        self._record(name, cause, data)
        context.publish(name, "outcome", spec.audience or None)
        self._end(name, spec)

    def _record(self, name: str, cause: tuple[int, ...], data: dict[str, Any]) -> None:
        self.reached[name] = self._context.now
        self._numbers[name] = self._context.log.write("outcome", "", name, cause, data)

    def _end(self, name: str, spec: Outcome) -> None:
        if spec.ends and not self.ended_by:
            self.ended_by = name
            self._context.clock.instant.over = True

    def declare(self, name: str, command: int, why: str, *, private: bool) -> None:
        """Meet an outcome by a ruling of the white cell; governments do not learn of a `private` one."""
        context, spec = self._context, self._specs[name]
        self._record(name, (command,), _by_hand(spec, why, private=private))
        if not private:
            context.publish(name, "outcome", spec.audience or None)
        if not context.over:
            self._end(name, spec)

    def revoke(self, name: str, command: int, why: str, *, private: bool) -> None:
        """Take an outcome back by a ruling of the white cell. What has followed from it stays; it may be met again."""
        self.reached[name] = None
        self.inherited.discard(name)
        data = _by_hand(self._specs[name], why, private=private)
        self._context.log.write("outcome.revoked", "", name, (command, self._numbers[name]), data)


def _by_option(specs: dict[str, Outcome]) -> dict[str, list[tuple[str, Outcome]]]:
    """Return option -> the outcomes that an action or an exchange of it can meet, in their order."""
    listed: dict[str, list[tuple[str, Outcome]]] = {}
    for name, spec in specs.items():
        patterns = (spec.action, spec.exchange)
        for option in dict.fromkeys(o for pattern in patterns if pattern is not None for o in pattern.options):
            listed.setdefault(option, []).append((name, spec))
    return listed


def _by_hand(spec: Outcome, why: str, *, private: bool) -> dict[str, Any]:
    return {"title": spec.title, "ends": spec.ends, "by_hand": True, "why": why, "private": private}
