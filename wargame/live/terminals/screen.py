"""The common part of all terminals: lines above the prompt, wrapped between words, bars that fit, and completion."""

import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.shortcuts import print_formatted_text
from prompt_toolkit.utils import get_cwidth

from wargame.live.console.completion import CompletionTable, complete
from wargame.live.console.reply import CLEAR, Reply

MENU = 4
"""Lines reserved below the prompt for completions, at the expense of the lines above."""
LEAST = 20
"""In terminals narrower than this, lines are not wrapped."""
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
MANY = 4
"""A line with more gaps than this is a list of values; it continues under the first value."""


class LineCompleter(Completer):
    """Completes words from a table, which is replaced after each line."""

    def __init__(self, data: CompletionTable) -> None:
        self.data = data

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield the words that may come at the cursor."""
        del complete_event
        line = document.text_before_cursor
        typed = 0 if not line or line[-1].isspace() else len(line.split()[-1])
        for word in complete(self.data, line):
            yield Completion(word, start_position=-typed)


def show_reply(shown: Reply) -> None:
    """Print lines above the prompt; clears the screen first if the terminal passes to somebody else."""
    if shown.clears and sys.__stdout__ is not None:  # not sys.stdout, which prompt_toolkit redirects above the prompt
        sys.__stdout__.write(CLEAR)
        sys.__stdout__.flush()
    show(replace(shown, clears=False).typed())


def show(lines: Sequence[str]) -> None:
    """Print lines above the prompt."""
    for line in folded(lines, shutil.get_terminal_size().columns):
        print_formatted_text(ANSI(line) if "\x1b" in line else line)


def fit(lines: list[str]) -> str:
    """Return the lines of a bar, cut to the width of the terminal."""
    return "\n".join(clipped(line, shutil.get_terminal_size().columns - 1) for line in lines)


def folded(lines: Iterable[str], width: int) -> list[str]:
    """Return all lines, wrapped to `width` columns; lines with escape sequences are not changed."""
    return [part for line in lines for part in (fold(line, width) if "\x1b" not in line else [line])]


def fold(line: str, width: int) -> list[str]:
    """Wrap one line, whose columns are separated by two or more spaces.

    If the last column begins in the left 3/5 of the screen, its text continues below its beginning. If it begins
    further right, it moves to a new line.
    """
    if width < LEAST or get_cwidth(line) <= width:
        return [line]
    margin = len(line) - len(line.lstrip())
    starts = [match.end() for match in _GAP.finditer(line)]
    columns = starts[:1] if len(starts) > MANY else starts
    near = [start for start in columns if get_cwidth(line[:start]) <= width * 3 // 5]
    if columns and len(starts) <= MANY and near != columns:
        head, rest = line[: columns[-1]].rstrip(), line[columns[-1] :]
        return [*_wrap(head, width, margin + 4), *_wrap(" " * (margin + 4) + rest, width, margin + 4)]
    return _wrap(line, width, get_cwidth(line[: near[-1]]) if near else margin + 2)


def _wrap(line: str, width: int, hang: int) -> list[str]:
    """Break a line between words, and inside a word only if the word is longer than a line."""
    lines, begun = [], ""
    for word in re.findall(r"\s*\S+", line):
        piece = word
        if begun and get_cwidth(begun + piece) > width:
            lines.append(begun)
            begun, piece = " " * hang, piece.lstrip()
        while get_cwidth(begun + piece) > width:
            cut = _fitting(begun + piece, width)
            lines.append((begun + piece)[:cut])
            begun, piece = " " * hang, (begun + piece)[cut:]
        begun += piece
    return [*lines, begun]


def _fitting(text: str, width: int) -> int:
    """Return how many characters fit; at least one after the leading spaces."""
    least = len(text) - len(text.lstrip()) + 1
    taken = 0
    for place, letter in enumerate(text):
        taken += get_cwidth(letter)
        if taken > width:
            return max(place, least)
    return len(text)


def clipped(text: str, width: int) -> str:
    """Return a text cut to `width` columns; an ellipsis marks the cut."""
    if get_cwidth(text) <= width:
        return text
    while text and get_cwidth(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"
