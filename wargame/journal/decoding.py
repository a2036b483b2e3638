"""Decoding the JSON of files that may be damaged: whatever is wrong with the bytes is one error.

The shapes of settings and commands list only keys that are read, and none is required that an earlier version did not
write. Other keys may have any value.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from types import GenericAlias
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

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
    except RecursionError:
        raise Undecodable("brackets are nested too deeply") from None
    except ValueError as error:  # of msgspec, whose words for wrong UTF-8 differ by version, or of a check of the type
        try:
            content.decode()
        except UnicodeDecodeError as wrong:
            raise Undecodable(f"not UTF-8 text (byte {wrong.start}: {wrong.reason})") from None
        raise Undecodable(str(error)) from None


def check_shape(data: object, kind: type[T]) -> T:
    """Decoded JSON as a type; raises Undecodable if it has another shape."""
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


def shape(keys: Mapping[str, Any], *bases: type[Any], check: Callable[[Any], None] | None = None) -> type[Any]:
    """Return the type of JSON objects with the keys of `bases` and these: names, with blanks between them, and a type.

    Other keys may have any value. A key may be missing if its type includes `UnsetType`. `check` raises ValueError for
    values that do not fit together.
    """
    kinds = [(name, kind) for names, kind in keys.items() for name in names.split()]
    fields: list[Any] = [each for each in kinds if UnsetType not in get_args(each[1])]
    fields += [(name, kind, UNSET) for name, kind in kinds if UnsetType in get_args(kind)]
    checks = {"__post_init__": check} if check else None
    return msgspec.defstruct("Shape", fields, bases=bases or None, namespace=checks, kw_only=True)


def rows(row: type[Any]) -> Any:
    """Return the type of a list of objects of this shape."""
    return GenericAlias(list, (row,))


Text = str | UnsetType | None
Flag = bool | UnsetType
Texts = list[str] | UnsetType
SETTINGS = shape(
    {
        "startex until": Text,
        "replication": int | UnsetType,
        "set forbid force skip": Texts,
        "seats limits strategies leaders": list[tuple[str, str]] | UnsetType,
        "turn": list[dict[str, str | None]] | UnsetType,
        "journal": str | UnsetType,
    }
)
"""The settings of a run, as its manifest has them."""
COMMAND_SHAPES = {
    "advance": shape({"to": int, "when": Text, "news due injects questions tick part": Flag, "turns": Texts}),
    "pace": shape({"pace": str | UnsetType, "moves": Flag, "wall": Annotated[int, Meta(gt=0)] | UnsetType}),
    "stop": shape({"at": list[Literal["moves", "injects", "decisions"]]}),
    "stopped": shape({"move": int}),
    "timer": shape({"seconds": Annotated[int, Meta(ge=0)], "label": Text}),
    **dict.fromkeys(("rewind", "switch", "branch"), shape({"from": str, "at": int | UnsetType})),
}
"""The shape of each kind of command that the console carries out itself: the exercise checks the others."""


def check_command_data(kind: str, data: dict[str, Any]) -> None:
    """Raise Undecodable if the data of a command of this kind have another shape."""
    if kind in COMMAND_SHAPES:
        check_shape(data, COMMAND_SHAPES[kind])
