"""Carries out the act of a program: each part is an ordinary command of its seat, accepted or refused by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from wargame.brains.protocol import Act, Answer, Message, Offer, Order, Refusal
from wargame.brains.turn import SeatState
from wargame.errors import UsageFault
from wargame.language.plain_text import clean
from wargame.seat.feed import letters
from wargame.seat.options import answered, check
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.exercise import Exercise


class Table(Protocol):
    """Where a program plays: an exercise, and the log of its commands."""

    @property
    def exercise(self) -> Exercise:
        """The exercise as it is now."""

    def submit(self, kind: str, /, **data: Any) -> object:
        """Check a command, log it and apply it; after UsageFault nothing has changed."""

    def together(self) -> AbstractContextManager[None]:
        """Make the commands inside one command, which happens completely or not at all."""

    def given(self, by: str = "", key: str = "") -> AbstractContextManager[None]:
        """Write into the lines of the commands inside who gives them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an act: the number of parts that were carried out, and those that were refused."""

    accepted: int
    refused: tuple[Refusal, ...]


def carry_out(table: Table, seat: str, act: Act, state: SeatState, by: str) -> Outcome:
    """Carry out the parts of an act, in one command of the log; `by` is written with each."""
    accepted, refused = 0, []
    with table.given(by=by), table.together():
        for what, n, submit in _parts(table, seat, act, state):
            try:
                submit()
            except UsageFault as fault:
                refused.append(Refusal(what=what, n=n, because=clean(str(fault))))
            else:
                accepted += 1
    return Outcome(accepted, tuple(refused))


def decline(table: Table, seat: str, by: str) -> None:
    """Declines the decisions that are still due."""
    if any(due.government == seat for due in table.exercise.commands.seats.dues.values()):
        with table.given(by=by):
            table.submit("pass", government=seat, dossier="", who=seat)


Part = tuple[str, int, Callable[[], object]]
"""The name of a part, the number of an order (0 for others), and what carries it out."""


def _parts(table: Table, seat: str, act: Act, state: SeatState) -> Iterator[Part]:
    for i, number in enumerate(act.acknowledge):
        yield f"acknowledge[{i}]", 0, partial(_acknowledge, table, seat, number)
    for i, answer in enumerate(act.answers):
        yield f"answers[{i}]", 0, partial(_answer, table, seat, answer)
    for i, message in enumerate(act.messages):
        yield f"messages[{i}]", 0, partial(_message, table, seat, message)
    for i, offer in enumerate(act.offers):
        yield f"offers[{i}]", 0, partial(_offer, table, seat, offer)
    for i, order in enumerate(act.orders):
        yield f"orders[{i}]", order.n, partial(_order, table, seat, order, state)


def _acknowledge(table: Table, seat: str, number: int) -> None:
    letter = next((each for each in letters(table.exercise, seat) if each.number == number), None)
    if letter is None:
        raise UsageFault(f"there is no message {number}")
    if seat in table.exercise.commands.msel.acknowledged.get((letter.inject, letter.release), ()):
        raise UsageFault(f"message {number} has been acknowledged")
    table.submit("ack", who=seat, inject=letter.inject, release=letter.release)


def _answer(table: Table, seat: str, answer: Answer) -> None:
    given = [name for name in ("offer", "vote", "procedure") if getattr(answer, name) is not None]
    if len(given) != 1:
        raise UsageFault("an answer has exactly one of offer, vote and procedure")
    if given == ["offer"]:
        table.submit("answer", who=seat, offer=answer.offer, answer=answer.answer, text=answer.text)
    elif given == ["vote"]:
        table.submit("ballot", who=seat, vote=answer.vote, choice=answer.answer)
    else:
        data = {"government": seat, "number": answer.procedure, "answer": answer.answer}
        table.submit("procedure.answer", **data, who=seat)


def _message(table: Table, seat: str, message: Message) -> None:
    if message.public and WHITE_CELL in message.to:
        raise UsageFault(f"a message to {WHITE_CELL} is not public")
    public = {"public": True} if message.public else {}
    table.submit("message", who=seat, to=list(message.to), text=message.text, **public)


def _offer(table: Table, seat: str, offer: Offer) -> None:
    table.submit("offer", who=seat, to=list(offer.to), text=offer.text, form=offer.form)


def _order(table: Table, seat: str, order: Order, state: SeatState) -> None:
    candidate = state.choices.get(order.n)
    if candidate is None:
        last = len(state.choices)
        hint = f"the choices of this turn are 1 to {last}" if last else "this turn has no choices"
        raise UsageFault(f"there is no choice {order.n} ({hint})")
    check(table.exercise, seat, candidate.option, candidate.target)
    data = {"government": seat, "option": candidate.option, "target": candidate.target, "why": order.why}
    table.submit("order", **data, answers=answered(table.exercise, seat, candidate.option, ""), who=seat)
