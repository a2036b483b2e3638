"""From the text of a model to an act. Nothing is guessed: what is not a JSON object of the form asked for is refused.

The only liberty is a code fence around the whole answer, which is removed and noted.
"""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct

from wargame.brains.protocol import Act, Answer, Message, Offer, Order

_FENCE = re.compile(r"\s*```(?:json|yaml)?\s*\n(.*?)\n\s*```\s*", re.DOTALL)
UNFENCED = "[the answer stood in a code fence, which was removed] "


class NotAnAnswer(Exception):
    """A text that is not an answer of the form asked for."""


class Decision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer of a model: its assessment in a few sentences, and what it does."""

    assessment: str = ""
    orders: tuple[Order, ...] = ()
    messages: tuple[Message, ...] = ()
    offers: tuple[Offer, ...] = ()
    answers: tuple[Answer, ...] = ()


def act_of(text: str, turn: str) -> tuple[Act, str]:
    """Return the act that a text decides on, and a note with the assessment; NotAnAnswer if it is not a decision."""
    inner = _FENCE.fullmatch(text)
    try:
        decision = msgspec.json.decode(inner[1] if inner else text, type=Decision)
    except msgspec.MsgspecError as error:
        raise NotAnAnswer(str(error)) from None
    act = Act(
        id=turn, orders=decision.orders, messages=decision.messages, offers=decision.offers, answers=decision.answers
    )
    return act, f"{UNFENCED if inner else ''}{decision.assessment}"


def draft_of(text: str) -> str:
    """Return the YAML of a draft, without a code fence around the whole of it."""
    inner = _FENCE.fullmatch(text)
    return (inner[1] if inner else text).strip()
