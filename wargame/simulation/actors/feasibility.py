"""Whether an option is on a government's menu now: ladder, violence, cool-downs, forums, agreements, requirements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from wargame.decision.menu import Candidate, Menu, placeholders
from wargame.decision.requirements import unmet_requirement
from wargame.language.times import format_duration

if TYPE_CHECKING:
    from wargame.scenario.model import Option
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.kernel.context import Action, RunContext
    from wargame.simulation.mechanisms.actions import Actions
    from wargame.simulation.mechanisms.agreements import Agreements
    from wargame.simulation.mechanisms.forums import Forums

NEAREST = 0.5
"""The present rung fades between two rungs: the nearest one counts."""


UNLICENSED = "violence needs an attack, an expired ultimatum or a collapse before"


class Blocker(NamedTuple):
    """What stands against an option: its kind, and in words.

    The kinds are `cooling`, `agreement` (rules it out), `talks` (are at another point), `licence` (for violence),
    `ladder`, `requirement` and, for orders, `in hand`.
    """

    kind: str
    told: str


@dataclass(slots=True)
class _Shelf:
    """One menu in one run: when each candidate is free again, and which ones are in order.

    `placed` holds those that are in order, ascending; `steep` those of them whose reach depends on the present rung.
    Both hold for `step` and at `order` of forums and agreements.
    """

    ready: list[float]
    order: tuple[int, int] = (-1, -1)
    step: int = -1
    placed: list[int] = field(default_factory=list)
    steep: frozenset[int] = frozenset()


class Feasibility:
    """Checks candidates for one government. `obstacle` names the first requirement that fails."""

    def __init__(self, context: RunContext, actions: Actions, forums: Forums, agreements: Agreements) -> None:
        self._context, self._clock, self._actions = context, context.clock, actions
        self._forums, self.agreements = forums, agreements
        self._last: dict[tuple[str, str, str | None], int] = {}
        self._shelves: dict[tuple[str, str], _Shelf] = {}
        self._allies = {frozenset(pact) for pact in context.scenario.pacts}

    def did(self, action: Action) -> None:
        """A cool-down begins."""
        self._last[action.actor, action.option, action.target] = action.time

    def busy(self, menu: Menu, candidate: Candidate, until: float) -> None:
        """Takes a candidate off the menu until then."""
        self._shelf(menu).ready[menu.place[candidate]] = until

    def _shelf(self, menu: Menu) -> _Shelf:
        key = (menu.government, menu.dossier)
        shelf = self._shelves.get(key)
        if shelf is None:
            shelf = self._shelves[key] = _Shelf([0.0] * len(menu.candidates))
        return shelf

    def feasible(self, government: GovernmentProcess, menu: Menu, deadline: int | None) -> list[int]:
        """What the government may decide on now, as indexes into the menu, ascending.

        Its requirements hold; it is not in hand, not cooling, in order, licensed if violent, within reach on the
        ladder; under a deadline it can also be done in time.
        """
        shelf = self._sorted(government, menu)
        ready, now = shelf.ready, self._clock.now
        view = self._context.views[menu.government]
        view.take_in(menu.glance)
        met, steep, violent = menu.requirements(*view.reader()), shelf.steep, menu.violent
        found = [i for i in shelf.placed if met[i] and ready[i] <= now]
        if deadline is not None:
            found = [i for i in found if now + menu.least_lead[i] <= deadline]
        return [
            i
            for i in found
            if (i not in steep or self._is_near(shelf, menu, i))
            and (not violent[i] or self._violence_licensed(menu.government, menu.candidates[i]))
        ]

    def given_up_now(self, government: GovernmentProcess, menu: Menu, deadline: int | None) -> list[int]:
        """What an agreement would give up and is not out of the question, whatever it requires."""
        shelf = self._sorted(government, menu)
        now = self._clock.now
        found = [i for i in menu.ruled if i in shelf.placed and shelf.ready[i] <= now]
        if deadline is not None:
            found = [i for i in found if now + menu.least_lead[i] <= deadline]
        return [i for i in found if i not in shelf.steep or self._is_near(shelf, menu, i)]

    def _is_near(self, shelf: _Shelf, menu: Menu, i: int) -> bool:
        """Whether it is within reach from the present rung."""
        value, slots, target = self._context.world.value, menu.rung_slots, menu.targets[i]
        present = value(slots[target]) if target else max(value(slot) for slot in slots.values())
        return menu.rungs[i] <= present + (shelf.step + NEAREST)

    def _sorted(self, government: GovernmentProcess, menu: Menu) -> _Shelf:
        """The shelf, sorted anew if need be: moves allowed by forums and agreements, options not ruled out by any."""
        assert government.leadership is not None
        step, order = government.leadership.leader.step, (self._forums.version, self.agreements.version)
        shelf = self._shelf(menu)
        if shelf.step != step or (shelf.order != order and menu.bound):
            shelf.order, shelf.step = order, step
            placed = [i for i in range(1, len(shelf.ready)) if i not in menu.bound or self._in_order(menu, i)]
            shelf.placed = placed
            shelf.steep = frozenset(i for i in placed if menu.rungs[i] > step + NEAREST and not menu.violent[i])
        return shelf

    def _in_order(self, menu: Menu, i: int) -> bool:
        option, agreements = menu.options[i], self.agreements
        assert option is not None
        if option.forum is not None and not self._forums.allows(option.forum, menu.government):
            return False
        if option.agreement is not None and not agreements.allows(option.agreement, menu.government):
            return False
        return i not in menu.ruled or not agreements.ruling_out(menu.government, menu.candidates[i].option)

    def obstacle(self, government: GovernmentProcess, candidate: Candidate) -> str:
        """Why the option cannot be done now, in words; empty if it can."""
        found = self.blocker(government, candidate)
        return found.told if found is not None else ""

    def blocker(self, government: GovernmentProcess, candidate: Candidate) -> Blocker | None:
        """The first thing that stands against doing the option now; None if nothing does."""
        option = self._context.scenario.options[candidate.option]
        if told := self._cooling(government.name, candidate, option):
            return Blocker("cooling", told)
        if told := self._ruled_out(government.name, candidate.option):
            return Blocker("agreement", told)
        if told := self._misplaced(government.name, option):
            return Blocker("talks", told)
        if option.rung >= self._context.rules.violent_rung:
            if not self._violence_licensed(government.name, candidate):
                return Blocker("licence", UNLICENSED)
        elif told := self._too_high(government, candidate, option):
            return Blocker("ladder", told)
        told = self._unmet(government.name, candidate, option)
        return Blocker("requirement", told) if told else None

    def last_done(self, actor: str, candidate: Candidate) -> int:
        """The second at which it was last done; KeyError if it never was."""
        return self._last[actor, candidate.option, candidate.target]

    def _cooling(self, actor: str, candidate: Candidate, option: Option) -> str:
        last = self._last.get((actor, candidate.option, candidate.target))
        if last is None or self._context.now - last >= option.cool_down:
            return ""
        return f"it was done {format_duration(self._context.now - last)} ago"

    def _too_high(self, government: GovernmentProcess, candidate: Candidate, option: Option) -> str:
        assert government.leadership is not None
        present = self.present_rung(government.name, candidate.target)
        if option.rung <= present + government.leadership.leader.step + NEAREST:
            return ""
        return f"rung {option.rung} is too far above the present {present:.1f}"

    def present_rung(self, actor: str, target: str | None) -> float:
        """The rung that a pair stands on, or without target the highest of any pair of the actor."""
        world = self._context.world
        others = [target] if target else [g for g in world.governments if g != actor]
        return max(world.get("rung", actor, other) for other in others)

    def _violence_licensed(self, actor: str, candidate: Candidate) -> bool:
        context, rules = self._context, self._context.rules
        if rules.collapse is not None and context.events.count(rules.collapse) > 0:
            return True
        owed = context.demands.owed_by(actor)
        if any(s.owes == candidate.option and candidate.target in (s.ask.of, None) for s in owed):
            return True
        return any(
            context.now - time <= rules.violence_window
            and (candidate.target in (attacker, None))
            and (victim == actor or frozenset((victim, actor)) in self._allies)
            for (attacker, victim), time in self._actions.last_attack.items()
        )

    def _ruled_out(self, actor: str, option: str) -> str:
        agreement = self.agreements.ruling_out(actor, option)
        return f"{agreement} rules it out" if agreement else ""

    def _misplaced(self, actor: str, option: Option) -> str:
        if option.forum is not None and not self._forums.allows(option.forum, actor):
            return f"{option.forum.name} cannot be moved by '{option.forum.move}' now"
        if option.agreement is not None and not self.agreements.allows(option.agreement, actor):
            return f"{option.agreement.name} cannot be moved by '{option.agreement.move}' now"
        return ""

    def _unmet(self, actor: str, candidate: Candidate, option: Option) -> str:
        if option.requires is None:
            return ""
        view, names = self._context.views[actor], placeholders(actor, candidate.target)
        if view.ask(view.compile(option.requires, names)):
            return ""
        return f"its condition does not hold: {unmet_requirement(view, option.requires, names, lambda _: '')}"
