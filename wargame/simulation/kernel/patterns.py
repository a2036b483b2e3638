"""Whether an action is one of those that a pattern means."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.scenario.model import ActionPattern
    from wargame.simulation.kernel.context import Action


def fits(pattern: ActionPattern, actor: str, option: str, target: str | None) -> bool:
    """Whether actor, option and target are all among those of the pattern; an empty list means any."""
    return (
        option in pattern.options
        and (not pattern.by or actor in pattern.by)
        and (not pattern.to or target in pattern.to)
    )


def matches(pattern: ActionPattern, action: Action) -> bool:
    """`fits` for an action."""
    return fits(pattern, action.actor, action.option, action.target)
