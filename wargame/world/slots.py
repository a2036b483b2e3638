"""Slots: the numbers of the world, by the names that formulas use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, permutations

from wargame.language.expressions import parse, substitute
from wargame.scenario import model
from wargame.scenario.model.indicators import AT_ONCE, ESTIMATED, FORUM_NUMBERS, INDEX_OF_SCOPE, OWN

Index = tuple[str, ...]
SYMMETRIC = frozenset({"rung"})
AGREEMENT_NAMES = ("offered", "in_force", "verified", "broken")


@dataclass(frozen=True, slots=True)
class Slot:
    """One number: its range, start and baseline, how fast it decays, and how it becomes known.

    `half_life` is in seconds, None for a number that does not decay. `baseline` and `formula` are texts if they are
    expressions; a slot with a `formula` is derived. `prior` is the (bias, variance) of others' estimates, `step` that
    of published values.
    """

    name: str
    index: Index
    low: float
    high: float
    start: float = 0.0
    baseline: float | str | None = None
    half_life: int | None = None
    known: str = AT_ONCE
    formula: str | None = None
    prior: tuple[float, float] = (0.0, 0.0)
    step: float = 0.0

    @property
    def path(self) -> str:
        """The path, such as `trust[CHN, PRK]`."""
        return f"{self.name}[{', '.join(self.index)}]" if self.index else self.name

    @property
    def judge(self) -> str:
        """The government from whose view its baseline is computed, which is a judgement; empty for a fact."""
        return self.index[0] if self.index and self.known in (OWN, ESTIMATED) else ""

    @property
    def is_named(self) -> bool:
        """Whether formulas and commands can name it: not an estimate, its variance or a published value."""
        return " " not in self.name

    def published(self, value: float) -> float:
        """Return the value as it is published: the nearest multiple of the step, within the range."""
        return min(max(round(round(value / self.step) * self.step, 12), self.low), self.high)


def all_slots(scenario: model.Scenario) -> tuple[Slot, ...]:
    """Return the engine's slots and the scenario's, in a fixed order."""
    declared = (_declared(scenario, name) for name in sorted(scenario.indicators) if name != "trust")
    return (*_engine_slots(scenario), *chain.from_iterable(declared))


def _engine_slots(scenario: model.Scenario) -> Iterator[Slot]:
    rules = scenario.rules
    if "trust" in scenario.indicators:
        yield from _declared(scenario, "trust")
    for pair in permutations(sorted(scenario.governments), 2):
        if "trust" not in scenario.indicators:
            yield Slot("trust", pair, -1.0, 1.0, 0.0, 0.0, rules.trust_half_life, OWN)
        yield Slot("flow", pair, -30.0, 30.0, 0.0, 0.0, rules.flow_half_life, OWN)
        yield Slot("surprise", pair, -200.0, 200.0, 0.0, 0.0, rules.surprise_half_life, OWN)
        if rules.routine is not None:
            yield Slot("stance", pair, -1.0, 1.0, 0.0, 0.0, rules.routine.half_life, OWN)
        if "credibility" not in scenario.indicators:
            yield Slot("credibility", pair, 0.0, 1.0, 0.5, 0.5, rules.trust_half_life)
        if pair[0] < pair[1]:
            yield Slot("rung", pair, 0.0, 10.0, 0.0, 0.0, rules.rung_half_life)
    for forum in sorted(scenario.forums):
        yield from (Slot(name, (forum,), 0.0, 1.0) for name in FORUM_NUMBERS)
    for agreement in sorted(scenario.agreements):
        yield from (Slot(name, (agreement,), 0.0, 1.0) for name in AGREEMENT_NAMES)


def _declared(scenario: model.Scenario, name: str) -> Iterator[Slot]:
    spec = scenario.indicators[name]
    low, high = spec.range
    half_life = spec.half_life or (scenario.rules.trust_half_life if name == "trust" else None)
    indexes = permutations(sorted(scenario.governments), len(INDEX_OF_SCOPE[spec.scope]))
    for index in indexes:
        formula = _at(spec.formula, index)
        yield Slot(
            name,
            index,
            low,
            high,
            start=float(_at(spec.start, index) or 0.0),
            baseline=_at(spec.baseline, index),
            half_life=half_life,
            known=OWN if name == "trust" else spec.known,
            formula=str(formula) if formula is not None else None,
            prior=(spec.bias * (high - low), spec.variance * (high - low) ** 2),
            step=spec.dates.step or (high - low) / 100,
        )


def _at(value: float | str | Mapping[str, float | str] | None, index: Index) -> float | str | None:
    """Return the value of a field for one index: a number, or a formula with `self` and `other` filled in."""
    if isinstance(value, Mapping):
        value = value.get(", ".join(index), value.get("default"))
    if not isinstance(value, str):
        return value
    return substitute(parse(value), dict(zip(("self", "other"), index, strict=False))).text
