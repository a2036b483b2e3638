"""The names of `cython` that the modules of this package use, for running them as plain Python.

A compiled module imports the real `cython` in place of this one. Here decorators return what they decorate, and types
are the Python types that hold such numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

compiled = False
"""Whether the importing module is compiled. Cython removes the branch that is not taken."""
double = float
longlong = ulonglong = int
Py_UCS4 = chr
void = None
bint = bool


def cclass(decorated: T) -> T:
    """Marks a class whose attributes and `cfunc` methods are those of a C structure."""
    return decorated


def cfunc(decorated: T) -> T:
    """Marks a function that only compiled code can call."""
    return decorated


def ccall(decorated: T) -> T:
    """Marks a function that compiled code calls as C, and Python as a function."""
    return decorated


def final(decorated: T) -> T:
    """Marks a class without subclasses."""
    return decorated


def inline(decorated: T) -> T:
    """Marks a function that the C compiler may place where it is called."""
    return decorated


def exceptval(*_: Any, check: bool = True) -> Callable[[T], T]:
    """Marks a function that raises nothing (`check=False`)."""
    del check
    return cclass


def cast(kind: Callable[[Any], T], value: Any) -> T:
    """The value as this type."""
    return kind(value)


def declare(_: Any, value: T) -> T:
    """A number of the module that is a number of C where it is compiled."""
    return value
