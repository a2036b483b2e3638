"""The sections of a review about the script: expected actions, the MSEL as executed, messages, questionnaires."""

from collections.abc import Iterator, Sequence
from functools import partial

from markupsafe import Markup

from wargame.document.blocks import Block, Island, Photo
from wargame.document.formatting import Piece, Rich
from wargame.journal.records.questionnaires import CLOSED
from wargame.journal.records.script import AttachedFile
from wargame.journal.wording import called, date_time
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.msel import SLIP, answered
from wargame.review.findings.source import RunSource
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.report_header import Review
from wargame.seat.messages import ScriptMessage, Source, embedded, message_html


def expected_actions(review: Review) -> list[Block]:
    """Return the actions that the script expected of governments, with what they did."""
    return blocks_of("expected_actions.txt.j2", findings=review.findings, name=review.source.name, evidence=evidence)


def evidence(row: Row) -> list[int]:
    """Return the records of an expected action: the release, what an evaluator was asked to judge, the status."""
    listed = [row["released"], *row["candidates"], row["action"], row["seq"]]
    return list(dict.fromkeys(seq for seq in listed if seq is not None and (row["number"] or seq != row["action"])))


def msel_exceptions(review: Review) -> list[Block]:
    """Return the number of released injects, and those that were changed, added, skipped, late or early."""
    rows = review.findings.msel
    released = [row["inject"] for row in rows if row["status"] == "released"]
    exceptions = [row for row in rows if row["exception"]]
    content = {"rows": rows, "released": released, "exceptions": exceptions, "actual": _actual}
    return blocks_of("msel_exceptions.txt.j2", **content) if rows else []


def msel(review: Review) -> list[Block]:
    """Return all injects as planned and as executed: exceptions first, the others on demand."""
    rows = review.findings.msel
    exceptions, planned = ([row for row in rows if row["exception"] is is_one] for is_one in (True, False))
    released, others = ([row for row in planned if (row["status"] == "released") is was] for was in (True, False))
    groups = (
        ("", "Exceptions: injects that were changed, added, skipped, late or early", exceptions),
        ("released as planned", "Injects released as planned", released),
        ("not released", "Injects that were not released", others),
    )
    return blocks_of("msel.txt.j2", groups=groups, actual=_actual, name=review.source.name) if rows else []


def _actual(row: Row) -> str:
    """Return the time of the release, and how late it was."""
    if row["status"] != "released":
        return ""
    slip = row["slip_days"]
    late = f", {_length(abs(slip))} {'late' if slip > 0 else 'early'}" if slip and abs(slip) > SLIP else ""
    day = f"D+{int(row['day'])}{late}"
    return Rich(Piece("whole", date_time(row["at"])), Piece("below", f", {day}", day))


HOURS = 24


def _length(days: float) -> str:
    """Format a duration in days as `2.5 d`, or in hours if it is less than a day."""
    hours = round(days * HOURS)
    return f"{days:.1f} d" if days >= 1 else f"{hours} h" if hours else "less than 1 h"


def questionnaires(review: Review) -> list[Block]:
    """Return each questionnaire with counts, means, and answers."""
    return blocks_of(
        "questionnaires.txt.j2",
        results=review.findings.questionnaires,
        answered=answered,
        closed=CLOSED,
        name=review.source.name,
        date_time=date_time,
    )


MOST_BYTES = 20_000_000
"""Bytes of pictures that a document contains, so that it can be sent by e-mail."""


MOST_EMBEDDED = 20_000_000
"""Bytes of pictures that a page contains; further ones are only named, so that browsers open it."""


def messages(review: Review) -> Iterator[Block]:
    """Yield the messages of a live exercise, and those with files or questions; in documents, those with files."""
    sent = [
        (seq, message)
        for seq, message in review.findings.sent_messages
        if review.live or message.attachments or message.questions
    ]
    if sent:
        to = called(review.source.name(review.seat)) if review.seat else ""
        cards = partial(_cards, review.source, sent)
        yield Island("messages", lambda: {"cards": cards(), "received_by": to}, lambda: _with_files(review.findings))


def _cards(source: RunSource, sent: Sequence[tuple[int, ScriptMessage]]) -> list[tuple[int, Markup]]:
    """Return the messages in their templates, with their pictures, each with the number of its record."""
    pictures = _limited(embedded(source.loaded.attached if source.loaded else {}))
    return [(seq, Markup(message_html(message, pictures))) for seq, message in sent]  # noqa: S704 - escaped there


def _limited(source: Source) -> Source:
    """Return each picture as long as there is room for it."""
    left = MOST_EMBEDDED

    def limited(attached: AttachedFile) -> str:
        nonlocal left
        if attached.size > left:
            return ""
        address = source(attached)
        left -= attached.size if address else 0
        return address

    return limited


def _with_files(findings: Findings) -> Iterator[Block]:
    """Yield the messages with files, and each picture that was sent, once, as far as there is room in a document."""
    sent = [(seq, message) for seq, message in findings.sent_messages if message.attachments]
    if sent:
        yield from blocks_of("files_sent.txt.j2", sent=sent, when=findings.source.dates.at)
    source, shown, left = findings.source, set[str](), MOST_BYTES
    contents = source.loaded.attached if source.loaded else {}
    for _, message in sent:
        for each in message.attachments:
            data = contents.get(each.sha256)
            if each.kind != "picture" or data is None or each.sha256 in shown or each.size > left:
                continue
            shown.add(each.sha256)
            left -= each.size
            title = f"{message.kind}: {message.title}; {each.title or each.file}"
            yield Photo(title, each.description, data, each.media_type, each.width)
