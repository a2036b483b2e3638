"""Agreements between governments: offered, in force, verified, broken; and what they are worth to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING

from wargame.decision.menu import slot_of
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.state_tables import AGREEMENT, allows, turn
from wargame.world.beliefs import estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wargame.scenario.model import Agreement, Effect, TermMove
    from wargame.simulation.actors.government import Government
    from wargame.simulation.kernel.context import Deed, Theatre
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

    def __init__(self, theatre: Theatre, effects: Effects) -> None:
        self._theatre, self._effects = theatre, effects
        self._terms = {name: _Terms(spec) for name, spec in sorted(theatre.scenario.agreements.items())}
        self._benefits: dict[tuple[str, str], Compiled] = {}
        self.governments: dict[str, Government] = {}
        self.version = 0
        layout = theatre.world.layout
        self._proofs = {
            name: {slot_of(layout, path, {}): variance for path, variance in sorted(terms.spec.proof.items())}
            for name, terms in self._terms.items()
            if terms.spec.proof
        }
        theatre.hooks.deed.append(self.moved)
        if self._proofs:
            theatre.hooks.heard.append(self._heard)

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

    def worth(self, name: str, government: Government) -> float:
        """Benefits less what is given up over the horizon, in units of score; at the remembered rate once in force."""
        terms = self._terms[name]
        benefit = self._benefit(name, terms.spec, government.name)
        if terms.spec.caution:
            benefit -= terms.spec.caution * self._doubt(name, government.name)
        if terms.state in ("in_force", "verified"):
            return benefit - terms.given_up.get(government.name, 0.0)
        return benefit - self._given_up(terms.spec, government)

    def _given_up(self, spec: Agreement, government: Government) -> float:
        assert government.leadership is not None
        options = spec.rules_out.get(government.name, ())
        return government.habits.given_up(options, government.leadership.leader.horizon, self._theatre.now)

    def _benefit(self, name: str, spec: Agreement, government: str) -> float:
        benefit = spec.benefits.get(government, 0.0)
        if not isinstance(benefit, str):
            return float(benefit)
        key = (name, government)
        if key not in self._benefits:
            self._benefits[key] = self._theatre.views[government].compile(benefit)
        return self._theatre.views[government].ask(self._benefits[key])

    # --- proof ---------------------------------------------------------------------------------

    def _spread(self, government: str, slot: int) -> float:
        """The variance of its estimate in shares of the range squared; 0 of what it knows."""
        spec = self._theatre.world.slots[slot]
        return estimate(self._theatre.world, government, slot)[1] / (spec.high - spec.low) ** 2

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

    def moved(self, deed: Deed) -> None:
        """A deed may be a move; one that its state does not allow (in the record, say) changes nothing."""
        move = self._theatre.scenario.options[deed.option].agreement
        if move is None or not self.allows(move, deed.actor):
            return
        if move.move == "verify" and move.name in self._proofs:
            return  # its reports say whether it is
        terms = self._terms[move.name]
        self._turn(move.name, terms, move.move, deed)
        if move.move == "offer":
            self._offer(move.name, terms, deed.actor)
        elif move.move == "accept":
            terms.accepted.add(deed.actor)
        elif move.move == "break":
            terms.given_up.clear()
        if terms.state == "offered" and terms.accepted >= set(terms.spec.rules_out):
            self._enter(move.name, terms, deed)

    def _offer(self, name: str, terms: _Terms, actor: str) -> None:
        terms.offered_by, terms.accepted = actor, {actor}
        terms.offers += 1
        self._theatre.clock.at(self._theatre.now + terms.spec.holds, EFFECT, self._lapse, name, terms, terms.offers)

    def _enter(self, name: str, terms: _Terms, deed: Deed) -> None:
        for party in sorted(terms.spec.rules_out):
            terms.given_up[party] = self._given_up(terms.spec, self.governments[party])
        terms.proven = False
        self._turn(name, terms, "enter", deed)

    def _lapse(self, name: str, terms: _Terms, offer: int) -> None:
        if terms.state == "offered" and terms.offers == offer:
            self._turn(name, terms, "lapse", None)

    def _turn(self, name: str, terms: _Terms, event: str, deed: Deed | None, signal: int | None = None) -> None:
        before, terms.state = terms.state, turn(AGREEMENT, terms.state, event)
        self.version += 1
        world = self._theatre.world
        for state in _STATES:
            holds = state == terms.state or (state == "in_force" and terms.state == "verified")
            world.put(world.slot(state, (name,)), float(holds))
        cause, who = ((deed.seq,), deed.actor) if deed else (() if signal is None else (signal,), "")
        self._theatre.log.write(
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
