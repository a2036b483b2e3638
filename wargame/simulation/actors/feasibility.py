"""The options that a government can choose now, and the obstacles of the others.

An option can be blocked by its cool-down, an agreement, the state of a forum, the rules for violence, the ladder, or
its own requirement.
"""

from array import array
from math import inf
from typing import NamedTuple

from wargame.decision.menu import Candidate, Menu, placeholders
from wargame.decision.view import View, unmet_requirement
from wargame.language.times import format_duration
from wargame.numbers.levels import FormulaCode
from wargame.numbers.menus import NEAREST, Availability, Licence
from wargame.scenario.model import Option
from wargame.scenario.model.governments import LEADER, NONE
from wargame.simulation.kernel.context import PERSON, Actor, RunContext
from wargame.simulation.mechanisms.actions import Actions
from wargame.simulation.mechanisms.agreements import Agreements
from wargame.simulation.mechanisms.demands import Demands
from wargame.simulation.mechanisms.forums import Forums

UNMET = "its condition does not hold"
UNLICENSED = "violence requires a previous attack, an expired ultimatum or a collapse"


class Blocker(NamedTuple):
    """The obstacle of an option: its kind, and a message.

    The kinds are `cooling`, `agreement` (it rules the option out), `talks` (they are in another state), `licence` (for
    violence), `course` (a turn rules it out), `ladder`, `veto` (of a domestic body), `requirement` and, for orders, `in
    hand` (ordered already).
    """

    kind: str
    message: str
    condition: str = ""
    """The condition that does not hold, of a `requirement` or a `veto`."""
    body: str = ""
    """The domestic body of a `veto`."""


class _MenuState:
    """One menu in one run. `ready` is the time from which each candidate is available again.

    `available` has the numbers for the engine, for this `step` of the leader: for the model and, once asked, for a
    person. Candidates in `changed`, which forums and agreements bind, may be allowed or not since the last look.
    """

    __slots__ = "available", "changed", "ready", "step"

    def __init__(self, menu: Menu, licence: Licence, *noted: set[str]) -> None:
        self.ready = array("d", bytes(8 * len(menu.candidates)))
        self.changed, self.step = set[int]().union(*menu.bound_by.values()), -1
        self.available = [Availability(menu.table, self.ready, licence, (*noted, self.changed))]


class Feasibility:
    """Checks the candidates of all governments."""

    def __init__(
        self, context: RunContext, actions: Actions, forums: Forums, agreements: Agreements, demands: Demands
    ) -> None:
        self._context, self._clock, self._actions = context, context.clock, actions
        self._forums, self._agreements, self._demands = forums, agreements, demands
        self._states: dict[Menu, _MenuState] = {}
        self._conditions: dict[tuple[View, Candidate, str], FormulaCode] = {}
        self._bound: dict[str, list[tuple[_MenuState, set[int]]]] = {}
        """Forum or agreement -> the candidates that it may bind."""
        self._forbidden: set[tuple[str, Candidate]] = set()
        """Government and candidate, for all targets if it has none, that a change of course has ruled out."""
        self._allies = {frozenset(pact) for pact in context.scenario.pacts}

    def block_until(self, government: Actor, candidate: Candidate, until: float) -> None:
        """Take a candidate off its menu until a time. A forbidden one, which the white cell may order, has none."""
        place = government.places.get(candidate)
        if place is not None:
            menu, i = place
            (self._states.get(menu) or self._begun(government, menu)).ready[i] = until

    def _begun(self, government: Actor, menu: Menu) -> _MenuState:
        noted = self._forums.changed, self._agreements.changed
        state = self._states[menu] = _MenuState(menu, self._licence(government, menu), *noted)
        for name, candidates in menu.bound_by.items():
            self._bound.setdefault(name, []).append((state, candidates))
        return state

    def _licence(self, government: Actor, menu: Menu) -> Licence:
        def licensed(i: int) -> bool:
            return self._violence_licensed(menu.government, menu.candidates[i], person=government.seat == PERSON)

        context, owed = self._context, self._demands.concerning[menu.government]
        collapse = context.world.layout.event_number(context.rules.collapse or "")
        return Licence(licensed, context.events.memory, collapse, self._actions.last_attack, owed)

    def feasible(self, government: Actor, menu: Menu, deadline: int | None) -> list[int]:
        """Return the candidates that the government can choose now, as ascending indexes into the menu.

        With a deadline, only candidates that can be carried out in time. Beyond the limits of the leader, for a person.
        """
        person = government.seat == PERSON
        if government.limits_for(person=person) != LEADER:
            last = inf if deadline is None else deadline - self._clock.now
            free = [c not in government.pending and self.blocker(government, c) is None for c in menu.candidates[1:]]
            return [0, *(i for i, is_free in enumerate(free, start=1) if is_free and menu.least_lead[i] <= last)]
        seen = self._context.views[menu.government].seen
        find = self._available_to_person if person else self.available
        return find(menu, government, government.leader.step).feasible(seen, inf if deadline is None else deadline)

    def available(self, menu: Menu, government: Actor, step: int) -> Availability:
        """Return which candidates a model can choose, after changes of forums, agreements or the leader's step."""
        state = self._states.get(menu) or self._begun(government, menu)
        if self._forums.changed or self._agreements.changed:
            self._note_changes()
        if state.changed:
            for i in state.changed:
                allowed = self._is_allowed(menu, i)
                for available in state.available:
                    available.allow(i, allowed)
            state.changed.clear()
        if state.step != step:
            state.step = step
            for available in state.available:
                available.climb(step)
        return state.available[0]

    def _available_to_person(self, menu: Menu, government: Actor, step: int) -> Availability:
        """Return the same for a person, whom no occasion binds."""
        state = self._states.get(menu) or self._begun(government, menu)
        if menu.table_of_people is not menu.table and len(state.available) == 1:
            licence = self._licence(government, menu)
            state.available.append(Availability(menu.table_of_people, state.ready, licence, (state.changed,)))
            state.changed.update(range(1, len(menu.candidates)))
            state.step = -1
        self.available(menu, government, step)
        return state.available[-1]

    def _note_changes(self) -> None:
        """Find the candidates that are bound by the forums and agreements that have changed."""
        for changed in (self._forums.changed, self._agreements.changed):
            for name in changed:
                for state, candidates in self._bound.get(name, ()):
                    state.changed.update(candidates)
            changed.clear()

    def forbid(self, government: Actor, candidate: Candidate) -> None:
        """Rule a candidate out for the rest of the run; without target, for all targets."""
        self._forbidden.add((government.name, candidate))
        for menu, state in self._states.items():
            if menu.government == government.name:
                state.changed.update(menu.place[each] for each in menu.place if each.option == candidate.option)

    def _is_forbidden(self, government: str, candidate: Candidate) -> bool:
        return not self._forbidden.isdisjoint(((government, candidate), (government, Candidate(candidate.option))))

    def _is_allowed(self, menu: Menu, i: int) -> bool:
        option, agreements = menu.options[i], self._agreements
        assert option is not None
        if self._forbidden and self._is_forbidden(menu.government, menu.candidates[i]):
            return False
        if option.forum is not None and not self._forums.allows(option.forum, menu.government):
            return False
        if option.agreement is not None and not agreements.allows(option.agreement, menu.government):
            return False
        return not agreements.ruling_out(menu.government, menu.candidates[i])[0]

    def awaits_sitting(self, government: str, candidate: Candidate, cause: int, source: str) -> bool:
        """Return whether a vote in a council waits for its sitting; the forum casts it then, or gives it up."""
        move = self._context.scenario.options[candidate.option].forum
        return move is not None and self._forums.awaits_sitting(move, government, candidate, cause, source)

    def obstacle(self, government: Actor, candidate: Candidate, *, cooling: bool = True, seated: bool = False) -> str:
        """Return why the candidate cannot be carried out now; empty if it can. The rest is as for `blocker`."""
        place, person = government.places.get(candidate), government.seat == PERSON
        if place is not None and (government.limits_for(person=True) == LEADER if person else not seated):
            menu, i = place
            if not (cooling and self._cooling(government, candidate)):
                if person:
                    free = self._available_to_person(menu, government, government.leader.step).has(i, government.seen)
                else:
                    free = government.can_choose(menu.dossier, i)
                if free:
                    return ""
                if not (self._context.log.keeps_any or self._context.log.readers):
                    return UNMET  # nobody will read what blocks it
        blocker = self.blocker(government, candidate, cooling=cooling, seated=seated)
        return blocker.message if blocker is not None else ""

    def blocker(
        self,
        government: Actor,
        candidate: Candidate,
        *,
        person: bool = False,
        cooling: bool = True,
        seated: bool = False,
    ) -> Blocker | None:
        """Return what blocks the candidate now; None if nothing does. Without `cooling`, its cool-down does not count.

        With `person`, and whenever a person decides for the government: as far as a person in its seat may know. With
        `person`, the message of a condition does not say what of it fails. For an order of a person (`seated`), the
        limits are those of a person, and occasions do not count.
        """
        seated = seated or government.seat == PERSON
        option, limits = self._context.scenario.options[candidate.option], government.limits_for(person=seated)
        explains, person = not person, person or seated
        if cooling and (message := self._cooling(government, candidate)):
            return Blocker("cooling", message)
        if self._is_forbidden(government.name, candidate):
            return Blocker("course", "the present course rules it out")
        agreement, party = self._agreements.ruling_out(government.name, candidate)
        if agreement:
            host = f" to {party}, without which it cannot be done" if party != government.name else ""
            return Blocker("agreement", f"the agreement {agreement} rules it out{host}")
        if message := self._misplaced(government.name, option):
            return Blocker("talks", message)
        if limits != NONE and self._is_unlicensed(government.name, candidate, option, person=person):
            return Blocker("licence", UNLICENSED)
        if limits == LEADER and (message := self._too_high(government, candidate, option, person=person)):
            return Blocker("ladder", message)
        view = self._view(government.name, person=person)
        vetoes = self._context.scenario.governments[government.name].vetoes_over(*candidate)
        for veto in vetoes if limits != NONE else ():
            if message := self._unmet(view, candidate, veto.unless, explains):
                return Blocker("veto", f"{veto.title} does not allow it; {message}", veto.unless, veto.title)
        message = self._unmet(view, candidate, condition := option.condition(limits, person=seated), explains)
        return Blocker("requirement", message, condition or "") if message else None

    def passed(self, government: Actor, candidate: Candidate) -> list[str]:
        """Return the limits of the leader that an order of a person passes: `ladder`, `licence`, `restraint`."""
        if government.limits_for(person=True) == LEADER:
            return []
        name, option = government.name, self._context.scenario.options[candidate.option]
        passed = {
            "ladder": self._too_high(government, candidate, option, person=True),
            "licence": self._is_unlicensed(name, candidate, option, person=True),
            "restraint": self._unmet(self._view(name, person=True), candidate, option.restraint, False),
        }
        return [limit for limit, passes in passed.items() if passes]

    def _cooling(self, government: Actor, candidate: Candidate) -> str:
        last = government.last_done.get(candidate)
        if last is None or self._clock.now - last >= self._context.scenario.options[candidate.option].cool_down:
            return ""
        return f"cool-down: it was last done {format_duration(self._clock.now - last)} ago"

    def _view(self, government: str, *, person: bool) -> View:
        return self._context.knowledge(government).view if person else self._context.views[government]

    def _too_high(self, government: Actor, candidate: Candidate, option: Option, *, person: bool) -> str:
        step = government.leader.step
        if option.rung <= step + NEAREST:  # whatever the present rung, which is never negative
            return ""
        if option.rung >= self._context.rules.violent_rung:  # it needs a licence instead
            return ""
        present = self.present_rung(government.name, candidate.target, person=person)
        if option.rung <= present + step + NEAREST:
            return ""
        climb = f"{step} rung{'' if step == 1 else 's'} from the present {round(present, 1):g}"
        return f"rung {option.rung}, and this leader climbs at most {climb}"

    def present_rung(self, actor: str, target: str | None, *, person: bool) -> float:
        """Return the current rung of a pair, or without target the highest of all pairs of the actor."""
        view = self._view(actor, person=person)
        others = [target] if target else [g for g in self._context.world.governments if g != actor]
        return max(view.value(view.slot("rung", (actor, other))) for other in others)

    def _is_unlicensed(self, actor: str, candidate: Candidate, option: Option, *, person: bool) -> bool:
        """Return whether it is violence that nothing licenses."""
        violent = option.rung >= self._context.rules.violent_rung
        return violent and not self._violence_licensed(actor, candidate, person=person)

    def _violence_licensed(self, actor: str, candidate: Candidate, *, person: bool) -> bool:
        """Return whether something licenses violence; for a person, something that the seat may know of."""
        context, rules = self._context, self._context.rules
        events, attacks = context.events, self._actions.last_attack
        if person:
            known = context.knowledge(actor)
            events, attacks = known.events, known.attacks
        if rules.collapse is not None and events.count(rules.collapse) > 0:
            return True
        owed = self._demands.owed_by(actor) if self._demands.concerning[actor] else ()
        if owed and any(d.owes == candidate.option and candidate.target in (d.addressee, None) for d in owed):
            return True
        if not attacks:
            return False
        since = context.clock.now - rules.violence_window
        return any(
            time >= since
            and (candidate.target in (attacker, None))
            and (victim == actor or frozenset((victim, actor)) in self._allies)
            for (attacker, victim), time in attacks.items()
        )

    def _misplaced(self, actor: str, option: Option) -> str:
        if option.forum is not None and not self._forums.allows(option.forum, actor):
            return f"the forum {option.forum.name} does not allow '{option.forum.move}' now"
        if option.agreement is not None and not self._agreements.allows(option.agreement, actor):
            return f"the agreement {option.agreement.name} does not allow '{option.agreement.move}' now"
        return ""

    def _unmet(self, view: View, candidate: Candidate, condition: str | None, explains: bool) -> str:
        if condition is None:
            return ""
        program = self._conditions.get((view, candidate, condition))
        names = placeholders(view.government, candidate.target)
        if program is None:
            program = self._conditions[view, candidate, condition] = view.program(condition, names)
        if view.value_of(program):
            return ""
        if not explains or not self._context.log.keeps_any:  # nobody will read what of it fails
            return UNMET
        return f"{UNMET}: {unmet_requirement(view, condition, names, lambda _: '')}"
