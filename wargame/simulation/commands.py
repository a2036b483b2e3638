"""Commands of the white cell and of people in seats: checked, recorded, carried out at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wargame.decision.menu import Candidate
from wargame.errors import UsageFault, nearest
from wargame.language.expressions import ExpressionError, parse_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wargame.simulation.exercise import Exercise
    from wargame.simulation.settings import Command

SEATS = ("model", "human", "script")


def known(kind: str, name: str, choices: Iterable[str]) -> str:
    """The name, if it is one of the choices; otherwise UsageFault with the nearest right one."""
    listed = sorted(choices)
    if name in listed:
        return name
    hint = nearest(name, listed) or f"one of {', '.join(listed[:12])}"
    raise UsageFault(f"there is no {kind} '{name}' ({hint})")


class Commands:
    """Carries out the commands of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._act: dict[str, Callable[[dict[str, Any], int], None]] = {
            "release": self._release,
            "hold": lambda data, _: self._exercise.injector.hold(self._line(data)),
            "unhold": lambda data, _: self._exercise.injector.unhold(self._line(data)),
            "skip": lambda data, _: self._exercise.injector.skip(self._line(data)),
            "set": self._set,
            "seat": self._seat,
            "order": self._order,
            "epoch": self._epoch,
            "note": lambda _data, _seq: None,
        }

    def apply(self, command: Command) -> int:
        """Carries out a command now and returns the seq of its record; UsageFault leaves all as it was."""
        self.check(command)
        kind = "note" if command.kind == "note" else "command"
        about = str(command.data.get("about", "")) if kind == "note" else command.kind
        seq = self._exercise.theatre.log.write(kind, str(command.data.get("who", "")), about, (), dict(command.data))
        self._act[command.kind](command.data, seq)
        self._exercise.theatre.watch.ask()
        return seq

    def check(self, command: Command) -> None:
        """UsageFault if the command cannot be carried out now."""
        kind, data = known("command", command.kind, self._act), command.data
        if kind in ("release", "hold", "unhold", "skip"):
            self._line(data)
        elif kind == "set":
            self._check_value(self._slot(str(data["path"])), data)
        elif kind == "seat":
            known("government", data["government"], self._exercise.governments)
            known("kind of seat", data["kind"], SEATS)
        elif kind == "order":
            self._check_order(data)

    def _line(self, data: dict[str, Any]) -> Any:
        lines = self._exercise.injector.lines
        return lines[known("inject", str(data["inject"]), lines)]

    def _release(self, data: dict[str, Any], seq: int) -> None:
        self._exercise.injector.release(self._line(data), "manual", (seq,))

    def _slot(self, path: str) -> int:
        world = self._exercise.theatre.world
        try:
            read = parse_path(path)
        except ExpressionError as error:
            raise UsageFault(f"'{path}' is not the path of an indicator: {error}") from None
        known(
            "indicator", read.name, {slot.name for slot in world.slots if not slot.name.startswith(("belief", "var"))}
        )
        try:
            slot = world.slot(read.name, read.index)
        except KeyError:
            paths = [s.path for s in world.slots if s.name == read.name]
            raise UsageFault(
                f"there is no indicator '{path}' ({nearest(path, paths) or 'such as ' + paths[0]})"
            ) from None
        if slot in world.derived:
            raise UsageFault(f"'{path}' is derived from others and cannot be set (set what it is made of)")
        return slot

    def _check_value(self, slot: int, data: dict[str, Any]) -> None:
        spec, value = self._exercise.theatre.world.slots[slot], float(data["value"])
        if not spec.low <= value <= spec.high:
            raise UsageFault(f"{spec.path} goes from {spec.low:g} to {spec.high:g}: it cannot be set to {value:g}")

    def _set(self, data: dict[str, Any], _: int) -> None:
        self._exercise.theatre.world.hold(self._slot(str(data["path"])), float(data["value"]))

    def _seat(self, data: dict[str, Any], _: int) -> None:
        self._exercise.governments[data["government"]].seat = data["kind"]

    def _check_order(self, data: dict[str, Any]) -> None:
        name = known("government", data["government"], self._exercise.governments)
        government = self._exercise.governments[name]
        offered = {c for menu in government.menus.values() for c in menu.candidates if c.option != "wait"}
        option = known(f"option of {name}", data["option"], {c.option for c in offered})
        target = data.get("target") or None
        targets = [c.target for c in offered if c.option == option]
        if target not in targets:
            wanted = ", ".join(sorted(t for t in targets if t)) or "none"
            raise UsageFault(f"{option} cannot be directed at {target or 'nobody'} (possible targets: {wanted})")
        if not data.get("forced"):
            obstacle = self._exercise.openness.obstacle(government, Candidate(option, target))
            if obstacle:
                raise UsageFault(f"{name} cannot do {option} now: {obstacle}")

    def _order(self, data: dict[str, Any], seq: int) -> None:
        government = self._exercise.governments[data["government"]]
        candidate = Candidate(data["option"], data.get("target") or None)
        if data.get("forced"):
            self._exercise.deeds.do(
                government.name, candidate.option, candidate.target, source="order", cause=(seq,), success=True
            )
            return
        lead = self._exercise.theatre.scenario.options[candidate.option].lead[1]
        government.order(candidate, lead, seq, "order", str(data.get("why", "")))

    def _epoch(self, data: dict[str, Any], _: int) -> None:
        exercise = self._exercise
        exercise.theatre.draws.epoch = int(data["number"])
        for government in exercise.governments.values():
            government.redraw()
        exercise.hazards.redraw()
        exercise.injector.redraw()
