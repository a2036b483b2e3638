"""The answers of a language model: exactly one JSON object of the form asked for, whatever stands around it."""

import re
from collections.abc import Iterator
from json import JSONDecoder
from typing import TypeVar

import msgspec
from msgspec import Struct

from wargame.brains import protocol

THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
AROUND = "[what stood around the JSON of the answer was left out] "


class NotAnAnswer(Exception):
    """A text that is not an answer of the form asked for."""


class Decision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer of a model: its assessment in a few sentences, and what it does.

    `details` are the numbers of choices that it wants to know more of before it decides.
    """

    assessment: str = ""
    orders: tuple[protocol.Order, ...] = ()
    messages: tuple[protocol.Message, ...] = ()
    offers: tuple[protocol.Offer, ...] = ()
    answers: tuple[protocol.Answer, ...] = ()
    free_orders: tuple[protocol.FreeOrder, ...] = ()
    questions: tuple[protocol.Text, ...] = ()
    votes: tuple[protocol.Vote, ...] = ()
    details: tuple[int, ...] = ()

    def act(self, turn: str) -> protocol.Act:
        """Return the act of a turn."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("assessment", "details")}
        return protocol.Act(id=turn, **given)


Answered = TypeVar("Answered", Decision, protocol.Judgement)


def answer_in(text: str, kind: type[Answered]) -> tuple[Answered, str]:
    """Return the one answer of a kind in a text, and a note if something else is around it; NotAnAnswer without one."""
    parts, found = list(_objects(THOUGHT.sub("", text))), list[Answered]()
    fault = "it has no JSON object" if text.strip() else "it is empty"
    for part in parts:
        try:
            found.append(msgspec.json.decode(part, type=kind, strict=False))
        except msgspec.MsgspecError as error:
            fault = str(error)
    if not found or any(each != found[0] for each in found):
        raise NotAnAnswer("it has several different JSON objects" if found else fault)
    return found[0], "" if parts == [text.strip()] else AROUND


def numbers_of(orders: tuple[protocol.Order, ...]) -> str:
    """Return the orders of an answer by their numbers, as `3, 5`."""
    return ", ".join(str(order.n) for order in orders) or "no order"


def _objects(text: str) -> Iterator[str]:
    """Yield the outermost JSON objects in a text."""
    start, decoder = text.find("{"), JSONDecoder()
    while start >= 0:
        try:
            stop = decoder.raw_decode(text, start)[1]
        except (ValueError, RecursionError):
            stop = start + 1
        else:
            yield text[start:stop]
        start = text.find("{", stop)
