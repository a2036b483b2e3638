"""Strategies: what a government favours, demands, offers and threatens, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from wargame.language.times import DAY
from wargame.scenario.model.annotations import (
    JUDGEMENT,
    Duration,
    GovernmentId,
    Id,
    Number,
    OptionId,
    OwnFormula,
    Path,
    Period,
    Ref,
)
from wargame.scenario.model.indicators import Effect


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
    stakes: dict[Path, Effect] = field(default_factory=dict)
    """What compliance preserves besides the inducement and the threat, in the eyes of the addressee: effects on other
    matters that the demand is linked to, such as trade. They enter its scores alone and change no indicator."""
    within: Period = 90 * DAY
    """Deadline, counted from when the demand is made."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class StageExit:
    """A way out of a stage, to another stage or another strategy. The first one that is open is taken, at a meeting."""

    when: OwnFormula | None = None
    """Condition that opens it, such as that the aim is met, the cost too high or an offer better."""
    after: Duration = 0
    """How long the stage must have lasted."""
    to: Annotated[str, Ref("strategy")] | None = None
    """The strategy to which it leads; the same by default."""
    stage: Id | None = None
    """The stage to which it leads; the first by default."""
    why: str = ""
    """The reason, as it appears in the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a strategy."""

    name: str
    """What the stage is called in the journal."""
    favours: dict[str, Number] = field(default_factory=dict)
    """Score that the strategy adds, for each `option` or `option TARGET`."""
    demands: tuple[Demand, ...] = ()
    """Made by options with `demands: true`, to the target of that action."""
    until: OwnFormula | None = None
    """Condition that moves the strategy to its next stage."""
    exits: tuple[StageExit, ...] = ()
    """Other ways out of the stage; they are tried before `until`."""
    interests: dict[Path, Number] = field(default_factory=dict)
    """Weights of the leader's interests that differ while the stage lasts, as after a completed programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A policy as data: what it favours, demands and offers, stage by stage."""

    title: str
    stages: tuple[Stage, ...]
    """Its stages, in order; a strategy begins with the first."""
    aim: OwnFormula | None = None
    """What the strategy is for; its change over a window is the strategy's progress (`rules.aspirations`)."""
    floor: Number = 0.0
    """Progress below which no leader's aspiration falls, so that constant failure is not accepted."""
    appeal: OwnFormula | None = None
    """Score of the strategy when a leader searches for one, in units of score."""
    source: str = JUDGEMENT
