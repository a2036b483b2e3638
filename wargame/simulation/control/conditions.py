"""Conditions that people state: of the white cell over the world, of seats over what they may know.

Each function raises UsageFault with what is wrong and, for an id, the nearest one that may be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from wargame.errors import UsageFault, nearest, shortened
from wargame.language.expressions import Expression, ExpressionError, parse
from wargame.simulation.kernel.context import RunContext
from wargame.world.layout import Compiled

_DATED = re.compile(r"\d{4}-\d")
NONE_SUCH = "there is no option, inject or outcome"
SHOWN = 80
"""Characters of a condition that a message repeats."""


def world_condition(text: str, context: RunContext) -> Compiled:
    """Return a condition of the white cell, over the true state of the world. It may use every id."""
    formula = _compiled(text, context.world.compile)
    events = {*context.scenario.options, *context.scenario.outcomes, *context.injects}
    _check_events(parse(text), context, events, NONE_SUCH)
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
    for function, arguments in expression.events:
        if function == "follows" and arguments[0] != government:
            raise UsageFault(
                f"'{shortened(text, SHOWN)}': {government} does not know the strategy of {shortened(arguments[0])}"
            )
    for each in expression.reads:
        if each.name == "credibility":
            raise UsageFault(f"'{shortened(text, SHOWN)}' uses {each}, which is not known here")
    return formula


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
    expression: Expression,
    context: RunContext,
    events: Collection[str],
    none: str,
    leaders: Collection[str] | None = None,
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
        raise UsageFault(
            f"'{shortened(expression.text, SHOWN)}': {none} '{shortened(name)}'{f' ({hint})' if hint else ''}"
        )
