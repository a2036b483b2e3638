"""Seats: who decides for a government, orders, standing orders, decisions of people, deadlines."""

from collections import Counter
from typing import Any

from wargame.dataclasses import dataclass, replace
from wargame.decision.menu import WAIT, Candidate, candidates
from wargame.errors import UsageFault
from wargame.language.times import parse_duration
from wargame.numbers.signals import Signal
from wargame.sentence import hint
from wargame.simulation.actors.feasibility import Blocker, Feasibility
from wargame.simulation.actors.government import GovernmentProcess, Governments
from wargame.simulation.actors.orders import BY_MODEL, PendingOrder
from wargame.simulation.actors.procedures import Procedures
from wargame.simulation.control.lookup import SEATS, read, seat_condition, text_of, valid_name
from wargame.simulation.kernel.clock import DECISION
from wargame.simulation.kernel.context import Decision, HumanMeeting, RunContext
from wargame.simulation.kernel.settings import CommandModule, RecordParts, Steps
from wargame.simulation.mechanisms.actions import Actions
from wargame.world.layout import Compiled

DEFAULTS = ("nothing", "model")
IN_HAND = "it has already been ordered and is being carried out"


@dataclass(slots=True)
class DueDecision:
    """A decision that a person has to take on one dossier.

    `since` and the deadline `until`, if any, are in seconds of the run. `meetings` counts the meetings that wait for
    it: later ones join the first, which sets the deadline.
    """

    seq: int
    government: str
    dossier: str
    since: int
    until: int | None
    meetings: int = 1


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order to be given once its government believes that a condition is true.

    Each government counts its own from 1, together with the orders that a person inherits from the model.
    """

    number: int
    seq: int
    government: str
    candidate: Candidate
    text: str
    when: Compiled
    why: str


class Seats(CommandModule):
    """The seats of one exercise.

    `dues` are the open decisions of people, `time_limit` the seconds that they have for one (None: no limit), `default`
    what happens after that: `nothing`, or the `model` decides. With `stops_clock`, the clock stops once one falls due.
    """

    KINDS = ("seat", "order", "standing_order", "cancel", "pass", "deadline", "decision.missed")

    def __init__(
        self,
        context: RunContext,
        governments: Governments,
        feasibility: Feasibility,
        actions: Actions,
        procedures: Procedures,
    ) -> None:
        self._context, self._governments = context, governments
        self._feasibility, self._actions, self._procedures = feasibility, actions, procedures
        self.dues: dict[tuple[str, str], DueDecision] = {}
        self.standing: list[StandingOrder] = []
        self._last_numbers: Counter[str] = Counter()
        self.time_limit: int | None = None
        self.default = "nothing"
        self.stops_clock = False
        self._polled: set[str] = set()
        """Governments whose standing orders are checked at regular intervals, from the first one on."""
        self.chosen: dict[str, str] = {}
        """Government -> kind of seat by command, which takes precedence over a setting."""

    def _government(self, data: dict[str, Any]) -> GovernmentProcess:
        return self._governments[valid_name("government", str(data["government"]), self._governments)]

    def of(self, name: str) -> str:
        """Return the kind of seat of a government; before STARTEX, the kind that it will have."""
        settings = dict(self._context.settings.seats) if not self._context.open else {}
        return self.chosen.get(name) or settings.get(name) or self._governments[name].seat

    @property
    def human(self) -> list[str]:
        """The governments whose seats people hold, in the order of the scenario."""
        return [name for name in self._governments if self.of(name) == "human"]

    # --- who decides ---------------------------------------------------------------------------

    def _seat(self, data: dict[str, Any]) -> Steps:
        """Change a seat from the next meeting on.

        The model takes up what a person has left undecided. A person is asked about procedures that are on their way,
        and can cancel the orders of the model that are.
        """
        government, kind = self._government(data), valid_name("kind of seat", str(data["kind"]), SEATS)
        seq = yield RecordParts()
        before = self.of(government.name)
        government.take_seat(kind)
        self.chosen[government.name] = kind
        if government.seat == "human":
            self._procedures.taken_over(government.name)
            for order in self.in_hand(government) if before != "human" else ():
                if order.source == BY_MODEL:
                    self._hand_over(government, order, (order.cause, seq))
            return
        for due in [due for due in self.dues.values() if due.government == government.name]:
            del self.dues[due.government, due.dossier]
            if government.seat == "model":
                government.summon(due.dossier, "resumed", seq)

    def delegated(self, decision: Decision) -> None:
        """Name an order that the model gives after a person missed a decision, so that it can be cancelled."""
        government = self._governments[decision.actor]
        if government.seat == "human":
            order = government.pending[Candidate(decision.option, decision.target)]
            if order.source == BY_MODEL:
                self._hand_over(government, order, (order.cause,))

    def _hand_over(self, government: GovernmentProcess, order: PendingOrder, causes: tuple[int, ...]) -> None:
        order.number = order.number or self._next_number(government.name)
        data = {"number": order.number, **order.candidate._asdict(), "until": order.until}
        self._context.log.write("order.inherited", government.name, order.candidate.option, causes, data)

    # --- orders --------------------------------------------------------------------------------

    def candidate(self, data: dict[str, Any]) -> Candidate:
        """Return the option and target that a command names; raises UsageFault if the government can never choose them.

        A forced order may name a forbidden option, so that an experiment controls how often it occurs. So may one of
        the white cell that overrides the requirements.
        """
        government = self._government(data)
        named = Candidate(str(data["option"]), str(data.get("target") or "") or None)
        if named.option != WAIT and named in government.places:
            return named
        if data.get("forced") or data.get("override"):
            scenario = self._context.scenario
            dossiers = sorted(scenario.governments[government.name].dossiers)
            offered = [c for d in dossiers for c in candidates(scenario, government.name, d, frozenset())]
        else:
            offered = [c for menu in government.menus.values() for c in menu.candidates if c.option != WAIT]
        valid_name(f"option of {government.name}", named.option, {c.option for c in offered})
        targets = [c.target for c in offered if c.option == named.option]
        if named.target not in targets:
            possible = ", ".join(sorted(t for t in targets if t)) or "none"
            at = f"be directed at {named.target}" if named.target else "be ordered without a target"
            raise UsageFault(f"{named.option} cannot {at} (possible targets: {possible})")
        return named

    def obstacle(self, government: GovernmentProcess, candidate: Candidate) -> str:
        """Return why a person cannot order a candidate now, whoever has the seat; empty if it can be ordered."""
        if self._is_in_hand(government, candidate):
            return IN_HAND
        return self._feasibility.obstacle(government, candidate, seated=True)

    def blocker(self, government: GovernmentProcess, candidate: Candidate, *, person: bool = False) -> Blocker | None:
        """Return the obstacle of an order now, or None. With `person`, only one that a person in the seat may know."""
        if self._is_in_hand(government, candidate):
            return Blocker("in hand", IN_HAND)
        return self._feasibility.blocker(government, candidate, person=person, seated=True)

    def condition(self, name: str, option: str) -> str | None:
        """Return the condition of an option for a person who orders it; None if there is none."""
        limits = self._governments[name].limits_for(person=True)
        return self._context.scenario.options[option].condition(limits, person=True)

    def in_hand(self, government: GovernmentProcess) -> list[PendingOrder]:
        """Return the orders being carried out; before STARTEX of a person, those that will not end."""
        end = not self._context.open and self.of(government.name) == "human"
        return [order for order in government.pending.values() if not (end and order.source == BY_MODEL)]

    def _is_in_hand(self, government: GovernmentProcess, candidate: Candidate) -> bool:
        order = government.pending.get(candidate)
        return order is not None and order in self.in_hand(government)

    def _order(self, data: dict[str, Any]) -> Steps:
        """Give the order of a command, with the limits of the leader that it passes; a forced one acts at once."""
        government, candidate = self._government(data), self.candidate(data)
        why, answered = text_of(data, "why", empty=True), self.answered(data)
        forced, source, passed = bool(data.get("forced")), "order", None
        if data.get("override"):
            if self._is_in_hand(government, candidate):
                raise UsageFault(f"{candidate} has already been ordered and is being carried out")
            source = "forced"
        elif not forced:
            if obstacle := self.obstacle(government, candidate):
                raise UsageFault(f"{government.name} cannot order {candidate} now: {obstacle}")
            passed = self._feasibility.passed(government, candidate)
        seq = yield RecordParts(cause=answered, adds={"beyond": passed} if passed else {})
        if forced:
            self._actions.do(government.name, *candidate, source="order", cause=(seq,), success=True)
        else:
            self.give(government, candidate, seq, why, source)

    def answered(self, data: dict[str, Any]) -> int | None:
        """Return the record that an order answers, as its command names it; UsageFault if there is no such record."""
        seq = data.get("answers")
        if seq is None:
            return None
        if not isinstance(seq, int) or not 0 <= seq < self._context.log.next_seq:
            raise UsageFault(f"there is no record {seq} that an order could answer")
        return seq

    def due_on(self, name: str, option: str) -> DueDecision | None:
        """Return the decision of a government that an order of this option takes, None without one.

        A decision that fell due longer ago than the dossier's routine meetings are apart is not what an order answers.
        """
        dossier = self._context.scenario.options[option].dossier
        due = self.dues.get((name, dossier))
        every = self._context.scenario.governments[name].dossiers[dossier].every if due is not None else 0
        return due if due is not None and self._context.now - due.since <= every else None

    def give(
        self, government: GovernmentProcess, candidate: Candidate, seq: int, why: str, source: str = "order"
    ) -> None:
        """Order a candidate, with the most likely lead time. The decision on its dossier is no longer due."""
        option = self._context.scenario.options[candidate.option]
        government.withhold(candidate, "a person orders it")
        government.order(candidate, option.lead[1], seq, source, why, seated=True)
        self.dues.pop((government.name, option.dossier), None)

    # --- standing orders -----------------------------------------------------------------------

    def _standing_order(self, data: dict[str, Any]) -> Steps:
        candidate, name = self.candidate(data), self._government(data).name
        why, answered, text = text_of(data, "why", empty=True), self.answered(data), text_of(data, "when")
        when = seat_condition(text, self._context, name, given_by_seat=bool(data.get("who")))
        seq = yield RecordParts(cause=answered)
        self.standing.append(StandingOrder(self._next_number(name), seq, name, candidate, text, when, why))
        self._context.clock.at(self._context.now, DECISION, self._give_due_orders, name)
        if name not in self._polled:
            self._polled.add(name)
            self._poll_later(name)

    def _next_number(self, name: str) -> int:
        """Return the number of the next order of a government that can be cancelled."""
        self._last_numbers[name] += 1
        return self._last_numbers[name]

    def find_order(self, data: dict[str, Any]) -> StandingOrder | PendingOrder:
        """Return the standing order, or the order inherited from the model, that a command cancels by its number."""
        government = self._government(data)
        if data.get("option"):
            named = {str(order.candidate): order for order in self.in_hand(government)}
            order = str(Candidate(str(data["option"]), str(data.get("target") or "") or None))
            return named[valid_name(f"order of {government.name} that is being carried out,", order, named)]
        orders: dict[str, StandingOrder | PendingOrder] = {
            str(order.number): order for order in self.standing if order.government == government.name
        }
        orders |= {str(order.number): order for order in self.in_hand(government) if order.number}
        return orders[
            valid_name(f"standing order of {government.name}, or order of the model,", str(data["number"]), orders)
        ]

    def _cancel(self, data: dict[str, Any]) -> Steps:
        order = self.find_order(data)
        seq = yield RecordParts()
        if isinstance(order, StandingOrder):
            self.standing.remove(order)
        else:
            by = "the seat" if data.get("who") else "the white cell"
            self._government(data).cancel(order, f"{by} has cancelled it", seq)

    def _poll_later(self, name: str) -> None:
        every = self._context.scenario.calendar.resolution
        self._context.clock.at(self._context.now + every, DECISION, self._poll, name)

    def _poll(self, name: str) -> None:
        self._give_due_orders(name)
        if any(order.government == name for order in self.standing):
            self._poll_later(name)
        else:
            self._polled.discard(name)

    def perceived(self, signal: Signal) -> None:
        """Check the conditions of standing orders after a signal."""
        self._give_due_orders(signal.receiver)

    def _give_due_orders(self, name: str) -> None:
        """Give the standing orders whose condition is true as far as the seat may know, and that nothing blocks."""
        for order in [order for order in self.standing if order.government == name]:
            government, view = self._governments[name], self._context.knowledge(name).view
            if view.ask(order.when) and self.blocker(government, order.candidate, person=True) is None:
                self.standing.remove(order)
                passed = self._feasibility.passed(government, order.candidate)
                data = {"number": order.number, "when": order.text, **order.candidate._asdict(), "why": order.why}
                data |= {"beyond": passed} if passed else {}
                seq = self._context.log.write("standing_order", name, order.candidate.option, (order.seq,), data)
                self.give(government, order.candidate, seq, order.why)

    # --- decisions of people -------------------------------------------------------------------

    def fall_due(self, meeting: HumanMeeting) -> None:
        """Record that a person has to decide, and start the time limit; a dossier has one open decision."""
        now, name, dossier = self._context.now, meeting.government, meeting.dossier
        if open_one := self.dues.get((name, dossier)):
            open_one.meetings += 1
            return
        until = None if self.time_limit is None else now + self.time_limit
        data = {"dossier": dossier, "meeting": meeting.reason, "until": until, "default": self.default}
        seq = self._context.log.write("decision.due", name, dossier, meeting.causes, data)
        self._await(DueDecision(seq, name, dossier, now, until))
        if self.stops_clock:
            self._context.clock.stop()

    def _await(self, due: DueDecision) -> None:
        """Wait for a decision, up to its deadline if it has one."""
        self.dues[due.government, due.dossier] = due
        if due.until is not None:
            self._context.clock.at(due.until, DECISION, self._expire, due.government, due.dossier, due.seq)

    def _expire(self, name: str, dossier: str, seq: int) -> None:
        due = self.dues.get((name, dossier))
        if due is not None and (due.seq, due.until) == (seq, self._context.now):
            self._default(due, seq)

    def _default(self, due: DueDecision, cause: int, default: str = "", reason: str = "") -> None:
        """Apply the default to a decision that was not taken in time, or that a program has not taken."""
        del self.dues[due.government, due.dossier]
        default = default or self.default
        data = {"dossier": due.dossier, "default": default, **({"reason": reason} if reason else {})}
        self._context.log.write("decision.missed", due.government, due.dossier, dict.fromkeys((due.seq, cause)), data)
        if default == "model":
            self._governments[due.government].delegate(due.dossier)

    def _find_dues(self, data: dict[str, Any]) -> list[DueDecision]:
        name, dossier = self._government(data).name, str(data.get("dossier") or "")
        dues = {due.dossier: due for due in self.dues.values() if due.government == name}
        if not dues:
            raise UsageFault(f"no decision of {name} is due")
        return [dues[valid_name(f"due decision of {name}", dossier, dues)]] if dossier else list(dues.values())

    def _pass(self, data: dict[str, Any]) -> Steps:
        dues = self._find_dues(data)
        yield RecordParts()
        for due in dues:
            del self.dues[due.government, due.dossier]

    def _decision_missed(self, data: dict[str, Any]) -> Steps:
        dues, default = self._find_dues(data), str(data.get("default") or "")
        if default:
            valid_name("default", default, DEFAULTS)
        reason = text_of(data, "reason", empty=True)
        seq = yield RecordParts()
        for due in dues:
            self._default(due, seq, default, reason)

    def _deadline(self, data: dict[str, Any]) -> Steps:
        """Set the time limit for decisions from now on; for those that are open, it begins now."""
        default = valid_name("default", str(data["default"]), DEFAULTS)
        for key in ("game", "wall"):
            if data.get(key) and not read(parse_duration, str(data[key])):
                raise UsageFault("a deadline must be longer than 0", hint("deadline off", "removes it"))
        yield RecordParts()
        self.default = default
        self.time_limit = parse_duration(str(data["game"])) if data.get("game") else None
        until = None if self.time_limit is None else self._context.now + self.time_limit
        for due in list(self.dues.values()):
            self._await(replace(due, until=until))
