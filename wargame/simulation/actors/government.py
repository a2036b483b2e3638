"""A government: it observes, takes up dossiers and decides, in one cycle; its orders are then carried out."""

from collections.abc import Collection, Generator, Mapping
from functools import partial
from math import inf
from typing import Any

from simpy.events import Event
from simpy.exceptions import Interrupt

from wargame.decision.appraisal import ActionHazard, Appraiser
from wargame.decision.menu import Candidate, Menu, menu_of
from wargame.decision.responses import Habits, ResponseBook
from wargame.numbers.log import follow
from wargame.numbers.menus import Availability
from wargame.numbers.perceiving import Perceiver
from wargame.numbers.signals import Signal
from wargame.scenario.model import Leader, Stage
from wargame.scenario.model.governments import LEADER
from wargame.simulation.actors.desk import Desk, DeskEntry
from wargame.simulation.actors.extra_terms import ExtraTerms
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.leader import Leadership
from wargame.simulation.actors.orders import BY_MODEL, OrderReviews, PendingOrder
from wargame.simulation.kernel.clock import DECISION, EFFECT
from wargame.simulation.kernel.context import Action, Decision, HumanMeeting, RunContext
from wargame.simulation.mechanisms.actions import Actions
from wargame.statistics.draws import triangular

WARM = "warm "
"""Prefix of the keys of draws before STARTEX, so that those from STARTEX on stay the same."""


class GovernmentProcess(Perceiver):
    """A government and its seat (`model`, `human`, `script`). `pending` are orders being carried out, oldest first."""

    desk: Desk
    action_hazards: dict[str, ActionHazard]
    leadership: Leadership | None

    def __init__(
        self, context: RunContext, name: str, actions: Actions, feasibility: Feasibility, extra_terms: ExtraTerms
    ) -> None:
        rules, log = context.rules, context.log
        clock = context.clock
        super().__init__(name, log, clock.instant, clock.queue, DECISION, rules.salience_meeting, rules.salience_crisis)
        self.seen = context.views[name].seen
        self._limits = dict(context.settings.limits).get(name, LEADER)
        self._context, self._actions, self.memory = context, actions, context.memories[name].memory
        self._spec = context.scenario.governments[name]
        self.habits = Habits(rules.habit_half_life)
        self._given_up = {o for a in context.scenario.agreements.values() for o in a.rules_out.get(name, ())}
        self._feasibility, self.extra_terms = feasibility, extra_terms
        words = [text.split() for text in context.settings.forbid]
        forbidden = frozenset(Candidate(w[1], w[2] if len(w) > 2 else None) for w in words if w[0] == name)
        observability = context.views[name].observability
        self.menus: dict[str, Menu] = {
            d: menu_of(observability, context.scenario, d, forbidden) for d in sorted(self._spec.dossiers)
        }
        proposals = {forum: each for menu in self.menus.values() for forum, each in menu.proposals.items()}
        others = tuple(g for g in context.world.governments if g != name)
        self.responses = ResponseBook(rules, others, len(context.scenario.forums), proposals)
        self.desk = Desk(self._spec.dossiers, rules, 0)
        make = partial(_places, self.menus)
        self.places = observability.layout.memo(("places", name, forbidden), make)
        self.last_done: dict[Candidate, int] = {}
        self.pending: dict[Candidate, PendingOrder] = {}
        self._cool_downs: dict[Candidate, int] = {}
        """Candidate -> end of its cool-down."""
        self.dropped: dict[Candidate, int] = {}
        """Orders that were dropped before STARTEX -> end of their cool-down, which does not bind a person."""
        self.reviews = OrderReviews(context, self, feasibility, rules.reviews) if rules.reviews is not None else None

    # --- office --------------------------------------------------------------------------------

    def take_seat(self, kind: str) -> None:
        """Set the kind of seat: a person, and the staff of a person, decide from what the seat may know."""
        self.seat = kind
        self._context.decide_from(self.name, person=kind == "human")
        self.seen = self._context.views[self.name].seen

    def limits_for(self, *, person: bool) -> str:
        """Return the limits of a person, or of the model."""
        return self._limits if person else LEADER

    @property
    def leader(self) -> Leader:
        """The profile of the leader in office."""
        assert self.leadership is not None
        return self.leadership.leader

    def current_stage(self) -> Stage | None:
        """Return the stage of the strategy in force, None without a strategy."""
        return self.leadership.current_stage() if self.leadership else None

    def install(self, leader: str, cause: int | None = None) -> None:
        """Put a leader in office."""
        context, profile = self._context, self._context.scenario.leaders[leader]
        before = context.offices.leader.get(self.name)
        context.offices.leader[self.name] = leader
        self.leadership = Leadership(context, self, leader, self.menus, self.extra_terms)
        data = {"leader": leader, "title": profile.title, "strategy": profile.strategy, "from": before}
        context.log.write("leader", self.name, leader, () if cause is None else (cause,), data)
        self.review_orders(None, "leader")

    def follow(self, strategy: str, cause: int | None = None, *, held: bool = False) -> None:
        """Adopt a strategy, from its first stage. If `held`, it ends only with the leader or by an inject."""
        assert self.leadership is not None
        self.leadership.take_strategy(strategy, held=held)
        self._record_strategy(strategy, () if cause is None else (cause,))

    def _record_strategy(self, strategy: str, cause: tuple[int, ...], why: str = "") -> None:
        stage = self.current_stage()
        data = {"strategy": strategy, "stage": stage.name if stage else ""} | ({"why": why} if why else {})
        self._context.log.write("strategy", self.name, strategy, cause, data)

    # --- perceiving ----------------------------------------------------------------------------

    def perceive_own(self, signal: Signal) -> None:
        """Count a response of another government to this one, and add salience to the dossiers concerned."""
        action = signal.action
        self.responses.perceived(action.actor, signal.weight, self._context.clock.now)
        self.add_salience(action.spec.dossier, signal.salience, signal.seq)
        if action.spec.agenda:
            self._add_agenda(action, signal.seq)

    def review_orders(self, towards: Collection[str] | None, occasion: str) -> None:
        """Review the orders in hand, or orders directed at one of these governments, if the rules have reviews."""
        if self.reviews is not None and self.deliberates:
            for order in list(self.pending.values()):
                if towards is None or order.candidate.target in towards:
                    self.reviews.review(order, occasion)

    def invite(self, dossier: str, cause: int, wait: float) -> None:
        """Ask for an answer: call a meeting, with the salience of a crisis, and multiply the wait until it acts."""
        self.summon(dossier, "invitation", cause)
        self.add_salience(dossier, self._context.rules.salience_crisis, cause)
        if self.deliberates and dossier in self.action_hazards:
            self.action_hazards[dossier].draw *= wait

    # --- the decision cycle --------------------------------------------------------------------

    def begin(self) -> None:
        """Start the process at STARTEX, or carry over the orders of the warm start. Orders of people stay."""
        if not self.deliberates:
            self.deliberate()
            return
        for dossier, hazard in self.action_hazards.items():
            hazard.call(f"{self.name}/{dossier}")
            hazard.redraw()  # the days since its last meeting count at the next one
        for entry in self.desk.entries.values():
            entry.spent = 0
        for order in [order for order in self.pending.values() if order.source == BY_MODEL]:
            if self.seat == "model":
                data = {**order.candidate._asdict(), "given": order.given, "until": order.until}
                order.cause = self._context.log.write("order.carried_over", self.name, order.candidate.option, (), data)
            else:
                order.cancelled = True
                self._no_longer_pending(order.candidate)

    def deliberate(self) -> None:
        """Start the process, with routine meetings spread over their first interval."""
        self.deliberates = True
        now = self._context.clock.now
        before, self.desk = self.desk, Desk(self._spec.dossiers, self._context.rules, now)
        for name, old in before.entries.items():
            entry = self.desk.entries[name]
            entry.salience, entry.salience_at, entry.news = old.salience, old.salience_at, old.news
        self.action_hazards = self._new_hazards()
        self.process = self._context.clock.process(self._life())

    def _life(self) -> Generator[Event, Any, None]:
        """Run the decision cycle: work on a dossier that is due, then meet on it. An interrupt ends the work."""
        while True:
            try:
                if (end := self.take_up()) is not None:
                    yield end
            except Interrupt:
                self.put_aside()
            else:
                self.hold()

    def _new_hazards(self) -> dict[str, ActionHazard]:
        context = self._context
        who = self.name if context.open else f"{WARM}{self.name}"
        return {d: ActionHazard(context.draws, f"{who}/{d}", context.clock.now) for d in self.desk.entries}

    def hand_over(self, entry: DeskEntry) -> None:
        """Let a person, or a script, decide instead of the model."""
        if self.seat == "human":
            meeting = HumanMeeting(self.name, entry.dossier, entry.reason, entry.causes(self._context.clock.now))
            follow(self._context.consequences.of_human_meeting, meeting)

    def review_strategy(self) -> None:
        """Review the strategy before a meeting of the model."""
        assert self.leadership is not None
        why = self.leadership.review_strategy()
        if why is not None:
            self._record_strategy(self.leadership.strategy or "", (), why)

    def availability(self, dossier: str) -> Availability:
        """Return which candidates of a dossier the model can choose."""
        return self._feasibility.available(self.menus[dossier], self, self.leader.step)

    def conclude(self, entry: DeskEntry, appraiser: Appraiser) -> None:
        """Order what the model chooses at a meeting at which it acts, with a record."""
        log, hazard = self._context.log, self.action_hazards[entry.dossier]
        assert self.leadership is not None
        is_open = self._context.open  # before STARTEX governments decide nothing that the journal shows
        data = appraiser.meeting(entry, hazard) if is_open and log.keeps_any else {}
        chosen, gain = self.leadership.choose(appraiser, hazard, data)
        causes = entry.causes(self._context.clock.now) if data else ()
        seq = log.write("decision", self.name, chosen.option, causes, data) if is_open else 0
        self._order(chosen, hazard, seq, gain)

    # --- implementing --------------------------------------------------------------------------

    def _order(self, candidate: Candidate, hazard: ActionHazard, cause: int, gain: float) -> None:
        drawn = self._context.draws.keyed(hazard.lead, hazard.ordinal)
        lead = round(triangular(drawn, *self._context.scenario.options[candidate.option].lead))
        hazard.acted()
        self.order(candidate, lead, cause, BY_MODEL, gain=gain)

    def order(
        self,
        candidate: Candidate,
        lead: int,
        cause: int,
        source: str,
        why: str = "",
        *,
        gain: float = 0.0,
        seated: bool = False,
    ) -> None:
        """Have an option carried out after `lead` seconds, unless it is blocked by then; a forced order never is."""
        now = self._context.clock.now
        order = PendingOrder(candidate, now + lead, cause, source, why, now, gain, seated)
        self.pending[candidate] = order
        self._feasibility.block_until(self, candidate, inf)
        if self._context.open or source != BY_MODEL:
            follow(self._context.consequences.of_decision, Decision(self.name, *candidate, cause))
        self.carry_out_later(order)
        if self.reviews is not None:
            self.reviews.schedule(order)

    def carry_out_later(self, order: PendingOrder) -> None:
        """Put the end of an order's lead time on the clock; what the model orders may wait for a working day."""
        context, due = self._context, order.until
        if order.source == BY_MODEL:
            order.until = context.working_time(self.name, order.candidate.option, due)
        if order.until != due and context.log.keeps_any:
            order.why = f"due on {context.calendar.date(due).date()}, which is no working day"
        context.clock.at(order.until, EFFECT, self._carry_out, order)

    def cancel(self, order: PendingOrder, reason: str, *command: int) -> None:
        """Give up an order that is being carried out, by a command if any. The model's have records from STARTEX on."""
        order.cancelled = True
        self._no_longer_pending(order.candidate)
        if self._context.open or order.source != BY_MODEL:
            data = {**order.candidate._asdict(), "reason": reason}
            self._context.log.write("order.cancelled", self.name, order.candidate.option, (order.cause, *command), data)

    def _carry_out(self, order: PendingOrder) -> None:
        if order.cancelled or self._context.clock.now < order.until:  # a postponed order has another time
            return
        if not self._context.open:
            self._drop(order)
            return
        if self.reviews is not None and self.reviews.postponed_when_due(order):
            return
        candidate, forced = order.candidate, order.source == "forced"
        reason = "" if forced else self._feasibility.obstacle(self, candidate, seated=order.seated)
        if reason:
            self.cancel(order, reason)
        elif forced or not self._feasibility.awaits_sitting(self.name, candidate, order.cause, order.source):
            self.vote(candidate, order.cause, order.source)

    def vote(self, candidate: Candidate, cause: int, source: str) -> None:
        """Carry out an order now."""
        why, order = "", self.pending.pop(candidate, None)
        if order is not None:
            why, order.cancelled = order.why, True  # it does not fall due again
        self._actions.do(self.name, *candidate, source=source, cause=(cause,), why=why)

    def withhold(self, candidate: Candidate, reason: str) -> None:
        """Give up an order that waited for a sitting."""
        if candidate in self.pending:
            self.cancel(self.pending[candidate], reason)

    def _no_longer_pending(self, candidate: Candidate) -> None:
        self.pending.pop(candidate, None)
        self._feasibility.block_until(self, candidate, self._cool_downs.get(candidate, self._context.clock.now))

    def _drop(self, order: PendingOrder) -> None:
        """Drop an order that falls due before STARTEX without an action of the history; its cool-down begins."""
        order.cancelled = True
        cool_down = self._context.scenario.options[order.candidate.option].cool_down
        self.dropped[order.candidate] = self._cool_downs[order.candidate] = self._context.now + cool_down
        self._no_longer_pending(order.candidate)
        follow(self._context.consequences.of_dropped_order, Decision(self.name, *order.candidate, order.cause))

    def gain(self, candidate: Candidate) -> float | None:
        """Return the score of a candidate above waiting now; None for a forbidden one."""
        if candidate not in self.places or self.leadership is None:
            return None
        menu, i = self.places[candidate]
        scores = self.leadership.appraise(menu.dossier, [i]).scores
        return scores[i] - scores[0]

    def acted(self, action: Action) -> None:
        """Take note of its own action: habits, agenda, cool-down, and the response that it may bring."""
        spec, candidate = action.spec, Candidate(action.option, action.target)
        if action.option in self._given_up:
            self.habits.did(action.option, action.time)
        if spec.agenda:
            self._add_agenda(action, action.seq)
        self.last_done[candidate] = action.time
        order = None if self._context.open else self.pending.get(candidate)
        if order is not None and order.source == BY_MODEL:  # the action of the history is the one ordered
            self.pending.pop(candidate).cancelled = True
        self._cool_downs[candidate] = until = action.time + spec.cool_down
        self.dropped.pop(candidate, None)
        if candidate not in self.pending:
            self._feasibility.block_until(self, candidate, until)
        if action.target is not None:
            self.responses.did(action.target, action.weight, action.time)

    def _add_agenda(self, action: Action, seq: int) -> None:
        """Add the salience that an action gives to dossiers of its actor and its target."""
        for dossier, salience in sorted(action.spec.agenda.items()):
            self.add_salience(dossier, salience, seq)


def _places(menus: Mapping[str, Menu]) -> dict[Candidate, tuple[Menu, int]]:
    return {candidate: (menu, i) for menu in menus.values() for i, candidate in enumerate(menu.candidates)}


class Governments(dict[str, GovernmentProcess]):
    """The governments of a run by name."""

    def deliberate(self) -> None:
        """Begin the warm start: what governments order is not carried out before STARTEX."""
        for government in self.values():
            government.deliberate()

    def redraw(self) -> None:
        """Draw the open decisions of all governments again, in a fork."""
        for hazard in (each for government in self.values() for each in government.action_hazards.values()):
            hazard.redraw()
