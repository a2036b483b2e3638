"""The script in the white cell's hand: each act is a command, and what the author has written stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.errors import Invalid, UsageFault
from wargame.language.times import format_duration
from wargame.scenario.loading.amend import Edit, amend, new_ids
from wargame.simulation.control.lookup import known, number_of, shift_of
from wargame.simulation.kernel.settings import CommandHandler

if TYPE_CHECKING:
    from wargame.scenario.model import Inject
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.mechanisms.injector import MselItem


class Msel:
    """Release, hold, delay, edit, add, retract and reset injects."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._written = {inject.id: inject for inject in exercise.loaded.injects}
        self._edits: tuple[Edit, ...] = ()
        self.acknowledged: dict[tuple[str, int], list[str]] = {}
        """Who has acknowledged an inject, by its id and which of its releases it was, counted from 1."""

    def handlers(self) -> dict[str, CommandHandler]:
        """The commands of this subject."""
        injector = self._exercise.injector
        return {
            "release": CommandHandler(
                self._line, lambda data, seq: injector.release(self._line(data), "manual", (seq,))
            ),
            "hold": CommandHandler(self._may_hold, lambda data, _: injector.hold(self._line(data))),
            "unhold": CommandHandler(self._may_unhold, lambda data, _: injector.unhold(self._line(data))),
            "skip": CommandHandler(self._may_skip, lambda data, _: injector.skip(self._line(data))),
            "delay": CommandHandler(self._check_delay, self._delay),
            "postpone": CommandHandler(self._check_postpone, self._postpone),
            "edit": CommandHandler(self._check_edit, self._edit),
            "inject": CommandHandler(self._check_more, self._more),
            "retract": CommandHandler(self._check_retract, self._retract),
            "reset": CommandHandler(self._check_reset, self._reset),
            "ack": CommandHandler(self._check_ack, self._ack),
        }

    def _line(self, data: dict[str, Any]) -> MselItem:
        lines = self._exercise.injector.lines
        return lines[known("inject", str(data["inject"]), lines)]

    def _may_hold(self, data: dict[str, Any]) -> None:
        line = self._line(data)
        if line.status != "held" and not self._exercise.injector.alive(line):
            raise UsageFault(f"{line.spec.id} is {line.status}: there is nothing to hold")

    def _may_unhold(self, data: dict[str, Any]) -> None:
        line = self._line(data)
        if line.status != "held":
            raise UsageFault(f"{line.spec.id} is {line.status}, not held")

    def _may_skip(self, data: dict[str, Any]) -> None:
        line = self._line(data)
        if not self._exercise.injector.alive(line):
            raise UsageFault(f"{line.spec.id} is {line.status}: there is nothing to skip")

    # --- time ----------------------------------------------------------------------------------

    def _check_delay(self, data: dict[str, Any]) -> None:
        line, by, now = self._line(data), shift_of(data), self._exercise.now
        due, name = self._exercise.injector.due_of(line), line.spec.id
        if line.status == "held" and line.missed is not None:
            raise UsageFault(f"{name} is held and overdue: unhold or release it")
        if not self._exercise.injector.alive(line):
            raise UsageFault(f"{name} is {line.status}: it has no time to come that could be moved")
        if line.spec.manual:
            raise UsageFault(f"{name} is released by hand: there is nothing to delay")
        if due is not None and due + by < now:
            raise UsageFault(f"{name} would be due {format_duration(now - due - by)} ago (release {name} for now)")
        if due is None and self._waits(line) and (line.not_before or now) + by < now:
            raise UsageFault(f"{name} waits for something without a date and cannot come earlier (release {name})")

    @staticmethod
    def _waits(line: MselItem) -> bool:
        """Whether it waits for a condition, a rate or an action, and not for a time that can be moved."""
        random = line.spec.random
        return line.spec.at is None and (random is None or random.between is None)

    def _delay(self, data: dict[str, Any], _: int) -> None:
        line, injector = self._line(data), self._exercise.injector
        if injector.due_of(line) is None and self._waits(line):
            injector.defer(line, shift_of(data))
        else:
            injector.put_off(line, shift_of(data))

    def _movable(self) -> list[MselItem]:
        return [line for line in self._exercise.injector.lines.values() if self._exercise.injector.alive(line)]

    def _check_postpone(self, data: dict[str, Any]) -> None:
        by, injector = shift_of(data), self._exercise.injector
        for line in self._movable():
            due = injector.due_of(line)
            if due is not None and line.missed is None and due + by < self._exercise.now:
                raise UsageFault(f"{line.spec.id} would then be past: postpone by less")

    def _postpone(self, data: dict[str, Any], _: int) -> None:
        for line in self._movable():
            self._exercise.injector.put_off(line, shift_of(data))

    # --- content -------------------------------------------------------------------------------

    def _amended(self, *edits: Edit) -> dict[str, Inject]:
        try:
            return amend(self._exercise.loaded.files, (*self._edits, *edits))
        except Invalid as error:
            raise UsageFault(str(error)) from None

    def _check_edit(self, data: dict[str, Any]) -> Inject:
        line = self._line(data)
        field, value = str(data["field"]), str(data["value"])
        if line.status == "released" and not self._exercise.injector.alive(line):
            raise UsageFault(f"{line.spec.id} has been released: retract it, or inject another one")
        return self._amended(Edit(line.spec.id, field, value))[line.spec.id]

    def _edit(self, data: dict[str, Any], _: int) -> None:
        spec = self._check_edit(data)
        self._edits = (*self._edits, Edit(spec.id, str(data["field"]), str(data["value"])))
        self._exercise.injector.change(self._line(data), spec)

    def _check_more(self, data: dict[str, Any]) -> list[Inject]:
        written = str(data["yaml"])
        try:
            names = new_ids(written)
        except Invalid as error:
            raise UsageFault(str(error)) from None
        made = self._amended(Edit("", "", written))
        return [made[name] for name in names]

    def _more(self, data: dict[str, Any], _: int) -> None:
        added = self._check_more(data)
        self._edits = (*self._edits, Edit("", "", str(data["yaml"])))
        for spec in added:
            self._exercise.injector.add(spec)

    # --- back ----------------------------------------------------------------------------------

    def _check_retract(self, data: dict[str, Any]) -> None:
        line = self._line(data)
        if not line.released:
            raise UsageFault(f"{line.spec.id} has not been released: skip or hold it instead")

    def _retract(self, data: dict[str, Any], seq: int) -> None:
        """People cannot unsee: those who saw it are told to disregard it; what it did to the world stays."""
        spec = self._line(data).spec
        told = {"audience": list(spec.audience), "message": spec.message or spec.title, "title": spec.title}
        if spec.kind != "facilitation":
            self._exercise.context.log.write("inject.retracted", "", spec.id, (seq,), told)

    # --- acknowledgement -----------------------------------------------------------------------

    def _check_ack(self, data: dict[str, Any]) -> None:
        line, names = self._line(data), self._exercise.governments
        who = known("government", str(data["who"]), names)
        if not line.released:
            raise UsageFault(f"{line.spec.id} has not been released")
        if line.spec.kind == "facilitation" or (line.spec.audience and who not in line.spec.audience):
            raise UsageFault(f"{line.spec.id} was not sent to {who}")
        if who in self.acknowledged.get((line.spec.id, self._which(line, data)), ()):
            raise UsageFault(f"{who} has acknowledged {line.spec.id} already")

    @staticmethod
    def _which(line: MselItem, data: dict[str, Any]) -> int:
        """Which release of a line is meant, counted from 1; the last one if nothing is said."""
        return int(number_of(data, "release", 1, line.released)) if data.get("release") else line.released

    def _ack(self, data: dict[str, Any], _: int) -> None:
        line = self._line(data)
        self.acknowledged.setdefault((line.spec.id, self._which(line, data)), []).append(str(data["who"]))

    def _check_reset(self, data: dict[str, Any]) -> None:
        if data.get("inject"):
            self._line(data)

    def _reset(self, data: dict[str, Any], _: int) -> None:
        injector = self._exercise.injector
        lines = [self._line(data)] if data.get("inject") else list(injector.lines.values())
        names = {line.spec.id for line in lines}
        self._edits = tuple(edit for edit in self._edits if not edit.field or edit.inject not in names)
        for line in lines:
            injector.restore(line, self._written.get(line.spec.id))
