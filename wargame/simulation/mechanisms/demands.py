"""How asks live: put by a deed, met or refused, and the word that the asker then keeps or breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.demands import DONE, OPEN, OWED, SETTLED, Standing
from wargame.simulation.kernel.clock import EFFECT

if TYPE_CHECKING:
    from wargame.simulation.actors.government import Government
    from wargame.simulation.kernel.context import Deed, Theatre

NOTICE = 10
"""The asked one meets again when 1/NOTICE of the time is left. Judgement."""


class Asking:
    """Follows the asks of a run."""

    def __init__(self, theatre: Theatre, governments: dict[str, Government]) -> None:
        self._theatre, self._governments = theatre, governments
        theatre.hooks.deed.append(self._done)
        theatre.hooks.learned.append(self._learned)

    def _done(self, deed: Deed) -> None:
        for standing in self._theatre.asks.answered_by(deed.actor, deed.option, deed.target):
            if standing.state == OPEN:
                standing.state, standing.deed = DONE, deed.seq
            else:
                self._kept(standing, deed)
        if self._theatre.scenario.options[deed.option].asks:
            self._put(deed)

    # --- putting an ask ------------------------------------------------------------------------

    def _put(self, deed: Deed) -> None:
        leadership = self._governments[deed.actor].leadership
        stage = leadership.current_stage() if leadership else None
        for ask in stage.asks if stage else ():
            if ask.of != deed.target and deed.target is not None:
                continue
            standing = self._theatre.asks.make(deed.actor, ask, deed.time + ask.within, deed.seq)
            if standing is not None:
                self._announce(standing)

    def _announce(self, standing: Standing) -> None:
        theatre, ask = self._theatre, standing.ask
        data = {
            "of": ask.of,
            "wants": list(ask.wants),
            "carrot": ask.carrot,
            "or_else": ask.or_else,
            "until": standing.until,
        }
        standing.cause = theatre.log.write("ask", standing.asker, ask.of, (standing.cause,), data)
        theatre.clock.at(standing.until, EFFECT, self._expire, standing)
        theatre.clock.at(standing.until - ask.within // NOTICE, EFFECT, self._remind, standing)
        self._call(standing, "ask", None)

    def _remind(self, standing: Standing) -> None:
        if standing.state == OPEN:
            self._call(standing, "deadline", standing.until)

    def _call(self, standing: Standing, reason: str, deadline: int | None) -> None:
        asked = self._governments[standing.ask.of]
        for dossier in sorted({self._theatre.scenario.options[o].dossier for o in standing.ask.wants}):
            asked.call(dossier, reason, standing.cause, deadline=deadline)

    # --- what comes of it ----------------------------------------------------------------------

    def _learned(self, who: str, deed: Deed, seq: int) -> None:
        """The asker hears that what it asked for was done."""
        for standing in self._theatre.asks.done_by(who, deed.seq):
            standing.met = True
            self._settle(standing, "met", seq, owes=standing.ask.carrot)

    def _expire(self, standing: Standing) -> None:
        if standing.state == OPEN:
            self._settle(standing, "refused", standing.cause, owes=standing.ask.or_else)

    def _settle(self, standing: Standing, how: str, cause: int, owes: str | None) -> None:
        """The ask is met or refused: the asker now owes its carrot or its threat, or nothing."""
        standing.owes = owes
        seq = self._tell(standing, how, cause)
        if owes is None:
            self._theatre.asks.settle(standing)
            return
        standing.state, standing.cause = OWED, seq
        due = self._theatre.now + self._theatre.rules.carrot_time
        self._theatre.clock.at(due, EFFECT, self._break, standing)
        self._governments[standing.asker].call(self._theatre.scenario.options[owes].dossier, "deadline", seq)

    def _kept(self, standing: Standing, deed: Deed) -> None:
        self._tell(standing, "paid" if standing.met else "carried_out", deed.seq)
        self._move_credibility(standing, 1.0)
        self._theatre.asks.settle(standing)

    def _break(self, standing: Standing) -> None:
        if standing.state == SETTLED:
            return
        self._tell(standing, "unpaid" if standing.met else "empty", standing.cause)
        self._move_credibility(standing, 0.0)
        theatre = self._theatre
        if theatre.rules.audience is not None:
            slot = theatre.world.slot(theatre.rules.audience, (standing.asker,))
            theatre.world.nudge(slot, -theatre.rules.audience_cost)
        theatre.asks.settle(standing)

    def _move_credibility(self, standing: Standing, towards: float) -> None:
        world = self._theatre.world
        slot = world.slot("credibility", (standing.asker, standing.ask.of))
        value = world.value(slot)
        world.put(slot, value + self._theatre.rules.credibility_rate * (towards - value))

    def _tell(self, standing: Standing, how: str, cause: int) -> int:
        data = {"how": how, "of": standing.ask.of, "wants": list(standing.ask.wants), "owes": standing.owes}
        causes = dict.fromkeys((cause, standing.cause))
        return self._theatre.log.write("ask.settled", standing.asker, standing.ask.of, causes, data)
