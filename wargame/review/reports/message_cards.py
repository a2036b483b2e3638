"""The messages of a run as they looked, for the page of a review."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from wargame.journal.records.script import AttachedFile
from wargame.review.findings.findings import Findings
from wargame.seat.message_html import Showing, Source, embedded, message_html

MOST_EMBEDDED = 20_000_000
"""Bytes of pictures that a page contains; further ones are only named, so that browsers open it."""


@dataclass(frozen=True, slots=True)
class MessageCard:
    """A message in its template, with the number of its record."""

    seq: int
    html: Markup


def message_cards(findings: Findings) -> list[MessageCard]:
    """The messages of a live exercise, and those of a run that have files or questions, with their pictures."""
    source = findings.source
    sent = [
        (seq, message)
        for seq, message in findings.sent_messages
        if source.folder.is_live or message.attachments or message.questions
    ]
    how = Showing(_limited(embedded(source.loaded.attached if source.loaded else {})))
    return [MessageCard(seq, Markup(message_html(message, how))) for seq, message in sent]  # noqa: S704 - escaped there


def _limited(source: Source) -> Source:
    """Each picture as long as there is room for it."""
    left = MOST_EMBEDDED

    def limited(attached: AttachedFile) -> str:
        nonlocal left
        if attached.size > left:
            return ""
        address = source(attached)
        left -= attached.size if address else 0
        return address

    return limited
