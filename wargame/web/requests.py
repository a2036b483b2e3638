"""What requests say: bodies in their shapes, positions of streams, the queries of addresses."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import parse_qsl

from wargame.journal.decoding import Undecodable, decode
from wargame.web.answers import Refusal, fault
from wargame.web.audience import Query

T = TypeVar("T")


def body_of(content: bytes, shape: type[T]) -> T:
    """Return the body of a request in its shape; Refusal if it is not valid."""
    try:
        return decode(content, shape)
    except Undecodable as error:
        raise Refusal(fault(422, f"the body is not valid: {error}")) from None


def position(text: str, epoch: int) -> tuple[int, int]:
    """Epoch and number of `E.K`; the beginning of the present past for anything else."""
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
