"""Notices of records for a seat or the public screen, as data for the writer of each medium.

The input is a record as `visibility` lets the viewer see it, so that a notice cannot reveal anything else.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby

from wargame.dataclasses import dataclass
from wargame.journal.wording import Titles, sentence, words
from wargame.sentence import Hint, Name, Part, Sentence

MESSAGE, REPORT, OWN = "message", "report", "own"
"""Sorts of notices: what others write to the reader, what happens, what the reader does."""
NOTHING = Sentence()
BY_PROCEDURE = "by standing procedure"
"""The mark of an action that no meeting decided on."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: the code of a government or `public`; with titles, and the calendar from seconds to local time."""

    seat: str
    titles: Titles
    at: Callable[[int], datetime]

    def does(self, who: str, option: str, target: str | None) -> str:
        """Return an action as a sentence: `Japan sends an envoy (China)`."""
        return sentence(f"{self.titles.government(who)} {self.titles.ordered(option, target)}")

    def dossier(self, dossier: object) -> Name:
        """Return a dossier, in quotes on terminals: on pages it is below its label."""
        return Name(self.titles.dossier(dossier), self.titles.dossiers.get(str(dossier)) or words(str(dossier)))


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice of a record for one viewer.

    A page shows the label, the sender, whom it is `to` and its `name` (as `offer 2`) apart from the body. A terminal
    writes `lead` in their place. `letter` is the number by which a message of the script is acknowledged, 0 for others.
    `tone` is the assessment of a report and its weight. `end` is added where there are no buttons: how to answer.
    """

    label: str
    body: Sentence
    sort: str
    lead: Sentence
    end: Sentence = NOTHING
    sender: str = ""
    to: str = ""
    name: str = ""
    letter: int = 0
    tone: tuple[str, str] = ("", "")

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The commands with which the reader can answer."""
        return self.end.hints

    def typed(self) -> str:
        """Return the text on a terminal, without the banner."""
        return f"{self._number}{self.lead.typed()}{self.body.typed()}{self.end.typed()}{self._assessed}"

    @property
    def _number(self) -> str:
        return f"[{self.letter}] " if self.letter else ""

    @property
    def _assessed(self) -> str:
        return "; assessed as {} ({})".format(*self.tone) if self.tone[0] else ""

    def brief(self) -> str:
        """Return the text on a terminal without number and commands, pictures by their names."""
        return f"{self.lead.shown()}{self.body.typed()}{self.end.typed(hints=False)}"

    def line(self) -> str:
        """Return the text in one line of a page, for observers: without commands, pictures by their names."""
        return f"{self._number}{self.lead.shown()}{self.body.typed()}{self.end.shown()}{self._assessed}"


def written(label: str, sort: str, *body: Part, lead: str | None = "", end: Sentence = NOTHING) -> Notice:
    """Return a notice under any label; without a lead, terminals begin with the label and a colon."""
    return Notice(label, Sentence(*body), sort, Sentence(f"{label}: " if lead is None else lead), end)


def spans(numbers: Iterable[int]) -> list[str]:
    """Return numbers in order, consecutive ones drawn together: `1 to 4`, `7`."""
    ordered = enumerate(sorted(set(numbers)))
    runs = [[number for _, number in run] for _, run in groupby(ordered, lambda each: each[1] - each[0])]
    return [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
