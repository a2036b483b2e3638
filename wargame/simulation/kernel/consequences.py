"""Events of a run that have consequences, and the functions that each kind of event calls.

`Consequences` is filled once, by `exercise.py`, from the tables at its head. Nothing else adds a function to it.
A program that only watches a run adds its callbacks to `Exercise.observers`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, TypeVar

from wargame.scenario.model import ActionPattern, Inject, Option


@dataclass(slots=True, eq=False)
class Action:
    """An action that was carried out. Nothing changes it; not frozen, since that would make it slower to create.

    `option` is the id and `spec` the option itself, which differs from the one of the scenario if the white cell
    improvised the action. `weight` is its Goldstein weight times (1 + shock), as an observer without error perceives
    it. `noise` is whether signals of it carry random errors: only from STARTEX on. `source` is what caused it:
    `decision`, `plan`, `order`, `procedure`, `history`, `inject`, `hazard`, or for actions that only the white cell
    made possible, `forced` (an order) or `adjudicated`.
    """

    seq: int
    time: int
    actor: str
    option: str
    target: str | None
    weight: float
    success: bool
    ordinal: int
    noise: bool
    spec: Option
    source: str = ""

    def matches(self, pattern: ActionPattern) -> bool:
        """Return whether this is one of the actions of a pattern."""
        return pattern.fits(self.option, self.actor, self.target)


class Decision(NamedTuple):
    """An option that a government has decided on; its lead time begins. `seq` is the record of the decision."""

    actor: str
    option: str
    target: str | None
    seq: int

    def matches(self, pattern: ActionPattern) -> bool:
        """Return whether this is a decision on one of the actions of a pattern."""
        return pattern.fits(self.option, self.actor, self.target)


@dataclass(slots=True, eq=False)
class Signal:
    """What a government perceives of an action, when it learns of it. `seq` is the record of the signal.

    `weight` is the perceived weight, `salience` what it adds to the salience of the dossier of the option.
    """

    receiver: str
    action: Action
    weight: float
    surprise: float
    salience: float
    seq: int


class Release(NamedTuple):
    """An inject that was released by a trigger."""

    inject: Inject
    trigger: str
    seq: int


class ForumStep(NamedTuple):
    """A forum that took an event of its state table; `who` made the move, empty if time did."""

    forum: str
    event: str
    who: str


class HumanMeeting(NamedTuple):
    """A meeting at which a person decides. `causes` are the records that called it, the trigger first."""

    government: str
    dossier: str
    reason: str
    causes: list[int]


E = TypeVar("E")
Step = tuple[Callable[[E], None], Collection[object]]
"""A function that an event calls, and a container: it has nothing to do while the container is empty."""

Table = tuple[Callable[..., None], ...]
"""The consequences of one kind of event: methods of classes, in order."""
_ALWAYS = (True,)
"""The container of a function that may always have something to do."""


@cache
def owner_of(step: Callable[..., None]) -> str:
    """Return the name of the class that has this method."""
    return step.__qualname__.partition(".")[0]


def bind(step: Callable[..., None], part: object, needed: str | None) -> tuple[Callable[..., None], Collection[object]]:
    """Return the method of a part, and the container of the part with the name `needed`."""
    return getattr(part, step.__name__), getattr(part, needed) if needed else _ALWAYS


def follow(steps: tuple[Step[E], ...], event: E) -> None:
    """Call the functions of an event, in order, except those that have nothing to do."""
    for step, concerned in steps:
        if concerned:
            step(event)


@dataclass(slots=True)
class Consequences:
    """The functions that an event calls, in order. The tables in `exercise.py` say which they are.

    Those of an action are by its actor, those of a signal by its receiver.
    """

    of_action: Mapping[str, tuple[Step[Action], ...]] = field(default_factory=dict)
    of_decision: tuple[Step[Decision], ...] = ()
    of_dropped_order: tuple[Step[Decision], ...] = ()
    of_signal: Mapping[str, tuple[Step[Signal], ...]] = field(default_factory=dict)
    of_release: tuple[Step[Release], ...] = ()
    of_forum_step: tuple[Step[ForumStep], ...] = ()
    of_human_meeting: tuple[Step[HumanMeeting], ...] = ()


@dataclass(slots=True)
class Observers:
    """Callbacks of programs that watch a run and change nothing in it: append to a list, before the run is advanced."""

    actions: list[Callable[[Action], None]] = field(default_factory=list)
    releases: list[Callable[[Release], None]] = field(default_factory=list)
    forum_steps: list[Callable[[ForumStep], None]] = field(default_factory=list)

    def acted(self, action: Action) -> None:
        """Report an action."""
        for callback in self.actions:
            callback(action)

    def released(self, release: Release) -> None:
        """Report the release of an inject."""
        for callback in self.releases:
            callback(release)

    def stepped(self, step: ForumStep) -> None:
        """Report a step of a forum."""
        for callback in self.forum_steps:
            callback(step)
