"""Perceiving: what a signal changes in the numbers of a government, and the meetings that it calls.

A `Perceiver` is a government whose matters gain salience, and which works and meets on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import rounded
from wargame.numbers.arrays import zeros
from wargame.numbers.c_math import fabs, rint  # the name in C
from wargame.numbers.clock_loop import CallSeries, Queue
from wargame.numbers.curves import Curves, Instant
from wargame.numbers.draws import normal_quantile, numbered
from wargame.numbers.levels import Levels, Memory
from wargame.numbers.log import Log
from wargame.numbers.meetings import Leading, Scorer
from wargame.numbers.menus import Availability
from wargame.numbers.signals import Channel, Signal
from wargame.numbers.timing import AccumulatedHazard, Attention, Matter

_IMPRESSION = {"perceived": 0.0, "surprise": 0.0, "trust": (0.0, 0.0)}
"""What the records of the signals of an action differ in: dictionaries with the same keys are copied fast."""


@cython.cclass
class Perceiver:
    """The part of a government that receives signals and meets: its matters by dossier, on `desk`, and their hazards.

    `memory` has the events that it knows of. A signal to it calls `steps`, each unless the container that is
    `concerned` is empty or lacks the option, as in `log.follow`; a step that is itself is `perceive`.

    Its `process` takes up matters and holds meetings; `woken` says whether that has been interrupted since it took up
    the present one. It `deliberates` from STARTEX on, or from the warm start on. Salience of `meeting` calls a meeting,
    of `crisis` stops other work. The `seat` says who decides: `model`, `human` or `script`. The model is `leadership`,
    which decides by what is `seen`; `decisions` counts how often. `availabilities` are those of its menus.
    """

    name = cython.declare(str, visibility="public")
    desk = cython.declare(Attention, visibility="public")
    action_hazards = cython.declare(dict[Any, Any], visibility="public")
    memory = cython.declare(Memory, visibility="public")
    steps: tuple[Any, ...]
    concerned: tuple[Any, ...]
    by_option: tuple[Any, ...]
    deliberates = cython.declare(cython.bint, visibility="public")
    leadership = cython.declare(object, visibility="public")  # type: Any
    seen = cython.declare(Levels, visibility="public")
    seat = cython.declare(str, visibility="public")
    decisions = cython.declare(cython.longlong, visibility="public")
    availabilities = cython.declare(dict[Any, Any], visibility="public")
    process = cython.declare(object, visibility="public")  # type: Any
    woken: cython.bint
    queue: Queue
    rank: cython.longlong
    log: Log
    present: Instant
    meeting: cython.double
    crisis: cython.double

    def __init__(
        self, name: str, log: Log, present: Instant, queue: Queue, rank: int, meeting: float, crisis: float
    ) -> None:
        self.name, self.rank, self.meeting, self.crisis = name, rank, meeting, crisis
        self.log, self.present, self.queue = log, present, queue
        self.action_hazards, self.availabilities, self.leadership = {}, {}, None
        self.woken, self.deliberates, self.seat, self.decisions = False, False, "model", 0
        self.steps = self.concerned = self.by_option = ()

    def follow_signals(self, steps: Iterable[tuple[Any, Any, bool]]) -> None:
        """Call these steps at each signal."""
        functions, self.concerned, self.by_option = zip(*steps, strict=True)
        self.steps = tuple([self if step == self.perceive else step for step in functions])

    def perceive(self, signal: Signal) -> None:
        """Count a response of another government and add salience to the dossiers concerned.

        After a shock, the orders in hand that are directed at its author are appraised again.
        """
        action: Any = signal.action
        if action.target == self.name:
            self.perceive_own(signal)
        else:
            self.add(action.spec.dossier, signal.salience, signal.seq)
        self.be_shocked(action.actor, signal.salience)

    def perceive_own(self, signal: Signal) -> None:
        """Take in an action towards this government."""

    def review_orders(self, towards: Collection[str] | None, occasion: str) -> None:
        """Review the orders in hand, or those directed at one of these governments."""

    @cython.cfunc
    def be_shocked(self, actor: str, salience: cython.double) -> None:
        """Review the orders in hand after a shock."""
        if salience >= self.meeting:
            self.review_orders((actor,), "shock")

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
            self.process.interrupt()

    def take_up(self) -> Any:
        """Take up the first matter that is due; return the moment at which the work on it ends, None if that is now."""
        self.woken = False
        return self.queue.work(self.present.now, self.rank, self.desk)

    def put_aside(self) -> None:
        """Put the work in hand aside, after an interrupt."""
        if self.desk.in_work is not None:
            matter: Matter = self.desk.in_work
            matter.put_aside(self.present.now)
            self.desk.in_work = None

    def hold(self) -> None:
        """Hold the meeting on the matter in work, or hand it to a person or a script."""
        matter: Matter = self.desk.in_work
        self.desk.in_work = None
        if self.seat != "model":
            whole: Any = self
            whole.hand_over(matter)
        elif self.decide(matter):
            matter.news.clear()
        self.desk.done(matter, self.present.now)

    def delegate(self, dossier: str) -> None:
        """Let the model decide on a dossier now. A person may not have decided in time."""
        self.decide(self.desk.entries[dossier])

    @cython.cfunc
    def decide(self, matter: Matter) -> cython.bint:
        """Let the model decide on a matter now; return whether it acts."""
        whole: Any = self
        leading: Leading = self.leadership
        dossier = matter.dossier
        self.decisions += 1
        if leading.review.is_due(self.seen):
            whole.review_strategy()
        available = self.available(dossier)
        scorer: Scorer = leading.appraiser(dossier, self.seen, self.present.now)
        acts = scorer.meet(available, self.seen, self.desk, matter, self.action_hazards[dossier])
        if acts:
            whole.conclude(matter, scorer)
        elif self.present.open and not self.log.leaves_out_all():  # before STARTEX the journal shows no decisions
            data: dict[str, Any] = {}
            if self.log.keeps_any:
                data = scorer.meeting(matter, self.action_hazards[dossier])
                if scorer.best:
                    leader: Any = leading
                    option, target = scorer.candidates[scorer.best]
                    data["best"] = leader.best_candidate(option, target, rounded(scorer.sums[scorer.best]))
            self.log.write("decision", self.name, "wait", matter.causes(self.present.now) if data else (), data)
        return acts

    @cython.cfunc
    def available(self, dossier: str) -> Availability:
        """Return which candidates of a dossier the model can choose, up to date."""
        whole: Any = self
        leading: Leading = self.leadership
        available: Availability | None = self.availabilities.get(dossier)
        if available is None or not available.is_current(leading.step):
            available = self.availabilities[dossier] = whole.availability(dossier)
        return available

    def can_choose(self, dossier: str, i: cython.longlong) -> bool:
        """Return whether the model can choose a candidate now, whenever it was done last."""
        return self.available(dossier).has(i, self.seen)


@cython.final
@cython.cclass
class Delivery(CallSeries):
    """An action on its way to those that perceive it over `channels`, with the perceived weight of each.

    It has room for `room` of them. Once it is over, the next action takes it.
    """

    arrivals: Arrivals
    channels: Any
    weights: cython.doubles
    action: Any
    cause: tuple[Any, ...]
    facts: dict[Any, Any]
    actor: str
    option: str
    dossier: str
    towards: cython.longlong
    reports: cython.bint

    def __init__(self, arrivals: Arrivals, room: cython.longlong) -> None:
        self.arrivals, self.weights, self.places = arrivals, zeros("d", room), zeros("q", room)

    @cython.cfunc
    def happen(self, number: cython.longlong) -> None:
        """A government learns of the action."""
        self.arrivals.arrive(self, self.channels[number], self.weights[number])
        if self.at == self.count:
            self.arrivals.over.append(self)


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, repr=False)
class Arrivals:
    """Puts on the clock when governments learn of an action, and what happens then.

    That is what a government perceives, a record, and what follows. `receivers` are the governments, `numbers` those of
    their names, and `order` is the order of signals within one second. `log` counts the records;
    `describe` returns what all records about an action say, and `report` is called for an action that reports
    something. `over` are deliveries that are over.
    """

    receivers: list[Any]
    curves: Curves
    log: Log
    queue: Queue
    order: cython.longlong
    describe: Any
    report: Any
    numbers: dict[Any, Any] = cython.dataclasses.field(init=False)
    over: list[Any] = cython.dataclasses.field(init=False)

    @cython.cfunc
    def __post_init__(self) -> None:
        self.numbers = {None: -1} | {each.name: number for number, each in enumerate(self.receivers)}
        self.over = []

    def send(
        self, action: Any, channels: Sequence[Channel], draw: tuple[cython.ulonglong, cython.longlong] | None
    ) -> None:
        """Send an action over these channels, with random errors of delays and weights if there is a `draw`.

        That is the root of the draws and a number.
        """
        delivery: Delivery = self.over.pop() if self.over else Delivery(self, len(self.receivers))
        delivery.channels, delivery.action = channels, action
        delivery.cause, delivery.actor, delivery.option = (action.seq,), action.actor, action.option
        delivery.facts = {**self.describe(action), **_IMPRESSION} if self.log.keeps_all else {}
        delivery.towards = self.numbers[action.target]
        delivery.dossier, delivery.reports = action.spec.dossier, bool(action.spec.reports)
        weight: cython.double = action.weight
        now: cython.longlong = action.time
        count: cython.longlong = len(channels)
        delivery.count = count
        root: cython.ulonglong = 0
        number: cython.longlong = 0
        if draw is not None:
            root, number = draw
        channel: Channel
        for k in range(count):
            channel = channels[k]
            listener = channel.listener
            late, perceived = listener.delay, weight
            if draw is not None:
                drawn: cython.double = rint(late * (0.5 + numbered(root, channel.delay_key, number)))
                late = cython.cast(cython.longlong, drawn)
                perceived += listener.noise * normal_quantile(numbered(root, channel.noise_key, number))
            delivery.weights[k], delivery.places[k] = perceived, (now + late) * count + k
        self.queue.put_series(self.order, delivery)

    @cython.cfunc
    def arrive(self, sent: Delivery, channel: Channel, weight: cython.double) -> None:
        """A government learns of an action."""
        log, curves, listener = self.log, self.curves, channel.listener
        name, own = listener.receiver, listener.number == sent.towards
        receiver: Perceiver = self.receivers[listener.number]
        receiver.memory.note(channel.event, 1.0, curves.present.now)
        impression = curves.perceive(channel.slots, weight, channel.meaning(curves, sent.towards), listener.rates)
        seq = log.next_seq
        if not log.leaves_out_all():
            data = sent.facts.copy()
            if log.keeps_all:
                data["perceived"], data["surprise"] = rounded(weight), rounded(impression[0])
                data["trust"] = rounded(impression[1]), rounded(impression[2])
            log.write("signal", name, sent.option, sent.cause, data)
        if sent.reports:
            self.report(name, sent.action)
        salience = fabs(impression[0]) * (1.0 if own else listener.stake)
        signal: Any = None
        steps, concerned, by_option = receiver.steps, receiver.concerned, receiver.by_option
        for k in range(len(steps)):
            step = steps[k]
            if step is receiver and not own:
                receiver.add(sent.dossier, salience, seq)
                receiver.be_shocked(sent.actor, salience)
            elif concerned[k] and (not by_option[k] or sent.option in concerned[k]):
                if signal is None:
                    signal = Signal(name, sent.action, weight, impression[0], salience, seq)
                if step is receiver:
                    receiver.perceive(signal)
                else:
                    step(signal)
