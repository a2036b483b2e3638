"""Questionnaires that injects send to people: answers, closing, results for everyone.

A government that the model plays does not answer. An answer can be changed until the questionnaire closes: at its
deadline, by the white cell, or at ENDEX. Answers change nothing in the world.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wargame.errors import UsageFault, listed, nearest, shortened
from wargame.journal.questionnaires import GivenAnswer, QuestionResult, Value
from wargame.journal.records.questionnaires import PublishedQuestion
from wargame.scenario.model import Inject, Question
from wargame.simulation.control.lookup import text_of, valid_name
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.context import Release, RunContext
from wargame.simulation.kernel.settings import CommandModule, RecordParts, Steps
from wargame.simulation.mechanisms.inject_contents import asked_question

LONGEST_ANSWER = 4_000
LONGEST_PERSON = 60
"""Characters at most of an answer in one's own words, and of the name of a person."""


@dataclass(slots=True)
class SentQuestionnaire:
    """A questionnaire that was released; `seq` is the record of the release, `release` counts its releases.

    `answers` maps (seat, person) to the answers by question; the person is empty where each seat answers once.
    """

    inject: Inject
    release: int
    seq: int
    since: int
    until: int | None
    to: tuple[str, ...]
    answers: dict[tuple[str, str], dict[str, Value]] = field(default_factory=dict)
    closed: bool = False

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions in order."""
        assert self.inject.questionnaire is not None
        return self.inject.questionnaire.questions

    @property
    def by_person(self) -> bool:
        """Whether each person answers."""
        return self.inject.questionnaire is not None and self.inject.questionnaire.each == "person"

    def unanswered(self, seat: str) -> list[Question]:
        """Return the questions that nobody of a seat has answered."""
        given = {name for (who, _), answers in self.answers.items() if who == seat for name in answers}
        return [question for question in self.questions if question.id not in given]


class Questionnaires(CommandModule):
    """The questionnaires of one exercise. `sent` has all that were released, in order."""

    KINDS = ("respond", "questionnaire.close", "questionnaire.publish")

    def __init__(self, context: RunContext, seat_of: Callable[[str], str]) -> None:
        self._context, self._seat_of = context, seat_of
        self._releases: Counter[str] = Counter()
        self.sent: list[SentQuestionnaire] = []

    def opened(self, release: Release) -> None:
        """Open the questionnaire of an inject that was released."""
        spec, context = release.inject, self._context
        self._releases[spec.id] += 1
        if spec.questionnaire is None or spec.kind == "facilitation":
            return
        within = spec.questionnaire.within
        until = None if within is None else context.now + within
        to = spec.audience or tuple(context.world.governments)
        sent = SentQuestionnaire(spec, self._releases[spec.id], release.seq, context.now, until, to)
        self.sent.append(sent)
        if until is not None:
            context.clock.at(until, EFFECT, self._deadline, sent)

    def retracted(self, inject: str, cause: int) -> None:
        """Close the questionnaires of an inject that was retracted."""
        for sent in self.sent:
            if sent.inject.id == inject and not sent.closed:
                self._close(sent, "white cell", cause)

    def asked(self, sent: SentQuestionnaire) -> list[str]:
        """Return the seats that are asked: those that received it and that people hold now."""
        return [name for name in sent.to if self._seat_of(name) == "human"]

    def silent(self, sent: SentQuestionnaire) -> list[str]:
        """Return the seats that are asked and have not answered every question."""
        return [name for name in self.asked(sent) if sent.unanswered(name)]

    def finish(self) -> None:
        """Close what is open, at ENDEX."""
        for sent in self.sent:
            if not sent.closed:
                self._close(sent, "ENDEX")

    def _find(self, data: dict[str, Any]) -> SentQuestionnaire:
        """Return the questionnaire of an inject: of the release that is named, or of the last one."""
        name = valid_name("questionnaire", str(data["inject"]), {each.inject.id for each in self.sent})
        sent = [each for each in self.sent if each.inject.id == name]
        if data.get("release") is None:
            return sent[-1]
        found = next((each for each in sent if each.release == data["release"]), None)
        if found is None:
            raise UsageFault(f"{name} has been released {len(sent)} times, not {shortened(str(data['release']), 20)}")
        return found

    def _find_open(self, data: dict[str, Any]) -> SentQuestionnaire:
        sent = self._find(data)
        if sent.closed:
            raise UsageFault(f"the questionnaire {sent.inject.id} is closed")
        return sent

    def _questionnaire_close(self, data: dict[str, Any]) -> Steps:
        """Close the latest of an inject's questionnaires that is open: a repeated inject can have several."""
        sent = self._find(data)
        earlier = [each for each in self.sent if each.inject.id == sent.inject.id and not each.closed]
        sent = earlier[-1] if sent.closed and earlier and data.get("release") is None else self._find_open(data)
        seq = yield RecordParts()
        self._close(sent, "white cell", seq)

    def _respond(self, data: dict[str, Any]) -> Steps:
        sent, who = self._find_open(data), str(data["who"])
        valid_name("government", who, self._context.scenario.governments)
        if who not in sent.to:
            raise UsageFault(f"the questionnaire {sent.inject.id} was not sent to {who}")
        if (kind := self._seat_of(who)) != "human":
            raise UsageFault(f"the {kind} plays {who} and does not answer questionnaires")
        person = text_of(data, "person", empty=True)
        if len(person) > LONGEST_PERSON or "\n" in person:
            raise UsageFault(f"the name of a person has at most {LONGEST_PERSON} characters")
        if person and not sent.by_person:
            raise UsageFault(f"each seat answers the questionnaire {sent.inject.id} once: no person is named")
        answers = data["answers"]
        if not isinstance(answers, dict) or not answers:
            raise UsageFault("the answers are missing")
        questions = {question.id: question for question in sent.questions}
        for name, value in answers.items():
            check_answer(questions[valid_name("question", str(name), questions)], value)
        yield RecordParts("questionnaire.answer", sent.inject.id, sent.seq)
        given = sent.answers.setdefault((who, person), {})
        for name, value in answers.items():
            given[str(name)] = tuple(value) if isinstance(value, list) else value

    def _deadline(self, sent: SentQuestionnaire) -> None:
        if not sent.closed and not self._context.over:
            self._close(sent, "deadline")

    def _close(self, sent: SentQuestionnaire, how: str, cause: int | None = None) -> None:
        sent.closed = True
        causes = (sent.seq,) if cause is None else (cause, sent.seq)
        people = {"to": list(sent.to), "asked": self.asked(sent), "silent": self.silent(sent)}
        data = {"title": sent.inject.heading, "release": sent.release, "how": how, **people}
        self._context.log.write("questionnaire.closed", "", sent.inject.id, causes, data)

    def _questionnaire_publish(self, data: dict[str, Any]) -> Steps:
        """Show everyone how often each answer was given, without who gave it, and without texts."""
        sent = self._find(data)
        seq = yield RecordParts()
        results = [question_result(sent, question) for question in sent.questions]
        listed_results = tuple(PublishedQuestion(r.question.text, len(r.answers), r.counts, r.mean) for r in results)
        record = {"title": sent.inject.heading, "release": sent.release, "questions": listed_results}
        self._context.log.write("questionnaire.results", "", sent.inject.id, (seq, sent.seq), record)


def question_result(sent: SentQuestionnaire, question: Question) -> QuestionResult:
    """Return a question with its answers so far."""
    given = [
        GivenAnswer(seat, person, answers[question.id])
        for (seat, person), answers in sent.answers.items()
        if question.id in answers
    ]
    return QuestionResult(asked_question(question), tuple(given))


def check_answer(question: Question, value: object) -> None:
    """Raise UsageFault unless the value answers the question, in exactly the words of its choices."""
    if question.scale:
        low, high = question.scale
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise UsageFault(f"'{question.id}' is answered with a whole number from {low} to {high}")
        return
    if question.choices:
        chosen = value if question.several and isinstance(value, list) else [value]
        if not chosen or len(set(map(str, chosen))) < len(chosen):
            raise UsageFault(f"'{question.id}' is answered with some of its choices, each at most once")
        for each in chosen:
            if each not in question.choices:
                hint = nearest(str(each), question.choices) or f"one of {listed(question.choices)}"
                raise UsageFault(f"'{shortened(str(each))}' is not an answer to '{question.id}' ({hint})")
        return
    if len(text_of({"answer": value}, "answer")) > LONGEST_ANSWER:
        raise UsageFault(f"an answer has at most {LONGEST_ANSWER:,} characters")
