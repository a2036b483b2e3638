"""The names of Cython's pure Python mode, without Cython: types for annotations, and decorators without effect.

A module that the build compiles (`COMPILED` in `selection.py`) begins with

    from wargame.numbers import typed as cython

and annotates its numbers with these types. Those of the module itself are `declare`d, since the compiler ignores their
annotations. Interpreted, this module is all that it needs. For the compiler, `tools/compile_numbers.py` replaces that
line by `import cython`, and `cython.doubles` by `cython.double[::1]`.
"""

from __future__ import annotations

import dataclasses as dataclasses  # noqa: PLC0414  # `cython.dataclasses`
from array import array
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

_UNSET: Any = object()
compiled = False
"""True in the compiled module."""

double: TypeAlias = float
bint: TypeAlias = bool
longlong: TypeAlias = int
ulonglong: TypeAlias = int
Py_UCS4: TypeAlias = str
doubles: TypeAlias = "array[float]"
"""`array("d")`; compiled: a typed view of it."""
longs: TypeAlias = "array[int]"
"""`array("q")`; compiled: a typed view of it."""


def _unchanged(thing: T) -> T:
    return thing


ccall = cfunc = final = _unchanged


def cclass(kind: type[T]) -> type[T]:
    """Give objects of a class slots for its attributes, which has them read faster, as dataclasses do."""
    declared = [name for name, value in vars(kind).items() if value is _UNSET]
    slots = [*declared, *vars(kind).get("__annotations__", {})]
    others = {name: value for name, value in vars(kind).items() if name not in (*slots, "__dict__", "__weakref__")}
    slotted: type[T] = type(kind.__name__, kind.__bases__, {"__slots__": slots, **others})
    return slotted


def exceptval(*_: object, **__: object) -> Callable[[T], T]:
    """Interpreted, a function raises as usual."""
    return _unchanged


def declare(kind: Callable[..., T], value: Any = _UNSET, **_: object) -> T:
    """Return a variable of a module, or what stands for an attribute of a class."""
    del kind
    variable: T = value
    return variable


def cast(kind: Callable[[Any], T], value: Any, **_: object) -> T:
    """Return the value as this type; a number as a character is the character with that code."""
    return kind(chr(value) if kind is str else value)
