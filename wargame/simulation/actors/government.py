"""A government: one SimPy process that observes, takes up dossiers, decides and has its orders carried out."""

from __future__ import annotations

from collections.abc import Generator
from math import inf
from typing import TYPE_CHECKING, Any

from simpy.exceptions import Interrupt

from wargame.decision.choice import ActionHazard
from wargame.decision.habits import Habits
from wargame.decision.menu import WAIT, Candidate, menu_of
from wargame.decision.responses import ResponseBook
from wargame.simulation.actors.desk import Desk, DeskEntry
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.leader import Leadership, MeetingResult
from wargame.simulation.kernel.clock import DECISION, EFFECT
from wargame.simulation.kernel.state_tables import CYCLE, next_state

if TYPE_CHECKING:
    from wargame.simulation.actors.extra_terms import ExtraTerms
    from wargame.simulation.actors.procedures import Procedures
    from wargame.simulation.kernel.clock import WakeEvent
    from wargame.simulation.kernel.context import Action, RunContext
    from wargame.simulation.mechanisms.actions import Actions

ASSESSING_SHARE = 0.4
"""Part of the work on a dossier that is assessing; the rest is deliberating. Judgement."""
ROUTINE = "routine"


class GovernmentProcess:
    """One government and its seat (`model`, `human` or `script`)."""

    def __init__(
        self,
        context: RunContext,
        name: str,
        actions: Actions,
        feasibility: Feasibility,
        extra_terms: ExtraTerms,
        procedures: Procedures,
    ) -> None:
        self.name = name
        self.seat = "model"
        self.state = "observing"
        self._context, self._actions = context, actions
        self._spec = context.scenario.governments[name]
        self.answers = ResponseBook(context.rules, tuple(g for g in context.world.governments if g != name))
        self.habits = Habits(context.rules.habit_half_life)
        self._feasibility, self.extra_terms, self._procedures = feasibility, extra_terms, procedures
        barred = frozenset(_barred(context.settings.forbid, name))
        sight = context.views[name].sight
        self.menus = {d: menu_of(sight, context.scenario, d, barred) for d in sorted(self._spec.dossiers)}
        self.leadership: Leadership | None = None
        self.desk = Desk(self._spec.dossiers, context.rules, 0)
        self.action_hazards: dict[str, ActionHazard] = {}
        self._menu_of = {c: menu for menu in self.menus.values() for c in menu.candidates}
        self.pending: set[Candidate] = set()
        self._rested: dict[Candidate, int] = {}
        """When each thing that it did may be done again."""
        self._in_hand: DeskEntry | None = None
        self._woken = False

    # --- office --------------------------------------------------------------------------------

    def install(self, leader: str, cause: int | None = None) -> None:
        """Puts a leader in office."""
        context, profile = self._context, self._context.scenario.leaders[leader]
        before = context.offices.leader.get(self.name)
        context.offices.leader[self.name] = leader
        self.leadership = Leadership(context, self.name, leader, self.menus, self.extra_terms)
        causes = () if cause is None else (cause,)
        data = {"leader": leader, "title": profile.title, "strategy": profile.strategy, "from": before}
        context.log.write("leader", self.name, leader, causes, data)

    def follow(self, strategy: str, cause: int | None = None) -> None:
        """Takes another strategy."""
        assert self.leadership is not None
        self.leadership.take_strategy(strategy)
        causes = () if cause is None else (cause,)
        self._context.log.write("strategy", self.name, strategy, causes, {"strategy": strategy, "stage": self._stage()})

    def _stage(self) -> str:
        assert self.leadership is not None
        stage = self.leadership.current_stage()
        return stage.name if stage else ""

    # --- perceiving ----------------------------------------------------------------------------

    def stake(self, dossier: str) -> float:
        """What an action without target on this dossier means here."""
        spec = self._spec.dossiers.get(dossier)
        return spec.stake if spec else 0.0

    def perceived(self, action: Action, dossier: str, weight: float, surprise: float, seq: int) -> None:
        """Takes in a signal: answers are tallied, the dossier stirs, procedures answer."""
        now = self._context.clock.now
        if action.target == self.name:
            self.answers.perceived(action.actor, weight, now)
        strength = abs(surprise) * self.stake(dossier) if action.target != self.name else abs(surprise)
        self.add_salience(dossier, strength, seq)
        if action.target == self.name:
            self._take_up(action, seq)
        self._procedures.perceived(self, action, seq)
        for told in self._context.hooks.heard:
            told(self.name, seq)

    def add_salience(self, dossier: str, strength: float, seq: int) -> None:
        """Gives salience to a dossier; enough of it calls a meeting, very much pushes the one in hand aside."""
        now, rules = self._context.clock.now, self._context.rules
        if dossier not in self.desk.entries or not strength:
            return
        salience = self.desk.add_salience(dossier, strength, now)
        if self._context.log.keeps("decision"):
            self.desk.entries[dossier].heard(strength, seq, now)
        if self._context.open:
            self.action_hazards[dossier].news(now)
        if salience >= rules.salience_meeting:
            self.call(dossier, "salience", seq, crisis=salience >= rules.salience_crisis)

    def call(
        self, dossier: str, reason: str, trigger: int, *, crisis: bool = False, deadline: int | None = None
    ) -> None:
        """Calls a meeting on a dossier; a crisis interrupts the work in hand."""
        entry = self.desk.entries.get(dossier)
        if not self._context.open or entry is None or entry is self._in_hand:
            return
        self.desk.call(entry, reason, self._context.clock.now, trigger, deadline)
        if not self._woken and (crisis or self._in_hand is None):
            self._woken = True
            self.process.interrupt(reason)

    # --- the decision cycle --------------------------------------------------------------------

    def begin(self) -> None:
        """STARTEX: the process starts and the routine meetings are spread over their first interval."""
        now = self._context.clock.now
        salience = {name: (e.salience, e.salience_at, e.news) for name, e in self.desk.entries.items()}
        self.desk = Desk(self._spec.dossiers, self._context.rules, now)
        for name, (level, at, news) in salience.items():
            entry = self.desk.entries[name]
            entry.salience, entry.salience_at, entry.news = level, at, news
        self.action_hazards = {d: ActionHazard(self._context.draws, f"{self.name}/{d}", now) for d in self.desk.entries}
        self.process = self._context.clock.process(self._life())

    def _life(self) -> Generator[WakeEvent, Any, None]:
        while True:
            self._woken = False
            entry = self.desk.pick(self._context.clock.now)
            if entry is None:
                yield from self._pause(self.desk.next_due())
            elif (yield from self._work(entry)):
                self._meet(entry)

    def _pause(self, until: int) -> Generator[WakeEvent, Any, bool]:
        """Sleeps until then; False if it was woken before."""
        try:
            yield self._context.clock.moment(until, DECISION)
        except Interrupt:
            return False
        return True

    def _work(self, entry: DeskEntry) -> Generator[WakeEvent, Any, bool]:
        """Works on a dossier to the end; False if it was pushed aside with some work left."""
        self.state = next_state(CYCLE, self.state, "take_up")
        self._in_hand = entry
        clock, assess = self._context.clock, int(entry.spec.work * ASSESSING_SHARE)
        for step, until_left in (("assessed", entry.spec.work - assess), ("deliberated", 0)):
            start, left = clock.now, entry.left
            undisturbed = left <= until_left or (yield from self._pause(start + left - until_left))
            took = clock.now - start
            entry.left = left - took
            entry.spent += took
            if not undisturbed:
                self.state = next_state(CYCLE, self.state, "push_aside")
                self._in_hand = None
                entry.reason = "resumed" if entry.reason == ROUTINE else entry.reason
                return False
            self.state = next_state(CYCLE, self.state, step)
        return True

    def _meet(self, entry: DeskEntry) -> None:
        self._in_hand = None
        verdict = self._decide(entry) if self.seat == "model" else None
        self.state = next_state(
            CYCLE, self.state, "act" if verdict is not None and verdict.chosen is not None else "wait"
        )
        if verdict is not None and verdict.chosen is not None:
            seq = self._record(entry, verdict)
            self._order(verdict.chosen, entry.dossier, seq)
            self.state = next_state(CYCLE, self.state, "ordered")
            entry.news.clear()
        elif verdict is not None:
            self._record(entry, verdict)
        elif self.seat == "human":
            for told in self._context.hooks.due:
                told(self.name, entry)
        self.desk.done(entry, self._context.clock.now)

    def delegate(self, dossier: str) -> None:
        """A person has not decided in time: the model does, as in a meeting held now."""
        entry = self.desk.entries[dossier]
        verdict = self._decide(entry)
        seq = self._record(entry, verdict)
        if verdict.chosen is not None:
            self._order(verdict.chosen, dossier, seq)

    def _decide(self, entry: DeskEntry) -> MeetingResult:
        assert self.leadership is not None
        self._context.decisions += 1
        if self.leadership.review_strategy():
            name, stage = self.leadership.strategy or "", self._stage()
            self._context.log.write("strategy", self.name, name, (), {"strategy": name, "stage": stage})
        menu = self.menus[entry.dossier]
        feasible = self._feasibility.feasible(self, menu, entry.deadline)
        given_up = self._feasibility.given_up_now(self, menu, entry.deadline) if menu.given_up else []
        salience = self.desk.salience(entry, self._context.clock.now)
        return self.leadership.decide(self, entry.dossier, feasible, given_up, salience)

    def _record(self, entry: DeskEntry, verdict: MeetingResult) -> int:
        choice = verdict.chosen.option if verdict.chosen else WAIT
        if not verdict.data:  # no journal of decisions is kept
            return self._context.log.write("decision", self.name, choice)
        data = {"dossier": entry.dossier, "meeting": entry.reason, "took": entry.spec.work, **verdict.data}
        return self._context.log.write("decision", self.name, choice, entry.causes(self._context.clock.now), data)

    # --- implementing --------------------------------------------------------------------------

    def _order(self, candidate: Candidate, dossier: str, cause: int) -> None:
        hazard = self.action_hazards[dossier]
        low, mode, high = self._context.scenario.options[candidate.option].lead
        who = f"{self.name}/{dossier}"
        lead = round(self._context.draws.triangular(low, mode, high, "lead", who, hazard.ordinal))
        hazard.acted()
        self.order(candidate, lead, cause, "decision")

    def order(self, candidate: Candidate, lead: int, cause: int, source: str, why: str = "") -> None:
        """Has an option carried out after `lead` seconds, unless its requirements have gone by then."""
        self.pending.add(candidate)
        self._feasibility.busy(self._menu_of[candidate], candidate, inf)
        for told in self._context.hooks.decision:
            told(self.name, candidate.option, candidate.target, cause)
        self._context.clock.at(self._context.clock.now + lead, EFFECT, self._carry_out, candidate, cause, source, why)

    def _carry_out(self, candidate: Candidate, cause: int, source: str, why: str) -> None:
        self.pending.discard(candidate)
        rested = self._rested.get(candidate, self._context.clock.now)
        self._feasibility.busy(self._menu_of[candidate], candidate, rested)
        reason = self._feasibility.obstacle(self, candidate)
        if reason:
            data = {"option": candidate.option, "target": candidate.target, "reason": reason}
            self._context.log.write("order.cancelled", self.name, candidate.option, (cause,), data)
            return
        self._actions.do(self.name, candidate.option, candidate.target, source=source, cause=(cause,), why=why)

    def did(self, action: Action) -> None:
        """Remembers its own action: for answers, habits and cool-downs."""
        self.habits.did(action.option, action.time)
        self._take_up(action, action.seq)
        self._feasibility.did(action)
        done = Candidate(action.option, action.target)
        if done in self._menu_of:
            until = self._rested[done] = action.time + self._context.scenario.options[action.option].cool_down
            if done not in self.pending:
                self._feasibility.busy(self._menu_of[done], done, until)
        if action.target is not None:
            self.answers.did(action.target, action.weight, action.time)

    def _take_up(self, action: Action, seq: int) -> None:
        """What the action puts on the agenda of those between whom it is done."""
        for dossier, salience in sorted(self._context.scenario.options[action.option].agenda.items()):
            self.add_salience(dossier, salience, seq)

    def redraw(self) -> None:
        """A fork: whether and when it acts is drawn anew."""
        for hazard in self.action_hazards.values():
            hazard.redraw()


def _barred(texts: tuple[str, ...], government: str) -> list[Candidate]:
    words = [text.split() for text in texts]
    return [Candidate(w[1], w[2] if len(w) > 2 else None) for w in words if w[0] == government]
