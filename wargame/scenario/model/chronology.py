"""How kinds of dated events of a chronology map to actions, steps of forums and injects.

None of this changes a run, so it is not part of the scenario's hash. As in the whole package, every class is one
mapping of the YAML files and every field one key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from wargame.scenario.model.annotations import JUDGEMENT, Choices, GovernmentId, Id, OptionId, Pattern, Ref

STEPS = (
    "propose", "commit", "dilute", "decline", "convene", "veto", "lapse", "round", "agree", "suspend", "exhaust",
    "return", "reopen", "leave", "state", "delay", "issue", "block",
)  # fmt: skip
Cameo = Annotated[str, Pattern(r"\d{1,4}", "the first one to four digits of a CAMEO event code")]
Actor = Annotated[str, Pattern(r"[A-Za-z][A-Za-z0-9_\-]*", "a government, or a name of `events.names`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsOf:
    """Actions that count: with any of these options, by and to any of these governments (any if left out)."""

    options: tuple[OptionId, ...]
    """The options that count."""
    by: tuple[GovernmentId, ...] = ()
    """The actors that count."""
    to: tuple[GovernmentId, ...] = ()
    """The targets that count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOf:
    """A step of a forum that counts."""

    forum: Annotated[str, Ref("forum")]
    """The forum."""
    step: Annotated[str, Choices(STEPS)]
    """The step that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """A kind of event on which forecasts are scored, and its equivalent in the model."""

    title: str
    kinds: tuple[Id, ...] = ()
    """Kinds of a chronology that belong to it; its own id by default."""
    cameo: tuple[Cameo, ...] = ()
    """Only events whose CAMEO code begins with one of these; any if left out."""
    actors: tuple[Actor, ...]
    """Governments or other actors, each scored separately. Steps of forums and injects count for all of them."""
    together: bool = False
    """All actors form one series, in which an event of any of them counts once."""
    mutual: bool = False
    """Count an event for both sides, as for a visit; otherwise only for the actor."""
    among: bool = False
    """Count only events whose actors and targets are all among `actors`, so that an agreement of one of two allies with
    a third government is not taken for a step of the two."""
    actions: tuple[ActionsOf, ...] = ()
    """Actions of the model that correspond to it."""
    steps: tuple[StepOf, ...] = ()
    """Steps of forums that correspond to it."""
    injects: tuple[Annotated[str, Ref("inject")], ...] = ()
    """Injects whose release corresponds to it."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """How a chronology of dated events is read."""

    kinds: dict[Id, EventKind] = field(default_factory=dict)
    """Kinds of events, by id."""
    names: dict[Id, str] = field(default_factory=dict)
    """Actors of chronologies that are not governments of the scenario, with their names."""
    unscored: dict[Id, str] = field(default_factory=dict)
    """Kinds of a chronology without an equivalent in the model, with the reason."""
