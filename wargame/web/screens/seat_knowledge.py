"""The knowledge of a seat, with small pictures; also at a moment in its past."""

from collections.abc import Sequence
from typing import Any

from wargame.language.times import DAY
from wargame.seat.brief import Brief
from wargame.seat.interests import KnownValue, MonthlyValues, monthly_values
from wargame.web.screens.clocks import moment
from wargame.web.screens.seat_inbox import items_of
from wargame.web.viewer import Viewer

WIDTH, HEIGHT = 200, 40
MARGIN = 6


def gauge(value: float, deviation: float, low: float, high: float) -> dict[str, float]:
    """Return where a value is in its range, in units of the picture; what is beyond the range is at its end.

    `at` is the value; the band from `left` is one standard deviation to each side.
    """
    left, right = _place(value - deviation, low, high), _place(value + deviation, low, high)
    return {"at": _place(value, low, high), "left": left, "width": round(right - left, 1)}


def _place(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(MARGIN + (WIDTH - 2 * MARGIN) * min(1.0, max(0.0, share)), 1)


def course(values: Sequence[tuple[int, float]], low: float, high: float) -> dict[str, Any] | None:
    """Return the course of (second, value): the `points` of a line, and `x` and `y` of its last one.

    Its height is at least a fifth of the range. None for fewer than 3 points.
    """
    if len(values) < 3 or values[-1][0] <= values[0][0]:
        return None
    first, last = values[0][0], values[-1][0]
    least, most = min(value for _, value in values), max(value for _, value in values)
    room = max(0.0, 0.2 * (high - low) - (most - least)) / 2
    low, high = least - room, most + room
    points = []
    for t, value in values:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (t - first) / (last - first)
        share = (value - low) / (high - low) if high > low else 0.5
        points.append((round(x, 1), round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share, 1)))
    return {"points": " ".join(f"{x:g},{y:g}" for x, y in points), "x": points[-1][0], "y": points[-1][1]}


FEW = 30
"""Items of the inbox that the scrubber shows before a moment."""


def concerns(viewer: Viewer, brief: Brief) -> list[dict[str, Any]]:
    """Return the indicators that matter to the leader, each with its pictures."""
    months = [each for each in _months(viewer) if each.t < brief.now][-12:]
    found = []
    for known, wanted in ((each.known, each.wanted) for each in brief.concerns):
        shown = gauge(known.value, known.deviation, known.low, known.high)
        path = course([*((each.t, each.of(known)) for each in months), (brief.now, known.value)], known.low, known.high)
        row = {"of": known, "level": known.level, "number": number_of(known), "gauge": shown, "course": path}
        found.append({"wanted": wanted, **row})
    return found


def _months(viewer: Viewer) -> tuple[MonthlyValues, ...]:
    session = viewer.console.session
    seat = viewer.console.seat
    return viewer.cached("monthly values", lambda: monthly_values(session.exercise, seat, session.records))


def number_of(known: KnownValue) -> str:
    """Return a value with its standard deviation."""
    doubt = f" ± {known.deviation:.2f}" if known.deviation > 0 else ""
    return f"{known.value:.2f}{doubt}".replace("-", "−") + (" as published" if known.published else "")


def scrubber(viewer: Viewer) -> tuple[int, int, int] | None:
    """Return first and last second of the scrubber over the past, and its step; None before a day has passed."""
    session = viewer.console.session
    first, last = session.exercise.calendar.startex, session.clock
    return (first, last, DAY) if last - first >= DAY else None


def past(viewer: Viewer, brief: Brief, at: int) -> dict[str, Any]:
    """Return what the seat had been sent at second `at`, newest first, and what it knew at the first of that month."""
    console = viewer.console
    shown = moment(console, min(at, console.session.clock))
    local = shown.at.replace(tzinfo=None)
    before = [item for item in items_of(viewer) if item.when.at <= local]
    months = [each for each in _months(viewer) if each.t <= at]
    return {
        "when": shown,
        "count": len(before),
        "shown": before[-FEW:][::-1],
        "month": moment(console, months[-1].t) if months else None,
        "known": [_then(each.known, months[-1]) for each in brief.concerns] if months else [],
    }


def _then(known: KnownValue, month: MonthlyValues) -> dict[str, Any]:
    value, number = month.of(known), f"{month.of(known):.2f}".replace("-", "−")
    return {"of": known, "level": "", "number": number, "gauge": gauge(value, 0.0, known.low, known.high)}
