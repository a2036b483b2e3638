"""Items of the MSEL, and when they fire.

They fire at a time, after a record, when a condition becomes true, at a random time or at a rate. An inject with
`manual: true` has no trigger: only the white cell releases it. What occurs at a rate that depends on the state of the
world does so by thinning (Lewis and Shedler 1979): candidates arrive at the rate of the bound, and each is accepted
with probability rate/bound.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from simpy.events import Event
from simpy.exceptions import Interrupt

from wargame.scenario.model import After, Inject
from wargame.simulation.kernel.clock import INJECT
from wargame.simulation.kernel.context import Action, Decision, Release, RunContext
from wargame.simulation.kernel.state_tables import HELD_STATES, ItemState
from wargame.simulation.kernel.watch import Watched
from wargame.statistics.draws import triangular

YEAR = 365.25 * 86400


class Thinning:
    """A process that calls `occur` at `rate` events a year, at most `bound`, until it returns False."""

    def __init__(self, context: RunContext, name: str, rate: str, bound: float, occur: Callable[[], bool]) -> None:
        self._context, self._name, self._bound = context, name, bound
        self._program = context.world.layout.program(rate)
        self._occur = occur
        self._ordinal = 0
        self._stopped = False
        self.process = context.clock.process(self._life())

    def _life(self) -> Generator[Event, None, None]:
        while True:
            ordinal, draws = self._ordinal, self._context.draws
            self._ordinal += 1
            gap = draws.exponential("candidate", self._name, ordinal) * YEAR / self._bound
            try:
                yield self._context.clock.moment(self._context.now + max(1, round(gap)), INJECT)
            except Interrupt:
                continue
            if self._stopped:
                return
            if draws.uniform("thinning", self._name, ordinal) * self._bound < self._rate() and not self._occur():
                return

    def _rate(self) -> float:
        rate = self._context.world.ask(self._program)
        if rate > self._bound:
            numbers = f"{rate:.3g} a year, above its bound of {self._bound:.3g}"
            text = f"the rate of {self._name} is {numbers}: the bound is used"
            self._context.log.write("note", "", self._name, (), {"text": text, "tag": "warning"})
        return rate

    def redraw(self) -> None:
        """Draw the next candidate again, in a fork."""
        if self.process.is_alive:
            self.process.interrupt()

    def stop(self) -> None:
        """Stop it: the next candidate has no effect."""
        self._stopped = True


@dataclass(slots=True, eq=False)
class MselItem:
    """An inject with its state, which only the injector changes. Times are in seconds of the run."""

    spec: Inject
    ad_hoc: bool = False
    """Added by the white cell during the run."""
    state: ItemState = ItemState.SCHEDULED
    released: int = 0
    """Number of releases so far."""
    passed: int = 0
    """Dates of a series on which it was not released: each uses up one of its repeats."""
    repeats_ended: bool = False
    """It is not released again, although repeats are left."""
    last: int | None = None
    """Time of the last release."""
    attempts: int = 0
    """Draws of its chance so far."""
    explained: bool = False
    """A record says why it was not released."""
    skipped_by_hand: bool = False

    due: int | None = None
    """Time at which its trigger fires, if that is known."""
    shift: int = 0
    """By how much the white cell has moved its time."""
    pending: int | None = None
    """The record that it follows, once that record exists."""
    not_before: int | None = None
    """Until when the white cell has delayed an item that waits for something without a date."""
    missed: tuple[str, tuple[int, ...]] | None = None
    """The trigger that fired while it was held or delayed, with the causes."""
    token: int = 0
    """Changes with every new time, so that an older one on the clock has no effect."""
    watched: Watched | None = None
    thinning: Thinning | None = None

    @property
    def status(self) -> str:
        """The state for people: the three held states are all `held`."""
        return "held" if self.state in HELD_STATES else self.state

    @property
    def left(self) -> bool:
        """Whether its trigger may release it once more."""
        return self.released + self.passed < self.spec.repeat and not self.repeats_ended

    @property
    def repeats(self) -> bool:
        """Whether it has been released and its trigger may release it again."""
        return self.state == ItemState.RELEASED and self.left and not self.spec.manual

    @property
    def alive(self) -> bool:
        """Whether it may still be released by its trigger."""
        return self.state not in (ItemState.RELEASED, ItemState.SKIPPED) or self.repeats

    @property
    def why_never(self) -> str:
        """Return why it was never released, at ENDEX."""
        if self.state != ItemState.SCHEDULED:
            return "never enabled" if self.state == ItemState.DISABLED else "held to the end"
        if self.spec.trigger_kind == "random" and self.due is None:
            return "its random event did not occur"
        return {
            "after": "what it follows did not happen in time",
            "when": "its condition was never true",
            "manual": "it was not released by hand",
        }.get(self.spec.trigger_kind, "its time was after ENDEX")


_OFF = (ItemState.DISABLED, ItemState.SKIPPED)


Fire = Callable[[MselItem, str, tuple[int, ...]], None]
"""Releases an item, or keeps it from being released, for a kind of trigger and the records that it follows."""


class Triggers:
    """The triggers of all items. `fire` and `skip` are methods of the injector."""

    def __init__(
        self, context: RunContext, items: Mapping[str, MselItem], fire: Fire, skip: Callable[[MselItem, str], None]
    ) -> None:
        self._context, self._items = context, items
        self._fire, self._skip = fire, skip
        self.begun = False
        self.after_actions: dict[str, list[tuple[MselItem, After]]] = {}
        """Option -> the items that follow an action of it, in their order."""
        self.after_decisions: dict[str, list[tuple[MselItem, After]]] = {}
        self._following = {"action": self.after_actions, "decision": self.after_decisions, "inject": {}}
        self.relist()

    def relist(self) -> None:
        """List the items that follow something. Call it after every change of the items or what they are."""
        for listed in self._following.values():
            listed.clear()
        for item in self._items.values():
            after = item.spec.after
            if after is not None:
                for kind, followed in _followed(after):
                    self._following[kind].setdefault(followed, []).append((item, after))

    # --- setting and removing ------------------------------------------------------------------

    def arm(self, item: MselItem) -> None:
        """Set the trigger of an item."""
        spec, calendar = item.spec, self._context.calendar
        if spec.at is not None:
            self._schedule(item, calendar.seconds(spec.at) + item.shift)
        elif spec.when is not None:
            item.watched = self._context.watch.add(spec.when, partial(self._fire, item, "when"))
        elif spec.random is not None and spec.random.between is not None:
            self._schedule(item, self._random_time(spec) + item.shift)
        elif spec.random is not None and spec.random.rate is not None and spec.random.bound is not None:
            occur = partial(self._occur, item)
            item.thinning = Thinning(self._context, spec.id, spec.random.rate, spec.random.bound, occur)

    def disarm(self, item: MselItem) -> None:
        """Remove the trigger of an item."""
        item.token += 1
        item.due, item.missed, item.pending = None, None, None
        if item.watched is not None:
            self._context.watch.drop(item.watched)
        if item.thinning is not None:
            item.thinning.stop()
        item.watched, item.thinning = None, None

    # --- at a time -----------------------------------------------------------------------------

    def _schedule(self, item: MselItem, due: int) -> None:
        item.due = due
        item.token += 1
        if due < self._context.now:
            self._skip(item, "its time had passed")
        else:
            self._context.clock.at(due, INJECT, self._fall_due, item, item.token)

    def _fall_due(self, item: MselItem, token: int) -> None:
        if token != item.token:
            return
        self._fire(item, "random" if item.spec.random else "at", ())
        every = item.spec.every
        if item.spec.at is not None and every and item.left and item.state != ItemState.SKIPPED:
            self._schedule(item, self._context.now + every)
        elif item.missed is None:
            item.due = None

    # --- at random -----------------------------------------------------------------------------

    def _random_time(self, spec: Inject) -> int:
        """Return a random time in the part of the window that is still to come."""
        assert spec.random is not None
        assert spec.random.between is not None
        first, last = (self._context.calendar.seconds(t) for t in spec.random.between)
        start = max(first, self._context.now)
        low = _share_before(spec.random.shape, start, first, last)
        u = low + (1.0 - low) * self._context.draws.uniform("time", spec.id)
        return max(start, first + int(_quantile(spec.random.shape, u) * (last - first)))

    def _occur(self, item: MselItem) -> bool:
        """Fire at a rate; returns False if the item cannot fire again."""
        self._fire(item, "rate", ())
        return item.left and item.state != ItemState.SKIPPED

    def redraw(self) -> None:
        """Draw random times that are still to come again, in a fork."""
        for item in self._items.values():
            if item.thinning is not None:
                item.thinning.redraw()
            elif item.spec.random is None or item.due is None or item.missed is not None:
                continue
            elif item.state not in (*_OFF, ItemState.RELEASED):
                self._schedule(item, self._random_time(item.spec) + item.shift)

    # --- after something -----------------------------------------------------------------------

    def after_action(self, action: Action) -> None:
        """Start the delay of the items that follow such an action, from STARTEX on."""
        for item, after in self._after("action", action.option):
            if self._context.begun and after.action is not None and action.matches(after.action):
                self._fire_later(item, after.delay, action.seq)

    def after_decision(self, decision: Decision) -> None:
        """Start the delay of the items that follow such a decision, from STARTEX on."""
        for item, after in self._after("decision", decision.option):
            if self._context.begun and after.decision is not None and decision.matches(after.decision):
                self._fire_later(item, after.delay, decision.seq)

    def after_release(self, release: Release) -> None:
        """Start the delay of the items that follow this inject."""
        for item, after in self._after("inject", release.inject.id):
            self._fire_later(item, after.delay, release.seq)

    def _after(self, kind: str, followed: str) -> Sequence[tuple[MselItem, After]]:
        """Return the items that follow this option or inject and may still fire."""
        following = self._following[kind].get(followed)
        return [each for each in following if each[0].state not in _OFF] if following else ()

    def _fire_later(self, item: MselItem, delay: int, cause: int) -> None:
        if not item.left:
            return
        item.due, item.pending = self._context.now + delay, cause
        item.token += 1
        self._context.clock.at(item.due, INJECT, self._fire_after, item, item.token, cause)

    def _fire_after(self, item: MselItem, token: int, cause: int) -> None:
        if token == item.token:
            self._fire(item, "after", (cause,))
            if item.missed is None and token == item.token:
                item.due, item.pending = None, None

    # --- delays of the white cell --------------------------------------------------------------

    def put_off(self, item: MselItem, by: int) -> None:
        """Move the time of an item by a number of seconds, and the end of a delay. Items without a time stay."""
        if item.not_before is not None:
            self.defer(item, by)
        if item.missed is not None:
            return
        item.shift += by
        if item.due is None:
            return
        item.due += by
        item.token += 1
        clock = self._context.clock
        if item.pending is None:
            clock.at(item.due, INJECT, self._fall_due, item, item.token)
        else:
            clock.at(item.due, INJECT, self._fire_after, item, item.token, item.pending)

    def defer(self, item: MselItem, by: int) -> None:
        """Keep an item that waits for a condition, a rate or an action from firing for `by` seconds.

        A negative `by` shortens the delay. An item whose condition becomes true during the delay fires at its end if
        the condition is still true; so does one whose action occurs. An event at a rate during the delay is lost.
        """
        now = self._context.now
        item.not_before = max(now, max(now, item.not_before or 0) + by)
        self._context.clock.at(item.not_before, INJECT, self._end_delay, item, item.not_before)

    def _end_delay(self, item: MselItem, not_before: int) -> None:
        if item.not_before != not_before:
            return
        item.not_before = None
        if item.state in (ItemState.SCHEDULED, ItemState.RELEASED):
            missed, item.missed = item.missed, None
            if missed is not None and (item.watched is None or item.watched.true):
                self._fire(item, *missed)


def _followed(after: After) -> list[tuple[str, str]]:
    """Return (kind, id) of what an item follows: an inject, or options as actions or decisions."""
    if after.inject is not None:
        return [("inject", after.inject)]
    patterns = (("action", after.action), ("decision", after.decision))
    return [(kind, option) for kind, pattern in patterns if pattern is not None for option in pattern.options]


PEAKS = {"early": 0.0, "middle": 0.5, "late": 1.0}
"""Where in its window a random time is most likely, by its shape; `uniform` has no peak."""


def _quantile(shape: str, u: float) -> float:
    """Return a point in the unit window: uniform, or triangular with its peak at the start, middle or end."""
    return u if (peak := PEAKS.get(shape)) is None else triangular(u, 0.0, peak, 1.0)


def _share_before(shape: str, start: int, first: int, last: int) -> float:
    """Return the share of the window's probability before `start`."""
    x = min(max((start - first) / (last - first), 0.0), 1.0) if last > first else 0.0
    if (peak := PEAKS.get(shape)) is None:
        return x
    return x * x / peak if x < peak or peak == 1.0 else 1.0 - (1.0 - x) ** 2 / (1.0 - peak)
