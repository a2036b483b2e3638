"""The public screen in a terminal: it fills the terminal, follows its size, and joins a console that has returned."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.styles import Style

from wargame.journal.folder import Folder
from wargame.live.console.public_screen import PublicNews, PublicScreen
from wargame.live.terminals import socket
from wargame.live.terminals.public_layout import layout

GONE = "The console of this exercise is gone. This screen joins again when it returns; q leaves."
STYLE = Style.from_dict(
    {
        "": "bg:#000000 #ffffff",
        "header": "bg:#1f3a5f #ffffff bold",
        "warning": "bg:#ffffff #000000 bold",
        "status": "#ffffff bold",
        "label": "#9fc5e8",
        "game": "#ffffff bold",
        "wall": "#9fc5e8 bold",
        "timer": "#f0e442 bold",
        "timesup": "bg:#f0e442 #000000 bold",
        "pausex": "bg:#e69f00 #000000 bold",
        "stopped": "bg:#56b4e9 #000000 bold",
        "noplay": "bg:#d00000 #ffffff bold",
        "noplaytext": "bg:#ffffff #d00000 bold",
        "rule": "#5f7fa0",
        "newest": "#ffffff bold",
        "news": "#d0d0d0",
    }
)


class PublicTerminal:
    """What one public screen shows: the state last received, and the public news."""

    def __init__(self, hello: dict[str, Any]) -> None:
        self._hello = hello
        self.screen: PublicScreen | None = None
        self.news: list[PublicNews] = []
        self.notice = ""
        self.left = False
        self.changed: Callable[[], None] = lambda: None

    def take(self, message: dict[str, Any]) -> None:
        """Take what the console sends: the state, and all of the news."""
        with contextlib.suppress(msgspec.ValidationError):
            if "screen" in message:
                self.screen = msgspec.convert(message["screen"], PublicScreen)
            if "news" in message:
                self.news = msgspec.convert(message["news"], list[PublicNews])
        self.left = self.left or bool(message.get("left"))
        self.changed()

    def text(self, size: Size) -> StyleAndTextTuples:
        """Return the whole screen."""
        wall = f"{datetime.now().astimezone():%H:%M}"
        if self.screen is None:
            return [("class:warning", self.notice)]
        rows = layout(self.screen, self.news, wall, size.columns, size.rows, self.notice)
        parts: StyleAndTextTuples = []
        for place, row in enumerate(rows):
            parts += [("", "\n")] if place else []
            parts += [(f"class:{style}" if style else "", text) for style, text in row]
        return parts

    async def follow(self, folder: Folder, first: socket.Connection) -> None:
        """Follow the console until it closes this screen; joins again whenever the connection is lost."""
        line: socket.Connection | None = first
        while line is not None:
            reader, writer, welcome = line
            self.notice = ""
            self.take(welcome)
            while message := await socket.receive(reader):
                self.take(message)
            writer.close()
            self.notice = GONE
            self.changed()
            line = None if self.left else await socket.reconnect(folder, self._hello)


async def show_public_screen(folder: Folder, hello: dict[str, Any]) -> None:
    """Join an exercise as its public screen, until q, Ctrl-C or the facilitator closes it."""
    first = await socket.connect(folder, hello)
    terminal = PublicTerminal(hello)
    keys = KeyBindings()

    @keys.add("q")
    @keys.add("c-c")
    @keys.add("c-d")
    def _leave(event: KeyPressEvent) -> None:
        event.app.exit()

    window = Window(FormattedTextControl(lambda: terminal.text(app.output.get_size())), always_hide_cursor=True)
    app: Application[None] = Application(
        layout=Layout(window), key_bindings=keys, style=STYLE, full_screen=True, refresh_interval=1.0
    )
    terminal.changed = app.invalidate

    async def follow() -> None:
        await terminal.follow(folder, first)
        app.exit()

    following = asyncio.create_task(follow())
    try:
        await app.run_async()
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
