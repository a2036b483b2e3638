"""Questionnaires in a review: counts, means, and answers in words; and the files that were sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wargame.document.blocks import Block, Bullets, Grid, Heading, Paragraph, Photo
from wargame.document.formatting import date_time
from wargame.journal.questionnaires import GivenAnswer, QuestionnaireResult, QuestionResult
from wargame.review.findings.findings import Findings
from wargame.review.findings.questionnaires import participation
from wargame.review.findings.source import RunSource
from wargame.seat.messages import Message

MOST_BYTES = 20_000_000
"""Bytes of pictures that a document contains, so that it can be sent by e-mail."""
HEADS = ("Question", "Answers", "Mean", "How often", "Who")


@dataclass(frozen=True, slots=True)
class QuestionnaireSection:
    """One questionnaire: its title, and who took part.

    `rows` are the questions that are not answered in words; `texts` has the answers in words by question.
    """

    title: str
    seq: int
    about: str
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[tuple[str, tuple[str, ...]], ...]


def questionnaire_sections(findings: Findings) -> list[QuestionnaireSection]:
    """All questionnaires of a run."""
    return [_section(findings.source, each) for each in findings.questionnaires]


def _section(source: RunSource, result: QuestionnaireResult) -> QuestionnaireSection:
    again = f" (release {result.release})" if result.release > 1 else ""
    return QuestionnaireSection(
        title=f"{result.title}{again}",
        seq=result.seq,
        about=f"Sent {date_time(result.at)}. {participation(source, result)}",
        rows=tuple(_row(source, each) for each in result.questions if each.form != "text"),
        texts=tuple(
            (each.question.text, tuple(f"{_who(source, given)}: {given.text}" for given in each.answers))
            for each in result.questions
            if each.form == "text"
        ),
    )


def _row(source: RunSource, result: QuestionResult) -> tuple[str, ...]:
    counts = ", ".join(f"{option}: {number}" for option, number in result.counts.items() if number)
    who = "; ".join(f"{_who(source, given)}: {given.text}" for given in result.answers)
    mean = "" if result.mean is None else f"{result.mean:.1f}"
    scale = result.question.scale
    return (
        result.question.text,
        str(len(result.answers)),
        f"{mean} of {scale[1]}" if mean and scale else "",
        counts,
        who,
    )


def _who(source: RunSource, given: GivenAnswer) -> str:
    return source.name(given.seat) + (f" ({given.person})" if given.person else "")


def questionnaire_blocks(findings: Findings) -> Iterator[Block]:
    """The questionnaires in a document."""
    sections = questionnaire_sections(findings)
    if sections:
        yield Heading(3, "Questionnaires")
    for each in sections:
        yield Heading(4, each.title)
        yield Paragraph(f"{each.about} [#{each.seq}]", quiet=True)
        if each.rows:
            yield Grid(f"Answers: {each.title}", HEADS, each.rows, (0.3, 0.1, 0.1, 0.22, 0.28))
        for question, answers in each.texts:
            yield Paragraph(f"{question} ({len(answers)} answer{'' if len(answers) == 1 else 's'})")
            yield from [Bullets(answers)] if answers else ()


def files_sent(findings: Findings) -> Iterator[Block]:
    """The messages that were sent with files."""
    rows = tuple(
        (
            "" if message.at is None else findings.source.dates.at(message.at.isoformat()),
            f"{message.kind}: {message.title}",
            ", ".join(message.to) or "all",
            _files(message),
            f"#{seq}",
        )
        for seq, message in findings.sent_messages
        if message.attachments
    )
    if rows:
        heads = ("When", "Message", "To", "Files", "Record")
        yield Grid("Messages that were sent with files", heads, rows, (0.14, 0.26, 0.16, 0.36, 0.08))
    yield from _photos(findings)


def _photos(findings: Findings) -> Iterator[Photo]:
    """Each picture that was sent, once, as far as there is room in a document."""
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


def _files(message: Message) -> str:
    return "; ".join(
        f"{each.file}{f' ({each.title})' if each.title else ''}{f': {each.description}' if each.description else ''}"
        for each in message.attachments
    )
