"""Whether a strategy goes on: the exits of its stage, and the aspiration of the leader.

`docs/explanation/optional-mechanisms.md` has the equations.
"""

from math import exp2, inf, log
from typing import NamedTuple

from wargame.decision.view import View
from wargame.numbers.levels import FormulaCode
from wargame.numbers.meetings import StrategyTimes
from wargame.scenario.model import Leader, Stage
from wargame.scenario.model.governments import StageExit
from wargame.simulation.kernel.context import RunContext

SAMPLES = 6
"""How often progress is measured within the window of the aspiration. Judgement."""


class StrategyChange(NamedTuple):
    """A change of course: a strategy with the number of a stage, and the reason."""

    strategy: str
    stage: int
    why: str


class StrategyReview(StrategyTimes):
    """The review of the strategies of one leader in office."""

    def __init__(self, context: RunContext, government: str, leader: Leader, view: View) -> None:
        super().__init__()
        self._context, self._clock, self._government = context, context.clock, government
        self._leader, self._view = leader, view
        self._strategies, self._rules = context.scenario.strategies, context.rules.aspirations
        self._exits: list[tuple[StageExit, FormulaCode | None]] = []
        self._entered = context.clock.now
        self._strategy: str | None = None
        self._aim: FormulaCode | None = None
        self._measured: list[tuple[int, float]] = []
        self._next_measurement = 0
        self._ends: list[FormulaCode] = []
        self.aspiration = 0.0
        """The progress of the aim in a window that would satisfy the leader."""
        self._below_since: int | None = None
        self.held = False
        """Whether an arm holds the strategy: its stages change, but neither an exit nor a search ends it."""

    def enter(self, strategy: str | None, stage: Stage | None, until: FormulaCode | None) -> None:
        """Begin a stage of a strategy; `until` is the condition that ends it."""
        self._ends = [] if until is None else [until]
        own = {"self": self._government}
        self._entered = self._clock.now
        self._exits = [
            (each, self._view.program(each.when, own) if each.when else None) for each in (stage.exits if stage else ())
        ]
        if strategy != self._strategy or self._aim is None:
            self._strategy = strategy
            spec = self._strategies[strategy] if strategy else None
            self._aim = self._view.program(spec.aim, own) if spec and spec.aim else None
            self._measured, self._next_measurement, self._below_since = [], 0, None
            self.aspiration = spec.floor if spec else 0.0
        self._set_due()

    def _set_due(self) -> None:
        """Find the next time at which an exit opens or the aim is measured, and the conditions of open exits."""
        now, opening = self._clock.now, [(self._entered + each.after, when) for each, when in self._exits]
        self.waits_for = [*self._ends, *(when for time, when in opening if time <= now and when is not None)]
        times = [time for time, when in opening if time > now or when is None]
        if self._rules is not None and self._aim is not None:
            times.append(self._next_measurement)
        self.due = min(times, default=inf)

    def look_back(self) -> None:
        """Measure the aim before STARTEX. A search finds nothing, since the history keeps the strategy."""
        if self._is_dissatisfied():
            self._below_since = None
        self._set_due()

    def turn(self) -> StrategyChange | None:
        """Return the change of course that is due now, if any: an exit first, then a search."""
        change = self._exit() or (None if self.held or not self._is_dissatisfied() else self._search())
        self._set_due()
        return change

    def _exit(self) -> StrategyChange | None:
        """Return the first exit that is open, if any."""
        if self._strategy is None:
            return None
        for each, when in self._exits:
            if self.held and each.to not in (None, self._strategy):
                continue
            lasted = self._clock.now - self._entered >= each.after
            if lasted and (when is None or self._view.value_of(when)):
                strategy = each.to or self._strategy
                names = [stage.name for stage in self._strategies[strategy].stages]
                return StrategyChange(strategy, names.index(each.stage) if each.stage else 0, each.why or "exit")
        return None

    def _is_dissatisfied(self) -> bool:
        """If it is time, measure the aim, move the aspiration, and say whether progress was below it for too long."""
        now, rules, aim = self._clock.now, self._rules, self._aim
        if rules is None or aim is None or now < self._next_measurement:
            return False
        self._next_measurement = now + rules.window // SAMPLES
        value = self._view.value_of(aim)
        elapsed = now - self._measured[-1][0] if self._measured else 0
        self._measured = [*self._measured[-2 * SAMPLES :], (now, value)]
        before = [past for time, past in self._measured if now - time >= rules.window]
        if not before:
            return False
        progress = value - before[-1]
        floor = self._strategies[self._strategy].floor if self._strategy else 0.0
        followed = 1.0 - exp2(-elapsed / rules.half_life)
        below = progress < self.aspiration
        self.aspiration = max(self.aspiration + followed * (progress - self.aspiration), floor)
        self._below_since = (now if self._below_since is None else self._below_since) if below else None
        return self._below_since is not None and now - self._below_since >= rules.patience

    def _search(self) -> StrategyChange | None:
        """Return a logit over the strategies open to the leader; those not in force have the cost of switching."""
        assert self._rules is not None
        self._below_since = None
        own = {"self": self._government}
        open_to = {self._strategy or "", *self._leader.repertoire}
        ranked = []
        for name in sorted(open_to):
            appeal = self._strategies[name].appeal
            score = self._view.value_of(self._view.program(appeal, own)) if appeal else 0.0
            score -= self._rules.switching if name != self._strategy else 0.0
            noise = -log(-log(self._context.draws.uniform("search", f"{self._government} {name}", self._clock.now)))
            ranked.append((self._leader.rationality * score + noise, name))
        best = max(ranked)[1]
        return None if best == self._strategy else StrategyChange(best, 0, "its results fall short of the aspiration")
