"""What governments learn of indicators: reports with an error, and publications and routine reports by the calendar.

A report narrows the receiver's estimate. All indicators with the same dates share one event on the clock. Dates are
multiples of the interval, counted from second 0, so that nothing that happens in a run moves them.
"""

from collections.abc import Mapping, Sequence

from wargame.decision.menu import slot_of
from wargame.numbers.effects import Report
from wargame.simulation.kernel.clock import PUBLICATION
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


PublicationDates = tuple[int, int]
"""Interval and delay of a publication, in seconds."""


class Publications:
    """Publishes indicators and makes routine reports, from second 0 on."""

    def __init__(self, context: RunContext) -> None:
        self._context, self._clock, self._world = context, context.clock, context.world
        layout = context.world.layout
        self._published = layout.once("publications", lambda: _publications(layout))
        self._reports = layout.once("routine reports", lambda: _routine_reports(layout))

    def schedule(self) -> None:
        """Put the first dates on the clock."""
        for dates, slots in self._published.items():
            self._clock.at(dates[0], PUBLICATION, self._measure, dates, slots)
        for interval, reports in self._reports.items():
            self._clock.at(interval, PUBLICATION, self._report, interval, reports)

    def _measure(self, dates: PublicationDates, slots: Sequence[int]) -> None:
        """Take the values that are published after the delay."""
        interval, delay = dates
        world = self._world
        values = [world.slots[slot].published(world.value(slot)) for slot in slots]
        if delay:
            self._clock.at(self._clock.now + delay, PUBLICATION, self._publish, slots, values)
        else:
            self._publish(slots, values)
        self._clock.at(self._clock.now + interval, PUBLICATION, self._measure, dates, slots)

    def _publish(self, slots: Sequence[int], values: Sequence[float]) -> None:
        """Set the published values that have changed."""
        world, published = self._world, self._world.layout.published
        for slot, value in zip(slots, values, strict=True):
            if world.value(published[slot]) != value:
                world.put(published[slot], value)

    def _report(self, interval: int, reports: tuple[Report, ...]) -> None:
        # The history is the same in all runs: before STARTEX reports have no error.
        observe(self._context, reports, self._clock.now // interval, noise=self._context.begun)
        self._clock.at(self._clock.now + interval, PUBLICATION, self._report, interval, reports)


def _publications(layout: Layout) -> dict[PublicationDates, list[int]]:
    """Return the slots of published indicators by their dates."""
    by_dates: dict[PublicationDates, list[int]] = {}
    for slot in layout.published:
        spec = layout.scenario.indicators[layout.slots[slot].name].dates
        by_dates.setdefault((spec.interval, spec.delay), []).append(slot)
    return dict(sorted(by_dates.items()))


def _routine_reports(layout: Layout) -> dict[int, tuple[Report, ...]]:
    by_interval: dict[int, tuple[Report, ...]] = {}
    for receiver, slot in sorted(layout.beliefs):
        spec, path = layout.scenario.indicators[layout.slots[slot].name].routine_report, layout.slots[slot].path
        if spec is not None:
            made = reports_to(layout, receiver, {path: spec.variance}, {}, "routine")
            by_interval[spec.interval] = (*by_interval.get(spec.interval, ()), *made)
    return dict(sorted(by_interval.items()))
