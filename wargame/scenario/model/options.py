"""Options: what governments may do, and how actions are described and matched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from wargame.language.times import DAY
from wargame.scenario.model.annotations import (
    JUDGEMENT,
    ActionPath,
    ActorFormula,
    Bounds,
    Choices,
    DossierId,
    Duration,
    GovernmentId,
    Number,
    OptionId,
    Pattern,
    Positive,
    Ref,
    Share,
)
from wargame.scenario.model.indicators import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """Prior probabilities of the target's responses; they are normalised."""

    comply: Share = 0.1
    """That the target does what the action asks for."""
    ignore: Share = 0.7
    """That the target does not respond."""
    retaliate: Share = 0.2
    """That the target responds in kind."""


MOVES = ("propose", "accept", "decline", "dilute", "veto", "state", "delay", "leave", "return")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumMove:
    """What an action does in a forum."""

    name: Annotated[str, Ref("forum")]
    """The forum."""
    move: Annotated[str, Choices(MOVES)]
    """`state` supports a statement in place of a council's draft, `delay` keeps a council from deciding for a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMove:
    """What an action does to an agreement."""

    name: Annotated[str, Ref("agreement")]
    """The agreement."""
    move: Annotated[str, Choices(("offer", "accept", "verify", "break", "withdraw"))]
    """What the actor does with its terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that a government may do. Once done, it is an action."""

    title: str
    """A verb phrase that follows the actor's name, such as 'tests a long-range missile'."""
    dossier: DossierId
    """The subject to which it belongs."""
    by: tuple[GovernmentId, ...]
    """Governments that may do it."""
    to: tuple[GovernmentId, ...] = ()
    """Possible targets; if empty, the action has no target."""
    cameo: Annotated[
        str,
        Pattern(
            r"(0[1-9]|1\d|20)\d{0,2}", "a CAMEO event code, such as 173: a root from 01 to 20 and up to two more digits"
        ),
    ]
    goldstein: Annotated[float, Bounds(-10.0, 10.0)]
    """Goldstein weight, from -10 (most hostile) to 10 (most friendly)."""
    shock: Annotated[float, Bounds(-1.0, 3.0)] = 0.0
    """The perceived weight is goldstein·(1 + shock). It separates actions with equal Goldstein weights, such as an
    exercise and a nuclear test."""
    severity: Annotated[float, Bounds(-2.0, 60.0)] = 0.0
    """Degree of escalation, by the classes of Rivera et al. 2024: de-escalation -2, status quo 0, posturing 4 (also
    exercises), non-violent escalation 12 (also public criticism), violent 28, nuclear 60. Only reviews and measures
    use it."""
    rung: Annotated[int, Bounds(0, 10)] = 0
    """Rung on the scenario's own escalation ladder."""
    kahn: Annotated[int, Bounds(0, 44)] = 0
    """Kahn's rung; only reported."""
    lead: tuple[Duration, Duration, Duration] = (0, DAY, 3 * DAY)
    """Least, likeliest and most time from decision to action."""
    milestones: tuple[Duration, ...] = ()
    """Times after the decision at which an order is reviewed, ascending and before the longest lead time, in place of
    the parts of `rules.reviews`."""
    cool_down: Duration = 14 * DAY
    """Time after the action in which the actor cannot repeat it towards the same target."""
    requires: ActorFormula | None = None
    """Condition for the option to be available, evaluated with what the actor believes."""
    cost: Positive = 0.05
    """Effort and risk, in units of score."""
    value: ActorFormula | None = None
    """Value to the actor that no indicator carries, in units of score."""
    effects: dict[ActionPath, Effect] = field(default_factory=dict)
    """What it does to indicators when it succeeds."""
    chance: Number | ActorFormula = 1.0
    """Probability of success; it may depend on the actor's capabilities."""
    failure: dict[ActionPath, Effect] = field(default_factory=dict)
    """Effects in place of `effects` when the action fails."""
    responses: Responses = field(default_factory=Responses)
    """How its target is expected to respond."""
    comply: dict[ActionPath, Effect] = field(default_factory=dict)
    """What the actor expects compliance to bring, in addition to `effects`."""
    retaliate: dict[ActionPath, Effect] = field(default_factory=dict)
    """What the actor expects retaliation to bring, in addition to `effects`."""
    loss: Positive = 0.3
    """Cost of retaliation to the actor, in units of score."""
    visibility: Annotated[str, Choices(("public", "private", "covert"))] = "public"
    """Who perceives it. public: all; private: actor and target; covert: governments that detect it."""
    reports: dict[ActionPath, Positive] = field(default_factory=dict)
    """Estimated indicators that the action reveals, with the variance of the report."""
    agenda: dict[DossierId, Positive] = field(default_factory=dict)
    """Dossiers that the action raises with actor and target, with the salience added to each."""
    demands: bool = False
    """The action makes the demands of the actor's strategy to its target."""
    forum: ForumMove | None = None
    """What it does in a forum."""
    agreement: TermMove | None = None
    """What it does to an agreement."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPattern:
    """Matches actions with any of these options, by and to any of these governments (any if left out)."""

    options: tuple[OptionId, ...]
    """The options that match."""
    by: tuple[GovernmentId, ...] = ()
    """The actors that match."""
    to: tuple[GovernmentId, ...] = ()
    """The targets that match."""

    def fits(self, option: str, by: str, to: str | None) -> bool:
        """Return whether an action matches; an empty list of governments matches any."""
        return option in self.options and (not self.by or by in self.by) and (not self.to or to in self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """An action that an inject, a procedure, a hazard or the history carries out."""

    option: OptionId
    """What is done."""
    by: GovernmentId
    """Who does it."""
    to: GovernmentId | None = None
    """Towards whom, for an option with targets."""
