"""The pace of the running clock, and where it stops: how both are written and read."""

import re
from collections.abc import Iterable

from wargame.errors import UsageFault, nearest, shortened
from wargame.journal.wording import joined
from wargame.language.times import DAY, HOUR, MINUTE, format_duration, parse_duration
from wargame.scenario.model import ExercisePlan
from wargame.scenario.model.governments import LEADER
from wargame.simulation.control.lookup import read
from wargame.tables import tables

MOVES, INJECTS, DECISIONS, NOTHING = "moves", "injects", "decisions", "nothing"
STOPS = (MOVES, INJECTS, DECISIONS)
"""The places where the clock can stop by itself."""
USUAL_STOPS = frozenset({MOVES, INJECTS})
"""The places where it stops unless the facilitator chooses otherwise."""
LONG = 5 * MINUTE
"""A pace is written with the longest unit of game time that takes at most this many seconds of wall time. Judgement."""
UNITS = ((DAY, "1d"), (HOUR, "1h"), (MINUTE, "1m"))
_PACE = re.compile(r"\s*(.+?)\s*=\s*(.+?)\s*")
SeatKinds = tuple[tuple[str, str], ...]


def read_pace(text: str) -> float:
    """Return game seconds per second of wall time, from a text such as `1d=5s`."""
    match = _PACE.fullmatch(text)
    game, wall = (read(parse_duration, part) for part in match.groups()) if match else (0, 0)
    if not game or not wall:
        raise UsageFault("a pace is written GAME=WALL, such as 1d=5s")
    return game / wall


def read_wall(text: str) -> int:
    """Return seconds of wall time for the rest of the exercise, from a text such as `3h`."""
    seconds = read(parse_duration, text, "--wall")
    if not seconds:
        raise UsageFault("--wall: the wall time must be longer than 0, such as 3h")
    return seconds


def pace_text(pace: float) -> str:
    """Return a pace as it is written, to the second: `1d=1m 47s`; above one day per second, `3d=1s`."""
    if pace >= DAY:
        return f"{round(pace / DAY)}d=1s"
    unit, name = next(((u, n) for u, n in UNITS if u / pace <= LONG), UNITS[-1])
    return f"{name}={format_duration(max(1, round(unit / pace)))}"


def read_stops(words: Iterable[str]) -> list[str]:
    """Return where the clock is to stop, in the order of `STOPS`; UsageFault for anything else."""
    chosen = [word.lower() for text in words for word in text.split(",") if word]
    for word in chosen:
        if word not in (*STOPS, NOTHING):
            hint = nearest(word, [*STOPS, NOTHING]) or f"choose {', '.join(STOPS)} or {NOTHING}"
            raise UsageFault(f"the clock cannot stop at '{shortened(word, 40)}' ({hint})")
    if not chosen or (NOTHING in chosen and len(set(chosen)) > 1):
        raise UsageFault(f"choose {', '.join(STOPS)}, or {NOTHING} alone")
    return [stop for stop in STOPS if stop in chosen]


def stops_text(chosen: Iterable[str]) -> str:
    """Return a sentence on where the clock stops by itself."""
    words = tables("live/phrases.yaml")["stops"]
    parts = [words[stop] for stop in STOPS if stop in chosen]
    return f"The clock stops {joined(parts)}." if parts else "The clock does not stop by itself."


def planned_seats(plan: ExercisePlan | None, given: SeatKinds = ()) -> SeatKinds:
    """Return (government, kind) of each seat that the exercise lists; those in `given` replace them."""
    planned = {name: seat.player for name, seat in plan.seats.items()} if plan else {}
    return tuple((planned | dict(given)).items())


def planned_limits(plan: ExercisePlan | None, given: SeatKinds = ()) -> SeatKinds:
    """Return (government, limits) of each seat that does not have the limits of its leader; `given` replaces them."""
    planned = {name: seat.limits for name, seat in plan.seats.items()} if plan else {}
    return tuple((name, limits) for name, limits in (planned | dict(given)).items() if limits != LEADER)


def opening_lines(
    plan: ExercisePlan | None, pace: str | None = None, wall: str | None = None, *, moved: bool = False
) -> tuple[str, ...]:
    """Return the console commands with which the exercise begins.

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
