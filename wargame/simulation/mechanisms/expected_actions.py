"""Expected actions: what the exercise expects of a government after an inject; met, late or missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wargame.simulation.kernel.clock import CONDITION

if TYPE_CHECKING:
    from wargame.scenario.model import ExpectedAction
    from wargame.simulation.kernel.consequences import Action, Release
    from wargame.simulation.kernel.context import RunContext


@dataclass(slots=True, eq=False)
class _Awaited:
    inject: str
    released: int
    seq: int
    spec: ExpectedAction
    settled: bool = False


class ExpectedActions:
    """All expected actions of the injects released so far. `counts` maps a status to the number of actions."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._awaited: list[_Awaited] = []
        self.counts = {"met": 0, "late": 0, "missed": 0}

    def released(self, release: Release) -> None:
        """Awaits the expected actions of an inject from now on."""
        for spec in release.inject.expected:
            awaited = _Awaited(release.inject.id, self._context.now, release.seq, spec)
            self._awaited.append(awaited)
            deadline = self._context.now + spec.within + spec.late
            self._context.clock.at(deadline, CONDITION, self._miss, awaited)

    def acted(self, action: Action) -> None:
        """Settles the expectations that an action meets. An action that an inject carries out meets none."""
        if action.source == "inject":
            return
        for awaited in tuple(self._awaited):
            spec = awaited.spec
            aimed = not spec.towards or action.target is None or action.target in spec.towards
            if action.actor == spec.who and action.option in spec.any_of and aimed:
                self._settle(awaited, "met" if action.time - awaited.released <= spec.within else "late", action)

    def _miss(self, awaited: _Awaited) -> None:
        if not awaited.settled:
            self._settle(awaited, "missed", None)

    def judge(self, inject: str, who: object, status: str, seq: int) -> None:
        """Settles by the white cell's rating what is still awaited after an inject, of one government or of all."""
        for awaited in tuple(self._awaited):
            if awaited.inject == inject and who in (None, "", awaited.spec.who):
                self._settle(awaited, status, None, seq)

    def _settle(self, awaited: _Awaited, status: str, action: Action | None, rating: int | None = None) -> None:
        awaited.settled = True
        self._awaited.remove(awaited)
        self.counts[status] += 1
        spec = awaited.spec
        data: dict[str, Any] = {
            "inject": awaited.inject,
            "who": spec.who,
            "status": status,
            "title": spec.title,
            "any_of": list(spec.any_of),
            "objective": spec.objective,
        }
        if action is not None:
            data |= {"by": action.option, "latency": action.time - awaited.released}
        cause = (awaited.seq,) if action is None else (action.seq, awaited.seq)
        if rating is not None:
            data["by_hand"], cause = True, (rating, awaited.seq)
        self._context.log.write("expected", spec.who, awaited.inject, cause, data)

    def open_ones(self) -> list[dict[str, object]]:
        """The expected actions that are still awaited."""
        return [{"inject": a.inject, "who": a.spec.who, "any_of": list(a.spec.any_of)} for a in self._awaited]
