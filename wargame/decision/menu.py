"""The candidates of one government on one dossier, and what never changes about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.language.expressions import parse_path
from wargame.world.draws import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wargame.decision.view import View
    from wargame.scenario.model import Effect, Option, Scenario
    from wargame.world.layout import Compiled
    from wargame.world.state import World

WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An option with its target (None: no target); the first of each menu is to wait."""

    option: str
    target: str | None = None

    def __str__(self) -> str:
        return f"{self.option} {self.target}" if self.target else self.option


@dataclass(frozen=True, slots=True)
class Push:
    """One effect as seen by the appraisal: slot with its range, amount (number or formula), whether it sets."""

    slot: int
    low: float
    high: float
    amount: float | Compiled
    sets: bool

    def line(self, view: View) -> tuple[float, float]:
        """(A, K) of the change A − K·x that the effect makes to a slot that stands at x."""
        amount = self.amount if isinstance(self.amount, float) else view.ask(self.amount)
        if self.sets:
            return amount, 1.0
        return (amount * self.high, amount) if amount > 0 else (-amount * self.low, -amount)


SUCCESS, FAILURE, ANSWER = range(3)
_ALL, _COMPLY, _RETALIATE = slice(0, 3), slice(0, 1), slice(2, 3)


class Menu:
    """Arrays over the C candidates of a dossier; index 0 is `wait`.

    `weights` are Goldstein weights; `targets` the other government of each candidate or None; `priors` (3, C) the
    prior chances of comply, ignore, retaliate; `losses` what retaliation costs; `touched` the slots of all effects.
    """

    def __init__(
        self, world: World, view: View, scenario: Scenario, dossier: str, barred: frozenset[Candidate]
    ) -> None:
        self.dossier = dossier
        self.government = view.government
        self.candidates = (Candidate(WAIT), *_candidates(scenario, view.government, dossier, barred))
        options = [scenario.options.get(c.option) for c in self.candidates]
        self._place = {candidate: i for i, candidate in enumerate(self.candidates)}
        self.options: list[Option | None] = options
        self.names = np.array([name_key(c.option, c.target or "") for c in self.candidates], dtype=np.uint64)
        self.weights = np.array([o.weight if o else 0.0 for o in options])
        self.losses = np.array([o.loss if o else 0.0 for o in options])
        self.priors = _priors(options)
        self.targets = [c.target for c in self.candidates]
        self.others = tuple(sorted({t for t in self.targets if t}))
        self.answer_column = np.array([self._column(i) for i in range(len(options))])
        self.forum_moves = [(i, o.forum) for i, o in enumerate(options) if o and o.forum]
        self.term_moves = [(i, o.agreement) for i, o in enumerate(options) if o and o.agreement]
        self.rungs = np.array([float(o.rung) if o else 0.0 for o in options])
        self.rung_slots = self._rung_slots(world)
        self.untargeted = np.array([t is None for t in self.targets])
        self.violent = self.rungs >= scenario.rules.violent_rung
        self.least_lead = np.array([o.lead[0] if o else 0 for o in options])
        ruled_out = {o for a in scenario.agreements.values() for o in a.rules_out.get(self.government, ())}
        self.given_up = [(i, c.option) for i, c in enumerate(self.candidates) if c.option in ruled_out]
        self.ready = np.zeros(len(options))
        self._take_worths(view)
        self._take_effects(world, view)

    def busy(self, candidate: Candidate, until: float) -> None:
        """Takes a candidate off the menu until then."""
        self.ready[self._place[candidate]] = until

    def _rung_slots(self, world: World) -> NDArray[np.int64]:
        """The slot of the rung that each targeted candidate's pair stands on (of any pair for the others)."""
        others = [g for g in world.governments if g != self.government]
        self.all_rung_slots = np.array([world.slot("rung", (self.government, other)) for other in others])
        return np.array([world.slot("rung", (self.government, t or others[0])) for t in self.targets])

    def present_rungs(self, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """The rung each candidate starts from, (C,): that of the pair, without target the highest of any pair."""
        highest = seen[self.all_rung_slots].max()
        return np.where(self.untargeted, highest, seen[self.rung_slots])

    def _column(self, i: int) -> int:
        """The column of AnswerBook.learned that a candidate reads."""
        target = self.targets[i]
        return 2 * self.others.index(target) + (self.weights[i] < 0) if target else 2 * len(self.others)

    def _take_worths(self, view: View) -> None:
        """Costs and constant worth in one array; worths that depend on what is seen as formulas."""
        self.costs = np.array([o.cost if o else 0.0 for o in self.options])
        self.worths = np.zeros(len(self.options))
        self.values: list[tuple[int, Compiled]] = []
        for i, option in enumerate(self.options):
            if option is None or option.value is None:
                continue
            constant = constant_of(option.value)
            if constant is not None:
                self.worths[i] = constant
            else:
                self.values.append((i, view.compile(option.value, **placeholders(self.government, self.targets[i]))))

    # --- effects -------------------------------------------------------------------------------

    def _take_effects(self, world: World, view: View) -> None:
        self._chances: list[float | Compiled] = [1.0] * len(self.options)
        pushes: list[tuple[int, int, slice, Push]] = []
        for i, option in enumerate(self.options):
            if option is None:
                continue
            names = placeholders(self.government, self.targets[i])
            self._chances[i] = _amount(option.chance, view, names)
            for part, answers, effects in (
                (SUCCESS, _ALL, option.effects),
                (FAILURE, _ALL, option.failure),
                (ANSWER, _COMPLY, option.comply),
                (ANSWER, _RETALIATE, option.retaliate),
            ):
                pushes += [(part, i, answers, push) for push in pushes_of(world, view, effects, names)]
        self.touched = tuple(sorted({push.slot for *_, push in pushes}))
        self.touched_slots = np.array(self.touched, dtype=np.int64)
        self._varying = [entry for entry in pushes if not isinstance(entry[3].amount, float)]
        self._lines = np.zeros((6, len(self.touched), 3, len(self.options)))
        self._add([entry for entry in pushes if isinstance(entry[3].amount, float)], self._lines, view)

    def _add(self, pushes: list[tuple[int, int, slice, Push]], lines: NDArray[np.float64], view: View) -> None:
        row = {slot: i for i, slot in enumerate(self.touched)}
        for part, i, answers, push in pushes:
            constant, slope = push.line(view)
            lines[part, row[push.slot], answers, i] += constant
            lines[3 + part, row[push.slot], answers, i] += slope

    def lines(self, view: View) -> NDArray[np.float64]:
        """A (rows 0-2) and K (rows 3-5) of the changes A − K·x on success, on failure and by the answer.

        Shape (6, touched, 3 answers, C), before the slots are priced.
        """
        if not self._varying:
            return self._lines
        lines = self._lines.copy()
        self._add(self._varying, lines, view)
        return lines

    def chance_array(self, view: View) -> NDArray[np.float64]:
        """The chance of success of each candidate, (C,)."""
        numbers = [c if isinstance(c, float) else min(max(view.ask(c), 0.0), 1.0) for c in self._chances]
        return np.array(numbers)


def constant_of(text: str) -> float | None:
    """The number that a formula is, if it is nothing but one."""
    try:
        return float(text)
    except ValueError:
        return None


def placeholders(actor: str, target: str | None) -> dict[str, str]:
    """What `actor` and `target` stand for in an option's formulas and paths."""
    return {"actor": actor, "target": target} if target else {"actor": actor}


def _candidates(scenario: Scenario, government: str, dossier: str, barred: frozenset[Candidate]) -> Iterator[Candidate]:
    for name in sorted(scenario.options):
        option = scenario.options[name]
        if option.dossier != dossier or government not in option.by:
            continue
        for target in sorted(option.to) if option.to else (None,):
            candidate = Candidate(name, target)
            if target != government and candidate not in barred and Candidate(name) not in barred:
                yield candidate


def _priors(options: list[Option | None]) -> NDArray[np.float64]:
    rows = [(o.answers.comply, o.answers.ignore, o.answers.retaliate) if o else (0.0, 1.0, 0.0) for o in options]
    raw = np.array(rows, dtype=np.float64).T.copy()
    raw[1, (raw[0] + raw[1] + raw[2]) == 0.0] = 1.0
    normalised: NDArray[np.float64] = raw / (raw[0] + raw[1] + raw[2])
    return normalised


def _amount(amount: float | str, view: View, names: dict[str, str]) -> float | Compiled:
    return view.compile(amount, **names) if isinstance(amount, str) else float(amount)


def pushes_of(world: World, view: View, effects: Mapping[str, Effect], names: dict[str, str]) -> list[Push]:
    """The effects on slots that this government can have an opinion of; it does not count on others."""
    pushes = []
    for path in sorted(effects):
        slot = slot_of(world, path, names)
        if view.knows(slot):
            effect = effects[path]
            amount = effect.by if effect.by is not None else effect.to
            assert amount is not None
            spec = world.slots[slot]
            pushes.append(Push(slot, spec.low, spec.high, _amount(amount, view, names), effect.by is None))
    return pushes


def slot_of(world: World, path: str, names: Mapping[str, str]) -> int:
    """The slot that a path means once its placeholders are filled in."""
    read = parse_path(path)
    return world.slot(read.name, tuple(names.get(i, i) for i in read.index))
