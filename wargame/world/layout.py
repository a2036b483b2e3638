"""The layout of a scenario's world, shared by all its runs: its slots, which are its numbers, and compiled formulas."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain, permutations
from typing import Any, TypeVar, cast

from wargame.dataclasses import dataclass
from wargame.language.compiler import Compiled, compile_program
from wargame.language.expressions import Expression, compile_expression, parse, substitute
from wargame.language.tree import Apply, Constant, Node
from wargame.numbers.arithmetic import nearest_step
from wargame.numbers.arrays import doubles, longs
from wargame.numbers.levels import FormulaCode
from wargame.scenario import model
from wargame.scenario.model.indicators import AT_ONCE, ESTIMATED, FORUM_NUMBERS, INDEX_OF_SCOPE, OWN, PUBLIC, PUBLISHED
from wargame.world.size import check_size

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
        return nearest_step(value, self.step, self.low, self.high)


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
    for index in permutations(sorted(scenario.governments), len(INDEX_OF_SCOPE[spec.scope])):
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


def _constant_of(slot: Slot) -> Constant | None:
    """Return the value of a derived number whose formula is a constant; None for another one."""
    root = parse(slot.formula).root if slot.formula is not None else None
    return Constant(min(max(root.value, slot.low), slot.high)) if isinstance(root, Constant) else None


def _at(value: float | str | Mapping[str, float | str] | None, index: Index) -> float | str | None:
    """Return the value of a field for one index: a number, or a formula with `self` and `other` filled in."""
    if isinstance(value, Mapping):
        value = value.get(", ".join(index), value.get("default"))
    if not isinstance(value, str):
        return value
    return substitute(parse(value), dict(zip(("self", "other"), index, strict=False))).text


__all__ = ["Compiled", "EventFunction", "Layout", "layout_of"]

T = TypeVar("T")
EventFunction = Callable[..., float]

UNKNOWABLE = -1
MOST_LAYOUTS = 8
MOST_MADE = 100_000
"""Formulas, and what is made of them, that are kept for layouts that differ only in numbers; judgement."""
VARIANCE_HALF_LIFE = 365 * 86400
"""Half-life with which the variance of an estimate returns to its prior without reports. Judgement."""


class Common:
    """The parts that layouts share that differ only in numbers: compiled formulas and their results."""

    def __init__(self) -> None:
        self.code: dict[Expression, Compiled] = {}
        self.programs: dict[Expression, FormulaCode] = {}
        self.event_numbers: dict[str, int] = {}
        self._made: dict[Hashable, list[tuple[Any, Any]]] = {}

    def memo(self, key: Hashable, make: Callable[[], T], parts: Any = None) -> T:
        """Call `make()` for a new key and return the same object for all layouts, as long as the `parts` are equal.

        The object must depend only on the key, on the parts, and on what all these layouts have in common: names,
        ranges and formulas. Of many parts, those used last are kept.
        """
        if len(self._made) + len(self.programs) + len(self.code) > MOST_MADE:
            for each in (self._made, self.programs, self.code):
                each.clear()
        kept = self._made.setdefault(key, [])
        found = next((value for of, value in kept if of == parts), None)
        if found is None:
            found = make()
            kept.append((parts, found))
            del kept[:-MOST_LAYOUTS]
        return cast("T", found)


_COMMON: dict[Hashable, Common] = {}


def _common_of(slots: Iterable[Slot], scenario: model.Scenario) -> Common:
    """Return what the layouts with these names, ranges and formulas share; of many, those used last are kept."""
    shapes = ((s.name, s.index, s.low, s.high, s.known, s.formula, _text(s.baseline)) for s in slots)
    forums = ((name, forum.visibility, tuple(sorted(forum.members))) for name, forum in sorted(scenario.forums.items()))
    shape = (scenario.name, *scenario.governments, *shapes, *forums)
    common = _COMMON.pop(shape, None) or Common()
    while len(_COMMON) >= MOST_LAYOUTS:
        del _COMMON[next(iter(_COMMON))]
    _COMMON[shape] = common
    return common


def _text(baseline: float | str | None) -> str:
    return baseline if isinstance(baseline, str) else ""


class Layout:
    """The slots of the world (0 to n-1), followed by beliefs (a mean and a variance each) and published values.

    `derived` maps derived slots to their formulas, each after those that it reads; `coupled` maps slots whose baseline
    is a formula to it. A layout does not change, except for the cache of `once`.
    """

    def __init__(self, scenario: model.Scenario) -> None:
        self.scenario = scenario
        self.governments = tuple(sorted(scenario.governments))
        self.slots: list[Slot] = list(all_slots(scenario))
        self._where = {(slot.name, slot.index): i for i, slot in enumerate(self.slots)}
        self.common = common = _common_of(self.slots, scenario)
        self._code, self._programs = common.code, common.programs
        self.event_numbers = common.event_numbers
        """The number of each event by its name, the same in all runs of the scenario; `event_number` adds new names."""
        self._memo: dict[Hashable, Any] = {}
        self.reads_of = lru_cache(maxsize=None)(self._base_reads)
        self.dependents = lru_cache(maxsize=None)(self._derived_from)
        self._constants = {i: constant for i, slot in enumerate(self.slots) if (constant := _constant_of(slot))}
        self.derived = {i: self.compile(str(self.slots[i].formula)) for i in self._in_order()}
        self.coupled = {i: self.compile(s.baseline) for i, s in enumerate(self.slots) if isinstance(s.baseline, str)}
        self.regard_slots = {
            pair: (self.slot("flow", pair), self.slot("surprise", pair), self.slot("trust", pair))
            for pair in permutations(self.governments, 2)
        }
        """Slots of a government's expectation of, surprise at and trust in another."""
        self.beliefs: dict[tuple[str, int], tuple[int, int]] = {}
        self._add_beliefs()
        self.published: dict[int, int] = {}
        """The slots of published indicators, and of their published values."""
        self._add_published()
        self.outside: dict[int, int] = {}
        """The slots of the state of private forums, and what those who are not members read in their place."""
        self._add_outside()
        self._set_starts()
        derived = {i: self.program(str(self.slots[i].formula)) for i in self.derived}
        self.derived_programs = [derived.get(i) for i in range(len(self.slots))]
        self.moving = frozenset(read for slot in self.coupled for read in self._baseline_reads(slot))
        """The slots that couplings read."""
        programs = [self._coupling(slot) for slot in self.coupled]
        self.couplings = longs(self.coupled), programs, longs(sorted(self.moving))
        """The tables of `numbers.couplings.Settler`: slots, formulas, all inputs."""
        hidden = ("flow", "surprise", "variance of ", "published ", "public ")
        self.paths = [slot.path for slot in self.slots]
        self.shown = ["" if path.startswith(hidden) else path for path in self.paths]
        """The path of each slot in snapshots; empty for internal slots."""

    def _add_beliefs(self) -> None:
        """Add a belief for each estimated slot and each government that does not own it."""
        hidden = [i for i, s in enumerate(self.slots) if s.known == ESTIMATED and s.formula is None]
        for government in self.governments:
            for i in hidden:
                slot = self.slots[i]
                if government in slot.index[:1]:
                    continue
                bias, variance = slot.prior
                mean = min(max(slot.start + bias, slot.low), slot.high)
                self.beliefs[government, i] = (len(self.slots), len(self.slots) + 1)
                name = f"belief of {government} in {slot.path}"
                self.slots.append(Slot(name, (), slot.low, slot.high, mean, known=OWN))
                spread = (0.0, 1e12, variance, variance, VARIANCE_HALF_LIFE)
                self.slots.append(Slot(f"variance of {name}", (), *spread, known=OWN))

    def _add_published(self) -> None:
        for i, slot in enumerate(self.slots):
            if slot.known == PUBLISHED and slot.formula is None:
                self.published[i] = len(self.slots) + len(self.published)
        published = [self.slots[i] for i in self.published]
        self.slots += [Slot(f"published {s.path}", (), s.low, s.high, s.published(s.start)) for s in published]

    def _add_outside(self) -> None:
        private = [name for name, forum in sorted(self.scenario.forums.items()) if forum.visibility != PUBLIC]
        for slot in (self.slot(number, (name,)) for name in private for number in FORUM_NUMBERS):
            self.outside[slot] = len(self.slots)
            self.slots.append(Slot(f"public {self.slots[slot].path}", (), 0.0, 1.0))

    def _set_starts(self) -> None:
        slots = self.slots
        self.ranges = [(slot.low, slot.high) for slot in slots]
        self.bounds = doubles([slot.low for slot in slots]), doubles([slot.high for slot in slots])
        self.starts = array("d", [slot.start for slot in slots])
        rests = ((slot.baseline, slot.start) for slot in slots)
        self.baselines = array("d", [x0 if rest is None or isinstance(rest, str) else rest for rest, x0 in rests])
        self.rates = doubles([1.0 / slot.half_life if slot.half_life else 0.0 for slot in slots])
        """Halvings per second; 0 for slots that do not decay."""

    def _baseline_reads(self, slot: int) -> Iterable[int]:
        reads, judge = self.reads_of(str(self.slots[slot].baseline)), self.slots[slot].judge
        return [self.seen_as(judge, read) for read in reads] if judge else reads

    def _coupling(self, slot: int) -> FormulaCode:
        """Return the baseline of a slot over the true values, or over the view of the government that judges."""
        expression, judge = parse(str(self.slots[slot].baseline)), self.slots[slot].judge
        if not judge:
            return self.program(expression)
        return compile_program(expression, partial(self._resolve_for, judge), self.event_number)

    def _resolve_for(self, government: str, name: str, index: Index) -> int | Node:
        """Return what a government reads in the place of a number; for a derived one, its formula within its range."""
        slot = self.slot(name, index)
        spec = self.slots[slot]
        if spec.formula is not None:
            return Apply("clip", (parse(spec.formula).root, Constant(spec.low), Constant(spec.high)))
        seen = self.seen_as(government, slot)
        if seen == UNKNOWABLE:
            raise KeyError(name, index)
        return seen

    def seen_as(self, government: str, slot: int) -> int:
        """Return the slot that a government reads for one: itself, a publication, its belief, or `UNKNOWABLE`."""
        spec = self.slots[slot]
        if slot in self.outside and government not in self.scenario.forums[spec.index[0]].members:
            return self.outside[slot]
        if spec.formula is not None or spec.known == AT_ONCE:
            return slot
        if spec.known == PUBLISHED:
            return self.published[slot]
        return slot if government in spec.index[:1] else self.beliefs.get((government, slot), (UNKNOWABLE,))[0]

    def seen_by(self, government: str) -> array[int]:
        """Return `seen_as` for all slots, of which most governments see the same."""
        slots = range(len(self.slots))
        seen = longs(self.memo("seen by all", lambda: [self.seen_as("", slot) for slot in slots]))
        for slot in self.memo("owned", self._owned).get(government, ()):
            seen[slot] = self.seen_as(government, slot)
        return seen

    def _owned(self) -> dict[str, list[int]]:
        """Return the slots of which a government sees more than the public."""
        owned: dict[str, list[int]] = {government: [] for government in self.governments}
        for slot, spec in enumerate(self.slots):
            if spec.index and spec.index[0] in owned:
                owned[spec.index[0]].append(slot)
        for government, slot in self.beliefs:
            owned[government].append(slot)
        for slot in self.outside:
            for government in self.scenario.forums[self.slots[slot].index[0]].members:
                owned[government].append(slot)
        return owned

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Call `make()` for a new key and return the same object ever after, in all runs of the scenario.

        The object must depend only on the scenario and `key`, and must never change.
        """
        if key not in self._memo:
            self._memo[key] = make()
        return cast("T", self._memo[key])

    def _in_order(self) -> tuple[int, ...]:
        order: dict[int, None] = {}

        def visit(slot: int) -> None:
            formula = self.slots[slot].formula
            if formula is None or slot in order:
                return
            for read in parse(formula).reads:
                visit(self.slot(read.name, read.index))
            order[slot] = None

        for slot in range(len(self.slots)):
            visit(slot)
        return tuple(order)

    def slot(self, name: str, index: Index = ()) -> int:
        """Return the number of a slot; KeyError if there is none."""
        if name in SYMMETRIC:
            index = tuple(sorted(index))
        return self._where[name, index]

    def read(self, name: str, index: Index = ()) -> int | Node:
        """Return what formulas read for a number: its slot, or the constant that it always is."""
        slot = self.slot(name, index)
        return self._constants.get(slot, slot)

    def compile(self, formula: str | Expression) -> Compiled:
        """Compile a formula, which may read every slot."""
        expression = parse(formula) if isinstance(formula, str) else formula
        code = self._code.get(expression)
        if code is None:
            code = self._code[expression] = compile_expression(expression, self.read)
        return code

    def program(self, formula: str | Expression) -> FormulaCode:
        """Return the same formula as a program, for the tables of the engine."""
        expression = parse(formula) if isinstance(formula, str) else formula
        program = self._programs.get(expression)
        if program is None:
            function = partial(self.compile, expression)
            program = compile_program(expression, self.read, self.event_number, function=function)
            self._programs[expression] = program
        return program

    def event_number(self, name: str) -> int:
        """Return the number of an event by its name; a new name gets the next one."""
        return self.event_numbers.setdefault(name, len(self.event_numbers))

    def _base_reads(self, formula: str) -> tuple[int, ...]:
        """Return the base slots that a formula reads, directly or through derived ones."""
        slots: set[int] = set()
        for read in parse(formula).reads:
            slot = self.slot(read.name, read.index)
            inner = self.slots[slot].formula
            slots.update(self._base_reads(inner) if inner is not None else (slot,))
        return tuple(sorted(slots))

    def _derived_from(self, read: int) -> array[int]:
        """Return the derived slots that depend on a base slot, each after those that it reads."""
        return array("q", [slot for slot in self.derived if read in self.reads_of(str(self.slots[slot].formula))])


_LAYOUTS: dict[int, Layout] = {}


def layout_of(scenario: model.Scenario) -> Layout:
    """Return the layout of a scenario object; the last ones are kept. UsageFault if it is too large for the machine."""
    layout = _LAYOUTS.pop(id(scenario), None)
    if layout is None or layout.scenario is not scenario:
        while len(_LAYOUTS) >= MOST_LAYOUTS:
            del _LAYOUTS[next(iter(_LAYOUTS))]
        check_size(scenario)
        layout = Layout(scenario)
    _LAYOUTS[id(scenario)] = layout
    return layout
