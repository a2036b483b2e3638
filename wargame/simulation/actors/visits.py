"""Visits: restraint while two governments are together, and joint commitments.

`docs/explanation/optional-mechanisms.md` has the equations.
"""

from __future__ import annotations

from wargame.decision.menu import Candidate
from wargame.scenario.model import Visits as VisitRules
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.government import Governments
from wargame.simulation.kernel.consequences import Action
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.mechanisms.demands import Demands


class Visits:
    """The visits of a run."""

    def __init__(
        self,
        context: RunContext,
        governments: Governments,
        demands: Demands,
        feasibility: Feasibility,
        rules: VisitRules,
    ) -> None:
        self._context, self._governments, self._demands = context, governments, demands
        self._feasibility, self._rules = feasibility, rules

    def begin(self) -> None:
        """STARTEX: nothing has to begin."""

    def acted(self, action: Action) -> None:
        """A visit begins, and may lead to commitments of both."""
        if action.target is None or action.target == action.actor:
            return
        stay = self._rules.stays.get(action.option)
        if stay is not None:
            for each in (action.actor, action.target):
                self._context.together[each] = max(self._context.together.get(each, 0), action.time + stay)
        if action.option in self._rules.after and action.success and self._context.open:
            self._commit(action, action.actor, action.target)

    def _commit(self, action: Action, host: str, guest: str) -> None:
        """Each takes the commitment with its highest score; one side alone commits itself to nothing."""
        pairs = ((host, guest), (guest, host))
        taken = [self._best(who, other) for who, other in pairs]
        for (who, other), candidate in zip(pairs, taken, strict=True):
            if None not in taken and candidate is not None:
                within = self._rules.within
                self._demands.commit(who, other, candidate.option, candidate.target, within, action.seq)

    def _best(self, who: str, other: str) -> Candidate | None:
        """Return the feasible commitment with the highest score; None below the margin, or if a person decides.

        A promise names what its giver does towards the other government, or without a target: never a concession to
        a third one.
        """
        government = self._governments[who]
        if government.seat != "model":
            return None
        best: tuple[float, Candidate] | None = None
        for menu in government.menus.values():
            for option in self._rules.commitments:
                for i in menu.of_option.get(option, ()):
                    candidate = menu.candidates[i]
                    if candidate.target not in (None, other):
                        continue
                    if self._feasibility.blocker(government, candidate, cooling=True) is not None:
                        continue
                    gain = government.gain(candidate)
                    if gain is not None and gain >= -self._rules.margin and (best is None or gain > best[0]):
                        best = gain, candidate
        return best[1] if best is not None else None
