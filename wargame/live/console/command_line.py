"""Splits a line into a command, its arguments and its options; reads the times that it names."""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field

from wargame.errors import UsageFault, nearest
from wargame.language.times import format_duration, parse_duration, parse_time
from wargame.live.session.session import Session

QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_SINGLE_QUOTED = re.compile(r"""("[^"]*")|(?<!\S)'([^"]+?)'(?!\S)""")
"""Text in double quotes, or in single quotes that begin and end at spaces: elsewhere they are apostrophes."""
FLAGS = frozenset({"now", "private", "covert", "force", "full", "moves", "skip", "save", "anyway"})
"""Options without a value."""
YAML_STARTS = ("{", "- ")
"""The beginnings of an `inject` argument that is YAML, in which no word is an option."""
_COUNT_OPTION = re.compile(r"-n(\d*)")
_OPTION = re.compile(r"--([A-Za-z][\w-]*)(?:=(.*))?", re.DOTALL)


@dataclass(slots=True)
class ParsedLine:
    """A line in parts: the command, its arguments, its options by name, and what was typed after the command.

    `usage` is what error messages show as the correct usage.
    """

    command: str
    args: list[str]
    options: dict[str, str] = field(default_factory=dict)
    rest: str = ""
    usage: str = ""

    def take_options(self, accepted: frozenset[str]) -> None:
        """Move options to `options`; UsageFault for one that is not accepted, is given twice or has no value."""
        if self.command == "inject" and self.rest.startswith(YAML_STARTS):
            return
        parts, self.args = iter(self.args), []
        for part in parts:
            option = _OPTION.fullmatch(part)
            count_option = _COUNT_OPTION.fullmatch(part) if "n" in accepted else None
            if count_option:
                name, value = "n", count_option[1] or None
            elif option:
                name, value = option[1], option[2]
            else:
                self.args.append(part)
                continue
            if name not in accepted:
                raise UsageFault(f"{self.command} has no option --{name} ({_suggestion(name, accepted)})")
            given = "yes" if name in FLAGS else next(parts, None) if value is None else value
            another = _OPTION.fullmatch(given) if given is not None and value is None else None
            if given is None or (another and another[1] in accepted):
                raise UsageFault(f"--{name} needs a value")
            if name in self.options:
                raise UsageFault(f"--{name} is given twice (separate several names with commas: A,B)")
            self.options[name] = given

    def take(self, number: int) -> list[str]:
        """Return the arguments; UsageFault unless there are exactly `number`."""
        self.need(number, number)
        return self.args

    def need(self, number: int, most: int | None = None) -> None:
        """Raise UsageFault if there are fewer than `number` arguments, or more than `most`."""
        if len(self.args) < number or (most is not None and len(self.args) > most):
            raise self.fault()

    def text(self, start: int) -> str:
        """Return the arguments from `start` on as one text; UsageFault if there are none."""
        self.need(start + 1)
        return " ".join(self.args[start:])

    def count(self, index: int, default: int) -> int:
        """Return the argument at `index` as a number from 1, or `default` without one; UsageFault for anything else."""
        if len(self.args) <= index:
            return default
        text = self.args[index]
        if not text.isdecimal() or not int(text):
            raise UsageFault(f"usage: {self.usage}, where N is a number from 1")
        return int(text)

    def fault(self) -> UsageFault:
        """Return the error that shows the usage."""
        return UsageFault(f"usage: {self.usage}")


def _suggestion(name: str, accepted: frozenset[str]) -> str:
    quoting = 'put text that contains such a word in quotes (")'
    hint = nearest(f"--{name}", [f"--{each}" for each in accepted])
    listing = ", ".join("-n" if each == "n" else f"--{each}" for each in sorted(accepted))
    return f"{hint or f'its options are {listing}'}; {quoting}" if accepted else quoting


def split(line: str) -> ParsedLine:
    """Split a line; its options are still among its arguments. UsageFault if a quotation mark is not closed."""
    plain = _SINGLE_QUOTED.sub(lambda found: found[1] or f'"{found[2]}"', line.translate(QUOTES))
    lexer = shlex.shlex(plain, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.quotes, lexer.commenters, lexer.escape = True, '"', "", ""
    try:
        parts = list(lexer)
    except ValueError:
        raise UsageFault('a closing quotation mark is missing (quote text as "...")') from None
    command = parts[0].lower() if parts else ""
    return ParsedLine(command, parts[1:], rest=line.strip()[len(command) :].strip())


def of_words(words: list[str]) -> ParsedLine:
    """Return a line whose words are known; its options are still among its arguments."""
    first, *args = words
    return ParsedLine(first.lower(), args, rest=" ".join(args).strip())


DAYS_ONLY_FROM = 30 * 86400
"""Times to go from this length on, in seconds, are shown in whole days."""


def duration_of(text: str) -> int | None:
    """Return the seconds of a duration such as `5d`; None for any other text."""
    try:
        return None if text.isdecimal() else parse_duration(text)
    except ValueError:
        return None


def time_of(session: Session, text: str) -> int | None:
    """Return the second that a time names, or `#SEQ` for that of a record; None for any other text.

    A duration names no time: from STARTEX or from now is not said. The commands that accept one say which they mean.
    """
    if text.lstrip("#").isdecimal():
        seq = int(text.lstrip("#"))
        if seq >= len(session.records):
            raise UsageFault(f"there is no record {seq}")
        return session.records[seq].t
    if duration_of(text) is not None:
        return None
    try:
        return session.exercise.calendar.seconds(parse_time(text))
    except ValueError:
        return None


def countdown(seconds: int, length: Callable[[int], str] = format_duration) -> str:
    """Return a time to go, rounded up to minutes, and to days if it is long: `in 3h 20m`, `now`, `overdue`."""
    if seconds <= 0:
        return "overdue" if seconds else "now"
    unit = 60 if seconds < DAYS_ONLY_FROM else 86400
    return f"in {length(-(-seconds // 60) * 60 // unit * unit)}"
