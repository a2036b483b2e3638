"""Commands on standing procedures: what they do in the seat of a person, and what the person answers."""

from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.simulation.actors.government import Governments
from wargame.simulation.actors.procedures import ACCEPT, MODES, REFUSE, Procedures
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.kernel.settings import CommandModule, RecordParts, Steps


class ProcedureCommands(CommandModule):
    """The commands on the standing procedures of one exercise."""

    KINDS = ("procedures", "procedure.answer")

    def __init__(self, governments: Governments, procedures: Procedures) -> None:
        self._governments, self._standing = governments, procedures

    def _procedures(self, data: dict[str, Any]) -> Steps:
        """Choose what standing procedures do in the seat of a person."""
        name = valid_name("government", str(data["government"]), self._governments)
        procedure, listed = str(data.get("procedure") or ""), self._standing.of(name)
        if not listed:
            raise UsageFault(f"{name} has no standing procedures")
        if procedure:
            valid_name(f"standing procedure of {name}", procedure, listed)
        mode = valid_name("mode", str(data["mode"]), MODES)
        yield RecordParts()
        self._standing.set_mode(name, procedure, mode)

    def _procedure_answer(self, data: dict[str, Any]) -> Steps:
        """Take the answer of a person. It can be changed until the response is carried out."""
        name, number = valid_name("government", str(data["government"]), self._governments), str(data["number"])
        listed = {str(response.number): response for response in self._standing.open_to(name)}
        if number not in listed:
            numbers = f"open: {', '.join(listed)}" if listed else "none is open"
            raise UsageFault(f"no standing procedure {shortened(number, 40)} is proposed to {name} ({numbers})")
        response, answer = listed[number], valid_name("answer", str(data["answer"]), (ACCEPT, REFUSE))
        if response.answer == answer:
            answered = "accepted" if answer == ACCEPT else "refused"
            raise UsageFault(f"standing procedure {response.number} is already {answered}")
        response.seq = yield RecordParts("procedure.answer", response.procedure, response.seq)
        response.answer = answer
