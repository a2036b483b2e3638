"""Commands of the white cell and of people in seats: checked, recorded, carried out at once.

Each subject (the script, the seats, their talk, adjudication) lists its kinds with a check, which changes nothing,
and an act, which is told the seq of the command's record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.simulation.control.adjudication import Adjudication
from wargame.simulation.control.correspondence import Correspondence
from wargame.simulation.control.lookup import known
from wargame.simulation.control.msel import Msel
from wargame.simulation.control.seats import Seats

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.kernel.settings import Command, CommandHandler

AFTERWARDS = frozenset({"note", "rating"})
"""What may still be said once the exercise is over."""
IN_NO_PLAY = AFTERWARDS | {"playon", "endex"}
"""What may be done while the exercise stands still for the real world."""


class Commands:
    """Carries out the commands of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self.msel = Msel(exercise)
        self.seats = Seats(exercise)
        self.correspondence = Correspondence(exercise)
        self.adjudication = Adjudication(exercise)
        self._deals: dict[str, CommandHandler] = {
            **self.msel.handlers(),
            **self.seats.handlers(),
            **self.correspondence.handlers(),
            **self.adjudication.handlers(),
        }

    def apply(self, command: Command) -> int:
        """Carries out a command now and returns the seq of its record; UsageFault leaves all as it was."""
        self.check(command)
        deal, data = self._deals[command.kind], dict(command.data)
        about = deal.about(data) if deal.about else command.kind
        seq = self._exercise.context.log.write(deal.record, str(data.get("who", "")), about, deal.cause(data), data)
        deal.act(data, seq)
        self._exercise.forget()
        return seq

    def check(self, command: Command) -> None:
        """UsageFault if the command cannot be carried out now."""
        deal = self._deals[known("command", command.kind, self._deals)]
        if self._exercise.done and command.kind not in AFTERWARDS:
            raise UsageFault("the exercise is over: notes and ratings can still be given")
        if self.adjudication.stopped and command.kind not in IN_NO_PLAY:
            raise UsageFault("NO PLAY: the exercise stands still for the real world (playon goes on)")
        self._exercise.forget()
        try:
            deal.check(command.data)
        except KeyError as error:
            raise UsageFault(f"the command '{command.kind}' needs a {error.args[0]}") from None
        finally:
            self._exercise.forget()
