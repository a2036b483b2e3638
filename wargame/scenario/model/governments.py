"""Dossiers, governments and their leaders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from wargame.language.times import DAY, HOUR
from wargame.scenario.model.annotations import (
    JUDGEMENT,
    Bounds,
    Count,
    DossierId,
    Duration,
    GovernmentId,
    Number,
    OptionId,
    Path,
    Period,
    Positive,
    Ref,
    Share,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A subject on which governments meet and decide."""

    title: str
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSettings:
    """How one government handles a dossier."""

    priority: Share = 0.5
    """Rank on the desk; waiting time raises it."""
    every: Period = 14 * DAY
    """Time between routine meetings."""
    work: Period = 8 * HOUR
    """Working time of the leadership that one meeting takes."""
    stake: Share = 0.5
    """How much actions without a target concern this government; scales salience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perception:
    """How a government learns of the actions of others."""

    delay: Duration = 6 * HOUR
    """Time from a public action to its signal; private and covert actions take three times as long."""
    noise: Positive = 0.5
    """Standard deviation of the perceived Goldstein weight."""
    detection: Share = 0.4
    """Probability of detecting a covert action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Government:
    """A state that makes decisions."""

    name: str
    """Its name where people read; its id is used where one types."""
    leader: Annotated[str, Ref("leader")]
    """In office at `calendar.start`."""
    dossiers: dict[DossierId, DossierSettings]
    """The subjects that it decides on, and how often."""
    perception: Perception = field(default_factory=Perception)
    """How it learns of the actions of others."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """The profile of a leadership: what it wants and how it chooses. An election or another inject can install it."""

    government: GovernmentId
    """The government that this leader leads."""
    title: str
    """The office held, and how this leader differs from the predecessor."""
    interests: dict[Path, Number]
    """Weight of each indicator over its whole range; positive if more is better, negative if less is."""
    regard: dict[GovernmentId, Number] = field(default_factory=dict)
    """Intrinsic value of an action of weight 10 towards that government."""
    leanings: dict[OptionId, Number] = field(default_factory=dict)
    """Score added to an option: habit, doctrine, earlier promises."""
    strategy: Annotated[str, Ref("strategy")] | None = None
    """The strategy in force when the leader takes office."""
    repertoire: tuple[Annotated[str, Ref("strategy")], ...] = ()
    """Strategies to which this leader may turn, besides the one in force (`rules.aspirations`)."""
    horizon: Period = 365 * DAY
    """H: how far ahead effects count."""
    rationality: Positive = 6.0
    """λ: how strongly better options are preferred."""
    threshold: Number = 0.15
    """How much better than waiting the best option must be for acting to have a probability of one half."""
    tempo: Period = 30 * DAY
    """τ: mean time to an action when acting is certain to be preferred."""
    reciprocity: Positive = 0.25
    """r: strength of the tendency to respond in kind."""
    loss_aversion: Annotated[float, Bounds(1.0, 10.0)] = 1.8
    """How much more a loss counts than an equal gain."""
    curvature: Annotated[float, Bounds(0.01, 1e6)] = 2.0
    """κ of the prospect value v(z) = z/(1 + |z|/κ): at a gain of κ the value is half of what it would be without
    curvature."""
    step: Count = 2
    """How many rungs above the present one this leader may climb at once."""
    source: str = JUDGEMENT
