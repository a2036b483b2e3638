"""Variants: other models of the same crisis, each an arm by name, which commands join to what they play."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from wargame.errors import UsageFault, nearest
from wargame.scenario.model import Scenario
from wargame.scenario.questions import Arm


def variant_of(scenario: Scenario, name: str | None) -> Arm:
    """A variant that the scenario declares, and nothing changed if None; UsageFault if it has none of this name."""
    if name is None:
        return Arm()
    every = scenario.evidence.variants
    if name not in every:
        hint = nearest(name, every) or (f"there are {', '.join(every)}" if every else "the scenario has none")
        raise UsageFault(f"there is no variant '{name[:60]}' ({hint})")
    return every[name]


def joined(first: Arm, second: Arm) -> Arm:
    """Two arms as one: lists and mappings together, where both say something the second counts."""
    made: dict[str, Any] = {}
    for item in fields(Arm):
        a, b = getattr(first, item.name), getattr(second, item.name)
        if isinstance(a, tuple):
            made[item.name] = (*a, *b)
        elif isinstance(a, dict):
            made[item.name] = a | b
        else:
            made[item.name] = b or a
    return replace(first, **made)


def under(arm: Arm, scenario: Scenario, name: str | None) -> Arm:
    """An arm as it is played under a variant; it keeps its own title."""
    return replace(joined(arm, variant_of(scenario, name)), title=arm.title)
