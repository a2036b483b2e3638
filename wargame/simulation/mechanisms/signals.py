"""Signals: which governments perceive an action, when, and with which error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import placeholders
from wargame.decision.perception import meaning, perceive
from wargame.simulation.kernel.clock import SIGNAL
from wargame.simulation.kernel.consequences import Signal
from wargame.simulation.mechanisms.observations import observe

if TYPE_CHECKING:
    from wargame.scenario.model import Option
    from wargame.simulation.kernel.consequences import Action
    from wargame.simulation.kernel.context import RunContext
    from wargame.simulation.mechanisms.demands import Demands

QUIET = 3
"""Factor on the delay of private and covert actions. Judgement."""


class Signals:
    """Sends each action to the governments that perceive it. A signal is one event on the clock, not a process."""

    def __init__(self, context: RunContext, demands: Demands) -> None:
        self._context, self._demands = context, demands

    def send(self, action: Action) -> None:
        """Schedules the signals of an action."""
        option, at = action.spec, self._context.clock.at
        for receiver in self._context.world.governments:
            if receiver != action.actor and (option.visibility == "public" or self._reaches(receiver, action, option)):
                delay, weight = self._as_perceived(receiver, action, option)
                at(action.time + delay, SIGNAL, self._arrive, receiver, action, option, weight)
        if option.reports:
            # The actor learns from its own reconnaissance or inspection at once.
            self._report(action.actor, action, option)

    def _reaches(self, receiver: str, action: Action, option: Option) -> bool:
        """Whether an action that is not public becomes known to this government.

        A government that meets a demand informs the sender of the demand. A covert action that benefits its target is
        known to the target.
        """
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

    def _as_perceived(self, receiver: str, action: Action, option: Option) -> tuple[int, float]:
        """The delay in seconds and the perceived weight."""
        perception = self._context.scenario.governments[receiver].perception
        delay = perception.delay if option.visibility == "public" else perception.delay * QUIET
        if not action.noise:
            return delay, action.weight
        who, draws = f"{action.actor} {action.option} {receiver}", self._context.draws
        factor = 0.5 + draws.uniform("delay", who, action.ordinal)
        return round(delay * factor), action.weight + perception.noise * draws.normal("noise", who, action.ordinal)

    def _arrive(self, receiver: str, action: Action, option: Option, weight: float) -> None:
        context = self._context
        context.memories[receiver].note(action.option)
        dossier = context.scenario.governments[receiver].dossiers.get(option.dossier)
        k = meaning(context.world, context.rules, receiver, action.target, dossier.stake if dossier else 0.0)
        impression = perceive(context.world, context.rules, receiver, action.actor, weight, k)
        data = {}
        if context.log.keeps("signal"):
            data = {
                "action": action.seq,
                "option": action.option,
                "actor": action.actor,
                "target": action.target,
                "perceived": round(weight, 4),
                "surprise": round(impression.surprise, 4),
                "trust": [round(impression.trust[0], 4), round(impression.trust[1], 4)],
            }
            if option is not context.scenario.options.get(action.option):
                data["title"] = option.title
        seq = context.log.write("signal", receiver, action.option, (action.seq,), data)
        if option.reports:
            self._report(receiver, action, option)
        signal = Signal(receiver, action, option, weight, impression.surprise, seq)
        for follow in context.consequences.of_signal:
            follow(signal)

    def _report(self, receiver: str, action: Action, option: Option) -> None:
        names, what = placeholders(action.actor, action.target), f"{action.actor} {action.option}"
        observe(self._context, receiver, option.reports, names, what, action.ordinal, noise=action.noise)
