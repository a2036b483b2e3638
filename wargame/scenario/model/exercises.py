"""Exercise files: one exercise with people, from the seats and the times of its moves to its objectives.

An exercise adds to a scenario what a facilitator decides: who plays, from when to when, how the hours in the room are
used, what is evaluated. The classes are mappings of the file, as in the whole package; `as_played` returns the scenario
as the exercise plays it.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from wargame.dataclasses import dataclass, field, replace
from wargame.language.times import Time
from wargame.scenario.model import annotations as values
from wargame.scenario.model.governments import LEADER, LIMITS, Role
from wargame.scenario.model.injects import Inject, Objective
from wargame.scenario.model.scenario import Scenario

MeasureFormula = Annotated[str, values.Formula("run")]
ClockStop = Annotated[str, values.Choices(("moves", "injects", "decisions", "nothing"))]
TimeOfDay = Annotated[str, values.Pattern(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", "a time of day, such as 13:30")]
ObjectiveId = Annotated[str, values.Ref("objective")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMove:
    """One move: a stretch of game time, and the time in the room that it takes."""

    title: str = ""
    game: values.Period
    """Its length in game time."""
    wall: values.Period
    """The time in the room, with the stops of the clock during the move. The time between moves is not part of it."""
    opening: str = ""
    """The words of the facilitator when the move begins. Players may hear them."""
    notes: str = ""
    """For the facilitator only: what to watch for, and what to do if nothing happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBreak:
    """A break after a move."""

    after: Annotated[int, values.Bounds(1, 1000)]
    """The number of the move, from 1."""
    wall: values.Period
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
    """The task of this person, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlan:
    """Who decides for a government, and what these people read before the exercise.

    Only the people in this seat read the texts: write nothing that their government may not know at STARTEX.
    """

    player: Annotated[str, values.Choices(("human", "model"))] = "human"
    """`model` leaves the government to the model, which is also what happens to governments that are not listed."""
    limits: Annotated[str, values.Choices(LIMITS)] = LEADER
    """Limits of the people in the seat: all of the leader, `law` (not the ladder), or `none`."""
    persons: tuple[SeatPost, ...] = ()
    """The people in the seat, in the order of the role sheet."""
    situation: str = ""
    """Replaces the situation on the role sheet of the scenario. With another STARTEX, that of the scenario is left
    out."""
    tasks: tuple[str, ...] = ()
    """Replaces the tasks on the role sheet of the scenario."""
    read_ahead: str = ""
    """Reading for this seat in the week before, in addition to its role sheet; an empty line begins a paragraph."""
    floor: values.Period | None = None
    """The time in the room that this seat has at least for what waits for it; that of the exercise if left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveMeasure:
    """How an evaluator finds out whether an objective is met."""

    title: str
    """The observation, such as 'Days from the test to the first call between allies'."""
    task: str = ""
    """The critical task to which it belongs, such as 'Inform allies before acting'; its target is the standard."""
    standard: str = ""
    """The result that counts as performed, such as 'at most 2 days'."""
    formula: MeasureFormula | None = None
    """A measure of the run, as in studies, such as `count(leader_phone_call, KOR)`."""

    @property
    def named(self) -> str:
        """The measure, after its critical task if it has one."""
        return f"{self.task}: {self.title}" if self.task else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedObjective:
    """An objective of the exercise: one of the scenario, or a new one, with its measures."""

    title: str = ""
    """Required for an objective that the scenario does not have; it replaces the title of one that it has."""
    capability: str = ""
    """The capability to which it belongs, as in the improvement plan of the review."""
    measures: tuple[ObjectiveMeasure, ...] = ()
    """How evaluators find out whether it is met."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEvaluator:
    """An evaluator, and what this person observes."""

    name: str
    """A name, or a function such as 'Evaluator 1'."""
    seats: tuple[values.GovernmentId, ...] = ()
    """The seats to observe; all if left out."""
    objectives: tuple[ObjectiveId, ...] = ()
    """The objectives to rate; all if left out."""
    watch: str = ""
    """The subject of observation, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Tasks of the facilitator and their times, in addition to the common ones of every exercise."""

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
    name: values.Id
    """The name by which commands call it."""
    title: str
    summary: str = ""
    """A paragraph for those who choose an exercise. Players read it too."""
    teaches: tuple[str, ...] = ()
    """Lessons for people, each a phrase."""
    scenario: str
    """The name of the scenario: in the folder of this file, in the one above, or built in."""
    injects: tuple[str, ...] = ()
    """Inject files: paths from this file, or built-in ones."""
    scenario_injects: bool = True
    """Whether the inject files of the scenario are played as well."""
    startex: values.Moment | None = None
    """A date; that of the scenario if left out."""
    until: values.Moment | None = None
    """ENDEX. By default the end of the last move, or of the scenario if there are no moves."""
    seed: Annotated[int, values.Bounds(0, 2**53)] = 1
    """Random seed."""
    wall: values.Period
    """The time in the room, from the briefing to the end of the hot wash."""
    begins: TimeOfDay | None = None
    """The time of day at which people meet; printed times count from 0:00 if it is left out."""
    briefing: values.Period | None = None
    """Time for the briefing before STARTEX."""
    hot_wash: values.Period | None = None
    """Time for the hot wash after ENDEX."""
    moves: tuple[PlannedMove, ...] = ()
    """The moves, in order."""
    breaks: tuple[PlannedBreak, ...] = ()
    """Breaks between moves."""
    stops: tuple[ClockStop, ...] = ("moves", "injects")
    """Where the clock stops by itself: at ends of moves, at injects that name a human seat, ask it questions or expect
    an action of it, or when a standing procedure is proposed to it, at decisions of human seats."""
    floor: values.Period = 90
    """The time in the room that people have at least for what waits for them, such as a proposed procedure or a demand.
    The running clock stops while they would have less, and goes on by itself."""
    seats: dict[values.GovernmentId, SeatPlan] = field(default_factory=dict)
    """Who decides for which government, by its id; the model decides for the others."""
    objectives: dict[values.Id, PlannedObjective] = field(default_factory=dict)
    """The objectives of the exercise; the scenario's if left out."""
    evaluators: tuple[PlannedEvaluator, ...] = ()
    """Who observes which seats."""
    read_ahead: str = ""
    """Reading for everybody in the week before; an empty line begins a paragraph."""
    checklist: Checklist = field(default_factory=Checklist)
    """Tasks of the facilitator, and their times."""
    sources: tuple[str, ...] = ()
    """Where the facts of the exercise are published."""


def as_played(scenario: Scenario, injects: Iterable[Inject], exercise: ExercisePlan) -> Scenario:
    """Return the scenario with what the exercise replaces. `D+n` then counts from the STARTEX of the exercise."""
    calendar = scenario.calendar
    moved = exercise.startex is not None and exercise.startex != calendar.startex
    roles = {name: replace(role, situation="") if moved else role for name, role in scenario.roles.items()}
    for name, seat in exercise.seats.items():
        role = roles.get(name, Role())
        roles[name] = replace(role, situation=seat.situation or role.situation, tasks=seat.tasks or role.tasks)
    return replace(
        scenario,
        title=exercise.title,
        summary=exercise.summary or scenario.summary,
        calendar=replace(
            calendar,
            startex=exercise.startex or calendar.startex,
            end=endex(exercise) or calendar.end,
            move=exercise.moves[0].game if exercise.moves else calendar.move,
        ),
        roles=dict(sorted(roles.items())),
        objectives=_objectives(scenario, injects, exercise),
    )


def endex(exercise: ExercisePlan) -> Time | None:
    """Return the ENDEX of the exercise: `until`, or the end of the last move; None for that of the scenario."""
    if exercise.until is not None or not exercise.moves:
        return exercise.until
    length = sum(move.game for move in exercise.moves)
    return Time(f"{length}s", offset=length)


def _objectives(scenario: Scenario, injects: Iterable[Inject], exercise: ExercisePlan) -> dict[str, Objective]:
    """Return the objectives of the exercise and those that its injects name; the scenario's if it has none."""
    if not exercise.objectives:
        return scenario.objectives
    named = {each.objective for each in injects} | {action.objective for each in injects for action in each.expected}
    kept = {name: spec for name, spec in scenario.objectives.items() if name in named or name in exercise.objectives}
    own = {name: _objective(kept.get(name), spec) for name, spec in exercise.objectives.items()}
    return dict(sorted((kept | own).items()))


def _objective(written: Objective | None, planned: PlannedObjective) -> Objective:
    before = written or Objective(title=planned.title)
    return replace(before, title=planned.title or before.title, capability=planned.capability or before.capability)
