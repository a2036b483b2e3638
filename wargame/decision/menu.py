"""The candidates of one government on one dossier, and what never changes about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from wargame.decision.responses import PerResponse, column_of
from wargame.language.expressions import parse_path
from wargame.statistics.draws import name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from wargame.decision.view import Observability, View
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

    def line(self, ask: Callable[[Compiled], float]) -> tuple[float, float]:
        """(A, K) of the change A − K·x that the effect makes to a slot that stands at x; `ask` answers its formula."""
        amount = self.amount if isinstance(self.amount, float) else ask(self.amount)
        if self.sets:
            return amount, 1.0
        return (amount * self.high, amount) if amount > 0 else (-amount * self.low, -amount)


SUCCESS, FAILURE, COMPLY, RETALIATE = "success", "failure", "comply", "retaliate"
Change = tuple[int, float, float]
"""(slot, A, K): the slot, standing at x, will change by A − K·x."""
Outlook = tuple[tuple[Change, ...], tuple[Change, ...], tuple[Change, ...]]
"""The changes to expect, slots ascending: by compliance, of the action itself whatever the answer, by retaliation."""


def _nobody(_: Compiled) -> float:
    raise AssertionError("what needs no view asks nothing")


class Menu:
    """What is fixed about the candidates of a dossier; index 0 is `wait`. The same in all runs: see `menu_of`.

    `weights` are Goldstein weights; `targets` the other government of each candidate or None; `priors` the prior
    chances of its answers; `blows` what a retaliation itself is worth, never good; `outlooks` what each may change,
    None where that depends on what is seen. `requirements` tells of all candidates at once whether what they require
    holds, and `glance` takes in what it reads.
    """

    def __init__(self, sight: Observability, scenario: Scenario, dossier: str, barred: frozenset[Candidate]) -> None:
        self.dossier = dossier
        self.government = sight.government
        self.key = (sight.government, dossier, barred)
        self.candidates = (Candidate(WAIT), *candidates(scenario, sight.government, dossier, barred))
        self.options: list[Option | None] = [scenario.options.get(c.option) for c in self.candidates]
        options = self.options
        self.place = {candidate: i for i, candidate in enumerate(self.candidates)}
        self.names = np.array([name_key(c.option, c.target or "") for c in self.candidates], dtype=np.uint64)
        self.weights = [o.goldstein if o else 0.0 for o in options]
        self.blows = [-o.loss if o else 0.0 for o in options]
        self.priors = [_prior(option) for option in options]
        self.targets = [c.target for c in self.candidates]
        others = tuple(g for g in sight.layout.governments if g != self.government)
        self.answer_columns = [
            column_of(others, t, hostile=w < 0) for t, w in zip(self.targets, self.weights, strict=True)
        ]
        self.of_option: dict[str, list[int]] = {}
        for i, candidate in enumerate(self.candidates):
            self.of_option.setdefault(candidate.option, []).append(i)
        self._take_moves()
        self.rung_slots = {other: sight.layout.slot("rung", (self.government, other)) for other in others}
        self.rungs = [o.rung if o else 0 for o in options]
        self.violent = [rung >= scenario.rules.violent_rung for rung in self.rungs]
        self.least_lead = [o.lead[0] if o else 0 for o in options]
        ruled_out = {o for a in scenario.agreements.values() for o in a.rules_out.get(self.government, ())}
        self.given_up = [(i, c.option) for i, c in enumerate(self.candidates) if c.option in ruled_out]
        self.ruled = tuple(i for i, _ in self.given_up)
        moving = [i for i, o in enumerate(options) if o and (o.forum or o.agreement)]
        self.bound = frozenset((*moving, *self.ruled))
        self._take_worths(sight)
        self._take_effects(sight)

    def _take_moves(self) -> None:
        """Candidates that accept a forum's proposal, with its name; that enter or break an agreement, with a sign."""
        sign = {"accept": 1.0, "break": -1.0}
        self.forum_moves: dict[int, str] = {}
        self.term_moves: dict[int, tuple[str, float]] = {}
        for i, option in enumerate(self.options):
            if option and option.forum and option.forum.move == "accept":
                self.forum_moves[i] = option.forum.name
            if option and option.agreement and option.agreement.move in sign:
                self.term_moves[i] = option.agreement.name, sign[option.agreement.move]

    def _take_worths(self, sight: Observability) -> None:
        """Costs and constant worths; worths that depend on what is seen, and requirements, as formulas."""
        self.costs = [o.cost if o else 0.0 for o in self.options]
        self.worths = [0.0] * len(self.options)
        self.values: dict[int, Compiled] = {}
        required: list[tuple[str, Mapping[str, str]] | None] = [None] * len(self.options)
        for i, option in enumerate(self.options):
            if option is None:
                continue
            names = placeholders(self.government, self.targets[i])
            if option.requires is not None:
                required[i] = option.requires, names
            constant = constant_of(option.value or "0")
            if constant is not None:
                self.worths[i] = constant
            elif option.value is not None:
                self.values[i] = sight.compile(option.value, names)
        self.requirements = sight.compile_tests(required)
        self.glance = sight.glance(formula for formula in required if formula)

    # --- effects -------------------------------------------------------------------------------

    def _take_effects(self, sight: Observability) -> None:
        self._chances: list[float | Compiled] = [1.0] * len(self.options)
        self._pushes: list[list[tuple[str, Push]]] = [[] for _ in self.options]
        for i, option in enumerate(self.options):
            if option is None:
                continue
            names = placeholders(self.government, self.targets[i])
            self._chances[i] = _amount(option.chance, sight, names)
            for part, effects in (
                (SUCCESS, option.effects),
                (FAILURE, option.failure),
                (COMPLY, option.comply),
                (RETALIATE, option.retaliate),
            ):
                self._pushes[i] += [(part, push) for push in pushes_of(sight, effects, names)]
        self.outlooks = [None if self._is_uncertain(i) else self._outlook(i) for i in range(len(self.options))]
        self._uncertain = [i for i, outlook in enumerate(self.outlooks) if outlook is None]

    def _is_uncertain(self, i: int) -> bool:
        amounts = [self._chances[i], *(push.amount for *_, push in self._pushes[i])]
        return not all(isinstance(amount, float) for amount in amounts)

    def as_seen(self, view: View) -> dict[int, Outlook]:
        """The outlooks of those candidates that have none without a view."""
        return {i: self._outlook(i, view.ask) for i in self._uncertain}

    def _outlook(self, i: int, ask: Callable[[Compiled], float] = _nobody) -> Outlook:
        """What to expect of a candidate, its formulas answered by `ask`."""
        chance = self._chances[i]
        if not isinstance(chance, float):
            chance = min(max(ask(chance), 0.0), 1.0)
        shares = {SUCCESS: chance, FAILURE: 1.0 - chance, COMPLY: 1.0, RETALIATE: 1.0}
        itself: dict[int, list[float]] = {}
        complied: dict[int, list[float]] = {}
        retaliated: dict[int, list[float]] = {}
        told = {SUCCESS: itself, FAILURE: itself, COMPLY: complied, RETALIATE: retaliated}
        for part, push in self._pushes[i]:
            constant, slope = push.line(ask)
            line = told[part].setdefault(push.slot, [0.0, 0.0])
            line[0] += shares[part] * constant
            line[1] += shares[part] * slope
        comply, ignore, retaliate = (
            tuple((slot, constant, slope) for slot, (constant, slope) in sorted(found.items()) if constant or slope)
            for found in (complied, itself, retaliated)
        )
        return comply, ignore, retaliate


def menu_of(sight: Observability, scenario: Scenario, dossier: str, barred: frozenset[Candidate]) -> Menu:
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


def _prior(option: Option | None) -> PerResponse:
    """Prior chances of comply, ignore, retaliate; nothing but ignore where none is given."""
    if option is None:
        return 0.0, 1.0, 0.0
    given = option.responses
    total = given.comply + given.ignore + given.retaliate
    return (given.comply / total, given.ignore / total, given.retaliate / total) if total else (0.0, 1.0, 0.0)


def _amount(amount: float | str, sight: Observability, names: dict[str, str]) -> float | Compiled:
    return sight.compile(amount, names) if isinstance(amount, str) else float(amount)


def pushes_of(sight: Observability, effects: Mapping[str, Effect], names: dict[str, str]) -> list[Push]:
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
