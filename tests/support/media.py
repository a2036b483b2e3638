"""Small files to attach to injects, made here: pictures, a document and recordings."""

from __future__ import annotations

import struct
import zlib

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GIF = b"GIF89a" + struct.pack("<HH", 3, 2) + bytes(20)
JPEG = b"\xff\xd8\xff\xe0\x00\x04AB\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 2, 3) + bytes(8)
WEBP = b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\x02\0\0\x01\0\0"
MP3, OGG, MP4, WEBM = (
    b"ID3" + bytes(20),
    b"OggS" + bytes(20),
    b"\0\0\0\x18ftypisom" + bytes(8),
    b"\x1aE\xdf\xa3" + bytes(9),
)


def png(width: int = 4, height: int = 3, colour: tuple[int, int, int] = (90, 120, 160)) -> bytes:
    """A picture of one colour."""
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def wav(seconds: float = 0.1) -> bytes:
    """Silence, 8,000 samples of one byte a second."""
    samples = bytes([128]) * round(8000 * seconds)
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body
