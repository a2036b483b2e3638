"""Announcements of a change of the past, for those participants whose past it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wargame.live.console.console import Console
from wargame.live.console.news import public_news
from wargame.live.console.roles import SCREEN
from wargame.live.session.session import Session
from wargame.seat.banner import BANNER
from wargame.seat.brief import brief, inbox

TURNS = {"undo": "undoes a command and ", "switch": "changes to another branch and "}
"""What has happened with a change of the past, in its announcement."""


class TurnAnnouncements:
    """Finds out whom a change of the past concerns: what somebody has never seen is not announced to them.

    `apart` is the console of those who are notified of every change.
    """

    def __init__(self, session: Session, consoles: Callable[[], Iterable[Console]], *, apart: Console) -> None:
        self._session, self._consoles, self._apart = session, consoles, apart
        self._before: dict[tuple[str, str], object] | None = {}

    def begin(self, to: int) -> None:
        """Keeps what participants have been shown, before the past changes and the time becomes second `to`."""
        same_time = to == self._session.exercise.now
        self._before = self._impressions() if same_time else None  # everyone notices another time

    def end(self, kind: str) -> tuple[str, list[Console]]:
        """The announcement, and the consoles which it concerns, after a command of this kind."""
        session, before = self._session, self._before
        self._before = {}
        message = (
            f"{BANNER}: the exercise {TURNS.get(kind, '')}continues from {session.instant(session.clock)}. "
            "Disregard what you have seen of later times."
        )
        if before is None:
            return message, list(self._consoles())
        now = self._impressions()
        keys = {console: (console.role, console.seat) for console in self._consoles()}
        concerned = [each for each, key in keys.items() if before.get(key) is None or before[key] != now.get(key)]
        return message, concerned

    def _impressions(self) -> dict[tuple[str, str], object]:
        """What participants have been shown and know now; those of the same role and seat have the same."""
        keys: dict[tuple[str, str], Console] = {}
        for console in self._consoles():
            if console is not self._apart:
                keys.setdefault((console.role, console.seat), console)
        return {key: self._impression(console) for key, console in keys.items()}

    def _impression(self, console: Console) -> object:
        """What a seat or a screen has been shown and knows now; None for others, which are notified of every change."""
        session, exercise = self._session, self._session.exercise
        if console.role == SCREEN:
            return exercise.now, public_news(session, session.records)
        if not console.is_seat:
            return None
        lines = [item.line for item in inbox(exercise, session.records, console.seat)]
        return exercise.now, lines, brief(exercise, console.seat)
