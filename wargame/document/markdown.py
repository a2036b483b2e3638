"""Blocks as Markdown. Text of scenarios and players is escaped, so that none of it is read as markup."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from wargame.document.blocks import MARKING, written
from wargame.journal.template_cache import environment
from wargame.language.plain_text import clean

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_START = re.compile(r"^(\s*)([#+\-=]|\d+[.)])")


def markdown(blocks: Sequence[object]) -> bytes:
    """Return the document, with the marking first and last."""
    return f"**{MARKING}**\n\n{text(blocks)}\n**{MARKING}**\n".encode()


def text(blocks: Iterable[object]) -> str:
    """Return blocks as part of a page."""
    return "\n\n".join(filter(None, (written(_macros(), block).strip("\n") for block in blocks))) + "\n"


def plain(text: str, *, start: bool = False) -> str:
    """Return text on one line, with markup of Markdown and HTML escaped; `start` if it begins a line."""
    line = _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()).replace("&", "&amp;"))
    return _LINE_START.sub(r"\1\\\2", line) if start else line


@cache
def _macros() -> Any:
    templates = environment("wargame.document", "assets", autoescape=False)
    templates.filters["plain"], templates.filters["clean"] = plain, clean
    return templates.get_template("blocks.md.j2").module
