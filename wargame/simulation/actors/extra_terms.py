"""What few candidates bring into their score besides interests: worth, asks, one's word, forums, commitments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wargame.decision.menu import Menu, placeholders, pushes_of

if TYPE_CHECKING:
    from wargame.decision.appraisal import Extras
    from wargame.decision.demands import ActiveDemand
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.kernel.context import RunContext
    from wargame.simulation.mechanisms.agreements import Agreements
    from wargame.simulation.mechanisms.forums import Forums


class ExtraTerms:
    """Terms by candidate index, for the candidates that have them."""

    def __init__(self, context: RunContext, forums: Forums, agreements: Agreements) -> None:
        self._context, self._forums, self._agreements = context, forums, agreements

    def extras(self, government: GovernmentProcess, menu: Menu, wanted: list[int]) -> Extras:
        """All of them for one menu, as the government sees them now; most of them only for those `wanted`."""
        extras: Extras = {}
        values = menu.values
        if values:
            read, events = self._context.views[government.name].reader()
            extras["value"] = {i: values[i](read, events) for i in wanted if i in values}
        if menu.forum_moves:
            moves = menu.forum_moves
            extras["forum"] = {i: self._forums.pull(moves[i]) for i in wanted if i in moves}
        if menu.term_moves:
            terms, worth = menu.term_moves, self._agreements.worth
            extras["commitment"] = {i: terms[i][1] * worth(terms[i][0], government) for i in wanted if i in terms}
        if self._context.demands.any:
            extras |= self._of_asks(government, menu)
        return extras

    # --- asks ----------------------------------------------------------------------------------

    def _of_asks(self, government: GovernmentProcess, menu: Menu) -> Extras:
        terms = {"demand": self._asked(government, menu), "kept_word": self._honour(government, menu)}
        return {name: term for name, term in terms.items() if term}

    def _asked(self, government: GovernmentProcess, menu: Menu) -> dict[int, float]:
        """What asks of others add to the options that they want."""
        terms: dict[int, float] = {}
        for standing in self._context.demands.put_to(government.name):
            wanted = [i for option in standing.ask.wants for i in menu.of_option.get(option, ())]
            if wanted:
                pull = self.ask_pull(government, standing)
                for i in wanted:
                    terms[i] = terms.get(i, 0.0) + pull
        return terms

    def ask_pull(self, government: GovernmentProcess, standing: ActiveDemand) -> float:
        """credibility · (1 + trust)/2 · (worth of the carrot + threatened loss), in units of score."""
        world, ask = self._context.world, standing.ask
        credibility = world.get("credibility", standing.asker, government.name)
        trust = world.get("trust", government.name, standing.asker)
        carrot = self._worth(government, standing.asker, ask.inducement) if ask.inducement else 0.0
        threat = -self._worth(government, standing.asker, ask.threat) if ask.threat else 0.0
        return credibility * (1.0 + trust) / 2.0 * (max(carrot, 0.0) + max(threat, 0.0))

    def _worth(self, government: GovernmentProcess, asker: str, option: str) -> float:
        """What the asker's option would be worth to this government."""
        spec = self._context.scenario.options[option]
        sight = self._context.views[government.name].sight
        make = partial(pushes_of, sight, spec.effects, placeholders(asker, government.name))
        assert government.leadership is not None
        return government.leadership.worth_of(
            spec, asker, sight.layout.once(("worth", government.name, asker, option), make)
        )

    def _honour(self, government: GovernmentProcess, menu: Menu) -> dict[int, float]:
        """What a due promise or threat adds to the option that keeps it."""
        honour, targets = self._context.rules.kept_word, menu.targets
        return {
            i: honour
            for standing in self._context.demands.owed_by(government.name)
            for i in menu.of_option.get(standing.owes or "", ())
            if targets[i] in (standing.ask.of, None)
        }
