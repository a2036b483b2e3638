"""Observes one run for its measures: events are counted as they happen, indicators are sampled at fixed times.

Sampling happens between advances of the run and does not change it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from wargame.language.expressions import compile_expression, parse_path
from wargame.language.times import DAY
from wargame.scenario.model.measures import OF_PATHS, WELFARE, Call, Parsed, welfare_args, welfare_text
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.consequences import Action, ForumStep, Release

Event = tuple[float, str, str, str, bool, str, str]
"""An event: days from STARTEX, who, what, its target, whether it succeeded, kind, source.

An `action` has its option, and as source what caused it (`decision`, `history`, ..., `inject at` for an inject with a
fixed time). A step of a `forum` has the forum as what and the step as target. An `inject` has its id, and as source its
trigger.
"""


@dataclass(frozen=True, slots=True)
class Sampling:
    """What to observe besides the measures: indicators of `series` every so many seconds, and events if `events`."""

    every: int
    series: tuple[str, ...] = ()
    events: bool = False


class Observer:
    """The counts and samples of one exercise, from its STARTEX on."""

    def __init__(self, exercise: Exercise, measures: Sequence[Parsed], sampling: Sampling) -> None:
        self.exercise = exercise
        self._measures, self._sampling = measures, sampling
        self._context = exercise.context
        self._counts: dict[tuple[str, str], int] = {}
        self._before: dict[str, float] = {}
        self.events: list[Event] = []
        self._trigger = ""
        self._sampled = self._slots()
        self._welfare = {args: Welfare(exercise, args[0]) for args in self._whose()}
        self._samples: dict[str, list[float]] = {path: [] for path in self._sampled}
        self._samples |= {welfare_text(args): [] for args in self._welfare}
        self.series: list[tuple[float, ...]] = []
        exercise.observers.actions.append(self._action)
        if sampling.events:
            exercise.observers.releases.append(self._released)
            exercise.observers.forum_steps.append(self._stepped)

    def _slots(self) -> dict[str, int]:
        """Return the slots that are sampled, by their paths."""
        calls = (call for measure in self._measures for call in measure.calls.values())
        over_time = [call.args[0] for call in calls if call.function in OF_PATHS]
        paths = [path for path in over_time if not welfare_args(path)]
        reads = {path: parse_path(path) for path in dict.fromkeys([*paths, *self._sampling.series])}
        return {path: self._context.world.slot(read.name, read.index) for path, read in reads.items()}

    def _whose(self) -> list[tuple[str, ...]]:
        """Return the governments, and leaders, whose welfare is measured."""
        calls = [call for measure in self._measures for call in measure.calls.values()]
        at_end = [call.args for call in calls if call.function == WELFARE]
        over_time = [welfare_args(call.args[0]) for call in calls if call.function in OF_PATHS]
        return [args for args in dict.fromkeys([*at_end, *over_time]) if args]

    def _action(self, action: Action) -> None:
        if not self._context.open:
            return
        key = action.option, action.actor
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._sampling.events:
            source = f"inject {self._trigger}" if action.source == "inject" else action.source
            self._keep(action.actor, action.option, action.target or "", action.success, "action", source)

    def _released(self, release: Release) -> None:
        self._trigger = release.trigger
        self._keep("", release.inject.id, "", True, "inject", release.trigger)

    def _stepped(self, step: ForumStep) -> None:
        self._keep(step.who, step.forum, step.event, True, "forum", "")

    def _keep(self, *what: Any) -> None:
        if self._context.open:
            self.events.append(((self.exercise.now - self.exercise.calendar.startex) / DAY, *what))

    def play(self, advance: Callable[[int], None] | None = None) -> None:
        """Run the exercise to its end; `advance` moves it to a second, in place of the exercise itself."""
        exercise = self.exercise
        advance = advance or exercise.advance
        exercise.advance(exercise.calendar.startex)
        calls = (call for measure in self._measures for call in measure.calls.values())
        counted = {call.args[0] for call in calls if call.function == "count" and len(call.args) == 1}
        self._before = {name: self._context.events.count(name) for name in counted}
        if not self._samples:
            advance(exercise.end)
            return
        t = exercise.calendar.startex
        while not exercise.done:
            self._sample(t)
            t = min(t + self._sampling.every, exercise.end)
            advance(t)
        if exercise.now > exercise.calendar.startex:
            self._sample(exercise.now)

    def _sample(self, t: int) -> None:
        value = self._context.world.value
        for path, slot in self._sampled.items():
            self._samples[path].append(value(slot))
        for args, welfare in self._welfare.items():
            self._samples[welfare_text(args)].append(welfare.now(self.exercise, *args[1:]))
        if self._sampling.series:
            day = (t - self.exercise.calendar.startex) / DAY
            self.series.append((day, *(self._samples[path][-1] for path in self._sampling.series)))

    # --- results -------------------------------------------------------------------------------

    def values(self) -> list[float]:
        """The number of each measure; NaN for a `time` of an outcome that did not occur, and for a division by 0."""
        return [self._value(measure) for measure in self._measures]

    def _value(self, measure: Parsed) -> float:
        world, labels = self._context.world, list(measure.calls)
        results = [self.value_of(call) for call in measure.calls.values()]
        if measure.kind == "time":
            return results[0]

        numbers = {-1 - i: result for i, result in enumerate(results)}

        def resolve(name: str, index: tuple[str, ...]) -> int:
            slot = -1 - labels.index(name) if name in measure.calls else world.slot(name, index)
            numbers.setdefault(slot, world.value(slot) if slot >= 0 else 0.0)
            return slot

        try:
            return compile_expression(measure.expression, resolve, strict=True)(numbers, self._context.events)
        except ZeroDivisionError:
            return nan

    def value_of(self, call: Call) -> float:
        """Return the value of a function call in a formula."""
        args = call.args
        if call.function in ("p", "time"):
            days = self.days(args[0])
            return days if call.function == "time" else float(not isnan(days))
        if call.function == "count" and len(args) == 1:
            return self._context.events.count(args[0]) - self._before[args[0]]
        if call.function == "count":
            return float(self._counts.get((args[0], args[1]), 0))
        if call.function == "actions":
            return float(sum(n for (_, who), n in self._counts.items() if args in ((), (who,))))
        if call.function == "severity":
            options = self._context.scenario.options
            counts = ((option, n) for (option, who), n in self._counts.items() if args in ((), (who,)))
            return float(sum(options[option].severity * n for option, n in counts))
        if call.function == "attention":
            return self._attention(*args)
        samples = self._samples[welfare_text(args) if call.function == WELFARE else args[0]]
        if not samples:
            return nan
        over_time = {"mean": sum(samples) / len(samples), "lowest": min(samples), "highest": max(samples)}
        return over_time.get(call.function, samples[-1])

    def _attention(self, government: str, dossier: str) -> float:
        """Return the time spent on a dossier as a share of that spent on all; 0 if the leadership did not work."""
        spent = {name: entry.spent for name, entry in self.exercise.governments[government].desk.entries.items()}
        total = sum(spent.values())
        return spent[dossier] / total if total else 0.0

    def days(self, outcome: str) -> float:
        """Return days from STARTEX to an outcome; NaN if it was not met."""
        t = self.exercise.outcomes[outcome]
        return float("nan") if t is None else (t - self.exercise.calendar.startex) / DAY

    def row(self) -> dict[str, Any]:
        """Return the columns of every run besides its measures."""
        exercise = self.exercise
        return {
            "days": (exercise.now - exercise.calendar.startex) / DAY,
            "ended": exercise.outcomes_watch.ended_by or "endex",
            "kernel_events": exercise.kernel_events,
            "decisions": exercise.decisions,
        }
