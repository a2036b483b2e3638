"""The wall clock of a live exercise: it moves a running exercise, and counts down deadlines in real time."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from math import ceil, inf
from typing import Protocol

from wargame.executor.replay import TICK
from wargame.journal.command_log import ADVANCE
from wargame.journal.records import Record
from wargame.language.times import format_duration, parse_duration
from wargame.live.session.floors import Floors, governments, reason_to_stop
from wargame.live.session.pace import DECISIONS, INJECTS, MOVES, pace_text
from wargame.live.session.session import Session
from wargame.live.session.wall_time import SAVE_EVERY, WallTime, timer_of
from wargame.seat.obligations import Obligation
from wargame.simulation.control.seats import DueDecision


class ClockState(StrEnum):
    """The states of the clock. At READY nothing has started it yet; STOPPED is a stop that is part of the exercise."""

    READY = "READY"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    PAUSEX = "PAUSEX"
    NO_PLAY = "NO PLAY"
    ENDEX = "ENDEX"


class InjectDrafter(Protocol):
    """A program that drafts injects for the white cell."""

    def ask(self, request: str) -> list[str]:
        """Ask for a draft of an inject, in the background; returns the lines to show."""

    def lines(self) -> list[str]:
        """Return the lines of the drafts that have been made."""

    def yaml(self, number: str) -> str:
        """Return the YAML of a draft; UsageFault if there is none of this number."""


class ProgramSeats(Protocol):
    """The programs of a live exercise: those that decide for a government, advisers, drafter and mechanism."""

    @property
    def seats(self) -> dict[str, str]:
        """Return the programs in seats at present, each with the governments for which it decides."""

    @property
    def deciding(self) -> list[str]:
        """The governments whose programs have their turn now; the clock waits for them."""

    def go_on(self, to: int, stops: dict[str, object]) -> None:
        """Continue a move of the clock to second `to` once the programs have had their turns."""

    def next_midnight(self) -> float:
        """Return the second at which the mechanism works next; infinite without one."""

    def at_midnight(self) -> None:
        """Let the mechanism work, before the events of this second."""

    def halt(self) -> None:
        """Forget a move of the clock that was to be continued."""

    async def settled(self) -> None:
        """Wait until no program has its turn, and advisers and drafter have answered."""

    def advice(self, government: str) -> list[str]:
        """Return the lines of the latest advice to a seat; UsageFault if it has no adviser."""

    @property
    def proposals(self) -> dict[int, str]:
        """Return a sentence for each proposal of the white cell, by the record of the item of the queue."""

    def approve(self, number: int) -> str:
        """Carry out what the white cell proposes for an item; UsageFault if it proposes nothing."""

    @property
    def drafter(self) -> InjectDrafter:
        """The drafter of injects; UsageFault if there is none."""


class WallClock(WallTime):
    """Moves the exercise, and counts down deadlines, by the real seconds passed to `tick`. It never reads a clock.

    `running` says that game time follows real time. `waits` says that the clock is stopped but not by PAUSEX: it has
    stopped by itself, is moved by commands, or has no pace. Deadlines in real time run in both states. `reason` says
    why it has stopped by itself, for the white cell; `ended_move` is the number of the move at whose end it has
    stopped, or 0. `timer` is the countdown in the room, which runs in every state.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.waits = False
        self.started = False
        """Whether it has been started, stopped or passed over by a command since the console was opened."""
        self.reason = ""
        self.timer = timer_of(session)
        self.programs: ProgramSeats | None = None
        """The programs in seats; None if there are none. The clock waits for their turns, and does not stop there."""
        self.floors = Floors(session, self._of_programs)
        self._fraction = 0.0
        self.since, self.since_at = len(session.records), session.exercise.now
        """The number of records, and the second, when the clock was last started."""
        self.halts = 0
        """How often it has been stopped by `stop`; a move of the clock in parts ends there."""
        self.moving_to: int | None = None
        """The second to which a move of the clock in parts leads; None if there is none."""
        self.time_turned = False
        """Whether the last change of the past has changed the time."""
        session.before_turn.append(lambda to: setattr(self, "time_turned", session.exercise.now != to))
        session.turn_listeners.append(lambda _: self._turned())

    # --- states ----------------------------------------------------------------------------------

    def start(self) -> None:
        """End PAUSEX, and start the clock if it has a pace; if it waits for people, it goes on at once."""
        self.floors.go_on()
        self._rate, self._rested = 0.0, 0.0
        self.started, self.running = True, self.pace > 0
        self.waits = not self.running
        self.mark()
        self.reason, self.ended_move = "", 0

    def mark(self) -> None:
        """Let the next summary begin here."""
        self.since, self.since_at = len(self._session.records), self._session.exercise.now

    def stop(self) -> None:
        """Stop the clock and all deadlines: PAUSEX."""
        self.started, self.running, self.waits, self._rate = True, False, False, 0.0
        self.reason, self.ended_move, self.floors.holding = "", 0, []
        self.halts += 1

    def wait(self, reason: str = "", ended_move: int = 0) -> None:
        """Stop the clock while people decide; their deadlines run."""
        self.started, self.running, self.waits, self._rate = True, False, True, 0.0
        self.reason, self.ended_move, self.floors.holding = reason, ended_move, []
        self._rested = 0.0

    def _turned(self) -> None:
        """Follow a change of the past. At the same time the visible clock stays, since it may be secret."""
        if not self.time_turned:
            self.left = self.remaining()
            return
        if self.since_at > self._session.exercise.now or self.since > len(self._session.records):
            self.mark()
        self.reason, self.ended_move, self._rate = "", 0, 0.0
        if self._by_moves():
            self._budget = None
        self.forget()

    # --- wall time passes ------------------------------------------------------------------------

    def tick(self, seconds: float) -> None:
        """Let wall time pass; at PAUSEX and NO PLAY nothing happens but that the timer runs."""
        if self.timer is not None:
            self.timer.left -= seconds
        self._rested += seconds
        if self._session.exercise.commands.adjudication.stopped:
            return
        pace = self.pace  # before time passes: that of a move depends on what is left of its time
        between = self._by_moves() and (self.ended_move or not self.started)
        if self._budget is not None and (self.running or self.waits) and not between:
            self._budget = max(0.0, self._budget - seconds)
        if self.running or self.waits:
            self.floors.pass_time(seconds)
        if self.running:
            self._fraction += seconds * pace
        while self.running and not self._is_held(pace) and self._advance():
            pass
        if self.running or self.waits:
            self._count_down(seconds)

    def _is_held(self, pace: float) -> bool:
        """Return whether the clock waits for people; after that the rest of the exercise is planned again."""
        before = self.floors.holding
        held = self.floors.hold(pace)
        if held:
            self._fraction = 0.0
        elif before:
            self._rate = 0.0
        return held

    def _advance(self) -> bool:
        """Move the clock by the game time that has passed; True if it has stopped early, for people."""
        session = self._session
        exercise, stops, whole = session.exercise, self.stops, int(self._fraction)
        self._fraction -= whole
        if self.programs is not None and self.programs.deciding:
            return False
        early, end_of_move, move = False, self.end_of_move(), self.move
        wanted = min(exercise.now + whole, end_of_move if MOVES in stops or self._by_moves() else exercise.end)
        to = int(min(wanted, midnight := self.next_midnight()))
        session.drift(to)
        if to > exercise.now and not exercise.done:
            result = session.submit(ADVANCE, to=to, **{TICK: True}, **self.marks(self.floors.sitting()))
            if reason := self.reason_to_stop(result.records):
                self.wait(reason)
            elif result.why == "turns":  # the rest of this time passes once the floors are known
                self._fraction += to - exercise.now
                early = exercise.now < to
        if self.has_come(midnight):
            self._fraction += wanted - to
            early = to < wanted
        if exercise.done:
            self.stop()
        elif MOVES in stops and exercise.now == end_of_move:
            session.submit("stopped", move=move)
            self.wait("; ".join(filter(None, [f"move {move} has ended", self.reason])), move)
        return early

    def next_midnight(self) -> float:
        """Return the second at which a move of the clock has to stop for the mechanism; infinite without one."""
        return inf if self.programs is None else self.programs.next_midnight()

    def has_come(self, midnight: float) -> bool:
        """Return whether the clock is at this midnight; the mechanism has worked then."""
        exercise = self._session.exercise
        if self.programs is None or exercise.done or exercise.now != midnight:
            return False
        self.programs.at_midnight()
        return True

    def marks(self, seats: Iterable[str] = ()) -> dict[str, object]:
        """Return where a move of the clock stops by itself, as data of its command; also at what calls upon `seats`."""
        asked, turns = INJECTS in self.stops, sorted({*seats, *self._of_programs()})
        marks = {"due": DECISIONS in self.stops, "injects": asked, "questions": asked, "turns": turns}
        return {key: value for key, value in marks.items() if value}

    def reason_to_stop(self, records: list[Record]) -> str:
        """Return why an advance with these records has stopped by itself; empty if it has not."""
        return reason_to_stop(self._session, records, self.stops, self._of_programs())

    def _of_programs(self) -> Collection[str]:
        return self.programs.seats if self.programs is not None else ()

    # --- deadlines in wall time ------------------------------------------------------------------

    def forget(self) -> None:
        """Discard what was left of deadlines, after a change of the past or of the deadline."""
        self.left = {}
        self.save()

    def remaining(self) -> dict[str, float]:
        """Return seconds of wall time left for each decision that is still open."""
        dues = self._dues()
        return {key: left for key, left in self.left.items() if key in dues}

    def left_of(self, government: str, dossier: str) -> float | None:
        """Return seconds of wall time left for the open decision of a seat on a dossier; None without a deadline."""
        prefix = f"{government}/{dossier}/"
        return next((left for key, left in self.remaining().items() if key.startswith(prefix)), None)

    def urgency(self, owed: Obligation) -> float:
        """Return a number by which what waits is sorted: deadlines in wall time, then in game time, then none."""
        if self.left_of(owed.government, owed.dossier) is not None:
            return -inf
        return inf if owed.until is None else owed.until

    def _dues(self) -> dict[str, DueDecision]:
        dues = self._session.exercise.commands.seats.dues.values()
        return {f"{due.government}/{due.dossier}/{due.seq}": due for due in dues}

    def _count_down(self, seconds: float) -> None:
        """Count down deadlines in wall time; a missed one becomes a command with its game time."""
        session, deadline = self._session, str(self._session.last("deadline").get("wall") or "")
        dues = self._dues() if deadline else {}
        if deadline:
            self.left = {key: self.left.get(key, float(parse_duration(deadline))) - seconds for key in dues}
        for key in [key for key, left in self.left.items() if left <= 0]:
            session.submit("decision.missed", government=dues[key].government, dossier=dues[key].dossier)
            del self.left[key]
        self._unsaved += seconds
        if self._unsaved >= SAVE_EVERY:
            self.save()

    # --- in words --------------------------------------------------------------------------------

    @property
    def state(self) -> ClockState:
        """The state of the clock."""
        exercise = self._session.exercise
        if exercise.commands.adjudication.stopped:
            return ClockState.NO_PLAY
        if exercise.done:
            return ClockState.ENDEX
        if self.running or self.waits:
            return ClockState.RUNNING if self.running and not self.floors.holding else ClockState.STOPPED
        begun = self.started or exercise.now > exercise.calendar.startex
        return ClockState.PAUSEX if begun else ClockState.READY

    def public_status(self) -> str:
        """Return the state of the clock for everyone: without what only the white cell knows of why it has stopped."""
        if self.state == ClockState.STOPPED and self.ended_move:
            return f"move {self.ended_move} has ended"
        return _WORDS.get(self.state, str(self.state))

    def status(self) -> str:
        """Return the state of the clock in a few words, for the white cell."""
        words = _WORDS.get(self.state, str(self.state))
        if self.programs is not None and self.programs.deciding:
            words += f", waits for the program of {', '.join(self.programs.deciding)}"
        if self.state == ClockState.RUNNING:
            words, left = f"{words} at {pace_text(self.pace)}", self.to_endex
            unit = 60 if left is not None and left >= 600 else 1  # whole minutes unless it is short
            return words if left is None else f"{words}, ENDEX in {format_duration(round(left / unit) * unit)}"
        if self.state != ClockState.STOPPED:
            return words
        if self.floors.holding:
            return f"{words}: {self.held_for()}"
        deadline = ", a wall-clock deadline is running" if self.remaining() else ""
        return f"{words}{f': {self.reason}' if self.reason else ''}{deadline}"

    def held_for(self) -> str:
        """Return for whom the clock waits and how long, for the white cell; empty if it does not wait for anybody."""
        held = self.floors.holding
        longest = ceil(max((each.left for each in held), default=0.0))
        names = "; ".join(f"{governments(self._session, each.of.government)} ({each.of.title})" for each in held)
        return f"waits for {names}, at most {format_duration(longest)}, then it goes on" if held else ""


_WORDS = {ClockState.RUNNING: "running", ClockState.STOPPED: "stopped", ClockState.READY: str(ClockState.PAUSEX)}
