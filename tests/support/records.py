"""Records for tests, of which only what matters needs to be given."""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin

import msgspec

from wargame.journal.records import Record, kinds, record_of

NOTHING = {str: "", int: 0, float: 0.0, bool: False, tuple: (), dict: {}}
"""Type -> the value of a field that a test does not give."""


def made(*line: Any) -> Record:
    """A record with seq, t, at, kind, who, about, cause and data as its line would have them; the rest is nothing."""
    seq, t, at, kind, who, about, cause, data = line
    own = kinds()[kind].__struct_fields__[6:]
    given = data if kind == "command" else _filled(kinds()[kind], data, own)
    return record_of((seq, t, kind, who, about, cause, given), at)


def changed(record: Record, **data: Any) -> Record:
    """The same record with other data."""
    head = (record.seq, record.t, record.at, record.kind, record.who, record.about, record.cause)
    return made(*head, record.data | data)


def _filled(kind: type[msgspec.Struct], data: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The data with nothing for what is missing, in the order of the fields."""
    filled = dict(data)
    for field in msgspec.structs.fields(kind):
        key = field.encode_name
        if field.name in names and key in filled:
            filled[key] = _structured(field.type, filled[key])
        elif field.name in names and field.required:
            filled[key] = key == "success" or _nothing(field.type)
    return filled


def _structured(of: Any, value: Any) -> Any:
    parts = [each for each in (of, *get_args(of)) if isinstance(each, type) and issubclass(each, msgspec.Struct)]
    if not parts:
        return tuple(value) if get_origin(of) is tuple and isinstance(value, list) else value
    if isinstance(value, dict):
        return msgspec.convert(_filled(parts[0], value, parts[0].__struct_fields__), parts[0])
    return tuple(_structured(parts[0], each) for each in value) if isinstance(value, list | tuple) else value


def _nothing(of: Any) -> Any:
    if get_origin(of) in (Union, types.UnionType):
        return None if type(None) in get_args(of) else _nothing(get_args(of)[0])
    if get_origin(of) is tuple and Ellipsis not in get_args(of):
        return tuple(map(_nothing, get_args(of)))
    return NOTHING[get_origin(of) or of]
