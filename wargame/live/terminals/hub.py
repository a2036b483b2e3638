"""Where the terminals of one exercise meet: console, seats, scribes and screens, and the look-ahead."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from datetime import datetime

from wargame.errors import UsageFault, WargameError
from wargame.futures.lookahead_process import Helper
from wargame.journal.records import Record
from wargame.live.console.console import Console
from wargame.live.console.registry import FACILITATOR, SCREEN, SCRIBE, SEAT
from wargame.live.terminals.participants import Participants
from wargame.seat.banner import BANNER

TICK = 0.25
"""Seconds between two looks at the clock on the wall."""
Show = Callable[[list[str]], None]
ECHOES = frozenset({"message", "offer", "answer", "vote", "ballot", "request", "ruling", "note", "rating", "command"})
"""Kinds of records that whoever has typed a command need not be shown: the answer says it."""


class Hub:
    """Runs lines for every terminal of a session, one at a time, and tells each what it may see as it happens."""

    def __init__(self, console: Console, show: Show) -> None:
        self.main = console
        self.session, self.wall = console.session, console.wall
        self._terminals: dict[Console, Show] = {console: show}
        self._typing: Console | None = None
        self._closing = False
        self._held: list[str] = []
        self.helper = Helper(self.session.folder.path)
        self.room = console.room = Participants(self._tell)
        self._errands: set[asyncio.Task[None]] = set()
        self.ticked: dict[Console, Callable[[], None]] = {}
        """What each joined terminal wants done when the clock may have moved."""
        self.session.listeners.append(self._told)
        self.session.turned.append(self._turned)

    # --- terminals -----------------------------------------------------------------------------

    def attach(self, role: str, seat: str, show: Show, close: Callable[[], None] = lambda: None) -> Console:
        """A terminal joins; UsageFault if its role makes no sense here. `close` ends it from this side."""
        if role == FACILITATOR:
            raise UsageFault("this exercise has its facilitator: join as --seat GOV, --notes or --screen")
        if role not in (SEAT, SCRIBE, SCREEN):
            raise UsageFault("join as --seat GOV, --notes or --screen")
        if role == SEAT and seat not in self.session.exercise.governments:
            names = ", ".join(self.session.exercise.governments)
            raise UsageFault(f"there is no government '{seat[:40]}' ({names})")
        console = Console(self.session, self.wall, role=role, seat=seat)
        self._terminals[console] = show
        self.room.enter(console, show, close, f"{datetime.now().astimezone():%H:%M}")
        return console

    def detach(self, console: Console) -> None:
        """A terminal has gone; the exercise goes on."""
        self._terminals.pop(console, None)
        self.ticked.pop(console, None)
        self.room.leave(console)

    def _tell(self, line: str) -> None:
        self._to_facilitator([line])

    def _to_facilitator(self, lines: list[str]) -> None:
        """Shows lines for the facilitator alone; while a seat sits at that terminal, they wait."""
        if self.main.sitting:
            self._held += lines
        elif not self._closing:
            self._terminals[self.main](lines)

    def _told(self, records: list[Record]) -> None:
        for console, show in list(self._terminals.items()):
            typed = console is self._typing
            lines = console.news([r for r in records if not typed or r.kind not in ECHOES])
            if console is self.main and console.sitting:
                self._held += console.of_the_white_cell(records)
            if console.role == SEAT or console.sitting:
                self.session.looked(console.seat, read=False)
            if lines:
                show(lines)

    def _turned(self, how: str) -> None:
        now = self.session.instant(self.session.clock)
        turns = {"undo": "takes something back and", "switch": "changes to another branch and"}
        what = f"{turns.get(how, '')} goes on from".lstrip()
        told = f"{BANNER}: the exercise {what} {now}. Disregard what you have seen of later times."
        for console, show in list(self._terminals.items()):
            if console is not self.main:
                show([f"{told} brief shows what holds." if console.role == SEAT else told])

    # --- lines ---------------------------------------------------------------------------------

    def run(self, console: Console, line: str) -> list[str]:
        """Runs a line; any error leaves the exercise as it was, also one of the program: the room plays on."""
        self._typing = console
        try:
            lines = console.run(line)
        except WargameError:
            raise
        except Exception as error:
            if os.environ.get("WARGAME_TRACEBACK"):
                raise
            told = f"internal error: {type(error).__name__}: {error}"
            raise WargameError(f"{told} (the command was taken back; WARGAME_TRACEBACK=1 shows where)") from error
        finally:
            self._typing = None
        if console is self.main and not console.sitting and self._held:
            lines, self._held = [*lines, *self._held], []
        return [*lines, f"! {self.session.fault}"] if self.session.fault else lines

    async def errands(self, console: Console, show: Show, *, wait: bool) -> None:
        """Sees to what a line has asked of the background; with `wait`, until it is there."""
        while console.errands:
            kind, *words = console.errands.pop(0)
            if kind == "wait":
                await asyncio.sleep(float(words[0]))
                continue
            told = show if wait else self._to_facilitator
            task = asyncio.create_task(self._ask(kind, words, told, early=not wait))
            self._errands.add(task)
            task.add_done_callback(self._errands.discard)
            if wait:
                await task

    async def _ask(self, kind: str, words: list[str], show: Show, *, early: bool) -> None:
        """Puts a question to the look-ahead in a process of its own, which only reads; `early` shows a first answer."""
        horizon, n, *rest = words
        session, began = self.session, time.monotonic()
        moment, asked = session.instant(session.clock), [str(session.head), str(session.exercise.now)]
        title = " ".join([kind, *rest, "" if kind == "where" else f"over {horizon}"]).rstrip()
        try:
            async for found in self.helper.ask([*asked, kind, horizon, n, *rest]):
                number, took = ("" if found.n == int(n) else f"the first {found.n} of ") + n, time.monotonic() - began
                if found.n == int(n) or early:
                    head = f"{title}, {number} futures from {moment} ({took:.1f} s):"
                    show([head, *(f"  {line}" for line in found.lines)])
        except WargameError as error:
            show([f"! {kind} has failed: {error}"])

    # --- the clock on the wall -----------------------------------------------------------------

    async def keep_time(self) -> None:
        """Moves a running clock until it is cancelled."""
        before = time.monotonic()
        while True:
            await asyncio.sleep(TICK)
            now = time.monotonic()
            self.tick(now - before)
            before = now
            for told in list(self.ticked.values()):
                told()

    def tick(self, seconds: float) -> None:
        """So much time has passed on the wall; what goes wrong stops the clock and is told."""
        running = self.wall.running
        try:
            self.wall.tick(seconds)
        except Exception as error:
            if os.environ.get("WARGAME_TRACEBACK") and not isinstance(error, WargameError):
                raise
            self.wall.stop()
            what = str(error) if isinstance(error, WargameError) else f"internal error: {type(error).__name__}: {error}"
            self._to_facilitator([f"PAUSEX: {what}"])
            return
        if running and not self.wall.running:
            due = "" if self.session.exercise.done else ": a decision is due; resume goes on, stops off lets it run"
            self._to_facilitator([f"{self.wall.told()}, {self.session.instant(self.session.clock)}{due}"])

    async def close(self) -> None:
        """Leaves off what is under way in the background."""
        if self.wall.running:
            self.wall.stop()
            with contextlib.suppress(WargameError):
                self.session.submit("pause")  # time that nothing happened in has no line of its own
        self._closing = True
        for task in list(self._errands):
            task.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self.helper.close()
        self.wall.save()
