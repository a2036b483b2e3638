"""Terms of the score that only some candidates have: demands, kept word, forums, commitments."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from wargame.decision.appraisal import Extras
from wargame.decision.menu import Candidate, EffectTerm, Menu, effect_terms, placeholders
from wargame.scenario.model import Option
from wargame.simulation.kernel.context import PERSON, Actor, RunContext
from wargame.simulation.mechanisms.agreements import Agreements
from wargame.simulation.mechanisms.demands import OPEN, OWED, ActiveDemand, Demands
from wargame.simulation.mechanisms.forums import Forums

WorthOf = Callable[["Option | None", str, "list[EffectTerm]"], float]
"""The worth of another government's action to a leader: (option, actor, effects) -> units of score."""


class Weigher(Protocol):
    """A leader who weighs inducements and threats, and talks in session."""

    def worth_of(self, option: Option | None, actor: str, effects: list[EffectTerm]) -> float:
        """Return as `WorthOf`."""

    def rounds_worth(self, forum: str, rounds: int) -> float:
        """Return the worth to the leader of further rounds of a forum, in units of score."""


class ExtraTerms:
    """Terms by candidate index, for the candidates that have them."""

    def __init__(self, context: RunContext, forums: Forums, agreements: Agreements, demands: Demands) -> None:
        self._context, self._forums = context, forums
        self._agreements = agreements
        self.demands, self.sessions = demands.weighed, forums.in_session

    def extras(self, government: Actor, menu: Menu, leader: Weigher, candidates: list[int]) -> Extras:
        """Return all terms of one menu as the government perceives the world; without demands for `candidates`.

        `candidates` are special ones (`Menu.special`). The order of terms is that in which they are added to the score.
        """
        extras: Extras = {}
        if menu.forum_moves and candidates:
            moves, pull = menu.forum_moves, self._forums.pull
            share = self._context.knowledge(government.name).share if government.seat == PERSON else None
            extras["forum"] = {i: pull(moves[i], share(moves[i]) if share else None) for i in candidates if i in moves}
        if menu.term_moves and candidates:
            terms, worth = menu.term_moves, self._agreements.worth
            extras["commitment"] = {i: terms[i][1] * worth(terms[i][0], government) for i in candidates if i in terms}
        if not menu.offending.isdisjoint(candidates) and (
            talks := self._of_talks(government, menu, candidates, leader)
        ):
            extras["talks"] = talks
        if demands := self.demands[government.name, menu.dossier]:
            extras |= self._of_demands(government, menu, demands, leader.worth_of)
        return extras

    def _of_talks(self, government: Actor, menu: Menu, candidates: list[int], leader: Weigher) -> dict[int, float]:
        """Return the cost of candidates that suspend talks: the forum's `restraint`, or the worth of its rounds."""
        terms: dict[int, float] = {}
        for i in candidates:
            if i in menu.offending:
                option, target = menu.candidates[i].option, menu.targets[i]
                cost = self._forums.restraint(government.name, option, target, leader.rounds_worth)
                cost += self._restraint_of_visit(government.name, option, target)
                if cost:
                    terms[i] = -cost
        return terms

    def offends(self, government: str, candidate: Candidate) -> bool:
        """Return whether the action would offend talks in session of which the government is a member, or a visit."""
        option, target = candidate.option, candidate.target
        offended = self._forums.offended(government, option, target)
        return bool(offended) or self._restraint_of_visit(government, option, target) > 0.0

    def _restraint_of_visit(self, actor: str, option: str, target: str | None) -> float:
        """Return what an action would cost its actor because it is on a visit or has a guest, in units of score."""
        context, rules = self._context, self._context.rules.visits
        if rules is None or context.clock.now >= context.together.get(actor, 0):
            return 0.0
        return rules.restraint if any(pattern.fits(option, actor, target) for pattern in rules.offences) else 0.0

    def _of_demands(self, government: Actor, menu: Menu, demands: Iterable[ActiveDemand], worth_of: WorthOf) -> Extras:
        """Return the value that demands of others add to the options that they want, and that kept promises have."""
        me = government.name
        pulls: dict[int, float] = {}
        kept: dict[int, float] = {}
        for demand in demands:
            if demand.stage is OPEN and demand.spec.of == me:
                candidates = [i for option in demand.spec.wants for i in menu.of_option.get(option, ())]
                if candidates:
                    pull = self.demand_pull(government, demand, worth_of)
                    for i in candidates:
                        pulls[i] = pulls.get(i, 0.0) + pull
            elif demand.stage is OWED and demand.sender == me:
                for i in menu.of_option.get(demand.owes or "", ()):
                    if demand.is_kept_by(menu.targets[i]):
                        kept[i] = self._context.rules.kept_word
        return ({"demand": pulls} if pulls else {}) | ({"kept_word": kept} if kept else {})

    def demand_pull(self, government: Actor, demand: ActiveDemand, worth_of: WorthOf) -> float:
        """Return credibility · (1 + trust)/2 · (inducement + threatened loss + stakes), in units of score."""
        world, spec, sender = self._context.world, demand.spec, demand.sender
        credibility = world.get("credibility", sender, government.name)
        trust = world.get("trust", government.name, sender)
        inducement = self._worth(government, sender, spec.inducement, worth_of) if spec.inducement else 0.0
        threat = -self._worth(government, sender, spec.threat, worth_of) if spec.threat else 0.0
        stakes = self._worth_of_stakes(government, demand, worth_of) if spec.stakes else 0.0
        return credibility * (1.0 + trust) / 2.0 * (max(inducement, 0.0) + max(threat, 0.0) + max(stakes, 0.0))

    def _worth_of_stakes(self, government: Actor, demand: ActiveDemand, worth_of: WorthOf) -> float:
        """Return the worth to this government of what the demand links to it, by its own interests."""
        if demand.stakes is None:
            observability = self._context.views[government.name].observability
            names = placeholders(demand.sender, government.name)
            make = partial(effect_terms, observability, demand.spec.stakes, names)
            key = ("stakes", government.name, demand.sender, repr(demand.spec.stakes))
            demand.stakes = observability.layout.memo(key, make)
        return worth_of(None, demand.sender, demand.stakes)

    def _worth(self, government: Actor, sender: str, option: str, worth_of: WorthOf) -> float:
        """Return the worth of an option of the sender, directed at this government."""
        spec = self._context.scenario.options[option]
        observability = self._context.views[government.name].observability
        make = partial(effect_terms, observability, spec.effects, placeholders(sender, government.name))
        return worth_of(spec, sender, observability.layout.memo(("worth", government.name, sender, option), make))
