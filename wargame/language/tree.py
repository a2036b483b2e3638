"""Parsed expressions: the tokens of the language, and an immutable tree of seven kinds of nodes."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from wargame.dataclasses import dataclass, field
from wargame.numbers.arithmetic import cut, divide, exponential, logarithm, power, sigmoid, square_root, within
from wargame.tables import tables

MAX_DEPTH = 30
"""Maximum nesting of brackets and of the syntax tree."""

WORDS = frozenset({"and", "or", "not", "if", "else"})

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w.])
      | (?P<name>[A-Za-z][A-Za-z0-9_]*)(?!["'])
      | (?P<quoted>"[A-Za-z0-9_\-]+"|'[A-Za-z0-9_\-]+')(?!["'])
      | (?P<open>[(\[]) | (?P<close>[)\]])
      | (?P<operator>\*\*|//|<=|>=|==|!=|[<>+\-*/,])""",
    re.VERBOSE | re.ASCII,
)
INSTEAD = "language/instead.yaml"
"""The replacement of a token that the language does not have."""


class ExpressionError(ValueError):
    """The text is not an expression of the language. `column` counts from 1 within the text."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def scan(text: str) -> None:
    """Raise ExpressionError for tokens outside the language and for brackets nested too deep for Python's parser.

    There are no dots outside numbers, no colons, braces or backslashes, and only five Python keywords. So attributes,
    lambdas, comprehensions, assignments and f-strings cannot be written.
    """
    place = depth = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _foreign(text, place)
        kind, word = match.lastgroup, match[0]
        if word == "//" or (kind == "name" and keyword.iskeyword(word) and word not in WORDS):
            raise _not_part(word, place)
        depth += (kind == "open") - (kind == "close")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"brackets nested deeper than {MAX_DEPTH}", place + 1)
        place = match.end()


def _foreign(text: str, place: int) -> ExpressionError:
    """Return the error for a place at which no token begins."""
    word = re.match(r"\w+", text[place:], re.ASCII)
    token = (
        word[0][:40] if word else text[place : place + 2] if text[place : place + 2] in tables(INSTEAD) else text[place]
    )
    if token[0] in "\"'":
        message = "a quoted text has only letters, digits, _ and -, and nothing directly before or after the quotes"
        return ExpressionError(message, place + 1)
    if token[0].isdigit():
        message = f"'{token}' is neither a number nor a name; an id that looks like this needs quotes"
        return ExpressionError(message, place + 1)
    return _not_part(token, place)


def _not_part(token: str, place: int) -> ExpressionError:
    instead = "write 1 or 0" if token in {"True", "False"} else tables(INSTEAD).get(token, "")
    shown = token if token.isprintable() else ascii(token)[1:-1]
    return ExpressionError(f"'{shown}' is not part of the language" + (f"; {instead}" if instead else ""), place + 1)


def quoted(name: str) -> str:
    """Return the id as written in an expression: in quotes unless it is a Python identifier."""
    return name if name.isidentifier() and not keyword.iskeyword(name) else f'"{name}"'


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
class Conditional:
    """`yes if test else no`."""

    test: Node
    yes: Node
    no: Node


Node = Constant | Read | EventCall | Apply | Compare | Logic | Conditional


def bound(node: Node, names: Mapping[str, str], moved: Callable[[int], int]) -> Node:
    """Return a node with ids of indices and arguments replaced. `moved` gives the new column of each read."""
    match node:
        case Read(column=column):
            return replace(node.bound(names), column=moved(column))
        case EventCall(function, args):
            return EventCall(function, tuple(names.get(arg, arg) for arg in args))
        case Apply() | Compare() | Logic():
            return replace(node, args=tuple(bound(arg, names, moved) for arg in node.args))
        case Conditional():
            return Conditional(*(bound(part, names, moved) for part in (node.test, node.yes, node.no)))
    return node


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

    def bound(self, names: Mapping[str, str]) -> Expression:
        """Return the same with ids replaced, with every column where it is in the new text."""
        text, end, places, shifts = "", 0, list[tuple[int, int, str]](), list[tuple[int, int]]()
        for start, stop, name in self.places:
            part = quoted(names[name]) if name in names else self.text[start:stop]
            text += self.text[end:start] + part
            places.append((len(text) - len(part), len(text), names.get(name, name)))
            shifts.append((start, len(text) - stop))
            end = stop

        def moved(column: int) -> int:
            return column + next((shift for start, shift in reversed(shifts) if start < column - 1), 0)

        root = bound(self.root, names, moved)
        reads = dict.fromkeys(replace(read.bound(names), column=moved(read.column)) for read in self.reads)
        events = dict.fromkeys((function, tuple(names.get(arg, arg) for arg in args)) for function, args in self.events)
        return Expression(text + self.text[end:], tuple(reads), tuple(events), root, tuple(places))


@dataclass(frozen=True, slots=True)
class Function:
    """A row of the function table; `least` and `most` are the permitted numbers of arguments."""

    name: str
    signature: str
    least: int
    most: int
    means: str


def _functions(kind: str) -> dict[str, Function]:
    """Return functions by name, from rows of a signature, the least and the most arguments, and the meaning."""
    named = (Function(row[0].partition("(")[0], *row) for row in tables("language/functions.yaml")[kind])
    return {function.name: function for function in named}


NUMERIC = _functions("numeric")
"""Functions of numbers."""
EVENTS = _functions("events")
"""Functions of ids and dates, evaluated from past events."""
CALENDAR = _functions("calendar")
"""Names for the present date, written without parentheses."""


CALLED: dict[str, Callable[..., float]] = {
    "/": divide,
    "**": power,
    "cut": cut,
    "min": min,
    "max": max,
    "abs": abs,
    "exp": exponential,
    "log": logarithm,
    "sqrt": square_root,
    "clip": within,
    "sigmoid": sigmoid,
}
"""The Python function behind each operator and function."""
