"""What the events of a chronology are in the model: from kinds of dated events to actions, steps of forums and injects.

It changes no run, so it does not count in the hash of the scenario. As in `model`, every class is one mapping of the
YAML files and every field one key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from wargame.scenario.model.annotations import Choices, GovernmentId, Id, OptionId, Pattern, Ref

JUDGEMENT = "judgement"
STEPS = (
    "propose", "commit", "dilute", "decline", "convene", "veto", "lapse", "round", "agree", "suspend", "exhaust",
    "return", "reopen", "leave",
)  # fmt: skip
Cameo = Annotated[str, Pattern(r"\d{1,4}", "the first one to four digits of a CAMEO event code")]
Actor = Annotated[str, Pattern(r"[A-Za-z][A-Za-z0-9_\-]*", "a government, or a name of `events.names`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsOf:
    """Actions that count: any of these options, by and to any of these governments (any if left out)."""

    options: tuple[OptionId, ...]
    by: tuple[GovernmentId, ...] = ()
    to: tuple[GovernmentId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOf:
    """A step of a forum that counts."""

    forum: Annotated[str, Ref("forum")]
    step: Annotated[str, Choices(STEPS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """A kind of event that futures are scored by, and what it is in the model."""

    title: str
    kinds: tuple[Id, ...] = ()
    """The kinds of a chronology that count as it; its own id if left out."""
    cameo: tuple[Cameo, ...] = ()
    """Only events whose CAMEO code begins with one of these; any if left out."""
    actors: tuple[Actor, ...]
    """Whose events are scored, each on its own. Steps of forums and injects count for each of them."""
    together: bool = False
    """The actors are one series: an event of any of them counts once."""
    mutual: bool = False
    """Both sides of an action or an event are its actors, as of a visit; if not, only the one that does it."""
    actions: tuple[ActionsOf, ...] = ()
    steps: tuple[StepOf, ...] = ()
    injects: tuple[Annotated[str, Ref("inject")], ...] = ()
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """How a chronology of the crisis is read."""

    kinds: dict[Id, EventKind] = field(default_factory=dict)
    names: dict[Id, str] = field(default_factory=dict)
    """Actors of chronologies that are no governments of the scenario, with who they are."""
    unscored: dict[Id, str] = field(default_factory=dict)
    """Kinds of a chronology that nothing in the model answers to, with the reason."""
