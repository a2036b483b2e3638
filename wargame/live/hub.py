"""Where the terminals of one exercise meet: console, seats, scribes and screens, and the look-ahead."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable

from wargame.errors import UsageFault, WargameError
from wargame.journal.records import Record
from wargame.live.console import Console
from wargame.live.console_words import BANNER
from wargame.live.verbs import FACILITATOR, SCREEN, SCRIBE, SEAT

TICK = 0.25
"""Seconds between two looks at the clock on the wall."""
Show = Callable[[list[str]], None]


class Hub:
    """Runs lines for every terminal of a session, one at a time, and tells each what it may see as it happens."""

    def __init__(self, console: Console, show: Show) -> None:
        self.main = console
        self.session, self.wall = console.session, console.wall
        self._terminals: dict[Console, Show] = {console: show}
        self._errands: set[asyncio.Task[None]] = set()
        self.ticked: dict[Console, Callable[[], None]] = {}
        """What each joined terminal wants done when the clock may have moved."""
        self.session.listeners.append(self._told)
        self.session.turned.append(self._turned)

    # --- terminals -----------------------------------------------------------------------------

    def attach(self, role: str, seat: str, show: Show) -> Console:
        """A terminal joins; UsageFault if its role makes no sense here."""
        if role == FACILITATOR:
            raise UsageFault("this exercise has its facilitator: join as --seat GOV, --notes or --screen")
        if role not in (SEAT, SCRIBE, SCREEN):
            raise UsageFault("join as --seat GOV, --notes or --screen")
        if role == SEAT and seat not in self.session.exercise.governments:
            names = ", ".join(self.session.exercise.governments)
            raise UsageFault(f"there is no government '{seat[:40]}' ({names})")
        console = Console(self.session, self.wall, role=role, seat=seat)
        self._terminals[console] = show
        return console

    def detach(self, console: Console) -> None:
        """A terminal has gone; the exercise goes on."""
        self._terminals.pop(console, None)
        self.ticked.pop(console, None)

    def _told(self, records: list[Record]) -> None:
        for console, show in list(self._terminals.items()):
            lines = console.news(records)
            if lines:
                if console.role == SEAT:
                    self.session.seen[console.seat] = self.session.exercise.now
                show(lines)

    def _turned(self, how: str) -> None:
        del how
        now = self.session.instant(self.session.exercise.now)
        told = f"{BANNER}: it goes on from {now}. Disregard what you have seen of later times."
        for console, show in list(self._terminals.items()):
            if console is not self.main:
                show([told])

    # --- lines ---------------------------------------------------------------------------------

    def run(self, console: Console, line: str) -> list[str]:
        """Runs a line; any error leaves the exercise as it was, also one of the program: the room plays on."""
        try:
            lines = console.run(line)
        except WargameError:
            raise
        except Exception as error:
            if os.environ.get("WARGAME_TRACEBACK"):
                raise
            told = f"internal error: {type(error).__name__}: {error}"
            raise WargameError(f"{told} (the command was taken back; WARGAME_TRACEBACK=1 shows where)") from error
        return [*lines, f"! {self.session.fault}"] if self.session.fault else lines

    async def errands(self, console: Console, show: Show, *, wait: bool) -> None:
        """Sees to what a line has asked of the background; with `wait`, until it is there."""
        while console.errands:
            kind, *words = console.errands.pop(0)
            if kind == "wait":
                await asyncio.sleep(float(words[0]))
                continue
            task = asyncio.create_task(self._ask(kind, words, show))
            self._errands.add(task)
            task.add_done_callback(self._errands.discard)
            if wait:
                await task

    async def _ask(self, kind: str, words: list[str], show: Show) -> None:
        """Puts a question to the look-ahead in a process of its own, which only reads."""
        horizon, n, *rest = words
        session, began = self.session, time.monotonic()
        moment = session.instant(session.exercise.now)
        command = [sys.executable, "-m", "wargame.live.oracle", str(session.folder.path), str(session.head)]
        process = await asyncio.create_subprocess_exec(
            *command, str(session.exercise.now), kind, horizon, n, *rest,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        if process.returncode:
            show([f"{kind} has failed: {err.decode(errors='replace').strip().splitlines()[-1:] or ''}"])
            return
        took = time.monotonic() - began
        title = " ".join([kind, *rest, "" if kind == "where" else f"over {horizon}"]).rstrip()
        show([f"{title}, {n} futures from {moment} ({took:.1f} s):", *(f"  {x}" for x in out.decode().splitlines())])

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
        except WargameError as error:
            self.wall.running = False
            self._terminals[self.main]([f"PAUSEX: {error}"])
            return
        if running and not self.wall.running:
            self._terminals[self.main]([f"{self.wall.told()}, {self.session.instant(self.session.exercise.now)}"])

    async def close(self) -> None:
        """Leaves off what is under way in the background."""
        for task in list(self._errands):
            task.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        self.wall.save()
