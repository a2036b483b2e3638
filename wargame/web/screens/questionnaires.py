"""Questionnaires as evaluators and the white cell see them: how many have answered, and the answers as they come in."""

from __future__ import annotations

from dataclasses import dataclass

from wargame.journal.questionnaires import QuestionnaireResult
from wargame.live.console.console import Console
from wargame.live.console.questionnaire_commands import state_of, visible_results
from wargame.live.console.roles import FACILITATOR
from wargame.web.rendering import render
from wargame.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its result so far; `answers` are (who, what)."""

    text: str
    summary: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionnaireCard:
    """A questionnaire. `is_open` and `outdated` say which commands it takes."""

    inject: str
    title: str
    seq: int
    state: str
    is_open: bool
    outdated: bool
    rows: tuple[QuestionRow, ...]


def questionnaires_part(viewer: Viewer) -> str:
    """Return the questionnaires, the latest first; empty before one has been sent."""
    console = viewer.console
    cards = [_card(console, each) for each in reversed(visible_results(console))]
    if not cards:
        return ""
    latest = {card.inject: card for card in reversed(cards)}  # commands concern the last release
    ready = [(card, latest[card.inject] is card) for card in cards]
    control = console.role == FACILITATOR and not console.session.exercise.done
    return render("control/questionnaires.html", cards=ready, control=control)


def _card(console: Console, each: QuestionnaireResult) -> QuestionnaireCard:
    rows = tuple(
        QuestionRow(
            question.question.text,
            question.summary,
            tuple(
                (console.name(given.seat) + (f" ({given.person})" if given.person else ""), given.text)
                for given in question.answers
            ),
        )
        for question in each.questions
    )
    state = state_of(console, each)
    return QuestionnaireCard(each.inject, each.title, each.seq, state, not each.ended, each.outdated, rows)
