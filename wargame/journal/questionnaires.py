"""Questionnaires and what people have answered, from the records of a run."""

from collections import Counter
from collections.abc import Iterable

from wargame.dataclasses import dataclass, replace
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
        """The answer as text."""
        return ", ".join(self.value) if isinstance(self.value, tuple) else str(self.value)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """A question with its answers, in the order in which they were given first."""

    question: AskedQuestion
    answers: tuple[GivenAnswer, ...] = ()

    @property
    def form(self) -> str:
        """The form of its answers: `choices`, `scale` or `text`."""
        return "choices" if self.question.choices else "scale" if self.question.scale else "text"

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of answers by choice or mark, in the order of the question; empty for a text."""
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
    at: str
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


def questionnaire_results(records: Iterable[Record]) -> list[QuestionnaireResult]:
    """Return all questionnaires that these records have sent, with the last answers, in the order of release."""
    governments: tuple[str, ...] = ()
    releases: Counter[str] = Counter()
    sent: dict[int, QuestionnaireResult] = {}
    for record in records:
        if isinstance(record, RunStartRecord):
            governments = record.governments
        elif isinstance(record, InjectReleasedRecord):
            releases[record.about] += 1
            if record.questionnaire:
                asked, to = record.questionnaire, tuple(record.to or governments)
                sent[record.seq] = _sent(record, asked, releases[record.about], to)
        elif record.kind.startswith("questionnaire."):
            seq = next((cause for cause in record.cause if cause in sent), None)
            sent |= {seq: _after(sent[seq], record)} if seq is not None else {}
    return list(sent.values())


def _sent(
    record: InjectReleasedRecord, asked: AskedQuestions, release: int, to: tuple[str, ...]
) -> QuestionnaireResult:
    return QuestionnaireResult(
        inject=record.about,
        title=record.title,
        release=release,
        seq=record.seq,
        at=record.at,
        to=to,
        until=None if asked.within is None else record.t + asked.within,
        questions=tuple(map(QuestionResult, asked.questions)),
    )


def _after(sent: QuestionnaireResult, record: Record) -> QuestionnaireResult:
    """Return a questionnaire after a record that it has caused."""
    match record:
        case kinds.QuestionnaireClosedRecord():
            return replace(sent, ended=record.how, asked=tuple(record.asked or ()))
        case kinds.QuestionnaireResultsRecord():
            return replace(sent, published=True, outdated=False)
        case kinds.QuestionnaireAnswerRecord():
            return replace(sent, outdated=True, questions=tuple(_answered(each, record) for each in sent.questions))
    return sent


def _answered(result: QuestionResult, record: kinds.QuestionnaireAnswerRecord) -> QuestionResult:
    """Return the result of a question with the answer in a record, in place of an earlier one of the same person."""
    if result.question.id not in record.answers:
        return result
    value = record.answers[result.question.id]
    whole: Value = tuple(map(str, value)) if isinstance(value, list | tuple) else value
    answers = {(each.seat, each.person): each for each in result.answers}
    answers[record.who, record.person] = GivenAnswer(record.who, record.person, whole, record.t, record.at)
    return replace(result, answers=tuple(answers.values()))
