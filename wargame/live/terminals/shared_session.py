"""One session for all terminals: it runs their lines, shows each what it may see, and keeps the clock."""

import asyncio
import contextlib
import os
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from wargame.errors import UsageFault, WargameError, shortened
from wargame.executor.replay import Steps, finish
from wargame.executor.stepping import step_between
from wargame.futures.lookahead_process import LookaheadProcess
from wargame.journal.records import Record
from wargame.journal.records.script import ExpectedRecord
from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.live.console import dispatch
from wargame.live.console.console import Console
from wargame.live.console.names import same_word
from wargame.live.console.news import news, summary, white_cell_news
from wargame.live.console.participants import Participants, Show, Terminal, last_number, new_evaluator
from wargame.live.console.reply import Reply, ReplyLine
from wargame.live.console.roles import EVALUATOR, FACILITATOR, SCREEN, SCRIBE, SEAT
from wargame.live.terminals.lookahead_questions import LookaheadQuestions, position
from wargame.live.terminals.turns import TurnAnnouncements
from wargame.sentence import Sentence, hint
from wargame.tables import tables

T = TypeVar("T")
TICK = 0.25
"""Seconds between two updates of the wall clock."""
QUIET = 3.0
"""Seconds without a command after which futures are prepared, which takes a core for as long. Judgement."""
ECHOES: frozenset[str] = frozenset(tables("journal/kinds.yaml")["echoes"])
"""Kinds of records not shown to the terminal whose command produced them: its answer says the same."""
AT_ONCE = 0.01
"""Seconds for which a long command works before others have a turn. Judgement."""
CHOOSE_STOPS = hint("stop at", "chooses where the clock stops")
CARRIED_OUT = "This was carried out, but its answer is lost."
JOIN_AS = 'join as --seat GOV, --evaluator "NAME", --notes or --screen'


def words_of(error: Exception) -> str:
    """Return the failure as text; with WARGAME_TRACEBACK, the traceback of an internal error is printed."""
    if isinstance(error, WargameError):
        return str(error)
    if os.environ.get("WARGAME_TRACEBACK"):
        traceback.print_exception(error)
    return f"internal error: {type(error).__name__}: {error}"


class SharedSession:
    """Runs lines for every terminal of a session, one at a time, and shows each terminal the news for its role."""

    def __init__(self, console: Console, show: Show) -> None:
        self.main = console
        self.session, self.wall = console.session, console.wall
        self._shows: dict[Console, Show] = {console: show}
        self._terminals: dict[Console, Terminal] = {}
        self._browsers: dict[Console, Terminal] = {}
        self._typing: Console | None = None
        self._closing = False
        self._held: list[ReplyLine] = []
        """Lines for the facilitator, held back while a seat sits at that terminal."""
        self.lookahead = LookaheadProcess(self.session.folder.path)
        self.participants = console.participants = Participants(
            self.show_facilitator, last_number(self.session.log.lines)
        )
        self.questions = LookaheadQuestions(self.session, self.lookahead)
        self.clock_listeners: dict[Console, Callable[[], None]] = {}
        """For each joined terminal, what to call when the clock may have moved."""
        self.turn_listeners: dict[Console, Callable[[str], None]] = {}
        """For some joined terminals, what to call with the announcement of a change of the past."""
        self._read_records: set[Console] = set()
        """The consoles of people in browsers, which read the records themselves."""
        self.wall.floors.sitting = lambda: {
            each.seat for each in self._shows if each.is_seat and each not in self._of_programs
        }
        self._of_programs: set[Console] = set()
        self.console_error: OSError | None = None
        """Why the console cannot be written to."""
        self._reported: set[str] = set()
        self.session.on_failure = self._failed
        self.session.listeners.append(self._show_news)
        self._turns = TurnAnnouncements(self.session, lambda: self._shows, apart=console)
        self.session.before_turn.append(self._turns.begin)
        self.session.turn_listeners.append(self._announce_turn)
        self.part: int | None = None
        """The seconds of game time that one step of a move of the clock takes; None for all of it in one step."""

    # --- what is shown -------------------------------------------------------------------------

    def show(self, console: Console, shown: Reply) -> None:
        """Show lines on a terminal or in a browser. What cannot be shown changes nothing else."""
        try:
            self._shows[console](shown)
        except OSError as error:
            if console is self.main:
                self.console_failed(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no part of a command
            self._failed(error)

    def _call(self, *listeners: Callable[[], None]) -> None:
        """Call listeners; what fails in one stops neither the clock nor the other listeners."""
        for listener in listeners:
            try:
                listener()
            except Exception as error:  # noqa: BLE001 - as above
                self._failed(error)

    def console_failed(self, error: OSError) -> None:
        """Report to the facilitators in browsers, once, that the console cannot be written to."""
        if self.console_error is None:
            self.console_error, reason = error, error.strerror or str(error)
            self.session.console_fault = (
                f"The console cannot be written to ({reason}). The exercise goes on without it: what it would show is "
                "in the control room."
            )
            self.announce(f"! {self.session.console_fault}")

    def _failed(self, error: Exception) -> None:
        """Report to the facilitators, once, that something beside the commands has failed."""
        self.report(f"! {words_of(error)} (commands are carried out and kept)")

    def report(self, line: str) -> None:
        """Show the facilitators a line once, however often it is reported."""
        if line not in self._reported:
            self._reported.add(line)
            self.announce(line)

    # --- terminals -----------------------------------------------------------------------------

    def attach(
        self,
        role: str,
        seat: str,
        show: Show,
        close: Callable[[], None] = lambda: None,
        *,
        name: str = "",
        seats: Iterable[str] = (),
    ) -> Console:
        """Add a terminal and return its console; UsageFault for an invalid role or seat. `close` closes it.

        `name` is that of an evaluator, `seats` are the governments that this evaluator observes.
        """
        if role == FACILITATOR:
            raise UsageFault(f"this exercise has a facilitator ({JOIN_AS})")
        if role not in (SEAT, SCRIBE, SCREEN, EVALUATOR):
            raise UsageFault(JOIN_AS)
        governments = self.session.exercise.governments
        seat, seats = same_word(seat, governments), [same_word(each, governments) for each in seats]
        if role == SEAT and seat not in governments:
            names = ", ".join(governments)
            raise UsageFault(f"there is no government '{shortened(seat, 40)}' ({names})")
        evaluator = None
        if role == EVALUATOR:
            evaluator = new_evaluator(self.session.exercise, name, seats, self.participants.names())
        console = Console(self.session, self.wall, role=role, seat=seat, evaluator=evaluator, review=self.main.review)
        self._shows[console] = show
        number, time_of_day = self.participants.next_number(), f"{datetime.now().astimezone():%H:%M}"
        self._terminals[console] = terminal = Terminal(number, role, seat, show, close, time_of_day, evaluator)
        if evaluator is not None:
            evaluator.number = number
        self.participants.join(terminal)
        return console

    def attach_browser(self, console: Console, show: Show, number: int, *, program: bool = False) -> None:
        """Add the console of a person in a browser; it is shown everything but news and changes of the past."""
        console.asks = not program
        if program:
            self._of_programs.add(console)
        console.participants = self.participants if console.role == FACILITATOR else None
        self._shows[console] = show
        self._read_records.add(console)
        if console.role != FACILITATOR:
            browser = Terminal(number, console.role, console.seat, show, lambda: None, "", console.evaluator)
            self._browsers[console] = browser
            self.participants.in_browsers.append(browser)

    def detach(self, console: Console) -> None:
        """Remove a terminal that has gone."""
        self._shows.pop(console, None)
        self._read_records.discard(console)
        self._of_programs.discard(console)
        if browser := self._browsers.pop(console, None):
            self.participants.in_browsers.remove(browser)
        self.clock_listeners.pop(console, None)
        self.turn_listeners.pop(console, None)
        if terminal := self._terminals.pop(console, None):
            self.participants.leave(terminal)

    def shares_seat(self, console: Console) -> bool:
        """Return whether another terminal has the same seat."""
        return console.is_seat and bool(self.participants.sharing(self._terminals[console]))

    def show_seat(self, seat: str, shown: Reply) -> None:
        """Show lines on the terminals and in the browsers of a seat."""
        for terminal in [*self.participants.joined, *self.participants.in_browsers]:
            if terminal.role == SEAT and terminal.seat == seat:
                terminal.show(shown)
        if self.main.sitting and self.main.seat == seat:
            self.show(self.main, shown)

    def announce(self, line: ReplyLine, about: str = "") -> None:
        """Show a line to the facilitators."""
        self.show_facilitator(Reply([line], about))

    def show_facilitator(self, shown: Reply) -> None:
        """Show lines to the facilitators; holds them back from a terminal at which a seat sits."""
        if self.main.sitting:
            self._held += shown.lines
        elif not self._closing:
            self.show(self.main, shown)
        for console in list(self._read_records) if not self._closing else ():
            if console.role == FACILITATOR:
                self.show(console, shown)

    def _show_news(self, records: list[Record]) -> None:
        for console in list(self._shows):
            if console not in self._read_records:
                self._call(partial(self._show_news_on, console, records))

    def _show_news_on(self, console: Console, records: list[Record]) -> None:
        if console is not self._typing:
            lines = news(console, records)
        else:
            echoes = (each.kind in ECHOES or (isinstance(each, ExpectedRecord) and each.by_hand) for each in records)
            lines = news(console, [each for each, echo in zip(records, echoes, strict=True) if not echo])
        if console is self.main and console.sitting:
            self._held += white_cell_news(self.session, records)
        if console.is_seat:
            self.session.mark_shown(console.seat)
        if lines:
            self.show(console, Reply(lines))

    def _announce_turn(self, kind: str) -> None:
        for console, message in self._turns.end(kind).items():
            if console is not self.main and console not in self._read_records:
                also = " brief shows the present state." if console.is_seat else ""
                self.show(console, Reply([f"{message.typed()}{also}"]))
            if listener := self.turn_listeners.get(console):
                self._call(partial(listener, message.shown()))

    # --- lines ---------------------------------------------------------------------------------

    def share_time(self) -> None:
        """Let others give commands from now on while a long one is under way in `run_shared`."""
        self.part = step_between(self.session.exercise.calendar.startex, self.session.exercise.end)

    def run(self, console: Console, line: str | list[str], *, who: str = "facilitator", key: str = "") -> list[str]:
        """Run a line, or its words, and return the lines of a terminal; other facilitators see what `who` has typed.

        After any error, also an internal one, the exercise is unchanged; an internal error becomes a WargameError. A
        command that is in the log is never refused: what fails after that is in its answer. `key` is written into it.
        """
        return finish(self._steps(console, line, who, key=key)).typed()

    async def run_shared(
        self, console: Console, line: str | list[str], *, who: str = "facilitator", by: str = "", key: str = ""
    ) -> Reply:
        """Run a line as `run`, in turns with others after `share_time`; the command log has `by` and `key`."""
        console.part = self.part
        try:
            return await self.in_turns(self._steps(console, line, who, by, key))
        finally:
            console.part = None

    async def in_turns(self, steps: Steps[T]) -> T:
        """Return the result of a job, between whose steps others have turns once `share_time` has been called."""
        began = time.monotonic()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            if self.part is not None and time.monotonic() - began >= AT_ONCE:
                await asyncio.sleep(0)
                began = time.monotonic()

    @property
    def moving(self) -> bool:
        """Whether the clock runs or a long command is under way, so that the time may be another one at any moment."""
        return self.wall.running or any(console.part is not None for console in self._shows)

    def _steps(self, console: Console, line: str | list[str], who: str, by: str = "", key: str = "") -> Steps[Reply]:
        typed, logged = line if isinstance(line, str) else " ".join(line), 0
        steps = dispatch.steps(console, line)
        while True:
            self._typing, before = console, len(self.session.log.lines)
            try:
                with self.session.given(by, key):
                    next(steps)
            except StopIteration as end:
                answer: Reply = end.value
                break
            except Exception as error:
                if logged or len(self.session.log.lines) > before:
                    answer = Reply([CARRIED_OUT, f"! {words_of(error)}"])
                    break
                if isinstance(error, WargameError):
                    raise
                raise WargameError(
                    f"{words_of(error)} (the command is undone; WARGAME_TRACEBACK=1 shows where)"
                ) from error
            finally:
                logged += len(self.session.log.lines) - before
                self._typing = None
            yield
        if console.role == FACILITATOR and logged:
            for other in [each for each in self._shows if each is not console and each.role == FACILITATOR]:
                self.show(other, Reply([clean(f"{who}: {typed}")]))
        more: list[ReplyLine] = []
        if console is self.main and not console.sitting:
            more, self._held = self._held, []
        more += [f"! {self.session.fault}"] if self.session.fault else []
        return replace(answer, lines=[*answer.lines, *more]) if more else answer

    async def carry_out_requests(self, console: Console, show: Show, *, wait: bool) -> None:
        """Carry out what a line has requested; with `wait`, until it is done and programs have had their turns."""
        while console.requested:
            kind, *words = console.requested.pop(0)
            if kind == "wait":
                await asyncio.sleep(float(words[0]))
                continue
            receiver = show if wait or console is not self.main else self.show_facilitator
            task = self.questions.put(kind, words, receiver, early=not wait)
            if wait:
                await task
        if wait and self.wall.programs is not None:
            await self.wall.programs.settled()

    # --- the wall clock ------------------------------------------------------------------------

    async def keep_time(self) -> None:
        """Run the wall clock until it is cancelled; while it is stopped, futures of the moment are prepared."""
        before = since = time.monotonic()
        last = position(self.session)
        while True:
            await asyncio.sleep(TICK)
            now, here = time.monotonic(), position(self.session)
            since, last = (since, last) if here == last else (now, here)
            if now - since >= QUIET and not self.wall.running:
                self._call(lambda: self.lookahead.prepare(position(self.session)))
            self._call(partial(self.tick, now - before))
            before = now
            self._call(*self.clock_listeners.values())

    def tick(self, seconds: float) -> None:
        """Let wall time pass. An error stops the clock and is shown to the facilitator."""
        running, timer, held = self.wall.running, self.wall.timer, self.wall.floors.holding
        ticking = timer is not None and not timer.is_up
        try:
            self.wall.tick(seconds)
        except Exception as error:  # noqa: BLE001 - whatever it is, people are told and can start the clock again
            self.wall.stop()
            self.announce(f"PAUSEX: {words_of(error)}")
            return
        if timer is not None and ticking and timer.is_up:
            for console in [each for each in self._shows if each.role != SCREEN]:  # which has the timer in view
                self.show(console, Reply([f"TIMER: {timer.text}"]))
        if running and not self.wall.running:
            self._announce_stop()
        for each in [each for each in self.wall.floors.holding if each not in held]:
            self.announce(f"The clock {self.wall.held_for()}.", "stop")
            self.show_seat(each.of.government, Reply([f"The clock waits for you: {each.of.title}."], "stop"))

    def _announce_stop(self) -> None:
        """Show everyone that the clock has stopped, with a summary of what has passed since it was started."""
        session, wall = self.session, self.wall
        remedies = () if session.exercise.done else (hint("resume", "continues", "Resume"), CHOOSE_STOPS)
        at = session.instant(session.clock)
        stopped = Sentence(f"{sentence(wall.status())}, {at}", *remedies)
        self.show_facilitator(Reply([stopped, *summary(Console(session, wall))], "stop"))
        for console in list(self._shows):
            if console.role not in (SCREEN, FACILITATOR):
                self.show(console, Reply([f"{sentence(wall.public_status())}, {at}.", *summary(console)], "stop"))

    async def close(self) -> None:
        """Stop the clock and what runs in the background."""
        if self.wall.running:
            self.wall.stop()
            with contextlib.suppress(WargameError):
                self.session.submit("pause")  # keeps the time that has passed since the last command
        self._closing = True
        await self.questions.close()
        await self.lookahead.close()
        self.wall.save()
