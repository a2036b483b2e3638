"""Carrying out actions: effects on the world, the record, then the consequences of an action."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from wargame.decision.menu import placeholders, slot_of
from wargame.decision.view import View
from wargame.language.expressions import parse, substitute
from wargame.numbers.arrays import longs
from wargame.numbers.effects import Pushes
from wargame.numbers.levels import FormulaCode
from wargame.numbers.log import follow
from wargame.scenario.model import ActionSpec, Effect, Option
from wargame.simulation.kernel.context import Action, RunContext
from wargame.statistics.draws import name_key
from wargame.world.layout import Layout


class Effects:
    """Applies effects to the true world. Compiled effects are cached, since the same action is carried out often."""

    def __init__(self, context: RunContext) -> None:
        self._context, self._push = context, context.world.push
        self._compiled: dict[object, Pushes] = {}

    def apply(self, key: object, effects: Mapping[str, Effect], names: Mapping[str, str]) -> dict[str, list[float]]:
        """Apply them now and return path -> [old, new] of what changed, empty if the journal has no actions.

        `key` identifies (effects, names) in the run.
        """
        if key not in self._compiled:
            self._compiled[key] = compile_effects(self._context.world.layout, effects, names)
        return self.push(self._compiled[key])

    def push(self, pushes: Pushes) -> dict[str, list[float]]:
        """Apply compiled effects now and return the same."""
        return self._push(pushes, described=self._context.log.keeps_any) if pushes.amounts else {}


def compile_effects(layout: Layout, effects: Mapping[str, Effect], names: Mapping[str, str]) -> Pushes:
    """Return effects on slots, in the order of their paths; the same object for equal effects, in all runs."""
    key = "effects", tuple(sorted(effects.items())), tuple(sorted(names.items()))
    return layout.memo(key, partial(_compiled, layout, effects, names))


def _compiled(layout: Layout, effects: Mapping[str, Effect], names: Mapping[str, str]) -> Pushes:
    slots, sets = [], []
    amounts: list[float | FormulaCode] = []
    for path in sorted(effects):
        effect = effects[path]
        amount = effect.by if effect.by is not None else effect.to
        assert amount is not None
        slots.append(slot_of(layout, path, names))
        amounts.append(layout.program(substitute(parse(amount), names)) if isinstance(amount, str) else float(amount))
        sets.append(effect.by is None)
    return Pushes(longs(slots), amounts, longs(sets))


class Improvised(NamedTuple):
    """An option of the white cell. It counts as the option of the scenario with this id, if there is one."""

    id: str
    option: Option


class ActionKind:
    """The facts of an option of a government towards a target that are the same in all runs.

    `weight` is the weight of the action, `event` the number of its event, `rung_slot` the slot of the rung of the pair,
    -1 without a target, `key` the name key of the draw of its success, and `chance` that of it, a number or a formula.
    """

    __slots__ = ("chance", "event", "failure", "key", "option", "rung_slot", "success", "weight")

    def __init__(self, view: View, option: Option, name: str, actor: str, target: str | None) -> None:
        layout, names = view.observability.layout, placeholders(actor, target)
        self.chance = view.program(option.chance, names) if isinstance(option.chance, str) else option.chance
        self.option = option
        self.success = compile_effects(layout, option.effects, names)
        self.failure = compile_effects(layout, option.failure, names)
        self.weight = option.goldstein * (1.0 + option.shock)
        self.event = layout.event_number(name)
        self.rung_slot = -1 if target is None else layout.slot("rung", (actor, target))
        self.key = name_key("success", f"{actor} {name}")


class Actions:
    """Carries out actions: the one way in which governments, injects, procedures and history change the world."""

    def __init__(self, context: RunContext, effects: Effects) -> None:
        self._context = context
        self._effects = effects
        self._kinds: dict[tuple[str, str, str | None], ActionKind] = context.world.layout.memo("kinds of action", dict)
        self._ordinals = defaultdict[str, dict[str, int]](dict)
        self.put_to_person: Callable[[str, str, str | None, int], bool] | None = None
        """Proposes an action to the person in the seat of its actor; False if no person plays it."""
        self.last_attack: dict[tuple[str, str], int] = {}
        """(attacker, victim) -> second of the last violent action."""

    def do_unless_person(self, act: ActionSpec, source: str, seq: int, why: str) -> None:
        """Carry out what the script or chance does in the name of a government; a person in its seat is asked first."""
        if self.put_to_person is None or not self.put_to_person(act.by, act.option, act.to, seq):
            self.do(act.by, act.option, act.to, source=source, cause=(seq,), why=why)

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
        """Carry out an option now. `source` is what caused it; with `success` None its chance decides."""
        context = self._context
        if isinstance(what, str):
            name, kind = what, self._kinds.get((actor, what, target)) or self._kind(actor, what, target)
        else:
            name, kind = what.id, ActionKind(context.views[actor], what.option, what.id, actor, target)
        option = kind.option
        ordinals = self._ordinals[actor]
        ordinal = ordinals.get(name, 0)
        ordinals[name] = ordinal + 1
        if success is None:
            success = option.chance == 1.0 or self._succeeds(actor, kind, ordinal)
        changed = self._effects.push(kind.success if success else kind.failure)
        data = None
        if context.log.keeps_any:
            data = _record(name, target, option, success, changed, source, why)
            if not isinstance(what, str):
                data["visibility"] = option.visibility
        seq = context.log.write("action", actor, name, cause, data)
        now = context.clock.now
        action = Action(seq, now, actor, name, target, kind.weight, success, ordinal, context.open, option, source)
        self._note(action, kind)
        follow(context.consequences.of_action[actor], action)
        return action

    def _kind(self, actor: str, name: str, target: str | None) -> ActionKind:
        """Return what is the same in all runs about an option of the scenario."""
        context = self._context
        kind = ActionKind(context.views[actor], context.scenario.options[name], name, actor, target)
        return self._kinds.setdefault((actor, name, target), kind)

    def count(self, actor: str) -> int:
        """Return the number of actions of this government so far."""
        return sum(self._ordinals[actor].values())

    def _succeeds(self, actor: str, kind: ActionKind, ordinal: int) -> bool:
        chance = kind.chance
        if isinstance(chance, FormulaCode):
            chance = self._context.views[actor].value_of(chance)
        return self._context.draws.keyed(kind.key, ordinal) < chance

    def _note(self, action: Action, kind: ActionKind) -> None:
        """Note the action for conditions, raise the rung of the pair and keep the time of an attack."""
        context, now = self._context, action.time
        context.events.memory.note(kind.event, 1.0, now)
        context.memories[action.actor].memory.note(kind.event, 1.0, now)
        context.watch.happened(action.option)
        if action.target is not None:
            rung, slot, curves = kind.option.rung, kind.rung_slot, context.world.curves
            curves.put(slot, max(curves.level(slot), rung))
            if rung >= context.rules.violent_rung:
                self.last_attack[action.actor, action.target] = now
        context.log.mark_change(action.seq)


def _record(
    name: str, target: str | None, option: Option, success: bool, changed: dict[str, list[float]], source: str, why: str
) -> dict[str, Any]:
    graveness = {"goldstein": option.goldstein, "severity": option.severity, "rung": option.rung}
    data = {"option": name, "target": target, "title": option.title, **graveness, "success": success}
    return {**data, "effects": changed, "from": source, **({"why": why} if why else {})}
