"""The public screen in a terminal: it fills the terminal, follows its size, and joins a console that has returned."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth

from wargame.journal.folder import Folder
from wargame.live.console.public_screen import PublicNews, PublicScreen
from wargame.live.session.wall_clock import ClockState
from wargame.live.session.wall_time import countdown_text
from wargame.live.terminals import socket
from wargame.live.terminals.screen import clipped, fold
from wargame.sentence import BANNER
from wargame.tables import tables

GONE = "The console of this exercise is gone. This screen joins again when it returns; q leaves."
STYLE = Style.from_dict(tables("live/terminals/public_terminal.yaml")["styles"])
Row = list[tuple[str, str]]
"""One row of the terminal: parts of text, each with the name of its style."""
ClockText = tuple[str, str, str]
"""Style, label and time of a clock."""
ROWS = "75557 26227 71747 71717 55711 74717 74757 71111 75757 75717 02020"
FIGURES = dict(zip("0123456789:", ROWS.split(), strict=True))
"""The five rows of a figure; the three bits of a digit are the dots of its row."""
HEIGHT = 5
LARGEST = 6
"""The largest scale: a dot is two columns wide and one row high, times the scale."""
NEWS = 3
"""Rows kept for news."""
STATES: Mapping[str, Sequence[str]] = tables("live/terminals/public_terminal.yaml")["states"]
"""The style of each state, and what it is called."""


class PublicTerminal:
    """The content of one public screen: the state last received, and the public news."""

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

    async def follow(self, folder: Folder, first: socket.OpenConnection) -> None:
        """Follow the console until it closes this screen; joins again whenever the connection is lost."""
        line: socket.OpenConnection | None = first
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


def layout(
    screen: PublicScreen, news: Sequence[PublicNews], wall: str, columns: int, rows: int, notice: str = ""
) -> list[Row]:
    """Return the rows of the screen: exactly `rows`, each exactly `columns` wide.

    `wall` is the time of day, `news` the public news, the last one the newest. `notice` is about the screen
    itself, such as a lost connection.
    """
    content: list[Row] = [[("header", _centred(f"{BANNER}  {screen.title}", columns))]]
    content += [[("warning", _centred(notice, columns))]] if notice else []
    content += _state(screen, columns)
    content += _clocks(screen, wall, columns, rows - len(content) - NEWS)
    if screen.state != ClockState.NO_PLAY:
        content.append([("rule", "─" * columns)])
        for item in reversed(news):
            text = f" {item.at}  {f'{item.source}: ' if item.source else ''}{item.text}"
            style = "newest" if item is news[-1] else "news"
            content += [[(style, part)] for part in fold(text, max(columns - 1, 1))]
    content += [[("", "")]] * (rows - len(content))
    return [_padded(row, columns) for row in content[:rows]]


def _state(screen: PublicScreen, columns: int) -> list[Row]:
    """Return the move and the state of the clock; at NO PLAY its text instead."""
    style, words = STATES[screen.state]
    if screen.state == ClockState.NO_PLAY:
        lines = [words, *filter(None, [screen.note])]
    elif screen.state == ClockState.STOPPED and screen.note:
        lines = [f"Move {screen.move} of {screen.moves} has ended"]
    else:
        lines = [f"Move {screen.move} of {screen.moves}: {words}"]
    folded = [part for line in ("", *lines, "") for part in fold(line, max(columns - 2, 1))]
    return [[(style, _centred(line, columns))] for line in folded]


def _clocks(screen: PublicScreen, wall: str, columns: int, rows: int) -> list[Row]:
    """Return game time, wall time and the countdown, in figures as large as they fit; the last one as text."""
    clocks = [("wall", "WALL TIME", wall)]
    if screen.state != ClockState.NO_PLAY:
        clocks.insert(0, ("game", f"GAME TIME {screen.date} (D{screen.day:+d})", screen.time))
    if screen.timer is not None:
        style = "timer" if screen.timer else "timesup"
        clocks.append((style, screen.timer_label.upper() or "TIMER", countdown_text(screen.timer)))
    for number in range(len(clocks), -1, -1):
        words: list[Row] = [[(style, _centred(f"{label} {text}", columns))] for style, label, text in clocks[number:]]
        if (large := _largest(clocks[:number], columns, rows - len(words))) or not number:
            return [*large, *words]
    return []


def _largest(clocks: Sequence[ClockText], columns: int, rows: int) -> list[Row]:
    """Return clocks in the largest figures in which all of them fit; empty if they do not fit."""
    arrangements = [clocks], [clocks[:1], clocks[1:]], [[clock] for clock in clocks]
    for scale in range(LARGEST, 0, -1):
        for lines in arrangements:
            large = all(lines) and len(lines) * (HEIGHT * scale + 2) <= rows
            if large and all(_fits(line, scale, columns // len(line)) for line in lines):
                return [row for line in lines for row in _large(line, scale, columns // len(line))]
    return []


def _fits(clocks: Sequence[ClockText], scale: int, width: int) -> bool:
    return all(8 * scale * len(text) <= width and get_cwidth(label) <= width for _, label, text in clocks)


def _large(clocks: Sequence[ClockText], scale: int, width: int) -> list[Row]:
    """Return the rows of clocks beside one another, each `width` wide, with their labels above."""
    drawn: list[Row] = [[("", "")], [("label", _centred(label, width)) for _, label, _ in clocks]]
    for number in range(HEIGHT):
        row = [(style, _centred(_dots(text, number, scale), width)) for style, _, text in clocks]
        drawn += [row] * scale
    return drawn


def _dots(text: str, row: int, scale: int) -> str:
    bits = (f"{int(FIGURES[figure][row]):03b}" for figure in text)
    return "0".join(bits).translate({ord("1"): "█" * 2 * scale, ord("0"): "  " * scale})


def _centred(text: str, columns: int) -> str:
    short = clipped(text, columns)
    left = (columns - get_cwidth(short)) // 2
    return f"{' ' * left}{short}{' ' * (columns - left - get_cwidth(short))}"


def _padded(row: Row, columns: int) -> Row:
    """Return the row, exactly as wide as the terminal."""
    out: Row = []
    left = columns
    for style, text in row:
        part = clipped(text, left) if get_cwidth(text) > left else text
        out.append((style, part))
        left -= get_cwidth(part)
    return [*out, ("", " " * left)]
