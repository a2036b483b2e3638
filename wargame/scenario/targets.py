"""Targets: figures of the real world that the model is held against, each with the band in which it must come.

As in `model`, every class is one mapping of the YAML files and every field one key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from wargame.scenario.kinds import Moment, Number, Words
from wargame.scenario.questions import Arm, MeasureText


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that runs are held against."""

    title: str = ""
    measure: MeasureText
    pool: Annotated[str, Words(("mean", "median"))] = "mean"
    """How the numbers of the runs become one."""
    figure: str
    """The real one, as the source has it."""
    band: tuple[Number, Number]
    """Inside it the model passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What really was, from when the governments decide in the runs that are held against it."""

    title: str
    hand_over: Moment | None = None
    until: Moment | None = None
    arm: Arm | None = None
    figures: tuple[Figure, ...]
    """All of them must be inside."""
    source: str
