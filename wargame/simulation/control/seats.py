"""Seats with people in them: STARTEX, orders, standing orders, decisions that fall due and what happens if missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wargame.decision.menu import WAIT, Candidate, candidates
from wargame.errors import UsageFault
from wargame.language.times import parse_duration
from wargame.simulation.actors.feasibility import Blocker
from wargame.simulation.control.lookup import SEATS, condition, known, read, text_of
from wargame.simulation.kernel.clock import DECISION
from wargame.simulation.kernel.settings import CommandHandler

if TYPE_CHECKING:
    from wargame.simulation.actors.desk import DeskEntry
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.exercise import Exercise
    from wargame.world.layout import Compiled

DEFAULTS = ("nothing", "model")


@dataclass(frozen=True, slots=True)
class Due:
    """A person's decision that has fallen due; `until` is its deadline in game time, if there is one."""

    seq: int
    government: str
    dossier: str
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order to be given once its government believes a condition true."""

    number: int
    seq: int
    government: str
    candidate: Candidate
    text: str
    when: Compiled
    why: str


class Seats:
    """Who decides for each government. `dues` are open decisions of people, `answer` the seconds they have for one."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._context = exercise.context
        self.dues: dict[tuple[str, str], Due] = {}
        self.standing: list[StandingOrder] = []
        self._numbered = 0
        self.answer: int | None = None
        self.default = "nothing"
        self._polling = False
        self.chosen: dict[str, str] = {}
        """The seats that commands have handed over, which a setting leaves alone."""
        self._context.hooks.due.append(self._fall_due)
        self._context.hooks.heard.append(lambda name, _: self._look(name))

    def handlers(self) -> dict[str, CommandHandler]:
        """The commands of this subject."""
        return {
            "seat": CommandHandler(self._check_seat, self._seat),
            "order": CommandHandler(self._check_order, self._order),
            "standing_order": CommandHandler(self._check_standing, self._stand),
            "cancel": CommandHandler(
                self._find_standing, lambda data, _: self.standing.remove(self._find_standing(data))
            ),
            "pass": CommandHandler(self._find_dues, self._pass),
            "deadline": CommandHandler(self._check_deadline, self._deadline),
            "decision.missed": CommandHandler(self._find_dues, self._miss),
        }

    def _government(self, data: dict[str, Any]) -> GovernmentProcess:
        return self._exercise.governments[known("government", str(data["government"]), self._exercise.governments)]

    def of(self, name: str) -> str:
        """Who decides for a government, also before STARTEX gives its setting effect."""
        written = dict(self._context.settings.seats) if not self._context.open else {}
        return self.chosen.get(name) or written.get(name) or self._exercise.governments[name].seat

    # --- who decides ---------------------------------------------------------------------------

    def _check_seat(self, data: dict[str, Any]) -> None:
        self._government(data)
        known("kind of seat", str(data["kind"]), SEATS)

    def _seat(self, data: dict[str, Any], seq: int) -> None:
        """Takes hold at the next meeting; what a person has left undecided, the model takes up."""
        government = self._government(data)
        government.seat = self.chosen[government.name] = str(data["kind"])
        if government.seat == "human":
            return
        for due in [due for due in self.dues.values() if due.government == government.name]:
            del self.dues[due.government, due.dossier]
            if government.seat == "model":
                government.call(due.dossier, "resumed", seq)

    # --- orders --------------------------------------------------------------------------------

    def candidate(self, data: dict[str, Any]) -> Candidate:
        """The option with its target that a command names; UsageFault if its government never has it.

        What is forced needs no menu: it may be an option that is barred, so that an experiment can set the dose.
        """
        government = self._government(data)
        if data.get("forced"):
            scenario = self._context.scenario
            dossiers = sorted(scenario.governments[government.name].dossiers)
            offered = [c for d in dossiers for c in candidates(scenario, government.name, d, frozenset())]
        else:
            offered = [c for menu in government.menus.values() for c in menu.candidates if c.option != WAIT]
        option = known(f"option of {government.name}", str(data["option"]), {c.option for c in offered})
        target = str(data.get("target") or "") or None
        targets = [c.target for c in offered if c.option == option]
        if target not in targets:
            wanted = ", ".join(sorted(t for t in targets if t)) or "none"
            raise UsageFault(f"{option} cannot be directed at {target or 'nobody'} (possible targets: {wanted})")
        return Candidate(option, target)

    def obstacle(self, government: GovernmentProcess, candidate: Candidate) -> str:
        """Why it cannot be ordered now, in words that its government may know; empty if it can."""
        found = self.blocker(government, candidate)
        return found.told if found is not None else ""

    def blocker(self, government: GovernmentProcess, candidate: Candidate) -> Blocker | None:
        """What stands against ordering it now; None if nothing does."""
        if candidate in government.pending:
            return Blocker("in hand", "it has been ordered already and is being carried out")
        return self._exercise.feasibility.blocker(government, candidate)

    def _check_order(self, data: dict[str, Any]) -> None:
        government, candidate = self._government(data), self.candidate(data)
        text_of(data, "why", empty=True)
        if not data.get("forced"):
            obstacle = self.obstacle(government, candidate)
            if obstacle:
                raise UsageFault(f"{government.name} cannot do {candidate} now: {obstacle}")

    def _order(self, data: dict[str, Any], seq: int) -> None:
        government, candidate = self._government(data), self.candidate(data)
        if data.get("forced"):
            self._exercise.actions.do(
                government.name, candidate.option, candidate.target, source="order", cause=(seq,), success=True
            )
            return
        self.give(government, candidate, seq, str(data.get("why", "")))

    def give(self, government: GovernmentProcess, candidate: Candidate, seq: int, why: str) -> None:
        """Has it carried out after its likeliest lead time; the dossier's decision is no longer due."""
        option = self._context.scenario.options[candidate.option]
        government.order(candidate, option.lead[1], seq, "order", why)
        self.dues.pop((government.name, option.dossier), None)

    # --- standing orders -----------------------------------------------------------------------

    def _check_standing(self, data: dict[str, Any]) -> Compiled:
        self.candidate(data)
        text_of(data, "why", empty=True)
        return condition(text_of(data, "when"), self._context.views[self._government(data).name])

    def _stand(self, data: dict[str, Any], seq: int) -> None:
        self._numbered += 1
        when = self._check_standing(data)
        name, why = self._government(data).name, str(data.get("why", ""))
        self.standing.append(
            StandingOrder(self._numbered, seq, name, self.candidate(data), str(data["when"]), when, why)
        )
        self._context.clock.at(self._context.now, DECISION, self._look, name)
        if not self._polling:
            self._polling = True
            self._poll_later()

    def _find_standing(self, data: dict[str, Any]) -> StandingOrder:
        name = self._government(data).name
        mine = {str(order.number): order for order in self.standing if order.government == name}
        return mine[known(f"standing order of {name}", str(data["number"]), mine)]

    def _poll_later(self) -> None:
        every = self._context.scenario.calendar.resolution
        self._context.clock.at(self._context.now + every, DECISION, self._poll)

    def _poll(self) -> None:
        for name in sorted({order.government for order in self.standing}):
            self._look(name)
        self._polling = bool(self.standing)
        if self._polling:
            self._poll_later()

    def _look(self, name: str) -> None:
        """Gives the standing orders whose condition this government believes true and that nothing hinders."""
        for order in [order for order in self.standing if order.government == name]:
            government = self._exercise.governments[name]
            if self._context.views[name].ask(order.when) and not self.obstacle(government, order.candidate):
                self.standing.remove(order)
                told = {"number": order.number, "when": order.text, "option": order.candidate.option}
                data = {**told, "target": order.candidate.target, "why": order.why}
                seq = self._context.log.write("standing_order", name, order.candidate.option, (order.seq,), data)
                self.give(government, order.candidate, seq, order.why)

    # --- what falls due ------------------------------------------------------------------------

    def _fall_due(self, name: str, entry: DeskEntry) -> None:
        now = self._context.now
        until = None if self.answer is None else now + self.answer
        data = {"dossier": entry.dossier, "meeting": entry.reason, "until": until, "default": self.default}
        seq = self._context.log.write("decision.due", name, entry.dossier, entry.causes(now), data)
        self.dues[name, entry.dossier] = Due(seq, name, entry.dossier, now, until)
        if until is not None:
            self._context.clock.at(until, DECISION, self._expire, name, entry.dossier, seq)

    def _expire(self, name: str, dossier: str, seq: int) -> None:
        due = self.dues.get((name, dossier))
        if due is not None and due.seq == seq:
            self._default(due, seq)

    def _default(self, due: Due, cause: int) -> None:
        """Nobody has decided in time: the model does, or nothing happens."""
        del self.dues[due.government, due.dossier]
        data = {"dossier": due.dossier, "default": self.default}
        self._context.log.write("decision.missed", due.government, due.dossier, dict.fromkeys((due.seq, cause)), data)
        if self.default == "model":
            self._exercise.governments[due.government].delegate(due.dossier)

    def _find_dues(self, data: dict[str, Any]) -> list[Due]:
        name, dossier = self._government(data).name, str(data.get("dossier") or "")
        open_ones = {due.dossier: due for due in self.dues.values() if due.government == name}
        if not open_ones:
            raise UsageFault(f"no decision of {name} is due")
        return (
            [open_ones[known(f"due decision of {name}", dossier, open_ones)]] if dossier else list(open_ones.values())
        )

    def _pass(self, data: dict[str, Any], _: int) -> None:
        for due in self._find_dues(data):
            del self.dues[due.government, due.dossier]

    def _miss(self, data: dict[str, Any], seq: int) -> None:
        for due in self._find_dues(data):
            self._default(due, seq)

    def _check_deadline(self, data: dict[str, Any]) -> None:
        known("default", str(data["default"]), DEFAULTS)
        for key in ("game", "wall"):
            if data.get(key) and not read(parse_duration, str(data[key])):
                raise UsageFault("a deadline is longer than nothing (deadline off: there is none)")

    def _deadline(self, data: dict[str, Any], _: int) -> None:
        self.default = str(data["default"])
        self.answer = parse_duration(str(data["game"])) if data.get("game") else None
