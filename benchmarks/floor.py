"""Two floors of a run: bare SimPy on as many events, and the arithmetic of a meeting for each decision.

The arithmetic of a meeting is that of package `numbers` on the menus of the scenario, at one moment before STARTEX:
which candidates are feasible, their scores, and a choice. Nothing of it is kept from the last meeting, and nothing else
of a run is done. The second floor has the same with the package interpreted: what fused Python takes at least, since
all requirements of a menu are one generated function there. It is measured in a process of its own, `python floor.py
SCENARIO`, which answers each line "EVENTS DECISIONS" with processor seconds.
"""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Callable, Generator
from itertools import cycle, islice
from math import inf
from subprocess import PIPE, Popen

import simpy

from wargame.decision.appraisal import Appraiser, Attitude
from wargame.decision.menu import Menu
from wargame.numbers.levels import Memory
from wargame.numbers.meetings import SpecialTerms, choose
from wargame.numbers.menus import Availability, Licence
from wargame.numbers.selection import INTERPRETED, SWITCH
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.actors.government import GovernmentProcess
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


def bare_events(count: int) -> float:
    """Processor seconds of SimPy for `count` timeouts of one process."""
    env = simpy.Environment()

    def process() -> Generator[simpy.Event, None]:
        while True:
            yield env.timeout(1)

    env.process(process())
    start = time.process_time()
    env.run(until=count)
    return time.process_time() - start


class Meetings:
    """Meetings of all governments of a scenario on all their dossiers, without anything around them."""

    def __init__(self, loaded: Loaded) -> None:
        exercise = Exercise(loaded, 1, Settings(journal="none"))
        exercise.advance(exercise.calendar.startex)
        governments = exercise.governments.values()
        self._meet = [_meeting(exercise, g, menu) for g in governments for menu in g.menus.values()]

    def seconds(self, count: int) -> float:
        """Processor seconds of `count` meetings, on one dossier after the other."""
        start = time.process_time()
        for meet in islice(cycle(self._meet), count):
            meet()
        return time.process_time() - start


def _meeting(exercise: Exercise, government: GovernmentProcess, menu: Menu) -> Callable[[], None]:
    context, leadership = exercise.context, government.leadership
    assert leadership is not None
    leadership.estimate(exercise.now)
    ready = array("d", bytes(8 * len(menu.candidates)))
    licence = Licence(bool, Memory(0), 0, {(): 0}, [])
    available = Availability(menu.table, ready, licence, ())
    available.climb(government.leader.step)
    view, learned = context.views[government.name], government.responses.learned
    attitude = Attitude(view.observability, menu, government.leader, government.current_stage())
    special = SpecialTerms(lambda _: {}, [], set(), {}, "")
    appraiser = Appraiser(menu, government.leader, context.rules, learned, {}, special)
    appraiser.adopt(attitude)
    appraiser.prospects.refresh(view.seen, leadership.prices, 0.0)
    rationality = government.leader.rationality

    def meet() -> None:
        view.forget()
        feasible = available.feasible(view.seen, inf)
        appraiser.appraise(view.seen, feasible)
        if appraiser.best:
            choose(appraiser.scores, feasible, rationality, menu.names, 1)

    return meet


def floor(meetings: Meetings, events: int, decisions: int) -> float:
    """The least processor seconds of a run of this size."""
    return bare_events(events) + meetings.seconds(decisions)


class FusedPython:
    """The floor with package `numbers` interpreted, in a process that lasts until `close`."""

    def __init__(self, scenario: str) -> None:
        command, environment = [sys.executable, __file__, scenario], os.environ | {SWITCH: INTERPRETED}
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment)

    def floor(self, events: int, decisions: int) -> float:
        """The least processor seconds of a run of this size."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(events, decisions, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()


def main() -> None:
    """Answers each line of standard input."""
    meetings = Meetings(load(sys.argv[1]))
    for line in sys.stdin:
        events, decisions = line.split()
        print(floor(meetings, int(events), int(decisions)), flush=True)


if __name__ == "__main__":
    main()
