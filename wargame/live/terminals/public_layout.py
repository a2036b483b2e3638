"""The layout of the public screen for a terminal of any size: what is large, where it stands, what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prompt_toolkit.utils import get_cwidth

from wargame.live.console.public_screen import PublicNews, PublicScreen
from wargame.live.session.timer import countdown_text
from wargame.live.session.wall_clock import ClockState
from wargame.live.terminals.big_text import big, big_height, big_width, wrapped
from wargame.live.terminals.wrapping import clipped, fold
from wargame.seat.banner import BANNER

Row = list[tuple[str, str]]
"""One row of the terminal: parts of text, each with the name of its style."""

LARGEST = 8
"""The largest scale of big text: columns and half rows of a dot."""
LEAST_NEWS = 3
"""Rows that are kept for news at least."""
HEADLINE_COLUMNS = 100
"""In a terminal of this width, whose characters are small, the last news is in large letters if it fits."""


@dataclass(frozen=True, slots=True)
class Block:
    """Something in large letters, with a label in small ones above it."""

    label: str
    text: str
    style: str

    def width(self, scale: int) -> int:
        """Return its columns."""
        return max(big_width(self.text, scale), 1)


def layout(
    screen: PublicScreen, news: Sequence[PublicNews], wall: str, columns: int, rows: int, notice: str = ""
) -> list[Row]:
    """Return the rows of the screen: exactly `rows`, each exactly `columns` wide.

    `wall` is the time of day, `news` the public news, the last one the newest. `notice` is about the screen
    itself, such as a lost connection.
    """
    content = [_header(screen, columns)]
    if notice:
        content.append([("warning", _centred(notice, columns))])
    content += _banner(screen, columns, rows)
    content += _clocks(screen, wall, columns, rows - len(content) - 1, _rows_of_news(screen, columns, rows))
    content.append([("status", _centred(_status(screen), columns))])
    if screen.state != ClockState.NO_PLAY:
        content += _news(news, columns, rows - len(content))
    content = content[:rows]
    content += [[("", "")]] * (rows - len(content))
    return [_padded(row, columns) for row in content]


def _header(screen: PublicScreen, columns: int) -> Row:
    title = clipped(screen.title, max(0, columns - len(BANNER) - 4))
    fits = columns >= len(BANNER) + 12
    text = f" {BANNER}  {title}" if fits else BANNER if columns >= len(BANNER) else "EXERCISE"
    return [("header", clipped(text, columns).ljust(columns))]


def _status(screen: PublicScreen) -> str:
    """Return the move and the state of the clock, in words."""
    if screen.state == ClockState.STOPPED and screen.note:
        return f"Move {screen.move} of {screen.moves} has ended"
    words = {
        ClockState.READY: "the exercise has not begun",
        ClockState.RUNNING: "the clock is running",
        ClockState.STOPPED: "the clock is stopped",
        ClockState.PAUSEX: "the exercise is paused",
        ClockState.NO_PLAY: "the exercise is stopped for a real event",
        ClockState.ENDEX: "the exercise is over",
    }
    return f"Move {screen.move} of {screen.moves}: {words[screen.state]}"


# --- banners -------------------------------------------------------------------------------------------------


def _banner(screen: PublicScreen, columns: int, rows: int) -> list[Row]:
    """Return the state in large letters, unless the clock runs; at NO PLAY as large as possible, with its text."""
    if screen.state in (ClockState.READY, ClockState.RUNNING):
        return []
    style = {ClockState.NO_PLAY: "noplay", ClockState.STOPPED: "stopped"}.get(screen.state, "pausex")
    choices = [screen.note, "stopped"] if screen.state == ClockState.STOPPED else [str(screen.state)]
    choices = [text for text in choices if text]
    most = rows // 3 if screen.state == ClockState.NO_PLAY else max(rows // 5, big_height(1))
    lines = _large(choices, columns - 2, most) if rows > 12 else []
    lines = [*_blank(rows), *lines, *_blank(rows)] if lines else [choices[0].upper()]
    content: list[Row] = [[(style, _centred(line, columns))] for line in lines]
    if screen.state == ClockState.NO_PLAY and screen.note:
        content += _no_play_text(screen.note, columns, rows - len(lines) - 7)
    return content


def _blank(rows: int) -> list[str]:
    return [""] if rows >= 30 else []


def _large(texts: Sequence[str], columns: int, rows: int) -> list[str]:
    """Return the first text that fits, in the largest letters in which it fits; empty if none does."""
    for text in texts:
        for scale in range(LARGEST, 0, -1):
            if big_width(text, scale) <= columns and big_height(scale) <= rows:
                return big(text, scale)
    return []


def _no_play_text(text: str, columns: int, rows: int) -> Iterator[Row]:
    for scale in (3, 2, 1):
        lines = wrapped(text, columns - 4, scale)
        if len(lines) * (big_height(scale) + 1) <= rows:
            for line in lines:
                yield [("", "")]
                yield from ([("noplaytext", _centred(part, columns))] for part in big(line, scale))
            return
    for part in fold(text, max(columns - 2, 1)):
        yield [("noplaytext", _centred(part, columns))]


# --- clocks --------------------------------------------------------------------------------------------------


def _rows_of_news(screen: PublicScreen, columns: int, rows: int) -> int:
    """Return the rows that are kept for news if the clocks are large without them."""
    if screen.state == ClockState.NO_PLAY:
        return 1
    return max(LEAST_NEWS, rows // (3 if columns >= HEADLINE_COLUMNS else 4)) - 1


def _clocks(screen: PublicScreen, wall: str, columns: int, rows: int, kept: int) -> list[Row]:
    """Game time, wall time and the countdown, as large as they fit into `rows` less those `kept` for news.

    Where there is little room, first the news gives way, then the date is in words, then all but the first clock.
    """
    date = Block(f"GAME DATE (D{screen.day:+d})", screen.date, "game")
    clocks = [Block("WALL TIME", wall, "wall")]
    if screen.state != ClockState.NO_PLAY:
        clocks.insert(0, Block("GAME TIME", screen.time, "game"))
    if screen.timer is not None:
        style = "timer" if screen.timer else "timesup"
        clocks.append(Block(screen.timer_label.upper() or "TIMER", countdown_text(screen.timer), style))
    day = f"GAME {screen.date} (D{screen.day:+d})"
    no_play = screen.state == ClockState.NO_PLAY
    for left in (rows - kept, rows - LEAST_NEWS + 1):
        if not no_play and (large := _largest([date], clocks, columns, left)):
            return large
        if large := _largest([], clocks, columns, left if no_play else left - 1):
            return [*_day(screen, day, columns), *large]
    first, *others = clocks
    words = [(block.style, f"{block.label} {block.text}") for block in others]
    if large := _largest([], [first], columns, rows - 1 - len(words)):
        return [*_day(screen, day, columns), *large, *([(style, _centred(text, columns))] for style, text in words)]
    words = [("game", f"GAME {screen.date} {screen.time} (D{screen.day:+d})"), *words]
    return [[(style, _centred(text, columns))] for style, text in words]


def _day(screen: PublicScreen, text: str, columns: int) -> list[Row]:
    """Return the date in words; at NO PLAY it does not matter."""
    return [] if screen.state == ClockState.NO_PLAY else [[("game", _centred(text, columns))]]


def _largest(date: Sequence[Block], clocks: Sequence[Block], columns: int, rows: int) -> list[Row]:
    """The date, if it is given, and below it the clocks, in the largest letters in which they fit; empty if none."""
    for scale in range(LARGEST, 0, -1):
        lines = [(scale, line) for line in _flow(clocks, scale, columns)]
        for date_scale in range(min(scale + 1, LARGEST), 0, -1):
            every = [*((date_scale, [block]) for block in date), *lines]
            if _fits(every, columns, rows):
                return [row for each, blocks in every for row in _block_rows(blocks, each, columns)]
    return []


def _flow(blocks: Sequence[Block], scale: int, columns: int) -> list[list[Block]]:
    """Return the blocks in lines, as many in a line as fit."""
    lines: list[list[Block]] = []
    for block in blocks:
        if lines and _line_width([*lines[-1], block], scale) <= columns:
            lines[-1].append(block)
        else:
            lines.append([block])
    return lines


def _line_width(blocks: Sequence[Block], scale: int) -> int:
    return sum(block.width(scale) for block in blocks) + _gap(scale) * (len(blocks) - 1)


def _gap(scale: int) -> int:
    return 4 + 2 * scale


def _fits(lines: Sequence[tuple[int, Sequence[Block]]], columns: int, rows: int) -> bool:
    height = sum(big_height(scale) + 1 for scale, _ in lines)
    return height <= rows and all(_line_width(blocks, scale) <= columns for scale, blocks in lines)


def _block_rows(blocks: Sequence[Block], scale: int, columns: int) -> Iterator[Row]:
    """Yield a row of labels, then the rows of large letters, in the middle of the screen."""
    margin = " " * ((columns - _line_width(blocks, scale)) // 2)
    gap = " " * _gap(scale)
    widths = [block.width(scale) for block in blocks]
    labels = [
        clipped(block.label, width + len(gap) - 2).ljust(width) for block, width in zip(blocks, widths, strict=True)
    ]
    yield _joined(margin, gap, [("label", text) for text in labels], widths)
    drawn = [big(block.text, scale) for block in blocks]
    for parts in zip(*drawn, strict=True):
        yield _joined(margin, gap, [(block.style, part) for block, part in zip(blocks, parts, strict=True)], widths)


def _joined(margin: str, gap: str, parts: Sequence[tuple[str, str]], widths: Sequence[int]) -> Row:
    row: Row = [("", margin)]
    for place, ((style, text), width) in enumerate(zip(parts, widths, strict=True)):
        row.append((style, text))
        if place < len(parts) - 1:
            row.append(("", gap[max(0, get_cwidth(text) - width) :]))
    return row


# --- news ----------------------------------------------------------------------------------------------------


def _news(news: Sequence[PublicNews], columns: int, rows: int) -> list[Row]:
    """Return the newest news first; in a wide terminal the newest in large letters, if it fits."""
    items = list(reversed(news))
    if not items or rows < 2:
        return []
    content: list[Row] = [[("rule", "─" * columns)]]
    if columns >= HEADLINE_COLUMNS:
        headline = list(_headline(items[0], columns, rows - 1))
        content += headline
        items = items[1:] if headline else items
    for item in items:
        for part in fold(f" {item.at}  {f'{item.source}: ' if item.source else ''}{item.text}", columns - 1):
            if len(content) >= rows:
                return content
            content.append([("newest" if item is items[0] and len(content) < 4 else "news", part)])
    return content


def _headline(item: PublicNews, columns: int, rows: int) -> Iterator[Row]:
    for scale, most in ((2, rows // 2), (1, rows)):
        parts = wrapped(item.text, columns - 4, scale)
        if parts and len(parts) * (big_height(scale) + 1) + 1 <= most:
            yield [("label", f"  {item.at}  {item.source}")]
            for part in parts:
                yield from ([("newest", f"  {row}")] for row in big(part, scale))
                yield [("", "")]
            return


# --- rows ----------------------------------------------------------------------------------------------------


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
