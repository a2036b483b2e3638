"""A mechanism of another package: a function that may release injects at each midnight.

What it does are commands of the log, so that a run verifies, continues and forks without it.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from math import inf

from wargame import plugins
from wargame.brains.driver import GameTable, ProgramStopped
from wargame.brains.transcript import UsageTotal
from wargame.errors import TypedTextErrors, UsageFault
from wargame.journal.command_log import CommandEntry
from wargame.scenario.loading.amend import new_ids
from wargame.simulation.control.lookup import world_condition
from wargame.simulation.exercise import Exercise

MOST = 20
"""Injects that a mechanism may release at one midnight. Judgement."""


class WorldView:
    """The view of a mechanism: the true state of the world at this midnight, and its own keyed draws."""

    def __init__(self, exercise: Exercise, name: str) -> None:
        self._exercise, self._name = exercise, name

    @property
    def now(self) -> datetime:
        """The present moment, in the zone of the scenario."""
        return self._exercise.calendar.at(self._exercise.now)

    @property
    def day(self) -> int:
        """Whole days since STARTEX."""
        return round(self._exercise.calendar.day(self._exercise.now))

    def value(self, formula: str) -> float:
        """Return an indicator such as `growth[KOR]`, or any formula over the world; UsageFault if it is none."""
        context = self._exercise.context
        return float(world_condition(formula, context)(context.world, context.events))

    def draw(self, what: str) -> float:
        """Return a number in (0, 1) that depends on the seed, the mechanism, `what` and the present second alone."""
        return self._exercise.context.draws.uniform(f"mechanism.{self._name}", what, self._exercise.now)


class Mechanism:
    """A mechanism of one exercise. `usage` counts the midnights and the injects; `by` gives its commands."""

    def __init__(self, table: GameTable, name: str, timeout: float = plugins.MOST_SECONDS) -> None:
        """Find it; UsageFault if no package adds it. `timeout` is in seconds of wall time for each midnight."""
        self._table, self._name = table, name
        self._timeout, self._failed = timeout, False
        package = plugins.package_of(plugins.find("mechanisms", name))
        self.usage = UsageTotal(f"mechanism:{name}", package=package)
        self.by = f"mechanism:{name} of {package}"

    def next(self) -> float:
        """Return the second of the next midnight; infinite once it has failed."""
        exercise = self._table.exercise
        return inf if self._failed else exercise.calendar.next_midnight(exercise.now)

    def is_owed(self, path: Iterable[CommandEntry]) -> bool:
        """Return whether this is a midnight, to which the exercise has gone back, at which these commands lack it."""
        now, calendar = self._table.exercise.now, self._table.exercise.calendar
        midnight = now > calendar.startex and calendar.next_midnight(now - 1) == now
        return midnight and not any((each.t, each.by) == (now, self.by) for each in path)

    def work(self) -> None:
        """Release what it returns, before the events of this midnight; ProgramStopped if it fails."""
        self.usage.turns += 1
        try:
            world = WorldView(self._table.exercise, self._name)
            texts = plugins.call("mechanisms", self._name, _texts, world, seconds=self._timeout)
            with self._table.given(by=self.by), self._table.together():
                for text in texts:
                    self._table.submit("inject", yaml=text)
                    for name in new_ids(text):
                        self._table.submit("release", inject=name)
                    self.usage.accepted += 1
        except (UsageFault, TypedTextErrors) as fault:
            self._failed = True
            raise ProgramStopped(f"{self.usage.source}: {fault}") from None


def _texts(returned: object) -> list[str]:
    """Return injects as YAML; ValueError for too many."""
    found = [json.dumps(dict(each)) for each in islice(returned or (), MOST + 1)]  # type: ignore[call-overload]
    if len(found) > MOST:
        raise ValueError(f"it releases more than {MOST} injects at one midnight")
    return found
