"""Questions to the look-ahead as screens and programs see them."""

from __future__ import annotations

from wargame.live.terminals.questions import Question
from wargame.web.viewer import LookaheadAnswer


def answer_of(question: Question) -> LookaheadAnswer:
    """The latest answer to a question."""
    return LookaheadAnswer(
        question.number,
        question.kind,
        question.words,
        question.horizon,
        question.moment,
        question.n,
        question.wanted,
        question.seconds,
        question.lines,
        question.rows,
        question.fault,
    )
