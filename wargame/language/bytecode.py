"""Translates expressions to the code of the stack machine (`wargame.numbers.levels.Program`).

It starts from the Python syntax tree that is compiled to a function (`compiler.function_tree`), so that what is cut to
±LIMIT is decided in one place. Chained comparisons evaluate their inner terms twice, which has no effect.
"""

from __future__ import annotations

import ast
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from wargame.language.compiler import OPERATORS, Compiled, Resolve, compile_expression, function_tree
from wargame.language.tree import Expression
from wargame.numbers.arithmetic import COMPILED
from wargame.numbers.levels import Program

Call = tuple[str, tuple[str, ...]]
"""An event function and its arguments."""
_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "[",
    ast.Gt: ">",
    ast.GtE: "]",
    ast.Eq: "=",
    ast.NotEq: "!",
}
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


@dataclass(slots=True)
class Code:
    """Code of the stack machine: pairs of a letter and an operand, and what the operands refer to."""

    number_of: Callable[[str], int]
    """The number of an event by its name."""
    pairs: list[tuple[str, int]] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    depth: int = 0
    _height: int = 0

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
                self.number(left)
                self.number(right)
                self.emit(_BINARY[type(operator)], 0, -1)
            case ast.Compare(first, operators, others):
                self._compare([first, *others], [_COMPARISONS[type(operator)] for operator in operators])
            case ast.BoolOp(operator, values):
                self._either("&" if isinstance(operator, ast.And) else "|", values)
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
            self.emit(letter, 0, -1)
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
            self.emit("w", 0, -2)
        elif len(args) == 1:
            self.emit(letter)
        for arg in args[1:] if letter != "w" else ():
            self.number(arg)
            self.emit(letter, 0, -1)

    def _event(self, function: str, *args: str) -> None:
        if function in _NUMBERED:
            self.emit(_NUMBERED[function], self.number_of(args[0]), 1)
        else:
            self.calls.append((function, args))
            self.emit("e", len(self.calls) - 1, 1)


def compile_program(
    expression: Expression,
    resolve: Resolve,
    number_of: Callable[[str], int],
    *,
    coded: bool = COMPILED,
    formula: Compiled | None = None,
) -> Program:
    """Return the expression as a program: its function (or the given one) and, if `coded`, code for the stack machine.

    `number_of` gives the number of each event by its name.
    """
    code = Code(number_of)
    if coded:
        code.number(function_tree(expression, resolve).body)
    flat = array("q", [number for letter, operand in code.pairs for number in (ord(letter), operand)])
    function = formula or compile_expression(expression, resolve)
    calls = [(function, *args) for function, args in code.calls]
    return Program(function, flat, array("d", code.constants), calls, code.depth)
