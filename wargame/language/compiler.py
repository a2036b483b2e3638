"""Compiles expressions to Python functions of two arguments.

The code is built from a new syntax tree in which the author's text occurs only as constants. It runs with the functions
of the language as its globals and without builtins.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType, FunctionType, MappingProxyType
from typing import Protocol, TypedDict, cast

from wargame.language import tree as nodes
from wargame.language.tree import CALLED, Expression, ExpressionError, Node, Read
from wargame.numbers.arithmetic import LIMIT, quotient


class Readings(Protocol):
    """A number for each slot: a list, a dict or the world."""

    def __getitem__(self, slot: int, /) -> float:
        """The number at a slot."""
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
# Internal names of the functions; an author cannot write them.
_GLOBALS: dict[str, object] = {f"f_{i}": function for i, function in enumerate(CALLED.values())} | {"__builtins__": {}}
_NAMES: Mapping[str, str] = {name: f"f_{i}" for i, name in enumerate(CALLED)}
OPERATORS: Mapping[str, str] = {internal: name for name, internal in _NAMES.items()}
"""Internal name in a syntax tree -> operator or function."""
_STRICT = _GLOBALS | {_NAMES["/"]: quotient}


def compile_expression(expression: Expression, resolve: Resolve, *, strict: bool = False) -> Compiled:
    """Code for the expression.

    The code is total: as long as `v` and `e` return finite numbers within ±1e9, it returns a float
    within ±1e9 and never raises; truth values are 1.0 and 0.0. Raises ExpressionError for a read without slot.
    `strict` code raises ZeroDivisionError where it would divide by 0, which is 0 otherwise.
    """
    tree = ast.Expression(function_tree(expression, resolve))
    code = compile(tree, "<expression>", "eval")
    body = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return cast("Compiled", FunctionType(body, _STRICT if strict else _GLOBALS, "expression"))


def function_tree(expression: Expression, resolve: Resolve) -> ast.Lambda:
    """Return the Python syntax tree of the function of an expression; arguments as for `compile_expression`."""
    return _Emitter(resolve).function(expression.root)


def compile_tests(expressions: Sequence[Expression | None], resolve: Resolve) -> Tests:
    """Compiles many expressions into one function that returns a truth value for each; None is always true.

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
            case nodes.Choice(test, yes, no):
                (chosen, most), (other, least) = self.number(yes), self.number(no)
                return ast.IfExp(self.truth(test), chosen, other, **_PLACE), max(most, least)
        return ast.IfExp(self.truth(node), _constant(1.0), _constant(0.0), **_PLACE), 1.0

    def truth(self, node: Node) -> ast.expr:
        """Return an expression used as a truth value, so that `and` and `or` can stop early."""
        match node:
            case nodes.Compare(operators, args):
                first, *others = (self.number(arg)[0] for arg in args)
                return ast.Compare(first, [_TESTS[operator]() for operator in operators], others, **_PLACE)
            case nodes.Logic("not", (arg,)):
                return ast.UnaryOp(ast.Not(), self.truth(arg), **_PLACE)
            case nodes.Logic(operator, args):
                values = [self.truth(arg) for arg in args]
                return ast.BoolOp(ast.And() if operator == "and" else ast.Or(), values, **_PLACE)
        return self.number(node)[0]

    def applied(self, function: str, args: list[tuple[ast.expr, float]]) -> tuple[ast.expr, float]:
        code, most = [arg for arg, _ in args], [bound for _, bound in args]
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


def _call(function: str, *args: ast.expr) -> ast.Call:
    return _invoke(_NAMES[function], args)


def _event(function: str, args: Sequence[str]) -> ast.Call:
    return _invoke("e", map(_constant, (function, *args)))


def _invoke(name: str, args: Iterable[ast.expr]) -> ast.Call:
    return ast.Call(_name(name), list(args), [], **_PLACE)
