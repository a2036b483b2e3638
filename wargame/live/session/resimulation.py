"""Re-simulation of the states of a live exercise: those to which it goes back, and those of its branches."""

from __future__ import annotations

from wargame.executor.replay import Steps, advancing, finish, replaying
from wargame.journal.command_log import CommandEntry, CommandLog, path_to
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


class Resimulation:
    """Re-simulates states from the inputs, the seed and the commands that led to them.

    It keeps the second and the number of records after each command that this process has carried out.
    """

    def __init__(self, loaded: Loaded, seed: int, settings: Settings, log: CommandLog) -> None:
        self._loaded, self._seed, self._settings, self._log = loaded, seed, settings, log
        self._after: dict[int, tuple[int, int]] = {}
        self._left: dict[int, int] = {}
        self._prepared: tuple[int, Exercise] | None = None

    def simulate(self, path: list[CommandEntry]) -> Exercise:
        """Return the exercise after these commands."""
        return finish(self.simulating(path))

    def simulating(self, path: list[CommandEntry]) -> Steps[Exercise]:
        """`simulate` in steps."""
        exercise = Exercise(self._loaded, self._seed, self._settings)
        for entry in replaying(exercise, path):
            if entry is not None:
                self.note(exercise, entry)
            yield
        if not path:
            self._after[0] = exercise.now, len(exercise.records())
        return exercise

    # --- how far the exercise is after a command -----------------------------------------------

    def note(self, exercise: Exercise, entry: CommandEntry) -> None:
        """Keep how far an exercise is right after a command."""
        self._after[entry.n] = exercise.now, len(exercise.records())

    def leave(self, number: int, now: int) -> None:
        """Keep the second at which the exercise leaves the branch whose last command is `number`."""
        self._left[number] = now

    def after(self, path: list[CommandEntry]) -> Steps[list[tuple[int, int]]]:
        """Return the second and the number of records after each command of a path."""
        if any(entry.n not in self._after for entry in path):
            yield from self.simulating(path)
        return [self._after[entry.n] for entry in path]

    def reached(self, number: int) -> int | None:
        """Return the second that the branch with this last command has reached; None if `reaching` has to find out."""
        if number in self._left:
            return self._left[number]
        return self._after[number][0] if number in self._after else None

    def reaching(self, number: int) -> Steps[int]:
        """`reached`, re-simulated in steps if need be."""
        reached = self.reached(number)
        return (yield from self.simulating(path_to(self._log.lines, number))).now if reached is None else reached

    # --- what is prepared for a change of the past ---------------------------------------------

    def prepare(self, number: int, to: int = 0) -> Steps[int]:
        """Re-simulates the state after command `number`, and on to second `to`; returns the second reached.

        Nothing changes by this, so that other commands may be given between the steps.
        """
        self._prepared = None
        exercise = yield from self.simulating(path_to(self._log.lines, number))
        yield from advancing(exercise, to)
        self._prepared = number, exercise
        return exercise.now

    def state_after(self, number: int, t: int) -> Exercise:
        """The state after command `number`, at second `t` at the latest: the prepared one, or else re-simulated."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[0] == number and prepared[1].now <= t:
            return prepared[1]
        return self.simulate(path_to(self._log.lines, number))
