"""Commands on standing procedures: what they do in the seat of a person, and the answers of people."""

from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.simulation.actors.procedures import ACCEPT, MODES, REFUSE, PendingResponse, Procedures
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandRecord, Handler, Steps


class ProcedureControl:
    """The commands on the standing procedures of one exercise."""

    def __init__(self, context: RunContext, procedures: Procedures) -> None:
        self._context = context
        self.procedures = procedures

    def handlers(self) -> dict[str, Handler]:
        """Return the commands of this module."""
        return {"procedures": self._set_mode, "procedure.answer": self._answer}

    def _government(self, data: dict[str, Any]) -> str:
        return valid_name("government", str(data["government"]), self._context.scenario.governments)

    def _set_mode(self, data: dict[str, Any]) -> Steps:
        name, procedure = self._government(data), str(data.get("procedure") or "")
        listed = self.procedures.of(name)
        if not listed:
            raise UsageFault(f"{name} has no standing procedures")
        if procedure:
            valid_name(f"standing procedure of {name}", procedure, listed)
        mode = valid_name("mode", str(data["mode"]), MODES)
        yield CommandRecord()
        self.procedures.set_mode(name, procedure, mode)

    def _find(self, data: dict[str, Any]) -> PendingResponse:
        name = self._government(data)
        listed = {str(response.number): response for response in self.procedures.open_to(name)}
        if str(data["number"]) not in listed:
            numbers = f"open: {', '.join(listed)}" if listed else "none is open"
            raise UsageFault(
                f"no standing procedure {shortened(str(data['number']), 40)} is proposed to {name} ({numbers})"
            )
        return listed[str(data["number"])]

    def _answer(self, data: dict[str, Any]) -> Steps:
        """Take the answer of a person. It can be changed until the response is carried out."""
        response, answer = self._find(data), valid_name("answer", str(data["answer"]), (ACCEPT, REFUSE))
        if response.answer == answer:
            answered = "accepted" if answer == ACCEPT else "refused"
            raise UsageFault(f"standing procedure {response.number} is already {answered}")
        response.seq = yield CommandRecord("procedure.answer", response.procedure, response.seq)
        response.answer = answer
