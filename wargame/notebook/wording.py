"""Errors of the Python functions in terms of Python: their arguments in place of the options of the command line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from wargame.errors import Invalid, SettingErrors, UsageFault, WargameError, in_python

T = TypeVar("T")


def texts(name: str, value: str | Sequence[str]) -> tuple[str, ...]:
    """Return the texts of an argument, which may be one text; UsageFault for anything else."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable):
        raise UsageFault(f'{name}={value!r}: give a list of texts, such as {name}=["…"]')
    return tuple(value)


def one_text(name: str, value: str | None, example: str) -> str | None:
    """Return an argument that is one text, or None; UsageFault for anything else."""
    if value is None or isinstance(value, str):
        return value
    raise UsageFault(f"{name}={value!r}: give a text, such as {name}={example!r}")


def mapping(name: str, value: Mapping[str, T] | None, example: str) -> dict[str, T]:
    """Return an argument that maps names to something, empty for None; UsageFault for anything else."""
    if value is None or isinstance(value, Mapping):
        return dict(value or {})
    raise UsageFault(f"{name}={value!r}: give a dictionary, such as {name}={example}")


@contextmanager
def python_errors() -> Iterator[None]:
    """Give the errors of the block their texts for users of Python."""
    try:
        yield
    except WargameError as error:
        error.args = tuple(map(in_python, error.args))
        if isinstance(error, SettingErrors):
            error.faults = tuple(
                replace(f, option=in_python(f.option), message=in_python(f.message)) for f in error.faults
            )
            error.args = ("\n".join(map(str, error.faults)),)
        if isinstance(error, Invalid) and error.problems:
            said = (replace(p, message=in_python(p.message), remedy=in_python(p.remedy)) for p in error.problems)
            error.problems = tuple(said)
            error.args = ("\n".join(map(str, error.problems)),)
        raise
