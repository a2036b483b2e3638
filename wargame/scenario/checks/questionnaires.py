"""Questionnaires: questions that nobody receives or that cannot be answered."""

from __future__ import annotations

import re
from collections import Counter

from wargame.errors import shortened
from wargame.scenario.building.draft import Draft, Step
from wargame.scenario.building.yaml_nodes import keys
from wargame.scenario.model import Question

MOST_QUESTIONS = 30
MOST_CHOICES = 20
MOST_MARKS = 101
"""Limits of what a person can answer on one screen. Judgement."""


def check(draft: Draft) -> None:
    """Report questionnaires that nobody can answer."""
    for inject in draft.injects:
        if inject.questionnaire is None:
            continue
        path = ("injects", inject.id, "questionnaire")
        if inject.kind == "facilitation":
            message = "a facilitation inject is not sent to anyone: nobody can answer"
            draft.fault(path, message, "write `kind: information`", key=True)
        questions = inject.questionnaire.questions
        written = draft.locate((*path, "questions")).value  # also those that could not be built
        if not 1 <= len(written) <= MOST_QUESTIONS:
            draft.fault((*path, "questions"), f"a questionnaire has 1 to {MOST_QUESTIONS} questions")
        for name, count in Counter(question.id for question in questions).items():
            if count > 1:
                draft.fault((*path, "questions"), f"two questions have the id '{name}'", "give each its own id")
        for question in questions:
            _check_question(draft, question, (*path, "questions", question.id))


def _check_question(draft: Draft, question: Question, path: tuple[Step, ...]) -> None:
    if not question.text:
        draft.fault((*path, "text"), "the question is empty")
    if question.choices and question.scale:
        draft.fault((*path, "scale"), "a question has either `choices` or a `scale`", "make it two questions", key=True)
    if question.several and not question.choices:
        draft.fault((*path, "several"), "`several` is only for `choices`", key=True)
    if question.ends and not question.scale:
        draft.fault((*path, "ends"), "`ends` is only for a `scale`", key=True)
    if question.ends and question.scale:
        _check_ends(draft, question.ends, (*path, "ends"))
    if question.choices or "choices" in keys(draft.locate(path)):
        _check_choices(draft, question, (*path, "choices"))
    if question.scale and not 1 <= question.scale[1] - question.scale[0] < MOST_MARKS:
        message = f"a scale goes from a lower to a higher mark, with at most {MOST_MARKS} marks"
        draft.fault((*path, "scale"), message, "such as [1, 5]")


def _check_ends(draft: Draft, ends: tuple[str, str], path: tuple[Step, ...]) -> None:
    """The words can be typed as answers, so that they must not mean another mark."""
    if len(set(map(str.casefold, ends))) < len(ends):
        draft.fault(path, "both ends of the scale have the same word")
    for word in ends:
        if not word.strip() or re.fullmatch(r"\s*[+-]?\d+\s*", word):
            draft.fault(path, f"the end of a scale is a word, not '{shortened(word)}'", "such as [unlikely, likely]")


def _check_choices(draft: Draft, question: Question, path: tuple[Step, ...]) -> None:
    if not 1 < len(question.choices) <= MOST_CHOICES:
        draft.fault(path, f"a question has 2 to {MOST_CHOICES} choices")
    if not all(question.choices):
        draft.fault(path, "a choice is empty")
    for choice, count in Counter(map(str.casefold, question.choices)).items():
        if count > 1:
            draft.fault(path, f"the choice '{shortened(choice)}' is written twice")
