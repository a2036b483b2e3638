"""What building collects: problems, numbers with ranges, and formulas to check later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yaml.nodes import Node, ScalarNode

from wargame.errors import Problem, nearest, shortened
from wargame.scenario.building.yaml_nodes import fault
from wargame.scenario.model.annotations import Formula, PathText


class Unbuilt:
    """A value that could not be built."""


UNBUILT = Unbuilt()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number written with a range or source; `path` is its keys joined by dots."""

    path: str
    value: float
    low: float | None
    high: float | None
    source: str


@dataclass(frozen=True, slots=True)
class FormulaUse:
    """A formula or a path with its place: `trail` has the keys and list indexes that lead to it."""

    node: ScalarNode
    trail: tuple[str | int, ...]
    meta: Formula | PathText
    text: str


@dataclass(slots=True)
class ReadContext:
    """Collects problems, parameters and formulas while a file is built."""

    ids: dict[str, frozenset[str]]
    """The ids of each kind (`government`, `option`, ...) that references may name."""
    problems: list[Problem] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    uses: list[FormulaUse] = field(default_factory=list)
    trail: list[str | int] = field(default_factory=list)

    def fault(self, node: Node, message: str, remedy: str = "") -> Unbuilt:
        """Add a problem at `node` and return `UNBUILT`."""
        self.problems.append(fault(node, message, remedy))
        return UNBUILT

    def where(self) -> str:
        """Return the innermost key, for messages."""
        names = [part for part in self.trail if isinstance(part, str)]
        return f"`{shortened(names[-1])}`" if names else "the file"

    def within(self) -> str:
        """Return the innermost key as the end of a sentence; empty at the top of the file."""
        return f" in {self.where()}" if self.trail else ""


Convert = Callable[[Node, ReadContext], Any]
"""Reads a node of one kind of field; returns `UNBUILT` for an invalid one."""


def unknown(kind: str, name: str, known: frozenset[str] | set[str]) -> tuple[str, str]:
    """Message and remedy for an unknown id."""
    few = ", ".join(sorted(known)) if 0 < len(known) <= 8 else ""
    remedy = nearest(name, sorted(known)) or (f"known: {few}" if few else "")
    return f"unknown {kind} '{shortened(name)}'", remedy or ("" if known else f"the scenario has no {kind}")
