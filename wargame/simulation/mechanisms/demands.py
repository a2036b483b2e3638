"""The life of a demand: put by an action, met or refused, and the sender's promise or threat, kept or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.demands import DONE, OPEN, OWED, SETTLED, ActiveDemand
from wargame.simulation.kernel.clock import EFFECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wargame.simulation.kernel.actor import Actor
    from wargame.simulation.kernel.consequences import Action, Signal
    from wargame.simulation.kernel.context import RunContext

NOTICE = 10
"""The addressee meets again when 1/NOTICE of the time is left. Judgement."""


class Demands:
    """Follows the demands of a run, from the sender's action to the end of what it promised or threatened."""

    def __init__(self, context: RunContext, governments: Mapping[str, Actor]) -> None:
        self._context, self._governments = context, governments

    def acted(self, action: Action) -> None:
        """An action may meet a demand, keep a promise, carry out a threat or put the demands of its actor's stage."""
        for demand in self._context.demands.answered_by(action.actor, action.option, action.target):
            if demand.state == OPEN:
                demand.state, demand.action = DONE, action.seq
            else:
                self._keep_word(demand, action)
        if self._context.scenario.options[action.option].demands:
            self._put(action)

    # --- putting a demand ----------------------------------------------------------------------

    def _put(self, action: Action) -> None:
        stage = self._governments[action.actor].current_stage()
        for spec in stage.demands if stage else ():
            if spec.of != action.target and action.target is not None:
                continue
            demand = self._context.demands.make(action.actor, spec, action.time + spec.within, action.seq)
            if demand is not None:
                self._announce(demand)

    def _announce(self, demand: ActiveDemand) -> None:
        context, spec = self._context, demand.ask
        data = {
            "of": spec.of,
            "wants": list(spec.wants),
            "inducement": spec.inducement,
            "threat": spec.threat,
            "until": demand.until,
        }
        demand.cause = context.log.write("demand", demand.asker, spec.of, (demand.cause,), data)
        context.clock.at(demand.until, EFFECT, self._expire, demand)
        context.clock.at(demand.until - spec.within // NOTICE, EFFECT, self._remind, demand)
        self._summon_addressee(demand, "demand", None)

    def _remind(self, demand: ActiveDemand) -> None:
        if demand.state == OPEN:
            self._summon_addressee(demand, "deadline", demand.until)

    def _summon_addressee(self, demand: ActiveDemand, reason: str, deadline: int | None) -> None:
        addressee = self._governments[demand.ask.of]
        for dossier in sorted({self._context.scenario.options[o].dossier for o in demand.ask.wants}):
            addressee.summon(dossier, reason, demand.cause, deadline=deadline)

    # --- settling it ---------------------------------------------------------------------------

    def learned(self, signal: Signal) -> None:
        """The sender learns that its demand was met."""
        for demand in self._context.demands.done_by(signal.receiver, signal.action.seq):
            demand.met = True
            self._settle(demand, "met", signal.seq, owes=demand.ask.inducement)

    def _expire(self, demand: ActiveDemand) -> None:
        if demand.state == OPEN:
            self._settle(demand, "refused", demand.cause, owes=demand.ask.threat)

    def _settle(self, demand: ActiveDemand, how: str, cause: int, owes: str | None) -> None:
        """The demand is met or refused: the sender now owes its inducement or its threat, or nothing."""
        demand.owes = owes
        seq = self._record(demand, how, cause)
        if owes is None:
            self._context.demands.settle(demand)
            return
        demand.state, demand.cause = OWED, seq
        due = self._context.now + self._context.rules.inducement_time
        self._context.clock.at(due, EFFECT, self._break_word, demand)
        self._governments[demand.asker].summon(self._context.scenario.options[owes].dossier, "deadline", seq)

    def _keep_word(self, demand: ActiveDemand, action: Action) -> None:
        self._record(demand, "paid" if demand.met else "carried_out", action.seq)
        self._move_credibility(demand, 1.0)
        self._context.demands.settle(demand)

    def _break_word(self, demand: ActiveDemand) -> None:
        if demand.state == SETTLED:
            return
        self._record(demand, "unpaid" if demand.met else "empty", demand.cause)
        self._move_credibility(demand, 0.0)
        context = self._context
        if context.rules.audience is not None:
            slot = context.world.slot(context.rules.audience, (demand.asker,))
            context.world.nudge(slot, -context.rules.audience_cost)
        context.demands.settle(demand)

    def _move_credibility(self, demand: ActiveDemand, towards: float) -> None:
        world = self._context.world
        slot = world.slot("credibility", (demand.asker, demand.ask.of))
        value = world.value(slot)
        world.put(slot, value + self._context.rules.credibility_rate * (towards - value))

    def _record(self, demand: ActiveDemand, how: str, cause: int) -> int:
        data = {"how": how, "of": demand.ask.of, "wants": list(demand.ask.wants), "owes": demand.owes}
        causes = dict.fromkeys((cause, demand.cause))
        return self._context.log.write("demand.settled", demand.asker, demand.ask.of, causes, data)
