"""Flat tables as Parquet files, written and read with NumPy alone, so that they have the same bytes everywhere.

Columns of few values have a dictionary; nothing is compressed; each page has its checksum. Files of other writers are
read as far as they have pages of the first version, plain or with a dictionary, and are not compressed.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from wargame.dataclasses import dataclass, field

# --- headers: structures in the compact protocol of Thrift ---------------------------------------------------------
# A structure is a dictionary by the numbers of its fields. Whole numbers have 32 bits, those of class `Long` 64.

TRUE, FALSE, INT, LONG, TEXT, LIST, STRUCT = 1, 2, 5, 6, 8, 9, 12
DEEPEST = 20
"""Depth of nested structures that are read; Parquet has fewer."""


class Long(int):
    """A whole number that is written with 64 bits."""


TYPES: dict[type, int] = {int: INT, Long: LONG, str: TEXT, list: LIST, dict: STRUCT}


def varint(number: int) -> bytes:
    """Return a number from 0 on in seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return such a number, and the place after it; IndexError at the end of the data."""
    number = shift = 0
    while data[at] > 0x7F:
        number |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return number | data[at] << shift, at + 1


def written(value: Any) -> bytes:
    """Return a structure as bytes, or one of its fields: a number, a text, a list of one type, a structure."""
    if isinstance(value, int):
        return varint(2 * value if value >= 0 else -2 * value - 1)
    if isinstance(value, str):
        return varint(len(value.encode())) + value.encode()
    if isinstance(value, list):
        kind = TYPES[type(value[0])] if value else INT
        head = bytes([len(value) << 4 | kind]) if len(value) < 15 else bytes([0xF0 | kind]) + varint(len(value))
        return head + b"".join(map(written, value))
    out, last = bytearray(), 0
    for number, each in sorted(value.items()):
        out += bytes([(number - last) << 4 | TYPES[type(each)]]) + written(each)
        last = number
    return bytes(out) + b"\0"


def read_thrift(data: bytes, at: int, kind: int = STRUCT, depth: int = 0) -> tuple[Any, int]:
    """Return a Thrift value and the place after it; texts are bytes. IndexError or ValueError where there is none."""
    if kind in (TRUE, FALSE):
        return kind == TRUE, at
    if kind in (INT, LONG, TEXT):
        number, at = read_varint(data, at)
        return (data[at : at + number], at + number) if kind == TEXT else (number >> 1 ^ -(number & 1), at)
    if kind == LIST:
        size, kind, at = data[at] >> 4, data[at] & 15, at + 1
        if size == 15:
            size, at = read_varint(data, at)
        values: list[Any] = []
        while len(values) < min(size, len(data)):
            value, at = read_thrift(data, at, kind, depth)
            values.append(value)
        return values, at
    if kind != STRUCT or depth > DEEPEST:
        raise ValueError(f"a header has a field of type {kind}")
    fields, number = dict[int, Any](), 0
    while head := data[at]:
        step, at = (head >> 4, at + 1) if head >> 4 else read_thrift(data, at + 1, INT)
        number = number + step if head >> 4 else step
        fields[number], at = read_thrift(data, at, head & 15, depth + 1)
    return fields, at + 1


# --- tables --------------------------------------------------------------------------------------------------------

Values = NDArray[Any]
Schema = dict[str, type]
"""The columns by name, in their order: `float`, `int`, `bool` or `str`."""
MAGIC: Final = b"PAR1"
PHYSICAL: Final[dict[type, int]] = {bool: 0, int: 2, float: 5, str: 6}
KINDS: Final = {number: kind for kind, number in PHYSICAL.items()}
DTYPES: Final[dict[type, Any]] = {bool: np.bool_, int: np.dtype("<i8"), float: np.dtype("<f8"), str: object}
DATA, DICTIONARY = 0, 2
"""Types of pages."""
PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY = 0, 2, 3, 8
"""Encodings."""
UNCOMPRESSED = 0
OPTIONAL = 1
MANY = 1 << 24
"""Rows of a file at most."""


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """Columns of equal length as arrays. An empty cell is NaN in a column of numbers, else None.

    A column of whole numbers with empty cells is an array of decimal numbers, as in pandas.
    """

    schema: Schema
    columns: dict[str, Values]
    metadata: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def rows(self, *names: str) -> list[dict[str, Any]]:
        """Return the rows, of all columns or of these; empty cells are None."""
        names = names or tuple(self.columns)
        lists = (_with_none(self.columns[name]) for name in names)
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]


def _with_none(values: Values) -> list[Any]:
    cells: Values = values.astype(object)
    cells[~present(values)] = None
    return list(cells.tolist())


def present(values: Values) -> NDArray[np.bool_]:
    """Return which cells are not empty."""
    if values.dtype == object:
        return np.fromiter((value is not None for value in values), np.bool_, len(values))
    return ~np.isnan(values) if values.dtype.kind == "f" else np.ones(len(values), np.bool_)


def column(values: Sequence[Any], kind: type) -> Values:
    """Return values as a column; None is an empty cell."""
    if kind is float or (kind is int and None in values):
        return np.array([np.nan if value is None else value for value in values], np.float64)
    return np.array(values, object if kind is bool and None in values else DTYPES[kind])


def concatenated(tables: Sequence[ColumnTable]) -> ColumnTable:
    """Return tables below one another; those that lack a column have empty cells there."""
    schema = {name: kind for table in tables for name, kind in table.schema.items()}
    columns = {
        name: np.concatenate(
            [table.columns[name] if name in table.columns else column([None] * len(table), kind) for table in tables]
        )
        for name, kind in schema.items()
    }
    return ColumnTable(schema, columns)


# --- writing -------------------------------------------------------------------------------------------------------


def encode(table: ColumnTable) -> bytes:
    """Return a table as a Parquet file."""
    out = bytearray(MAGIC)
    chunks = [_chunk(out, name, kind, table.columns[name]) for name, kind in table.schema.items()]
    elements: list[dict[int, Any]] = [{4: "schema", 5: len(table.schema)}]
    for name, kind in table.schema.items():
        text = {6: 0, 10: {1: {}}} if kind is str else {}
        elements.append({1: PHYSICAL[kind], 3: OPTIONAL, 4: name} | text)
    size, rows = Long(len(out) - len(MAGIC)), Long(len(table))
    footer: dict[int, Any] = {1: 2, 2: elements, 3: rows, 4: [{1: chunks, 2: size, 3: rows}] if rows else []}
    footer |= {5: [{1: key, 2: text} for key, text in table.metadata.items()]} if table.metadata else {}
    end = written(footer | {6: "crisis-wargame"})
    return bytes(out) + end + len(end).to_bytes(4, "little") + MAGIC


def _chunk(out: bytearray, name: str, kind: type, values: Values) -> dict[int, Any]:
    """Append the pages of a column, and return where they are."""
    there, start = present(values), len(out)
    kept = values[there].astype(DTYPES[kind])
    levels = _runs(there.astype(np.int64), 1)
    encoding, body, offsets = PLAIN, _plain(kept, kind), {}
    if kind is not bool and (short := _by_dictionary(kept, kind)) and len(short[1]) + len(short[2]) < len(body):
        count, entries, body = short
        offsets, encoding = {11: Long(start)}, RLE_DICTIONARY
        out += _page(DICTIONARY, entries, {7: {1: count, 2: PLAIN}})
    data = Long(len(out))
    out += _page(
        DATA, len(levels).to_bytes(4, "little") + levels + body, {5: {1: len(values), 2: encoding, 3: RLE, 4: RLE}}
    )
    size = Long(len(out) - start)
    about = {1: PHYSICAL[kind], 2: sorted({PLAIN, RLE, encoding}), 3: [name], 4: UNCOMPRESSED, 5: Long(len(values))}
    return {2: Long(0), 3: about | {6: size, 7: size, 9: data} | offsets}


def _page(kind: int, body: bytes, about: dict[int, Any]) -> bytes:
    checksum = crc32(body)
    signed = checksum - (1 << 32) if checksum >> 31 else checksum
    return written({1: kind, 2: len(body), 3: len(body), 4: signed} | about) + body


def _plain(values: Values, kind: type) -> bytes:
    if kind is str:
        texts = [text.encode() for text in values]
        return b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    return (np.packbits(values, bitorder="little") if kind is bool else values).tobytes()


def _by_dictionary(values: Values, kind: type) -> tuple[int, bytes, bytes] | None:
    """Return how many different values there are, these, and the number of each; None if there are too many."""
    if kind is str:
        numbers: dict[str, int] = {}
        each = np.array([numbers.setdefault(text, len(numbers)) for text in values], np.int64)
        entries = np.array(list(numbers), object)
    else:
        entries, each = np.unique(values.view("<i8"), return_inverse=True)
    if not 0 < len(entries) <= len(values) / 2:
        return None
    width = max(1, (len(entries) - 1).bit_length())
    return len(entries), _plain(entries, kind), bytes([width]) + _runs(each, width)


def _runs(numbers: NDArray[np.int64], width: int) -> bytes:
    """Return numbers of `width` bits: once with their count if all are equal, else packed in groups of eight."""
    if len(numbers) and (numbers == numbers[0]).all():
        return varint(len(numbers) << 1) + int(numbers[0]).to_bytes(-(-width // 8), "little")
    padded = np.zeros(-(-len(numbers) // 8) * 8, np.int64)
    padded[: len(numbers)] = numbers
    bits = (padded[:, None] >> np.arange(width)) & 1
    return varint(len(padded) // 8 << 1 | 1) + np.packbits(bits.astype(np.uint8), bitorder="little").tobytes()


# --- reading -------------------------------------------------------------------------------------------------------


def decode(data: bytes, names: Sequence[str] | None = None) -> ColumnTable:
    """Return a file as a table, or some columns of it.

    ValueError if it is damaged, cut short, or has no such column or what is not read here (see the module).
    """
    try:
        return _decode(data, names)
    except (LookupError, TypeError, AttributeError, OverflowError, MemoryError) as error:
        raise ValueError("its headers contradict one another") from error


def _decode(data: bytes, names: Sequence[str] | None) -> ColumnTable:
    if len(data) < 12 or data[:4] != MAGIC or data[-4:] != MAGIC:
        raise ValueError("it has no Parquet magic bytes at both ends")
    footer, _ = read_thrift(data[:-8], len(data) - 8 - int.from_bytes(data[-8:-4], "little"))
    schema = {str(each[4], "utf-8"): _kind(each) for each in footer[2][1:]}
    if missing := sorted(set(names or ()) - set(schema)):
        raise ValueError(f"it has no column {missing[0]}")
    if not 0 <= footer[3] <= MANY:
        raise ValueError("it has too many rows")
    schema = {name: schema[name] for name in names or schema}
    groups = [{str(chunk[3][3][0], "utf-8"): chunk[3] for chunk in group[1]} for group in footer[4]]
    columns = {}
    for name, kind in schema.items():
        pieces = [piece for group in groups for piece in _pages(data, group[name], kind, footer[3])]
        columns[name] = np.concatenate(pieces) if pieces else np.empty(0, DTYPES[kind])
        if len(columns[name]) != footer[3]:
            raise ValueError(f"the column {name} has {len(columns[name])} of {footer[3]} rows")
    return ColumnTable(
        schema, columns, {str(each[1], "utf-8"): str(each.get(2, b""), "utf-8") for each in footer.get(5, ())}
    )


def _kind(element: dict[int, Any]) -> type:
    if element.get(1) not in KINDS or element.get(3) != OPTIONAL:
        raise ValueError(f"the column {element[4].decode(errors='replace')} has a type that batches do not have")
    return KINDS[element[1]]


def _pages(data: bytes, chunk: dict[int, Any], kind: type, rows: int) -> Iterator[Values]:
    """Yield the values of each page of a column."""
    if chunk[1] != PHYSICAL[kind]:
        raise ValueError("a column has two types")
    if chunk[4] != UNCOMPRESSED:
        raise ValueError("a column is compressed")
    at = chunk.get(11) or chunk[9]
    end = at + chunk[7]
    entries = np.empty(0, DTYPES[kind])
    while at < end:
        header, at = read_thrift(data, at)
        body = data[at : at + header[3]]
        at += header[3]
        if header[3] < 0 or len(body) != header[3] or crc32(body) != header.get(4, crc32(body)) & 0xFFFFFFFF:
            raise ValueError("the checksum of a page does not match")
        about = header[7 if header[1] == DICTIONARY else 5]
        if len(body) != header[2] or not 0 <= about[1] <= rows:
            raise ValueError("the header of a page does not match")
        if header[1] == DICTIONARY:
            entries = _values(body, kind, about[1])
        else:
            yield _page_values(body, kind, about, entries)


def _page_values(body: bytes, kind: type, about: dict[int, Any], entries: Values) -> Values:
    start = 4 + int.from_bytes(body[:4], "little")
    there = _numbers(body[4:start], 1, about[1]).astype(np.bool_)
    count = int(there.sum())
    if about[2] == PLAIN:
        kept = _values(body[start:], kind, count)
    elif about[2] in (PLAIN_DICTIONARY, RLE_DICTIONARY):
        kept = entries[_numbers(body[start + 1 :], body[start], count)] if count else entries[:0]
    else:
        raise ValueError(f"a page has the encoding {about[2]}")
    if count == len(there):
        return kept
    values = np.full(len(there), None if kind in (str, bool) else np.nan, object if kind in (str, bool) else np.float64)
    values[there] = kept
    return values


def _values(data: bytes, kind: type, count: int) -> Values:
    """Return plain values; ValueError if there are fewer."""
    if kind is bool:
        return np.unpackbits(np.frombuffer(data, np.uint8), count=count, bitorder="little").astype(np.bool_)
    if kind is not str:
        return np.frombuffer(data, DTYPES[kind], count)
    texts, at = np.empty(count, object), 0
    for number in range(count):
        start = at + 4
        at = start + int.from_bytes(data[start - 4 : start], "little")
        texts[number] = str(data[start:at], "utf-8")
    if at > len(data):
        raise ValueError("a page is cut short")
    return texts


def _numbers(data: bytes, width: int, count: int) -> NDArray[np.int64]:
    """Return numbers of `width` bits, see `_runs`."""
    pieces, at, have = [np.empty(0, np.int64)], 0, 0
    while have < count:
        head, at = read_varint(data, at)
        if head & 1:
            size = (head >> 1) * width
            bits = np.unpackbits(np.frombuffer(data[at : at + size], np.uint8), bitorder="little")
            piece = (bits.reshape(-1, width).astype(np.int64) << np.arange(width)).sum(axis=1)[: count - have]
        else:
            size = -(-width // 8)
            piece = np.full(min(head >> 1, count - have), int.from_bytes(data[at : at + size], "little"))
        if not len(piece):
            raise ValueError("a page is cut short")
        pieces.append(piece)
        at, have = at + size, have + len(piece)
    return np.concatenate(pieces)
