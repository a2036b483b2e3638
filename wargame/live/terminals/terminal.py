"""The consoles on a terminal: prompt, completion, a bar at the bottom, messages above the prompt."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.shortcuts import print_formatted_text

from wargame.errors import WargameError
from wargame.live.console.completion import Table, complete, table
from wargame.live.console.console import CLEAR, Console
from wargame.live.console.view_commands import bar, place
from wargame.live.terminals import socket as joining
from wargame.live.terminals.hub import Hub
from wargame.live.terminals.wrapping import clipped, folded
from wargame.seat.banner import BANNER
from wargame.seat.feed import clean

MENU = 4
"""Lines that are kept free below the prompt for completions: more would be lost to what is shown above it."""
STAYS = "Ctrl-C clears the line; quit leaves the exercise, to be resumed."


class LineCompleter(Completer):
    """Completes from a table that may change from line to line."""

    def __init__(self, data: Table) -> None:
        self.data = data

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The words that may stand at the cursor."""
        del complete_event
        line = document.text_before_cursor
        begun = 0 if not line or line[-1].isspace() else len(line.split()[-1])
        for word in complete(self.data, line):
            yield Completion(word, start_position=-begun)


def show(lines: list[str]) -> None:
    """Prints above the prompt; clears the screen where the first line begins with that order."""
    if lines and lines[0].startswith(CLEAR):
        sys.__stdout__.write(CLEAR) if sys.__stdout__ else None
        sys.__stdout__.flush() if sys.__stdout__ else None
        lines = [lines[0].removeprefix(CLEAR), *lines[1:]]
    for line in folded(lines, shutil.get_terminal_size().columns):
        print_formatted_text(ANSI(line) if "\x1b" in line else line)


def _wall() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"


def _fitted(lines: list[str]) -> str:
    """A bar that does not run over the edge."""
    return "\n".join(clipped(line, shutil.get_terminal_size().columns - 1) for line in lines)


async def play_terminal(console: Console) -> None:
    """The facilitator's console, until `quit` or the end of input."""
    hub = Hub(console, show)
    server = joining.Server(hub)
    await server.open()
    words = LineCompleter(table(console))
    prompts: dict[str, PromptSession[str]] = defaultdict(lambda: _facilitators(console, words))
    clock = asyncio.create_task(hub.keep_time())
    with contextlib.suppress(NotImplementedError):  # a line at work is not to be torn off by Ctrl-C
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    await hub.helper.keep_ready()
    try:
        with patch_stdout():
            show(console.greeting())
            ended = False
            while not console.over:
                try:
                    line = await prompts[console.seat].prompt_async(console.prompt)
                except KeyboardInterrupt:
                    show([STAYS])
                    continue
                except EOFError:
                    if console.sitting and not ended:
                        ended = True
                        show(["This terminal is the facilitator's: stand gives it back. Ctrl-D again ends it."])
                        continue
                    show(console.leaving())
                    break
                ended = False
                await _run(hub, console, line)
                words.data = table(console)
    finally:
        clock.cancel()
        await hub.close()
        await server.close()


def _facilitators(console: Console, words: LineCompleter) -> PromptSession[str]:
    """A prompt with a memory of its own: what was typed as one seat is not offered to whoever sits down next."""
    return PromptSession(
        completer=words,
        complete_while_typing=True,
        reserve_space_for_menu=MENU,
        bottom_toolbar=lambda: _fitted(bar(console, _wall()) if not console.sitting else place(console).split("\n")),
        refresh_interval=0.5,
    )


async def _run(hub: Hub, console: Console, line: str) -> None:
    try:
        show(hub.run(console, line))
    except WargameError as error:
        show([clean(f"! {error}", lines=True)])
    await hub.errands(console, show, wait=False)


# --- a terminal that has joined ----------------------------------------------------------------------


class Joined:
    """A terminal elsewhere: what it types goes to the console, what the console tells it is shown."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, welcome: dict[str, Any], *, typed: bool
    ) -> None:
        self._reader, self._writer, self._typed = reader, writer, typed
        self.bar, self.left = BANNER, False
        self.prompt, self.words = str(welcome.get("prompt", "> ")), LineCompleter(welcome.get("table", {}))
        self._show(welcome)
        self._asked = 0
        self._answered = asyncio.Event()

    def _show(self, message: dict[str, Any]) -> None:
        lines = [str(line) for line in message.get("show", ())]
        if self._typed:
            show(lines)
        else:
            sys.stdout.write("".join(line + "\n" for line in lines))
            sys.stdout.flush()
        self.bar = str(message.get("bar", self.bar))
        self.left = self.left or bool(message.get("left"))
        if "at" in message:
            self.prompt = str(message["at"])
        if "prompt" in message:
            self.prompt = str(message["prompt"])
            self.words.data = message.get("table", self.words.data)

    async def listen(self) -> None:
        """Shows what comes until the exercise closes."""
        while message := await joining.receive(self._reader):
            self._show(message)
            if "prompt" in message:
                self._answered.set()
        self._answered.set()

    async def say(self, line: str) -> None:
        """Sends a line and waits for its answer; one that is longer than the exercise takes is not sent."""
        if len(line.encode()) > joining.LONGEST:
            self._show({"show": [f"! a line has at most {joining.LONGEST:,} bytes: nothing was sent"]})
            return
        self._answered.clear()
        await joining.say(self._writer, line)
        await self._answered.wait()

    async def type_lines(self, *, watch: bool) -> None:
        """A person at the keyboard; one who only watches can leave with Ctrl-C and nothing else.

        Otherwise Ctrl-C clears the line, and the end of input leaves.
        """
        prompt: PromptSession[str] = PromptSession(
            completer=self.words,
            complete_while_typing=True,
            reserve_space_for_menu=MENU,
            refresh_interval=1,
            erase_when_done=watch,
        )
        while not self.left:
            try:
                line = await prompt.prompt_async(
                    lambda: "" if watch else self.prompt, bottom_toolbar=lambda: _fitted(self.bar.split("\n"))
                )
            except (EOFError, KeyboardInterrupt) as end:
                if watch or isinstance(end, EOFError):
                    break
                show(["Ctrl-C clears the line; quit leaves."])
                continue
            if not watch:
                await self.say(line)
        self.left = True

    async def pipe_lines(self) -> None:
        """Lines from standard input; at its end the terminal leaves."""
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            try:
                await self.say(line.decode().rstrip("\r\n"))
            except UnicodeDecodeError:
                self._show({"show": ["! a line is not UTF-8 text: nothing was sent"]})
        await asyncio.sleep(0.1)


RETRY = 1.0
"""Seconds between two attempts to join an exercise whose console has gone."""


async def join_terminal(folder: Any, role: str, seat: str, *, watch: bool) -> None:
    """Joins an exercise, until either side leaves; a person's terminal joins again if the console comes back."""
    typed = sys.stdin.isatty() and sys.stdout.isatty()
    line = await joining.connect(folder, role, seat)
    while not await _joined(*line, typed=typed, watch=watch):
        show(["The console of this exercise has gone. This terminal joins again when it is back; Ctrl-C leaves."])
        line = await _again(folder, role, seat)
    if not typed:
        sys.stdout.flush()


async def _again(folder: Any, role: str, seat: str) -> Any:
    while True:
        await asyncio.sleep(RETRY)
        with contextlib.suppress(joining.NotThere):
            return await joining.connect(folder, role, seat)


async def _joined(reader: Any, writer: Any, welcome: dict[str, Any], *, typed: bool, watch: bool) -> bool:
    """One stay at an exercise; whether it has been for good."""
    with patch_stdout() if typed else contextlib.nullcontext():
        joined = Joined(reader, writer, welcome, typed=typed)
        listening = asyncio.create_task(joined.listen())
        typing = None
        if typed or not watch:
            typing = asyncio.create_task(joined.type_lines(watch=watch) if typed else joined.pipe_lines())
        waiting = [task for task in (listening, typing) if task is not None]
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        gone = listening.done() and not joined.left
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    writer.close()
    if gone and not typed:
        sys.stdout.write("The console of this exercise has closed.\n")
    return not (gone and typed)
