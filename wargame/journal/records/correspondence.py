"""Records of what people in seats and the white cell write to each other.

`sender` is `who` once more; `by` says that the white cell writes in its name. A `number` is that among those of a
viewer; the journal does not have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec import UNSET, UnsetType, field

from wargame.journal.notices import MESSAGE, OWN, Notice, Reader
from wargame.journal.records.record import Audience, OptionalText, Record
from wargame.journal.viewer_memory import ViewerMemory
from wargame.journal.wording import Titles, aside, joined, sentence
from wargame.sentence import Sentence

RFI_STATUSES = {"answered": "answered", "in_work": "in work", "declined": "declined"}
RULINGS = {"action": "done", "order": "ordered as an option", "refuse": "refused"}


def writer(record: Written, titles: Titles) -> str:
    """Return who writes, and whether the white cell does so in its name."""
    persona = getattr(record, "persona", "")
    by = record.by or persona
    return (persona or titles.government(record.who)) + (" (by the white cell)" if by else "")


def _parties(record: MessageRecord | OfferRecord | VoteRecord | RequestRecord) -> tuple[str, ...]:
    """Return who writes, and to whom."""
    return (record.who, *(() if isinstance(record, RequestRecord) else record.to or ()))


def _to_parties(record: OfferRecord | VoteRecord, viewer: ViewerMemory) -> Audience | None:
    return Audience.CONCERNED if viewer.seat in record.parties else None


def _numbered(record: Record, viewer: ViewerMemory) -> dict[str, Any]:
    """Return the number that the viewer has for it."""
    return {"number": viewer.number(record.seq)}


def _referred_number(record: Record, viewer: ViewerMemory) -> int:
    """Return the number that the viewer has for what a record is about; 0 for nothing."""
    referred = viewer.referred(record.cause)
    return viewer.number(referred.seq) if referred else 0


def _vote_numbered(record: Record, viewer: ViewerMemory) -> dict[str, Any]:
    """Return the vote by the number that the viewer has for it."""
    return {"vote": _referred_number(record, viewer)}


def _talk(
    record: Record, label: str, lead: str, text: str, reader: Reader, name: str = "", to: Sequence[str] = ()
) -> Notice:
    """Return what a government, EXCON, or a persona that it plays writes to others."""
    who = getattr(record, "persona", "") or reader.titles.government(record.who)
    own = record.who == reader.seat
    return Notice(
        label,
        Sentence(text),
        OWN if own else MESSAGE,
        Sentence(f"{lead}: "),
        sender="" if own else sentence(who),
        to="" if list(to) == [reader.seat] else reader.titles.listed(tuple(to)),
        name=name,
    )


class MessageRecord(Record, frozen=True):
    """A message to governments or the white cell; a public one is read by all.

    It answers message `re`, by its sender's numbers, and then has its record as cause. `persona` is whom the white cell
    plays.
    """

    kind = "message"
    heading = "Message", MESSAGE
    shown = {Audience.CONCERNED: ("sender", "to", "text", "public", "number", "re", "persona")}

    sender: str = field(name="who")
    to: tuple[str, ...]
    text: str
    public: bool = False
    by: str = ""
    number: int = 0
    re: int | str = 0
    persona: str = ""

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Return its number, and that of the message that it answers, as the viewer counts them; 0 if it has none."""
        return {"number": viewer.number(self.seq), "re": _referred_number(self, viewer)}

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the sender and the addressees, or everyone if it is public."""
        return Audience.CONCERNED if self.public or viewer.seat in self.parties else None

    parties = property(_parties)

    def clause(self, titles: Titles) -> str:
        to = "the public" if self.public else titles.listed(self.to or self.about)
        answers = f", in reply to #{self.cause[0]}" if self.cause else ""
        return f"{writer(self, titles)} to {to}{answers}: {self.text}"

    def notice(self, reader: Reader) -> Notice:
        who = self.persona or reader.titles.government(self.who)
        if self.public:
            sort = "post" if self.persona else "notice" if self.who == "EXCON" else "statement"
            return _talk(
                self, f"Public {'post' if self.persona else 'statement'}", f"Public {sort} of {who}", self.text, reader
            )
        answers = f", in reply to {self.re}" if self.re else ""
        lead = f"Message {self.number} from {who} to {reader.titles.listed(self.to)}{answers}"
        return _talk(self, self.heading[0], lead, self.text, reader, to=self.to)


class OfferRecord(Record, frozen=True):
    """An offer to other governments, or a demand."""

    kind = "offer"
    heading = "Offer", MESSAGE
    shown = {Audience.CONCERNED: ("sender", "to", "text", "form", "number")}

    sender: str = field(name="who")
    to: tuple[str, ...]
    text: str
    form: OptionalText = UNSET
    by: str = ""
    number: int = 0

    audience_of, for_viewer, parties = _to_parties, _numbered, property(_parties)

    def clause(self, titles: Titles) -> str:
        verb = "demands of" if self.form == "demand" else "offers"
        return f"{writer(self, titles)} {verb} {titles.listed(self.to or self.about)}: {self.text}"

    def notice(self, reader: Reader) -> Notice:
        form, to = "Demand" if self.form == "demand" else "Offer", reader.titles.listed(self.to)
        lead = f"{form} {self.number} from {reader.titles.government(self.who)} to {to}"
        return _talk(self, form, lead, self.text, reader, f"{form.lower()} {self.number}", to=self.to)


class AnswerRecord(Record, frozen=True):
    """The answer to an offer. `form` and `of` are its form and its sender, in what a viewer is shown."""

    kind = "answer"
    heading = "Answer", MESSAGE
    shown = {Audience.CONCERNED: ("sender", "offer", "answer", "text", "form", "of")}

    sender: str = field(name="who")
    offer: int | str
    answer: str
    text: OptionalText = UNSET
    by: str = ""
    form: str = ""
    of: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the sender and all addressees of the offer."""
        return Audience.CONCERNED if viewer.referred(self.cause) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Return the offer by the number that the viewer has for it, its form and its sender."""
        offer = viewer.referred(self.cause)
        assert isinstance(offer, OfferRecord)
        return {"offer": viewer.number(offer.seq), "form": offer.form or "offer", "of": offer.who}

    def clause(self, titles: Titles) -> str:
        answers = f"answers {self.form or 'offer'} {self.about}: {self.answer}{aside(self.text)}"
        return f"{writer(self, titles)} {answers}"

    def notice(self, reader: Reader) -> Notice:
        answers = f"{reader.titles.government(self.who)} answers {self.form} {self.offer}"
        said = sentence(f"{answers} from {reader.titles.government(self.of)}: {self.answer}{aside(self.text)}")
        return replace(self.reported(said), sort=OWN if self.who == reader.seat else MESSAGE)


class VoteRecord(Record, frozen=True):
    """A vote is called."""

    kind = "vote"
    heading = "Vote", MESSAGE
    shown = {Audience.CONCERNED: ("sender", "to", "question", "choices", "number")}

    sender: str = field(name="who")
    to: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    by: str = ""
    number: int = 0

    audience_of, for_viewer, parties = _to_parties, _numbered, property(_parties)

    def clause(self, titles: Titles) -> str:
        voters = joined([titles.government(each) for each in self.to or (self.about,)])
        return f"{writer(self, titles)} calls a vote of {voters}: {self.question}"

    def notice(self, reader: Reader) -> Notice:
        lead = f"Vote {self.number} called by {reader.titles.government(self.who)}"
        text = f"{self.question} ({' / '.join(map(str, self.choices))})"
        return _talk(self, self.heading[0], lead, text, reader, f"vote {self.number}")


class BallotRecord(Record, frozen=True):
    """A government votes."""

    kind = "ballot"
    heading = "Your vote", OWN
    shown = {Audience.OWN: ("sender", "vote", "choice")}

    sender: str = field(name="who")
    vote: int | str
    choice: str
    by: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the government that votes."""
        return Audience.OWN if self.who == viewer.seat and viewer.referred(self.cause) else None

    for_viewer = _vote_numbered

    def clause(self, titles: Titles) -> str:
        return f"{writer(self, titles)} votes {self.choice} in vote {self.about}"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"You vote {self.choice} in vote {self.vote}")


class VoteResultRecord(Record, frozen=True):
    """The result of a vote, when all have answered or it is closed. `to` are those who could vote."""

    kind = "vote.result"
    heading = "Result of a vote", MESSAGE
    shown = {Audience.CONCERNED: ("vote", "question", "to", "count", "silent")}

    vote: int
    question: str
    to: tuple[str, ...]
    count: dict[str, int]
    silent: int

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the count, for who called the vote and all who could vote; who voted how is hidden."""
        vote = viewer.referred(self.cause)
        return Audience.CONCERNED if vote and viewer.seat in (vote.who, *(self.to or ())) else None

    for_viewer = _vote_numbered

    def clause(self, titles: Titles) -> str:
        question = aside(self.question, ", '", "'")
        return f"vote {self.about}{question}: {self.counted}{aside(self.silent, ', silent ', '')}"

    @property
    def counted(self) -> str:
        """The choices with their ballots: `yes 2, no 1`."""
        return ", ".join(f"{choice} {ballots}" for choice, ballots in (self.count or {}).items())

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"Result of vote {self.vote} ({self.question}): {self.counted}, silent {self.silent}")


class RequestRecord(Record, frozen=True):
    """An order in free text, on which the white cell rules. `answers` is the number of a record."""

    kind = "request"
    heading = "Sent to EXCON", OWN
    shown = {Audience.OWN: ("sender", "text", "why", "number")}

    sender: str = field(name="who")
    text: str
    why: OptionalText = UNSET
    answers: int | UnsetType | None = UNSET
    by: str = ""
    number: int = 0

    for_viewer, parties = _numbered, property(_parties)

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} asks the white cell: {self.text}"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(self.text, lead="Sent to the white cell: ")


class RulingRecord(Record, frozen=True):
    """A ruling on a request; as an action or an order, with what is done. `text` is the request, for a viewer."""

    kind = "ruling"
    heading = "Ruling", MESSAGE
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
    title: OptionalText = UNSET
    dossier: OptionalText = UNSET
    visibility: str = ""
    override: bool = False
    why: OptionalText = UNSET
    text: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the government that made the request."""
        return Audience.OWN if viewer.referred(self.cause) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Return the request by the number that the viewer has for it, and its text."""
        request = viewer.referred(self.cause)
        assert isinstance(request, RequestRecord)
        return {"request": viewer.number(request.seq), "text": request.text}

    def clause(self, titles: Titles) -> str:
        ruled = RULINGS.get(self.how, self.how) + (", whatever the requirements" if self.override else "")
        return f"ruling for {titles.government(self.about)}: {ruled}{aside(self.why)}"

    def notice(self, reader: Reader) -> Notice:
        ruled = f"{RULINGS.get(self.how, self.how)}{aside(self.why)}"
        return self.reported(f"Ruling of the white cell on '{self.text}': {ruled}")


class RfiRecord(Record, frozen=True):
    """A request for information."""

    kind = "rfi"
    heading = "Question to EXCON", OWN
    shown = {Audience.OWN: ("sender", "text", "by", "number")}

    sender: str = field(name="who")
    text: str
    by: str = ""
    number: int = 0

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Return its number, by which it is named."""
        return {"number": int(self.about)}

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} sends request for information {self.about}: {self.text}"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"Request for information {self.number} to EXCON: {self.text}")


class RfiReplyRecord(Record, frozen=True):
    """The reply to a request for information, or its status."""

    kind = "rfi.reply"
    heading = "Reply of EXCON", MESSAGE
    shown = {Audience.OWN: ("number", "status", "text")}

    government: str
    number: int | str
    status: OptionalText = UNSET
    text: OptionalText = UNSET

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the government that sent the request."""
        return Audience.OWN if self.government == viewer.seat else None

    def clause(self, titles: Titles) -> str:
        return f"request for information {self.number} of {titles.government(self.government)} is {self.reply}"

    @property
    def reply(self) -> str:
        """The status with the text: `answered: About 60 kilometres`."""
        return RFI_STATUSES.get(str(self.status), "") + aside(self.text, ": ", "")

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"Request for information {self.number} is {self.reply}")


Written = MessageRecord | OfferRecord | AnswerRecord | VoteRecord | BallotRecord | RequestRecord | RfiRecord
"""Records of texts by a government, or by the white cell in its name."""
