"""Parsed expressions: an immutable tree of seven kinds of nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wargame.language.tokens import quoted


@dataclass(frozen=True, slots=True)
class Read:
    """A number that an expression reads: `tension`, `trust[CHN, PRK]`."""

    name: str
    index: tuple[str, ...] = ()
    column: int = field(default=1, compare=False)
    """Column in the text, from 1."""

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(map(quoted, self.index))}]" if self.index else self.name

    def bound(self, names: Mapping[str, str]) -> Read:
        """Return the same with placeholders of the index replaced."""
        return Read(self.name, tuple(names.get(part, part) for part in self.index), self.column)


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class EventCall:
    """A call of an event or calendar function: `count(icbm_test)`, `day`."""

    function: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Apply:
    """An arithmetic operator (`+ - * / **`) or a numeric function, on numbers; `-` may have one argument."""

    function: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain of comparisons: one operator fewer than arguments."""

    operators: tuple[str, ...]
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` of several arguments, or `not` of one; a number is true unless it is 0."""

    operator: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`yes if test else no`."""

    test: Node
    yes: Node
    no: Node


Node = Constant | Read | EventCall | Apply | Compare | Logic | Choice


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. Two expressions are equal if their texts are."""

    text: str
    reads: tuple[Read, ...] = field(compare=False)
    """The indicators that it reads, each once, in the order of the text."""
    events: tuple[tuple[str, tuple[str, ...]], ...] = field(compare=False)
    """Its calls of event and calendar functions, each once: (function, arguments), such as `("day", ())`."""
    root: Node = field(compare=False, repr=False)
    places: tuple[tuple[int, int, str], ...] = field(compare=False, repr=False)
    """Start, end and id of each index and argument in the text."""

    def __str__(self) -> str:
        return self.text
