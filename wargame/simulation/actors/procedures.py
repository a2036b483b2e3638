"""Standing procedures: answers that need no meeting, by whoever perceives the deed that they wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import Candidate
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.patterns import matches

if TYPE_CHECKING:
    from wargame.scenario.model import Procedure
    from wargame.simulation.actors.feasibility import Openness
    from wargame.simulation.actors.government import Government
    from wargame.simulation.kernel.context import Deed, Theatre
    from wargame.simulation.mechanisms.actions import Deeds
    from wargame.world.layout import Compiled


class Procedures:
    """The standing procedures of all governments."""

    def __init__(self, theatre: Theatre, deeds: Deeds, openness: Openness) -> None:
        self._theatre, self._deeds, self._openness = theatre, deeds, openness
        self._on: dict[tuple[str, str], list[tuple[str, Procedure]]] = {}
        self._when: dict[str, Compiled] = {}
        self._last: dict[str, int] = {}
        self._count: dict[str, int] = {}
        for name in sorted(theatre.scenario.procedures):
            procedure = theatre.scenario.procedures[name]
            for option in procedure.on.options:
                self._on.setdefault((procedure.government, option), []).append((name, procedure))
            if procedure.when is not None:
                view = theatre.views[procedure.government]
                self._when[name] = view.compile(procedure.when, {"self": procedure.government})

    def perceived(self, government: Government, deed: Deed, seq: int) -> None:
        """Starts whatever waits for this deed."""
        if not self._theatre.open or government.seat == "script":
            return
        for name, procedure in self._on.get((government.name, deed.option), ()):
            if matches(procedure.on, deed) and self._applies(name, procedure):
                self._last[name] = self._theatre.clock.now
                target = deed.actor if procedure.to == "actor" else procedure.to
                at = self._theatre.clock.now + procedure.after
                self._theatre.clock.at(at, EFFECT, self._carry_out, government, name, procedure, target, seq)

    def _applies(self, name: str, procedure: Procedure) -> bool:
        last = self._last.get(name)
        if last is not None and self._theatre.clock.now - last < procedure.cool_down:
            return False
        if name in self._when and not self._theatre.views[procedure.government].ask(self._when[name]):
            return False
        ordinal = self._count.get(name, 0)
        self._count[name] = ordinal + 1
        return procedure.chance >= 1.0 or self._theatre.draws.uniform("procedure", name, ordinal) < procedure.chance

    def _carry_out(self, government: Government, name: str, procedure: Procedure, target: str | None, seq: int) -> None:
        reason = self._openness.obstacle(government, Candidate(procedure.does, target))
        if reason:
            data = {"option": procedure.does, "target": target, "reason": reason, "procedure": name}
            self._theatre.log.write("lapsed", government.name, procedure.does, (seq,), data)
            return
        self._deeds.do(
            government.name, procedure.does, target, source="procedure", cause=(seq,), why=f"{name}: {procedure.title}"
        )
