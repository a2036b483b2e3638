"""Commands of the white cell on the MSEL. They change the run's list of injects, never the files."""

from collections.abc import Callable
from typing import Any

from yaml.nodes import Node

from wargame.errors import Invalid, TypedTextErrors, UsageFault
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.scenario.loading.amend import Edit, amend, amended_items, new_ids
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Inject
from wargame.sentence import Hint, Name, Part
from wargame.simulation.control.lookup import number_of, shift_of, valid_name
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandModule, RecordParts, Steps
from wargame.simulation.mechanisms.injector import Injector
from wargame.simulation.mechanisms.triggers import MselItem


class Msel(CommandModule):
    """Commands that release, hold, delay, edit, add, retract and reset injects.

    `retracted` is called with the id of a retracted inject and the number of the command.
    """

    KINDS = ("release", "hold", "unhold", "skip", "delay", "postpone", "edit", "inject", "retract", "reset", "ack")

    def __init__(
        self, context: RunContext, loaded: Loaded, injector: Injector, retracted: Callable[[str, int], None]
    ) -> None:
        self._context, self._loaded, self._injector = context, loaded, injector
        self._retracted = retracted
        self._written = {inject.id: inject for inject in loaded.injects}
        self._edits: tuple[Edit, ...] = ()
        self.acknowledged: dict[tuple[str, int], list[str]] = {}
        """(id, number of the release, from 1) -> governments that have acknowledged it."""

    def items(self) -> dict[str, Node]:
        """Return the present injects of the run by id, as they would be written."""
        return amended_items(self._loaded.files, self._edits)

    def _line(self, data: dict[str, Any]) -> MselItem:
        lines = self._injector.lines
        return lines[valid_name("inject", str(data["inject"]), lines)]

    def _alive(self, data: dict[str, Any], what: str) -> MselItem:
        line = self._line(data)
        if not line.alive:
            raise UsageFault(_name(line), f" is {line.status} and cannot be {what}")
        return line

    def _release(self, data: dict[str, Any]) -> Steps:
        line = self._line(data)
        seq = yield RecordParts()
        self._injector.release(line, "manual", (seq,))

    def _hold(self, data: dict[str, Any]) -> Steps:
        line = self._alive(data, "held")
        yield RecordParts()
        self._injector.hold(line)

    def _unhold(self, data: dict[str, Any]) -> Steps:
        line = self._line(data)
        if line.status != "held":
            raise UsageFault(_name(line), f" is {line.status}, not held")
        yield RecordParts()
        self._injector.unhold(line)

    def _skip(self, data: dict[str, Any]) -> Steps:
        line = self._alive(data, "skipped")
        yield RecordParts()
        self._injector.skip(line)

    # --- time ----------------------------------------------------------------------------------

    def _delay(self, data: dict[str, Any]) -> Steps:
        line, by, now = self._line(data), shift_of(data), self._context.now
        due, name, triggers = self._injector.due_of(line), _name(line), self._injector.triggers
        waits = due is None and self._waits(line)
        release = Hint(("release", line.spec.id), "releases it now", "Release now")
        if line.status == "held" and line.missed is not None:
            raise UsageFault(name, " is held and overdue and cannot be delayed (unhold or release it)")
        if not line.alive:
            raise UsageFault(name, f" is {line.status} and cannot be delayed")
        if line.spec.manual:
            raise UsageFault(name, " is released by hand and has no time to delay")
        if due is not None and due + by < now:
            raise UsageFault(name, f" would be due {format_duration(now - due - by)} ago", release)
        if waits and (line.not_before or now) + by < now:
            raise UsageFault(name, " waits for an event without a date and cannot be brought forward", release)
        yield RecordParts()
        (triggers.defer if waits else triggers.put_off)(line, by)

    @staticmethod
    def _waits(line: MselItem) -> bool:
        """Return whether it waits for a condition, a rate or an action, and not for a time that can be moved."""
        random = line.spec.random
        return line.spec.at is None and (random is None or random.between is None)

    def _postpone(self, data: dict[str, Any]) -> Steps:
        by, injector = shift_of(data), self._injector
        movable = [line for line in injector.lines.values() if line.alive]
        for line in movable:
            due = injector.due_of(line)
            if due is not None and line.missed is None and due + by < self._context.now:
                raise UsageFault(_name(line), " would be due in the past (postpone by less)")
        yield RecordParts()
        for line in movable:
            injector.triggers.put_off(line, by)

    # --- content -------------------------------------------------------------------------------

    def _amended(self, *edits: Edit) -> dict[str, Inject]:
        try:
            return amend(self._loaded.files, (*self._edits, *edits))
        except Invalid as error:
            raise _typed(error) from None

    def _edit(self, data: dict[str, Any]) -> Steps:
        line = self._line(data)
        field, value = str(data["field"]), str(data["value"])
        if line.status == "released" and not line.alive:
            raise UsageFault(_name(line), " has been released and cannot be edited (retract it, or add another inject)")
        edit = Edit(line.spec.id, field, value)
        spec = self._amended(edit)[line.spec.id]
        if field in ("at", "random"):
            self._check_to_come(spec, line.shift, Hint(("release", spec.id), "releases it now", "Release now"))
        yield RecordParts()
        self._edits = (*self._edits, edit)
        self._injector.change(line, spec)

    def check_add(self, data: dict[str, Any]) -> list[Inject]:
        """Return the injects that a command would add; UsageFault if one cannot be added."""
        written = str(data["yaml"])
        try:
            names = new_ids(written)
        except Invalid as error:
            raise _typed(error) from None
        amended = self._amended(Edit("", "", written))
        for name in names:
            self._check_to_come(amended[name], 0, " (leave out the time and add --now to release it now)")
        return [amended[name] for name in names]

    def _check_to_come(self, spec: Inject, shift: int, remedy: Part) -> None:
        """Raise UsageFault if the time of an inject, or the start of its window, has passed: it could be skipped."""
        calendar, now = self._context.calendar, self._context.now
        window = spec.random.between if spec.random is not None else None
        first = spec.at or (window[0] if window is not None else None)
        if first is not None and (due := calendar.seconds(first) + shift) < now:
            what = "would be due" if spec.at is not None else "has a window that begins"
            at = f" {what} {calendar.at(due):%Y-%m-%d %H:%M}, which has passed"
            raise UsageFault(Name(spec.id, clean(spec.title)), at, remedy)

    def _inject(self, data: dict[str, Any]) -> Steps:
        added = self.check_add(data)
        yield RecordParts()
        self._edits = (*self._edits, Edit("", "", str(data["yaml"])))
        for spec in added:
            self._injector.add(spec)

    # --- retracting ----------------------------------------------------------------------------------

    def _retract(self, data: dict[str, Any]) -> Steps:
        """Tell those who received it to disregard it. What it did to the world remains."""
        line = self._line(data)
        if not line.released:
            raise UsageFault(_name(line), " has not been released and cannot be retracted (skip or hold it)")
        seq, spec = (yield RecordParts()), line.spec
        record = {"audience": list(spec.audience), "message": spec.message or spec.heading, "title": spec.title}
        record |= {"subject": spec.subject} if spec.subject else {}
        if spec.kind != "facilitation":
            self._context.log.write("inject.retracted", "", spec.id, (seq,), record)
            self._retracted(spec.id, seq)

    # --- acknowledgement -----------------------------------------------------------------------

    def _ack(self, data: dict[str, Any]) -> Steps:
        line, names = self._line(data), self._context.scenario.governments
        who = valid_name("government", str(data["who"]), names)
        if not line.released:
            raise UsageFault(_name(line), " has not been released")
        if line.spec.kind == "facilitation" or (line.spec.audience and who not in line.spec.audience):
            raise UsageFault(_name(line), f" was not sent to {who}")
        release = int(number_of(data, "release", 1, line.released)) if data.get("release") else line.released
        if who in self.acknowledged.get((line.spec.id, release), ()):
            raise UsageFault(f"{who} has already acknowledged {line.spec.id}")
        yield RecordParts()
        self.acknowledged.setdefault((line.spec.id, release), []).append(who)

    def _reset(self, data: dict[str, Any]) -> Steps:
        injector = self._injector
        lines = [self._line(data)] if data.get("inject") else list(injector.lines.values())
        yield RecordParts()
        names = {line.spec.id for line in lines}
        self._edits = tuple(edit for edit in self._edits if not edit.field or edit.inject not in names)
        for line in lines:
            injector.restore(line, self._written.get(line.spec.id))


def _name(line: MselItem) -> Name:
    return Name(line.spec.id, clean(line.spec.title))


def _typed(error: Invalid) -> UsageFault:
    return TypedTextErrors(error.problems) if error.problems else UsageFault(str(error))
