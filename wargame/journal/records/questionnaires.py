"""Records of questionnaires. A `number` is that of the message among those of a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct, UnsetType, field

from wargame.journal.records.record import Audience, Record

if TYPE_CHECKING:
    from wargame.journal.viewer_memory import ViewerMemory


class QuestionnaireAnswerRecord(Record, frozen=True):
    """Answers of a seat, or of a person in it, by question."""

    kind = "questionnaire.answer"
    shown = {Audience.OWN: ("sender", "inject", "release", "answers", "person", "number")}

    sender: str = field(name="who")
    inject: str
    release: int | UnsetType | None = UNSET
    answers: dict[str, str | int | tuple[str, ...]] = field(default_factory=dict)
    person: str = ""
    number: int = 0

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """The number of the message, for those who have received it."""
        return {"number": viewer.received_number(self)}


class QuestionnaireClosedRecord(Record, frozen=True):
    """A questionnaire is closed. `asked` are the seats that a person held, `silent` those without all answers."""

    kind = "questionnaire.closed"
    shown = {Audience.CONCERNED: ("title", "how", "number")}

    title: str
    release: int
    how: str
    to: tuple[str, ...]
    asked: tuple[str, ...]
    silent: tuple[str, ...]
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Those who have received it; who has answered is known to the white cell alone."""
        return Audience.CONCERNED if viewer.received_number(self) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """The number of the message, for those who have received it."""
        return {"number": viewer.received_number(self)}


class PublishedQuestion(Struct, frozen=True):
    """The result of a question, without who answered what. `mean` is that of the marks on a scale."""

    text: str
    answers: int
    counts: dict[str, int]
    mean: float | None


class QuestionnaireResultsRecord(Record, frozen=True):
    """The results that everyone is shown."""

    kind = "questionnaire.results"
    shown = {Audience.EVERYONE: ("title", "questions", "number")}

    title: str
    release: int
    questions: tuple[PublishedQuestion, ...]
    number: int = 0

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """The number of the message, for those who have received it."""
        return {"number": viewer.received_number(self)}
