"""Questionnaires with the answers of people, and the messages of the script as they were sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from wargame.journal.questionnaires import QuestionnaireResult, questionnaire_results
from wargame.journal.records.questionnaires import CLOSED
from wargame.journal.records.script import InjectReleasedRecord, InjectRetractedRecord
from wargame.review.findings.finding_rows import Row, day
from wargame.review.findings.source import RunSource
from wargame.seat.messages import Message, message_of


def questionnaires(source: RunSource) -> list[QuestionnaireResult]:
    """Yield each questionnaire with counts, means, and answers in words."""
    return questionnaire_results(source.records)


def answer_rows(source: RunSource, results: list[QuestionnaireResult]) -> Iterator[Row]:
    """Yield one row for each answer; `mark` is a number for a scale, and several choices give several rows."""
    for result in results:
        for question in result.questions:
            for given in question.answers:
                for part in given.value if isinstance(given.value, tuple) else (given.value,):
                    yield {
                        "inject": result.inject,
                        "title": result.title,
                        "release": result.release,
                        "question": question.question.id,
                        "text": question.question.text,
                        "form": question.form,
                        "seat": given.seat,
                        "person": given.person,
                        "answer": str(part),
                        "mark": part if isinstance(part, int) else None,
                        "seq": result.seq,
                        "at": given.at,
                        "day": day(source, given.t),
                    }


def participation(source: RunSource, result: QuestionnaireResult) -> str:
    """Say who was asked, how many have answered, and how it ended: `2 of 3 seats answered; closed at its deadline`.

    A seat has answered if all questions have an answer of it, as on the console; the others are named.
    """
    if not (result.asked or result.seats):
        return "No person held a seat that received it."
    asked = result.asked or result.seats
    some = {seat: number for seat in asked if (number := _questions_answered(result, seat))}
    every = len(result.questions)
    part = [f"{source.name(seat)} ({number} of {every} questions)" for seat, number in some.items() if number < every]
    in_part = f"; in part: {', '.join(part)}" if part else ""
    silent = [source.name(seat) for seat in asked if seat not in result.seats]
    not_answered = f"; without an answer: {', '.join(silent)}" if silent else ""
    ended = f"; closed {CLOSED.get(result.ended, '')}" if result.ended else "; still open"
    shown = "; results shown to everyone" if result.published else ""
    seats = f"{len(some) - len(part)} of {len(asked)} seat{'' if len(asked) == 1 else 's'}"
    return f"{seats} answered{in_part}{not_answered}{ended}{shown}."


def _questions_answered(result: QuestionnaireResult, seat: str) -> int:
    return sum(any(given.seat == seat for given in question.answers) for question in result.questions)


def sent_messages(source: RunSource) -> list[tuple[int, Message]]:
    """Return the messages of the script that were sent, in order, with the number of the record of each."""
    sent: dict[int, Message] = {}
    last: dict[str, int] = {}
    for record in source.since:
        if isinstance(record, InjectReleasedRecord) and record.inject_kind != "facilitation":
            sent[record.seq], last[record.about] = message_of(record, source.titles), record.seq
        elif isinstance(record, InjectRetractedRecord) and record.about in last:
            seq, at = last[record.about], datetime.fromisoformat(record.at).replace(tzinfo=None)
            sent[seq] = replace(sent[seq], retracted=at)
    return list(sent.items())
