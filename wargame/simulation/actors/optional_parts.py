"""The parts of an exercise that exist only if the scenario declares their mechanism; plans and visits are here.

`docs/explanation/optional-mechanisms.md` has the equations.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wargame.decision.menu import Candidate
from wargame.numbers.minor_acts import MinorActs
from wargame.scenario.model import Plan, Visits
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.government import Governments
from wargame.simulation.actors.orders import BY_MODEL
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.context import Action, RunContext
from wargame.simulation.mechanisms.actions import Actions
from wargame.simulation.mechanisms.demands import Demands
from wargame.simulation.mechanisms.history import RoutineActs, UnnamedActs
from wargame.tables import by_key

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
        self._past: list[Action] = []
        """The actions of the history, until STARTEX."""
        plans = sorted(context.scenario.plans.items())
        self._begun_by = by_key((option, (name, spec)) for name, spec in plans for option in {*spec.begins.options})

    def begin(self) -> None:
        """Continue at STARTEX, with a warm start, a series that the history shows under way."""
        for name, spec in sorted(self._context.scenario.plans.items()):
            for actor in spec.by:
                if self._governments[actor].seat == "model":
                    self._inherit(name, spec, actor)
        self._past = []

    def acted(self, action: Action) -> None:
        """Begin a plan with an action that the model decided on; keep actions of the history for STARTEX."""
        if not self._context.open:
            self._past += [action] if self._context.rules.warm_start and action.source == "history" else []
            return
        for name, spec in self._begun_by.get(action.option, ()) if action.source == BY_MODEL else ():
            key = (action.actor, name)
            if action.actor in spec.by and key not in self._under_way and action.matches(spec.begins):
                ordinal = self._ordinal(*key)
                if self._context.draws.uniform("plan", f"{action.actor} {name}", ordinal) < spec.chance:
                    self._next_step(self._begin(name, spec, action, ordinal))

    def _ordinal(self, actor: str, name: str) -> int:
        self._ordinals[actor, name] = self._ordinals.get((actor, name), -1) + 1
        return self._ordinals[actor, name]

    def _begin(self, name: str, spec: Plan, action: Action, ordinal: int, done: int = 0) -> _UnderWay:
        data = {"plan": name, "title": spec.title, "steps": (list(spec.steps) * spec.rounds)[done:]}
        seq = self._context.log.write("plan.begun", action.actor, name, (action.seq,), data)
        plan = _UnderWay(name, spec, action.actor, action.target, ordinal, action.time, seq, done)
        self._under_way[action.actor, name] = plan
        return plan

    def _inherit(self, name: str, spec: Plan, actor: str) -> None:
        """Follow the actions of the history as plans that began with them, and continue the last one if it is open.

        An action begins a plan with its `chance` unless one is under way, whose steps are then the next actions of the
        same options. A step that would have been due before STARTEX, and did not happen, ends the plan.
        """
        first, last, done, total = None, 0, 0, len(spec.steps) * spec.rounds
        own = [each for each in self._past if each.actor == actor and each.time >= self._context.now - spec.within]
        for place, action in enumerate(own):
            if first is not None and action.option == spec.steps[done % len(spec.steps)]:
                done, last = done + 1, action.time
                first = first if done < total else None
            elif first is None and action.matches(spec.begins):
                begun = self._context.draws.uniform("plan warm", f"{actor} {name}", place) < spec.chance
                first, last, done = (action if begun else None), action.time, 0
        if first is not None:
            low, mode, high = spec.spacing
            wait = round(self._context.draws.triangular(low, mode, high, "plan warm spacing", f"{actor} {name}", done))
            if last + wait >= self._context.now:
                plan = self._begin(name, spec, first, self._ordinal(actor, name), done)
                self._context.clock.at(last + wait, EFFECT, self._carry_out, plan)

    def _next_step(self, plan: _UnderWay) -> None:
        low, mode, high = plan.spec.spacing
        who = f"{plan.actor} {plan.name}"
        wait = round(self._context.draws.triangular(low, mode, high, "plan spacing", who, plan.ordinal, plan.step))
        option = plan.spec.steps[plan.step % len(plan.spec.steps)]
        due = self._context.working_time(plan.actor, option, self._context.now + wait)
        self._context.clock.at(due, EFFECT, self._carry_out, plan)

    def _carry_out(self, plan: _UnderWay) -> None:
        """Appraise the next step again, and carry it out or end the plan."""
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
        if obstacle := self._feasibility.obstacle(government, candidate, cooling=False):
            self._end(plan, "abandoned", obstacle)
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


class VisitEffects:
    """The visits of a run."""

    def __init__(
        self, context: RunContext, governments: Governments, demands: Demands, feasibility: Feasibility, rules: Visits
    ) -> None:
        self._context, self._governments, self._demands = context, governments, demands
        self._feasibility, self._rules = feasibility, rules
        self.options = {*rules.stays, *rules.after}
        """Options that begin a visit."""

    def acted(self, action: Action) -> None:
        """Begin a visit, which may lead to commitments of both."""
        if action.target is None or action.target == action.actor:
            return
        stay = self._rules.stays.get(action.option)
        if stay is not None:
            for each in (action.actor, action.target):
                self._context.together[each] = max(self._context.together.get(each, 0), action.time + stay)
        if action.option in self._rules.after and action.success and self._context.open:
            # Each takes the commitment with its highest score; one side alone commits itself to nothing.
            pairs = ((action.actor, action.target), (action.target, action.actor))
            taken = [self._best(who, other) for who, other in pairs]
            for (who, other), candidate in zip(pairs, taken, strict=True):
                if None not in taken and candidate is not None:
                    within = self._rules.within
                    self._demands.commit(who, other, candidate.option, candidate.target, within, action.seq)

    def _best(self, who: str, other: str) -> Candidate | None:
        """Return the feasible commitment with the highest score; None below the margin, or if a person decides.

        A promise names what its giver does towards the other government, or without a target: never a concession to
        a third one.
        """
        government = self._governments[who]
        if government.seat != "model":
            return None
        best: tuple[float, Candidate] | None = None
        for menu in government.menus.values():
            for option in self._rules.commitments:
                for i in menu.of_option.get(option, ()):
                    candidate = menu.candidates[i]
                    if candidate.target not in (None, other) or self._feasibility.obstacle(government, candidate):
                        continue
                    gain = government.gain(candidate)
                    if gain is not None and gain >= -self._rules.margin and (best is None or gain > best[0]):
                        best = gain, candidate
        return best[1] if best is not None else None


OPTIONAL = frozenset(
    {RoutineActs.__name__, MinorActs.__name__, Plans.__name__, UnnamedActs.__name__, VisitEffects.__name__}
)
"""Their names: entries of the tables of consequences that are left out without them."""


def optional_parts(
    context: RunContext, governments: Governments, actions: Actions, feasibility: Feasibility, demands: Demands
) -> Iterator[RoutineActs | Plans | UnnamedActs | VisitEffects]:
    """Yield the optional parts of a run."""
    if context.rules.routine is not None:
        yield RoutineActs(context, context.rules.routine)
    if context.scenario.plans:
        yield Plans(context, governments, actions, feasibility)
    if context.rules.unnamed is not None:
        yield UnnamedActs(context, context.rules.unnamed)
    if context.rules.visits is not None:
        yield VisitEffects(context, governments, demands, feasibility, context.rules.visits)
