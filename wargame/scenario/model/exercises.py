"""Exercise files: one exercise with people, from the seats and the times of its moves to its objectives.

An exercise adds to a scenario what a facilitator decides: who plays, from when to when, how the hours in the room are
used, what is evaluated. The classes are mappings of the file, as in the whole package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from wargame.scenario.model.annotations import (
    JUDGEMENT,
    Bounds,
    Choices,
    Formula,
    GovernmentId,
    Id,
    Moment,
    Pattern,
    Period,
    Ref,
)

MeasureFormula = Annotated[str, Formula("run")]
ObjectiveId = Annotated[str, Ref("objective")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMove:
    """One move: a stretch of game time, and the time in the room that it takes."""

    title: str = ""
    game: Period
    """Its length in game time."""
    wall: Period
    """The time in the room, with the stops of the clock during the move. The time between moves is not part of it."""
    opening: str = ""
    """What the facilitator says when the move begins. Players may hear it."""
    notes: str = ""
    """For the facilitator only: what to watch for, and what to do if nothing happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBreak:
    """A break after a move."""

    after: Annotated[int, Bounds(1, 1000)]
    """The number of the move, from 1."""
    wall: Period
    """Its length."""
    title: str = "Break"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPost:
    """One person in a seat: the role within the team, and who takes it."""

    role: str
    """Such as 'Head of the team' or 'Note taker'."""
    person: str = ""
    """The name of the person, once it is known."""
    tasks: str = ""
    """What this person does, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlan:
    """Who decides for a government, and what these people read before the exercise.

    Only the people in this seat read the texts: write nothing that their government may not know at STARTEX.
    """

    player: Annotated[str, Choices(("human", "model"))] = "human"
    """`model` leaves the government to the model, which is also what happens to governments that are not listed."""
    persons: tuple[SeatPost, ...] = ()
    """The people in the seat, in the order of the role sheet."""
    situation: str = ""
    """Replaces the situation on the role sheet of the scenario. With another STARTEX, that of the scenario is left
    out."""
    tasks: tuple[str, ...] = ()
    """Replaces the tasks on the role sheet of the scenario."""
    read_ahead: str = ""
    """What this seat reads in the week before, in addition to its role sheet; an empty line begins a paragraph."""
    floor: Period | None = None
    """The time in the room that this seat has at least for what waits for it; that of the exercise if left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveMeasure:
    """How an evaluator finds out whether an objective is met."""

    title: str
    """What is observed, such as 'Days from the test to the first call between allies'."""
    standard: str = ""
    """The result that counts as performed, such as 'at most 2 days'."""
    formula: MeasureFormula | None = None
    """A measure of the run, as in studies, such as `count(leader_phone_call, KOR)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedObjective:
    """An objective of the exercise: one of the scenario, or a new one, with its measures."""

    title: str = ""
    """Required for an objective that the scenario does not have; it replaces the title of one that it has."""
    capability: str = ""
    """The capability to which it belongs, as in the improvement plan of the review."""
    measures: tuple[ObjectiveMeasure, ...] = ()
    """How evaluators find out whether it is met."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEvaluator:
    """An evaluator, and what this person observes."""

    name: str
    """A name, or a function such as 'Evaluator 1'."""
    seats: tuple[GovernmentId, ...] = ()
    """The seats to observe; all if left out."""
    objectives: tuple[ObjectiveId, ...] = ()
    """The objectives to rate; all if left out."""
    watch: str = ""
    """What to look at, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What the facilitator does and when, in addition to what the program lists for every exercise."""

    week_before: tuple[str, ...] = ()
    """In the week before."""
    on_the_day: tuple[str, ...] = ()
    """On the day, before people arrive."""
    during: tuple[str, ...] = ()
    """While the exercise runs."""
    after: tuple[str, ...] = ()
    """After the hot wash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExercisePlan:
    """An exercise: a scenario with its seats, its times in the game and in the room, and its objectives."""

    format: Literal["wargame-exercise/1"] = "wargame-exercise/1"
    name: Id
    """The name by which commands call it."""
    title: str
    summary: str = ""
    """A paragraph for those who choose an exercise. Players read it too."""
    teaches: tuple[str, ...] = ()
    """What people learn from it, each a phrase."""
    scenario: str
    """The name of the scenario: in the folder of this file, in the one above, or built in."""
    injects: tuple[str, ...] = ()
    """Inject files: paths from this file, or built-in ones."""
    scenario_injects: bool = True
    """Whether the inject files of the scenario are played as well."""
    startex: Moment | None = None
    """A date; that of the scenario if left out."""
    until: Moment | None = None
    """ENDEX. By default the end of the last move, or of the scenario if there are no moves."""
    seed: Annotated[int, Bounds(0, 2**53)] = 1
    """Random seed."""
    wall: Period
    """The time in the room, from the briefing to the end of the hot wash."""
    begins: Annotated[str, Pattern(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", "a time of day, such as 13:30")] | None = None
    """The time of day at which people meet; printed times count from 0:00 if it is left out."""
    briefing: Period | None = None
    """Time for the briefing before STARTEX."""
    hot_wash: Period | None = None
    """Time for the hot wash after ENDEX."""
    moves: tuple[PlannedMove, ...] = ()
    """The moves, in order."""
    breaks: tuple[PlannedBreak, ...] = ()
    """Breaks between moves."""
    stops: tuple[Annotated[str, Choices(("moves", "injects", "decisions", "nothing"))], ...] = ("moves", "injects")
    """Where the clock stops by itself: at ends of moves, at injects that name a human seat, ask it questions or expect
    an action of it, or when a standing procedure is proposed to it, at decisions of human seats."""
    floor: Period = 90
    """The time in the room that people have at least for what waits for them, such as a proposed procedure or a demand.
    The running clock stops while they would have less, and goes on by itself."""
    seats: dict[GovernmentId, SeatPlan] = field(default_factory=dict)
    """Who decides for which government, by its id; the model decides for the others."""
    objectives: dict[Id, PlannedObjective] = field(default_factory=dict)
    """The objectives of the exercise; those of the scenario if left out."""
    evaluators: tuple[PlannedEvaluator, ...] = ()
    """Who observes which seats."""
    read_ahead: str = ""
    """What everybody reads in the week before; an empty line begins a paragraph."""
    checklist: Checklist = field(default_factory=Checklist)
    """What the facilitator does, and when."""
    sources: tuple[str, ...] = ()
    """Where the facts of the exercise are published."""
