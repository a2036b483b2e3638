"""The world as one government sees it. Decisions and briefs use a view, never the world itself."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType

from wargame.language.compiler import COMPUTED
from wargame.language.explain import Perspective, text, unmet
from wargame.language.expressions import Expression, Tests, compile_tests, parse, substitute
from wargame.language.tree import Apply, Compare, Constant, EventCall, Logic, Node, Read
from wargame.numbers.curves import PartlyKnown
from wargame.numbers.levels import FormulaCode, Levels
from wargame.world.layout import UNKNOWABLE, Compiled, Index, Layout
from wargame.world.state import Events, SlotReader, World, slot_reader

NONE: Mapping[str, str] = MappingProxyType({})
_written = lru_cache(maxsize=4096)(text)


class Observability:
    """Which slots a government can see, and the formulas that it evaluates. The same in all runs.

    `seen` maps each slot to the one that the government reads in its place: the slot itself, its published value, the
    government's belief of it, or `UNKNOWABLE`. The public, which has no government, has no beliefs: it is "".
    """

    def __init__(self, layout: Layout, government: str) -> None:
        self.layout = layout
        self.government = government
        self.seen = layout.seen_by(government)
        """An array, for the tables of the engine."""

    def _read_for(self, slot: int) -> tuple[int, ...]:
        """Return the base slots of which a slot is computed; itself, if it is one."""
        formula = self.layout.slots[slot].formula
        return (slot,) if formula is None else self.layout.reads_of(formula)

    def estimates(self, slot: int) -> bool:
        """Return whether its value of this slot rests on an estimate."""
        return any((self.government, read) in self.layout.beliefs for read in self._read_for(slot))

    def knows(self, slot: int) -> bool:
        """Return whether it can see or estimate this slot; a derived one, if it can for all that it reads."""
        if self.layout.slots[slot].formula is None:
            return self.seen[slot] != UNKNOWABLE
        return all(self.seen[read] != UNKNOWABLE for read in self._read_for(slot))

    def slot(self, name: str, index: Index = ()) -> int:
        """Return the number of a slot that this government may read; KeyError for other slots."""
        slot = self.layout.slot(name, index)
        if not self.knows(slot):
            raise KeyError(name, index)
        return slot

    def compile(self, text: str, placeholders: Mapping[str, str] = NONE) -> Compiled:
        """Compile a formula of this government with its placeholders (`actor`, `target`, `self`) filled in."""
        key = ("formula", self.government, text, *sorted(placeholders.items()))
        return self.layout.common.memo(key, lambda: self.layout.compile(self._read(text, placeholders)))

    def program(self, text: str, placeholders: Mapping[str, str] = NONE) -> FormulaCode:
        """Return the same formula as a program, for the tables of the engine."""
        key = ("program", self.government, text, *sorted(placeholders.items()))
        return self.layout.common.memo(key, lambda: self.layout.program(self._read(text, placeholders)))

    def tests(self, formulas: Sequence[tuple[str, Mapping[str, str]] | None]) -> tuple[Tests, SlotReader]:
        """Compile many conditions of this government into one function; None is a condition that always holds.

        The second function reads all their base slots at once, as this government sees them.
        """
        conditions = [self._read(*formula) if formula else None for formula in formulas]
        slots = sorted({slot for each in conditions if each for slot in self.layout.reads_of(each.text)})
        return compile_tests(conditions, self.layout.read), slot_reader(
            {slot: self.seen[slot] for slot in slots}, self.layout.rates
        )

    def _read(self, text: str, placeholders: Mapping[str, str]) -> Expression:
        """Parse a formula and fill in its placeholders; KeyError if it reads a slot unknown to this government."""
        expression = substitute(parse(text), placeholders)
        for read in expression.reads:
            self.slot(read.name, read.index)
        return expression


class View:
    """A government's view: what is known at once, publications, its own judgements and plans, and estimates of others'.

    Slots have the same numbers as in the world. `events` answers event functions from the government's memory.
    `known` gives levels that take precedence over the world's. `seen` has the levels for the engine, which looks at the
    world again by itself; `value_of(program)` is the value of a formula of `program(text, placeholders)`. `forget()`
    makes it read everything again the next time.
    """

    def __init__(self, world: World, government: str, events: Events, known: PartlyKnown | None = None) -> None:
        self.government = government
        self.observability = world.layout.memo(
            ("observability", government), partial(Observability, world.layout, government)
        )
        observability = self.observability
        self.knows, self.slot = observability.knows, observability.slot
        self.compile, self.program = observability.compile, observability.program
        self._world = world
        self.use(events, known)

    def use(self, events: Events, known: PartlyKnown | None = None) -> None:
        """Take the memory of events, and the levels that are known only in part, from now on from these."""
        self.events = events
        world, sources = self._world, self.observability.seen
        self.seen = Levels(world.curves, sources, world.layout.derived_programs, events, events.memory, known)
        self._refresh, self.value_of, self.forget = self.seen.look, self.seen.ask, self.seen.forget_all

    def ask(self, formula: Compiled) -> float:
        """Return the value of a compiled formula in this view."""
        self._refresh()
        return formula(self.seen, self.events)

    def reader(self) -> tuple[Levels, Events]:
        """Return the arguments of compiled formulas, for evaluating many of them at this instant."""
        self._refresh()
        return self.seen, self.events

    def value(self, slot: int) -> float:
        """Return the slot's value now, as seen or estimated."""
        self._refresh()
        return self.seen[slot]

    def levels(self) -> dict[int, float]:
        """Return all values that it sees or estimates now, by slot."""
        return {slot: self.value(slot) for slot in range(len(self.observability.seen)) if self.knows(slot)}


def unmet_requirement(
    view: View,
    requires: str,
    placeholders: Mapping[str, str],
    title: Callable[[str], str],
    *,
    for_any_target: bool = False,
    indicator: Callable[[Read], str] | None = None,
    said: Mapping[str, str] = NONE,
) -> str:
    """Return what of a requirement fails, with the values as this government sees them.

    `title`, `indicator` and `said` are as in `Perspective`. With `for_any_target` the text leaves out values and
    says `target`, so that it is the same for all targets for which the same fails.
    """

    def named(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([placeholders.get(each, each) for each in ids])

    def value(node: Node) -> float:  # without compiled code where possible, and faster than with patterns
        if isinstance(node, Compare) and len(node.operators) == 1:
            return COMPUTED[node.operators[0]](*map(value, node.args))
        if isinstance(node, Constant):
            return node.value
        if isinstance(node, Read):
            return view.value(view.slot(node.name, named(node.index)))
        if isinstance(node, EventCall):
            return float(view.events(node.function, *named(node.args)))
        if isinstance(node, Logic) and node.operator != "not":
            return (all if node.operator == "and" else any)(map(value, node.args))
        if isinstance(node, Apply) and node.function in {"min", "max"}:
            return COMPUTED[node.function](*map(value, node.args))
        return view.ask(view.compile(_written(node), placeholders))

    printed = {name: code for name, code in placeholders.items() if not (for_any_target and name == "target")}
    return unmet(parse(requires).root, Perspective(value, title, printed, not for_any_target, indicator, said))
