"""Reports on hidden indicators: the true value with an error, which narrows the receiver's estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import slot_of
from wargame.world.beliefs import report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wargame.simulation.kernel.context import RunContext


def observe(
    context: RunContext,
    receiver: str,
    reports: Mapping[str, float],
    names: Mapping[str, str],
    what: str,
    ordinal: int,
    *,
    noise: bool = True,
) -> None:
    """Updates a government's estimates from the reports of an action or inject.

    `reports` maps paths to the variance of the report, in units of the indicator's range squared. `what` names the
    action or inject and `ordinal` counts it: together they key the error, so that it is the same in every re-run.
    """
    world, draws = context.world, context.draws
    for path in sorted(reports):
        variance = reports[path]
        slot = slot_of(world.layout, path, names)
        spread = variance**0.5 * (world.slots[slot].high - world.slots[slot].low)
        error = draws.normal("report", f"{what} {receiver} {path}", ordinal)
        observed = world.value(slot) + (spread * error if noise else 0.0)
        report(world, receiver, slot, observed, variance)
