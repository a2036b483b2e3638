"""Carrying out actions: effects on the world, the record, then the consequences of an action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from wargame.decision.menu import placeholders, slot_of
from wargame.language.expressions import parse, substitute
from wargame.simulation.kernel.consequences import Action

if TYPE_CHECKING:
    from wargame.scenario.model import Effect, Option
    from wargame.simulation.kernel.context import RunContext
    from wargame.world.layout import Compiled

_Push = tuple[int, "float | Compiled", bool]
"""A slot, the amount or a formula for it, and whether it is set instead of changed."""


class Effects:
    """Applies effects to the true world. Compiled effects are cached, since the same action is carried out often."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._compiled: dict[object, list[_Push]] = {}

    def apply(
        self, key: object, effects: Mapping[str, Effect], names: Mapping[str, str], *, shared: bool = False
    ) -> dict[str, list[float]]:
        """Applies them now and returns path -> [old, new] of what changed, empty if the journal has no actions.

        `key` identifies (effects, names) in the run, and if they are `shared` in all runs of the scenario.
        """
        if key not in self._compiled:
            make = partial(self._compile_all, effects, names)
            once = self._context.world.layout.once
            self._compiled[key] = once(("effects", key), make) if shared else make()
        world, recorded = self._context.world, self._context.log.keeps("action")
        changed: dict[str, list[float]] = {}
        for slot, amount, sets in self._compiled[key]:
            old = world.value(slot) if recorded else 0.0
            value = amount if isinstance(amount, float) else amount(world, world.events)
            (world.put if sets else world.nudge)(slot, value)
            if recorded and (new := world.value(slot)) != old:
                changed[world.slots[slot].path] = [round(old, 6), round(new, 6)]
        world.settle(moved_only=True)
        return changed

    def _compile_all(self, effects: Mapping[str, Effect], names: Mapping[str, str]) -> list[_Push]:
        return [self._compile(path, effects[path], names) for path in sorted(effects)]

    def _compile(self, path: str, effect: Effect, names: Mapping[str, str]) -> _Push:
        world = self._context.world
        amount = effect.by if effect.by is not None else effect.to
        assert amount is not None
        if isinstance(amount, str):
            return (
                slot_of(world.layout, path, names),
                world.compile(substitute(parse(amount), names)),
                effect.by is None,
            )
        return slot_of(world.layout, path, names), float(amount), effect.by is None


class Improvised(NamedTuple):
    """An option of the white cell. It counts as the option of the scenario with this id, if there is one."""

    id: str
    option: Option


class Actions:
    """Carries out actions: the one way in which governments, injects, procedures and history change the world."""

    def __init__(self, context: RunContext, effects: Effects) -> None:
        self._context = context
        self._effects = effects
        self._ordinals: dict[tuple[str, str], int] = {}
        self._chances: dict[tuple[str, str, str | None], Compiled] = {}
        self.last_attack: dict[tuple[str, str], int] = {}
        """(attacker, victim) -> second of the last violent action."""

    def do(
        self,
        actor: str,
        what: str | Improvised,
        target: str | None,
        *,
        source: str,
        cause: Iterable[int] = (),
        success: bool | None = None,
        why: str = "",
    ) -> Action:
        """Carries out an option now. `source` is what caused it; with `success` None its chance decides."""
        improvised = not isinstance(what, str)
        name, option = (what, self._context.scenario.options[what]) if isinstance(what, str) else what
        ordinal = self._ordinals.get((actor, name), 0)
        self._ordinals[actor, name] = ordinal + 1
        if success is None:
            success = self._succeeds(actor, name, target, option, ordinal)
        effects = option.effects if success else option.failure
        key = (name, actor, target, success, improvised and ordinal)
        changed = self._effects.apply(key, effects, placeholders(actor, target), shared=not improvised)
        data = None
        if self._context.log.keeps("action"):
            data = _record(name, target, option, success, changed, source, why)
            if improvised:
                data["visibility"] = option.visibility
        seq = self._context.log.write("action", actor, name, cause, data)
        weight = option.goldstein * (1.0 + option.shock)
        action = Action(
            seq,
            self._context.clock.now,
            actor,
            name,
            target,
            weight,
            success,
            ordinal,
            self._context.open,
            option,
            source,
        )
        self._note(action, option)
        for follow in self._context.consequences.of_action:
            follow(action)
        return action

    def count(self, actor: str) -> int:
        """The number of actions of this government so far."""
        return sum(times for (who, _), times in self._ordinals.items() if who == actor)

    def _succeeds(self, actor: str, name: str, target: str | None, option: Option, ordinal: int) -> bool:
        if option.chance == 1.0:
            return True
        if isinstance(option.chance, str):
            key = (actor, name, target)
            if key not in self._chances:
                self._chances[key] = self._context.views[actor].compile(option.chance, placeholders(actor, target))
            chance = self._context.views[actor].ask(self._chances[key])
        else:
            chance = option.chance
        return self._context.draws.uniform("success", f"{actor} {name}", ordinal) < chance

    def _note(self, action: Action, option: Option) -> None:
        """Notes the action for conditions, raises the rung of the pair and keeps the time of an attack."""
        context = self._context
        context.events.note(action.option)
        context.memories[action.actor].note(action.option)
        context.watch.happened(action.option)
        if action.target is not None:
            slot = context.world.slot("rung", (action.actor, action.target))
            context.world.put(slot, max(context.world.value(slot), float(option.rung)))
            if option.rung >= context.rules.violent_rung:
                self.last_attack[action.actor, action.target] = action.time


def _record(
    name: str, target: str | None, option: Option, success: bool, changed: dict[str, list[float]], source: str, why: str
) -> dict[str, Any]:
    """The data of an action's record."""
    data = {
        "option": name,
        "target": target,
        "title": option.title,
        "goldstein": option.goldstein,
        "severity": option.severity,
        "rung": option.rung,
        "success": success,
        "effects": changed,
        "from": source,
    }
    return data | {"why": why} if why else data
