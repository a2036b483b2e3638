"""Dates, numbers, names and titles in sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from wargame.dataclasses import dataclass, field
from wargame.tables import tables

PHRASES = "journal/phrases.yaml"
"""A text, or a pair of texts, for each kind of what a table names."""


def phrase(table: str, kind: str, otherwise: str) -> str:
    """Return the text of a kind in a table of `phrases.yaml`."""
    return str(tables(PHRASES)[table].get(kind, otherwise))


@cache
def phrases(table: str) -> dict[str, tuple[str, str]]:
    """Return a table of `phrases.yaml` with two phrases for each kind of step or command."""
    return {kind: (first, second) for kind, (first, second) in tables(PHRASES)[table].items()}


def moment(at: str) -> str:
    """Return an ISO time to the minute, as a user can type it."""
    return datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M")


def date(at: str) -> str:
    """Return an ISO time as a date within a sentence: `4 Oct 2017`."""
    when = datetime.fromisoformat(at)
    return f"{when.day} {when:%b %Y}"


def date_time(at: str) -> str:
    """Return an ISO time with the time of day: `24 Oct 1962, 14:05`."""
    return f"{date(at)}, {datetime.fromisoformat(at):%H:%M}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 day`, `2 days`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number_word(number: int) -> str:
    """Return a number within a sentence: up to nine as a word."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def joined(parts: Sequence[str]) -> str:
    """Return parts of a sentence as a list: `a, b and c`."""
    return "".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def words(name: str) -> str:
    """Return an id as words: `five_party` reads `five party`."""
    return name.replace("_", " ").replace("-", " ")


WITH_ARTICLE = frozenset(
    {"States", "Kingdom", "Union", "Republic", "Republics", "Nations", "Federation", "Emirates", "Netherlands"}
)
"""Words in names of governments that take an article within a sentence."""


def called(name: str) -> str:
    """Return the name of a government within a sentence: `the United States`, `Japan`."""
    if name.startswith("The "):
        return f"the {name[4:]}"
    return f"the {name}" if WITH_ARTICLE & set(name.split()) else name


def sentence(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def sentence_end(text: str) -> str:
    """Return the text with a full stop, unless what it ends with, also inside quotes, ends a sentence."""
    return text if text.rstrip("'").endswith((".", "!", "?", "…")) else f"{text}."


def aside(text: object, before: str = " (", after: str = ")") -> str:
    """Return what a sentence adds in brackets, or after a colon; empty for nothing."""
    return f"{before}{text}{after}" if text else ""


def beyond(passed: object) -> str:
    """Return what a sentence adds to an order that passes limits of the leader; empty if it passes none."""
    names = [phrase("limits", str(each), str(each)) for each in passed] if isinstance(passed, list) else []
    return f", beyond the {joined(names)} of its leader" if names else ""


def percent(chance: object) -> str:
    """Return a probability in whole percent; a positive one that rounds to 0 is `under 1 %`."""
    if not isinstance(chance, int | float):
        return "unknown"
    return "under 1 %" if 0 < chance < 0.005 else f"{100 * chance:.0f} %"


def signed(value: float, digits: int = 3) -> str:
    """Return a number with its sign, with a true minus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def whole_number(value: float) -> str:
    """Return a number rounded to an integer, with a true minus."""
    return f"{value:,.0f}".replace("-", "−")


def author(name: object) -> str:
    """Return who wrote a note or a rating: a name, or `the facilitator` or `the scribe`."""
    return {"": "the facilitator", "scribe": "the scribe"}.get(str(name or ""), str(name or ""))


@dataclass(frozen=True, slots=True)
class Titles:
    """Names of governments and titles of what a scenario declares, by id.

    An id without a title reads as words, a government without a name as its code. `members` are the two
    governments of talks that no other forum of the two could be confused with, `councils` what each council adopts.
    """

    governments: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    injects: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    dossiers: Mapping[str, str] = field(default_factory=dict)
    strategies: Mapping[str, str] = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    councils: Mapping[str, str] = field(default_factory=dict)
    objectives: Mapping[str, str] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """The range of each number that effects can change."""

    def government(self, code: object) -> str:
        """Return its name within a sentence."""
        name = self.governments.get(str(code))
        return str(code) if name is None else called(name)

    def listed(self, codes: object) -> str:
        """Return several governments: `Japan, the United States`."""
        return ", ".join(map(self.government, codes)) if isinstance(codes, list | tuple) else self.government(codes)

    def option(self, option: object) -> str:
        """Return the verb phrase of an option: `detains a foreign visitor`."""
        return self.options.get(str(option)) or words(str(option))

    def inject(self, inject: str, title: str = "") -> str:
        """Return an inject in quotes, by this title, its title in the script or its id."""
        return f"'{title or self.injects.get(inject) or words(inject)}'"

    def rated(self, about: str) -> str:
        """Return what a rating is about: an objective or an inject in quotes."""
        title = self.objectives.get(about)
        return self.inject(about) if title is None else f"'{title}'"

    def any_of(self, options: object) -> str:
        """Return options of which one is enough: `halts its tests or returns to talks`."""
        return " or ".join(map(self.option, options)) if isinstance(options, list | tuple) else self.option(options)

    def ordered(self, option: str, target: str | None) -> str:
        """Return an option toward its target: `detains a foreign visitor (Japan)`."""
        return self.toward(self.option(option), target)

    def order(self, chosen: Any) -> str:
        """Return the option of what has an `option` and a `target` toward its target."""
        return self.ordered(chosen.option, chosen.target)

    def choice(self, data: Mapping[str, Any], key: str = "option") -> str:
        """Return an option toward its target: `detains a foreign visitor (Japan)`."""
        return self.toward(self.option(data.get(key, "")), data.get("target"))

    def toward(self, title: str, target: object) -> str:
        """Return a verb phrase with its target, unless the phrase names it already."""
        name = self.governments.get(str(target), str(target))
        return f"{title} ({called(name)})" if target and name not in title and str(target) not in title else title

    def dossier(self, dossier: object) -> str:
        """Return the title of a dossier in quotes, its id if it has none."""
        title = self.dossiers.get(str(dossier))
        return words(str(dossier)) if title is None else f"'{title}'"


UNTITLED = Titles()
"""For a journal whose scenario cannot be read: everything by its id."""
