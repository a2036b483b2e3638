"""Standing procedures: responses to a perceived action that need no meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import Candidate
from wargame.simulation.kernel.clock import EFFECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wargame.scenario.model import Procedure
    from wargame.simulation.actors.feasibility import Feasibility
    from wargame.simulation.kernel.actor import Actor
    from wargame.simulation.kernel.consequences import Signal
    from wargame.simulation.kernel.context import RunContext
    from wargame.simulation.mechanisms.actions import Actions
    from wargame.world.layout import Compiled


class Procedures:
    """The standing procedures of all governments."""

    def __init__(
        self, context: RunContext, governments: Mapping[str, Actor], actions: Actions, feasibility: Feasibility
    ) -> None:
        self._context, self._governments = context, governments
        self._actions, self._feasibility = actions, feasibility
        self._on: dict[tuple[str, str], list[tuple[str, Procedure]]] = {}
        self._when: dict[str, Compiled] = {}
        self._last: dict[str, int] = {}
        self._count: dict[str, int] = {}
        for name in sorted(context.scenario.procedures):
            procedure = context.scenario.procedures[name]
            for option in procedure.on.options:
                self._on.setdefault((procedure.government, option), []).append((name, procedure))
            if procedure.when is not None:
                view = context.views[procedure.government]
                self._when[name] = view.compile(procedure.when, {"self": procedure.government})

    def respond(self, signal: Signal) -> None:
        """Starts the procedures that respond to the perceived action, from STARTEX on."""
        action, government = signal.action, self._governments[signal.receiver]
        if not self._context.open or government.seat == "script":
            return
        for name, procedure in self._on.get((government.name, action.option), ()):
            if action.matches(procedure.on) and self._applies(name, procedure):
                self._last[name] = self._context.clock.now
                target = action.actor if procedure.to == "actor" else procedure.to
                at = self._context.clock.now + procedure.after
                self._context.clock.at(at, EFFECT, self._carry_out, government, name, procedure, target, signal.seq)

    def _applies(self, name: str, procedure: Procedure) -> bool:
        """Whether the cool-down is over, the condition is true and chance decides for it."""
        last = self._last.get(name)
        if last is not None and self._context.clock.now - last < procedure.cool_down:
            return False
        if name in self._when and not self._context.views[procedure.government].ask(self._when[name]):
            return False
        ordinal = self._count.get(name, 0)
        self._count[name] = ordinal + 1
        return procedure.chance >= 1.0 or self._context.draws.uniform("procedure", name, ordinal) < procedure.chance

    def _carry_out(self, government: Actor, name: str, procedure: Procedure, target: str | None, seq: int) -> None:
        reason = self._feasibility.obstacle(government, Candidate(procedure.does, target))
        if reason:
            data = {"option": procedure.does, "target": target, "reason": reason, "procedure": name}
            self._context.log.write("order.cancelled", government.name, procedure.does, (seq,), data)
            return
        self._actions.do(
            government.name, procedure.does, target, source="procedure", cause=(seq,), why=f"{name}: {procedure.title}"
        )
