"""Messages of the script as their readers are shown them: what an inject says, with its attachments and questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from wargame.journal.records.script import AskedQuestions, AttachedFile, InjectReleasedRecord
from wargame.journal.wording import Titles, sentence
from wargame.language.plain_text import clean, clean_lines
from wargame.scenario.model import Inject
from wargame.simulation.mechanisms.inject_contents import asked_questions, attached_file

TEMPLATES = {
    "News": "news",
    "Social": "social",
    "Email": "email",
    "Phone": "phone",
    "Hotline": "phone",
    "Cable": "cable",
    "Orders": "cable",
    "Intel": "report",
    "Reporting": "report",
    "UNSC": "document",
}
"""Channel -> the template in which its messages are shown."""
NAMES = {
    "News": "News",
    "Social": "Post",
    "Email": "E-mail",
    "Phone": "Telephone call",
    "Hotline": "Hotline",
    "Cable": "Cable",
    "Orders": "Order",
    "Intel": "Intelligence report",
    "Reporting": "Report",
    "UNSC": "Security Council",
}
"""Channel -> what one message on it is called."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the script. All text is clean.

    `title` is its subject or headline, and `text` may be Markdown (`language.markdown`).
    `number` is the seat's own number, 0 for other readers; `at` the local game time, None before the release; `to` has
    the names of the addressees and is empty if it goes to all; `retracted` is when they were told to disregard it.
    """

    channel: str
    title: str
    text: str
    sender: str = ""
    to: tuple[str, ...] = ()
    at: datetime | None = None
    number: int = 0
    inject: str = ""
    attachments: tuple[AttachedFile, ...] = ()
    questions: AskedQuestions | None = field(default=None)
    retracted: datetime | None = None

    @property
    def template(self) -> str:
        """The template in which it is shown."""
        return TEMPLATES.get(self.channel, "report")

    @property
    def kind(self) -> str:
        """What a message on this channel is called."""
        return NAMES.get(self.channel, self.channel)

    @property
    def name(self) -> str:
        """What it is: `E-mail with 1 picture`."""
        kinds = [each.kind for each in self.attachments]
        counts = {kind: kinds.count(kind) for kind in kinds}
        files = " and ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts.items())
        return self.kind + (f" with {files}" if files else "")


def message_of(record: InjectReleasedRecord, titles: Titles) -> Message:
    """Return the message of a release, from its record as the reader may see it."""
    return Message(
        channel=record.channel or "News",
        title=clean(record.subject or record.title),
        text=clean_lines(record.message or ""),
        sender=clean(record.who),
        to=tuple(sentence(clean(titles.government(name))) for name in record.to or ()),
        at=datetime.fromisoformat(record.at).replace(tzinfo=None) if record.at else None,
        number=record.number,
        inject=record.about,
        attachments=tuple(map(_clean_file, record.attachments)),
        questions=record.questionnaire,
    )


def message_of_inject(inject: Inject, titles: Titles) -> Message:
    """Return the message of an inject before its release."""
    return Message(
        channel=inject.channel,
        title=clean(inject.subject or inject.title),
        text=clean_lines(inject.message),
        sender=clean(inject.sender),
        to=tuple(sentence(clean(titles.government(name))) for name in inject.audience),
        at=None,
        number=0,
        inject=inject.id,
        attachments=tuple(_clean_file(attached_file(each)) for each in inject.attachments),
        questions=None if inject.questionnaire is None else asked_questions(inject.questionnaire),
    )


def _clean_file(attached: AttachedFile) -> AttachedFile:
    changes = {name: clean(getattr(attached, name)) for name in ("file", "title", "description")}
    return msgspec.structs.replace(attached, **changes)
