"""Errors of the Python functions in terms of Python: their arguments in place of the options of the command line."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from wargame.errors import Invalid, SettingErrors, UsageFault, WargameError
from wargame.tables import tables

T = TypeVar("T")
ARGUMENTS: Mapping[str, str] = tables("notebook/wording.yaml")["arguments"]
"""Options that are not called as their argument. Any other option has the name of its argument."""
_OPTION = re.compile(r"(?<![\w-])--(executor dask|journal full|[a-z][a-z-]*)")
_COUNT = re.compile(r"(?<![\w-])-n\b")


def in_python(text: str) -> str:
    """Return a message with the arguments of the Python functions in place of options and commands."""
    for pattern, replacement in tables("notebook/wording.yaml")["commands"].items():
        text = re.sub(pattern, replacement, text)
    text = _OPTION.sub(lambda match: ARGUMENTS.get(match[1], match[1].replace("-", "_")), text)
    return _COUNT.sub("n", text)


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
    """Reword the errors of the block by `in_python`."""
    try:
        yield
    except Invalid as error:
        error.problems = tuple(
            replace(p, message=in_python(p.message), remedy=in_python(p.remedy)) for p in error.problems
        )
        error.args = ("\n".join(map(str, error.problems)) or in_python(str(error)),)
        raise
    except SettingErrors as error:
        error.faults = tuple(replace(each, message=in_python(each.message)) for each in error.faults)
        error.args = (in_python(str(error)),)
        raise
    except WargameError as error:
        error.args = (in_python(str(error)),)
        raise
