"""What few candidates bring into their score besides interests: worth, asks, one's word, forums, commitments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import Menu, Push, placeholders, pushes_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wargame.decision.asks import Standing
    from wargame.simulation.agreements import Agreements
    from wargame.simulation.forums import Forums
    from wargame.simulation.government import Government
    from wargame.simulation.theatre import Theatre

Extras = dict[str, dict[int, float]]


class Considerations:
    """Terms by candidate index, for the candidates that have them."""

    def __init__(self, theatre: Theatre, forums: Forums, agreements: Agreements) -> None:
        self._theatre, self._forums, self._agreements = theatre, forums, agreements
        self._pushes: dict[tuple[str, str, str], list[Push]] = {}

    def extras(self, government: Government, menu: Menu, listed: NDArray[np.bool_]) -> Extras:
        """All of them for one menu, as seen by the government now; worths only for those listed."""
        view = self._theatre.views[government.name]
        extras: Extras = {}
        if menu.values:
            read, events = view.reader()
            wanted = listed.tolist()
            extras["value"] = {i: formula(read, events) for i, formula in menu.values if wanted[i]}
        if menu.forum_moves:
            extras["forum"] = self._forum_pull(menu)
        if menu.term_moves:
            extras["commitment"] = self._commitments(government, menu)
        asked = self._asked(government, menu)
        if asked:
            extras["ask"] = asked
        honour = self._honour(government, menu)
        if honour:
            extras["honour"] = honour
        return extras

    def _forum_pull(self, menu: Menu) -> dict[int, float]:
        """κ times the share already committed, for accepting."""
        return {i: self._forums.pull(move.name) for i, move in menu.forum_moves if move.move == "accept"}

    def _commitments(self, government: Government, menu: Menu) -> dict[int, float]:
        terms = {}
        for i, move in menu.term_moves:
            if move.move in ("accept", "break"):
                worth = self._agreements.worth(move.name, government)
                terms[i] = worth if move.move == "accept" else -worth
        return terms

    # --- asks ----------------------------------------------------------------------------------

    def _asked(self, government: Government, menu: Menu) -> dict[int, float]:
        """What asks of others add to the options that they want."""
        terms: dict[int, float] = {}
        for standing in self._theatre.asks.put_to(government.name):
            wanted = [i for i, c in enumerate(menu.candidates) if c.option in standing.ask.wants]
            if wanted:
                pull = self.ask_pull(government, standing)
                for i in wanted:
                    terms[i] = terms.get(i, 0.0) + pull
        return terms

    def ask_pull(self, government: Government, standing: Standing) -> float:
        """credibility · (1 + trust)/2 · (worth of the carrot + threatened loss), in units of score."""
        world, ask = self._theatre.world, standing.ask
        credibility = world.get("credibility", standing.asker, government.name)
        trust = world.get("trust", government.name, standing.asker)
        carrot = self._worth(government, standing.asker, ask.carrot) if ask.carrot else 0.0
        threat = -self._worth(government, standing.asker, ask.or_else) if ask.or_else else 0.0
        return credibility * (1.0 + trust) / 2.0 * (max(carrot, 0.0) + max(threat, 0.0))

    def _worth(self, government: Government, asker: str, option: str) -> float:
        """What the asker's option would be worth to this government."""
        key = (government.name, asker, option)
        spec = self._theatre.scenario.options[option]
        if key not in self._pushes:
            names = placeholders(asker, government.name)
            view = self._theatre.views[government.name]
            self._pushes[key] = pushes_of(self._theatre.world, view, spec.effects, names)
        assert government.leadership is not None
        return government.leadership.worth_of(spec, asker, self._pushes[key])

    def _honour(self, government: Government, menu: Menu) -> dict[int, float]:
        """What a due promise or threat adds to the option that keeps it."""
        owed = {(s.owes, s.ask.of) for s in self._theatre.asks.owed_by(government.name)}
        if not owed:
            return {}
        honour = self._theatre.rules.honour
        return {
            i: honour
            for i, c in enumerate(menu.candidates)
            if any(c.option == option and c.target in (of, None) for option, of in owed)
        }
