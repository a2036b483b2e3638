"""Compiles expressions to Python functions of two arguments, and to programs of the stack machine (`numbers.levels`).

The code is built from a new syntax tree in which the author's text occurs only as constants. It runs with the functions
of the language as its globals and without builtins. The stack machine's code is translated from the same tree
(`function_tree`), so that what is cut to ±LIMIT is decided in one place, and what is constant is computed once. Chained
comparisons evaluate their inner terms twice there, which has no effect.
"""

import ast
import operator as op
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import pairwise
from types import CodeType, FunctionType, MappingProxyType
from typing import Protocol, TypedDict, cast

from wargame.language import tree as nodes
from wargame.language.tree import CALLED, Expression, ExpressionError, Node, Read
from wargame.numbers.arithmetic import COMPILED, LIMIT, quotient
from wargame.numbers.levels import FormulaCode


class Readings(Protocol):
    """A number for each slot: a list, a dict or the world."""

    def __getitem__(self, slot: int, /) -> float:
        """Return the number at a slot."""
        ...


Compiled = Callable[[Readings, Callable[..., float]], float]
"""`f(v, e)`: `v[slot]` gives a number, `e(function, *args)` evaluates event and calendar functions."""
Resolve = Callable[[str, tuple[str, ...]], "int | Node"]
"""`f(name, index)`: the slot of a read, or what is read in its place; KeyError if there is neither."""
Tests = Callable[[Readings, Callable[..., float]], tuple[object, ...]]
"""The same for many expressions: a truth value for each."""


class _Place(TypedDict):
    lineno: int
    col_offset: int


_PLACE: _Place = {"lineno": 1, "col_offset": 0}
"""The place of every part of a syntax tree; Python compiles no tree without places."""
NONE: Mapping[tuple[str, tuple[str, ...]], str] = MappingProxyType({})
_CEILING = 1e150
"""Bound at which products and sums are cut to ±LIMIT, so that the next product stays finite."""

_PLAIN: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_TESTS: dict[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "==": ast.Eq,
    "!=": ast.NotEq,
}
_OPERATORS = op.add, op.sub, op.mul, op.lt, op.le, op.gt, op.ge, op.eq, op.ne
COMPUTED: Mapping[str, Callable[..., float]] = {**CALLED, **dict(zip([*_PLAIN, *_TESTS], _OPERATORS, strict=True))}
"""Operator or function -> the Python function that computes it."""
SIGNS: Mapping[type[ast.AST], str] = {each: sign for sign, each in (_PLAIN | _TESTS).items()}
"""Operator of a syntax tree -> its sign."""
# Internal names of the functions; an author cannot write them.
_GLOBALS: dict[str, object] = {f"f_{i}": function for i, function in enumerate(CALLED.values())} | {"__builtins__": {}}
_NAMES: Mapping[str, str] = {name: f"f_{i}" for i, name in enumerate(CALLED)}
OPERATORS: Mapping[str, str] = {internal: name for name, internal in _NAMES.items()}
"""Internal name in a syntax tree -> operator or function."""
_STRICT = _GLOBALS | {_NAMES["/"]: quotient}


def compile_expression(expression: Expression, resolve: Resolve, *, strict: bool = False) -> Compiled:
    """Return code for the expression.

    The code is total: as long as `v` and `e` return finite numbers within ±1e9, it returns a float
    within ±1e9 and never raises; truth values are 1.0 and 0.0. Raises ExpressionError for a read without slot.
    `strict` code raises ZeroDivisionError where it would divide by 0, which is 0 otherwise.
    """
    code = compile(ast.Expression(function_tree(expression, resolve)), "<expression>", "eval")
    body = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return cast("Compiled", FunctionType(body, _STRICT if strict else _GLOBALS, "expression"))


def function_tree(expression: Expression, resolve: Resolve) -> ast.Lambda:
    """Return the Python syntax tree of the function of an expression; arguments as for `compile_expression`."""
    return _Emitter(resolve).function(expression.root)


def compile_tests(expressions: Sequence[Expression | None], resolve: Resolve) -> Tests:
    """Compile many expressions into one function that returns a truth value for each; None is always true.

    As with `compile_expression`, but values are only meant for truth tests. Event functions that occur in several
    expressions are called once.
    """
    calls = Counter(event for expression in expressions if expression for event in expression.events)
    shared = {event: f"e_{i}" for i, event in enumerate(event for event, times in calls.items() if times > 1)}
    emitter = _Emitter(resolve, shared)
    roots = (expression.root if expression else nodes.Constant(1.0) for expression in expressions)
    code = compile(emitter.tests(list(roots)), "<expressions>", "exec")
    body = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return cast("Tests", FunctionType(body, _GLOBALS, "expressions"))


class _Emitter:
    """Builds the Python syntax tree. `number` also returns an upper bound of the magnitude of its result."""

    def __init__(self, resolve: Resolve, shared: Mapping[tuple[str, tuple[str, ...]], str] = NONE) -> None:
        self.resolve = resolve
        self.shared = shared
        """Event calls whose result is in a local variable of that name."""

    def function(self, root: Node) -> ast.Lambda:
        body, most = self.number(root)
        return ast.Lambda(_arguments(), _call("cut", body) if most > LIMIT else body, **_PLACE)

    def tests(self, roots: list[Node]) -> ast.Module:
        assignments: list[ast.stmt] = [
            ast.Assign([ast.Name(name, ast.Store(), **_PLACE)], _event(function, args), **_PLACE)
            for (function, args), name in self.shared.items()
        ]
        values = ast.Tuple([self.truth(root) for root in roots], ast.Load(), **_PLACE)
        body = [*assignments, ast.Return(values, **_PLACE)]
        return ast.Module([ast.FunctionDef("expressions", _arguments(), body, [], **_PLACE)], [])

    def number(self, node: Node) -> tuple[ast.expr, float]:
        match node:
            case nodes.Constant(value):
                return _constant(value), abs(value)
            case Read():
                found = self.resolved(node)
                if not isinstance(found, int):
                    return self.number(found)
                return ast.Subscript(_name("v"), _constant(found), ast.Load(), **_PLACE), LIMIT
            case nodes.EventCall(function, args) if (function, args) in self.shared:
                return _name(self.shared[function, args]), LIMIT
            case nodes.EventCall(function, args):
                return _event(function, args), LIMIT
            case nodes.Apply(function, args):
                return self.applied(function, [self.number(arg) for arg in args])
            case nodes.Conditional(test, yes, no):
                (chosen, most), (other, least) = self.number(yes), self.number(no)
                return ast.IfExp(self.truth(test), chosen, other, **_PLACE), max(most, least)
        truth = self.truth(node)
        if not isinstance(truth, ast.Constant):
            truth = ast.IfExp(truth, _constant(1.0), _constant(0.0), **_PLACE)
        return truth, 1.0

    def truth(self, node: Node) -> ast.expr:
        """Return an expression used as a truth value, so that `and` and `or` can stop early."""
        match node:
            case nodes.Compare(operators, args):
                first, *others = terms = [self.number(arg)[0] for arg in args]
                if values := _values(terms):
                    pairs = zip(operators, pairwise(values), strict=True)
                    return _constant(float(all(COMPUTED[sign](*pair) for sign, pair in pairs)))
                return ast.Compare(first, [_TESTS[operator]() for operator in operators], others, **_PLACE)
            case nodes.Logic("not", (arg,)):
                truth = self.truth(arg)
                if values := _values([truth]):
                    return _constant(float(not values[0]))
                return ast.UnaryOp(ast.Not(), truth, **_PLACE)
            case nodes.Logic(operator, args):
                return _combined(operator == "or", [self.truth(arg) for arg in args])
        return self.number(node)[0]

    def applied(self, function: str, args: list[tuple[ast.expr, float]]) -> tuple[ast.expr, float]:
        code, most = [arg for arg, _ in args], [bound for _, bound in args]
        if function != "/" and (values := _values(code)):
            value = -values[0] if (function, len(code)) == ("-", 1) else COMPUTED[function](*values)
            if abs(value) <= LIMIT:
                return _constant(value + 0.0), abs(value)
        if function == "-" and len(code) == 1:
            return ast.UnaryOp(ast.USub(), code[0], **_PLACE), most[0]
        if function in _PLAIN:
            bound = most[0] * most[1] if function == "*" else most[0] + most[1]
            plain = ast.BinOp(code[0], _PLAIN[function](), code[1], **_PLACE)
            return (plain, bound) if bound <= _CEILING else (_call("cut", plain), LIMIT)
        return _call(function, *code), max(most) if function in {"min", "max", "abs", "clip"} else LIMIT

    def resolved(self, read: Read) -> int | Node:
        try:
            return self.resolve(read.name, read.index)
        except KeyError:
            raise ExpressionError(f"there is no '{read}'", read.column) from None


def _arguments() -> ast.arguments:
    args = [ast.arg("v", **_PLACE), ast.arg("e", **_PLACE)]
    return ast.arguments(posonlyargs=[], args=args, kwonlyargs=[], kw_defaults=[], defaults=[])


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load(), **_PLACE)


def _constant(value: str | float) -> ast.Constant:
    return ast.Constant(value, **_PLACE)


def _values(terms: Sequence[ast.expr]) -> list[float]:
    """Return the values of terms that are all constants; nothing if one is not."""
    values = [cast("float", term.value) for term in terms if isinstance(term, ast.Constant)]
    return values if len(values) == len(terms) else []


def _combined(decides: bool, values: list[ast.expr]) -> ast.expr:
    """Return `or` of values, which what is true `decides`, or `and`, which what is false decides."""
    known = {bool(value.value) for value in values if isinstance(value, ast.Constant)}
    values = [value for value in values if not isinstance(value, ast.Constant)]
    if decides in known or not values:
        return _constant(float((decides in known) == decides))
    if len(values) == 1:
        return values[0]
    return ast.BoolOp(ast.Or() if decides else ast.And(), values, **_PLACE)


def _call(function: str, *args: ast.expr) -> ast.Call:
    return _invoke(_NAMES[function], args)


def _event(function: str, args: Sequence[str]) -> ast.Call:
    return _invoke("e", map(_constant, (function, *args)))


def _invoke(name: str, args: Iterable[ast.expr]) -> ast.Call:
    return ast.Call(_name(name), list(args), [], **_PLACE)


NamedCall = tuple[str, tuple[str, ...]]
"""An event function and its arguments."""
_LETTERS = {"<=": "[", ">=": "]", "==": "=", "!=": "!"}
"""The letters of signs; the others are written as themselves."""
_FUNCTIONS = {
    "/": "/",
    "**": "p",
    "cut": "u",
    "min": "m",
    "max": "M",
    "abs": "a",
    "exp": "x",
    "log": "l",
    "sqrt": "s",
    "clip": "w",
    "sigmoid": "g",
}
_NUMBERED = {"count": "c", "days_since": "d"}
"""Event functions that read a memory by the number of an event."""
_DATED = frozenset({"month", "year", "yearly"})
"""Event functions that change at midnight alone."""


@dataclass(slots=True)
class StackCode:
    """Code of the stack machine: pairs of a letter and an operand, and what the operands refer to."""

    number_of: Callable[[str], int]
    """The number of an event by its name."""
    pairs: list[tuple[str, int]] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)
    calls: list[NamedCall] = field(default_factory=list)
    depth: int = 0
    _height: int = 0
    _landed: int = 0

    def emit(self, letter: str, operand: int = 0, pushes: int = 0) -> int:
        """Append an operation that adds numbers to the stack and return its place."""
        self.pairs.append((letter, operand))
        self._height += pushes
        self.depth = max(self.depth, self._height)
        return len(self.pairs) - 1

    def land(self, jump: int, pops: int = 0) -> None:
        """Let a jump go to here, where the stack is lower by `pops` than on the other way."""
        self.pairs[jump] = (self.pairs[jump][0], 2 * len(self.pairs))
        self._height -= pops
        self._landed = len(self.pairs)

    def _combine(self, letter: str, others: int = 1) -> None:
        """Append an operation on the topmost number and others, which become its operand if they are constants."""
        start = len(self.pairs) - others
        constants = self._landed <= start and all(each == "k" for each, _ in self.pairs[start:])
        operand = self.pairs[start][1] if constants else -1
        del self.pairs[start if constants else len(self.pairs) :]
        self.emit(letter, operand, -others)

    def whole(self, node: ast.expr) -> None:
        """Append code of a formula, which ends at the first false part of a conjunction."""
        match node:
            case ast.IfExp(ast.BoolOp(ast.And()), ast.Constant(1.0), ast.Constant(0.0)):
                *parts, node.test = _parts_of_and(node.test)
                for part in parts:
                    self.number(part)
                    self.emit("f", 0, -1)
        self.number(node)

    def number(self, node: ast.expr) -> None:
        """Append code that pushes the value of a node."""
        match node:
            case ast.Constant(value):
                self.constants.append(float(cast("float", value)))
                self.emit("k", len(self.constants) - 1, 1)
            case ast.Subscript(_, ast.Constant(slot)):
                self.emit("v", cast("int", slot), 1)
            case ast.UnaryOp(ast.USub(), operand):
                self.number(operand)
                self.emit("n")
            case ast.UnaryOp(ast.Not(), operand):
                self.number(operand)
                self.emit("~")
            case ast.BinOp(left, operator, right):
                sign = SIGNS[type(operator)]
                commutes = sign in "+*" and isinstance(left, ast.Constant)
                self.number(right if commutes else left)
                self.number(left if commutes else right)
                self._combine(sign)
            case ast.Compare(first, operators, others):
                signs = [SIGNS[type(operator)] for operator in operators]
                self._compare([first, *others], [_LETTERS.get(sign, sign) for sign in signs])
            case ast.BoolOp(operator, values):
                self._either("&" if isinstance(operator, ast.And) else "|", values)
            case ast.IfExp(test, ast.Constant(1.0), ast.Constant(0.0)) if _is_zero_or_one(test):
                self.number(test)
            case ast.IfExp(test, body, orelse):
                self._choice(test, body, orelse)
            case ast.Call(ast.Name(name), args):
                self._call(name, args)
            case _:
                raise AssertionError(ast.dump(node))

    def _compare(self, terms: list[ast.expr], letters: list[str]) -> None:
        ends: list[int] = []
        for (left, right), letter in zip(pairwise(terms), letters, strict=True):
            if ends or left is not terms[0]:
                ends.append(self.emit("&", 0, -1))
            self.number(left)
            self.number(right)
            self._combine(letter)
        for end in ends:
            self.land(end)

    def _either(self, letter: str, values: list[ast.expr]) -> None:
        self.number(values[0])
        ends = []
        for value in values[1:]:
            ends.append(self.emit(letter, 0, -1))
            self.number(value)
        for end in ends:
            self.land(end)

    def _choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> None:
        self.number(test)
        to_other = self.emit("?", 0, -1)
        self.number(body)
        to_end = self.emit("j")
        self.land(to_other, 1)
        self.number(orelse)
        self.land(to_end)

    def _call(self, name: str, args: list[ast.expr]) -> None:
        if name == "e":
            self._event(*(cast("str", cast("ast.Constant", arg).value) for arg in args))
            return
        letter = _FUNCTIONS[OPERATORS[name]]
        self.number(args[0])
        if letter == "w":
            self.number(args[1])
            self.number(args[2])
            self._combine("w", 2)
        elif len(args) == 1:
            self.emit(letter)
        for arg in args[1:] if letter != "w" else ():
            self.number(arg)
            self._combine(letter)

    def _event(self, function: str, *args: str) -> None:
        if function in _NUMBERED:
            self.emit(_NUMBERED[function], self.number_of(args[0]), 1)
        else:
            self.calls.append((function, args))
            self.emit("t" if function in _DATED else "e", len(self.calls) - 1, 1)


def _is_zero_or_one(node: ast.expr) -> bool:
    """Return whether the value of a test is 1 or 0, and not any number."""
    if isinstance(node, ast.BoolOp):
        return all(map(_is_zero_or_one, node.values))
    return isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def _parts_of_and(node: ast.expr) -> list[ast.expr]:
    """Return what must all be true for a test to be true."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [part for value in node.values for part in _parts_of_and(value)]
    return [node]


def compile_program(
    expression: Expression,
    resolve: Resolve,
    number_of: Callable[[str], int],
    *,
    coded: bool = COMPILED,
    function: Callable[[], Compiled] | None = None,
) -> FormulaCode:
    """Return the expression as a program: its function and, if `coded`, code for the stack machine.

    `number_of` gives the number of each event by its name. `function` returns the function; with code it is called once
    the function is first needed, which is rare.
    """
    function = function or partial(compile_expression, expression, resolve)
    code = StackCode(number_of)
    if coded:
        code.whole(function_tree(expression, resolve).body)
    flat = array("q", [number for letter, operand in code.pairs for number in (ord(letter), operand)])
    calls = [(name, *args) for name, args in code.calls]
    formula = _compiled_when_called(function) if coded else function()
    return FormulaCode(formula, flat, array("d", code.constants), calls, code.depth)


def _compiled_when_called(function: Callable[[], Compiled]) -> Compiled:
    compiled = cache(function)

    def called(levels: Readings, events: Callable[..., float]) -> float:
        return compiled()(levels, events)

    return called
