"""The information of governments: signals of actions, reports on indicators with an error, and publications.

Signals: which governments perceive an action, when, and with which error. A report narrows the receiver's estimate. All
indicators with the same dates share one event on the clock. Dates are multiples of the interval, counted from second 0,
so that nothing that happens in a run moves them.
"""

from collections.abc import Mapping
from typing import Any

from wargame.decision.menu import placeholders, slot_of
from wargame.decision.responses import channels
from wargame.numbers.arrays import doubles, longs
from wargame.numbers.effects import PublishedIndicators, Report
from wargame.numbers.perceiving import Arrivals
from wargame.numbers.signals import Channel
from wargame.simulation.kernel.clock import PUBLICATION, SIGNAL
from wargame.simulation.kernel.context import Action, RunContext
from wargame.simulation.mechanisms.demands import Demands
from wargame.statistics.draws import name_key
from wargame.world.layout import Layout


class Signals:
    """Sends each action to the governments that perceive it. A signal is one event on the clock, not a process."""

    def __init__(self, context: RunContext, demands: Demands) -> None:
        self._context, self._demands = context, demands
        shared = context.world.curves, context.log, context.clock.queue
        self._arrivals = Arrivals([*context.governments.values()], *shared, SIGNAL, self._facts, self._report)
        self._layout = context.world.layout
        self._routes: dict[tuple[str, str], tuple[Channel, ...]] = self._layout.memo("routes", dict)

    def send(self, action: Action) -> None:
        """Schedule the signals of an action."""
        option, context, routes = action.spec, self._context, self._routes_of(action)
        if option.visibility != "public":
            routes = tuple(route for route in routes if self._reaches(route.listener.receiver, action))
        self._arrivals.send(action, routes, (context.draws.root, action.ordinal) if action.noise else None)
        if option.reports:
            # The actor learns from its own reconnaissance or inspection at once.
            self._report(action.actor, action)

    def _routes_of(self, action: Action) -> tuple[Channel, ...]:
        """Return the routes of an action, the same in all runs, except for an option that the white cell improvises."""
        key = action.actor, action.option
        routes = self._routes.get(key)
        if routes is None or action.spec is not self._context.scenario.options.get(action.option):
            routes = channels(self._layout, *key, action.spec)
            if action.spec is self._context.scenario.options.get(action.option):
                self._routes[key] = routes
        return routes

    def _reaches(self, receiver: str, action: Action) -> bool:
        """Return whether an action that is not public becomes known to this government.

        A government that meets a demand informs the sender of the demand. A covert action that benefits its target is
        known to the target.
        """
        option = action.spec
        if receiver == action.target and (option.visibility == "private" or option.goldstein > 0):
            return True
        if self._demands.wants(receiver, action.actor, action.option):
            return True
        if option.visibility == "private" or not action.noise:
            return False
        chance = self._context.scenario.governments[receiver].perception.detection
        return (
            self._context.draws.uniform("detect", f"{action.actor} {action.option} {receiver}", action.ordinal) < chance
        )

    def _report(self, receiver: str, action: Action) -> None:
        """Update the estimates of a government from what an action reports."""

        def make() -> tuple[Report, ...]:
            names, what = placeholders(action.actor, action.target), f"{action.actor} {action.option}"
            return reports_to(self._layout, receiver, action.spec.reports, names, what)

        known = action.spec is self._context.scenario.options.get(action.option)
        key = ("reports", receiver, action.actor, action.option, action.target)
        observe(self._context, self._layout.memo(key, make) if known else make(), action.ordinal, noise=action.noise)

    def _facts(self, action: Action) -> dict[str, Any]:
        """Return what all records of signals of an action say."""
        facts = {"action": action.seq, "option": action.option, "actor": action.actor, "target": action.target}
        if action.spec is not self._context.scenario.options.get(action.option):
            facts["title"] = action.spec.title
        return facts if action.success else {**facts, "success": False}


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
            belief = layout.beliefs[receiver, slot]
            listed.append(Report(slot, *belief, variance**0.5 * width, variance * width**2, key))
    return tuple(listed)


def observe(context: RunContext, reports: tuple[Report, ...], ordinal: int, *, noise: bool = True) -> None:
    """Update a government's estimates from reports; `ordinal` counts the action or inject that they come from."""
    context.world.observe(reports, context.draws.root, ordinal, noise=noise)


class Publications:
    """Publishes indicators and makes routine reports, from second 0 on."""

    def __init__(self, context: RunContext) -> None:
        self._context, self._clock = context, context.clock
        layout = context.world.layout
        self._published = layout.memo("publications", lambda: _publications(layout))
        self._reports = layout.memo("routine reports", lambda: _routine_reports(layout))

    def schedule(self) -> None:
        """Put the first dates on the clock."""
        for (interval, delay), publication in self._published.items():
            self._clock.at(interval, PUBLICATION, self._measure, interval, delay, publication)
        for interval, reports in self._reports.items():
            self._clock.at(interval, PUBLICATION, self._report, interval, reports)

    def _measure(self, interval: int, delay: int, publication: PublishedIndicators) -> None:
        """Take the values, which are published after the delay."""
        curves, now = self._context.world.curves, self._clock.now
        values = publication.measure(curves)
        if delay:
            self._clock.at(now + delay, PUBLICATION, publication.publish, values, curves)
        else:
            publication.publish(values, curves)
        self._clock.at(now + interval, PUBLICATION, self._measure, interval, delay, publication)

    def _report(self, interval: int, reports: tuple[Report, ...]) -> None:
        # The history is the same in all runs: before STARTEX reports have no error.
        observe(self._context, reports, self._clock.now // interval, noise=self._context.begun)
        self._clock.at(self._clock.now + interval, PUBLICATION, self._report, interval, reports)


def _publications(layout: Layout) -> dict[tuple[int, int], PublishedIndicators]:
    """Return the published indicators by the interval and the delay of their publication, in seconds."""
    by_dates: dict[tuple[int, int], list[int]] = {}
    for slot in layout.published:
        dates = layout.scenario.indicators[layout.slots[slot].name].dates
        by_dates.setdefault((dates.interval, dates.delay), []).append(slot)
    return {dates: _publication(layout, slots) for dates, slots in sorted(by_dates.items())}


def _publication(layout: Layout, slots: list[int]) -> PublishedIndicators:
    steps = doubles([layout.slots[slot].step for slot in slots])
    return PublishedIndicators(longs(slots), longs([layout.published[slot] for slot in slots]), steps)


def _routine_reports(layout: Layout) -> dict[int, tuple[Report, ...]]:
    by_interval: dict[int, tuple[Report, ...]] = {}
    for receiver, slot in sorted(layout.beliefs):
        spec, path = layout.scenario.indicators[layout.slots[slot].name].routine_report, layout.slots[slot].path
        if spec is not None:
            made = reports_to(layout, receiver, {path: spec.variance}, {}, "routine")
            by_interval[spec.interval] = (*by_interval.get(spec.interval, ()), *made)
    return dict(sorted(by_interval.items()))
