"""Structures in the compact protocol of Thrift, in which the headers of Parquet files are written.

A structure is a dictionary by the numbers of its fields. Whole numbers have 32 bits, those of class `Long` 64.
"""

from typing import Any

TRUE, FALSE, INT, LONG, TEXT, LIST, STRUCT = 1, 2, 5, 6, 8, 9, 12
DEEPEST = 20
"""Structures within structures that are read; those of Parquet are less deep."""


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


def read(data: bytes, at: int, kind: int = STRUCT, depth: int = 0) -> tuple[Any, int]:
    """Return a structure, or a value of another kind, and the place after it; texts are bytes.

    Raises IndexError or ValueError where the data are no such structure.
    """
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
            value, at = read(data, at, kind, depth)
            values.append(value)
        return values, at
    if kind != STRUCT or depth > DEEPEST:
        raise ValueError(f"a header has a field of type {kind}")
    fields, number = dict[int, Any](), 0
    while head := data[at]:
        step, at = (head >> 4, at + 1) if head >> 4 else read(data, at + 1, INT)
        number = number + step if head >> 4 else step
        fields[number], at = read(data, at, head & 15, depth + 1)
    return fields, at + 1
