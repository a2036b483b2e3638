"""Actions that the white cell improvises: an option made from another one, from numbers, or from both."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wargame.decision.menu import placeholders, slot_of
from wargame.errors import UsageFault, shortened
from wargame.language.expressions import parse, substitute
from wargame.scenario.model import Effect, Option
from wargame.simulation.control.lookup import check_range, number_of, settable, text_of, valid_name
from wargame.simulation.kernel.context import RunContext

VISIBLE = ("public", "private", "covert")
NUMBERS = {"goldstein": (-10.0, 10.0), "severity": (-2.0, 60.0), "rung": (0.0, 10.0)}
"""Numbers of an action, with their least and greatest values."""
_SEPARATOR = re.compile(r"[;,](?![^\[]*\])")
_EFFECT = re.compile(r"(?P<path>[A-Za-z_]\w*\s*(\[[^\]]*\])?)\s*(?P<sign>[-+]|=)=?\s*(?P<number>-?\d*\.?\d+)", re.ASCII)
_EXAMPLE = "tension +0.2, growth[KOR] -0.1, alert[KOR] = 0.8"


def target_of(context: RunContext, data: Mapping[str, Any]) -> str | None:
    """Return the target of the command; without one, the only possible target of the option that it names."""
    option = context.scenario.options.get(str(data.get("as") or ""))
    if data.get("target") or option is None:
        return str(data.get("target") or "") or None
    possible = [name for name in option.to if name != data["government"]]
    return possible[0] if len(possible) == 1 else None


def check_improvised(context: RunContext, data: Mapping[str, Any]) -> None:
    """Raise UsageFault if the action of a command is impossible."""
    scenario = context.scenario
    actor = valid_name("government", str(data["government"]), scenario.governments)
    if data.get("target"):
        valid_name("other government", str(data["target"]), set(scenario.governments) - {actor})
    text_of(data, "title")
    text_of(data, "why", empty=True)
    if data.get("as"):
        same = scenario.options[valid_name("option", str(data["as"]), scenario.options)]
        if same.to and target_of(context, data) is None:
            possible = ", ".join(name for name in same.to if name != actor)
            raise UsageFault(f"{data['as']} is directed at a government (add --to; possible: {possible})")
    for key, (low, high) in NUMBERS.items():
        if key in data or (key == "goldstein" and not data.get("as")):
            value = number_of(data, key, low, high)
            if key == "rung" and value != int(value):
                raise UsageFault(f"the rung must be a whole number, not {value:g}")
    valid_name("visibility", str(data.get("visibility", "public")), VISIBLE)
    if data.get("dossier") or not data.get("as"):
        valid_name(f"dossier of {actor}", _dossier(context, data), scenario.governments[actor].dossiers)
    _check_effects(context, improvised(context, data), actor, target_of(context, data))


def improvised(context: RunContext, data: Mapping[str, Any]) -> Option:
    """Return the option of a command: as another one, with what the command changes, or a new one."""
    title, actor, target = str(data["title"]), str(data["government"]), target_of(context, data)
    if data.get("as"):
        option = replace(context.scenario.options[str(data["as"])], title=title)
    else:
        to = (target,) if target else ()
        option = Option(
            title=title, dossier=_dossier(context, data), by=(actor,), to=to, cameo="00", goldstein=0.0
        )  # fmt: skip
    changes: dict[str, Any] = {key: float(data[key]) for key in ("goldstein", "severity") if key in data}
    if "rung" in data:
        changes["rung"] = int(float(data["rung"]))
    changes |= {key: str(data[key]) for key in ("visibility", "dossier") if data.get(key)}
    if "effects" in data:
        changes["effects"] = _read_effects(context, str(data["effects"]), placeholders(actor, target))
    return replace(option, **changes)


def _dossier(context: RunContext, data: Mapping[str, Any]) -> str:
    """Return the dossier of the command, or the one with the highest priority on the desk."""
    desk = context.scenario.governments[str(data["government"])].dossiers
    return str(data.get("dossier") or max(sorted(desk), key=lambda name: desk[name].priority))


def _read_effects(context: RunContext, text: str, names: Mapping[str, str]) -> dict[str, Effect]:
    """Effects as they are typed: `tension +0.2, alert[target] = 0.8`."""
    effects: dict[str, Effect] = {}
    for part in filter(None, map(str.strip, _SEPARATOR.split(text))):
        match = _EFFECT.fullmatch(part)
        if match is None or (match["sign"] != "=" and match["number"].startswith("-")):
            raise UsageFault(
                f"'{shortened(part)}' is not an effect (write PATH +N or PATH -N, a share of the distance to the end "
                f"of the range, or PATH = N, the new value: {_EXAMPLE})"
            )
        path, number = str(_with_names(match["path"], names)), float(match["number"])
        slot = settable(context.world, path)
        spec = context.world.slots[slot]
        if match["sign"] == "=":
            check_range(context.world, slot, number)
            effect = Effect(to=number)
        elif number > 1:
            raise UsageFault(
                f"'{shortened(part)}': an effect is a share of the distance to the end of the range, at most 1"
            )
        else:
            effect = Effect(by=number if match["sign"] == "+" else -number)
        if spec.path in effects:
            raise UsageFault(f"the effect on {spec.path} is given twice")
        effects[spec.path] = effect
    if not effects:
        raise UsageFault(f"the effects are missing (such as {_EXAMPLE})")
    return effects


def _with_names(path: str, names: Mapping[str, str]) -> str:
    """Return a path with `actor` and `target` replaced."""
    name, bracket, index = path.strip().partition("[")
    if not bracket:
        return name.strip()
    parts = (part.strip() for part in index.rstrip("] ").split(","))
    return f"{name.strip()}[{', '.join(names.get(part, part) for part in parts)}]"


def _check_effects(context: RunContext, option: Option, actor: str, target: str | None) -> None:
    """Raise UsageFault if the effects of an option have no meaning for these governments."""
    world, names = context.world, placeholders(actor, target)
    for path, effect in [*option.effects.items(), *((path, None) for path in option.reports)]:
        try:
            slot_of(world.layout, path, names)
            amount = None if effect is None else effect.by if effect.by is not None else effect.to
            if isinstance(amount, str):
                world.compile(substitute(parse(amount), names))
        except KeyError:
            at = f" toward {target}" if target else ""
            raise UsageFault(
                f"this option has no meaning for {actor}{at}: its effect on {path} does not exist "
                "(leave out --as and give --severity, --rung and --effects)"
            ) from None
