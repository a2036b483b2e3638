"""Records as lines of a journal, and from the tuples of a run.

A line has what all records have in common and, as the object `data`, the fields of its kind. So each kind has a second
class, made from the first, for its data alone; msgspec encodes and decodes both.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import astuple

from wargame.errors import shortened
from wargame.journal.decoding import Undecodable, check_moment, decode_with
from wargame.journal.records.record import RawRecord, Record, encoder
from wargame.journal.records.run import CommandRecord

LEFT_OUT = {"decisions": frozenset({"signal", "snapshot"})}
"""Kinds that a level of the journal leaves out. The level `full` keeps all kinds, `none` has no journal."""
_HEAD = len(Record.__struct_fields__)


class _Line(msgspec.Struct, frozen=True, gc=False):
    """A line of a journal, in the order of its keys."""

    seq: int
    t: int
    at: str
    kind: str
    who: str
    about: str
    cause: tuple[int, ...]
    data: Any


class _ReadLine(_Line, frozen=True):
    """A line whose data are still text, since its kind decides what they are."""

    data: msgspec.Raw


class _Form(NamedTuple):
    """The encoding and decoding of the data of a kind. The class `data` has the data alone, in the order of its fields.

    `names` has the keys that differ from their fields.
    """

    kind: type[Record]
    data: Callable[..., Any]
    decoder: msgspec.json.Decoder[Any]
    names: dict[str, str]


@cache
def kinds() -> dict[str, type[Record]]:
    """Return every kind of record that a run writes, with its class."""
    return {each.kind: each for each in Record.__subclasses__()}


class _Forms(dict[str, _Form]):
    """The form of each kind, made when it is first needed; a lookup is faster than a call for each record."""

    def __missing__(self, kind: str) -> _Form:
        self[kind] = _form(kinds()[kind])
        return self[kind]


_FORMS = _Forms()


def _form(kind: type[Record]) -> _Form:
    if kind is CommandRecord:
        return _Form(kind, lambda data: data, msgspec.json.Decoder(dict), {})
    own = msgspec.structs.fields(kind)[_HEAD:]
    fields = [(each.encode_name, each.type, _default(each)) for each in own]
    data = msgspec.defstruct(kind.__name__, fields, frozen=True, omit_defaults=True, gc=False)
    differing = {each.encode_name: each.name for each in own if each.encode_name != each.name}
    return _Form(kind, data, msgspec.json.Decoder(data), differing)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory)
    return msgspec.field(default=field.default)


class Stamps:
    """Makes records of tuples: adds dates, of which it keeps the last one, since many records share an instant.

    `iso` returns the ISO time with offset of a second after the start.
    """

    def __init__(self, iso: Callable[[int], str]) -> None:
        self._iso = iso
        self._t = -1
        self._text = ""

    def text(self, t: int) -> str:
        """Return the ISO time with offset of `t` seconds after the start."""
        if t != self._t:
            self._t, self._text = t, self._iso(t)
        return self._text

    def records(self, raw: Iterable[RawRecord]) -> list[Record]:
        """Return raw records with their dates."""
        text = self.text
        return [record_of(each, text(each[1])) for each in raw]


def record_of(raw: RawRecord, at: str) -> Record:
    """Return a record of a run with its date; raises TypeError if its kind has other fields."""
    seq, t, kind, who, about, cause, data = raw
    if kind == "command":
        return CommandRecord(seq, t, at, who, about, cause, data)
    form = _FORMS[kind]
    if form.names:
        data = {form.names.get(key, key): value for key, value in data.items()}
    return form.kind(seq, t, at, who, about, cause, **data)


def at_level(records: list[Record], level: str) -> list[Record]:
    """Return the records that a journal of this level contains."""
    if level == "full":
        return records
    left_out = LEFT_OUT.get(level)
    return [] if left_out is None else [record for record in records if record.kind not in left_out]


_decoder = msgspec.json.Decoder(_ReadLine)


def encode_lines(records: list[Record]) -> bytes:
    """Return records as JSON lines, each with its newline."""
    lines = []
    for each in records:
        kind, values = each.kind, astuple(each)
        seq, t, at, who, about, cause = values[:_HEAD]
        lines.append(_Line(seq, t, at, kind, who, about, cause, _FORMS[kind].data(*values[_HEAD:])))
    return encoder.encode_lines(lines)


def decode_line(line: bytes) -> Record:
    """Return the record on one line; Undecodable if it is none. Causes are earlier records, so that chains end."""
    read = decode_with(_decoder, line)
    kind = kinds().get(read.kind)
    if kind is None:
        raise Undecodable(f"there is no kind of record '{shortened(read.kind)}'")
    if read.seq < 0 or read.t < 0:
        raise Undecodable("its number and its time are 0 or more")
    if any(not 0 <= cause < read.seq for cause in read.cause):
        raise Undecodable("its causes are not earlier records")
    check_moment(read.at)
    form = _FORMS[read.kind]
    data = decode_with(form.decoder, bytes(read.data))
    own = (data,) if kind is CommandRecord else astuple(data)
    return kind(read.seq, read.t, read.at, read.who, read.about, read.cause, *own)
