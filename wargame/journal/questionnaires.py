"""Questionnaires and what people have answered, from the records of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wargame.journal.records import Record
from wargame.journal.records import questionnaires as kinds
from wargame.journal.records.run import RunStartRecord
from wargame.journal.records.script import AskedQuestion, AskedQuestions, InjectReleasedRecord

Value = str | int | tuple[str, ...]
"""An answer: a choice or a text, a mark, or several choices."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The last answer of a seat, or of a person in it, to a question. `t` is in seconds, `at` the same as ISO time."""

    seat: str
    person: str
    value: Value
    t: int = 0
    at: str = ""

    @property
    def text(self) -> str:
        """The answer in words."""
        return ", ".join(self.value) if isinstance(self.value, tuple) else str(self.value)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """A question with its answers, in the order in which they were given first."""

    question: AskedQuestion
    answers: tuple[GivenAnswer, ...] = ()

    @property
    def form(self) -> str:
        """How it is answered: `choices`, `scale` or `text`."""
        return "choices" if self.question.choices else "scale" if self.question.scale else "text"

    @property
    def counts(self) -> dict[str, int]:
        """How often each choice or mark was given, in the order of the question; empty for a text."""
        scale = self.question.scale
        options = [str(mark) for mark in range(scale[0], scale[1] + 1)] if scale else self.question.choices
        values = (each.value if isinstance(each.value, tuple) else (str(each.value),) for each in self.answers)
        given = [part for value in values for part in value]
        return {option: given.count(option) for option in options}

    @property
    def mean(self) -> float | None:
        """The mean of the marks; None for other questions and without answers."""
        marks = [answer.value for answer in self.answers if isinstance(answer.value, int)]
        return sum(marks) / len(marks) if self.question.scale and marks else None

    @property
    def summary(self) -> str:
        """The result in a few words, without who answered what, and without texts."""
        if not self.answers:
            return "no answers"
        number = f"{len(self.answers)} answer{'' if len(self.answers) == 1 else 's'}"
        if self.form == "text":
            return number
        counts = ", ".join(f"{option}: {n}" for option, n in self.counts.items() if n or self.form == "choices")
        return f"{f'mean {self.mean:.1f} ' if self.mean is not None else ''}({number}; {counts})"


@dataclass(frozen=True, slots=True)
class QuestionnaireResult:
    """A questionnaire that was sent: `release` counts the releases of its inject, `seq` is the record of this one.

    `to` are the governments that received it; `until` the second at which it closes; `asked` the seats that a person
    held when it closed; `ended` how it was closed, empty while it is open. `outdated` says that there are answers after
    the results that everyone was shown, or that none were shown.
    """

    inject: str
    title: str
    release: int
    seq: int
    t: int
    at: str
    each: str
    to: tuple[str, ...]
    until: int | None
    questions: tuple[QuestionResult, ...]
    asked: tuple[str, ...] = ()
    ended: str = ""
    published: bool = False
    outdated: bool = True

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats that have answered at least one question, in the order of their first answer."""
        given = [(answer.t, answer.seat) for question in self.questions for answer in question.answers]
        return tuple(dict.fromkeys(seat for _, seat in sorted(given, key=lambda each: each[0])))


@dataclass(slots=True)
class _Open:
    record: InjectReleasedRecord
    release: int
    asked: AskedQuestions
    to: tuple[str, ...]
    answers: dict[str, dict[tuple[str, str], GivenAnswer]] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    ended: str = ""
    published: bool = False
    outdated: bool = True


def questionnaire_results(records: Iterable[Record]) -> list[QuestionnaireResult]:
    """All questionnaires that these records of a run have sent, with the last answers, in the order of release."""
    governments: tuple[str, ...] = ()
    releases: dict[str, int] = {}
    by_seq: dict[int, _Open] = {}
    for record in records:
        if isinstance(record, RunStartRecord):
            governments = record.governments
        elif isinstance(record, InjectReleasedRecord):
            releases[record.about] = releases.get(record.about, 0) + 1
            if record.questionnaire:
                to = tuple(record.to or governments)
                by_seq[record.seq] = _Open(record, releases[record.about], record.questionnaire, to)
        elif record.kind.startswith("questionnaire.") and (sent := _of(record, by_seq)) is not None:
            match record:
                case kinds.QuestionnaireClosedRecord():
                    sent.ended, sent.people = record.how, tuple(record.asked or ())
                case kinds.QuestionnaireResultsRecord():
                    sent.published, sent.outdated = True, False
                case kinds.QuestionnaireAnswerRecord():
                    sent.outdated = True
                    for name, value in record.answers.items():
                        whole: Value = tuple(map(str, value)) if isinstance(value, list | tuple) else value
                        given = GivenAnswer(record.who, record.person, whole, record.t, record.at)
                        sent.answers.setdefault(name, {})[record.who, record.person] = given
    return [_result(each) for each in by_seq.values()]


def _of(record: Record, by_seq: dict[int, _Open]) -> _Open | None:
    return next((by_seq[seq] for seq in record.cause if seq in by_seq), None)


def _result(sent: _Open) -> QuestionnaireResult:
    record, within = sent.record, sent.asked.within
    given = ((each, sent.answers.get(each.id, {})) for each in sent.asked.questions)
    questions = tuple(QuestionResult(question, tuple(answers.values())) for question, answers in given)
    return QuestionnaireResult(
        inject=record.about,
        title=record.title,
        release=sent.release,
        seq=record.seq,
        t=record.t,
        at=record.at,
        each=sent.asked.each,
        to=sent.to,
        until=None if within is None else record.t + within,
        questions=questions,
        asked=sent.people,
        ended=sent.ended,
        published=sent.published,
        outdated=sent.outdated,
    )
