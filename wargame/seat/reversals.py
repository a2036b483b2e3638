"""Orders that would undo an order which is still being carried out, as far as the effects of their options say.

Two orders reverse each other if they change the same indicators in opposite directions, and if one of these is true:
both are moves in one forum or agreement, few options of the scenario change one of the indicators, or there are at
least three indicators. Orders towards different targets do not reverse each other. Such orders are allowed: a person
is asked whether both are meant.
"""

from collections import Counter
from collections.abc import Iterator

from wargame.decision.menu import Candidate, placeholders
from wargame.language.expressions import parse_path
from wargame.language.tree import Read
from wargame.scenario.model import Option, Scenario
from wargame.simulation.actors.orders import PendingOrder
from wargame.simulation.exercise import Exercise

MANY = 3
"""Indicators in common that suffice, whatever they are. Judgement."""
FEW = 3, 0.05
"""Options, in number or as a share of all, that may change an indicator which suffices alone. Judgement."""


def reversed_by(exercise: Exercise, seat: str, order: Candidate) -> tuple[PendingOrder, ...]:
    """Return the orders of a government under way that an order would reverse, oldest first."""
    scenario, pending = exercise.context.scenario, exercise.governments[seat].pending.values()
    return tuple(each for each in pending if reverses(scenario, seat, order, each.candidate))


def reverses(scenario: Scenario, actor: str, one: Candidate, other: Candidate) -> bool:
    """Return whether two orders of a government reverse each other."""
    if one.option == other.option or (one.target and other.target and one.target != other.target):
        return False
    first, second = scenario.options[one.option], scenario.options[other.option]
    changes, others = dict(_changes(scenario, actor, one)), dict(_changes(scenario, actor, other))
    common = changes.keys() & others.keys()
    if not common or any(changes[each] == others[each] for each in common) or _talks(first) != _talks(second):
        return False
    return bool(_talks(first)) or len(common) >= MANY or any(_is_special(scenario, each.name) for each in common)


def _changes(scenario: Scenario, actor: str, order: Candidate) -> Iterator[tuple[Read, bool]]:
    """Yield the indicators that an order changes by a number, and whether upwards."""
    names = placeholders(actor, order.target)
    for path, effect in scenario.options[order.option].effects.items():
        read = parse_path(path).bound(names)
        low, high = scenario.range_of(read.name)
        if isinstance(effect.by, int | float) and effect.by:
            yield read, effect.by > 0
        elif isinstance(effect.to, int | float) and not low < effect.to < high:
            yield read, effect.to >= high


def _talks(option: Option) -> str:
    moved = option.forum or option.agreement
    return moved.name if moved else ""


def _is_special(scenario: Scenario, name: str) -> bool:
    """Return whether few options change an indicator."""
    by = Counter(read for o in scenario.options.values() for read in {parse_path(path).name for path in o.effects})
    return by[name] <= max(FEW[0], FEW[1] * len(scenario.options))
