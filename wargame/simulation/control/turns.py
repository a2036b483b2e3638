"""Changes of course that an arm makes within a run: another strategy, an option given up, an action.

A government turns on what it knows. A condition is tested at STARTEX and then at every step of the calendar's
resolution, as that of a standing order is.
"""

from collections.abc import Callable
from typing import Any

from wargame.decision.menu import Candidate
from wargame.errors import UsageFault
from wargame.language.expressions import parse
from wargame.scenario.model.questions import Turn
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.government import Governments
from wargame.simulation.control.lookup import own_condition, valid_name
from wargame.simulation.kernel.clock import CONDITION
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import Command

CAUSES = frozenset({"action", "inject.released", "outcome", "forum", "agreement"})
"""Kinds of record that may be what a government turns on."""


class Turns:
    """The changes of course of one run."""

    def __init__(self, context: RunContext, governments: Governments, feasibility: Feasibility) -> None:
        self._context, self._governments, self._feasibility = context, governments, feasibility

    def check(self, turn: Turn) -> None:
        """Raise UsageFault for a condition that the government cannot test, or without exactly one change."""
        valid_name("government", turn.government, self._governments)
        if len(turn.changes) != 1:
            raise UsageFault("a turn has one of `strategy`, `forbid` and `force`")
        if turn.strategy:
            valid_name("strategy", turn.strategy, self._context.scenario.strategies)
        for text in turn.conditions:
            own_condition(text, self._context, turn.government)

    def begin(self, turn: Turn, at: int | None, command_now: Callable[[Command], object]) -> None:
        """STARTEX: put a turn on the clock, at its second or now for one that waits for a condition."""
        self._context.clock.at(self._context.now if at is None else at, CONDITION, self._look, turn, command_now)

    def _look(self, turn: Turn, command_now: Callable[[Command], object]) -> None:
        context = self._context
        if turn.when and not self._holds(turn.when, turn.government):
            context.clock.at(
                context.now + context.scenario.calendar.resolution, CONDITION, self._look, turn, command_now
            )
        elif not turn.provided or self._holds(turn.provided, turn.government):
            self._turn(turn, command_now)

    def _holds(self, condition: str, government: str) -> bool:
        view = self._context.views[government]
        return view.ask(view.compile(condition)) != 0.0

    def _turn(self, turn: Turn, command_now: Callable[[Command], object]) -> None:
        name, ((what, how),) = turn.government, turn.changes.items()
        data = {"government": name, what: how, "reason": self._reason(turn)}
        seq = self._context.log.write("command", name, "turn", self._cause(turn), data)
        option, _, target = how.partition(" ")
        if what == "strategy":
            self._governments[name].follow(how, seq, held=True)
        elif what == "forbid":
            self._feasibility.forbid(self._governments[name], Candidate(option, target or None))
        else:
            order: dict[str, Any] = {"government": name, "option": option, "target": target or None, "forced": True}
            command_now(Command(kind="order", data=order | {"answers": seq}))

    def _reason(self, turn: Turn) -> str:
        """Return the time or the condition, with the values that the government knows of what it reads."""
        view = self._context.views[turn.government]
        reads = {str(read): read for text in turn.conditions for read in parse(text).reads}
        known = [f"{path} is {view.value(view.slot(r.name, r.index)):.3g}" for path, r in sorted(reads.items())]
        return "; ".join([turn.moment, *known])

    def _cause(self, turn: Turn) -> tuple[int, ...]:
        """Return the last record that changed what the conditions read; empty without one."""
        layout, names = self._context.world.layout, set[str]()
        for text in turn.conditions:
            names |= {layout.slots[slot].path for slot in layout.reads_of(text)}
            names |= {argument for _, arguments in parse(text).events for argument in arguments}
        for seq, _, kind, _, about, _, data in reversed(self._context.log.records):
            if kind in CAUSES and (about in names or not names.isdisjoint(data.get("effects") or ())):
                return (seq,)
        return ()
