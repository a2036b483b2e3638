"""Attachments of injects: their types, recognised by content, where their bytes come from, and what is wrong."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, ScalarNode

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Problem, listed, shortened
from wargame.scenario.building.yaml_nodes import elements, fault, text, value_of

if TYPE_CHECKING:
    from wargame.scenario.model import Inject
    from wargame.scenario.model.injects import AttachedContent, Attachment

MEGABYTE = 1_000_000
MOST = {"picture": 5 * MEGABYTE, "document": 10 * MEGABYTE, "recording": 10 * MEGABYTE, "video": 20 * MEGABYTE}
"""Bytes at most of an attachment of each kind, so that thirty phones can load it."""
MOST_TOGETHER = 100 * MEGABYTE
"""Bytes at most of all attachments of an exercise: each run keeps a copy."""
MOST_PIXELS = 50_000_000
"""Pixels at most of a picture: browsers and word processors hold all of them in memory."""


class NotAttachable(Exception):
    """A file cannot be attached: why, and what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


Size = Callable[[bytes], tuple[int, int]]
"""Width and height in pixels; raises ValueError, struct.error or IndexError if the picture is damaged."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of files: how its content begins, and the ends of names that fit. `size` is for pictures."""

    kind: str
    media_type: str
    suffixes: tuple[str, ...]
    begins: Callable[[bytes], bool]
    size: Size | None = None

    @property
    def name(self) -> str:
        """Its name in messages, such as `PNG`."""
        return self.suffixes[0][1:].upper()


def content_of(name: str, data: bytes) -> AttachedContent:
    """Return what an attachment contains; NotAttachable if it cannot be attached under this name."""
    return _content(PurePosixPath(name).suffix.lower(), data)


@lru_cache(maxsize=512)
def _content(suffix: str, data: bytes) -> AttachedContent:
    from wargame.scenario.model.injects import AttachedContent  # lists of files do without the model

    named = next((each for each in TYPES if suffix in each.suffixes), None)
    if named is None:
        raise _not_possible(suffix)
    if not data:
        raise NotAttachable("the file is empty")
    found = next((each for each in TYPES if each.begins(data[:64])), None)
    if found is None:
        raise NotAttachable(f"the file is not a {named.name}: its content is of another type")
    if suffix not in found.suffixes:
        raise NotAttachable(f"the file is not a {named.name} but a {found.name}", "rename it, or convert it")
    if len(data) > MOST[found.kind]:
        size, most = len(data) / MEGABYTE, MOST[found.kind] // MEGABYTE
        raise NotAttachable(f"the file has {size:,.1f} MB, a {found.kind} at most {most} MB", "make it smaller")
    width, height = _size(found, data)
    return AttachedContent(found.kind, found.media_type, len(data), sha256(data).hexdigest(), width, height)


def _not_possible(suffix: str) -> NotAttachable:
    if suffix in (".svg", ".svgz", ".htm", ".html"):
        return NotAttachable(f"a file of the type {suffix} can contain programs", "save it as PNG or PDF")
    names = ", ".join(each.name for each in TYPES)
    what = f"a file of the type {shortened(suffix, 20)}" if suffix else "a file without a type in its name"
    return NotAttachable(f"{what} cannot be attached", f"possible: {names}")


def _size(found: MediaType, data: bytes) -> tuple[int, int]:
    if found.size is None:
        return 0, 0
    try:
        width, height = found.size(data)
    except (ValueError, struct.error, IndexError):
        width = height = 0
    if not (width and height):
        raise NotAttachable(f"the {found.name} is damaged: its width and height cannot be read")
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise NotAttachable(f"the picture has {width:,} × {height:,} pixels", f"at most {most} million")
    return width, height


def _png(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        raise ValueError
    return struct.unpack(">II", data[16:24])


def _jpeg(data: bytes) -> tuple[int, int]:
    """Read the frame header, which comes after segments of other kinds."""
    at = 2
    while data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
    raise ValueError


def _webp(data: bytes) -> tuple[int, int]:
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _starts(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _mp3(head: bytes) -> bool:
    """Read a tag, or a frame of MPEG audio layer III."""
    return head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2)


def _mp4(head: bytes, *, audio: bool) -> bool:
    return head[4:8] == b"ftyp" and (head[8:12] in (b"M4A ", b"M4B ")) == audio


TYPES = (
    MediaType("picture", "image/png", (".png",), _starts(b"\x89PNG\r\n\x1a\n"), _png),
    MediaType("picture", "image/jpeg", (".jpg", ".jpeg"), _starts(b"\xff\xd8\xff"), _jpeg),
    MediaType(
        "picture", "image/gif", (".gif",), _starts(b"GIF87a", b"GIF89a"), lambda data: struct.unpack("<HH", data[6:10])
    ),
    MediaType("picture", "image/webp", (".webp",), _riff(b"WEBP"), _webp),
    MediaType("document", "application/pdf", (".pdf",), _starts(b"%PDF-")),
    MediaType("recording", "audio/wav", (".wav",), _riff(b"WAVE")),
    MediaType("recording", "audio/mpeg", (".mp3",), _mp3),
    MediaType("recording", "audio/ogg", (".ogg", ".oga", ".opus"), _starts(b"OggS")),
    MediaType("recording", "audio/mp4", (".m4a",), lambda head: _mp4(head, audio=True)),
    MediaType("video", "video/mp4", (".mp4", ".m4v"), lambda head: _mp4(head, audio=False)),
    MediaType("video", "video/webm", (".webm",), _starts(b"\x1aE\xdf\xa3")),
)
SUFFIXES = frozenset(suffix for each in TYPES for suffix in each.suffixes)


def is_attachment(name: str) -> bool:
    """Return whether an input of a run is an attachment, and not a file of the scenario."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


Find = Callable[[str, str], bytes]
"""The bytes of a file, by the label of the inject file and the path in it; NotAttachable if there are none."""


@dataclass(slots=True)
class Attachments:
    """Gives the attachments of a scenario their content, and adds to `problems` those that cannot be attached."""

    find: Find
    problems: list[Problem]
    _sizes: dict[tuple[str, str], int] = field(default_factory=dict)

    def attach(self, label: str, injects: Sequence[Inject], nodes: Mapping[str, Node]) -> tuple[Inject, ...]:
        """Return the injects of a file with the content of their attachments; what cannot be attached is left out."""
        return tuple(
            replace(each, attachments=tuple(self._attached(label, each, nodes[each.id]))) if each.attachments else each
            for each in injects
        )

    def _attached(self, label: str, inject: Inject, item: Node) -> Iterator[Attachment]:
        nodes = elements(item, "attachments")
        paths = (value_of(node, "file") if isinstance(node, MappingNode) else node for node in nodes)
        places = {text(path): path for path in paths if isinstance(path, ScalarNode)}
        seen: set[str] = set()
        for each in inject.attachments:
            place, name = places.get(each.file, item), shortened(each.file)
            if each.file in seen:
                self.problems.append(fault(place, f"'{name}' is attached twice"))
                continue
            seen.add(each.file)
            try:
                yield replace(each, content=self._content(label, each.file))
            except NotAttachable as error:
                self.problems.append(fault(place, f"attachment '{name}': {error}", error.remedy))

    def _content(self, label: str, file: str) -> AttachedContent:
        path = PurePosixPath(file)
        if not path.parts:
            raise NotAttachable("no file is named", "write it as media/map.png")
        if not file.isprintable() or "\\" in file or path.is_absolute() or ":" in path.parts[0]:
            raise NotAttachable("the path is not relative to the inject file", "write it as media/map.png")
        if any(part.startswith(".") for part in path.parts):
            raise NotAttachable("the file is outside the folder of the inject file, or hidden", "move it there")
        if not is_attachment(file):
            return content_of(file, b"")  # refuses it by its name, before it is read
        content = content_of(file, self.find(label, file))
        self._sizes[label, file] = content.size
        if sum(self._sizes.values()) > MOST_TOGETHER:
            raise NotAttachable(f"all attachments together have more than {MOST_TOGETHER // MEGABYTE} MB")
        return content


def frozen(files: Mapping[str, bytes]) -> Find:
    """Find attachments among the inputs of a run: an inject that is added during play may attach any of them."""

    def find(label: str, file: str) -> bytes:
        if label in files:
            name = (PurePosixPath(label).parent / file).as_posix()
        else:
            same = [name for name in sorted(files) if f"/{name}".endswith(f"/{file}")]
            name = same[0] if same else ""
        if name in files:
            return files[name]
        known = listed({PurePosixPath(name).name for name in files if is_attachment(name)})
        raise NotAttachable("it is not among the inputs of the run", f"attachments there: {known or 'none'}")

    return find
