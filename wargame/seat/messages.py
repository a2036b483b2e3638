"""Messages of the script as their readers are shown them: what an inject says, with its attachments and questions.

As HTML they are in templates that look like an e-mail, a news page, a post, a cable or a telephone slip. The browser,
the printed packs and the review show the same templates with `message.css`. All text is escaped; the HTML has no style,
no script and no address other than those that `source` gives.
"""

from __future__ import annotations

import base64
import re
import unicodedata
import zlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.dataclasses import dataclass, field
from wargame.journal.records import record_of
from wargame.journal.records.script import AskedQuestions, AttachedFile, InjectReleasedRecord
from wargame.journal.template_cache import environment
from wargame.journal.viewer_memory import CHANNELS
from wargame.journal.wording import Titles, sentence
from wargame.language import markdown
from wargame.language.plain_text import clean, clean_lines
from wargame.scenario.model import Inject

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class ScriptMessage:
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
        return CHANNELS[self.channel][1] if self.channel in CHANNELS else "report"

    @property
    def kind(self) -> str:
        """Return the name of a message on this channel."""
        return CHANNELS[self.channel][2] if self.channel in CHANNELS else self.channel

    @property
    def name(self) -> str:
        """Return its kind and its attachments: `E-mail with 1 picture`."""
        kinds = [each.kind for each in self.attachments]
        counts = {kind: kinds.count(kind) for kind in kinds}
        files = " and ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts.items())
        return self.kind + (f" with {files}" if files else "")


def message_of(record: InjectReleasedRecord, titles: Titles) -> ScriptMessage:
    """Return the message of a release, from its record as the reader may see it."""
    return ScriptMessage(
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


def message_of_inject(inject: Inject, titles: Titles) -> ScriptMessage:
    """Return the message of an inject before its release."""
    from wargame.simulation.mechanisms.inject_contents import release_data  # a review does without the engine

    record = record_of((0, 0, "inject.released", inject.sender, inject.id, (), release_data(inject, "")), "")
    assert isinstance(record, InjectReleasedRecord)
    return message_of(record, titles)


def _clean_file(attached: AttachedFile) -> AttachedFile:
    changes = {name: clean(getattr(attached, name)) for name in ("file", "title", "description")}
    return msgspec.structs.replace(attached, **changes)


def sent_attachment(exercise: Exercise, seats: Collection[str], sha256: str) -> tuple[AttachedFile, bytes] | None:
    """Return an attachment that one of these seats (or `PUBLIC`) has been sent, and its bytes; None for others."""
    for raw in exercise.records():
        record = record_of(raw, "") if raw[2] == "inject.released" else None
        if isinstance(record, InjectReleasedRecord) and any(map(record.goes_to, seats)):
            for each in record.attachments:
                if each.sha256 == sha256 and sha256 in exercise.loaded.attached:
                    return each, exercise.loaded.attached[sha256]
    return None


def any_attachment(exercise: Exercise, sha256: str) -> tuple[AttachedFile, bytes] | None:
    """Return an attachment of the exercise and its bytes, for the white cell, which sees unsent ones, too."""
    from wargame.simulation.mechanisms.inject_contents import attached_file

    for item in exercise.injector.lines.values():
        for each in item.spec.attachments:
            if each.content and each.content.sha256 == sha256 and sha256 in exercise.loaded.attached:
                return attached_file(each), exercise.loaded.attached[sha256]
    return sent_attachment(exercise, exercise.governments, sha256)


Source = Callable[["AttachedFile"], str]
"""The address of an attachment, or a `data:` URL; empty if it is only named."""
HUES = 6
"""Colours of the circles with the initials of a sender."""


def message_html(
    message: ScriptMessage, source: Source = lambda _: "", *, live: bool = False, to_fill_in: bool = False
) -> str:
    """Return a message in the template of its channel.

    By default attachments have no address, and are only named. `live` has players for recordings, and links to the
    files; `to_fill_in` adds the questions as a form on paper.
    """
    return str(_template().render(message=message, source=source, live=live, to_fill_in=to_fill_in)).strip()


def message_style() -> str:
    """Return the style sheet of the templates. Colours are variables, which a page may set."""
    return (Path(__file__).parent / "templates" / "message.css").read_text(encoding="utf-8")


def embedded(contents: Mapping[str, bytes]) -> Source:
    """Return pictures as `data:` URLs, from the bytes of attachments by their SHA-256; the others are only named."""

    def source(attached: AttachedFile) -> str:
        data = contents.get(attached.sha256) if attached.kind == "picture" else None
        if data is None:
            return ""
        return f"data:{attached.media_type};base64,{base64.b64encode(data).decode()}"

    return source


@cache
def _template() -> Any:
    from markupsafe import Markup

    templates = environment("wargame.seat", "templates")
    templates.filters |= {
        "markdown": lambda text: Markup(markdown.html(text)),  # noqa: S704 - escaped by it, as its tests prove
        "hue": lambda sender: zlib.crc32(sender.encode()) % HUES,
        "initials": _initials,
        "handle": _handle,
        "size": _size,
    }
    return templates.get_template("message.html")


def _initials(sender: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", sender)[:2]).upper() or "?"


def _handle(sender: str) -> str:
    """Return a name as social media have it: `@global_wire`."""
    plain = unicodedata.normalize("NFKC", sender).lower()
    return "@" + ("_".join(re.findall(r"\w+", plain))[:30] or "unknown")


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} KB"
