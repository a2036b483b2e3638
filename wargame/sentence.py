"""Sentences as data: text in which times, names and commands stay apart until a writer puts it on a terminal or a page.

A terminal prints a command as typed, in brackets; a page shows a button. Nothing reads a sentence back: it has no
methods of strings, and whoever needs a part of it takes that before the sentence is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from wargame.dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hint:
    """A command that the reader can give next.

    A terminal prints the words and what they do: `(playon resumes it)`. A page has a button with the label; without
    one, the command is for those who type.
    """

    words: tuple[str, ...]
    does: str = ""
    label: str = ""
    view: str = ""
    """The view of the control room that has the form for it, where a button alone is not enough."""

    @property
    def typed(self) -> str:
        """The command and what it does."""
        words = (f'"{word}"' if " " in word else word for word in self.words)
        return " ".join([*words, self.does] if self.does else words)


def hint(command: str, does: str = "", label: str = "") -> Hint:
    """Return a hint whose words have no spaces in them."""
    return Hint(tuple(command.split()), does, label)


@dataclass(frozen=True, slots=True)
class Name:
    """Words that differ by medium: an id or a command as typed, and its title as displayed."""

    typed: str
    shown: str = ""


Part = str | datetime | Name | Hint


class Sentence:
    """Text of one thought, in parts."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Part) -> None:
        self.parts = parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def __repr__(self) -> str:
        return f"Sentence{self.parts!r}"

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The commands that it names."""
        return tuple(part for part in self.parts if isinstance(part, Hint))

    def typed(self, *, hints: bool = True) -> str:
        """Return the text on a terminal; hints that follow one another share their brackets."""
        text, group = "", list[Hint]()
        for part in (*self.parts, ""):
            if isinstance(part, Hint):
                group += [part] if hints else []
                continue
            between = "; " if any(each.does for each in group) else " or "
            text, group = text + (f" ({between.join(each.typed for each in group)})" if group else ""), []
            text += part.typed if isinstance(part, Name) else _written(part, "{:%Y-%m-%d %H:%M}".format)
        return text

    def shown(self, year: int = 0) -> str:
        """Return the text on a page or on paper; hints are shown apart. Times outside `year` have a year."""
        parts = (part for part in self.parts if not isinstance(part, Hint))
        return "".join(
            part.shown if isinstance(part, Name) else _written(part, lambda at: short_time(at, year)) for part in parts
        )


def _written(part: str | datetime, write_time: Callable[[datetime], str]) -> str:
    return write_time(part) if isinstance(part, datetime) else part


def short_time(at: datetime, year: int = 0) -> str:
    """Return `21 Jun, 10:00`, in another year than this one `21 Jan 2018, 00:00`."""
    return f"{at.day} {at:%b %Y, %H:%M}" if year and at.year != year else f"{at.day} {at:%b, %H:%M}"


BANNER = "EXERCISE EXERCISE EXERCISE"
