"""Observes one run for its measures: events are counted as they happen, indicators are sampled at fixed times.

Sampling happens between advances of the run and does not change it.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf, nan
from typing import Any

from wargame import plugins
from wargame.dataclasses import dataclass
from wargame.language.expressions import Compiled, Expression, compile_expression, parse_path
from wargame.language.times import DAY
from wargame.scenario.model.measures import OF_PATHS, PLUGIN, WELFARE, Call, Parsed, welfare_args, welfare_text
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.context import Action, Release
from wargame.world.layout import Layout

_EVENTS = ("count", "actions", "costs", "severity", "seen")
"""Functions whose numbers are kept at the ends of windows."""
EventRow = tuple[float, str, str, str, bool, str, str]
"""An event: days from STARTEX, who, what, its target, whether it succeeded, kind, source.

An `action` has its option, and as source what caused it (`decision`, `history`, ..., `inject at` for an inject with a
fixed time). A step of a `forum` has the forum as what and the step as target. An `inject` has its id, and as source its
trigger.
"""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Observations besides the measures: indicators of `series` at an interval in seconds, and events if `events`."""

    every: int
    series: tuple[str, ...] = ()
    events: bool = False


def _compiled(expression: Expression, labels: Sequence[str], layout: Layout) -> tuple[Compiled, list[int]]:
    """Return a formula of calls, which have the numbers -1, -2, ..., and the slots of the world that it reads."""
    slots: list[int] = []

    def resolve(name: str, index: tuple[str, ...]) -> int:
        if name in labels:
            return -1 - labels.index(name)
        slots.append(layout.slot(name, index))
        return slots[-1]

    return compile_expression(expression, resolve, strict=True), slots


class Observer:
    """The counts and samples of one exercise, from its STARTEX on."""

    def __init__(self, exercise: Exercise, measures: Sequence[Parsed], sampling: Sampling) -> None:
        self.exercise = exercise
        self._measures, self._sampling = measures, sampling
        self._context = exercise.context
        self._counts: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, ...], float] = {}
        """Days from STARTEX to the first action by option, and by option and actor, and release by inject."""
        self._calls = [call for measure in measures for call in measure.calls.values()]
        self._at: dict[float, dict[Call, float]] = {edge: {} for call in self._calls for edge in call.window}
        """Numbers of events, and what governments knew, at STARTEX and at the ends of windows that were reached."""
        self._alone: dict[str, Any] = {"jump": self._jump, "attention": self._attention, "rest": self._rest}
        """Functions that take nothing but their arguments."""
        self._severity: dict[tuple[str, int], float] = {}
        """Government, turn from 0 (an interval of sampling) -> severity of its actions."""
        self.events: list[EventRow] = []
        self.turns: dict[str, float] = {}
        """Columns about the turns of programs."""
        self._trigger = ""
        self._sampled = self._slots()
        self._welfare = {args: Welfare(exercise, args[0]) for args in self._whose()}
        self._samples: dict[str, list[float]] = {path: [] for path in self._sampled}
        self._samples |= {welfare_text(args): [] for args in self._welfare}
        self._times: list[int] = []
        scenario = self._context.scenario
        self._named = {*scenario.options, *scenario.outcomes, *self._context.injects}
        self.series: list[tuple[float, ...]] = []
        exercise.observers.actions.append(self._action)
        exercise.observers.releases.append(self._released)
        if sampling.events:
            stepped = exercise.observers.forum_steps
            stepped.append(lambda step: self._keep(step.who, step.forum, step.event, True, "forum", ""))

    def _slots(self) -> dict[str, int]:
        """Return the slots that are sampled, by their paths."""
        over_time = [call.args[0] for call in self._calls if call.function in OF_PATHS]
        paths = [path for path in over_time if not welfare_args(path)]
        reads = {path: parse_path(path) for path in dict.fromkeys([*paths, *self._sampling.series])}
        return {path: self._context.world.slot(read.name, read.index) for path, read in reads.items()}

    def _whose(self) -> list[tuple[str, ...]]:
        """Return the governments, and leaders, whose welfare is measured."""
        at_end = [call.args for call in self._calls if call.function == WELFARE]
        over_time = [welfare_args(call.args[0]) for call in self._calls if call.function in OF_PATHS]
        return [args for args in dict.fromkeys([*at_end, *over_time]) if args]

    def _action(self, action: Action) -> None:
        if not self._context.open:
            return
        key = action.option, action.actor
        self._counts[key] = self._counts.get(key, 0) + 1
        self._first.setdefault(key, self._day)
        self._first.setdefault((action.option,), self._day)
        turn = action.actor, (action.time - self.exercise.calendar.startex) // self._sampling.every
        self._severity[turn] = self._severity.get(turn, 0.0) + action.spec.severity
        if self._sampling.events:
            source = f"inject {self._trigger}" if action.source == "inject" else action.source
            self._keep(action.actor, action.option, action.target or "", action.success, "action", source)

    def _released(self, release: Release) -> None:
        self._trigger = release.trigger
        if self._context.open:
            self._first.setdefault((release.inject.id,), self._day)
        if self._sampling.events:
            self._keep("", release.inject.id, "", True, "inject", release.trigger)

    def _keep(self, *what: Any) -> None:
        if self._context.open:
            self.events.append((self._day, *what))

    @property
    def _day(self) -> float:
        return (self.exercise.now - self.exercise.calendar.startex) / DAY

    def play(self, advance: Callable[[int], None] | None = None) -> None:
        """Run the exercise to its end; `advance` moves it to a second, in place of the exercise itself."""
        exercise, startex = self.exercise, self.exercise.calendar.startex
        advance = advance or exercise.advance
        exercise.advance(startex)
        looks = range(startex, exercise.end, self._sampling.every) if self._samples else range(0)
        edges = (startex + int(edge) for edge in self._at if edge < exercise.end - startex)
        for t in sorted({startex, *looks, *edges}):
            if t > startex:
                advance(t)
            if exercise.done:
                break
            self._mark(t - startex)
            if t in looks:
                self._sample(t)
        advance(exercise.end)
        if self._samples and exercise.now > startex:
            self._sample(exercise.now)

    def _mark(self, after: float) -> None:
        """Keep the numbers of events at the end of a window, or at STARTEX."""
        for call in self._calls if after == 0.0 or after in self._at else ():
            if call.function in _EVENTS and (after == 0.0 or after in call.window):
                self._at[after][call] = self._total(call)

    def _sample(self, t: int) -> None:
        value = self._context.world.value
        self._times.append(t - self.exercise.calendar.startex)
        for path, slot in self._sampled.items():
            self._samples[path].append(value(slot))
        for args, welfare in self._welfare.items():
            self._samples[welfare_text(args)].append(welfare.now(self.exercise, *args[1:]))
        if self._sampling.series:
            day = (t - self.exercise.calendar.startex) / DAY
            self.series.append((day, *(self._samples[path][-1] for path in self._sampling.series)))

    # --- results -------------------------------------------------------------------------------

    def values(self) -> list[float]:
        """Return the number of each measure; NaN for a `time` of an outcome that did not occur and a division by 0."""
        return [self._value(measure) for measure in self._measures]

    def _value(self, measure: Parsed) -> float:
        world, labels = self._context.world, tuple(measure.calls)
        results = [self.value_of(call) for call in measure.calls.values()]
        if measure.kind == "time":
            return results[0]
        key = "measure", measure.expression, labels
        code, slots = world.layout.memo(key, partial(_compiled, measure.expression, labels, world.layout))
        numbers = {slot: world.value(slot) for slot in slots} | {-1 - i: result for i, result in enumerate(results)}
        try:
            return code(numbers, self._context.events)
        except ZeroDivisionError:
            return nan

    def value_of(self, call: Call) -> float:
        """Return the value of a function call in a formula."""
        args, (after, until) = call.args, call.window
        if call.function in ("p", "time"):
            days = self.days(args[0])
            return days if call.function == "time" else float(after <= days * DAY < until)
        if call.function == "first":
            return self.days(args[0]) if args[0] in self.exercise.outcomes else self._first.get(args, nan)
        if call.function == PLUGIN:
            return float(plugins.call("measures", args[0], float, self.exercise, seconds=plugins.MOST_SECONDS))
        if alone := self._alone.get(call.function):
            return float(alone(*args))
        if call.function in _EVENTS:
            return self._in_window(call)
        samples = self._samples[welfare_text(args) if call.function == WELFARE else args[0]]
        samples = [value for t, value in zip(self._times, samples, strict=True) if after <= t <= until]
        if not samples:
            return nan
        over_time = {"mean": sum(samples) / len(samples), "lowest": min(samples), "highest": max(samples)}
        return over_time.get(call.function, samples[-1])

    def _in_window(self, call: Call) -> float:
        """Return a number of events between the ends of a window; NaN for what is seen after the end of the run."""
        after, until = call.window
        if call.function == "seen" and until < inf and call not in self._at[until]:
            return nan
        last = self._at[until].get(call)
        last = self._total(call) if last is None else last
        first = self._at[after].get(call, last)
        return last if call.function == "seen" and call.args[0] not in self._named else last - first

    def _total(self, call: Call) -> float:
        """Return the number of events so far, or the present value of an indicator that is seen."""
        function, args, context = call.function, call.args, self._context
        if function == "seen":
            return self._seen(*args)
        if function == "count" and len(args) == 1:
            return context.events.count(args[0])
        if function == "count":
            return float(self._counts.get((args[0], args[1]), 0))
        counts = ((option, n) for (option, who), n in self._counts.items() if args in ((), (who,)))
        if function == "actions":
            return float(sum(n for _, n in counts))
        number = {"costs": "cost"}.get(function, function)
        return float(sum(getattr(context.scenario.options[option], number) * n for option, n in counts))

    def _seen(self, what: str, government: str = "") -> float:
        """Return a number of events, or the value of an indicator, as a government knows it, or as it is."""
        view = self._context.views[government] if government else None
        if what in self._named:
            return (view.events if view else self._context.events).count(what)
        read = parse_path(what)
        if view:
            return view.value(view.slot(read.name, read.index))
        return self._context.world.value(self._context.world.slot(read.name, read.index))

    def _rest(self) -> float:
        """Return the share of the time from STARTEX to ENDEX that is left after the end of the run."""
        exercise = self.exercise
        return (exercise.end - exercise.now) / max(1, exercise.end - exercise.calendar.startex)

    def _jump(self, government: str) -> float:
        """Return the largest rise of the severity of actions from one turn to the next."""
        severity = {turn: s for (who, turn), s in self._severity.items() if who == government}
        return max((s - severity.get(turn - 1, 0.0) for turn, s in severity.items() if turn), default=0.0)

    def _attention(self, government: str, dossier: str) -> float:
        """Return the time spent on a dossier as a share of that spent on all; 0 if the leadership did not work."""
        spent = {name: entry.spent for name, entry in self.exercise.governments[government].desk.entries.items()}
        total = sum(spent.values())
        return spent[dossier] / total if total else 0.0

    def days(self, outcome: str) -> float:
        """Return days from STARTEX to an outcome; NaN if it was not met, or if a variant does not have it."""
        t = self.exercise.outcomes.get(outcome)
        return float("nan") if t is None else (t - self.exercise.calendar.startex) / DAY

    def row(self) -> dict[str, Any]:
        """Return the columns of every run besides its measures."""
        exercise = self.exercise
        return {
            "days": (exercise.now - exercise.calendar.startex) / DAY,
            "ended": exercise.outcomes_watch.ended_by or "endex",
            "kernel_events": exercise.kernel_events,
            "decisions": exercise.decisions,
            **self.turns,
        }
