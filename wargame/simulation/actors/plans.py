"""Plans: several actions that a government carries out one after the other (docs/explanation/model.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.decision.menu import Candidate
from wargame.simulation.actors.orders import BY_MODEL
from wargame.simulation.kernel.clock import EFFECT

if TYPE_CHECKING:
    from wargame.scenario.model import Plan
    from wargame.simulation.actors.feasibility import Feasibility
    from wargame.simulation.actors.governments import Governments
    from wargame.simulation.kernel.consequences import Action
    from wargame.simulation.kernel.context import RunContext
    from wargame.simulation.mechanisms.actions import Actions

BY_PLAN = "plan"
"""The source of an action that is a step of a plan."""


@dataclass(slots=True, eq=False)
class _UnderWay:
    """A plan that a government carries out: `target` is that of the action that began it, `seq` its record."""

    name: str
    spec: Plan
    actor: str
    target: str | None
    ordinal: int
    began: int
    seq: int
    step: int = 0


class Plans:
    """The plans of a run. A government carries out each plan at most once at a time."""

    def __init__(
        self, context: RunContext, governments: Governments, actions: Actions, feasibility: Feasibility
    ) -> None:
        self._context, self._governments = context, governments
        self._actions, self._feasibility = actions, feasibility
        self._under_way: dict[tuple[str, str], _UnderWay] = {}
        self._ordinals: dict[tuple[str, str], int] = {}

    def begin(self) -> None:
        """STARTEX: nothing is under way."""

    def acted(self, action: Action) -> None:
        """An action that the model decided on may be the first of a plan."""
        if action.source != BY_MODEL or not self._context.open:
            return
        for name, spec in sorted(self._context.scenario.plans.items()):
            key = (action.actor, name)
            if action.actor in spec.by and key not in self._under_way and action.matches(spec.begins):
                ordinal = self._ordinals.get(key, 0)
                self._ordinals[key] = ordinal + 1
                if self._context.draws.uniform("plan", f"{action.actor} {name}", ordinal) < spec.chance:
                    self._begin(name, spec, action, ordinal)

    def _begin(self, name: str, spec: Plan, action: Action, ordinal: int) -> None:
        data = {"plan": name, "title": spec.title, "steps": list(spec.steps) * spec.rounds}
        seq = self._context.log.write("plan.begun", action.actor, name, (action.seq,), data)
        plan = _UnderWay(name, spec, action.actor, action.target, ordinal, self._context.now, seq)
        self._under_way[action.actor, name] = plan
        self._next_step(plan)

    def _next_step(self, plan: _UnderWay) -> None:
        low, mode, high = plan.spec.spacing
        who = f"{plan.actor} {plan.name}"
        wait = round(self._context.draws.triangular(low, mode, high, "plan spacing", who, plan.ordinal, plan.step))
        self._context.clock.at(self._context.now + wait, EFFECT, self._carry_out, plan)

    def _carry_out(self, plan: _UnderWay) -> None:
        """Appraises the next step again, and carries it out or ends the plan."""
        government = self._governments[plan.actor]
        if government.seat != "model":
            self._end(plan, "abandoned", "another decides for the government")
            return
        if self._context.now > plan.began + plan.spec.within:
            self._end(plan, "overdue", "its time is over")
            return
        option = plan.spec.steps[plan.step % len(plan.spec.steps)]
        spec = self._context.scenario.options[option]
        candidate = Candidate(option, plan.target if plan.target in spec.to else None)
        blocker = self._feasibility.blocker(government, candidate, cooling=False)
        if blocker is not None:
            self._end(plan, "abandoned", blocker.message)
            return
        gain = government.gain(candidate)
        if gain is not None and gain < -plan.spec.margin:
            self._end(plan, "abandoned", f"the score of its next step is {gain:+.2f} above waiting")
            return
        plan.step += 1
        self._actions.do(plan.actor, option, candidate.target, source=BY_PLAN, cause=(plan.seq,))
        if plan.step >= len(plan.spec.steps) * plan.spec.rounds:
            self._end(plan, "finished", "")
        else:
            self._next_step(plan)

    def _end(self, plan: _UnderWay, how: str, reason: str) -> None:
        del self._under_way[plan.actor, plan.name]
        data = {"plan": plan.name, "title": plan.spec.title, "how": how, "done": plan.step, "reason": reason}
        self._context.log.write("plan.ended", plan.actor, plan.name, (plan.seq,), data)
