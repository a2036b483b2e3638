"""Events without a meeting, outcomes and the history: procedures, hazards, outcomes, history rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from wargame.language.times import DAY
from wargame.scenario.model.annotations import (
    JUDGEMENT,
    Bounds,
    Choices,
    Duration,
    GovernmentId,
    Id,
    Moment,
    OptionId,
    OwnFormula,
    Path,
    Pattern,
    Period,
    Ref,
    Share,
    WorldFormula,
)
from wargame.scenario.model.indicators import Effect
from wargame.scenario.model.options import ActionPattern, ActionSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A standing procedure: a government's reaction without a meeting."""

    title: str
    government: GovernmentId
    on: ActionPattern
    """Actions that trigger it."""
    when: OwnFormula | None = None
    does: OptionId
    to: (
        Annotated[
            str, Pattern(r"actor|[A-Za-z][A-Za-z0-9_\-]*", "a government, or `actor` for the one that did the action")
        ]
        | None
    ) = None
    after: Duration = DAY
    chance: Share = 1.0
    """Probability that it reacts."""
    cool_down: Duration = 14 * DAY
    """Time after a reaction in which it does not react again."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A random event whose rate depends on the state of the world (thinning against `bound`)."""

    title: str
    rate: WorldFormula
    """Events per year."""
    bound: Annotated[float, Bounds(1e-6, 1000.0)]
    """Upper bound of the rate. A higher rate is an error of the scenario and is reported in the journal."""
    once: bool = False
    action: ActionSpec | None = None
    effects: dict[Path, Effect] = field(default_factory=dict)
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An action answered by an action from the same list within a time, such as an attack answered by an attack."""

    options: tuple[OptionId, ...]
    within: Period = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A named condition with its time of first passage, counted from STARTEX.

    Exactly one of `when`, `action`, `exchange`.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("when", "action", "exchange")
    title: str
    when: WorldFormula | None = None
    hold: Duration = 0
    """How long `when` must hold without interruption."""
    action: ActionPattern | None = None
    exchange: Exchange | None = None
    ends: bool = False
    """Ends the run."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A dated event of the history."""

    id: Id
    at: Moment
    mark: Annotated[str, Choices(("decided", "exogenous"))]
    """decided: replays only before STARTEX; exogenous: happens whatever STARTEX is, if `when` is true."""
    title: str
    by: tuple[GovernmentId, ...] = ()
    to: tuple[GovernmentId, ...] = ()
    option: OptionId | None = None
    success: bool = True
    effects: dict[Path, Effect] = field(default_factory=dict)
    leader: Annotated[str, Ref("leader")] | None = None
    when: WorldFormula | None = None
    source: str = JUDGEMENT
