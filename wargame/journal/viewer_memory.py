"""The knowledge of a government or the public about a run so far, for the rules of visibility."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from wargame.dataclasses import dataclass, field

PUBLIC = "public"
"""The viewer that stands for everyone, as on a screen in the room."""
BELIEF = "belief of "
"""Prefix of the path of an estimate in a snapshot: `belief of PRK in deterrence[USA]`."""

OF_FORUMS = frozenset({"proposed", "convened", "suspended", "agreed", "progress"})
"""Indicators of a forum that snapshots have."""

CHANNELS = {
    "News": (True, "news", "News"),
    "Social": (True, "social", "Post"),
    "Email": (False, "email", "E-mail"),
    "Phone": (False, "phone", "Telephone call"),
    "Intel": (False, "report", "Intelligence report"),
    "Reporting": (False, "report", "Report"),
    "Orders": (False, "cable", "Order"),
    "Cable": (False, "cable", "Cable"),
    "Hotline": (False, "phone", "Hotline"),
    "UNSC": (True, "document", "Security Council"),
}
"""Channel of an inject -> whether it is public, the template of its messages, and what one of them is called.

What goes to all on a public channel is also shown on the screen in the room.
"""


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """The facts of a scenario that the rules need.

    `option_is_public` says of an option's id whether everyone can observe the action; `public_indicators` says of
    each indicator's id whether all governments know its value at once (published and derived ones are left out:
    `seen` of a snapshot has them); `outcome_events` has the options and injects that the
    condition of an outcome counts. `covert_options` are carried out without the knowledge even of their target.
    `private_forums` has the members of forums whose steps they alone see; of those in `opening` all see them from the
    convening on. `audiences` has who learns of an outcome, if not all do.
    """

    governments: Collection[str]
    option_is_public: Callable[[str], bool]
    public_indicators: Mapping[str, bool]
    outcome_events: Mapping[str, Collection[str]] = field(default_factory=dict)
    covert_options: Collection[str] = ()
    private_forums: Mapping[str, Collection[str]] = field(default_factory=dict)
    opening: Collection[str] = ()
    audiences: Mapping[str, Collection[str]] = field(default_factory=dict)

    def knows_value(self, seat: str, path: str) -> bool:
        """Return whether a seat knows the true value at this path, or the path is one of its own estimates."""
        if path.startswith(BELIEF):
            return path.startswith(f"{BELIEF}{seat} in ")
        name, _, index = path.partition("[")
        is_public = self.public_indicators.get(name)
        first = index.rstrip("]").split(",")[0].strip()
        if name in OF_FORUMS and first in self.private_forums:
            return seat in self.private_forums[first]
        return is_public is not None and (is_public or first == seat)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of the script that a seat has been sent.

    `number` counts the seat's own messages, so that it reveals nothing of what others were sent; `release` counts the
    releases of the inject from 1.
    """

    number: int
    seq: int
    inject: str
    release: int


class Numbered(Protocol):
    """The record of a message, an offer, a vote or a request."""

    @property
    def seq(self) -> int:
        """Its number."""

    @property
    def who(self) -> str:
        """The government that has made it."""


class ViewerMemory:
    """One government, or the public, and what it has learned so far.

    `learned` holds the numbers of the actions that it knows of; a review, which looks back from the end of the run,
    starts with those that were learned in the whole of it.
    """

    def __init__(self, seat: str, facts: PublicFacts, learned: Iterable[int] = ()) -> None:
        self.seat, self.facts = seat, facts
        self.learned = set(learned)
        self.letters: list[Letter] = []
        self.numbered: dict[int, Numbered] = {}
        """Seq -> message, offer, vote or request that concerns it."""
        self._numbers: dict[int, int] = {}
        self.revoked: set[int] = set()
        """Numbers of the outcomes that the white cell has revoked."""
        self._actions: dict[int, str] = {}
        self.news: set[int] = set()
        """Numbers of the actions that it has learned of by the last record."""
        self._shown: set[int] = set()

    def knows(self, seqs: Iterable[int]) -> bool:
        """Return whether it knows of every action among these records."""
        return not any(map(self.is_unknown, seqs))

    def is_unknown(self, seq: int) -> bool:
        """Return whether a record is an action that it has not learned of."""
        return seq in self._actions and seq not in self.learned

    def number(self, seq: int) -> int:
        """Return the number of a message, offer, vote or request among the ones of its kind that concern it, else 0."""
        return self._numbers.get(seq, 0)

    def referred(self, cause: Iterable[int]) -> Numbered | None:
        """Return the message, offer, vote or request of this viewer that is among these causes; None if none is."""
        return next((self.numbered[seq] for seq in cause if seq in self.numbered), None)

    def received_number(self, cause: Collection[int]) -> int:
        """Return the number of the message of the script that is among these causes; 0 if it has not received it."""
        numbers = [letter.number for letter in self.letters if letter.seq in cause]
        return numbers[0] if numbers and self.seat != PUBLIC else 0

    def has_been_shown(self, seqs: Iterable[int]) -> bool:
        """Return whether it has been shown all of these records."""
        return all(seq in self._shown for seq in seqs)

    def letter_numbers(self, inject: str, release: int | None = None) -> list[int]:
        """Return the numbers of the messages that it was sent by the releases of an inject, or by one of them."""
        sent = [letter for letter in self.letters if letter.inject == inject]
        return [letter.number for letter in sent if release in (None, letter.release)]
