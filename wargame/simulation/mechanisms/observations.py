"""Reports on hidden indicators: the true value with an error, which narrows the receiver's estimate."""

from __future__ import annotations

from collections.abc import Mapping

from wargame.decision.menu import slot_of
from wargame.numbers.effects import Report
from wargame.simulation.kernel.context import RunContext
from wargame.statistics.draws import name_key
from wargame.world.layout import Layout


def reports_to(
    layout: Layout, receiver: str, reports: Mapping[str, float], names: Mapping[str, str], what: str
) -> tuple[Report, ...]:
    """Return the reports of an action or inject that tell this government something: on indicators that it estimates.

    `reports` maps paths to the variance of the report, in units of the indicator's range squared. `what` names the
    action or inject: it keys the error, with the number of the action or release, so that it is the same in every
    re-run.
    """
    listed = []
    for path in sorted(reports):
        slot = slot_of(layout, path, names)
        if (receiver, slot) in layout.beliefs:
            variance, width = reports[path], layout.slots[slot].high - layout.slots[slot].low
            key = name_key("report", f"{what} {receiver} {path}")
            listed.append(
                Report((slot, *layout.beliefs[receiver, slot]), variance**0.5 * width, variance * width**2, key)
            )
    return tuple(listed)


def observe(context: RunContext, reports: tuple[Report, ...], ordinal: int, *, noise: bool = True) -> None:
    """Update a government's estimates from reports; `ordinal` counts the action or inject that they come from."""
    world, draws = context.world, context.draws
    for report in reports:
        observed = world.value(report.reported())
        if noise:
            observed += report.error(draws.root, ordinal, draws.quantile)
        report.take(world.curves, observed)
