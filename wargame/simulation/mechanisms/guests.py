"""Restraint of governments that are together on a visit.

`docs/explanation/optional-mechanisms.md` has the equations.
"""

from __future__ import annotations

from wargame.simulation.kernel.context import RunContext


def restraint_of_visit(context: RunContext, actor: str, option: str, target: str | None) -> float:
    """What an action would cost its actor because it is on a visit or has a guest, in units of score, 0 or more."""
    rules = context.rules.visits
    if rules is None or context.now >= context.together.get(actor, 0):
        return 0.0
    offends = any(
        option in pattern.options
        and (not pattern.by or actor in pattern.by)
        and (not pattern.to or target in pattern.to)
        for pattern in rules.offences
    )
    return rules.restraint if offends else 0.0
