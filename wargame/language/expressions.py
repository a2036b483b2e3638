"""The expression language: a small subset of Python's expression syntax for conditions, rates and derived indicators.

`docs/reference/language.md` describes it for authors. `parse` checks a text, `compile_expression` compiles it,
`compile_tests` compiles many conditions at once, `substitute` fills in placeholders, and `threshold` recognises
conditions with a closed-form crossing.
"""

import ast
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from wargame.dataclasses import dataclass
from wargame.errors import nearest, shortened
from wargame.language import tree as nodes
from wargame.language.compiler import SIGNS, Compiled, Tests, compile_expression, compile_tests
from wargame.language.tree import CALENDAR, EVENTS, MAX_DEPTH, NUMERIC, Expression, ExpressionError, Read
from wargame.numbers.arithmetic import LIMIT

__all__ = ["Compiled", "Expression", "ExpressionError", "Read", "SimpleComparison", "Tests"]
__all__ += ["compile_expression", "compile_tests", "parse", "parse_path", "substitute", "threshold"]

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class SimpleComparison:
    """One number compared with a constant: `name[index] op value`, op one of < <= > >=."""

    name: str
    index: tuple[str, ...]
    op: str
    value: float


def threshold(expression: Expression) -> SimpleComparison | None:
    """Return the expression as a comparison of one number with a constant, on either side; None for others."""
    match expression.root:
        case nodes.Compare((op,), (Read(name, index), nodes.Constant(value))) if op in _MIRRORED:
            return SimpleComparison(name, index, op, value)
        case nodes.Compare((op,), (nodes.Constant(value), Read(name, index))) if op in _MIRRORED:
            return SimpleComparison(name, index, _MIRRORED[op], value)
    return None


MAX_LENGTH = 1000
MAX_NODES = 200

OPERATORS: Mapping[type[ast.AST], str] = {**SIGNS, ast.Div: "/", ast.Pow: "**", ast.And: "and", ast.Or: "or"}

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*", re.ASCII)


def parse(text: str) -> Expression:
    """Read an expression of at most 1,000 characters, 200 nodes and 30 levels.

    Raises ExpressionError with the reason and the column. Names are not resolved here.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters", MAX_LENGTH + 1)
    return _parse(text)


def substitute(expression: Expression, names: Mapping[str, str]) -> Expression:
    """Replace ids that are an index or an argument, as in `{"actor": "PRK"}`.

    Longer ids may exceed the limit on the text for authors; the size of the tree is unchanged.
    """
    used = tuple((name, names[name]) for _, _, name in expression.places if name in names)
    return _substituted(expression, used) if used else expression


@lru_cache(maxsize=8192)
def _substituted(expression: Expression, names: tuple[tuple[str, str], ...]) -> Expression:
    return expression.bound(dict(names))


def parse_path(text: str) -> Read:
    """Read the path of an indicator, such as `trust[CHN, PRK]`; ExpressionError if it is anything else."""
    root = parse(text).root
    if not isinstance(root, Read):
        message = f"'{shortened(text, 40)}' is not the path of an indicator, such as tension or trust[CHN, PRK]"
        raise ExpressionError(message)
    return root


_DATE = re.compile(r"\d{4}-\d\d-\d\d(?![\w.])", re.ASCII)


@lru_cache(maxsize=8192)
def _parse(text: str) -> Expression:
    nodes.scan(text)
    # One line for Python's parser, with every column where it was.
    line = re.sub(r"\s", " ", text)
    start = len(line) - len(line.lstrip())
    if start == len(line):
        raise ExpressionError("an empty expression")
    if _DATE.match(line, start):
        message = "a formula cannot have a date; use `at` for dates, and `day` or `days_since` in formulas"
        raise ExpressionError(message, start + 1)
    try:
        tree = ast.parse(line[start:], mode="eval")
    except SyntaxError as error:
        if not error.offset:
            raise ExpressionError("not an expression: it ends too early", len(line.rstrip()) + 1) from None
        capitals = re.search(r"\b(AND|OR|NOT|IF|ELSE)\b", line)
        reason = f"write '{capitals[1].lower()}' in small letters" if capitals else error.msg
        raise ExpressionError(f"not an expression: {reason}", start + error.offset) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(f"not an expression: {str(error) or 'too complex'}") from None
    reader = _Reader(line, start)
    root = reader.read(tree.body, 1)
    return Expression(text, tuple(reader.reads), tuple(reader.events), root, tuple(sorted(reader.places)))


class _Reader:
    """Copies Python's syntax tree into ours, node by node, and collects what the expression reads.

    `scan` has checked the text before. Node types that are not on the whitelist are rejected; nothing is executed.
    """

    def __init__(self, line: str, start: int) -> None:
        self.line = line
        self.start = start
        self.nodes = 0
        self.reads: dict[Read, None] = {}
        self.events: dict[tuple[str, tuple[str, ...]], None] = {}
        self.places: list[tuple[int, int, str]] = []

    def read(self, node: ast.expr, depth: int) -> nodes.Node:
        """Return our node for one of Python's; ExpressionError if it is not permitted."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.error(node, f"more than {MAX_NODES} parts; split it into derived indicators")
        if depth > MAX_DEPTH:
            raise self.error(node, f"nested deeper than {MAX_DEPTH} levels")
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name(name):
                return self.event(name, ()) if name in CALENDAR else self.noted(node, name, ())
            case ast.Subscript(ast.Name(name), index):
                return self.indexed(node, name, index)
            case ast.Call(ast.Name(name), args, []):
                return self.call(node, name, args, depth)
            case ast.IfExp(test, yes, no):
                # Chains of choices nest to the right, long sums to the left: neither counts as nesting.
                return nodes.Conditional(self.read(test, depth + 1), self.read(yes, depth + 1), self.read(no, depth))
        return self.operation(node, depth)

    def operation(self, node: ast.expr, depth: int) -> nodes.Node:
        match node:
            case ast.UnaryOp(operator, operand) if not isinstance(operator, ast.Invert):
                return self.unary(operator, self.read(operand, depth + 1))
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                return nodes.Apply(OPERATORS[type(operator)], (self.read(left, depth), self.read(right, depth + 1)))
            case ast.BoolOp(operator, values):
                return nodes.Logic(OPERATORS[type(operator)], self.all(values, depth))
            case ast.Compare(left, operators, others) if all(type(each) in OPERATORS for each in operators):
                signs = tuple(OPERATORS[type(each)] for each in operators)
                return nodes.Compare(signs, self.all([left, *others], depth))
        remedy = "; a decimal number has a point, as in 0.3" if isinstance(node, ast.Tuple) else ""
        raise self.error(node, f"not part of the language here: a number, a name or a function is expected{remedy}")

    @staticmethod
    def unary(operator: ast.unaryop, operand: nodes.Node) -> nodes.Node:
        match operator, operand:
            case ast.Not(), _:
                return nodes.Logic("not", (operand,))
            case ast.USub(), nodes.Constant(value):
                return nodes.Constant(-value)
            case ast.USub(), _:
                return nodes.Apply("-", (operand,))
        return operand

    def all(self, parts: list[ast.expr], depth: int) -> tuple[nodes.Node, ...]:
        return tuple(self.read(part, depth + 1) for part in parts)

    def number(self, node: ast.Constant) -> nodes.Constant:
        value = node.value
        if isinstance(value, str):
            raise self.error(
                node, "a text in quotes can only be an index or the argument of count, yearly and the like"
            )
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.error(node, "not a number")
        if not abs(value) <= LIMIT:
            raise self.error(node, f"numbers must be within ±{LIMIT:.0e}")
        return nodes.Constant(float(value))

    def indexed(self, node: ast.expr, name: str, index: ast.expr) -> Read:
        if name in CALENDAR:
            raise self.error(node, f"'{name}' has no index")
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        if not parts:
            raise self.error(node, f"'{name}' has an empty index")
        return self.noted(node, name, tuple(self.id(part) for part in parts))

    def noted(self, node: ast.expr, name: str, index: tuple[str, ...]) -> Read:
        if name in NUMERIC or name in EVENTS:
            raise self.error(node, f"'{name}' is a function: write {(NUMERIC | EVENTS)[name].signature}")
        read = Read(name, index, self.start + node.col_offset + 1)
        self.reads.setdefault(read)
        return read

    def event(self, function: str, args: tuple[str, ...]) -> nodes.EventCall:
        self.events.setdefault((function, args))
        return nodes.EventCall(function, args)

    def call(self, node: ast.Call, name: str, args: list[ast.expr], depth: int) -> nodes.Node:
        function = NUMERIC.get(name) or EVENTS.get(name)
        if function is None:
            index = ", ".join(arg.id for arg in args if isinstance(arg, ast.Name))
            known = f"an indicator is written {name}[{index}], and " if index else ""
            hint = nearest(name, [*NUMERIC, *EVENTS]) or f"{known}the functions are {', '.join([*NUMERIC, *EVENTS])}"
            raise self.error(node, f"there is no function '{shortened(name, 40)}'; {hint}")
        if not function.least <= len(args) <= function.most:
            raise self.error(node, f"'{name}' does not take {len(args)} arguments: write {function.signature}")
        if name in NUMERIC:
            return nodes.Apply(name, self.all(args, depth))
        return self.event(name, tuple(self.date(arg) if name == "yearly" else self.id(arg) for arg in args))

    def id(self, node: ast.expr) -> str:
        """Return an index or argument: an id, in quotes if it is not a Python identifier (`"five-party"`)."""
        start, end = self.start + node.col_offset, self.start + (node.end_col_offset or 0)
        quoted = isinstance(node, ast.Constant) and isinstance(node.value, str)
        name = self.line[start:end].strip("\"'") if quoted else self.line[start:end]
        if not _ID.fullmatch(name):
            raise self.error(node, "an index or argument must be an id, such as PRK")
        self.places.append((start, end, name))
        return name

    def date(self, node: ast.expr) -> str:
        text = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(text, str) or not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
            raise self.error(node, 'yearly takes two days as "MM-DD" in quotes, such as yearly("03-01", "04-30")')
        try:
            date(2000, int(text[:2]), int(text[3:]))  # a leap year: 02-29 is a day
        except ValueError:
            raise self.error(node, f"'{text}' is not a day of the year (MM-DD)") from None
        return text

    def error(self, node: ast.expr, message: str) -> ExpressionError:
        return ExpressionError(message, self.start + node.col_offset + 1)
