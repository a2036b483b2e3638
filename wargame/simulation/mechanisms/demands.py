"""How asks live: put by an action, met or refused, and the word that the asker then keeps or breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.demands import DONE, OPEN, OWED, SETTLED, ActiveDemand
from wargame.simulation.kernel.clock import EFFECT

if TYPE_CHECKING:
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.kernel.context import Action, RunContext

NOTICE = 10
"""The asked one meets again when 1/NOTICE of the time is left. Judgement."""


class Asking:
    """Follows the asks of a run."""

    def __init__(self, context: RunContext, governments: dict[str, GovernmentProcess]) -> None:
        self._context, self._governments = context, governments
        context.hooks.action.append(self._done)
        context.hooks.learned.append(self._learned)

    def _done(self, action: Action) -> None:
        for standing in self._context.demands.answered_by(action.actor, action.option, action.target):
            if standing.state == OPEN:
                standing.state, standing.action = DONE, action.seq
            else:
                self._kept(standing, action)
        if self._context.scenario.options[action.option].demands:
            self._put(action)

    # --- putting an ask ------------------------------------------------------------------------

    def _put(self, action: Action) -> None:
        leadership = self._governments[action.actor].leadership
        stage = leadership.current_stage() if leadership else None
        for ask in stage.demands if stage else ():
            if ask.of != action.target and action.target is not None:
                continue
            standing = self._context.demands.make(action.actor, ask, action.time + ask.within, action.seq)
            if standing is not None:
                self._announce(standing)

    def _announce(self, standing: ActiveDemand) -> None:
        context, ask = self._context, standing.ask
        data = {
            "of": ask.of,
            "wants": list(ask.wants),
            "inducement": ask.inducement,
            "threat": ask.threat,
            "until": standing.until,
        }
        standing.cause = context.log.write("demand", standing.asker, ask.of, (standing.cause,), data)
        context.clock.at(standing.until, EFFECT, self._expire, standing)
        context.clock.at(standing.until - ask.within // NOTICE, EFFECT, self._remind, standing)
        self._call(standing, "demand", None)

    def _remind(self, standing: ActiveDemand) -> None:
        if standing.state == OPEN:
            self._call(standing, "deadline", standing.until)

    def _call(self, standing: ActiveDemand, reason: str, deadline: int | None) -> None:
        asked = self._governments[standing.ask.of]
        for dossier in sorted({self._context.scenario.options[o].dossier for o in standing.ask.wants}):
            asked.call(dossier, reason, standing.cause, deadline=deadline)

    # --- what comes of it ----------------------------------------------------------------------

    def _learned(self, who: str, action: Action, seq: int) -> None:
        """The asker hears that what it asked for was done."""
        for standing in self._context.demands.done_by(who, action.seq):
            standing.met = True
            self._settle(standing, "met", seq, owes=standing.ask.inducement)

    def _expire(self, standing: ActiveDemand) -> None:
        if standing.state == OPEN:
            self._settle(standing, "refused", standing.cause, owes=standing.ask.threat)

    def _settle(self, standing: ActiveDemand, how: str, cause: int, owes: str | None) -> None:
        """The ask is met or refused: the asker now owes its carrot or its threat, or nothing."""
        standing.owes = owes
        seq = self._tell(standing, how, cause)
        if owes is None:
            self._context.demands.settle(standing)
            return
        standing.state, standing.cause = OWED, seq
        due = self._context.now + self._context.rules.inducement_time
        self._context.clock.at(due, EFFECT, self._break, standing)
        self._governments[standing.asker].call(self._context.scenario.options[owes].dossier, "deadline", seq)

    def _kept(self, standing: ActiveDemand, action: Action) -> None:
        self._tell(standing, "paid" if standing.met else "carried_out", action.seq)
        self._move_credibility(standing, 1.0)
        self._context.demands.settle(standing)

    def _break(self, standing: ActiveDemand) -> None:
        if standing.state == SETTLED:
            return
        self._tell(standing, "unpaid" if standing.met else "empty", standing.cause)
        self._move_credibility(standing, 0.0)
        context = self._context
        if context.rules.audience is not None:
            slot = context.world.slot(context.rules.audience, (standing.asker,))
            context.world.nudge(slot, -context.rules.audience_cost)
        context.demands.settle(standing)

    def _move_credibility(self, standing: ActiveDemand, towards: float) -> None:
        world = self._context.world
        slot = world.slot("credibility", (standing.asker, standing.ask.of))
        value = world.value(slot)
        world.put(slot, value + self._context.rules.credibility_rate * (towards - value))

    def _tell(self, standing: ActiveDemand, how: str, cause: int) -> int:
        data = {"how": how, "of": standing.ask.of, "wants": list(standing.ask.wants), "owes": standing.owes}
        causes = dict.fromkeys((cause, standing.cause))
        return self._context.log.write("demand.settled", standing.asker, standing.ask.of, causes, data)
