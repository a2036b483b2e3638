"""Make sample media for pictures of the documentation: a map, a document and a recording, all drawn here.

`python tools/sample_media.py FOLDER` writes `map.png`, `annex.pdf` (needs the extra `pdf`) and `call.wav`.
"""

from __future__ import annotations

import math
import struct
import sys
import zlib
from functools import cache
from pathlib import Path

WIDTH, HEIGHT = 640, 360
RATE = 8_000
"""Samples a second."""
LAND, HILL, WATER, ROAD, TOWN, DAM = (
    (214, 222, 196), (196, 205, 172), (134, 178, 205), (250, 250, 245), (150, 70, 50), (70, 70, 75)
)  # fmt: skip
TEXT = """#set page(width: 105mm, height: 148mm, margin: 12mm)
#set text(font: "Libertinus Serif", size: 10pt)
#align(center)[*EXERCISE*]
= Annex A: levels behind the dam
The level rose by 4.1 m in thirty days. The spillway opens at 312 m.
#table(columns: 2, [Date], [Level], [1 February], [305.2 m], [1 March], [309.3 m])
"""


@cache
def map_png() -> bytes:
    """A map of a river with a lake, a dam, two roads and two towns."""
    rows = b"".join(b"\0" + bytes(part for x in range(WIDTH) for part in _colour(x, y)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _colour(x: int, y: int) -> tuple[int, int, int]:
    river = 190 + 40 * math.sin(x / 90) + 14 * math.sin(x / 31)
    lake = 58 - abs(x - 250) / 2.4 if 130 < x < 372 else 0
    if 372 <= x < 382 and abs(y - river) < 34:
        return DAM
    if any(math.hypot(x - at, y - up) < 13 for at, up in ((520, 110), (110, 300))):
        return TOWN
    if abs(y - river) < max(7, lake):
        return WATER
    if abs(y - (60 + x / 9)) < 2.5 or abs(x - (500 + 60 * math.sin(y / 70))) < 2.5:
        return ROAD
    return HILL if math.sin(x / 70) + math.cos(y / 55 + x / 200) > 0.9 else LAND


def call_wav(seconds: float = 2.0) -> bytes:
    """The ringing of a telephone."""
    samples = bytes(_sample(at / RATE) for at in range(round(RATE * seconds)))
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _sample(t: float) -> int:
    if t % 1 > 0.6:
        return 128
    return round(128 + 45 * math.sin(2 * math.pi * 440 * t) + 45 * math.sin(2 * math.pi * 480 * t))


def annex_pdf() -> bytes:
    """A page with a table."""
    import typst

    return bytes(typst.compile(TEXT.encode()))


def main() -> None:
    """Write the files."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("map.png", map_png()), ("call.wav", call_wav()), ("annex.pdf", annex_pdf())):
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
