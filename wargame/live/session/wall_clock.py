"""The clock on the wall: a running exercise, and deadlines that people have in real time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE, TICK
from wargame.journal.atomic import write_whole
from wargame.language.times import format_duration, parse_duration

if TYPE_CHECKING:
    from wargame.live.session.session import Session
    from wargame.simulation.control.seats import Due

LEFT = "left.json"
"""Seconds of wall time that are left of each open decision, kept for a resumed exercise."""
SAVE_EVERY = 5.0
_PACE = re.compile(r"\s*(.+?)\s*=\s*(.+?)\s*")


def read_pace(text: str) -> float:
    """Game seconds for each second on the wall, from a text such as `1d=5s`."""
    match = _PACE.fullmatch(text)
    try:
        game, wall = (parse_duration(part) for part in match.groups()) if match else (0, 0)
    except ValueError as error:
        raise UsageFault(str(error)) from None
    if not game or not wall:
        raise UsageFault("a pace is written GAME=WALL, such as 1d=5s")
    return game / wall


class WallClock:
    """Moves the exercise and runs down deadlines by real seconds that it is told of. It never looks at a clock.

    `running` says that game time follows real time; `waits` that the clock stands but nobody has called PAUSEX: it has
    stopped by itself, or moves by hand. Deadlines in real time run in both.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.running = False
        self.waits = False
        self.left: dict[str, float] = self._kept()
        self._fraction = 0.0
        self._unsaved = 0.0
        session.turned.append(lambda _: self.forget())

    def forget(self) -> None:
        """What was left of deadlines means nothing any more: the exercise has turned back, or another one is given."""
        self.left = {}
        self.save()

    def remaining(self) -> dict[str, float]:
        """Seconds of wall time that are left of each decision that is open."""
        dues = self._dues()
        return {key: left for key, left in self.left.items() if key in dues}

    def _dues(self) -> dict[str, Due]:
        """Open decisions by government, dossier and record."""
        every = self._session.exercise.commands.seats.dues.values()
        return {f"{due.government}/{due.dossier}/{due.seq}": due for due in every}

    @property
    def pace(self) -> float:
        """Game seconds for each second on the wall; 0 if none was set."""
        text = str(self._session.last("pace").get("pace", ""))
        return read_pace(text) if text else 0.0

    def _kept(self) -> dict[str, float]:
        try:
            content = (self._session.folder.path / LEFT).read_bytes()
            return msgspec.json.decode(content, type=dict[str, float])
        except (OSError, msgspec.DecodeError):
            return {}

    def start(self) -> None:
        """The clock runs from here on."""
        self.running, self.waits = True, False

    def stop(self) -> None:
        """PAUSEX: neither the clock nor a deadline runs."""
        self.running = self.waits = False

    def wait(self) -> None:
        """The clock stands and has not been stopped by anybody: people may think, and their deadlines run."""
        self.running, self.waits = False, True

    def tick(self, seconds: float) -> None:
        """So much time has passed on the wall; nothing happens in a paused exercise."""
        if self.running:
            self._play(seconds)
        if self.running or self.waits:
            self._run_down(seconds)

    def _play(self, seconds: float) -> None:
        session = self._session
        self._fraction += seconds * self.pace
        whole = int(self._fraction)
        self._fraction -= whole
        to = min(session.exercise.now + whole, session.exercise.end)
        session.drift(to)
        if to > session.exercise.now and not session.exercise.done:
            stops = bool(session.last("stops").get("due", True))
            done = session.submit(ADVANCE, to=to, **{TICK: True}, **({"due": True} if stops else {}))
            if stops and any(record.kind == "decision.due" for record in done.records):
                self.wait()
        if session.exercise.done:
            self.stop()

    def _run_down(self, seconds: float) -> None:
        """Deadlines on the wall: what is missed becomes a command with its game time."""
        session, given = self._session, str(self._session.last("deadline").get("wall") or "")
        if not given:
            return
        dues = self._dues()
        self.left = {key: self.left.get(key, float(parse_duration(given))) - seconds for key in dues}
        for key in [key for key, left in self.left.items() if left <= 0]:
            session.submit("decision.missed", government=dues[key].government, dossier=dues[key].dossier)
            del self.left[key]
        self._unsaved += seconds
        if self._unsaved >= SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Keeps what is left of the deadlines."""
        self._unsaved = 0.0
        if self.left or (self._session.folder.path / LEFT).exists():
            write_whole(self._session.folder.path / LEFT, msgspec.json.encode(self.left))

    def told(self) -> str:
        """The state of the clock in a few words."""
        if self._session.exercise.commands.adjudication.stopped:
            return "NO PLAY"
        if self._session.exercise.done:
            return "ENDEX"
        if not self.running:
            return "PAUSEX, but a deadline on the wall runs" if self.waits and self.remaining() else "PAUSEX"
        return f"running, {format_duration(round(self.pace))} a second"
