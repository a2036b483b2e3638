"""Commands of the white cell and of people in seats: checked, recorded and carried out at once.

Six modules have the kinds of command: `msel` (the list of injects), `seats` (who decides, orders), `procedures`,
`correspondence` (messages, offers, votes), `questionnaires` and `adjudication` (everything else). Each lists its
kinds. A handler is a generator: it checks a command without changing anything, yields what the record of the command
says, and carries it out once it is sent the number of that record.
"""

from dataclasses import dataclass
from functools import cached_property

from wargame.errors import NoPlay, UsageFault
from wargame.journal.command_log import AFTERWARDS
from wargame.sentence import hint
from wargame.simulation.control.adjudication import Adjudication
from wargame.simulation.control.correspondence import Correspondence
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.control.msel import Msel
from wargame.simulation.control.seats import Seats
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import Command, CommandModule, CommandSteps, RecordParts, Steps, carry_out
from wargame.simulation.mechanisms.expected_actions import ExpectedActions

PLAY_ON = hint("playon", "resumes it", "Play on")
IN_NO_PLAY = frozenset({"note", "rating", "playon", "endex"})
"""Commands allowed during NO PLAY."""


@dataclass(eq=False, repr=False)
class Commands:
    """Carries out the commands of one exercise."""

    _context: RunContext
    msel: Msel
    seats: Seats
    correspondence: Correspondence
    adjudication: Adjudication
    _expected: ExpectedActions
    _others: tuple[CommandModule, ...]

    @cached_property
    def _handlers(self) -> dict[str, CommandSteps]:
        """The handler of each kind of command; runs of a batch have none."""
        modules = (self.msel, self.seats, self.correspondence, self.adjudication, *self._others)
        return {kind: handler for module in modules for kind, handler in module.handlers().items()}

    def apply(self, command: Command) -> int:
        """Carry out a command now and return the seq of its record; UsageFault leaves everything unchanged."""
        try:
            steps, record = self._checked(command)
            data = {**command.data, **record.adds}
            about = command.kind if record.about is None else record.about
            cause = () if record.cause is None else (record.cause,)
            seq = self._context.log.write(record.kind, str(data.get("who", "")), about, cause, data)
            self._expected.commanded(command.kind, data, seq)
            carry_out(steps, seq)
            return seq
        finally:
            self._context.forget_views()

    def check(self, command: Command) -> None:
        """Raise UsageFault if the command cannot be carried out now; changes nothing."""
        try:
            self._checked(command)
        finally:
            self._context.forget_views()

    def _checked(self, command: Command) -> tuple[Steps, RecordParts]:
        """Return the steps of a command that can be carried out now, and its record."""
        handler = self._handlers[valid_name("command", command.kind, self._handlers)]
        if self._context.over and command.kind not in AFTERWARDS:
            raise UsageFault("the exercise is over: only notes, ratings and outcomes by hand are possible")
        if self.adjudication.stopped and command.kind not in IN_NO_PLAY:
            raise NoPlay("NO PLAY: the exercise is stopped for a real event", PLAY_ON)
        self._context.forget_views()
        try:
            steps = handler(command.data)
            return steps, next(steps)
        except KeyError as error:
            raise UsageFault(f"the command '{command.kind}' needs a value for {error.args[0]}") from None
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise UsageFault(f"the command '{command.kind}' has a value of the wrong type: {error}") from None
