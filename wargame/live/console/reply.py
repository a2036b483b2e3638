"""The reply to one console: the answer to a command, or lines that it did not ask for."""

from collections.abc import Sequence

from wargame.dataclasses import dataclass
from wargame.language.plain_text import clean_lines
from wargame.sentence import Hint, Sentence

CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""The escape sequence that clears a terminal and its scrollback."""
ReplyLine = str | Sentence
"""A line: prepared text such as a row of a table, or a sentence that each medium writes in its own way."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Lines for one console.

    `about` says what lines are about that nobody asked for: `stop` if the clock has stopped, `person` if somebody has
    come or gone. `clears` says that the terminal passes to somebody else, and is cleared first.
    """

    lines: Sequence[ReplyLine] = ()
    about: str = ""
    clears: bool = False

    def typed(self) -> list[str]:
        """Return the lines on a terminal, the first one after the sequence that clears it."""
        lines = [clean_lines(line.typed() if isinstance(line, Sentence) else line) for line in self.lines]
        return [CLEAR + lines[0], *lines[1:]] if self.clears and lines else lines

    def shown(self) -> list[str]:
        """Return the lines on a page."""
        return [clean_lines(line.shown() if isinstance(line, Sentence) else line) for line in self.lines]

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The commands that its lines name."""
        return tuple(hint for line in self.lines if isinstance(line, Sentence) for hint in line.hints)
