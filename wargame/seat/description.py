"""One option in full, as its government knows it."""

import re
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from wargame.dataclasses import dataclass, replace
from wargame.journal.template_cache import text_lines
from wargame.language.expressions import parse, parse_path
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.scenario.model import Effect, Indicator, Option, Scenario
from wargame.scenario.model.indicators import OWN, table
from wargame.seat.brief import HIDDEN
from wargame.seat.interests import indicator_title
from wargame.seat.role import PolicyDemand, demand_sentence, policy_demands
from wargame.simulation.exercise import Exercise

SLIGHTLY, STRONGLY = 0.05, 0.25
"""Below and from these shares of the distance to the end of the range an effect is slight or strong. Judgement."""


@dataclass(frozen=True, slots=True)
class OptionDescription:
    """An option as its government knows it.

    `lead` is (low, mode, high) in seconds, `cool_down` the seconds after which it can be repeated towards the same
    target. `raises`, `lowers` and `changes` are titles of the indicators that it affects and that the government may
    know. `certain` says whether it always succeeds. `reads` are the indicators of its requirement, id and title.
    """

    option: str
    title: str
    dossier: str
    dossier_title: str
    lead: tuple[int, int, int]
    cool_down: int
    visibility: str
    rung: int
    certain: bool
    raises: tuple[str, ...]
    lowers: tuple[str, ...]
    changes: tuple[str, ...]
    move: str
    demands: tuple[PolicyDemand, ...]
    reads: tuple[tuple[str, str], ...]


_DESCRIBED: WeakKeyDictionary[Exercise, dict[tuple[str, str, str | None], OptionDescription]] = WeakKeyDictionary()
"""Descriptions by seat, option and condition, from which they follow; a page shows all of a seat again and again."""


def describe_option(exercise: Exercise, seat: str, option: str) -> OptionDescription:
    """Return the description of an option that a government has."""
    described, spec = _DESCRIBED.setdefault(exercise, {}), exercise.context.scenario.options[option]
    condition = exercise.commands.seats.condition(seat, option)
    if (seat, option, condition) not in described:
        described[seat, option, condition] = _described(exercise, seat, option, condition)
    found = described[seat, option, condition]
    if not spec.demands:
        return found
    return replace(found, demands=tuple(each for each in policy_demands(exercise, seat) if each.code in spec.to))


def _described(exercise: Exercise, seat: str, option: str, condition: str | None) -> OptionDescription:
    """Return the description without demands, which depend on who is in office."""
    scenario = exercise.context.scenario
    spec = scenario.options[option]
    names: Mapping[str, None] = dict.fromkeys(read.name for read in parse(condition or "1").reads)
    return OptionDescription(
        option=option,
        title=clean(spec.title),
        dossier=spec.dossier,
        dossier_title=clean(scenario.dossiers[spec.dossier].title),
        lead=spec.lead,
        cool_down=spec.cool_down,
        visibility=spec.visibility,
        rung=spec.rung,
        certain=spec.chance == 1.0,
        **_effects(scenario, seat, spec),
        move=_move(scenario, spec),
        demands=(),
        reads=tuple((name, clean(known.title)) for name in names if (known := _changing(scenario, name))),
    )


def _changing(scenario: Scenario, name: str) -> Indicator | None:
    """Return an indicator; None for one that is not known, or whose formulas are constant numbers."""
    spec = scenario.indicators.get(name)
    formulas = spec.formula.values() if spec and isinstance(spec.formula, dict) else [spec and spec.formula]
    return None if all(isinstance(each, str) and re.fullmatch(r"-?\d+(\.\d+)?", each) for each in formulas) else spec


def _effects(scenario: Scenario, seat: str, spec: Option) -> dict[str, tuple[str, ...]]:
    """Return titles of the indicators that it raises, lowers, and changes in a way that depends on the situation.

    They are those that the government knows or estimates; internal numbers of the engine are left out.
    """
    found: dict[str, tuple[str, ...]] = dict.fromkeys(("raises", "lowers", "changes"), ())
    indicators = table(scenario.indicators)
    targets = [name for name in spec.to if name != seat]
    target = targets[0] if len(targets) == 1 else "target"
    for path, effect in spec.effects.items():
        read = parse_path(path)
        index = tuple({"actor": seat, "target": target}.get(each, each) for each in read.index)
        if read.name not in HIDDEN and (indicators[read.name].known != OWN or index[:1] == (seat,)):
            title = clean(indicator_title(scenario, read.name, index))
            place, words = _strength(effect)
            found[place] += (f"{title}{words}",)
    return found


def _strength(effect: Effect) -> tuple[str, str]:
    if not isinstance(effect.by, int | float):
        return "changes", ""
    share = abs(effect.by)
    words = " (slightly)" if share < SLIGHTLY else " (strongly)" if share >= STRONGLY else ""
    return ("raises" if effect.by > 0 else "lowers"), words


def _move(scenario: Scenario, spec: Option) -> str:
    if spec.forum:
        return f"{spec.forum.move}, '{clean(scenario.forums[spec.forum.name].title)}'"
    if spec.agreement:
        return f"{spec.agreement.move}, '{clean(scenario.agreements[spec.agreement.name].title)}'"
    return ""


def description_lines(option: OptionDescription) -> list[str]:
    """Return one option in full: what it is, how long it takes, who learns of it, what it changes."""
    return text_lines("wargame.seat", "option.txt.j2", option=option, length=format_duration, demand=demand_sentence)
