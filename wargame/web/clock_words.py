"""Both clocks and the state of the exercise, as the words that a page shows."""

from __future__ import annotations

from wargame.live.console.console import Console
from wargame.live.console.public_screen import public_screen


def clock_words(console: Console, *, control: bool) -> dict[str, str]:
    """The words by name; `control` adds the reason why the clock has stopped, which is not for everyone."""
    shown, wall = public_screen(console), console.wall
    return {
        "game": f"{shown.date} {shown.time}",
        "date": shown.date,
        "time": shown.time,
        "day": f"D{shown.day:+d}",
        "move": str(shown.move),
        "moves": str(shown.moves),
        "state": str(shown.state),
        "status": wall.status() if control else wall.public_status(),
        "note": shown.note,
        "timer": wall.timer.clock if wall.timer else "",
        "timer_label": shown.timer_label,
    }
