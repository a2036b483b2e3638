"""What every terminal needs: lines above the prompt, bars that fit, and completion."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.shortcuts import print_formatted_text

from wargame.live.console.completion import Table, complete
from wargame.live.console.reply import CLEAR, Reply
from wargame.live.terminals.wrapping import clipped, folded

MENU = 4
"""Lines reserved below the prompt for completions, at the expense of the lines above."""


class LineCompleter(Completer):
    """Completes words from a table, which is replaced after each line."""

    def __init__(self, data: Table) -> None:
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
