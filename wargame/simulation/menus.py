"""Whether an option is on a government's menu now: ladder, violence, cool-downs, forums, agreements, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wargame.decision.menu import Candidate, Menu, placeholders
from wargame.language.times import format_duration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wargame.scenario.model import Option
    from wargame.simulation.agreements import Agreements
    from wargame.simulation.deeds import Deeds
    from wargame.simulation.forums import Forums
    from wargame.simulation.government import Government
    from wargame.simulation.theatre import Deed, Theatre
    from wargame.world.layout import Compiled

NEAREST = 0.5
"""The present rung fades between two rungs: the nearest one counts."""


class Openness:
    """Checks candidates for one government. `obstacle` names the first requirement that fails."""

    def __init__(self, theatre: Theatre, deeds: Deeds, forums: Forums, agreements: Agreements) -> None:
        self._theatre, self._deeds = theatre, deeds
        self._forums, self.agreements = forums, agreements
        self._last: dict[tuple[str, str, str | None], int] = {}
        self._ordered: dict[tuple[str, str], tuple[tuple[int, int], NDArray[np.bool_]]] = {}
        self._requires: dict[tuple[str, Candidate], Compiled] = {}
        self._allies = {frozenset(pact) for pact in theatre.scenario.pacts}

    def did(self, deed: Deed) -> None:
        """A cool-down begins."""
        self._last[deed.actor, deed.option, deed.target] = deed.time

    def shortlist(self, government: Government, menu: Menu, deadline: int | None) -> NDArray[np.bool_]:
        """What is not out of the question at once: not in hand, not cooling, in order, within reach on the ladder.

        Under a deadline also: what can be done in time. Whether violence is licensed, `is_open` tells.
        """
        now = self._theatre.now
        assert government.leadership is not None
        reach = (
            menu.present_rungs(self._theatre.views[government.name].values())
            + government.leadership.leader.step
            + NEAREST
        )
        listed: NDArray[np.bool_] = (menu.ready <= now) & self._in_order(government.name, menu)
        listed &= menu.violent | (menu.rungs <= reach)
        if deadline is not None:
            listed &= now + menu.least_lead <= deadline
        return listed

    def _in_order(self, actor: str, menu: Menu) -> NDArray[np.bool_]:
        """Moves that forums and agreements allow, options that no agreement rules out; kept until one changes."""
        version = (self._forums.version, self.agreements.version)
        kept = self._ordered.get((actor, menu.dossier))
        if kept is None or kept[0] != version:
            in_order = np.ones(len(menu.candidates), dtype=np.bool_)
            in_order[0] = False
            for i, option in enumerate(menu.options):
                if option is not None:
                    in_order[i] = not (
                        self._ruled_out(actor, menu.candidates[i].option) or self._misplaced(actor, option)
                    )
            kept = self._ordered[actor, menu.dossier] = (version, in_order)
        return kept[1]

    def is_open(self, government: Government, menu: Menu, i: int) -> bool:
        """Whether a candidate of the shortlist may be decided on now."""
        candidate, option = menu.candidates[i], menu.options[i]
        assert option is not None
        if menu.violent[i] and not self._violence_licensed(government.name, candidate):
            return False
        return not self._unmet(government.name, candidate, option)

    def obstacle(self, government: Government, candidate: Candidate) -> str:
        """Why the option cannot be done now, in words; empty if it can."""
        option = self._theatre.scenario.options[candidate.option]
        return (
            self._cooling(government.name, candidate, option)
            or self._ruled_out(government.name, candidate.option)
            or self._misplaced(government.name, option)
            or self._too_high(government, candidate, option)
            or self._unmet(government.name, candidate, option)
        )

    def _cooling(self, actor: str, candidate: Candidate, option: Option) -> str:
        last = self._last.get((actor, candidate.option, candidate.target))
        if last is None or self._theatre.now - last >= option.cool_down:
            return ""
        return f"it was done {format_duration(self._theatre.now - last)} ago"

    def _too_high(self, government: Government, candidate: Candidate, option: Option) -> str:
        assert government.leadership is not None
        if option.rung >= self._theatre.rules.violent_rung:
            licensed = self._violence_licensed(government.name, candidate)
            return "" if licensed else "violence needs an attack, an expired ultimatum or a collapse before"
        present = self.present_rung(government.name, candidate.target)
        if option.rung <= present + government.leadership.leader.step + NEAREST:
            return ""
        return f"rung {option.rung} is too far above the present {present:.1f}"

    def present_rung(self, actor: str, target: str | None) -> float:
        """The rung that a pair stands on, or without target the highest of any pair of the actor."""
        world = self._theatre.world
        others = [target] if target else [g for g in world.governments if g != actor]
        return max(world.get("rung", actor, other) for other in others)

    def _violence_licensed(self, actor: str, candidate: Candidate) -> bool:
        theatre, rules = self._theatre, self._theatre.rules
        if rules.collapse is not None and theatre.events.count(rules.collapse) > 0:
            return True
        owed = theatre.asks.owed_by(actor)
        if any(s.owes == candidate.option and candidate.target in (s.ask.of, None) for s in owed):
            return True
        return any(
            theatre.now - time <= rules.violence_window
            and (candidate.target in (attacker, None))
            and (victim == actor or frozenset((victim, actor)) in self._allies)
            for (attacker, victim), time in self._deeds.last_attack.items()
        )

    def _ruled_out(self, actor: str, option: str) -> str:
        agreement = self.agreements.ruling_out(actor, option)
        return f"{agreement} rules it out" if agreement else ""

    def _misplaced(self, actor: str, option: Option) -> str:
        if option.forum is not None and not self._forums.allows(option.forum, actor):
            return f"{option.forum.name} cannot be moved by '{option.forum.move}' now"
        if option.agreement is not None and not self.agreements.allows(option.agreement, actor):
            return f"{option.agreement.name} cannot be moved by '{option.agreement.move}' now"
        return ""

    def _unmet(self, actor: str, candidate: Candidate, option: Option) -> str:
        if option.requires is None:
            return ""
        view = self._theatre.views[actor]
        formula = self._requires.get((actor, candidate))
        if formula is None:
            formula = view.compile(option.requires, **placeholders(actor, candidate.target))
            self._requires[actor, candidate] = formula
        return "" if view.ask(formula) else f"it requires {option.requires}"
