"""The moves of an exercise for the facilitator: the timetable in both clocks, and the texts of the current move."""

from collections.abc import Iterator

from wargame.errors import UsageFault
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.live.console.console import Console
from wargame.live.timetable import MOVE, TimetableRow, clock_text, timetable
from wargame.scenario.model import ExercisePlan
from wargame.sentence import Name


def moves_view(console: Console) -> list[str]:
    """The timetable with the current move marked, its opening and its notes. UsageFault without an exercise file."""
    plan = console.session.loaded.exercise
    if plan is None or not plan.moves:
        also = Name("; status shows the clock")
        raise UsageFault("there is no exercise file with moves (wargame plan makes one)", also)
    return list(_lines(console, plan))


def _lines(console: Console, plan: ExercisePlan) -> Iterator[str]:
    exercise, current = console.exercise, console.wall.ended_move or console.wall.move
    for row in timetable(plan, exercise.calendar):
        mark = "*" if row.kind == MOVE and row.number == current and not exercise.done else " "
        room = f"{clock_text(plan, row.wall_start)} to {clock_text(plan, row.wall_end)}"
        yield f"{mark} {room:<14}  {clean(row.title)}{_game(console, row)}"
    if current <= len(plan.moves) and not exercise.done:
        move = plan.moves[current - 1]
        yield from ([f"Say: {clean(move.opening)}"] if move.opening else [])
        yield from ([f"Watch: {clean(move.notes)}"] if move.notes else [])


def _game(console: Console, row: TimetableRow) -> str:
    if row.end == row.start:
        return ""
    minute = console.exercise.calendar.minute
    return f", {minute(row.start)} to {minute(row.end)}"


def after_move(console: Console, number: int) -> str:
    """Return what is planned after a move, as a sentence; empty without an exercise file."""
    after = part_after(console, number)
    return f"Then: {part_text(after)}." if after is not None else ""


def part_after(console: Console, number: int) -> TimetableRow | None:
    """Return what is planned after a move: a break, the next move, or the hot wash; None without an exercise file."""
    plan = console.session.loaded.exercise
    if plan is None or not 1 <= number <= len(plan.moves):
        return None
    rows = timetable(plan, console.exercise.calendar)
    place = next(i for i, row in enumerate(rows) if row.kind == MOVE and row.number == number)
    return rows[place + 1] if place + 1 < len(rows) else None


def part_text(row: TimetableRow) -> str:
    """Return the title of a part of the timetable and its length in the room."""
    return f"{clean(row.title)}, {format_duration(row.wall_end - row.wall_start)}"
