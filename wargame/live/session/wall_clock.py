"""The wall clock of a live exercise: it moves a running exercise, and counts down deadlines in real time."""

from __future__ import annotations

import contextlib
import re

import msgspec

from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE, DUE, TICK
from wargame.journal.atomic import write_whole
from wargame.journal.decoding import Undecodable, decode
from wargame.journal.inputs import read_input
from wargame.language.times import format_duration, parse_duration
from wargame.live.session.session import Session
from wargame.simulation.control.seats import Due

LEFT = "left.json"
"""The file with the seconds of wall time left for each open decision, for when the exercise is resumed."""
SAVE_EVERY = 5.0
"""Seconds of wall time after which the file is written again."""
_PACE = re.compile(r"\s*(.+?)\s*=\s*(.+?)\s*")


def read_pace(text: str) -> float:
    """Game seconds per second of wall time, from a text such as `1d=5s`."""
    match = _PACE.fullmatch(text)
    try:
        game, wall = (parse_duration(part) for part in match.groups()) if match else (0, 0)
    except ValueError as error:
        raise UsageFault(str(error)) from None
    if not game or not wall:
        raise UsageFault("a pace is written GAME=WALL, such as 1d=5s")
    return game / wall


class WallClock:
    """Moves the exercise, and counts down deadlines, by the real seconds passed to `tick`. It never reads a clock.

    `running` says that game time follows real time. `waits` says that the clock is stopped but not by PAUSEX: it has
    stopped by itself, or is moved by commands. Deadlines in real time run in both states.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.running = False
        self.waits = False
        self.left: dict[str, float] = self._saved()
        """Seconds of wall time left for each open decision, by government/dossier/record."""
        self._fraction = 0.0
        self._unsaved = 0.0
        session.turn_listeners.append(lambda _: self.forget())

    def forget(self) -> None:
        """Discards what was left of deadlines, after a change of the past or of the deadline."""
        self.left = {}
        self.save()

    def remaining(self) -> dict[str, float]:
        """Seconds of wall time left for each decision that is still open."""
        dues = self._dues()
        return {key: left for key, left in self.left.items() if key in dues}

    def _dues(self) -> dict[str, Due]:
        dues = self._session.exercise.commands.seats.dues.values()
        return {f"{due.government}/{due.dossier}/{due.seq}": due for due in dues}

    @property
    def pace(self) -> float:
        """Game seconds per second of wall time; 0 if no pace is set."""
        text = str(self._session.last("pace").get("pace", ""))
        return read_pace(text) if text else 0.0

    def _saved(self) -> dict[str, float]:
        try:
            return decode(read_input(self._session.folder.path / LEFT), dict[str, float])
        except (OSError, Undecodable):
            return {}

    def start(self) -> None:
        """Starts the clock."""
        self.running, self.waits = True, False

    def stop(self) -> None:
        """PAUSEX: stops the clock and all deadlines."""
        self.running = self.waits = False

    def wait(self) -> None:
        """Stops the clock while people decide; their deadlines run."""
        self.running, self.waits = False, True

    def tick(self, seconds: float) -> None:
        """Lets wall time pass; nothing happens at PAUSEX."""
        if self.running:
            self._advance(seconds)
        if self.running or self.waits:
            self._count_down(seconds)

    def _advance(self, seconds: float) -> None:
        session = self._session
        self._fraction += seconds * self.pace
        whole = int(self._fraction)
        self._fraction -= whole
        to = min(session.exercise.now + whole, session.exercise.end)
        session.drift(to)
        if to > session.exercise.now and not session.exercise.done:
            stops = bool(session.last("stops").get("due", True))
            result = session.submit(ADVANCE, to=to, **{TICK: True}, **({"due": True} if stops else {}))
            if stops and any(record.kind in DUE for record in result.records):
                self.wait()
        if session.exercise.done:
            self.stop()

    def _count_down(self, seconds: float) -> None:
        """Counts down deadlines in wall time; a missed one becomes a command with its game time."""
        session, deadline = self._session, str(self._session.last("deadline").get("wall") or "")
        if not deadline:
            return
        dues = self._dues()
        self.left = {key: self.left.get(key, float(parse_duration(deadline))) - seconds for key in dues}
        for key in [key for key, left in self.left.items() if left <= 0]:
            session.submit("decision.missed", government=dues[key].government, dossier=dues[key].dossier)
            del self.left[key]
        self._unsaved += seconds
        if self._unsaved >= SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Saves what is left of the deadlines; if the disk is full, the next time does."""
        self._unsaved = 0.0
        with contextlib.suppress(OSError):
            if self.left or (self._session.folder.path / LEFT).exists():
                write_whole(self._session.folder.path / LEFT, msgspec.json.encode(self.left))

    def status(self) -> str:
        """The state of the clock in a few words."""
        if self._session.exercise.commands.adjudication.stopped:
            return "NO PLAY"
        if self._session.exercise.done:
            return "ENDEX"
        if not self.running:
            return "PAUSEX, but a wall-clock deadline is running" if self.waits and self.remaining() else "PAUSEX"
        return f"running, {format_duration(round(self.pace))} per second"
