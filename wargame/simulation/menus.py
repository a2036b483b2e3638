"""Whether an option is on a government's menu now: ladder, violence, cool-downs, forums, agreements, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import Candidate, Menu, placeholders
from wargame.language.times import format_duration

if TYPE_CHECKING:
    from wargame.scenario.model import Option
    from wargame.simulation.agreements import Agreements
    from wargame.simulation.deeds import Deeds
    from wargame.simulation.forums import Forums
    from wargame.simulation.government import Government
    from wargame.simulation.theatre import Deed, Theatre
    from wargame.world.state import Compiled


class Openness:
    """Checks candidates for one government. `obstacle` names the first requirement that fails."""

    def __init__(self, theatre: Theatre, deeds: Deeds, forums: Forums, agreements: Agreements) -> None:
        self._theatre, self._deeds = theatre, deeds
        self._forums, self._agreements = forums, agreements
        self._last: dict[tuple[str, str, str | None], int] = {}
        self._requires: dict[tuple[str, Candidate], Compiled] = {}
        self._allies = {frozenset(pact) for pact in theatre.scenario.pacts}

    def did(self, deed: Deed) -> None:
        """A cool-down begins."""
        self._last[deed.actor, deed.option, deed.target] = deed.time

    def is_open(self, government: Government, menu: Menu, i: int, deadline: int | None) -> bool:
        """Whether candidate i may be decided on now; under a deadline only what can be done in time."""
        candidate, option = menu.candidates[i], menu.options[i]
        if option is None or (candidate.option, candidate.target) in government.pending:
            return False
        if deadline is not None and self._theatre.now + option.lead[0] > deadline:
            return False
        return not self.obstacle(government, candidate)

    def obstacle(self, government: Government, candidate: Candidate) -> str:
        """Why the option cannot be done now, in words; empty if it can."""
        option = self._theatre.scenario.options[candidate.option]
        return (
            self._cooling(government.name, candidate, option)
            or self._too_high(government, candidate, option)
            or self._ruled_out(government.name, candidate.option)
            or self._out_of_order(government.name, option)
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
        if option.rung <= present + government.leadership.leader.step:
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
        agreement = self._agreements.ruling_out(actor, option)
        return f"{agreement} rules it out" if agreement else ""

    def _out_of_order(self, actor: str, option: Option) -> str:
        if option.forum is not None and not self._forums.allows(option.forum, actor):
            return f"{option.forum.name} cannot be moved by '{option.forum.move}' now"
        if option.agreement is not None and not self._agreements.allows(option.agreement, actor):
            return f"{option.agreement.name} cannot be moved by '{option.agreement.move}' now"
        return ""

    def _unmet(self, actor: str, candidate: Candidate, option: Option) -> str:
        if option.requires is None:
            return ""
        key = (actor, candidate)
        if key not in self._requires:
            names = placeholders(actor, candidate.target)
            self._requires[key] = self._theatre.views[actor].compile(option.requires, **names)
        return "" if self._theatre.views[actor].ask(self._requires[key]) else f"it requires {option.requires}"
