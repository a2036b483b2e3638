"""Standing procedures: responses to a perceived action that need no meeting.

A model government carries them out after their delay, if chance decides for it. A person is asked first: the procedure
is proposed to a human seat, and its delay is the time in which the seat can accept or refuse. The white cell can also
let procedures of a human seat act unless the person refuses, or switch procedures off. What an inject or a hazard would
do in the name of a human seat is proposed to it in the same way.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from wargame.decision.menu import Candidate
from wargame.language.times import HOUR
from wargame.numbers.levels import FormulaCode
from wargame.numbers.signals import Signal
from wargame.scenario.model import Procedure
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.context import Actor, RunContext
from wargame.simulation.mechanisms.actions import Actions
from wargame.simulation.mechanisms.forums import PROCEDURE

_ByOption = dict[str, dict[str, list[tuple[str, Procedure]]]]

ACT, PROPOSE, OFF = "act", "propose", "off"
MODES = (ACT, PROPOSE, OFF)
"""The modes of the procedures of a human seat. A model government acts by its procedures unless they are off."""
LEAST_TIME = 60
"""Seconds that a person has at least to answer. Judgement."""
ANSWER_WITHIN = 6 * HOUR
"""Seconds that a person has to answer what the script or chance would do in its name. Judgement."""
ACCEPT, REFUSE = "accept", "refuse"


@dataclass(slots=True, eq=False)
class PendingResponse:
    """A response that a procedure has started and that is not carried out yet, or an action of the script or of chance.

    `until` is the second at which it is carried out or expires, `ordinal` numbers its random draw, and `seq` is its
    latest record. `number` counts the responses put to a person of the government from 1; it is 0 for one that was put
    to nobody. `mode` is what happens without an `answer`. `spec` is None for an action of the script or of chance,
    whose `procedure` is its option.
    """

    government: str
    procedure: str
    spec: Procedure | None
    target: str | None
    until: int
    ordinal: int
    seq: int
    number: int = 0
    mode: str = ACT
    answer: str = ""

    @property
    def title(self) -> str:
        """The title for people."""
        return self.spec.title if self.spec is not None else "Your staff asks for your consent"

    @property
    def option(self) -> str:
        """The option to carry out."""
        return self.spec.does if self.spec is not None else self.procedure


def _prepared(context: RunContext) -> tuple[_ByOption, dict[str, FormulaCode]]:
    """Return option -> the procedures that respond to it, by government; and the conditions of procedures."""
    by_option: _ByOption = {}
    conditions: dict[str, FormulaCode] = {}
    for name, procedure in sorted(context.scenario.procedures.items()):
        who = procedure.government
        for option in procedure.on.options:
            by_option.setdefault(option, {}).setdefault(who, []).append((name, procedure))
        if procedure.when is not None:
            conditions[name] = context.views[who].program(procedure.when, {"self": who})
    return by_option, conditions


class Procedures:
    """The standing procedures of all governments. `pending` are the responses on their way, oldest first."""

    def __init__(self, context: RunContext, actions: Actions, feasibility: Feasibility) -> None:
        self._context, self._actions, self._feasibility = context, actions, feasibility
        self.by_option, self._when = context.world.layout.memo("procedures", partial(_prepared, context))
        self._last: dict[str, int] = {}
        self._count: dict[str, int] = {}
        self._put_to_people: dict[str, int] = {}
        self._modes: dict[str, str] = {}
        """Id of a government or a procedure -> mode, where the white cell has set one."""
        self.pending: list[PendingResponse] = []
        self._forbidden = frozenset(tuple(text.split()) for text in context.settings.forbid)
        actions.put_to_person = self.put_to_person

    # --- modes ---------------------------------------------------------------------------------

    def mode(self, procedure: str) -> str:
        """Return what this procedure does while a person plays its government: `act`, `propose` or `off`."""
        government = self._context.scenario.procedures[procedure].government
        return self._modes.get(procedure) or self._modes.get(government, PROPOSE)

    def of(self, government: str) -> list[str]:
        """Return the ids of the procedures of a government."""
        procedures = self._context.scenario.procedures
        return [name for name in sorted(procedures) if procedures[name].government == government]

    def set_mode(self, government: str, procedure: str, mode: str) -> None:
        """Set the mode of one procedure of a government, or with an empty `procedure` of all; `off` withdraws."""
        listed = [procedure] if procedure else self.of(government)
        for name in listed:
            self._modes.pop(name, None)
        self._modes[procedure or government] = mode
        for response in self.pending if mode == OFF else ():
            if response.procedure in listed and not response.answer:
                response.mode = OFF

    def mode_with(self, seat: str, procedure: str) -> str:
        """Return the mode of this procedure in a kind of seat: a model acts by it unless it is off, a script never."""
        if seat == "model":
            return OFF if self._modes and self.mode(procedure) == OFF else ACT
        return self.mode(procedure) if seat == "human" else OFF

    # --- responding ----------------------------------------------------------------------------

    def respond(self, signal: Signal) -> None:
        """Start the procedures that respond to the perceived action, from STARTEX on."""
        action = signal.action
        listed = self.by_option.get(action.option, {}).get(signal.receiver)
        if listed is None or not self._context.open:
            return
        government = self._context.governments[signal.receiver]
        for name, procedure in listed if government.seat != "script" else ():
            mode = self.mode_with(government.seat, name)
            if mode != OFF and action.matches(procedure.on) and self._applies(name, procedure):
                ordinal = self._count.get(name, 0)
                self._count[name] = ordinal + 1
                if mode == PROPOSE or self._chance_decides(name, procedure, ordinal):
                    self._start(government, name, procedure, signal, ordinal)

    def _applies(self, name: str, procedure: Procedure) -> bool:
        """Return whether it has been ordered, the cool-down is over and the condition is true."""
        if procedure.delegated is not None and procedure.delegated not in self._context.rows:
            return False
        last = self._last.get(name)
        if last is not None and self._context.clock.now - last < procedure.cool_down:
            return False
        when = self._when.get(name)
        return when is None or self._context.views[procedure.government].value_of(when) != 0.0

    def _chance_decides(self, name: str, procedure: Procedure, ordinal: int) -> bool:
        return procedure.chance >= 1.0 or self._context.draws.uniform("procedure", name, ordinal) < procedure.chance

    def _start(self, government: Actor, name: str, procedure: Procedure, signal: Signal, ordinal: int) -> None:
        now = self._context.clock.now
        target = signal.action.actor if procedure.to == "actor" else procedure.to
        if self._forbidden:
            act = (government.name, procedure.does)
            if not self._forbidden.isdisjoint((act, (*act, target))):
                return
        self._last[name] = now
        least, most = procedure.after, max(procedure.after, procedure.latest)
        due = now + round(self._context.draws.triangular(least, least, most, "procedure delay", name, ordinal))
        until = self._context.working_time(government.name, procedure.does, due)
        if government.seat == "human":
            until = max(until, now + LEAST_TIME)
        response = PendingResponse(government.name, name, procedure, target, until, ordinal, signal.seq)
        self.pending.append(response)
        if government.seat == "human":
            self._put_to_person(response)
        self._context.clock.at(until, EFFECT, self._finish, response)

    # --- people --------------------------------------------------------------------------------

    def open_to(self, government: str) -> list[PendingResponse]:
        """Return the responses that the person in this seat can accept or refuse, or has answered."""
        if self._context.governments[government].seat != "human":
            return []
        return [r for r in self.pending if r.government == government and r.number and r.mode != OFF]

    def put_to_person(self, government: str, option: str, target: str | None, cause: int) -> bool:
        """Propose to the person in a seat what the script or chance would do in its name; False if no person has it."""
        if self._context.governments[government].seat != "human":
            return False
        until = self._context.clock.now + ANSWER_WITHIN
        response = PendingResponse(government, option, None, target, until, 0, cause)
        self.pending.append(response)
        self._put_to_person(response)
        self._context.clock.at(until, EFFECT, self._finish, response)
        return True

    def taken_over(self, government: str) -> None:
        """Put the responses that have been started to the person who takes the seat."""
        for response in self.pending:
            if response.government == government and not response.number:
                self._put_to_person(response)

    def _put_to_person(self, response: PendingResponse) -> None:
        government = response.government
        response.mode = self.mode(response.procedure) if response.spec is not None else PROPOSE
        if response.mode == OFF:
            return
        response.number = self._put_to_people[government] = self._put_to_people.get(government, 0) + 1
        data = _data(response) | {"until": response.until, "mode": response.mode}
        cause = (response.seq,)
        response.seq = self._context.log.write("procedure.proposed", government, response.procedure, cause, data)

    # --- the end of the delay ------------------------------------------------------------------

    def _finish(self, response: PendingResponse) -> None:
        """Carry the response out, or let it expire."""
        self.pending.remove(response)
        if self._to_be_done(response):
            self._carry_out(response)
            return
        if response.spec is not None:
            self._last.pop(response.procedure, None)  # a cool-down follows only what was done
        if response.number and not response.answer and response.mode != OFF:
            cause, data = (response.seq,), _data(response)
            self._context.log.write("procedure.expired", response.government, response.procedure, cause, data)

    def _to_be_done(self, response: PendingResponse) -> bool:
        """Return whether a response is carried out. One that a person left open passes to the model with the seat."""
        if response.answer or response.mode == OFF:
            return response.answer == ACCEPT
        if not response.number:
            return True
        seat = self._context.governments[response.government].seat
        if seat == "model":
            return response.spec is None or self._chance_decides(response.procedure, response.spec, response.ordinal)
        return seat == "human" and response.mode == ACT

    def _carry_out(self, response: PendingResponse) -> None:
        name, candidate = response.government, Candidate(response.option, response.target)
        cause: tuple[int, ...] = (response.seq,)
        why = response.title
        if response.spec is not None:
            why = f"{response.procedure}: {why}"
            order = response.spec.delegated
            cause = cause if order is None else (*cause, self._context.rows[order])
            government = self._context.governments[name]
            if reason := self._feasibility.obstacle(government, candidate, seated=bool(response.answer)):
                data = {**candidate._asdict(), "reason": reason, "procedure": response.procedure}
                self._context.log.write("order.cancelled", name, response.option, cause, data)
                return
            if self._feasibility.awaits_sitting(name, candidate, response.seq, PROCEDURE):
                return
        self._actions.do(name, *candidate, source=PROCEDURE, cause=cause, why=why)


def _data(response: PendingResponse) -> dict[str, Any]:
    """Return what records of a response that was put to a person have in common."""
    return {"number": response.number, "title": response.title, "option": response.option, "target": response.target}
