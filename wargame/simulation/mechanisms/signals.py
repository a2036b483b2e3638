"""Signals: which governments perceive an action, when, and with which error."""

from typing import Any

from wargame.decision.menu import placeholders
from wargame.decision.responses import ChannelTraits, channel_traits, meaning
from wargame.numbers.effects import Report
from wargame.numbers.perceiving import Channel, Post
from wargame.simulation.kernel.clock import SIGNAL
from wargame.simulation.kernel.context import Action, RunContext, Signal, follow
from wargame.simulation.mechanisms.demands import Demands
from wargame.simulation.mechanisms.observations import observe, reports_to
from wargame.world.layout import Layout


class Route(Channel):
    """The way of the actions of one kind to one government that may perceive them, whatever their targets.

    `stake` is that of the government in the dossier: how much of the surprise at actions towards others adds to its
    salience there.
    """

    def __init__(self, channel: ChannelTraits, receiver: str, stake: float) -> None:
        super().__init__(*channel)
        self.receiver, self.stake = receiver, stake


class Signals:
    """Sends each action to the governments that perceive it. A signal is one event on the clock, not a process."""

    def __init__(self, context: RunContext, demands: Demands) -> None:
        self._context, self._demands = context, demands
        self._memories = {name: events.memory for name, events in context.memories.items()}
        self._post = Post(context.clock.queue, SIGNAL, self._arrive, context.draws.quantile)
        self._layout = context.world.layout
        self._routes: dict[tuple[str, str], tuple[Route, ...]] = self._layout.once("routes", dict)

    def send(self, action: Action) -> None:
        """Schedule the signals of an action."""
        option, context, routes = action.spec, self._context, self._routes_of(action)
        if option.visibility != "public":
            routes = tuple(route for route in routes if self._reaches(route.receiver, action))
        if action.noise:
            draw = context.draws.root, action.ordinal
            self._post.send_with_errors(action, routes, action.weight, action.time, draw)
        else:
            self._post.send(action, routes, action.weight, action.time)
        if option.reports:
            # The actor learns from its own reconnaissance or inspection at once.
            self._report(action.actor, action)

    def _routes_of(self, action: Action) -> tuple[Route, ...]:
        """Return the routes of an action, the same in all runs, except for an option that the white cell improvises."""
        key = action.actor, action.option
        routes = self._routes.get(key)
        if routes is None or action.spec is not self._context.scenario.options.get(action.option):
            routes = _routes(self._layout, action)
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

    def _arrive(self, route: Route, action: Action, weight: float) -> None:
        context, receiver = self._context, route.receiver
        log = context.log
        means = meaning(self._layout, receiver, action.target, route.stake)
        impression = route.perceive(context.world.curves, self._memories[receiver], weight, context.clock.now, means)
        data = self._data(action, weight, impression) if log.keeps_all else None
        seq = log.write("signal", receiver, action.option, (action.seq,), data)
        if action.spec.reports:
            self._report(receiver, action)
        surprise = impression[0]
        share = 1.0 if receiver == action.target else route.stake
        signal = Signal(receiver, action, weight, surprise, abs(surprise) * share, seq)
        follow(context.consequences.of_signal[receiver], signal)

    def _report(self, receiver: str, action: Action) -> None:
        """Update the estimates of a government from what an action reports."""

        def make() -> tuple[Report, ...]:
            names, what = placeholders(action.actor, action.target), f"{action.actor} {action.option}"
            return reports_to(self._layout, receiver, action.spec.reports, names, what)

        known = action.spec is self._context.scenario.options.get(action.option)
        key = ("reports", receiver, action.actor, action.option, action.target)
        observe(self._context, self._layout.once(key, make) if known else make(), action.ordinal, noise=action.noise)

    def _data(self, action: Action, weight: float, impression: tuple[float, float, float]) -> dict[str, Any]:
        surprise, before, after = impression
        data: dict[str, Any] = {
            "action": action.seq,
            "option": action.option,
            "actor": action.actor,
            "target": action.target,
            "perceived": round(weight, 4),
            "surprise": round(surprise, 4),
            "trust": [round(before, 4), round(after, 4)],
        }
        if action.spec is not self._context.scenario.options.get(action.option):
            data["title"] = action.spec.title
        if not action.success:
            data["success"] = False
        return data


def _routes(layout: Layout, action: Action) -> tuple[Route, ...]:
    routes = []
    for receiver in layout.governments:
        if receiver != action.actor:
            dossier = layout.scenario.governments[receiver].dossiers.get(action.spec.dossier)
            channel = channel_traits(layout, receiver, action.actor, action.option, action.spec)
            routes.append(Route(channel, receiver, dossier.stake if dossier else 0.0))
    return tuple(routes)
