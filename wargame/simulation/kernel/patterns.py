"""Whether an action or decision matches a pattern of the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.scenario.model import ActionPattern
    from wargame.simulation.kernel.consequences import Action


def fits(pattern: ActionPattern, actor: str, option: str, target: str | None) -> bool:
    """Whether actor, option and target are in the lists of the pattern; an empty list matches any."""
    return (
        option in pattern.options
        and (not pattern.by or actor in pattern.by)
        and (not pattern.to or target in pattern.to)
    )


def matches(pattern: ActionPattern, action: Action) -> bool:
    """Whether an action fits the pattern."""
    return fits(pattern, action.actor, action.option, action.target)
