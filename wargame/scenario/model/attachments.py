"""Files that are sent with an inject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AttachedContent:
    """What is known of the bytes of an attachment.

    `kind` is `picture`, `document`, `recording` or `video`; `media_type` is as browsers name it, such as `image/png`;
    `size` is in bytes; `width` and `height` are those of a picture in pixels.
    """

    kind: str
    media_type: str
    size: int
    sha256: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture, PDF, recording or video that is sent with an inject: `map.png`, or a mapping with its title."""

    SHORT: ClassVar[str] = "file"
    COMPUTED: ClassVar[tuple[str, ...]] = ("content",)
    """Fields that are not written in files."""
    file: str
    """The path of the file, relative to the inject file, in its folder or below it."""
    title: str = ""
    """Shown with the attachment; its file name if left out."""
    description: str = ""
    """What is to be seen or heard, for those who cannot see or hear it."""
    content: AttachedContent | None = None
