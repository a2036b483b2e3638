"""Consoles on a terminal: prompt, completion, a bar at the bottom, news above the prompt."""

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
from wargame.live.console.status_bar import facilitator_bar, participant_bar
from wargame.live.terminals import socket
from wargame.live.terminals.hub import Hub
from wargame.live.terminals.wrapping import clipped, folded
from wargame.seat.banner import BANNER
from wargame.seat.feed import clean

MENU = 4
"""Lines reserved below the prompt for completions, at the expense of the lines above."""
STAYS = "Ctrl-C clears the line; quit leaves the exercise, which can be resumed."


class LineCompleter(Completer):
    """Completes words from a table, which is replaced after each line."""

    def __init__(self, data: Table) -> None:
        self.data = data

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The words that may come at the cursor."""
        del complete_event
        line = document.text_before_cursor
        typed = 0 if not line or line[-1].isspace() else len(line.split()[-1])
        for word in complete(self.data, line):
            yield Completion(word, start_position=-typed)


def show(lines: list[str]) -> None:
    """Prints lines above the prompt; first clears the screen if the first line begins with `CLEAR`."""
    if lines and lines[0].startswith(CLEAR):
        if sys.__stdout__ is not None:  # not sys.stdout, which prompt_toolkit redirects above the prompt
            sys.__stdout__.write(CLEAR)
            sys.__stdout__.flush()
        lines = [lines[0].removeprefix(CLEAR), *lines[1:]]
    for line in folded(lines, shutil.get_terminal_size().columns):
        print_formatted_text(ANSI(line) if "\x1b" in line else line)


def _time_of_day() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"


def _fit(lines: list[str]) -> str:
    """The lines of a bar, cut to the width of the terminal."""
    return "\n".join(clipped(line, shutil.get_terminal_size().columns - 1) for line in lines)


async def play_terminal(console: Console) -> None:
    """The facilitator's console, until `quit` or the end of input."""
    hub = Hub(console, show)
    server = socket.Server(hub)
    await server.open()
    completer = LineCompleter(table(console))
    prompts: dict[str, PromptSession[str]] = defaultdict(lambda: _facilitator_prompt(console, completer))
    clock = asyncio.create_task(hub.keep_time())
    with contextlib.suppress(NotImplementedError):  # Ctrl-C must not interrupt a running command
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    await hub.lookahead.keep_ready()
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
                        show(["This is the facilitator's terminal: stand returns it, Ctrl-D again leaves."])
                        continue
                    show(console.leaving())
                    break
                ended = False
                await _run(hub, console, line)
                completer.data = table(console)
    finally:
        clock.cancel()
        await hub.close()
        await server.close()


def _facilitator_prompt(console: Console, completer: LineCompleter) -> PromptSession[str]:
    """A prompt with its own input history, so that a seat is not offered what others have typed before it."""
    return PromptSession(
        completer=completer,
        complete_while_typing=True,
        reserve_space_for_menu=MENU,
        bottom_toolbar=lambda: _fit(_bar(console)),
        refresh_interval=0.5,
    )


def _bar(console: Console) -> list[str]:
    return participant_bar(console).split("\n") if console.sitting else facilitator_bar(console, _time_of_day())


async def _run(hub: Hub, console: Console, line: str) -> None:
    try:
        show(hub.run(console, line))
    except WargameError as error:
        show([clean(f"! {error}", lines=True)])
    await hub.run_errands(console, show, wait=False)


# --- a terminal that has joined ----------------------------------------------------------------------


class JoinedTerminal:
    """A terminal that has joined: it sends what is typed to the console, and shows what the console sends."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, welcome: dict[str, Any], *, typed: bool
    ) -> None:
        self._reader, self._writer, self._typed = reader, writer, typed
        self.bar, self.left = BANNER, False
        self.prompt, self.words = str(welcome.get("prompt", "> ")), LineCompleter(welcome.get("table", {}))
        self._show(welcome)
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
        """Shows what the console sends until the connection is closed."""
        while message := await socket.receive(self._reader):
            self._show(message)
            if "prompt" in message:
                self._answered.set()
        self._answered.set()

    async def say(self, line: str) -> None:
        """Sends a line and waits for its answer; a line that is too long is not sent."""
        if len(line.encode()) > socket.LONGEST:
            self._show({"show": [f"! not sent: a line has at most {socket.LONGEST:,} bytes"]})
            return
        self._answered.clear()
        await socket.say(self._writer, line)
        await self._answered.wait()

    async def type_lines(self, *, watch: bool) -> None:
        """Reads lines from the keyboard. Ctrl-C clears the line, and the end of input leaves.

        With `watch`, nothing is sent, and Ctrl-C leaves.
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
                    lambda: "" if watch else self.prompt, bottom_toolbar=lambda: _fit(self.bar.split("\n"))
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
        """Reads lines from standard input; at its end the terminal leaves."""
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            try:
                await self.say(line.decode().rstrip("\r\n"))
            except UnicodeDecodeError:
                self._show({"show": ["! not sent: the line is not UTF-8 text"]})
        await asyncio.sleep(0.1)


RETRY = 1.0
"""Seconds between two attempts to join an exercise whose console is gone."""


async def join_terminal(folder: Any, role: str, seat: str, *, watch: bool) -> None:
    """Joins an exercise until either side leaves; with a person at the keyboard, rejoins a lost console."""
    typed = sys.stdin.isatty() and sys.stdout.isatty()
    line = await socket.connect(folder, role, seat)
    while not await _connection(*line, typed=typed, watch=watch):
        show(["The console of this exercise is gone. This terminal joins again when it returns; Ctrl-C leaves."])
        line = await _again(folder, role, seat)
    if not typed:
        sys.stdout.flush()


async def _again(folder: Any, role: str, seat: str) -> Any:
    while True:
        await asyncio.sleep(RETRY)
        with contextlib.suppress(socket.NotRunning):
            return await socket.connect(folder, role, seat)


async def _connection(reader: Any, writer: Any, welcome: dict[str, Any], *, typed: bool, watch: bool) -> bool:
    """Serves one connection; returns False if it was lost and should be made again."""
    with patch_stdout() if typed else contextlib.nullcontext():
        terminal = JoinedTerminal(reader, writer, welcome, typed=typed)
        listening = asyncio.create_task(terminal.listen())
        typing = None
        if typed or not watch:
            typing = asyncio.create_task(terminal.type_lines(watch=watch) if typed else terminal.pipe_lines())
        waiting = [task for task in (listening, typing) if task is not None]
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        lost = listening.done() and not terminal.left
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    writer.close()
    if lost and not typed:
        sys.stdout.write("The console of this exercise has been closed.\n")
    return not (lost and typed)
