"""Formats of files, such as `wargame-scenario/1`: what to say of one that a later version has written."""

from __future__ import annotations

from collections.abc import Iterable

import wargame
from wargame.errors import shortened


def is_newer(form: str, known: Iterable[str]) -> bool:
    """Return whether a format has the name of a known one and a higher number."""
    name, _, number = form.partition("/")
    numbers = [int(each.partition("/")[2]) for each in known if each.partition("/")[0] == name]
    return bool(numbers) and number.isdecimal() and int(number) > max(numbers)


def newer(form: str, known: Iterable[str]) -> tuple[str, str]:
    """Return the message and the remedy for a newer format."""
    readable = next(each for each in known if each.partition("/")[0] == form.partition("/")[0])
    message = f"the format '{shortened(form)}' belongs to a later version of wargame; this is {wargame.__version__}"
    return message, f"install the later version, or use a file with the format '{readable}'"
