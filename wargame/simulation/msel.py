"""The script in the white cell's hand: each act is a command, and what the author has written stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.errors import Invalid, UsageFault
from wargame.language.times import format_duration
from wargame.scenario.amend import Edit, amend, new_ids
from wargame.simulation.naming import known, shift_of
from wargame.simulation.settings import Deal

if TYPE_CHECKING:
    from wargame.scenario.model import Inject
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.injector import Line


class Msel:
    """Release, hold, delay, edit, add, retract and reset injects."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._written = {inject.id: inject for inject in exercise.loaded.injects}
        self._edits: tuple[Edit, ...] = ()

    def deals(self) -> dict[str, Deal]:
        """The commands of this subject."""
        injector = self._exercise.injector
        return {
            "release": Deal(self._line, lambda data, seq: injector.release(self._line(data), "manual", (seq,))),
            "hold": Deal(self._may_hold, lambda data, _: injector.hold(self._line(data))),
            "unhold": Deal(self._line, lambda data, _: injector.unhold(self._line(data))),
            "skip": Deal(self._line, lambda data, _: injector.skip(self._line(data))),
            "delay": Deal(self._check_delay, lambda data, _: injector.put_off(self._line(data), shift_of(data))),
            "postpone": Deal(self._check_postpone, self._postpone),
            "edit": Deal(self._check_edit, self._edit),
            "inject": Deal(self._check_more, self._more),
            "retract": Deal(self._check_retract, self._retract),
            "reset": Deal(self._check_reset, self._reset),
        }

    def _line(self, data: dict[str, Any]) -> Line:
        lines = self._exercise.injector.lines
        return lines[known("inject", str(data["inject"]), lines)]

    def _may_hold(self, data: dict[str, Any]) -> None:
        line = self._line(data)
        if line.status != "held" and not self._exercise.injector.alive(line):
            raise UsageFault(f"{line.spec.id} is {line.status}: there is nothing to hold")

    # --- time ----------------------------------------------------------------------------------

    def _check_delay(self, data: dict[str, Any]) -> None:
        line, by = self._line(data), shift_of(data)
        due = self._exercise.injector.due_of(line)
        if due is None or line.missed is not None:
            raise UsageFault(f"{line.spec.id} has no time to come that could be moved ({self._state(line)})")
        if due + by < self._exercise.now:
            raise UsageFault(f"{line.spec.id} would be due {format_duration(self._exercise.now - due - by)} ago")

    @staticmethod
    def _state(line: Line) -> str:
        if line.missed is not None:
            return "it is held and overdue: unhold or release it"
        return f"it is {line.status}" if line.status != "scheduled" else "it waits for something without a date"

    def _movable(self) -> list[Line]:
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
            self._exercise.theatre.log.write("inject.retracted", "", spec.id, (seq,), told)

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
