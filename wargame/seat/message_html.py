"""Messages as HTML, in templates that look like an e-mail, a news page, a post, a cable or a telephone slip.

The browser, the printed packs and the review show the same templates with `message.css`. All text is escaped; the
HTML has no style, no script and no address other than those that `Showing.source` gives.
"""

from __future__ import annotations

import base64
import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from wargame.language import markdown

if TYPE_CHECKING:
    from wargame.journal.records.script import AttachedFile
    from wargame.seat.messages import Message

Source = Callable[["AttachedFile"], str]
"""The address of an attachment, or a `data:` URL; empty if it is only named."""
HUES = 6
"""Colours of the circles with the initials of a sender."""


def nowhere(attached: AttachedFile) -> str:
    """No attachment has an address: they are only named."""
    del attached
    return ""


@dataclass(frozen=True, slots=True)
class Showing:
    """How a message is shown.

    `live` has players for recordings, and links to the files; `to_fill_in` adds the questions as a form on paper.
    """

    source: Source = nowhere
    live: bool = False
    to_fill_in: bool = False


def message_html(message: Message, how: Showing) -> str:
    """Return a message in the template of its channel."""
    return str(_template().render(message=message, how=how)).strip()


def message_style() -> str:
    """Return the style sheet of the templates. Colours are variables, which a page may set."""
    return (resources.files("wargame.seat") / "templates" / "message.css").read_text(encoding="utf-8")


def embedded(contents: Mapping[str, bytes]) -> Source:
    """Pictures as `data:` URLs, from the bytes of attachments by their SHA-256; the others are only named."""

    def source(attached: AttachedFile) -> str:
        data = contents.get(attached.sha256) if attached.kind == "picture" else None
        if data is None:
            return ""
        return f"data:{attached.media_type};base64,{base64.b64encode(data).decode()}"

    return source


@cache
def _template() -> Any:
    from markupsafe import Markup

    from wargame.journal.template_cache import environment

    templates = environment("wargame.seat", "templates")
    templates.filters |= {
        "markdown": lambda text: Markup(markdown.html(text)),  # noqa: S704 - escaped by it, as its tests prove
        "hue": lambda sender: zlib.crc32(sender.encode()) % HUES,
        "initials": _initials,
        "handle": _handle,
        "size": _size,
    }
    return templates.get_template("message.html")


def _initials(sender: str) -> str:
    words = re.findall(r"\w+", sender)
    return "".join(word[0] for word in words[:2]).upper() or "?"


def _handle(sender: str) -> str:
    """Return a name as social media have it: `@global_wire`."""
    plain = unicodedata.normalize("NFKC", sender).lower()
    return "@" + ("_".join(re.findall(r"\w+", plain))[:30] or "unknown")


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} KB"
