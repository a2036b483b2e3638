"""From actions to what governments perceive of them: visibility, delay, detection, noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import placeholders
from wargame.decision.perception import meaning, perceive
from wargame.simulation.kernel.clock import SIGNAL
from wargame.simulation.mechanisms.observations import tell

if TYPE_CHECKING:
    from wargame.scenario.model import Option
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.kernel.context import Action, RunContext

QUIET = 3
"""Private and covert actions become known this many times more slowly. Judgement."""


class Signals:
    """Sends each action to those who perceive it. A signal is one event with a callback, not a process."""

    def __init__(self, context: RunContext, governments: dict[str, GovernmentProcess]) -> None:
        self._context = context
        self._governments = governments
        context.hooks.action.append(self.send)

    def send(self, action: Action) -> None:
        """Schedules the signals of an action."""
        option, at = self._context.scenario.options[action.option], self._context.clock.at
        for receiver in self._context.world.governments:
            if receiver != action.actor and (option.visibility == "public" or self._reaches(receiver, action, option)):
                delay, weight = self._as_perceived(receiver, action, option)
                at(action.time + delay, SIGNAL, self._arrive, receiver, action, option, weight)
        if option.reports:
            # Who looks also learns: reconnaissance and inspection tell the one who does them.
            self._report(action.actor, action, option)

    def _reaches(self, receiver: str, action: Action, option: Option) -> bool:
        """Whether an action that is not public becomes known to this government.

        Whoever was asked for it tells the one who asked, and nobody is helped in secret without knowing it.
        """
        if receiver == action.target and (option.visibility == "private" or option.goldstein > 0):
            return True
        if self._context.demands.wants(receiver, action.actor, action.option):
            return True
        if option.visibility == "private" or not action.noise:
            return False
        chance = self._context.scenario.governments[receiver].perception.detection
        return (
            self._context.draws.uniform("detect", f"{action.actor} {action.option} {receiver}", action.ordinal) < chance
        )

    def _as_perceived(self, receiver: str, action: Action, option: Option) -> tuple[int, float]:
        eyes = self._context.scenario.governments[receiver].perception
        delay = eyes.delay if option.visibility == "public" else eyes.delay * QUIET
        if not action.noise:
            return delay, action.weight
        who, draws = f"{action.actor} {action.option} {receiver}", self._context.draws
        late = 0.5 + draws.uniform("delay", who, action.ordinal)
        return round(delay * late), action.weight + eyes.noise * draws.normal("noise", who, action.ordinal)

    def _arrive(self, receiver: str, action: Action, option: Option, weight: float) -> None:
        context, government = self._context, self._governments[receiver]
        context.memories[receiver].note(action.option)
        k = meaning(context.world, context.rules, receiver, action.target, government.stake(option.dossier))
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
        seq = context.log.write("signal", receiver, action.option, (action.seq,), data)
        if option.reports:
            self._report(receiver, action, option)
        for told in context.hooks.learned:
            told(receiver, action, seq)
        government.perceived(action, option.dossier, weight, impression.surprise, seq)

    def _report(self, receiver: str, action: Action, option: Option) -> None:
        names, what = placeholders(action.actor, action.target), f"{action.actor} {action.option}"
        tell(self._context, receiver, option.reports, names, what, action.ordinal, noise=action.noise)
