"""Perceiving: when one government learns of an action of another one, and what that changes in its numbers.

What the scenario fixes about a kind of action is in `Channel`; what a government has counted is in `Responses`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import fabs, pow, rint  # noqa: A004  # the name in C
from wargame.numbers.clock_loop import Queue
from wargame.numbers.curves import Curves
from wargame.numbers.draws import numbered
from wargame.numbers.levels import Memory
from wargame.numbers.meetings import Learned

COMPLY, IGNORE, RETALIATE = range(3)
"""The responses to an action."""
WAIT, KIND, HOSTILE = range(3)
"""The actions that open a window: none, a friendly and an unfriendly one."""
NOTABLE = 1.0
"""Perceived weights closer to 0 do not count as responses. Judgement."""
NEUTRAL = (0.1, 0.7, 0.2)
"""Prior rates of the responses after waiting. Judgement."""

_COMPLY = cython.declare(cython.longlong, COMPLY)
_IGNORE = cython.declare(cython.longlong, IGNORE)
_RETALIATE = cython.declare(cython.longlong, RETALIATE)
_WAIT = cython.declare(cython.longlong, WAIT)
_KIND = cython.declare(cython.longlong, KIND)
_HOSTILE = cython.declare(cython.longlong, HOSTILE)
_NOTABLE = cython.declare(cython.double, NOTABLE)
_NOT_YET = cython.declare(cython.longlong, -(2**62))


@cython.cclass
class Channel:
    """How one government perceives one option that another one carries out.

    `timing` is the delay in seconds and the standard deviation of the perceived weight; `keys` are the name keys of
    their draws. `event` is the number of the event. `slots` are those of the expected flow, the surprise and the trust
    between the two. `rates` are those of the flow, of trust and of attribution.
    """

    delay: cython.longlong
    noise: cython.double
    delay_key: cython.ulonglong
    noise_key: cython.ulonglong
    event: cython.longlong
    slots: tuple[cython.longlong, cython.longlong, cython.longlong]
    rates: tuple[cython.double, cython.double, cython.double]

    def __init__(
        self,
        timing: tuple[int, float],
        keys: tuple[int, int],
        event: int,
        slots: tuple[int, int, int],
        rates: tuple[float, float, float],
    ) -> None:
        self.delay, self.noise = timing
        self.delay_key, self.noise_key = keys
        self.event, self.slots, self.rates = event, slots, rates

    def perceive(
        self,
        curves: Curves,
        memory: Memory,
        weight: cython.double,
        now: cython.longlong,
        meaning: tuple[cython.double, cython.longlong],
    ) -> tuple[float, float, float]:
        """Note the action and update the expectation of, the surprise at and the trust in the actor.

        `meaning` is (k, slot): k is the relevance of the action, or its factor on the level of a slot; -1 for no slot.
        Returns the surprise, and trust before and after.
        """
        memory.note(self.event, 1.0, now)
        k, regard = meaning
        if regard >= 0:
            level: cython.double = curves.level(regard)
            k = k * level
        return curves.perceive(self.slots, weight, k, self.rates)


@cython.final
@cython.cclass
class Post:
    """Puts on the clock when governments learn of an action: `arrive(channel, action, weight)` is called then.

    `order` is the order of these calls within one second, `quantile` the quantile function of the normal distribution.
    """

    queue: Queue
    order: cython.longlong
    arrive: Any
    quantile: Any

    def __init__(
        self, queue: Queue, order: int, arrive: Callable[..., object], quantile: Callable[[float], float]
    ) -> None:
        self.queue, self.order, self.arrive, self.quantile = queue, order, arrive, quantile

    def send(self, action: object, channels: Sequence[Channel], weight: cython.double, now: cython.longlong) -> None:
        """Send an action over these channels, without random errors."""
        channel: Channel
        for channel in channels:
            self.queue.put(now + channel.delay, self.order, self.arrive, (channel, action, weight))

    def send_with_errors(
        self,
        action: object,
        channels: Sequence[Channel],
        weight: cython.double,
        now: cython.longlong,
        draw: tuple[cython.ulonglong, cython.longlong],
    ) -> None:
        """The same with random delays and perceived weights; `draw` is the root of the draws and a number."""
        root, number = draw
        channel: Channel
        for channel in channels:
            late = rint(channel.delay * (0.5 + numbered(root, channel.delay_key, number)))
            error: cython.double = self.quantile(numbered(root, channel.noise_key, number))
            time = now + cython.cast(cython.longlong, late)
            self.queue.put(time, self.order, self.arrive, (channel, action, weight + channel.noise * error))


@cython.final
@cython.cclass
class Responses:
    """One government's decayed counts of responses by all others, by their numbers; see `decision.responses`.

    `opened` is the second at which the present window of each other opened, `acted` the action that opened it.
    `counts` are three for each other and action, counted at the second `times`.
    """

    window: cython.longlong
    half_life: cython.double
    prior: cython.double
    opened: cython.longs
    acted: cython.longs
    counts: cython.doubles
    times: cython.longs
    learned: Learned

    def __init__(self, window: int, half_life: float, prior: float, others: int, learned: Learned) -> None:
        self.window, self.half_life, self.prior, self.learned = window, half_life, prior, learned
        self.opened, self.acted = array("q", [_NOT_YET]) * others, array("q", [_WAIT]) * others
        self.counts, self.times = array("d", bytes(72 * others)), array("q", [_NOT_YET]) * (3 * others)

    def did(self, other: cython.longlong, weight: cython.double, now: cython.longlong) -> None:
        """Open a window after an action of this government towards another one."""
        self.settle(other, now)
        self.open(other, _KIND if weight >= 0.0 else _HOSTILE, now)

    def perceived(self, other: cython.longlong, weight: cython.double, now: cython.longlong) -> None:
        """Count a perceived action of another government as the response in the open window."""
        self.settle(other, now)
        if fabs(weight) >= _NOTABLE:
            self.count(other, self.acted[other], _COMPLY if weight > 0.0 else _RETALIATE, 1, now)
            self.open(other, _WAIT, now)

    @cython.cfunc
    def open(self, other: cython.longlong, action: cython.longlong, now: cython.longlong) -> None:
        """Open a window."""
        self.opened[other], self.acted[other] = now, action

    @cython.cfunc
    def settle(self, other: cython.longlong, now: cython.longlong) -> None:
        """Count the windows without a response that are over."""
        if self.opened[other] == _NOT_YET:
            self.open(other, _WAIT, now)
        past: cython.longlong = now - self.opened[other]
        if past >= self.window:
            whole: cython.longlong = past // self.window
            self.count(other, self.acted[other], _IGNORE, 1, now)
            if whole > 1:
                self.count(other, _WAIT, _IGNORE, whole - 1, now)
            self.open(other, _WAIT, now - (past - whole * self.window))

    @cython.cfunc
    def count(
        self,
        other: cython.longlong,
        action: cython.longlong,
        response: cython.longlong,
        times: cython.longlong,
        now: cython.longlong,
    ) -> None:
        """Add to a decayed count, and learn from the counts about this government."""
        row: cython.longlong = 3 * other + action
        if self.times[row] == _NOT_YET:
            self.times[row] = now
        decay: cython.double = pow(2.0, (self.times[row] - now) / self.half_life)
        counts = self.counts
        for k in range(3 * row, 3 * row + 3):
            counts[k] *= decay
        counts[3 * row + response] += times
        self.times[row] = now
        self.learn(other)

    @cython.cfunc
    def learn(self, other: cython.longlong) -> None:
        """Set what it has learned: the rates after its actions minus those after waiting."""
        waiting = self.rates(3 * other + _WAIT, NEUTRAL)
        for action in (_KIND, _HOSTILE):
            after = self.rates(3 * other + action, waiting)
            column = 1 + 2 * other + (action == _HOSTILE)
            self.learned.learn(column, after[0] - waiting[0], after[1] - waiting[1], after[2] - waiting[2])

    @cython.cfunc
    def rates(self, row: cython.longlong, before: tuple[float, float, float]) -> tuple[float, float, float]:
        """Return the rates of the three responses, with `before` as the prior; the prior itself without any counts."""
        if self.times[row] == _NOT_YET:
            return before
        counts, prior = self.counts, self.prior
        comply, ignore, retaliate = counts[3 * row], counts[3 * row + 1], counts[3 * row + 2]
        total = prior + comply + ignore + retaliate
        return (
            (comply + prior * before[0]) / total,
            (ignore + prior * before[1]) / total,
            (retaliate + prior * before[2]) / total,
        )
