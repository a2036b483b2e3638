"""Decoding the JSON of files that may be damaged: whatever is wrong with the bytes is one error."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TypeVar

import msgspec

from wargame.errors import shortened

T = TypeVar("T")


class Undecodable(ValueError):
    """Bytes that are not JSON in UTF-8, or JSON of another shape than expected."""


def decode(content: bytes, shape: type[T]) -> T:
    """Return the JSON document in `content`, checked against a type; raises Undecodable."""
    return decode_with(msgspec.json.Decoder(shape), content)


def decode_with(decoder: msgspec.json.Decoder[T], content: bytes) -> T:
    """Return as `decode`, with a decoder that is used many times."""
    try:
        return decoder.decode(content)
    except UnicodeDecodeError as error:
        raise Undecodable(f"not UTF-8 text (byte {error.start} of a text: {error.reason})") from None
    except RecursionError:
        raise Undecodable("brackets are nested too deeply") from None
    except ValueError as error:  # of msgspec, or of a check of the type
        raise Undecodable(str(error)) from None


def check_shape(data: object, shape: type[T]) -> T:
    """Decoded JSON as a type; raises Undecodable if it has another shape."""
    try:
        return msgspec.convert(data, shape)
    except (ValueError, RecursionError) as error:
        raise Undecodable(str(error)) from None


@lru_cache(maxsize=4096)
def check_moment(text: str) -> None:
    """Raise Undecodable if a text is not a date and time with its offset from UTC."""
    try:
        if datetime.fromisoformat(text).tzinfo is not None:
            return
    except ValueError:
        pass
    raise Undecodable(f"'{shortened(text, 40)}' is not an ISO date and time with its offset")
