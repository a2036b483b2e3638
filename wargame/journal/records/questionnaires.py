"""Records of questionnaires. A `number` is the one that a viewer has for the message."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from wargame.errors import shortened
from wargame.journal.notices import OWN, REPORT, Notice, Reader
from wargame.journal.records.record import Audience, Record
from wargame.journal.viewer_memory import ViewerMemory
from wargame.journal.wording import Titles, aside

LONG = 120
"""Characters of an answer that a sentence gives."""
CLOSED = {"deadline": "at its deadline", "white cell": "by the white cell", "ENDEX": "at ENDEX"}
"""The ways in which a questionnaire is closed."""


def _value(value: object) -> str:
    return shortened(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value), LONG)


def _numbered(record: Record, viewer: ViewerMemory) -> dict[str, Any]:
    """Return the number of the message, for those who have received it."""
    return {"number": viewer.received_number(record.cause)}


class QuestionnaireAnswerRecord(Record, frozen=True):
    """Answers of a seat, or of a person in it, by question."""

    kind = "questionnaire.answer"
    heading = "Answered", OWN
    shown = {Audience.OWN: ("sender", "inject", "release", "answers", "person", "number")}

    sender: str = field(name="who")
    inject: str
    release: int | UnsetType | None = UNSET
    answers: dict[str, str | int | tuple[str, ...]] = field(default_factory=dict)
    person: str = ""
    number: int = 0

    for_viewer = _numbered

    def clause(self, titles: Titles) -> str:
        who = f"{titles.government(self.who)}{aside(self.person)}"
        return f"{who} answers {titles.inject(self.about)}: {self.given}"

    @property
    def given(self) -> str:
        """The answers: `confidence 4; why 'They moved their ships'`."""
        return "; ".join(f"{name} {_value(value)}" for name, value in (self.answers or {}).items())

    def notice(self, reader: Reader) -> Notice:
        given = f"questionnaire {self.number or self.about}, {self.given}"
        return self.reported(f"Answered by {self.person}: {given}") if self.person else self.reported(given, lead=None)


class QuestionnaireClosedRecord(Record, frozen=True):
    """A questionnaire is closed. `asked` are the seats that a person held, `silent` those without all answers."""

    kind = "questionnaire.closed"
    heading = "Questionnaire", REPORT
    shown = {Audience.CONCERNED: ("title", "how", "number")}

    title: str
    release: int
    how: str
    to: tuple[str, ...]
    asked: tuple[str, ...]
    silent: tuple[str, ...]
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return those who have received it; who has answered is known to the white cell alone."""
        return Audience.CONCERNED if viewer.received_number(self.cause) else None

    for_viewer = _numbered

    def clause(self, titles: Titles) -> str:
        silent = f"; not answered in full by {titles.listed(self.silent)}" if self.silent else ""
        return f"questionnaire {titles.inject(self.about, self.title)} is closed {CLOSED.get(self.how, '')}{silent}"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"Questionnaire {self.number or self.about} is closed: {self.title}")


class PublishedQuestion(Struct, frozen=True):
    """The result of a question, without who answered what. `mean` is that of the marks on a scale."""

    text: str
    answers: int
    counts: dict[str, int]
    mean: float | None

    @property
    def result(self) -> str:
        """The question with how often each answer was given."""
        counts = ", ".join(f"{option}: {count}" for option, count in self.counts.items() if count)
        mean = f"mean {self.mean:.1f} " if self.mean is not None else ""
        answers = f"{self.answers} answer{'' if self.answers == 1 else 's'}"
        return f"{self.text} {mean}({answers}{f'; {counts}' if counts else ''})"


class QuestionnaireResultsRecord(Record, frozen=True):
    """The results that everyone is shown."""

    kind = "questionnaire.results"
    heading = "Results", REPORT
    shown = {Audience.EVERYONE: ("title", "questions", "number")}

    title: str
    release: int
    questions: tuple[PublishedQuestion, ...]
    number: int = 0

    for_viewer = _numbered

    def clause(self, titles: Titles) -> str:
        return f"results of {titles.inject(self.about, self.title)}: {self.results}"

    @property
    def results(self) -> str:
        """Published results: `How confident are you? mean 3.5 (2 answers: 3 1, 4 1)`."""
        return "; ".join(each.result for each in self.questions or ())

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"Results of '{self.title or self.about}': {self.results}")
