"""Errors for users: each says what is wrong, where, and what to do, and has an exit code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import ClassVar, Self

import wargame
from wargame.dataclasses import dataclass
from wargame.sentence import Part, Sentence
from wargame.tables import tables

PACKAGE = "crisis-wargame"


class Typed(str):
    """Text as typed in a terminal; `python` is the same text for users of the Python functions. `+` joins both."""

    __slots__ = ("python",)
    python: str

    def __new__(cls, typed: str, python: str = "") -> Self:
        """Return the text in both forms."""
        text = super().__new__(cls, typed)
        text.python = python
        return text

    def __add__(self, after: str) -> Typed:
        return Typed(str(self) + after, self.python + in_python(after))

    def __radd__(self, before: str) -> Typed:
        return Typed(before + str(self), before + self.python)


def flag(name: str) -> Typed:
    """Return an option such as `--out`, in Python its argument."""
    argument = tables("arguments.yaml").get(name, name.replace("-", "_"))
    return Typed(f"-{name}" if len(name) == 1 else f"--{name}", argument)


def resuming(command: str, batch: str) -> Typed:
    """Return the command that continues a batch, in Python the call."""
    return Typed(f"wargame {command} {batch} --resume", f'wargame.{command}("{batch}", out="{batch}", resume=True)')


def in_python(text: str) -> str:
    """Return the text for users of the Python functions."""
    return text.python if isinstance(text, Typed) else text


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file; `line` and `column` count from 1 and are 0 if the problem has no place."""

    file: str
    line: int
    column: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")


class WargameError(Exception):
    """Base of all errors that are shown to the user without a traceback."""

    exit_code: ClassVar[int] = 1


class UsageFault(WargameError):
    """The command line, or a command, is wrong. The parts of the message form a sentence, remedies as hints."""

    exit_code = 2

    def __init__(self, *parts: Part) -> None:
        self.said = Sentence(*parts)
        super().__init__(self.said.typed())


class MissingExtra(UsageFault):
    """A library of an extra is not installed. The message ends with the command that installs it."""

    def __init__(self, needs: str, extra: str) -> None:
        super().__init__(needs, f": {install_command(extra)}")


@contextmanager
def needs(what: str, extra: str) -> Iterator[None]:
    """Raise MissingExtra if a library that is imported here is not installed; `what` says who needs it."""
    try:
        yield
    except ImportError:
        raise MissingExtra(what, extra) from None


class NoPlay(UsageFault):
    """The exercise is stopped for a real event; the command has to wait."""


@dataclass(frozen=True, slots=True)
class SettingFault:
    """A setting of a run that is wrong: the option of the command line for it, what is written, what is wrong."""

    option: str
    text: str
    message: str

    def __str__(self) -> str:
        named = self.option if self.text in self.message else f"{self.option} {self.text}"
        return f"{named}: {self.message}" if self.option else self.message


class SettingErrors(UsageFault):
    """Several settings of a run are wrong. The text names the options; `message` does not, for files and arms."""

    def __init__(self, faults: Sequence[SettingFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)

    @property
    def message(self) -> str:
        """The message: one line for each setting, without the options of the command line."""
        return "\n".join(each.message for each in self.faults)


class TypedTextErrors(UsageFault):
    """Problems of a text that was typed or read during an exercise, with their places in that text."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Invalid(WargameError):
    """A scenario or another file cannot be used; `problems` lists all that is wrong, by file and place.

    Those of the files in `first` precede the others.
    """

    exit_code = 3

    def __init__(self, problems: Iterable[Problem] | str, first: Iterable[str] = ()) -> None:
        files = set(first)
        listed = (
            ()
            if isinstance(problems, str)
            else sorted(set(problems), key=lambda each: (each.file not in files, _natural(each.file), each))
        )
        self.problems: tuple[Problem, ...] = tuple(listed)
        super().__init__(problems if isinstance(problems, str) else "\n".join(map(str, self.problems)))

    @classmethod
    def in_file(cls, file: object, message: str, remedy: str = "", *, line: int = 0, column: int = 1) -> Invalid:
        """Return the error of one problem: at a place in a file or, without a line, of the file as a whole."""
        return cls([Problem(str(file), line, column if line else 0, message, remedy)])


def _natural(text: str) -> list[tuple[int, str]]:
    """Return a key that sorts the numbers in a text by value: the cell B2 comes before B10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d{1,9})", text)]


class Interrupted(WargameError):
    """Stopped by the user; the results so far are kept."""

    exit_code = 4


class NotReproducible(WargameError):
    """A re-run differs from the journal on disk."""

    exit_code = 5


def install_command(extra: str) -> str:
    """Return the command that adds an extra to this installation, from its source and with its tool."""
    import json
    import sys
    from importlib.metadata import PackageNotFoundError, distribution
    from pathlib import Path
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        source = json.loads(distribution(PACKAGE).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        source = {}
    address = urlsplit(str(source.get("url", "")))
    path = url2pathname(address.path) if address.scheme == "file" else ""
    package = f"'{path if path and Path(path).exists() else PACKAGE}[{extra}]'"
    place = Path(sys.prefix).as_posix()
    if "/uv/tools/" in place:
        return f"uv tool install --force {package}"
    if "/pipx/venvs/" in place:
        return f"pipx install --force {package}"
    editable = "-e " if path in package and source.get("dir_info", {}).get("editable") else ""
    return f"pip install {editable}{package}"


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return at most `most` names for a message, sorted; the others are counted."""
    every = sorted(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def shortened(text: str, most: int = 60) -> str:
    """Return the text, or its beginning with an ellipsis beyond `most` characters, if possible between words."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    words, _, rest = start.rpartition(" ")
    return (words if words and len(rest) < most // 3 else start).rstrip(" .,;:") + "…"


def closest(name: str, choices: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the choice most similar to `name`, or else the first one that begins with it; empty if there is none."""
    every = list(choices)
    close = get_close_matches(name, every, n=1, cutoff=cutoff)
    return close[0] if close else next((each for each in every if len(name) > 2 and each.startswith(name)), "")


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return a hint at the choice most similar to `name`; an empty text if none is similar."""
    close = closest(name, choices)
    return f"did you mean '{close}'?" if close else ""


def among(name: str, choices: Collection[str], message: str, known: str = "there are") -> str:
    """Return the name if it is one of the choices; else UsageFault with the message and the nearest choice, or all."""
    if name not in choices:
        hint = nearest(name, choices) or f"{known} {', '.join(choices)}"
        raise UsageFault(message, f" ({hint})")
    return name


def is_newer(form: str, known: Iterable[str]) -> bool:
    """Return whether a format has the name of a known one and a higher number."""
    name, _, number = form.partition("/")
    numbers = [int(each.partition("/")[2]) for each in known if each.partition("/")[0] == name]
    return bool(numbers) and number.isdecimal() and int(number) > max(numbers)


def newer(form: str, known: Iterable[str]) -> tuple[str, str]:
    """Return the message and the remedy for a newer format."""
    readable = next(each for each in known if each.partition("/")[0] == form.partition("/")[0])
    message = f"the format '{shortened(form)}' belongs to a later version of wargame; this is {wargame.__version__}"
    return message, f"install the later version, or use a file with the format '{readable}'"
