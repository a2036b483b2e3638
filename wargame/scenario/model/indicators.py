"""Indicators, and the effects of actions on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from wargame.scenario.model.annotations import (
    JUDGEMENT,
    ActorFormula,
    Choices,
    Number,
    Period,
    Positive,
    Signed,
    WorldFormula,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A named number of the world: `x(t) = baseline + (x0 - baseline) * 2**(-(t - t0) / half_life)`."""

    title: str
    scope: Annotated[str, Choices(("world", "government", "pair"))] = "world"
    """Whether there is one for the world, one for each government or one for each ordered pair of governments."""
    range: tuple[Number, Number] = (0.0, 1.0)
    """Its lowest and its highest value."""
    start: Number | dict[str, Number] = 0.0
    """One number, or one for each of `CHN` (government) or `CHN, PRK` (pair); `default` for the others."""
    baseline: Number | WorldFormula | dict[str, Number | WorldFormula] | None = None
    """Value to which it returns; its start by default. With a formula, the baseline follows other indicators."""
    half_life: Period | None = None
    """Half-life of the return to the baseline; without one the indicator keeps its value."""
    formula: WorldFormula | dict[str, WorldFormula] | None = None
    """Makes the indicator derived: an expression over others; `self` and `other` are its own indexes."""
    known: Annotated[str, Choices(("public", "own", "estimated"))] = "public"
    """Who knows it. public: all; own: only its (first) government; estimated: that government, and the others by
    estimate."""
    variance: Positive = 0.04
    """Variance of the others' first estimates, in shares of the range squared. `Agreement.proof` sets the variance at
    which an agreement is verified."""
    bias: Signed = 0.0
    """Bias of the others' first estimates, as a share of the range."""
    unit: str = ""
    """Its unit, as in tables and charts."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an action does to one indicator. A plain number is short for `{by: number}`."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("by", "to")
    SHORT: ClassVar[str] = "by"
    by: Number | ActorFormula | None = None
    """Share of the distance to the end of the range, upwards if positive, downwards if negative. Effects saturate."""
    to: Number | ActorFormula | None = None
    """The new value."""
