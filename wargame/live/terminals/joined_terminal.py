"""Terminals of people: one that has joined an exercise in another process, and the facilitator's."""

import asyncio
import contextlib
import signal
import sys
from collections import defaultdict
from datetime import datetime
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from wargame.errors import WargameError
from wargame.journal.folder import Folder
from wargame.live.console.completion import table
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.live.console.status_bar import facilitator_bar, participant_bar
from wargame.live.terminals import socket
from wargame.live.terminals.screen import MENU, LineCompleter, fit, show, show_reply
from wargame.live.terminals.services import Service, opened
from wargame.live.terminals.shared_session import SharedSession
from wargame.sentence import BANNER


class JoinedTerminal:
    """A terminal that has joined: it sends what is typed to the console, and shows what the console sends."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, welcome: dict[str, Any], *, typed: bool
    ) -> None:
        self._reader, self._writer, self._typed = reader, writer, typed
        self.bar, self.left = BANNER, False
        self.last_lines: list[str] = []
        self.prompt, self.words = str(welcome.get("prompt", "> ")), LineCompleter(welcome.get("table", {}))
        self._show(welcome)
        self._answered = asyncio.Event()

    def _show(self, message: dict[str, Any]) -> None:
        lines = [str(line) for line in message.get("show", ())]
        if self._typed and message.get("left"):
            self.last_lines = lines  # shown when the prompt is gone, which would take them with it
        elif self._typed:
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
        """Show what the console sends until the connection is closed."""
        while message := await socket.receive(self._reader):
            self._show(message)
            if "prompt" in message:
                self._answered.set()
        self._answered.set()

    async def say(self, line: str) -> None:
        """Send a line and wait for its answer; a line that is too long is not sent."""
        if len(line.encode()) > socket.LONGEST:
            self._show({"show": [f"! not sent: a line has at most {socket.LONGEST:,} bytes"]})
            return
        self._answered.clear()
        await socket.say(self._writer, line)
        await self._answered.wait()

    async def type_lines(self, *, watch: bool) -> None:
        """Read lines from the keyboard. Ctrl-C clears the line, and the end of input leaves.

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
                    lambda: "" if watch else self.prompt, bottom_toolbar=lambda: fit(self.bar.split("\n"))
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
        """Read lines from standard input; at its end the terminal leaves."""
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            try:
                await self.say(line.decode().rstrip("\r\n"))
            except UnicodeDecodeError:
                self._show({"show": ["! not sent: the line is not UTF-8 text"]})
        await asyncio.sleep(0.1)


async def join_terminal(folder: Folder, hello: dict[str, Any], *, watch: bool) -> None:
    """Join an exercise until either side leaves; a person rejoins a lost console. `hello` is as in `socket.connect`."""
    typed = sys.stdin.isatty() and sys.stdout.isatty()
    hello = {**hello, "typed": typed}
    line = await socket.connect(folder, hello)
    while not await _connection(*line, typed=typed, watch=watch):
        show(["The console of this exercise is gone. This terminal joins again when it returns; Ctrl-C leaves."])
        line = await socket.reconnect(folder, hello)
    if not typed:
        sys.stdout.flush()


async def _connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, welcome: dict[str, Any], *, typed: bool, watch: bool
) -> bool:
    """Serve one connection; returns False if it was lost and should be made again."""
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
    show(terminal.last_lines)
    if lost and not typed:
        sys.stdout.write("The console of this exercise has been closed.\n")
    return not (lost and typed)


STAYS = "Ctrl-C clears the line; quit leaves the exercise, which can be resumed."


async def play_terminal(console: Console, service: Service | None = None) -> None:
    """Run the facilitator's console, until `quit` or the end of input; the service runs beside it."""
    with contextlib.suppress(NotImplementedError):  # Ctrl-C must not interrupt a running command
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    async with opened(console, show_reply, service) as (shared, notes, lines):
        with patch_stdout():
            console.asks = True
            shared.show(console, Reply([*console.greeting(), *notes, *lines]))
            await _type(shared, console)


async def _type(shared: SharedSession, console: Console) -> None:
    completer, ended = LineCompleter(table(console)), False
    prompts: dict[str, PromptSession[str]] = defaultdict(  # a seat is not offered what others have typed before it
        lambda: PromptSession(
            completer=completer,
            complete_while_typing=True,
            reserve_space_for_menu=MENU,
            bottom_toolbar=lambda: fit(_bar(console)),
            refresh_interval=0.5,
        )
    )
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
        await _run(shared, console, line)
        completer.data = table(console)


def _bar(console: Console) -> list[str]:
    time_of_day = f"{datetime.now().astimezone():%H:%M:%S}"
    return participant_bar(console).split("\n") if console.sitting else facilitator_bar(console, time_of_day)


async def _run(shared: SharedSession, console: Console, line: str) -> None:
    try:
        shared.show(console, await shared.run_shared(console, line))
    except WargameError as error:
        shared.show(console, Reply([f"! {error}"]))
    await shared.carry_out_requests(console, lambda shown: shared.show(console, shown), wait=False)
