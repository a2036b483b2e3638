"""What an exercise file decides when its live exercise begins: the seats, the pace and the stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.live.session.pace import USUAL_STOPS

if TYPE_CHECKING:
    from wargame.scenario.model import ExercisePlan

Seats = tuple[tuple[str, str], ...]


def planned_seats(plan: ExercisePlan | None, given: Seats = ()) -> Seats:
    """(government, kind) of each seat that the exercise lists; those in `given` replace them."""
    planned = {name: seat.player for name, seat in plan.seats.items()} if plan else {}
    return tuple((planned | dict(given)).items())


def opening_lines(
    plan: ExercisePlan | None, pace: str | None = None, wall: str | None = None, *, moved: bool = False
) -> tuple[str, ...]:
    """The console commands with which the exercise begins.

    `pace` or `wall` replace the wall times of the moves. With `moved` (another STARTEX or ENDEX), the moves do not fit,
    and the clock has no pace.
    """
    lines = [f"pace {pace}"] if pace else [f'pace --wall "{wall}"'] if wall else []
    if plan is None:
        return tuple(lines)
    if not lines and plan.moves and not moved:
        lines = ["pace --moves"]
    if frozenset(plan.stops) != USUAL_STOPS:
        lines.append(f"stop at {' '.join(plan.stops)}")
    return tuple(lines)
