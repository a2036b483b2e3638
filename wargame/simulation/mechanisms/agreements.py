"""Agreements between governments: their states (`state_tables.AGREEMENT`), and what keeping one is worth."""

from dataclasses import dataclass, field
from math import sqrt

from wargame.decision.menu import Candidate, slot_of
from wargame.numbers.levels import FormulaCode
from wargame.numbers.signals import Signal
from wargame.numbers.totals import total
from wargame.scenario.model import Agreement
from wargame.scenario.model.governments import TermMove
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.context import Action, Actor, RunContext
from wargame.simulation.kernel.state_tables import AGREEMENT, AgreementState
from wargame.simulation.mechanisms.actions import Effects

_A = AgreementState
_SHOWN = (_A.OFFERED, _A.IN_FORCE, _A.VERIFIED, _A.BROKEN)
"""States that conditions can read, as indicators of the same name."""
_BINDING = (_A.IN_FORCE, _A.VERIFIED)


@dataclass(slots=True)
class _Terms:
    spec: Agreement
    state: AgreementState = _A.NONE
    offered_by: str = ""
    accepted: set[str] = field(default_factory=set)
    offers: int = 0
    given_up: dict[str, float] = field(default_factory=dict)
    proven: bool = False
    """Whether it has been verified since it entered into force: its effects then apply once only."""


class Agreements:
    """All agreements of a run."""

    def __init__(self, context: RunContext, effects: Effects) -> None:
        self._context, self._effects = context, effects
        self._terms = {name: _Terms(spec) for name, spec in sorted(context.scenario.agreements.items())}
        self.changed: set[str] = set()
        """The agreements about which `allows` or `ruling_out` may give another answer. `Feasibility` clears it."""
        layout = context.world.layout
        self._proofs = {
            name: {slot_of(layout, path, {}): variance for path, variance in sorted(terms.spec.proof.items())}
            for name, terms in self._terms.items()
            if terms.spec.proof
        }

        self._programs: dict[tuple[str, str], FormulaCode] = {}
        """Government and formula of a benefit -> its program."""
        self._binding: list[str] = []
        """The agreements that are in force."""
        self.in_question: list[str] = []
        """The binding agreements that reports verify or put in doubt."""

    def allows(self, move: TermMove, actor: str) -> bool:
        """Return whether this government can make the move now."""
        terms = self._terms[move.name]
        if actor not in terms.spec.parties or (terms.state, move.move) not in AGREEMENT:
            return False
        if move.move == "accept":
            return actor not in terms.accepted
        return move.move != "withdraw" or actor == terms.offered_by

    def ruling_out(self, actor: str, candidate: Candidate) -> tuple[str, str]:
        """Return an agreement in force that rules the action out, and the party bound, its actor or a host; or ""."""
        option, target = candidate
        bound = self._context.scenario.options[option].bound_with(actor, target) if self._binding else ()
        for name in self._binding:
            for party in bound:
                if option in self._terms[name].spec.rules_out.get(party, ()):
                    return name, party
        return "", ""

    def worth(self, name: str, government: Actor) -> float:
        """Return benefits minus the cost of concessions, over the horizon, in score; in force, the cost at entry."""
        terms = self._terms[name]
        benefit = self._benefit(terms.spec, government.name)
        if terms.spec.caution:
            # The standard deviations of its estimates of the proofs, in units of their ranges.
            spreads = (self._spread(government.name, slot) for slot in self._proofs.get(name, ()))
            benefit -= terms.spec.caution * total(map(sqrt, spreads))
        if terms.state in _BINDING:
            return benefit - terms.given_up.get(government.name, 0.0)
        return benefit - self._given_up(terms.spec, government)

    def _given_up(self, spec: Agreement, government: Actor) -> float:
        options = spec.rules_out.get(government.name, ())
        return government.habits.given_up(options, government.leader.horizon, self._context.clock.now)

    def _benefit(self, spec: Agreement, government: str) -> float:
        benefit = spec.benefits.get(government, 0.0)
        if not isinstance(benefit, str):
            return float(benefit)
        view = self._context.views[government]
        key = government, benefit
        program = self._programs.get(key) or self._programs.setdefault(key, view.program(benefit))
        return view.value_of(program)

    def _spread(self, government: str, slot: int) -> float:
        """Return the variance of its estimate, in units of the indicator's range squared; 0 for what it knows."""
        world, spec = self._context.world, self._context.world.slots[slot]
        belief = world.beliefs.get((government, slot))
        return world.value(belief[1]) / (spec.high - spec.low) ** 2 if belief is not None else 0.0

    def check_proofs(self, signal: Signal) -> None:
        """Verify an agreement, or put it in doubt: reports may have narrowed estimates, time has widened them."""
        for name in tuple(self.in_question):
            terms = self._terms[name]
            event = "verify" if terms.state == _A.IN_FORCE else "doubt"
            proofs, parties = self._proofs[name].items(), terms.spec.parties
            if all(self._spread(p, slot) < least for slot, least in proofs for p in parties) == (event == "verify"):
                self._take(name, terms, event, "", (signal.seq,))

    def moved(self, action: Action) -> None:
        """Take an action that is a move. A move that the state does not allow, as in history, changes nothing."""
        move = action.spec.agreement
        if move is None or not self.allows(move, action.actor):
            return
        if move.move == "verify" and move.name in self._proofs:
            return  # it is verified by reports alone
        terms = self._terms[move.name]
        self._take(move.name, terms, move.move, action.actor, (action.seq,))
        if move.move == "offer":
            terms.offered_by, terms.accepted = action.actor, {action.actor}
            terms.offers += 1
            until = self._context.now + terms.spec.holds
            self._context.clock.at(until, EFFECT, self._lapse, move.name, terms, terms.offers)
            for party in sorted(terms.spec.rules_out):
                if party != action.actor and (wait := terms.spec.answers) is not None:
                    self._context.governments[party].invite(action.spec.dossier, action.seq, wait)
        elif move.move == "accept":
            terms.accepted.add(action.actor)
        elif move.move == "break":
            terms.given_up.clear()
        assenting = terms.spec.parties if terms.spec.assent == "parties" else terms.spec.rules_out
        if terms.state == _A.OFFERED and terms.accepted.issuperset(assenting):
            self._enter(move.name, terms, action)

    def _enter(self, name: str, terms: _Terms, action: Action) -> None:
        for party in sorted(terms.spec.rules_out):
            terms.given_up[party] = self._given_up(terms.spec, self._context.governments[party])
        terms.proven = False
        self._take(name, terms, "enter", action.actor, (action.seq,))
        for party, effects in sorted(terms.spec.gives.items()):
            if party in terms.accepted:
                self._effects.apply((name, "gives", party), effects, {})
        for party in terms.spec.parties:
            self._context.governments[party].review_orders(terms.spec.parties, "agreement")

    def _lapse(self, name: str, terms: _Terms, offer: int) -> None:
        if terms.state == _A.OFFERED and terms.offers == offer:
            self._take(name, terms, "lapse", "", ())

    def _take(self, name: str, terms: _Terms, event: str, who: str, cause: tuple[int, ...]) -> None:
        """Take an event: next state, indicators, record, effects."""
        before, terms.state = terms.state, AGREEMENT[terms.state, event]
        self.changed.add(name)
        self._binding = [each for each, its in self._terms.items() if its.state in _BINDING]
        self.in_question[:] = [each for each in self._binding if each in self._proofs]
        world = self._context.world
        for state in _SHOWN:
            applies = state == terms.state or (state == _A.IN_FORCE and terms.state == _A.VERIFIED)
            world.put(world.slot(state, (name,)), float(applies))
        data = {"from": before, "to": terms.state, "event": event, "title": terms.spec.title}
        self._context.log.write("agreement", who, name, cause, data)
        if terms.state != before and event != "doubt" and not (event == "verify" and terms.proven):
            terms.proven = terms.proven or event == "verify"
            spec = terms.spec
            effects = {_A.IN_FORCE: spec.in_force, _A.VERIFIED: spec.verified, _A.BROKEN: spec.broken}
            self._effects.apply((name, terms.state), effects.get(terms.state, {}), {})
