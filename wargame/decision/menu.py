"""The candidates of one government on one dossier, with everything about them that is the same in all runs."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from wargame.decision.responses import PerResponse, column_of
from wargame.decision.view import Observability
from wargame.language.expressions import parse_path
from wargame.numbers import PATH
from wargame.numbers.levels import Levels, Program
from wargame.numbers.menus import CandidateEffects, Candidates, effect_line
from wargame.numbers.selection import INTERPRETED
from wargame.scenario.model import Effect, Option, Scenario
from wargame.statistics.draws import name_key
from wargame.world.layout import Layout

WAIT = "wait"


Names = Mapping[str, str]
"""The values of `actor` and `target` in an option's formulas and paths."""


class Candidate(NamedTuple):
    """An option with its target, or None for no target. The first candidate of each menu is to wait."""

    option: str
    target: str | None = None

    def __str__(self) -> str:
        return f"{self.option} {self.target}" if self.target else self.option


class EffectTerm(NamedTuple):
    """One effect for the appraisal: slot, range, amount (number or formula), and whether it sets the value."""

    slot: int
    low: float
    high: float
    amount: float | Program
    sets: bool

    def line(self, levels: Levels) -> tuple[float, float]:
        """(A, K) of the change A − K·x to a slot with value x, at these levels."""
        amount = self.amount if isinstance(self.amount, float) else self.amount.value(levels)
        return effect_line(amount, self.low, self.high, self.sets)


SUCCESS, FAILURE, COMPLY, RETALIATE = "success", "failure", "comply", "retaliate"
PLACES = {COMPLY: 0, SUCCESS: 1, FAILURE: 1, RETALIATE: 2}
"""The place of each part of the effects among the expected changes."""
SHARES = (SUCCESS, FAILURE)
"""Parts that count with the chance of success, or its complement; others count in full."""


class Menu:
    """The candidates of a dossier; index 0 is `wait`. A menu is built once for all runs, see `menu_of`.

    By candidate: `weights` are Goldstein weights, `targets` the target or None, `priors` the prior probabilities of
    responses, and `retaliation_losses` the score of being retaliated against (0 or less). `proposals` has the column of
    learned answers and the prior chance of acceptance of proposals in forums, by forum. `required` has their
    conditions with the values of their placeholders, or None. `bound_by` has the candidates that a forum or agreement
    may bind, by its name; `special` are those that may have terms of `ExtraTerms`, apart from demands. `table` has the
    numbers of all this for the engine.
    """

    def __init__(
        self, observability: Observability, scenario: Scenario, dossier: str, forbidden: frozenset[Candidate]
    ) -> None:
        self.dossier = dossier
        self.government = observability.government
        self.key = (observability.government, dossier, forbidden)
        self.candidates = (Candidate(WAIT), *candidates(scenario, observability.government, dossier, forbidden))
        self.options: list[Option | None] = [scenario.options.get(c.option) for c in self.candidates]
        options = self.options
        self.place = {candidate: i for i, candidate in enumerate(self.candidates)}
        self.names = [name_key(c.option, c.target or "") for c in self.candidates]
        self.weights = array("d", [o.goldstein if o else 0.0 for o in options])
        self.retaliation_losses = [-o.loss if o else 0.0 for o in options]
        self.priors = [_prior(option) for option in options]
        self.targets = [c.target for c in self.candidates]
        others = tuple(g for g in observability.layout.governments if g != self.government)
        aims = zip(self.targets, self.weights, strict=True)
        self.answer_columns = [column_of(others, target, hostile=weight < 0) for target, weight in aims]
        self.proposals: dict[str, tuple[int, float]] = {}
        for i, option in enumerate(options):
            if option and option.forum and option.forum.move == "propose" and self.targets[i] is None:
                self.answer_columns[i] = 1 + 2 * len(others) + sorted(scenario.forums).index(option.forum.name)
                self.proposals[option.forum.name] = self.answer_columns[i], self.priors[i][0]
        self.of_option: dict[str, list[int]] = {}
        for i, candidate in enumerate(self.candidates):
            self.of_option.setdefault(candidate.option, []).append(i)
        self._set_moves()
        self.rung_slots = {other: observability.layout.slot("rung", (self.government, other)) for other in others}
        self.rungs = [o.rung if o else 0 for o in options]
        self.violent = [rung >= scenario.rules.violent_rung for rung in self.rungs]
        self.least_lead = [o.lead[0] if o else 0 for o in options]
        ruled_out = {o for a in scenario.agreements.values() for o in a.rules_out.get(self.government, ())}
        self.given_up = [(i, c.option) for i, c in enumerate(self.candidates) if c.option in ruled_out]
        self.ruled = [i for i, _ in self.given_up]
        self.bound_by = self._bound_by(scenario)
        self.offending = self._offending(scenario)
        self.special = {*self.forum_moves, *self.term_moves, *self.offending}
        self._set_worths(observability, scenario)
        self._firsts, self._stops, self._slots = array("q"), array("q"), array("q")
        self._effects = self._all_effects(observability)
        self.table = self._table(observability)

    def _bound_by(self, scenario: Scenario) -> dict[str, set[int]]:
        """Return the candidates that are moves of a forum or agreement, or that an agreement rules out, by its name."""
        bound: dict[str, set[int]] = {}
        for i, option in enumerate(self.options):
            moves = (option.forum, option.agreement) if option else ()
            names = [move.name for move in moves if move]
            parties = option.bound_with(self.government, self.targets[i]) if option else ()
            terms = [(n, party, a.rules_out) for n, a in scenario.agreements.items() for party in parties]
            names += [n for n, party, out in terms if self.candidates[i].option in out.get(party, ())]
            for name in names:
                bound.setdefault(name, set()).add(i)
        return bound

    def _offending(self, scenario: Scenario) -> frozenset[int]:
        """Return the candidates that would suspend a forum that restrains its members, or offend a guest or host."""
        patterns = [
            pattern
            for forum in scenario.forums.values()
            if forum.restraint is not None and self.government in forum.members
            for pattern in forum.offences
            if not pattern.by or self.government in pattern.by
        ]
        if scenario.rules.visits is not None:
            patterns += [p for p in scenario.rules.visits.offences if not p.by or self.government in p.by]

        def offends(candidate: Candidate) -> bool:
            return any(candidate.option in p.options and (not p.to or candidate.target in p.to) for p in patterns)

        return frozenset(i for i, candidate in enumerate(self.candidates) if offends(candidate))

    def _set_moves(self) -> None:
        """Find candidates that accept a forum (with its name) or enter or break an agreement (with a sign)."""
        sign = {"accept": 1.0, "break": -1.0}
        self.forum_moves: dict[int, str] = {}
        self.term_moves: dict[int, tuple[str, float]] = {}
        for i, option in enumerate(self.options):
            if option and option.forum and option.forum.move == "accept":
                self.forum_moves[i] = option.forum.name
            if option and option.agreement and option.agreement.move in sign:
                self.term_moves[i] = option.agreement.name, sign[option.agreement.move]

    def _set_worths(self, observability: Observability, scenario: Scenario) -> None:
        """Set costs and constant worths; worths and requirements that depend on a view are compiled."""
        self.costs = [o.cost if o else 0.0 for o in self.options]
        self.worths = [0.0] * len(self.options)
        self._values: list[Program | None] = [None] * len(self.options)
        required: list[tuple[str, Mapping[str, str]] | None] = [None] * len(self.options)
        for i, option in enumerate(self.options):
            if option is None:
                continue
            names = placeholders(self.government, self.targets[i])
            vetoes = scenario.governments[self.government].vetoes_over(self.candidates[i].option, self.targets[i])
            conditions = [each for each in (option.condition(), *(veto.unless for veto in vetoes)) if each]
            if conditions:
                required[i] = " and ".join(f"({each})" for each in conditions) if vetoes else conditions[0], names
            try:
                self.worths[i] = float(option.value or "0")
            except ValueError:
                self._values[i] = observability.program(str(option.value), names)
        self.required = required

    # --- effects -------------------------------------------------------------------------------

    def _all_effects(self, observability: Observability) -> list[CandidateEffects]:
        """Return the effects of all candidates, once for those of an option that do not depend on the target."""
        made: dict[tuple[str, str | None], tuple[int, CandidateEffects]] = {}
        for name, places in self.of_option.items():
            option = self.options[places[0]]
            aimed = option is not None and _is_aimed(option)
            for i in places:
                key = name, self.targets[i] if aimed else None
                if key in made:
                    first = 3 * made[key][0]
                    self._firsts.extend(self._firsts[first : first + 3])
                    self._stops.extend(self._stops[first : first + 3])
                else:
                    made[key] = i, self._effects_of(option, observability, placeholders(self.government, key[1]))
        return [effects for _, effects in made.values()]

    def _effects_of(self, option: Option | None, observability: Observability, names: Names) -> CandidateEffects:
        """Return the effects of a candidate, and lines for the slots that each response to it changes."""
        parts: tuple[tuple[str, Mapping[str, Effect]], ...] = ()
        if option is not None:
            parts = (SUCCESS, option.effects), (FAILURE, option.failure)
            parts = *parts, (COMPLY, option.comply), (RETALIATE, option.retaliate)
        effects = [(part, term) for part, given in parts for term in effect_terms(observability, given, names)]
        first, line_of = len(self._slots), {}
        for place in range(3):
            self._firsts.append(len(self._slots))
            for slot in sorted({effect.slot for part, effect in effects if PLACES[part] == place}):
                line_of[place, slot] = len(self._slots)
                self._slots.append(slot)
            self._stops.append(len(self._slots))
        terms = [effect for _, effect in effects]
        return CandidateEffects(
            _amount(option.chance if option else 1.0, observability, names),
            [effect.amount for effect in terms],
            (array("d", [effect.low for effect in terms]), array("d", [effect.high for effect in terms])),
            array("q", [effect.sets for effect in terms]),
            array("q", [SHARES.index(part) if part in SHARES else len(SHARES) for part, _ in effects]),
            array("q", [line_of[PLACES[part], effect.slot] for part, effect in effects]),
            (first, len(self._slots)),
        )

    def _table(self, observability: Observability) -> Candidates:
        """Return the numbers of the candidates, for the engine."""
        others = sorted({target for target in self.targets if target})
        trust = [observability.layout.slot("trust", (self.government, other)) for other in others]
        places = [others.index(target) if target else -1 for target in self.targets]
        tests: Any = observability.tests(self.required) if PATH == INTERPRETED else (None, None)
        rung_slots = [self.rung_slots[target] if target else -1 for target in self.targets]
        requirements = [observability.program(*formula) if formula else None for formula in self.required]
        routine = observability.layout.scenario.rules.routine
        in_score = routine.in_score if routine is not None else 0.0
        targets = self.targets if in_score else [None] * len(self.targets)
        slot, me = observability.layout.slot, self.government
        slots = array("q", [slot("stance", (me, target)) if target else -1 for target in targets])
        return Candidates(
            tests,
            (requirements, self._values),
            (
                array("d", self.rungs),
                array("q", self.violent),
                array("q", self.least_lead),
                array("q", rung_slots),
                array("q", self.rung_slots.values()),
            ),
            (
                array("q", places),
                array("q", trust),
                array("q", self.answer_columns),
                array("d", [chance for prior in self.priors for chance in prior]),
                array("d", self.retaliation_losses),
            ),
            (slots, self.weights, in_score, array("q", [i in self.special for i in range(len(self.candidates))])),
            (self._firsts, self._stops, self._slots),
            self._effects,
        )


def menu_of(observability: Observability, scenario: Scenario, dossier: str, forbidden: frozenset[Candidate]) -> Menu:
    """Return the menu of a government on a dossier, built once for a scenario and a set of forbidden candidates.

    Scenarios share it that differ only in numbers that it does not have.
    """
    key, layout = ("menu", observability.government, dossier, forbidden), observability.layout

    def make() -> Menu:
        rules, vetoes = scenario.rules, scenario.governments[observability.government].vetoes
        options = [option for option in scenario.options.values() if option.dossier == dossier]
        bound = scenario.agreements, scenario.forums, vetoes, rules.violent_rung, rules.visits, rules.routine
        parts = options, layout.rates, bound
        return layout.common.once(key, partial(Menu, observability, scenario, dossier, forbidden), parts)

    return layout.once(key, make)


def placeholders(actor: str, target: str | None) -> dict[str, str]:
    """Return the values of `actor` and `target` in an option's formulas and paths."""
    return {"actor": actor, "target": target} if target else {"actor": actor}


def candidates(
    scenario: Scenario, government: str, dossier: str, forbidden: frozenset[Candidate]
) -> Iterator[Candidate]:
    """Yield the options of a government on a dossier with their targets, without the forbidden ones."""
    for name in sorted(scenario.options):
        option = scenario.options[name]
        if option.dossier != dossier or government not in option.by:
            continue
        for target in sorted(option.to) if option.to else (None,):
            candidate = Candidate(name, target)
            if target != government and candidate not in forbidden and Candidate(name) not in forbidden:
                yield candidate


def _prior(option: Option | None) -> PerResponse:
    """Prior probabilities of comply, ignore and retaliate, normalised; all ignore if none is given."""
    if option is None:
        return 0.0, 1.0, 0.0
    given = option.responses
    total = given.comply + given.ignore + given.retaliate
    return (given.comply / total, given.ignore / total, given.retaliate / total) if total else (0.0, 1.0, 0.0)


def _is_aimed(option: Option) -> bool:
    """Return whether the effects of an option may depend on its target."""
    return "target" in str((option.chance, option.effects, option.failure, option.comply, option.retaliate))


def _amount(amount: float | str, observability: Observability, names: Names) -> float | Program:
    return observability.program(amount, names) if isinstance(amount, str) else float(amount)


def effect_terms(observability: Observability, effects: Mapping[str, Effect], names: Names) -> list[EffectTerm]:
    """Return the effects on slots that this government can estimate; it ignores the others."""
    terms = []
    for path in sorted(effects):
        slot = slot_of(observability.layout, path, names)
        if observability.knows(slot):
            effect = effects[path]
            amount = effect.by if effect.by is not None else effect.to
            assert amount is not None
            spec = observability.layout.slots[slot]
            given = _amount(amount, observability, names)
            terms.append(EffectTerm(slot, spec.low, spec.high, given, effect.by is None))
    return terms


def slot_of(layout: Layout, path: str, names: Names) -> int:
    """Return the slot of a path with its placeholders filled in."""
    read = parse_path(path)
    return layout.slot(read.name, tuple(names.get(i, i) for i in read.index))
