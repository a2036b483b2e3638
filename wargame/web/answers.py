"""Requests of the API and their answers: bodies in JSON, errors, and replies as pages show them."""

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wargame.dataclasses import dataclass
from wargame.journal.decoding import Undecodable, decode
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.dispatch import commands_of
from wargame.live.console.reply import Reply
from wargame.sentence import Hint
from wargame.web.access import DEPUTY, FACILITATOR
from wargame.web.access.people import Person
from wargame.web.audience import Query

T = TypeVar("T")


def body_of(content: bytes, shape: type[T]) -> T:
    """Return the body of a request in its shape; RequestRefused if it is not valid."""
    try:
        return decode(content, shape)
    except Undecodable as error:
        raise RequestRefused(fault(422, f"the body is not valid: {error}")) from None


def position(text: str, epoch: int) -> tuple[int, int]:
    """Return epoch and number of `E.K`; the beginning of the present past for anything else."""
    first, _, second = text.partition(".")
    if first.isdecimal() and second.isdecimal() and text.isascii() and len(text) <= 40:
        return int(first), int(second)
    return epoch, 0


def query_of(text: str) -> Query:
    """Return the query of a page's address in parts; the first value of each name."""
    try:
        pairs = parse_qsl(text[:1024], max_num_fields=20)
    except ValueError:
        return ()
    return tuple(dict(reversed(pairs)).items())


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The status and the body of an answer; `retry_after` is in seconds."""

    status: int
    body: Any
    retry_after: float = 0.0


class RequestRefused(Exception):
    """A request that is answered with an error."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(answer.body)
        self.answer = answer


def fault(status: int, message: str, retry_after: float = 0.0, *, hints: Sequence[Any] = ()) -> HttpAnswer:
    """Return an answer that says what is wrong, with the commands that are its remedies."""
    error = {"message": clean(message, lines=True), **({"hints": hints} if hints else {})}
    return HttpAnswer(status, {"error": error}, retry_after)


def encoded(answer: HttpAnswer) -> Response:
    """Return an answer as JSON."""
    headers = {"Retry-After": str(max(1, round(answer.retry_after)))} if answer.retry_after else None
    return Response(msgspec.json.encode(answer.body), answer.status, headers, "application/json")


def response(answered: object) -> Response:
    """Return what a method of the API has answered: a response as it is, data as JSON."""
    if isinstance(answered, Response):
        return answered
    return encoded(answered if isinstance(answered, HttpAnswer) else HttpAnswer(200, answered))


def tagged(request: Request, content: bytes) -> Response:
    """Return JSON with an ETag; 304 if the client has it."""
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(None, 304, {"ETag": tag})
    return Response(content, headers={"ETag": tag}, media_type="application/json")


OF_TERMINALS = frozenset({"quit", "sit", "stand", "wait"})
"""Commands that concern the terminal at which they are typed."""
NOT_OF_DEPUTIES = frozenset({"undo", "rewind", "switch", "branch", "code", "kick", "lock", "grant", "reveal", "sheet"})
"""Commands of the facilitator alone: going back in time, importing a sheet, and deciding who sees what."""


def is_refused(person: Person, verb: str) -> bool:
    """Return whether the person may not give a command here that a console of the same role may."""
    return verb in OF_TERMINALS or (person.role == DEPUTY and verb in NOT_OF_DEPUTIES)


def body(person: Person, console: Console, reply: Reply, *, typed: bool = False) -> dict[str, Any]:
    """Return the lines, and the commands that a page offers; programs and typed lines get typed text."""
    if typed or person.program:
        return {"lines": reply.typed(), "hints": []}
    return {"lines": reply.shown(), "hints": offered(person, console, reply.hints)}


def offered(person: Person, console: Console, hints: Sequence[Hint]) -> list[dict[str, Any]]:
    """Return the buttons for the commands that the person may give; others would be refused."""
    available = commands_of(console)
    return [
        {"label": each.label, "verb": each.words[0], "args": each.words[1:], "view": each.view}
        for each in dict.fromkeys(hints)
        if each.label and each.words[0] in available and not is_refused(person, each.words[0])
        if not each.view or console.role == FACILITATOR
    ]
