"""Strategies: what a government favours, demands, offers and threatens, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, field

from wargame.language.times import DAY
from wargame.scenario.model.annotations import JUDGEMENT, GovernmentId, Number, OptionId, OwnFormula, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a government demands of another, and what it promises and threatens."""

    of: GovernmentId
    """The addressee."""
    wants: tuple[OptionId, ...]
    """Any of these options, taken by the addressee within `within`, meets the demand."""
    inducement: OptionId | None = None
    """What the sender promises to do if the demand is met."""
    threat: OptionId | None = None
    """What the sender threatens to do if it is not met."""
    within: Period = 90 * DAY
    """Deadline, counted from when the demand is made."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a strategy."""

    name: str
    favours: dict[str, Number] = field(default_factory=dict)
    """Score that the strategy adds, for each `option` or `option TARGET`."""
    demands: tuple[Demand, ...] = ()
    """Made by options with `demands: true`, to the target of that action."""
    until: OwnFormula | None = None
    """Condition that moves the strategy to its next stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A policy as data: what it favours, demands and offers, stage by stage."""

    title: str
    stages: tuple[Stage, ...]
    source: str = JUDGEMENT
