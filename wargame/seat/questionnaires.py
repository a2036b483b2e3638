"""The questionnaires that a seat has received, with what it has answered, and answers as people type them."""

import re

from wargame.dataclasses import asdict, dataclass
from wargame.journal.questionnaires import Value
from wargame.journal.template_cache import text_lines
from wargame.scenario.model import Question
from wargame.seat.feed import letters
from wargame.simulation.control.questionnaires import SentQuestionnaire
from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatQuestion(Question):
    """A question as a seat is asked it. `number` counts from 1.

    `answers` has the last answer of each person as (person, answer); the person is empty where each seat answers once.
    """

    number: int
    answers: tuple[tuple[str, Value], ...]

    @property
    def keyed(self) -> tuple[tuple[str, str], ...]:
        """Each choice with the word by which `read_answer` knows it: its number, or itself if choices are numbers."""
        own = any(choice.isdecimal() for choice in self.choices)
        return tuple((choice if own else str(place), choice) for place, choice in enumerate(self.choices, 1))

    @property
    def given(self) -> tuple[Value, ...]:
        """Return the answers of the seat, where each seat answers once; several choices one by one."""
        return tuple(
            part
            for person, value in self.answers
            if not person
            for part in (value if isinstance(value, tuple) else (value,))
        )


@dataclass(frozen=True, slots=True)
class SeatQuestionnaire:
    """A questionnaire that a seat has received with message `number`; times are in seconds of game time."""

    number: int
    inject: str
    release: int
    title: str
    since: int
    until: int | None
    is_open: bool
    by_person: bool
    questions: tuple[SeatQuestion, ...]

    @property
    def unanswered(self) -> int:
        """The number of questions that nobody of the seat has answered."""
        return sum(not question.answers for question in self.questions)


def seat_questionnaires(exercise: Exercise, seat: str) -> tuple[SeatQuestionnaire, ...]:
    """Return the questionnaires that a seat has received, oldest first."""
    numbers = {letter.seq: letter.number for letter in letters(exercise, seat)} if exercise.questionnaires.sent else {}
    received = [sent for sent in exercise.questionnaires.sent if seat in sent.to and sent.seq in numbers]
    return tuple(_received(exercise, sent, seat, numbers[sent.seq]) for sent in received)


def _received(exercise: Exercise, sent: SentQuestionnaire, seat: str, number: int) -> SeatQuestionnaire:
    given, questions = {person: each for (who, person), each in sent.answers.items() if who == seat}, []
    for place, question in enumerate(sent.questions, 1):
        answers = tuple((person, each[question.id]) for person, each in given.items() if question.id in each)
        questions.append(SeatQuestion(**asdict(question), number=place, answers=answers))
    return SeatQuestionnaire(
        number=number,
        inject=sent.inject.id,
        release=sent.release,
        title=sent.inject.heading,
        since=sent.since,
        until=sent.until,
        is_open=not (sent.closed or exercise.done),
        by_person=sent.by_person,
        questions=tuple(questions),
    )


def read_answer(question: Question, typed: str) -> str | int | list[str]:
    """Return the answer that a person means: choices in any case or by number, a mark or the word for an end.

    What is not an answer stays as it was typed: the command that gives it is refused.
    """
    typed = typed.strip()
    if question.scale:
        ends = dict(zip(map(str.casefold, question.ends or ()), question.scale, strict=False))
        return ends.get(typed.casefold(), int(typed) if re.fullmatch(r"[+-]?\d{1,9}", typed) else typed)
    if question.several:
        parts = [typed] if _choice(question.choices, typed) else [part.strip() for part in typed.split(",")]
        return list(dict.fromkeys(_choice(question.choices, part) or part for part in parts))
    return _choice(question.choices, typed) or typed


def _choice(choices: tuple[str, ...], typed: str) -> str:
    """Return the choice with this text in any case, or with this number; empty if there is none."""
    found = [each for each in choices if each.casefold() == typed.casefold()]
    if found:
        return found[0]
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    return choices[number - 1] if 1 <= number <= len(choices) else ""


def question_lines(questionnaire: SeatQuestionnaire) -> list[str]:
    """Return its questions with their possible answers and those given, as the console shows them."""
    return text_lines("wargame.seat", "questions.txt.j2", questionnaire=questionnaire)
