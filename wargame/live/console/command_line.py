"""Lines of a facilitator or a seat as words: quotes hold together, `--name value` gives a name."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from wargame.errors import UsageFault, nearest

QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
FLAGS = frozenset({"now", "private", "covert"})
SHORT = re.compile(r"-n(\d*)")
YAML = ("{", "- ")
"""What the rest of `inject` begins with that is YAML, in which no word is an option."""
_OPTION = re.compile(r"--([A-Za-z][\w-]*)(?:=(.*))?", re.DOTALL)


@dataclass(slots=True)
class ParsedLine:
    """A line taken apart: the verb, its words, its named values, and the rest of the line as it was typed."""

    verb: str
    args: list[str]
    named: dict[str, str] = field(default_factory=dict)
    rest: str = ""

    def name(self, options: frozenset[str]) -> None:
        """Moves the options of the verb from the words to the named values.

        Raises UsageFault for one that the verb does not take, or that has no value: nothing may be lost in silence.
        """
        if self.verb == "inject" and self.rest.startswith(YAML):
            return
        waiting, self.args = iter(self.args), []
        for part in waiting:
            found = _OPTION.fullmatch(part)
            short = SHORT.fullmatch(part) if "n" in options else None
            if short:
                name, value = "n", short[1] or None
            elif found:
                name, value = found[1], found[2]
            else:
                self.args.append(part)
                continue
            if name not in options:
                raise UsageFault(f"{self.verb} takes no --{name} ({_instead(name, options)})")
            given = "yes" if name in FLAGS else next(waiting, None) if value is None else value
            option = _OPTION.fullmatch(given) if given is not None and value is None else None
            if given is None or (option and option[1] in options):
                raise UsageFault(f"--{name} needs a value")
            if name in self.named:
                raise UsageFault(f"--{name} is given twice (several names go in one: A,B)")
            self.named[name] = given

    def take(self, number: int, usage: str) -> list[str]:
        """The first words, exactly so many; UsageFault with the usage if there are fewer or more."""
        if len(self.args) != number:
            raise UsageFault(f"write: {usage}")
        return self.args

    def most(self, number: int, usage: str) -> None:
        """UsageFault with the usage if there are more words than so many."""
        if len(self.args) > number:
            raise UsageFault(f"write: {usage}")

    def text(self, start: int, usage: str) -> str:
        """The words from `start` on as one text."""
        if len(self.args) <= start:
            raise UsageFault(f"write: {usage}")
        return " ".join(self.args[start:])


def count(text: str, usage: str) -> int:
    """A number of lines, at least 1; UsageFault with the usage for anything else."""
    if not text.isdigit() or not int(text):
        raise UsageFault(f"write: {usage}, with a number from 1")
    return int(text)


def _instead(name: str, options: frozenset[str]) -> str:
    """What was meant, or what there is; a text that happens to hold such a word wants quotes."""
    quoted = 'a text with such a word goes between two "'
    hint = nearest(f"--{name}", [f"--{each}" for each in options])
    taken = ", ".join("-n" if each == "n" else f"--{each}" for each in sorted(options))
    return f"{hint or f'it takes {taken}'}; {quoted}" if options else quoted


def split(line: str) -> ParsedLine:
    """Takes a line apart, options still among its words; UsageFault if its quotes do not close."""
    plain = line.translate(QUOTES)
    lexer = shlex.shlex(plain, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.quotes, lexer.commenters, lexer.escape = True, '"', "", ""
    try:
        parts = list(lexer)
    except ValueError:
        raise UsageFault('a quotation mark is missing (text goes between two ")') from None
    verb = parts[0].lower() if parts else ""
    return ParsedLine(verb, parts[1:], rest=line.strip()[len(verb) :].strip())
