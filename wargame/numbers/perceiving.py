"""Perceiving: when one government learns of an action of another one, and what that changes in its numbers.

What the scenario fixes about a kind of action is in `Channel`; what a government has counted is in `ResponseCounts`. A
`Perceiver` is a government whose matters gain salience.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import fabs, pow, rint  # noqa: A004  # the name in C
from wargame.numbers.clock_loop import Queue
from wargame.numbers.curves import Curves, Instant
from wargame.numbers.draws import numbered
from wargame.numbers.levels import Memory
from wargame.numbers.log import Log, follow
from wargame.numbers.meetings import Learned
from wargame.numbers.timing import AccumulatedHazard, Attention, Matter

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
    """How one government, the `receiver`, perceives one option that another one carries out, whatever its target.

    `timing` is the delay in seconds and the standard deviation of the perceived weight; `keys` are the name keys of
    their draws. `event` is the number of the event. `slots` are those of the expected flow, the surprise and the trust
    between the two. `rates` are those of the flow, of trust and of attribution. `stake` is that of the receiver in the
    dossier: how much of the surprise at actions towards others adds to its salience there. `others` are the slots of
    its trust in each other government, which times `triangle` is what an action towards that one means to it.
    """

    receiver = cython.declare(str, visibility="public")
    stake: cython.double
    triangle: cython.double
    others: dict[Any, Any]
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
        to: tuple[str, float, float, dict[str, int]],
    ) -> None:
        self.receiver, self.stake, self.triangle, self.others = to
        self.delay, self.noise = timing
        self.delay_key, self.noise_key = keys
        self.event, self.slots, self.rates = event, slots, rates

    @cython.ccall
    @cython.exceptval(-1e9, check=True)
    def meaning(self, curves: Curves, target: object) -> cython.double:
        """Return what an action towards this target means to the receiver: k of `decision.responses`, in [−c, 1]."""
        if target is None:
            return self.stake
        if target == self.receiver:
            return 1.0
        return self.triangle * curves.level(self.others[target])

    @cython.ccall
    def perceive(
        self, curves: Curves, memory: Memory, target: object, weight: cython.double
    ) -> tuple[float, float, float]:
        """Note an action and update the expectation of, the surprise at and the trust in the actor.

        Returns the surprise, and trust before and after.
        """
        memory.note(self.event, 1.0, curves.present.now)
        return curves.perceive(self.slots, weight, self.meaning(curves, target), self.rates)


@cython.final
@cython.cclass
class Signal:
    """What a government perceives of an action, when it learns of it. `seq` is the record of the signal.

    `weight` is the perceived weight, `salience` what it adds to the salience of the dossier of the option.
    """

    receiver = cython.declare(str, visibility="public")
    action = cython.declare(object, visibility="public")  # type: Any
    weight = cython.declare(cython.double, visibility="public")
    surprise = cython.declare(cython.double, visibility="public")
    salience = cython.declare(cython.double, visibility="public")
    seq = cython.declare(cython.longlong, visibility="public")

    def __init__(
        self,
        receiver: str,
        action: object,
        weight: cython.double,
        surprise: cython.double,
        salience: cython.double,
        seq: cython.longlong,
    ) -> None:
        self.receiver, self.action, self.weight = receiver, action, weight
        self.surprise, self.salience, self.seq = surprise, salience, seq


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
class Arrivals:
    """What happens when a government learns of an action: what it perceives, a record, and what follows.

    `memories` are those of governments by name. `steps` has the functions that a signal to each calls, in order, with a
    container: a function has nothing to do while that is empty. `log` counts the records; `describe` returns the data
    of one, and `report` is called for an action that reports something.
    """

    steps = cython.declare(dict[Any, Any], visibility="public")
    curves: Curves
    memories: dict[Any, Any]
    log: Log
    describe: Any
    report: Any

    def __init__(
        self,
        curves: Curves,
        memories: dict[str, Memory],
        log: Log,
        describe: Callable[..., object],
        report: Callable[..., object],
    ) -> None:
        self.curves, self.memories, self.log, self.describe, self.report = curves, memories, log, describe, report
        self.steps = {}

    def arrive(self, channel: Channel, action: Any, weight: cython.double) -> None:
        """A government learns of an action."""
        receiver, target, log = channel.receiver, action.target, self.log
        impression = channel.perceive(self.curves, self.memories[receiver], target, weight)
        surprise: cython.double = impression[0]
        data = self.describe(action, weight, impression) if log.keeps_all else None
        seq = log.write("signal", receiver, action.option, (action.seq,), data)
        if action.spec.reports:
            self.report(receiver, action)
        share = 1.0 if receiver == target else channel.stake
        signal = Signal(receiver, action, weight, surprise, fabs(surprise) * share, seq)
        follow(self.steps[receiver], signal)


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


@cython.cclass
class Perceiver:
    """The part of a government that receives signals: its matters by dossier, on `desk`, and their hazards of acting.

    `woken` says whether its process has been interrupted since it looked for the next matter. It `deliberates` from
    STARTEX on, or from the warm start on. Salience of `meeting` calls a meeting, of `crisis` stops other work.
    """

    name = cython.declare(str, visibility="public")
    desk = cython.declare(Attention, visibility="public")
    action_hazards = cython.declare(dict[Any, Any], visibility="public")
    woken = cython.declare(cython.bint, visibility="public")
    deliberates = cython.declare(cython.bint, visibility="public")
    log: Log
    present: Instant
    meeting: cython.double
    crisis: cython.double

    def __init__(self, name: str, log: Log, present: Instant, meeting: cython.double, crisis: cython.double) -> None:
        self.name, self.log, self.present, self.meeting, self.crisis = name, log, present, meeting, crisis
        self.action_hazards, self.woken, self.deliberates = {}, False, False

    def perceive(self, signal: Signal) -> None:
        """Count a response of another government and add salience to the dossiers concerned.

        After a shock, the orders in hand that are directed at its author are appraised again.
        """
        action: Any = signal.action
        whole: Any = self
        if action.target == self.name:
            whole.perceive_own(signal)
        elif signal.salience != 0.0:
            self.add(action.spec.dossier, signal.salience, signal.seq)
        if signal.salience >= self.meeting:
            whole.review_orders((action.actor,), "shock")

    def add_salience(self, dossier: str, strength: float, seq: int | None) -> None:
        """Add salience to a dossier from record `seq`, if any. Enough calls a meeting; a crisis stops other work."""
        self.add(dossier, strength, seq)

    @cython.cfunc
    def add(self, dossier: str, strength: cython.double, seq: int | None) -> None:
        """The same within the engine."""
        entry: Any = self.desk.entries.get(dossier)
        if entry is None or strength == 0.0:
            return
        matter: Matter = entry
        now = self.present.now
        salience = self.desk.add_salience(matter, strength, now)
        if seq is not None and self.log.keeps_any:
            matter.add_news(strength, seq, now)
        if self.deliberates:
            hazard: AccumulatedHazard = self.action_hazards[dossier]
            hazard.close(now)
        if salience >= self.meeting:
            self.convene(entry, "salience", seq, salience >= self.crisis, None)

    def summon(
        self, dossier: str, reason: str, trigger: int | None, *, crisis: bool = False, deadline: int | None = None
    ) -> None:
        """Call a meeting on a dossier, once governments deliberate; a crisis interrupts the work on another one."""
        self.convene(self.desk.entries.get(dossier), reason, trigger, crisis, deadline)

    @cython.cfunc
    def convene(self, entry: Any, reason: str, trigger: Any, crisis: cython.bint, deadline: Any) -> None:
        """The same within the engine, for the entry of a dossier, None without one."""
        if not self.deliberates or entry is None or entry is self.desk.in_work:
            return
        matter: Matter = entry
        matter.call(reason, self.present.now, trigger, deadline)
        if not self.woken and (crisis or self.desk.in_work is None):
            self.woken = True
            whole: Any = self
            whole.process.interrupt(reason)
