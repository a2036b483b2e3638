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
    """The government that reacts."""
    on: ActionPattern
    """Actions that trigger it."""
    when: OwnFormula | None = None
    """Condition for the reaction, by what the government knows."""
    does: OptionId
    """The option that it carries out."""
    to: (
        Annotated[
            str, Pattern(r"actor|[A-Za-z][A-Za-z0-9_\-]*", "a government, or `actor` for the one that did the action")
        ]
        | None
    ) = None
    """Towards whom it reacts, for an option with targets."""
    after: Duration = DAY
    """Time from learning of the action to the reaction."""
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
    """Whether it happens at most once."""
    action: ActionSpec | None = None
    """An action that it carries out."""
    effects: dict[Path, Effect] = field(default_factory=dict)
    """What it does to indicators."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An action answered by an action from the same list within a time, such as an attack answered by an attack."""

    options: tuple[OptionId, ...]
    """The options that count as the action and as the answer."""
    within: Period = 7 * DAY
    """Time in which the answer must follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A named condition with its time of first passage, counted from STARTEX.

    Exactly one of `when`, `action`, `exchange`.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("when", "action", "exchange")
    title: str
    when: WorldFormula | None = None
    """A condition that becomes true."""
    hold: Duration = 0
    """How long `when` must hold without interruption."""
    action: ActionPattern | None = None
    """An action that occurs."""
    exchange: Exchange | None = None
    """An action that is answered."""
    ends: bool = False
    """Ends the run."""
    audience: tuple[GovernmentId, ...] = ()
    """Governments that learn of it; all by default."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A dated event of the history."""

    id: Id
    """Its name in commands and in the journal."""
    at: Moment
    """When it happened."""
    mark: Annotated[str, Choices(("decided", "exogenous"))]
    """decided: replayed before STARTEX, left out after it; exogenous: happens in any case, if `when` is true."""
    title: str
    by: tuple[GovernmentId, ...] = ()
    """Who acted; several governments act together."""
    to: tuple[GovernmentId, ...] = ()
    """Towards whom."""
    option: OptionId | None = None
    """What was done."""
    success: bool = True
    """Whether the action succeeded."""
    effects: dict[Path, Effect] = field(default_factory=dict)
    """What it did to indicators."""
    leader: Annotated[str, Ref("leader")] | None = None
    """The leader who took office."""
    when: WorldFormula | None = None
    """Condition for an exogenous event to happen."""
    source: str = JUDGEMENT


RECORDED = {
    "forum": ("proposed", "convened", "suspended", "agreed"),
    "agreement": ("offered", "in_force", "verified", "broken"),
}
"""The numbers of formulas that a journal shows at any moment, by the kind of record that changes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absurdity:
    """Actions that a historian of the crisis would call absurd, for `wargame conduct`. They do not affect runs."""

    title: str
    """A verb phrase for tables, such as 'vetoes a resolution'."""
    action: ActionPattern
    """The actions."""
    when: WorldFormula | None = None
    """Condition just before the action, by what a journal shows: `count`, `days_since`, `leads`, `follows`, `yearly`,
    and the states of forums and agreements, such as `convened[FORUM]`."""
    source: str = JUDGEMENT
    """Why it is absurd: the precedents, or that it is a judgement."""
