"""Reading the values of a command: names, paths, texts, numbers, conditions.

Each function raises UsageFault with what is wrong and, for a name, the nearest valid one.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar

from wargame.errors import UsageFault, flag, listed, nearest, shortened
from wargame.language.expressions import Expression, ExpressionError, parse, parse_path
from wargame.language.plain_text import JOINERS
from wargame.language.times import parse_duration
from wargame.simulation.kernel.context import RunContext
from wargame.world.layout import Compiled
from wargame.world.state import World

T = TypeVar("T")
SEATS = ("model", "human", "script")
LONGEST_TEXT = 20_000
"""Most characters of one message, note or reason."""


def valid_name(kind: str, name: str, choices: Collection[str]) -> str:
    """Return the name, if it is one of the choices; `kind` names it in the message."""
    if name in choices:
        return name
    names = sorted(choices)
    hint = nearest(name, names) or (f"one of {listed(names)}" if names else "there are none")
    raise UsageFault(f"there is no {kind} '{shortened(name)}' ({hint})")


def settable(world: World, path: str) -> int:
    """Return the slot of an indicator that a command may set."""
    try:
        parsed = parse_path(path)
    except ExpressionError as error:
        numbers = "wargame batch ", flag("arm"), ' "NAME=parameter PATH=VALUE" sets the other numbers of the files'
        why = (" (", *numbers, ")") if "." in path.partition("[")[0] else (f": {error}",)
        raise UsageFault(f"'{path}' is not the path of an indicator", *why) from None
    try:
        slot = world.slot(parsed.name, parsed.index)
    except KeyError:
        slot = -1
    if slot < 0 or not world.slots[slot].is_named:
        valid_name("indicator", parsed.name, {each.name for each in world.slots if each.is_named})
    if slot < 0:
        paths = [s.path for s in world.slots if s.name == parsed.name]
        raise UsageFault(f"there is no indicator '{path}' ({nearest(path, paths) or 'such as ' + paths[0]})")
    if slot in world.derived:
        raise UsageFault(f"'{path}' is derived and cannot be set (set the indicators in its formula)")
    return slot


def check_range(world: World, slot: int, value: float) -> None:
    """Raise UsageFault with the nearest value if an indicator cannot have this one."""
    spec = world.slots[slot]
    if not spec.low <= value <= spec.high:
        end = spec.low if value < spec.low else spec.high
        span = f"between {spec.low:g} and {spec.high:g}"
        raise UsageFault(f"{spec.path} must be {span}, not {value:g} (the nearest value is {end:g})")


def text_of(data: Mapping[str, Any], key: str, *, empty: bool = False) -> str:
    """Return a text of a command: not too long, without control characters, and not empty unless `empty` allows it."""
    text = data.get(key, "")
    if not isinstance(text, str) or not (text.strip() or empty):
        raise UsageFault(f"the {key} is missing")
    if len(text) > LONGEST_TEXT:
        raise UsageFault(f"the {key} is longer than {LONGEST_TEXT:,} characters")
    if any(not c.isprintable() and c not in f"\n\t{JOINERS}" for c in text):
        raise UsageFault(f"the {key} contains control characters (remove them)")
    return text


def number_of(data: Mapping[str, Any], key: str, low: float, high: float) -> float:
    """Return a number of a command, within its bounds."""
    try:
        value = float(data[key])
    except (KeyError, TypeError, ValueError):
        raise UsageFault(f"the {key} must be a number from {low:g} to {high:g}") from None
    if not low <= value <= high:
        raise UsageFault(f"the {key} must be a number from {low:g} to {high:g}, not {value:g}")
    return value


def shift_of(data: Mapping[str, Any]) -> int:
    """Return the seconds of a duration that may be negative, such as `3d` or `-12h`."""
    text = str(data.get("by", "")).strip()
    sign, plain = (-1, text[1:]) if text.startswith("-") else (1, text)
    return sign * read(parse_duration, plain)


def read(reader: Callable[[str], T], text: str, option: str = "") -> T:
    """Return the value that `reader` parses from a text; its ValueError becomes a UsageFault of the option."""
    try:
        return reader(text)
    except ValueError as error:
        raise UsageFault(f"{option}: {error}" if option else str(error)) from None


_DATED = re.compile(r"\d{4}-\d")
NONE_SUCH = "there is no option, inject or outcome"
SHOWN = 80
"""Characters of a condition that a message repeats."""


def world_condition(text: str, context: RunContext) -> Compiled:
    """Return a condition of the white cell, over the true state of the world. It may use every id."""
    return _over_all_ids(text, context, context.world.compile)


def own_condition(text: str, context: RunContext, government: str) -> Compiled:
    """Return a condition over what the model of a government knows. It may use every id, and its own strategy."""
    formula = _over_all_ids(text, context, context.views[government].compile)
    _check_follows(parse(text), government, text)
    return formula


def check_strategy(name: str, context: RunContext, government: str) -> None:
    """Raise UsageFault for a strategy that does not exist, or rests on what the model of a government cannot know."""
    strategies = context.scenario.strategies
    stages = strategies[valid_name("strategy", name, strategies)].stages
    texts = [text for each in stages for text in (each.until, *each.interests, *(way.when for way in each.exits))]
    compile_own = partial(context.views[government].compile, placeholders={"self": government})
    for text in filter(None, (strategies[name].aim, *texts)):
        try:
            _compiled(text, compile_own)
        except UsageFault as error:
            raise UsageFault(f"{government} cannot follow {name}: {error}") from None


def _over_all_ids(text: str, context: RunContext, compile_text: Callable[[str], Compiled]) -> Compiled:
    formula = _compiled(text, compile_text)
    events = {*context.scenario.options, *context.scenario.outcomes, *context.injects}
    _check_events(parse(text), context, events, NONE_SUCH, None)
    return formula


def seat_condition(text: str, context: RunContext, government: str, *, given_by_seat: bool) -> Compiled:
    """Return a condition that is true as far as the seat of a government may know.

    It may use the options and outcomes of the scenario, the injects that the seat has been sent, and the leaders in
    office, so that a refusal does not reveal whether there are others. The white cell may name every inject and leader.
    Strategies of other governments and credibility are not known to a seat.
    """
    known = context.knowledge(government)
    formula = _compiled(text, known.view.compile)
    expression, written = parse(text), context.world.layout.scenario
    injects = context.injects & set(known.events.names()) if given_by_seat else context.injects
    what = f"{government} knows of no option, message or outcome" if given_by_seat else NONE_SUCH
    leaders = set(context.offices.leader.values()) if given_by_seat else None
    _check_events(expression, context, {*written.options, *written.outcomes, *injects}, what, leaders)
    _check_follows(expression, government, text)
    for each in expression.reads:
        if each.name == "credibility":
            raise UsageFault(f"'{shortened(text, SHOWN)}' uses {each}, which is not known here")
    return formula


def _check_follows(expression: Expression, government: str, text: str) -> None:
    for function, arguments in expression.events:
        if function == "follows" and arguments[0] != government:
            raise UsageFault(
                f"'{shortened(text, SHOWN)}': {government} does not know the strategy of {shortened(arguments[0])}"
            )


def _compiled(text: str, compile_text: Callable[[str], Compiled]) -> Compiled:
    try:
        return compile_text(text)
    except ExpressionError as error:
        if _DATED.match(text.strip()):
            raise UsageFault(f"'{shortened(text, SHOWN)}' is neither a valid date nor a condition") from None
        raise UsageFault(f"'{shortened(text, SHOWN)}' is not a condition: {error}") from None
    except KeyError as error:
        name, index = error.args if len(error.args) == 2 else error.args[0]
        path = f"{name}[{', '.join(index)}]" if index else str(name)
        raise UsageFault(f"'{shortened(text, SHOWN)}' uses {path}, which does not exist or is not known here") from None


def _check_events(
    expression: Expression, context: RunContext, events: Collection[str], none: str, leaders: Collection[str] | None
) -> None:
    """Refuse ids that do not exist, or that whoever states the condition does not know.

    `leaders` are those that a seat may name; the white cell may name all. No hint shows a seat another strategy.
    """
    scenario = context.world.layout.scenario
    for function, arguments in expression.events:
        if function in ("count", "days_since"):
            _check(arguments[0], events, none, expression)
        elif function == "leads":
            if leaders is None:
                _check(arguments[0], scenario.leaders, "there is no leader", expression)
            else:
                _check(arguments[0], leaders, "there is no leader in office", expression)
        elif function == "follows":
            _check(arguments[0], scenario.governments, "there is no government", expression)
            _check(arguments[1], scenario.strategies, "there is no strategy", expression, hints=leaders is None)


def _check(name: str, choices: Collection[str], none: str, expression: Expression, *, hints: bool = True) -> None:
    if name not in choices:
        hint = nearest(name, sorted(choices)) if hints else ""
        message = f"'{shortened(expression.text, SHOWN)}': {none} '{shortened(name)}'{f' ({hint})' if hint else ''}"
        raise UsageFault(message)
