"""One episode: an exercise whose agents are people to the engine, so that each of their actions is a command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.actor import PERSON
from wargame.simulation.kernel.settings import Command, Settings

if TYPE_CHECKING:
    from wargame.decision.menu import Candidate
    from wargame.scenario.loading.load import Loaded


@dataclass(frozen=True, slots=True)
class GivenCommand:
    """A command and the second at which it was given."""

    t: int
    kind: str
    data: dict[str, Any]


class Episode:
    """A run in which agents act. `commands` are those that they have given, which reproduce it.

    The exercise keeps no records while it is played, which is faster: a re-simulation with the commands gives them.
    """

    def __init__(self, loaded: Loaded, seed: int, settings: Settings, agents: tuple[str, ...]) -> None:
        self.loaded, self.seed = loaded, seed
        others = tuple(seat for seat in settings.seats if seat[0] not in agents)
        self.settings = replace(settings, seats=(*others, *((agent, PERSON) for agent in agents)))
        self.exercise = Exercise(loaded, seed, replace(self.settings, journal="none"))
        self.commands: list[GivenCommand] = []
        self._dues = self.exercise.commands.seats.dues
        self.exercise.advance(self.exercise.calendar.startex + 1)  # seats are assigned at STARTEX

    def next_turn(self) -> tuple[str, str] | None:
        """Advance to the next decision that is due; its government and dossier, None once the exercise is over."""
        exercise = self.exercise
        while not self._dues and not exercise.done:
            exercise.advance(int(min(exercise.next_event(), exercise.end)) + 1)
        return next(iter(self._dues)) if not exercise.done else None

    def due(self, government: str) -> list[str]:
        """Return the dossiers on which a government has to decide."""
        return [dossier for name, dossier in self._dues if name == government]

    def act(self, government: str, candidate: Candidate | None, dossier: str = "") -> bool:
        """Give an order, or pass on what is due (on `dossier`, or on all); returns whether that was possible."""
        if self.exercise.done:
            return True
        if candidate is not None:
            data = {"government": government, "option": candidate.option, "who": government}
            if candidate.target is not None:
                data["target"] = candidate.target
            return self._give("order", data)
        if not self.due(government):
            return True
        named = {"dossier": dossier} if dossier else {}
        return self._give("pass", {"government": government, **named, "who": government})

    def _give(self, kind: str, data: dict[str, Any]) -> bool:
        now = self.exercise.now
        try:
            self.exercise.apply(Command(kind=kind, data=data))
        except UsageFault:
            return False
        self.commands.append(GivenCommand(now, kind, data))
        return True
