"""Questionnaires and polls that are sent with an inject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from wargame.scenario.model.annotations import Bounds, Choices, Id, Period

Mark = Annotated[int, Bounds(-100, 100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: answered by choosing (`choices`), by a mark (`scale`), or in the person's own words."""

    id: Id
    """Its name in the journal and in tables of answers."""
    text: str
    """The question."""
    choices: tuple[str, ...] = ()
    """The possible answers. Without choices and scale, the answer is a text."""
    several: bool = False
    """Whether several of the choices may be chosen."""
    scale: tuple[Mark, Mark] | None = None
    """The lowest and the highest mark, such as `[1, 5]`; marks are whole numbers."""
    ends: tuple[str, str] | None = None
    """What the lowest and the highest mark mean, such as `[not at all, completely]`."""

    @property
    def form(self) -> str:
        """How it is answered: `choices`, `scale` or `text`."""
        return "choices" if self.choices else "scale" if self.scale else "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Questions to the people who receive an inject. A government that the model plays does not answer."""

    questions: tuple[Question, ...]
    """The questions, in order."""
    each: Annotated[str, Choices(("seat", "person"))] = "seat"
    """Whether each seat answers once, or each person in it."""
    within: Period | None = None
    """Game time after the release at which it closes; until the facilitator closes it, or ENDEX, if left out."""
