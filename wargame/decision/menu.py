"""The candidates of one government on one dossier, and what never changes about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.decision.answers import column_of
from wargame.language.expressions import parse_path
from wargame.world.draws import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wargame.decision.view import Sight, View
    from wargame.scenario.model import Effect, Option, Scenario
    from wargame.world.layout import Compiled, Layout

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
        return self.line_of(self.amount if isinstance(self.amount, float) else view.ask(self.amount))

    def line_of(self, amount: float) -> tuple[float, float]:
        """`line` for this amount."""
        if self.sets:
            return amount, 1.0
        return (amount * self.high, amount) if amount > 0 else (-amount * self.low, -amount)


SUCCESS, FAILURE, ANSWER = range(3)
_ALL, _COMPLY, _RETALIATE = slice(0, 3), slice(0, 1), slice(2, 3)


class Menu:
    """Arrays over the C candidates of a dossier; index 0 is `wait`. The same in all runs: see `menu_of`.

    `weights` are Goldstein weights; `targets` the other government of each candidate or None; `priors` (3, C) the
    prior chances of comply, ignore, retaliate; `blows` (3, C) what these answers themselves are worth, none of it
    good; `touched` the slots of all effects.
    """

    def __init__(self, sight: Sight, scenario: Scenario, dossier: str, barred: frozenset[Candidate]) -> None:
        self.dossier = dossier
        self.government = sight.government
        self.key = (sight.government, dossier, barred)
        self.candidates = (Candidate(WAIT), *candidates(scenario, sight.government, dossier, barred))
        self.options: list[Option | None] = [scenario.options.get(c.option) for c in self.candidates]
        options = self.options
        self.place = {candidate: i for i, candidate in enumerate(self.candidates)}
        self.names = np.array([name_key(c.option, c.target or "") for c in self.candidates], dtype=np.uint64)
        self.weights = np.array([o.weight if o else 0.0 for o in options])
        self.blows = np.zeros((3, len(options)))
        self.blows[2] = [-o.loss if o else 0.0 for o in options]
        self.priors = _priors(options)
        self.targets = [c.target for c in self.candidates]
        others = tuple(g for g in sight.layout.governments if g != self.government)
        self.answer_columns = np.array(
            [column_of(others, t, hostile=w < 0) for t, w in zip(self.targets, self.weights, strict=True)]
        )
        self.forum_moves = [(i, o.forum) for i, o in enumerate(options) if o and o.forum]
        self.term_moves = [(i, o.agreement) for i, o in enumerate(options) if o and o.agreement]
        self.rung_slots = {other: sight.layout.slot("rung", (self.government, other)) for other in others}
        self.rungs = [o.rung if o else 0 for o in options]
        self.violent = [rung >= scenario.rules.violent_rung for rung in self.rungs]
        self.least_lead = [o.lead[0] if o else 0 for o in options]
        ruled_out = {o for a in scenario.agreements.values() for o in a.rules_out.get(self.government, ())}
        self.given_up = [(i, c.option) for i, c in enumerate(self.candidates) if c.option in ruled_out]
        self.ruled = frozenset(i for i, _ in self.given_up)
        self.bound = frozenset(i for i, _ in (*self.forum_moves, *self.term_moves, *self.given_up))
        self._take_worths(sight)
        self.reads = sight.reads(
            (text, placeholders(self.government, target))
            for option, target in zip(options, self.targets, strict=True)
            if option is not None
            for text in (option.requires, option.value)
            if text is not None
        )
        self._take_effects(sight)

    def _take_worths(self, sight: Sight) -> None:
        """Costs and constant worth in one array; worths that depend on what is seen, and requirements, as formulas."""
        self.costs = np.array([o.cost if o else 0.0 for o in self.options])
        self.worths = np.zeros(len(self.options))
        self.values: list[tuple[int, Compiled]] = []
        self.requires: dict[int, Compiled] = {}
        for i, option in enumerate(self.options):
            if option is None:
                continue
            names = placeholders(self.government, self.targets[i])
            if option.requires is not None:
                self.requires[i] = sight.compile(option.requires, names)
            constant = constant_of(option.value or "0")
            if constant is not None:
                self.worths[i] = constant
            elif option.value is not None:
                self.values.append((i, sight.compile(option.value, names)))

    # --- effects -------------------------------------------------------------------------------

    def _take_effects(self, sight: Sight) -> None:
        chances: list[float | Compiled] = [1.0] * len(self.options)
        pushes: list[tuple[int, int, slice, Push]] = []
        for i, option in enumerate(self.options):
            if option is None:
                continue
            names = placeholders(self.government, self.targets[i])
            chances[i] = _amount(option.chance, sight, names)
            for part, answers, effects in (
                (SUCCESS, _ALL, option.effects),
                (FAILURE, _ALL, option.failure),
                (ANSWER, _COMPLY, option.comply),
                (ANSWER, _RETALIATE, option.retaliate),
            ):
                pushes += [(part, i, answers, push) for push in pushes_of(sight, effects, names)]
        self._chances = np.array([c if isinstance(c, float) else 1.0 for c in chances])
        self._varying_chances = [(i, c) for i, c in enumerate(chances) if not isinstance(c, float)]
        self.touched = tuple(sorted({push.slot for *_, push in pushes}))
        self.touched_slots = np.array(self.touched, dtype=np.int64)
        self._varying = [entry for entry in pushes if not isinstance(entry[3].amount, float)]
        self._lines = np.zeros((6, len(self.touched), 3, len(self.options)))
        for part, i, answers, push in pushes:
            if isinstance(push.amount, float):
                self._add(self._lines, part, i, answers, push.slot, push.line_of(push.amount))
        uncertain = self._varying or self._varying_chances
        self._certain = None if uncertain else _expected(self._lines, self._chances)

    def _add(
        self, lines: NDArray[np.float64], part: int, i: int, answers: slice, slot: int, line: tuple[float, float]
    ) -> None:
        row = self.touched.index(slot)
        lines[part, row, answers, i] += line[0]
        lines[3 + part, row, answers, i] += line[1]

    def changes(self, view: View) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A and K of the changes A − K·x to expect, each of shape (touched, 3 answers, C), before slots are priced."""
        if self._certain is not None:
            return self._certain
        lines, chance = self._lines.copy(), self._chances.copy()
        for part, i, answers, push in self._varying:
            self._add(lines, part, i, answers, push.slot, push.line(view))
        for i, formula in self._varying_chances:
            chance[i] = min(max(view.ask(formula), 0.0), 1.0)
        return _expected(lines, chance)


def _expected(
    lines: NDArray[np.float64], chance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of the lines on success, on failure and by the answer, those to expect: A from rows 0-2, K from rows 3-5."""
    constant = lines[SUCCESS] * chance + lines[FAILURE] * (1.0 - chance) + lines[ANSWER]
    slope = lines[3 + SUCCESS] * chance + lines[3 + FAILURE] * (1.0 - chance) + lines[3 + ANSWER]
    return constant, slope


def menu_of(sight: Sight, scenario: Scenario, dossier: str, barred: frozenset[Candidate]) -> Menu:
    """The menu of a government on a dossier, made once for a scenario and what is barred."""
    key = (sight.government, dossier, barred)
    return sight.layout.once(("menu", key), partial(Menu, sight, scenario, dossier, barred))


def constant_of(text: str) -> float | None:
    """The number that a formula is, if it is nothing but one."""
    try:
        return float(text)
    except ValueError:
        return None


def placeholders(actor: str, target: str | None) -> dict[str, str]:
    """What `actor` and `target` stand for in an option's formulas and paths."""
    return {"actor": actor, "target": target} if target else {"actor": actor}


def candidates(scenario: Scenario, government: str, dossier: str, barred: frozenset[Candidate]) -> Iterator[Candidate]:
    """The options of a government on a dossier with their targets, less those barred."""
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


def _amount(amount: float | str, sight: Sight, names: dict[str, str]) -> float | Compiled:
    return sight.compile(amount, names) if isinstance(amount, str) else float(amount)


def pushes_of(sight: Sight, effects: Mapping[str, Effect], names: dict[str, str]) -> list[Push]:
    """The effects on slots that this government can have an opinion of; it does not count on others."""
    pushes = []
    for path in sorted(effects):
        slot = slot_of(sight.layout, path, names)
        if sight.knows(slot):
            effect = effects[path]
            amount = effect.by if effect.by is not None else effect.to
            assert amount is not None
            spec = sight.layout.slots[slot]
            pushes.append(Push(slot, spec.low, spec.high, _amount(amount, sight, names), effect.by is None))
    return pushes


def slot_of(layout: Layout, path: str, names: Mapping[str, str]) -> int:
    """The slot that a path means once its placeholders are filled in."""
    read = parse_path(path)
    return layout.slot(read.name, tuple(names.get(i, i) for i in read.index))
