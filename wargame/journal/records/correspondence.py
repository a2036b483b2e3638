"""Records of what people in seats and the white cell write to each other.

`sender` is `who` once more; `by` says that the white cell writes in its name. A `number` is that among those of a
viewer; the journal does not have it.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from wargame.journal.records.record import Record, Text


class MessageRecord(Record, frozen=True):
    """A message to governments or the white cell; a public one is read by all."""

    kind = "message"

    sender: str = field(name="who")
    to: tuple[str, ...]
    text: str
    public: bool = False
    by: str = ""


class OfferRecord(Record, frozen=True):
    """An offer to other governments, or a demand."""

    kind = "offer"

    sender: str = field(name="who")
    to: tuple[str, ...]
    text: str
    form: Text = UNSET
    by: str = ""
    number: int = 0


class AnswerRecord(Record, frozen=True):
    """The answer to an offer. `form` and `of` are its form and its sender, in what a viewer is shown."""

    kind = "answer"

    sender: str = field(name="who")
    offer: int | str
    answer: str
    text: Text = UNSET
    by: str = ""
    form: str = ""
    of: str = ""


class VoteRecord(Record, frozen=True):
    """A vote is called."""

    kind = "vote"

    sender: str = field(name="who")
    to: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    by: str = ""
    number: int = 0


class BallotRecord(Record, frozen=True):
    """A government votes."""

    kind = "ballot"

    sender: str = field(name="who")
    vote: int | str
    choice: str
    by: str = ""


class VoteResultRecord(Record, frozen=True):
    """The result of a vote, when all have answered or it is closed. `to` are those who could vote."""

    kind = "vote.result"

    vote: int
    question: str
    to: tuple[str, ...]
    count: dict[str, int]
    silent: int


class RequestRecord(Record, frozen=True):
    """An order in free text, on which the white cell rules. `answers` is the number of a record."""

    kind = "request"

    sender: str = field(name="who")
    text: str
    why: Text = UNSET
    answers: int | UnsetType | None = UNSET
    by: str = ""
    number: int = 0


class RulingRecord(Record, frozen=True):
    """A ruling on a request; as an action or an order, with what is done. `text` is the request, for a viewer."""

    kind = "ruling"

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


class RfiRecord(Record, frozen=True):
    """A request for information."""

    kind = "rfi"

    sender: str = field(name="who")
    text: str
    by: str = ""
    number: int = 0


class RfiReplyRecord(Record, frozen=True):
    """The reply to a request for information, or its status."""

    kind = "rfi.reply"

    government: str
    number: int | str
    status: Text = UNSET
    text: Text = UNSET
