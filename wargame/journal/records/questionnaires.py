"""Records of questionnaires. A `number` is that of the message among those of a viewer."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field

from wargame.journal.records.record import Record


class QuestionnaireAnswerRecord(Record, frozen=True):
    """Answers of a seat, or of a person in it, by question."""

    kind = "questionnaire.answer"

    sender: str = field(name="who")
    inject: str
    release: int | UnsetType | None = UNSET
    answers: dict[str, str | int | tuple[str, ...]] = field(default_factory=dict)
    person: str = ""
    number: int = 0


class QuestionnaireClosedRecord(Record, frozen=True):
    """A questionnaire is closed. `asked` are the seats that a person held, `silent` those without all answers."""

    kind = "questionnaire.closed"

    title: str
    release: int
    how: str
    to: tuple[str, ...]
    asked: tuple[str, ...]
    silent: tuple[str, ...]
    number: int = 0


class PublishedQuestion(Struct, frozen=True):
    """The result of a question, without who answered what. `mean` is that of the marks on a scale."""

    text: str
    answers: int
    counts: dict[str, int]
    mean: float | None


class QuestionnaireResultsRecord(Record, frozen=True):
    """The results that everyone is shown."""

    kind = "questionnaire.results"

    title: str
    release: int
    questions: tuple[PublishedQuestion, ...]
    number: int = 0
