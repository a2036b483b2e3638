"""The basis of a screen: the viewer, the console, and the entries that this viewer has been sent so far."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from msgspec import Meta

from wargame.dataclasses import dataclass, field
from wargame.live.console.console import Console
from wargame.live.terminals.lookahead_questions import LookaheadAnswer
from wargame.sheets.sheet_draft import SheetDraft
from wargame.web.receipts import Receipt
from wargame.web.review_desk import ReviewDesk

T = TypeVar("T")
PageParts = dict[str, str]
"""HTML of the parts of a page, by key and in order."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry sent to a viewer."""

    k: Annotated[int, Meta(description="The number of the entry, from 1.")]
    at: Annotated[str, Meta(description="Game time, in ISO form.")]
    text: Annotated[str, Meta(description="What the role reads, as a console prints it.")]
    kind: Annotated[str, Meta(description="The kind of its record.")]
    label: Annotated[str, Meta(description="What it is, such as `Report`; empty for the white cell.")]
    body: Annotated[str, Meta(description="The text below the label, without number, sender and commands.")]


@dataclass(frozen=True, slots=True)
class Presence:
    """A person of the exercise as others see them."""

    id: Annotated[str, Meta(description="Identifies the person in this exercise.")]
    name: Annotated[str, Meta(description="The name under which the person has joined.")]
    role: Annotated[str, Meta(description="`facilitator`, `deputy`, `seat`, `evaluator` or `screen`.")]
    seat: Annotated[str, Meta(description="The government's code; empty for those without a seat.")]
    state: Annotated[str, Meta(description="`waiting` (in the lobby), `here` (a page is open) or `away`.")]
    program: Annotated[bool, Meta(description="Whether it is a client that is not a browser.")] = False
    writing: Annotated[bool, Meta(description="Whether the person is writing something now.")] = False

    @property
    def number(self) -> int:
        """The number that commands take."""
        return int(self.id[1:])


@dataclass(frozen=True, slots=True)
class Viewer:
    """One viewer of the exercise at one moment.

    The console gives session, wall clock, role, seat and evaluator. `epoch` changes whenever the past of this viewer
    changes; `entries` are those sent so far. `people` are the persons whom this viewer may see: all for the control
    room, people of the same seat for a seat. `join_url` is the address of the join page, `codes` has the join codes by
    (role, seat), for the control room alone. `revealed` is whether the views of all seats are open after ENDEX.

    All viewers of a seat and of the public screen share one rendering, so their parts depend on the seat and never on
    one person, and `person` is None: the page knows who looks (`data-person` of its body). `cached` computes what
    several parts need, once for each state of the exercise.

    Control room and evaluators choose what they look at: `query` is the query of their page's address, such as
    `view=why&seq=512`, which the page also sends with `/api/1/parts`. `seat_screen` gives the parts of the screen of a
    seat, exactly as its people see them; it is for those who may see that seat. `answers` are of the look-ahead.
    """

    console: Console
    role: str
    epoch: int
    entries: Sequence[FeedEntry] = ()
    people: tuple[Presence, ...] = ()
    person: Presence | None = None
    join_url: str = ""
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    locked: bool = False
    revealed: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    seat_screen: Callable[[str], Mapping[str, str]] | None = None
    answers: Sequence[LookaheadAnswer] = ()
    team: Callable[[str], Mapping[str, Any]] | None = None
    """The team of a seat: its head, proposals and notes."""
    rooms: Mapping[str, Path] = field(default_factory=dict)
    """For the control room: address and run folder of several rooms behind one lobby."""
    receipts: Callable[[str], Sequence[Receipt]] | None = None
    """For the control room: who has received, opened, acknowledged and answered an inject."""
    review: ReviewDesk | None = None
    """For control room and evaluators: the texts of the review."""
    sheet: SheetDraft | None = None
    """For the facilitator: the sheet that was sent and is not imported yet."""
    cache: dict[object, object] = field(default_factory=dict)

    @property
    def codes_by_name(self) -> dict[str, str]:
        """The join codes by the code of a government, or the role of those without a seat."""
        return {seat or role: code for (role, seat), code in self.codes.items()}

    def cached(self, name: object, compute: Callable[[], T]) -> T:
        """Return the value of `compute`, which is called once for each state of the exercise and `name`."""
        if name not in self.cache:
            self.cache[name] = compute()
        return self.cache[name]  # type: ignore[return-value]  # stored above under its own name
