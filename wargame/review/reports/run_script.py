"""The sections of a review about the script: expected actions, the MSEL as executed, messages, questionnaires."""

from collections.abc import Iterator, Sequence
from functools import partial

from markupsafe import Markup

from wargame.document.blocks import Block, Bullets, Fold, Heading, Island, Paragraph, Photo
from wargame.document.formatting import Piece, Rich, detail, record, records, reference
from wargame.journal.questionnaires import GivenAnswer, QuestionResult
from wargame.journal.records.script import AttachedFile
from wargame.journal.wording import called, count, date_time
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.msel import SLIP, participation
from wargame.review.findings.source import RunSource
from wargame.review.reports.report_header import Review, listing
from wargame.seat.messages import Message, Showing, Source, embedded, message_html

# --- expected actions ----------------------------------------------------------------------------------------------


def expected_actions(review: Review) -> Iterator[Block]:
    """Yield the actions that the script expected of governments, with what they did."""
    findings = review.findings
    if findings.expected_actions:
        yield listing(
            "Expected actions and results",
            ("Inject", "Government", "Expected", "Due within", "Status", "After", "Records"),
            (_expected(review.source, row) for row in findings.expected_actions),
            (0.2, 0.12, 0.25, 0.08, 0.17, 0.07, 0.11),
        )
    if findings.still_open:
        whose = " of model governments" if findings.human_seats else ""
        yield Paragraph(f"Expected actions{whose} still open at the end: {findings.still_open}.", quiet=True)


def _expected(source: RunSource, row: Row) -> tuple[str, ...]:
    done = f": {row['done_title']}" if row["done_title"] else ""
    judged = (Piece("below", f"; {row['judgement']}", row["judgement"]),) if row["judgement"] else ()
    return (
        *(row["inject_title"], source.name(row["who"]), row["expected"]),
        "" if row["within_days"] is None else f"{row['within_days']:g} d",
        Rich(Piece("status", row["status_text"], name=row["status"]), done, *judged),
        "" if row["latency_days"] is None else f"{row['latency_days']:.1f} d",
        records(evidence(row)),
    )


def evidence(row: Row) -> list[int]:
    """Return the records of an expected action: the release, what an evaluator was asked to judge, the status."""
    listed = [row["released"], *row["candidates"], row["action"], row["seq"]]
    return list(dict.fromkeys(seq for seq in listed if seq is not None and (row["number"] or seq != row["action"])))


# --- the MSEL ------------------------------------------------------------------------------------------------------

EXCEPTIONS = "Injects that were changed, added, skipped, late or early"


def msel_exceptions(review: Review) -> Iterator[Block]:
    """Yield the number of released injects, and those that were changed, added, skipped, late or early."""
    rows = review.findings.msel
    if not rows:
        return
    exceptions = [row for row in rows if row["exception"]]
    released = [row["inject"] for row in rows if row["status"] == "released"]
    again = f", in {count(len(released), 'release')}" if len(set(released)) < len(released) else ""
    found = f"{count(len(exceptions), 'exception')}; the annex lists all injects."
    none = "None was changed, added, skipped, late or early."
    injects = count(len({row["inject"] for row in rows}), "inject")
    yield Paragraph(f"{len(set(released))} of {injects} released{again}. {found if exceptions else none}", quiet=True)
    if exceptions:
        yield listing(
            EXCEPTIONS,
            ("Inject", "Status", "Planned", "Actual", "Changes", "Record"),
            (
                (row["title"], row["result"], row["planned"], _actual(row), _changes(row), record(row["seq"]))
                for row in exceptions
            ),
            (0.24, 0.15, 0.17, 0.16, 0.2, 0.08),
        )


def msel(review: Review) -> Iterator[Block]:
    """Yield all injects as planned and as executed: exceptions first, the others on demand."""
    rows, source = review.findings.msel, review.source
    if not rows:
        return
    exceptions, planned = ([row for row in rows if row["exception"] is is_one] for is_one in (True, False))
    released, others = ([row for row in planned if (row["status"] == "released") is was] for was in (True, False))
    if exceptions:
        yield _msel_table(source, f"Exceptions: {EXCEPTIONS[0].lower()}{EXCEPTIONS[1:]}", exceptions)
    else:
        yield Paragraph("No inject was changed, added, skipped, late or early.", screen=True)
    if released:
        summary = f"{count(len({row['inject'] for row in released}), 'inject')} released as planned"
        yield Fold(summary, (_msel_table(source, "Injects released as planned", released),))
    if others:
        table = _msel_table(source, "Injects that were not released", others)
        yield Fold(f"{count(len(others), 'inject')} not released", (table,))


def _msel_table(source: RunSource, caption: str, rows: Sequence[Row]) -> Block:
    heads = ("Inject", "Status", "Planned", "Actual", "Changes", "To", "Kind, channel", "Objective", "Record")
    widths = (0.17, 0.11, 0.13, 0.11, 0.1, 0.09, 0.09, 0.12, 0.08)
    return listing(caption, heads, (_inject(source, row) for row in rows), widths)


def _inject(source: RunSource, row: Row) -> tuple[str, ...]:
    """Return a row of the MSEL; long conditions are shown on demand, and on paper left to the inject file."""
    inject, line = row["inject"], row["storyline"].replace("_", " ")
    name = Piece("below", f" ({inject})", ", ".join(filter(None, (inject, line))))
    sender = Piece("below", "", f"from {source.name(row['sender'])}") if row["sender"] else ""
    skipped = detail(row["how_condition"]) if row["status"] == "skipped" else ""
    return (
        Rich(Piece("strong", row["title"]), name),
        Rich(Piece("status", row["result"], name=row["status"].split()[-1]), skipped),
        Rich(row["planned"], detail(row["condition"])),
        _actual(row),
        _changes(row),
        row["to"],
        Rich(", ".join(filter(None, (row["kind"], row["channel"]))), sender),
        row["objective_title"],
        record(row["seq"]),
    )


def _changes(row: Row) -> str:
    return "; ".join(row["amendments"])


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


# --- questionnaires ------------------------------------------------------------------------------------------------


def questionnaires(review: Review) -> Iterator[Block]:
    """Yield each questionnaire with counts, means, and answers in words."""
    for result in review.findings.questionnaires:
        again = f" (release {result.release})" if result.release > 1 else ""
        title = f"{result.title}{again}"
        yield Heading(3, title)
        sent = f"Sent {date_time(result.at)}. {participation(review.source, result)}"
        yield Paragraph(Rich(sent, reference(result.seq)), quiet=True)
        rows = [_question(review.source, each) for each in result.questions if each.form != "text"]
        if rows:
            heads = ("Question", "Answers", "Mean", "How often", "Who")
            yield listing(f"Answers: {title}", heads, rows, (0.3, 0.1, 0.1, 0.22, 0.28))
        for each in result.questions:
            if each.form == "text":
                yield Paragraph(f"{each.question.text} ({count(len(each.answers), 'answer')})")
                yield Bullets(tuple(_answer(review.source, given) for given in each.answers))


def _question(source: RunSource, result: QuestionResult) -> tuple[str, ...]:
    scale = result.question.scale
    return (
        result.question.text,
        str(len(result.answers)),
        f"{result.mean:.1f} of {scale[1]}" if result.mean is not None and scale else "",
        ", ".join(f"{option}: {number}" for option, number in result.counts.items() if number),
        "; ".join(_answer(source, given) for given in result.answers),
    )


def _answer(source: RunSource, given: GivenAnswer) -> str:
    person = f" ({given.person})" if given.person else ""
    return f"{source.name(given.seat)}{person}: {given.text}"


# --- messages ------------------------------------------------------------------------------------------------------

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


def _cards(source: RunSource, sent: Sequence[tuple[int, Message]]) -> list[tuple[int, Markup]]:
    """Return the messages in their templates, with their pictures, each with the number of its record."""
    how = Showing(_limited(embedded(source.loaded.attached if source.loaded else {})))
    return [(seq, Markup(message_html(message, how))) for seq, message in sent]  # noqa: S704 - escaped there


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
    rows = [
        (
            "" if message.at is None else findings.source.dates.at(message.at.isoformat()),
            f"{message.kind}: {message.title}{'; DISREGARD' if message.retracted else ''}",
            ", ".join(message.to) or "all",
            _files(message),
            record(seq),
        )
        for seq, message in findings.sent_messages
        if message.attachments
    ]
    if rows:
        heads = ("When", "Message", "To", "Files", "Record")
        yield listing("Messages that were sent with files", heads, rows, (0.14, 0.26, 0.16, 0.36, 0.08))
    yield from _photos(findings)


def _files(message: Message) -> str:
    return "; ".join(
        f"{each.file}{f' ({each.title})' if each.title else ''}{f': {each.description}' if each.description else ''}"
        for each in message.attachments
    )


def _photos(findings: Findings) -> Iterator[Photo]:
    """Yield each picture that was sent, once, as far as there is room in a document."""
    source, shown, left = findings.source, set[str](), MOST_BYTES
    contents = source.loaded.attached if source.loaded else {}
    for _, message in findings.sent_messages:
        for each in message.attachments:
            data = contents.get(each.sha256)
            if each.kind != "picture" or data is None or each.sha256 in shown or each.size > left:
                continue
            shown.add(each.sha256)
            left -= each.size
            title = f"{message.kind}: {message.title}; {each.title or each.file}"
            yield Photo(title, each.description, data, each.media_type, each.width)
