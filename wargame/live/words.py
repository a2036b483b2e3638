"""Lines of a facilitator or a seat as words: quotes hold together, `--name value` gives a name."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

from wargame.errors import UsageFault

QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
FLAGS = frozenset({"now", "private", "covert"})


@dataclass(slots=True)
class Words:
    """A line taken apart: the verb, its words, its named values, and the rest of the line as it was typed."""

    verb: str
    args: list[str]
    named: dict[str, str] = field(default_factory=dict)
    rest: str = ""

    def take(self, number: int, usage: str) -> list[str]:
        """The first words, exactly so many; UsageFault with the usage if there are fewer or more."""
        if len(self.args) != number:
            raise UsageFault(f"write: {usage}")
        return self.args

    def text(self, start: int, usage: str) -> str:
        """The words from `start` on as one text."""
        if len(self.args) <= start:
            raise UsageFault(f"write: {usage}")
        return " ".join(self.args[start:])


def split(line: str) -> Words:
    """Takes a line apart; UsageFault if its quotes do not close."""
    plain = line.translate(QUOTES)
    lexer = shlex.shlex(plain, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.quotes, lexer.commenters, lexer.escape = True, '"', "", ""
    try:
        parts = list(lexer)
    except ValueError:
        raise UsageFault('a quotation mark is missing (text goes between two ")') from None
    verb = parts[0].lower() if parts else ""
    words = Words(verb, [], rest=line.strip()[len(verb) :].strip())
    waiting = iter(parts[1:])
    for part in waiting:
        name, equals, value = part.removeprefix("--").partition("=")
        if part == "-n":
            name = "n"
        elif not part.startswith("--") or not name:
            words.args.append(part)
            continue
        if name in FLAGS:
            words.named[name] = "yes"
            continue
        given = value if equals else next(waiting, None)
        if given is None:
            raise UsageFault(f"--{name} needs a value")
        words.named[name] = given
    return words
