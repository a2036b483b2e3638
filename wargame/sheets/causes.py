"""Collects the problems of cells: one message for each cause, with the number of cells and the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from wargame.errors import Problem

SHOWN = 5
"""Further cells that a message names."""


@dataclass(slots=True)
class Causes:
    """Problems by cause. The first cell of a cause gives the message."""

    found: dict[str, list[Problem]] = field(default_factory=dict)

    def add(self, place: str, message: str, remedy: str = "", cause: str = "") -> None:
        """Add a problem of a cell; `cause` is what several cells have in common, the message by default."""
        self.found.setdefault(cause or message, []).append(Problem(place, 0, 0, message, remedy))

    def problems(self) -> list[Problem]:
        """Return one problem for each cause."""
        return [_joined(each) for each in self.found.values()]


def _joined(alike: list[Problem]) -> Problem:
    first, *others = alike
    if not others:
        return first
    return replace(first, message=f"{first.message}, and {cells(each.file for each in others)}")


def cells(places: Iterable[str], most: int = SHOWN) -> str:
    """Return the number of cells and the names of the first, such as `12 more cells: F7, F9, ...`."""
    names = [place.rpartition(":")[2].rpartition("!")[2] for place in places]
    more = ", ..." if len(names) > most else ""
    return f"{len(names)} more cell{'s' if len(names) > 1 else ''}: {', '.join(names[:most])}{more}"
