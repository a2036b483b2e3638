"""Reports on hidden indicators: the truth with noise, which narrows the estimate of whoever gets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import slot_of
from wargame.world.beliefs import report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wargame.simulation.kernel.context import RunContext


def tell(
    context: RunContext,
    receiver: str,
    reports: Mapping[str, float],
    names: Mapping[str, str],
    what: str,
    ordinal: int,
    *,
    noise: bool = True,
) -> None:
    """Lets a government learn from the reports of an action or inject.

    `reports` holds paths with the variance of the report in units of the range squared; `what` and `ordinal` say of
    which action or inject, and the how manieth, so that the error is always the same.
    """
    world, draws = context.world, context.draws
    for path in sorted(reports):
        variance = reports[path]
        slot = slot_of(world.layout, path, names)
        spread = variance**0.5 * (world.slots[slot].high - world.slots[slot].low)
        error = draws.normal("report", f"{what} {receiver} {path}", ordinal)
        observed = world.value(slot) + (spread * error if noise else 0.0)
        report(world, receiver, slot, observed, variance)
