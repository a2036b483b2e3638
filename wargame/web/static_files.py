"""Static files of the package, each under an address with a hash of its content."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from wargame.seat.messages import message_style

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
"""The types of files that are served, by the end of their names."""
MESSAGE_STYLE = "message.css"
"""The style of messages of the script, which the review and the printed pages use as well."""


@cache
def static_files() -> dict[str, bytes]:
    """Return all static files by name."""
    folder = files("wargame.web") / "static"
    own = {
        each.name: each.read_bytes()
        for each in folder.iterdir()
        if each.is_file() and any(each.name.endswith(end) for end in TYPES)
    }
    return own | {MESSAGE_STYLE: message_style().encode()}


@cache
def static_url(name: str) -> str:
    """Return the address of a static file; it changes with the content, so that browsers may keep it."""
    return f"/static/{name}?v={static_hash(name)}"


@cache
def static_hash(name: str) -> str:
    """Return a hash of the content."""
    return hashlib.sha256(static_files()[name]).hexdigest()[:16]


def content_type(name: str) -> str:
    """Return the type of a static file."""
    return TYPES["." + name.rpartition(".")[2]]
