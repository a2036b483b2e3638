"""Writes a plan as an exercise file, with comments for its author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wargame.language.times import format_duration
from wargame.scenario.model import ExercisePlan, Scenario
from wargame.sheets.yaml_values import plain_or_quoted

HEAD = """\
# An exercise, as proposed by wargame plan. Change what you like and check it with wargame validate.
# docs/reference/exercise-files.md explains every key.
"""


def exercise_text(plan: ExercisePlan, scenario: Scenario, until: str | None = None) -> str:
    """Return the file; `until` is the ENDEX as it was typed, by default that of the last move."""
    return "\n".join((HEAD + "format: wargame-exercise/1", *_lines(plan, scenario, until))) + "\n"


def _lines(plan: ExercisePlan, scenario: Scenario, until: str | None) -> Iterator[str]:
    yield f"name: {plan.name}"
    yield f"title: {plain_or_quoted(plan.title)}"
    yield f"scenario: {plan.scenario}"
    if plan.injects:
        yield f"injects: [{', '.join(plain_or_quoted(name, in_flow=True) for name in plan.injects)}]"
    if not plan.scenario_injects:
        yield "scenario_injects: false  # only the injects above are played"
    for key, written in (("startex", plan.startex.text if plan.startex else None), ("until", until)):
        if written is not None:
            yield f"{key}: {plain_or_quoted(written)}"
    yield f"seed: {plan.seed}"
    yield f"wall: {format_duration(plan.wall)}  # the time in the room, with briefing, breaks and hot wash"
    yield f"briefing: {format_duration(plan.briefing or 0)}"
    yield f"hot_wash: {format_duration(plan.hot_wash or 0)}"
    yield ""
    yield "# game: the length of a move in the game; wall: in the room, without the time between moves."
    yield "# opening: what you read aloud when it begins; notes: for you alone."
    yield "moves:"
    for number, move in enumerate(plan.moves, start=1):
        yield (
            f"  - {{title: Move {number}, game: {format_duration(move.game)}, wall: {format_duration(move.wall)}, "
            'opening: "", notes: ""}'
        )
    if plan.breaks:
        yield "breaks:"
        yield from (f"  - {{after: {each.after}, wall: {format_duration(each.wall)}}}" for each in plan.breaks)
    yield f"stops: [{', '.join(plan.stops)}]"
    yield f"floor: {format_duration(plan.floor)}  # in the room, at least, for what waits for a person"
    yield ""
    yield "# Governments that are not listed are decided by the model. read_ahead: what only this seat reads."
    yield "seats:"
    for name, seat in plan.seats.items():
        yield f"  {name}:  # {scenario.governments[name].name}"
        yield "    persons:"
        for post in seat.persons:
            yield f"      - {_flow({'role': post.role, 'person': post.person, 'tasks': post.tasks})}"
        yield '    read_ahead: ""'
    if plan.objectives:
        yield ""
        yield "objectives:"
        for name, objective in plan.objectives.items():
            yield f"  {name}:  # {scenario.objectives[name].title}"
            yield "    measures:" if objective.measures else "    measures: []"
            for measure in objective.measures:
                yield f"      - {_flow({'title': measure.title, 'standard': measure.standard})}"
    yield ""
    yield '# Such as {name: Evaluator 1, seats: [A], watch: "How the team decides."}'
    yield "evaluators: []"
    yield 'read_ahead: ""  # what everybody reads in the week before'


def _flow(values: Mapping[str, Any]) -> str:
    parts = (
        f"{key}: {plain_or_quoted(value, in_flow=True) if value else chr(34) * 2}" for key, value in values.items()
    )
    return f"{{{', '.join(parts)}}}"
