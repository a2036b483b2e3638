"""The candidates of one government on one dossier, with everything about them that is the same in all runs."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

from wargame.decision.responses import PerResponse
from wargame.decision.view import Observability
from wargame.language.expressions import parse_path
from wargame.language.tree import Read
from wargame.numbers import PATH
from wargame.numbers.arrays import doubles, longs
from wargame.numbers.levels import FormulaCode, Levels, amount_of
from wargame.numbers.menus import CandidateEffects, Candidates, effect_line
from wargame.numbers.selection import INTERPRETED
from wargame.scenario.model import Effect, Option, Scenario
from wargame.statistics.draws import name_key
from wargame.tables import by_key
from wargame.world.layout import Layout

WAIT = "wait"


Placeholders = Mapping[str, str]
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
    amount: float | FormulaCode
    sets: bool

    def line(self, levels: Levels) -> tuple[float, float]:
        """Return (A, K) of the change A − K·x to a slot with value x, at these levels."""
        return effect_line(amount_of(self.amount, levels), self.low, self.high, self.sets)


SUCCESS, FAILURE, COMPLY, RETALIATE = "success", "failure", "comply", "retaliate"
PLACES = {COMPLY: 0, SUCCESS: 1, FAILURE: 1, RETALIATE: 2}
"""The place of each part of the effects among the expected changes."""
Given = tuple[str, str, Effect]
"""An effect of an option: its part, its path, and what it does."""
SHARES = (SUCCESS, FAILURE)
"""Parts that count with the chance of success, or its complement; others count in full."""


Requirement = tuple[str, Mapping[str, str]] | None
"""The condition of a candidate with the values of its placeholders."""


class Menu:
    """The candidates of a dossier; index 0 is `wait`. A menu is built once for all runs, see `menu_of`.

    By candidate: `weights` are Goldstein weights, `targets` the target or None, `priors` the prior probabilities of
    responses, and `retaliation_losses` the score of being retaliated against (0 or less). `proposals` has the column of
    learned answers and the prior chance of acceptance of proposals in forums, by forum. `required` has their
    conditions with the values of their placeholders, or None. `bound_by` has the candidates that a forum or agreement
    may bind, by its name; `special` is 0 for those that have no terms of `ExtraTerms` apart from demands, and 1 for
    those that have some during talks and visits alone. `table` has the numbers of all this for the engine,
    `table_of_people` those without occasions.
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
        self.targets = [c.target for c in self.candidates]
        self.priors = [_prior(o, self.government, t) for o, t in zip(options, self.targets, strict=True)]
        others = tuple(g for g in observability.layout.governments if g != self.government)
        columns = {other: 2 * k + 1 for k, other in enumerate(others)}
        aims = zip(self.targets, self.weights, strict=True)
        self.answer_columns = [columns[target] + (weight < 0) if target else 0 for target, weight in aims]
        self.proposals: dict[str, tuple[int, float]] = {}
        for i, option in enumerate(options):
            if option and option.forum and option.forum.move == "propose" and self.targets[i] is None:
                self.answer_columns[i] = 1 + 2 * len(others) + sorted(scenario.forums).index(option.forum.name)
                self.proposals[option.forum.name] = self.answer_columns[i], self.priors[i][0]
        self.of_option = by_key((candidate.option, i) for i, candidate in enumerate(self.candidates))
        self._set_moves()
        self.rung_slots = {other: observability.layout.slot("rung", (self.government, other)) for other in others}
        self.rungs = [o.rung if o else 0 for o in options]
        self.violent = [rung >= scenario.rules.violent_rung for rung in self.rungs]
        self.least_lead = [o.lead[0] if o else 0 for o in options]
        ruled_out = {o for a in scenario.agreements.values() for o in a.rules_out.get(self.government, ())}
        self.given_up = [(i, c.option) for i, c in enumerate(self.candidates) if c.option in ruled_out]
        self.bound_by = self._bound_by(scenario)
        self.offending = self._offending(scenario)
        moves = self.forum_moves.keys() | self.term_moves
        self.special = array("q", [2 if i in moves else i in self.offending for i in range(len(options))])
        self._set_worths(observability, scenario)
        self._firsts, self._stops, self._slots = array("q"), array("q"), array("q")
        self._effects = self._all_effects(observability)
        self.table = self._table(observability, self.required)
        self._of_people = partial(self._table, observability)

    def _bound_by(self, scenario: Scenario) -> dict[str, set[int]]:
        """Return the candidates that are moves of a forum or agreement, or that an agreement rules out, by its name."""
        bound: dict[str, set[int]] = {}
        if not scenario.forums and not scenario.agreements:
            return bound
        for i, option in enumerate(self.options):
            names = [move.name for move in ((option.forum, option.agreement) if option else ()) if move]
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

        if not patterns:
            return frozenset()

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
        self._values: list[FormulaCode | None] = [None] * len(self.options)
        self.required = self._required(scenario, person=False)
        has_occasions = any(option and option.occasion for option in self.options)
        self._required_of_people = self._required(scenario, person=True) if has_occasions else None
        for i, option in enumerate(self.options):
            if option is None:
                continue
            try:
                self.worths[i] = float(option.value or "0")
            except ValueError:
                names = placeholders(self.government, self.targets[i])
                self._values[i] = observability.program(str(option.value), names)

    def _required(self, scenario: Scenario, *, person: bool) -> list[Requirement]:
        """Return the condition of each candidate, for a person or a model."""
        me = scenario.governments[self.government]
        required = list[Requirement]()
        for candidate, option in zip(self.candidates, self.options, strict=True):
            vetoes = me.vetoes_over(*candidate) if me.vetoes and option else []
            own = option.condition(person=person) if option else None
            conditions = [each for each in (own, *(veto.unless for veto in vetoes)) if each]
            text = " and ".join(f"({each})" for each in conditions) if vetoes else next(iter(conditions), "")
            names = placeholders(self.government, candidate.target if "target" in text else None)
            required.append((text, names) if text else None)
        return required

    @cached_property
    def table_of_people(self) -> Candidates:
        """The table without occasions, which bind no person; the same one if there are none."""
        return self._of_people(self._required_of_people) if self._required_of_people else self.table

    # --- effects -------------------------------------------------------------------------------

    def _all_effects(self, observability: Observability) -> list[tuple[int, CandidateEffects]]:
        """Return effects with their first line: of each candidate, or of an option if they do not depend on the target.

        Candidates whose effects differ in their slots alone, in the same order, share them.
        """
        placed, shapes = list[tuple[int, CandidateEffects]](), dict[tuple[Any, ...], tuple[CandidateEffects, Any]]()
        firsts, stops, slots = self._firsts, self._stops, self._slots
        for name, places in self.of_option.items():
            option, targets = self.options[places[0]], [self.targets[i] for i in places]
            given = _effects(option) if option else []
            aimed = option is not None and _is_aimed(option)
            by_formula = (
                option is not None and aimed and "target" in str((option.chance, [effect for _, _, effect in given]))
            )
            targets = targets if aimed else [None]
            columns = [
                _column(observability.layout, parse_path(path), self.government, targets) for _, path, _ in given
            ]
            for target in targets:
                read = [slot if observability.knows(slot) else -1 for slot in (each[target] for each in columns)]
                order = sorted({*read})
                key = name, target if by_formula else None, -1 in order, *map(order.index, read)
                if key not in shapes:
                    shapes[key] = self._effects_of(option, observability, target, given, read)
                effects, lines = shapes[key]
                placed.append((len(slots), effects))
                for line in lines:
                    firsts.append(len(slots))
                    slots.extend([read[j] for j in line])
                    stops.append(len(slots))
            for _ in places[len(targets) :]:
                firsts.extend(firsts[-3:])
                stops.extend(stops[-3:])
        return placed

    def _effects_of(
        self,
        option: Option | None,
        observability: Observability,
        target: str | None,
        given: list[Given],
        read: list[int],
    ) -> tuple[CandidateEffects, list[list[int]]]:
        """Return effects, and by response, for each line, an effect that changes its slot."""
        names = placeholders(self.government, target)
        known = [j for j, slot in enumerate(read) if slot >= 0]
        lines = [
            sorted({read[j]: j for j in known if PLACES[given[j][0]] == place}.values(), key=read.__getitem__)
            for place in range(3)
        ]
        line_of = {
            (place, read[j]): k for k, (place, j) in enumerate((p, j) for p, line in enumerate(lines) for j in line)
        }
        terms = [_term(observability, read[j], given[j][2], names) for j in known]
        parts = [given[j][0] for j in known]
        effects = CandidateEffects(
            _amount(option.chance if option else 1.0, observability, names),
            [term.amount for term in terms],
            low=doubles([term.low for term in terms]),
            high=doubles([term.high for term in terms]),
            sets=longs([term.sets for term in terms]),
            share=longs([SHARES.index(part) if part in SHARES else len(SHARES) for part in parts]),
            line=longs([line_of[PLACES[part], term.slot] for part, term in zip(parts, terms, strict=True)]),
            lines=len(line_of),
        )
        return effects, lines

    def _table(self, observability: Observability, required: list[Requirement]) -> Candidates:
        """Return the numbers of the candidates with these conditions, for the engine."""
        others = sorted({target for target in self.targets if target})
        place = {other: k for k, other in enumerate(others)}
        tests, reader = observability.tests(required) if PATH == INTERPRETED else (None, None)
        programs = {(text, names.get("target")): (text, names) for text, names in filter(None, required)}
        made = {key: observability.program(*formula) for key, formula in programs.items()}
        routine = observability.layout.scenario.rules.routine
        in_score = routine.in_score if routine is not None else 0.0
        targets = self.targets if in_score else [None] * len(self.targets)
        slot, me = observability.layout.slot, self.government
        return Candidates(
            requirements=[made[f[0], f[1].get("target")] if f else None for f in required],
            values=self._values,
            rungs=doubles(self.rungs),
            violent=longs(self.violent),
            leads=longs(self.least_lead),
            rung_slot=longs([self.rung_slots[target] if target else -1 for target in self.targets]),
            rung_slots=longs(self.rung_slots.values()),
            targets=longs([place[target] if target else -1 for target in self.targets]),
            trust_slots=longs([slot("trust", (me, other)) for other in others]),
            columns=longs(self.answer_columns),
            priors=doubles([chance for prior in self.priors for chance in prior]),
            losses=doubles(self.retaliation_losses),
            stance_slots=longs([slot("stance", (me, target)) if target else -1 for target in targets]),
            weights=doubles(self.weights),
            in_score=in_score,
            special=longs(self.special),
            firsts=longs(self._firsts),
            stops=longs(self._stops),
            slots=longs(self._slots),
            effects=self._effects,
            tests=tests,
            reader=reader,
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
        return layout.common.memo(key, partial(Menu, observability, scenario, dossier, forbidden), parts)

    return layout.memo(key, make)


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


def _prior(option: Option | None, actor: str, target: str | None) -> PerResponse:
    """Return prior probabilities of comply, ignore and retaliate, normalised; all ignore if none is given."""
    if option is None:
        return 0.0, 1.0, 0.0
    given = option.responses_between.get(actor, {}).get(target, option.responses) if target else option.responses
    total = given.comply + given.ignore + given.retaliate
    return (given.comply / total, given.ignore / total, given.retaliate / total) if total else (0.0, 1.0, 0.0)


def _is_aimed(option: Option) -> bool:
    """Return whether the effects of an option may depend on its target."""
    return "target" in str((option.chance, option.effects, option.failure, option.comply, option.retaliate))


def _amount(amount: float | str, observability: Observability, names: Placeholders) -> float | FormulaCode:
    return observability.program(amount, names) if isinstance(amount, str) else float(amount)


def _effects(option: Option) -> list[Given]:
    """Return the effects of an option in the order of their parts and paths."""
    parts = (SUCCESS, option.effects), (FAILURE, option.failure), (COMPLY, option.comply), (RETALIATE, option.retaliate)
    return [(part, path, given[path]) for part, given in parts for path in sorted(given)]


def _column(layout: Layout, read: Read, actor: str, targets: Sequence[str | None]) -> Mapping[str | None, int]:
    """Return the slot of a path for each target, by an actor."""
    index = tuple(actor if each == "actor" else each for each in read.index)
    if "target" not in index:
        return dict.fromkeys(targets, layout.slot(read.name, index))

    def make() -> dict[str | None, int]:
        others = (other for other in layout.governments if other not in index)
        return {o: layout.slot(read.name, tuple(o if each == "target" else each for each in index)) for o in others}

    return layout.memo(("column", read.name, index), make)


def effect_terms(observability: Observability, effects: Mapping[str, Effect], names: Placeholders) -> list[EffectTerm]:
    """Return the effects on slots that this government can estimate; it ignores the others."""
    slots = {path: slot_of(observability.layout, path, names) for path in sorted(effects)}
    return [_term(observability, s, effects[path], names) for path, s in slots.items() if observability.knows(s)]


def _term(observability: Observability, slot: int, effect: Effect, names: Placeholders) -> EffectTerm:
    amount = effect.by if effect.by is not None else effect.to
    assert amount is not None
    spec = observability.layout.slots[slot]
    return EffectTerm(slot, spec.low, spec.high, _amount(amount, observability, names), effect.by is None)


def slot_of(layout: Layout, path: str, names: Placeholders) -> int:
    """Return the slot of a path with its placeholders filled in."""
    read = parse_path(path)
    return layout.slot(read.name, tuple(names.get(i, i) for i in read.index))
