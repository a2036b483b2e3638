"""From deeds to what governments perceive of them: visibility, delay, detection, noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.decision.menu import placeholders
from wargame.decision.perception import meaning, perceive
from wargame.simulation.kernel.clock import SIGNAL
from wargame.simulation.mechanisms.observations import tell

if TYPE_CHECKING:
    from wargame.scenario.model import Option
    from wargame.simulation.actors.government import Government
    from wargame.simulation.kernel.context import Deed, Theatre

QUIET = 3
"""Private and covert deeds become known this many times more slowly. Judgement."""


class Signals:
    """Sends each deed to those who perceive it. A signal is one event with a callback, not a process."""

    def __init__(self, theatre: Theatre, governments: dict[str, Government]) -> None:
        self._theatre = theatre
        self._governments = governments
        theatre.hooks.deed.append(self.send)

    def send(self, deed: Deed) -> None:
        """Schedules the signals of a deed."""
        option, at = self._theatre.scenario.options[deed.option], self._theatre.clock.at
        for receiver in self._theatre.world.governments:
            if receiver != deed.actor and (option.visibility == "public" or self._reaches(receiver, deed, option)):
                delay, weight = self._as_perceived(receiver, deed, option)
                at(deed.time + delay, SIGNAL, self._arrive, receiver, deed, option, weight)
        if option.reports:
            # Who looks also learns: reconnaissance and inspection tell the one who does them.
            self._report(deed.actor, deed, option)

    def _reaches(self, receiver: str, deed: Deed, option: Option) -> bool:
        """Whether a deed that is not public becomes known to this government.

        Whoever was asked for it tells the one who asked, and nobody is helped in secret without knowing it.
        """
        if receiver == deed.target and (option.visibility == "private" or option.weight > 0):
            return True
        if self._theatre.asks.wants(receiver, deed.actor, deed.option):
            return True
        if option.visibility == "private" or not deed.noise:
            return False
        chance = self._theatre.scenario.governments[receiver].perception.detection
        return self._theatre.draws.uniform("detect", f"{deed.actor} {deed.option} {receiver}", deed.ordinal) < chance

    def _as_perceived(self, receiver: str, deed: Deed, option: Option) -> tuple[int, float]:
        eyes = self._theatre.scenario.governments[receiver].perception
        delay = eyes.delay if option.visibility == "public" else eyes.delay * QUIET
        if not deed.noise:
            return delay, deed.weight
        who, draws = f"{deed.actor} {deed.option} {receiver}", self._theatre.draws
        late = 0.5 + draws.uniform("delay", who, deed.ordinal)
        return round(delay * late), deed.weight + eyes.noise * draws.normal("noise", who, deed.ordinal)

    def _arrive(self, receiver: str, deed: Deed, option: Option, weight: float) -> None:
        theatre, government = self._theatre, self._governments[receiver]
        theatre.memories[receiver].note(deed.option)
        k = meaning(theatre.world, theatre.rules, receiver, deed.target, government.stake(option.dossier))
        impression = perceive(theatre.world, theatre.rules, receiver, deed.actor, weight, k)
        data = {}
        if theatre.log.keeps("signal"):
            data = {
                "deed": deed.seq,
                "option": deed.option,
                "actor": deed.actor,
                "target": deed.target,
                "perceived": round(weight, 4),
                "surprise": round(impression.surprise, 4),
                "trust": [round(impression.trust[0], 4), round(impression.trust[1], 4)],
            }
        seq = theatre.log.write("signal", receiver, deed.option, (deed.seq,), data)
        if option.reports:
            self._report(receiver, deed, option)
        for told in theatre.hooks.learned:
            told(receiver, deed, seq)
        government.perceived(deed, option.dossier, weight, impression.surprise, seq)

    def _report(self, receiver: str, deed: Deed, option: Option) -> None:
        names, what = placeholders(deed.actor, deed.target), f"{deed.actor} {deed.option}"
        tell(self._theatre, receiver, option.reports, names, what, deed.ordinal, noise=deed.noise)
