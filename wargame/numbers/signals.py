"""Signals: how a government learns of an action of another one, and the responses that it has counted.

What the scenario fixes about a kind of action is in `Channel`; what a government has counted is in `ResponseCounts`.
"""

from __future__ import annotations

from array import array
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import fabs, pow  # noqa: A004  # the name in C
from wargame.numbers.curves import Curves
from wargame.numbers.prospects import Learned

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


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class SignalReceiver:
    """How a government, the `receiver` with this `number`, perceives options of one dossier and visibility.

    `delay` is in seconds, `noise` the standard deviation of the perceived weight. `rates` are those of the expected
    flow, of trust and of attribution. `stake` is that of the receiver in the dossier: how much of the surprise at
    actions towards others adds to its salience there. `others` are the slots of its trust in each government by number,
    which times `triangle` is what an action towards that one means to it.
    """

    receiver: str
    number: cython.longlong
    delay: cython.longlong
    noise: cython.double
    stake: cython.double
    rates: tuple[cython.double, cython.double, cython.double]
    triangle: cython.double
    others: cython.longs


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Channel:
    """How a receiver perceives one option that another government carries out, whatever its target.

    The keys are the name keys of the draws of its delay and error. `event` is the number of the event. `slots` are
    those of the expected flow, the surprise and the trust between the two.
    """

    listener: SignalReceiver
    delay_key: cython.ulonglong
    noise_key: cython.ulonglong
    event: cython.longlong
    slots: tuple[cython.longlong, cython.longlong, cython.longlong]

    @cython.ccall
    @cython.exceptval(-1e9, check=True)
    def meaning(self, curves: Curves, target: cython.longlong) -> cython.double:
        """Return what an action towards the government of this number, −1 for none, means to the receiver.

        It is k of `decision.responses`, in [−c, 1].
        """
        listener = self.listener
        if target < 0:
            return listener.stake
        return 1.0 if target == listener.number else listener.triangle * curves.level(listener.others[target])


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, repr=False)
class Signal:
    """What a government perceives of an action, when it learns of it. `seq` is the record of the signal.

    `weight` is the perceived weight, `salience` what it adds to the salience of the dossier of the option.
    """

    receiver: str
    action: Any
    weight: cython.double
    surprise: cython.double
    salience: cython.double
    seq: cython.longlong


@cython.final
@cython.cclass
class ResponseCounts:
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
