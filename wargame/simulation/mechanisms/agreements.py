"""Agreements between governments: offered, in force, verified, broken; and what they are worth to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING

from wargame.decision.menu import slot_of
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.state_tables import AGREEMENT, allows, next_state
from wargame.world.beliefs import estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wargame.scenario.model import Agreement, Effect, TermMove
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.kernel.context import Action, RunContext
    from wargame.simulation.mechanisms.actions import Effects
    from wargame.world.layout import Compiled

_STATES = ("offered", "in_force", "verified", "broken")


@dataclass(slots=True)
class _Terms:
    spec: Agreement
    state: str = "none"
    offered_by: str = ""
    accepted: set[str] = field(default_factory=set)
    offers: int = 0
    given_up: dict[str, float] = field(default_factory=dict)
    proven: bool = False
    """Whether it has been verified once since it entered into force."""


class Agreements:
    """All agreements of a run."""

    def __init__(self, context: RunContext, effects: Effects) -> None:
        self._context, self._effects = context, effects
        self._terms = {name: _Terms(spec) for name, spec in sorted(context.scenario.agreements.items())}
        self._benefits: dict[tuple[str, str], Compiled] = {}
        self.governments: dict[str, GovernmentProcess] = {}
        self.version = 0
        layout = context.world.layout
        self._proofs = {
            name: {slot_of(layout, path, {}): variance for path, variance in sorted(terms.spec.proof.items())}
            for name, terms in self._terms.items()
            if terms.spec.proof
        }
        context.hooks.action.append(self.moved)
        if self._proofs:
            context.hooks.heard.append(self._heard)

    def allows(self, move: TermMove, actor: str) -> bool:
        """Whether this government can make the move now."""
        terms = self._terms[move.name]
        if actor not in terms.spec.parties or not allows(AGREEMENT, terms.state, move.move):
            return False
        if move.move == "accept":
            return actor not in terms.accepted
        return move.move != "withdraw" or actor == terms.offered_by

    def ruling_out(self, actor: str, option: str) -> str:
        """The agreement in force under which the government has given this option up; empty if none."""
        for name, terms in self._terms.items():
            if terms.state in ("in_force", "verified") and option in terms.spec.rules_out.get(actor, ()):
                return name
        return ""

    def worth(self, name: str, government: GovernmentProcess) -> float:
        """Benefits less what is given up over the horizon, in units of score; at the remembered rate once in force."""
        terms = self._terms[name]
        benefit = self._benefit(name, terms.spec, government.name)
        if terms.spec.caution:
            benefit -= terms.spec.caution * self._doubt(name, government.name)
        if terms.state in ("in_force", "verified"):
            return benefit - terms.given_up.get(government.name, 0.0)
        return benefit - self._given_up(terms.spec, government)

    def _given_up(self, spec: Agreement, government: GovernmentProcess) -> float:
        assert government.leadership is not None
        options = spec.rules_out.get(government.name, ())
        return government.habits.given_up(options, government.leadership.leader.horizon, self._context.now)

    def _benefit(self, name: str, spec: Agreement, government: str) -> float:
        benefit = spec.benefits.get(government, 0.0)
        if not isinstance(benefit, str):
            return float(benefit)
        key = (name, government)
        if key not in self._benefits:
            self._benefits[key] = self._context.views[government].compile(benefit)
        return self._context.views[government].ask(self._benefits[key])

    # --- proof ---------------------------------------------------------------------------------

    def _spread(self, government: str, slot: int) -> float:
        """The variance of its estimate in shares of the range squared; 0 of what it knows."""
        spec = self._context.world.slots[slot]
        return estimate(self._context.world, government, slot)[1] / (spec.high - spec.low) ** 2

    def _doubt(self, name: str, government: str) -> float:
        """The standard deviations of its estimates of what the terms rest on, in shares of the range, summed."""
        return sum(sqrt(self._spread(government, slot)) for slot in self._proofs.get(name, ()))

    def _proven(self, name: str) -> bool:
        parties = self._terms[name].spec.parties
        return all(self._spread(p, slot) < least for slot, least in self._proofs[name].items() for p in parties)

    def _heard(self, _: str, seq: int) -> None:
        """After each signal: reports may have narrowed the estimates, time has widened them."""
        for name in self._proofs:
            terms = self._terms[name]
            if terms.state in ("in_force", "verified"):
                event = {"in_force": "verify", "verified": "doubt"}[terms.state]
                if self._proven(name) == (event == "verify"):
                    self._turn(name, terms, event, None, seq)

    # --- moves ---------------------------------------------------------------------------------

    def moved(self, action: Action) -> None:
        """An action may be a move; one that its state does not allow (in the record, say) changes nothing."""
        move = self._context.scenario.options[action.option].agreement
        if move is None or not self.allows(move, action.actor):
            return
        if move.move == "verify" and move.name in self._proofs:
            return  # its reports say whether it is
        terms = self._terms[move.name]
        self._turn(move.name, terms, move.move, action)
        if move.move == "offer":
            self._offer(move.name, terms, action.actor)
        elif move.move == "accept":
            terms.accepted.add(action.actor)
        elif move.move == "break":
            terms.given_up.clear()
        if terms.state == "offered" and terms.accepted >= set(terms.spec.rules_out):
            self._enter(move.name, terms, action)

    def _offer(self, name: str, terms: _Terms, actor: str) -> None:
        terms.offered_by, terms.accepted = actor, {actor}
        terms.offers += 1
        self._context.clock.at(self._context.now + terms.spec.holds, EFFECT, self._lapse, name, terms, terms.offers)

    def _enter(self, name: str, terms: _Terms, action: Action) -> None:
        for party in sorted(terms.spec.rules_out):
            terms.given_up[party] = self._given_up(terms.spec, self.governments[party])
        terms.proven = False
        self._turn(name, terms, "enter", action)

    def _lapse(self, name: str, terms: _Terms, offer: int) -> None:
        if terms.state == "offered" and terms.offers == offer:
            self._turn(name, terms, "lapse", None)

    def _turn(self, name: str, terms: _Terms, event: str, action: Action | None, signal: int | None = None) -> None:
        before, terms.state = terms.state, next_state(AGREEMENT, terms.state, event)
        self.version += 1
        world = self._context.world
        for state in _STATES:
            holds = state == terms.state or (state == "in_force" and terms.state == "verified")
            world.put(world.slot(state, (name,)), float(holds))
        cause, who = ((action.seq,), action.actor) if action else (() if signal is None else (signal,), "")
        self._context.log.write(
            "agreement",
            who,
            name,
            cause,
            {"from": before, "to": terms.state, "event": event, "title": terms.spec.title},
        )
        if terms.state != before and event != "doubt" and not (event == "verify" and terms.proven):
            terms.proven = terms.proven or event == "verify"
            effects = _effects_of(terms.spec, terms.state)
            self._effects.apply((name, terms.state), effects, {})


def _effects_of(spec: Agreement, state: str) -> Mapping[str, Effect]:
    return {"in_force": spec.in_force, "verified": spec.verified, "broken": spec.broken}.get(state, {})
