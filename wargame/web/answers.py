"""Answers of the API: bodies in JSON, and errors that say what is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wargame.language.plain_text import clean


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the body of an answer; `retry_after` is in seconds."""

    status: int
    body: Any
    retry_after: float = 0.0


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self.answer = answer


def fault(status: int, message: str, retry_after: float = 0.0, *, hints: Sequence[Any] = ()) -> Answer:
    """Return an answer that says what is wrong, with the commands that are its remedies."""
    error = {"message": clean(message, lines=True), **({"hints": hints} if hints else {})}
    return Answer(status, {"error": error}, retry_after)


def encoded(answer: Answer) -> Response:
    """Return an answer as JSON."""
    headers = {"Retry-After": str(max(1, round(answer.retry_after)))} if answer.retry_after else None
    return Response(msgspec.json.encode(answer.body), answer.status, headers, "application/json")


def tagged(request: Request, content: bytes) -> Response:
    """JSON with an ETag; 304 if the client has it."""
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(None, 304, {"ETag": tag})
    return Response(content, headers={"ETag": tag}, media_type="application/json")
