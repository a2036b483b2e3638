"""Records of what people in seats and the white cell write to each other.

`sender` is `who` once more; `by` says that the white cell writes in its name. A `number` is that among those of a
viewer; the journal does not have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType, field

from wargame.journal.records.record import Audience, Record, Text

if TYPE_CHECKING:
    from wargame.journal.viewer_memory import ViewerMemory


class MessageRecord(Record, frozen=True):
    """A message to governments or the white cell; a public one is read by all."""

    kind = "message"
    shown = {Audience.CONCERNED: ("sender", "to", "text", "public")}

    sender: str = field(name="who")
    to: tuple[str, ...]
    text: str
    public: bool = False
    by: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The sender and the addressees, or everyone if it is public."""
        return Audience.CONCERNED if self.public or viewer.seat in self.parties else None

    @property
    def parties(self) -> tuple[str, ...]:
        """Who wrote it, and to whom."""
        return (self.who, *(self.to or ()))


class OfferRecord(Record, frozen=True):
    """An offer to other governments, or a demand."""

    kind = "offer"
    shown = {Audience.CONCERNED: ("sender", "to", "text", "form", "number")}

    sender: str = field(name="who")
    to: tuple[str, ...]
    text: str
    form: Text = UNSET
    by: str = ""
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The sender and the addressees."""
        return Audience.CONCERNED if viewer.seat in self.parties else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Its number among those of the viewer."""
        return {"number": viewer.number(self.seq)}

    @property
    def parties(self) -> tuple[str, ...]:
        """Who wrote it, and to whom."""
        return (self.who, *(self.to or ()))


class AnswerRecord(Record, frozen=True):
    """The answer to an offer. `form` and `of` are its form and its sender, in what a viewer is shown."""

    kind = "answer"
    shown = {Audience.CONCERNED: ("sender", "offer", "answer", "text", "form", "of")}

    sender: str = field(name="who")
    offer: int | str
    answer: str
    text: Text = UNSET
    by: str = ""
    form: str = ""
    of: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The sender and all addressees of the offer."""
        return Audience.CONCERNED if viewer.referred(self) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """The offer by its number among those of the viewer, its form and its sender."""
        offer = viewer.referred(self)
        assert isinstance(offer, OfferRecord)
        return {"offer": viewer.number(offer.seq), "form": offer.form or "offer", "of": offer.who}


class VoteRecord(Record, frozen=True):
    """A vote is called."""

    kind = "vote"
    shown = {Audience.CONCERNED: ("sender", "to", "question", "choices", "number")}

    sender: str = field(name="who")
    to: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    by: str = ""
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The sender and the addressees."""
        return Audience.CONCERNED if viewer.seat in self.parties else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Its number among those of the viewer."""
        return {"number": viewer.number(self.seq)}

    @property
    def parties(self) -> tuple[str, ...]:
        """Who wrote it, and to whom."""
        return (self.who, *(self.to or ()))


class BallotRecord(Record, frozen=True):
    """A government votes."""

    kind = "ballot"
    shown = {Audience.OWN: ("sender", "vote", "choice")}

    sender: str = field(name="who")
    vote: int | str
    choice: str
    by: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The government that votes."""
        return Audience.OWN if self.who == viewer.seat and viewer.referred(self) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """The vote by its number among those of the viewer."""
        return {"vote": viewer.referred_number(self)}


class VoteResultRecord(Record, frozen=True):
    """The result of a vote, when all have answered or it is closed. `to` are those who could vote."""

    kind = "vote.result"
    shown = {Audience.CONCERNED: ("vote", "question", "to", "count", "silent")}

    vote: int
    question: str
    to: tuple[str, ...]
    count: dict[str, int]
    silent: int

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The count, for who called the vote and all who could vote; who voted how is hidden."""
        vote = viewer.referred(self)
        return Audience.CONCERNED if vote and viewer.seat in (vote.who, *(self.to or ())) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """The vote by its number among those of the viewer."""
        return {"vote": viewer.referred_number(self)}


class RequestRecord(Record, frozen=True):
    """An order in free text, on which the white cell rules. `answers` is the number of a record."""

    kind = "request"
    shown = {Audience.OWN: ("sender", "text", "why", "number")}

    sender: str = field(name="who")
    text: str
    why: Text = UNSET
    answers: int | UnsetType | None = UNSET
    by: str = ""
    number: int = 0

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Its number among those of the viewer."""
        return {"number": viewer.number(self.seq)}

    @property
    def parties(self) -> tuple[str, ...]:
        """Who wrote it."""
        return (self.who,)


class RulingRecord(Record, frozen=True):
    """A ruling on a request; as an action or an order, with what is done. `text` is the request, for a viewer."""

    kind = "ruling"
    shown = {Audience.OWN: ("request", "how", "why", "text")}

    request: int | str
    how: str
    option: str | UnsetType = UNSET
    target: str | UnsetType | None = UNSET
    as_option: str = field(name="as", default="")
    goldstein: float | str | None = None
    severity: float | str | None = None
    rung: int | str | None = None
    effects: str | UnsetType = UNSET
    title: Text = UNSET
    dossier: Text = UNSET
    visibility: str = ""
    override: bool = False
    why: Text = UNSET
    text: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The government that made the request."""
        return Audience.OWN if viewer.referred(self) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """The request by its number among those of the viewer, and its text."""
        request = viewer.referred(self)
        assert isinstance(request, RequestRecord)
        return {"request": viewer.number(request.seq), "text": request.text}


class RfiRecord(Record, frozen=True):
    """A request for information."""

    kind = "rfi"
    shown = {Audience.OWN: ("sender", "text", "by", "number")}

    sender: str = field(name="who")
    text: str
    by: str = ""
    number: int = 0

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Its number, by which it is named."""
        del viewer
        return {"number": int(self.about)}


class RfiReplyRecord(Record, frozen=True):
    """The reply to a request for information, or its status."""

    kind = "rfi.reply"
    shown = {Audience.OWN: ("number", "status", "text")}

    government: str
    number: int | str
    status: Text = UNSET
    text: Text = UNSET

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The government that sent the request."""
        return Audience.OWN if self.government == viewer.seat else None
