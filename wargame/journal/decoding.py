"""Decoding the JSON of files that may be damaged: whatever is wrong with the bytes is one error."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wargame.errors import shortened
from wargame.journal.inputs import read_input
from wargame.tables import tables

T = TypeVar("T")


class Undecodable(ValueError):
    """Bytes that are not JSON in UTF-8, or JSON of another shape than expected."""


def decode(content: bytes, shape: type[T]) -> T:
    """Return the JSON document in `content`, checked against a type; raises Undecodable."""
    return decode_with(msgspec.json.Decoder(shape), content)


def format_of(manifest: Path) -> str:
    """Return the format that a manifest names; empty if it cannot be read."""
    try:
        return str(decode(read_input(manifest), dict[str, Any]).get("format", ""))
    except (OSError, Undecodable):
        return ""


def decode_with(decoder: msgspec.json.Decoder[T], content: bytes) -> T:
    """Return as `decode`, with a decoder that is used many times."""
    try:
        return decoder.decode(content)
    except RecursionError:
        raise Undecodable("brackets are nested too deeply") from None
    except ValueError as error:  # of msgspec, whose words for wrong UTF-8 differ by version, or of a check of the type
        try:
            content.decode()
        except UnicodeDecodeError as wrong:
            raise Undecodable(f"not UTF-8 text (byte {wrong.start}: {wrong.reason})") from None
        raise Undecodable(str(error)) from None


def check_shape(data: object, kind: type[T]) -> T:
    """Return decoded JSON as a type; Undecodable if it has another shape."""
    try:
        return msgspec.convert(data, kind)
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


KINDS: Mapping[str, Any] = {
    "text": str,
    "texts": list[str],
    "texts by name": dict[str, str],
    "pairs of texts": list[tuple[str, str]],
    "rows of texts": list[dict[str, str | None]],
    "number": float,
    "numbers by name": dict[str, float],
    "three numbers": tuple[float | None, float | None, float | None],
    "whole number": int,
    "number from zero": Annotated[int, Meta(ge=0)],
    "number above zero": Annotated[int, Meta(gt=0)],
    "flag": bool,
    "kinds of events": list[Literal["moves", "injects", "decisions"]],
}
"""Types of the values of a JSON object, besides objects and lists of objects."""


def shape(node: Any, **checks: Callable[[Any], None]) -> Any:
    """Return the type of a JSON object from its description in a table, for example `shapes.yaml`.

    `checks` are by their names in the table. They raise ValueError for values that do not fit together.
    """
    if isinstance(node, str):
        return KINDS[node]
    if isinstance(node, list):
        return GenericAlias(list, (shape(node[0], **checks),))
    fields = list[tuple[Any, ...]]()
    for names, what in node.items():
        for name in names.split() if names != "check" else ():
            held, key = shape(what, **checks), name.rstrip("?-")
            held = held | None if "?" in name else held
            fields.append((key, held | UnsetType, UNSET) if "-" in name else (key, held))
    methods = {"__post_init__": checks[node["check"]]} if "check" in node else None
    return msgspec.defstruct("Shape", fields, namespace=methods, kw_only=True)


@cache
def shapes(part: str) -> dict[str, Any]:
    """Return the shapes of a part of the table: of `manifest`, or of `commands` by their kinds."""
    return {name: shape(each) for name, each in tables("journal/shapes.yaml")[part].items()}


def check_command_data(kind: str, data: dict[str, Any]) -> None:
    """Raise Undecodable if the data of a command of this kind have another shape."""
    if kind in shapes("commands"):
        check_shape(data, shapes("commands")[kind])
