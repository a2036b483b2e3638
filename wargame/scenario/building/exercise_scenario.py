"""The scenario as an exercise plays it: with its title, calendar, role sheets and objectives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wargame.language.times import Time
from wargame.scenario.model import ExercisePlan, Inject, Objective, PlannedObjective, Role, Scenario


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
    """ENDEX as the exercise has it: `until`, or the end of the last move; None for that of the scenario."""
    if exercise.until is not None or not exercise.moves:
        return exercise.until
    length = sum(move.game for move in exercise.moves)
    return Time(f"{length}s", offset=length)


def _objectives(scenario: Scenario, injects: Iterable[Inject], exercise: ExercisePlan) -> dict[str, Objective]:
    """Return those of the exercise, and those that its injects name; those of the scenario if it has none."""
    if not exercise.objectives:
        return scenario.objectives
    named = {each.objective for each in injects} | {action.objective for each in injects for action in each.expected}
    kept = {name: spec for name, spec in scenario.objectives.items() if name in named or name in exercise.objectives}
    own = {name: _objective(kept.get(name), spec) for name, spec in exercise.objectives.items()}
    return dict(sorted((kept | own).items()))


def _objective(written: Objective | None, planned: PlannedObjective) -> Objective:
    before = written or Objective(title=planned.title)
    return replace(before, title=planned.title or before.title, capability=planned.capability or before.capability)
