"""Blocks as Markdown. Text of scenarios and players is escaped, so that none of it is read as markup."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from wargame.document import blocks as kinds
from wargame.document.blocks import MARKING, Forest
from wargame.language.plain_text import clean

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
HARD_BREAK = "\\\n"
_LINE_START = re.compile(r"^(\s*)([#+\-=]|\d+[.)])")


def markdown(blocks: Sequence[object]) -> bytes:
    """Return the document, with the marking first and last."""
    return f"**{MARKING}**\n\n{text(blocks)}\n**{MARKING}**\n".encode()


def text(blocks: Iterable[object]) -> str:
    """Return blocks as part of a page."""
    return "\n\n".join(filter(None, (kinds.writer(_WRITERS, block)(block) for block in blocks))) + "\n"


def plain(text: str, *, start: bool = False) -> str:
    """Return text on one line, with markup of Markdown and HTML escaped; `start` if it begins a line."""
    line = _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()).replace("&", "&amp;"))
    return _LINE_START.sub(r"\1\\\2", line) if start else line


def _paragraph(block: kinds.Paragraph) -> str:
    if block.lead:
        return f"**{plain(block.text)}**"
    return f"*{plain(block.text)}*" if block.quiet and block.text else plain(block.text, start=True)


def _bullets(block: kinds.Bullets) -> str:
    return "\n".join(f"{f'{n}.' if block.numbered else '-'} {plain(item)}" for n, item in enumerate(block.items, 1))


def _chains(block: kinds.Chains) -> str:
    lines = []
    for place, chain in enumerate(block.items, 1):
        story = f"{HARD_BREAK}   {plain(chain.story)}" if chain.story else ""
        lines.append(f"{place}. **{plain(chain.heading)}**{story}")
    return "\n".join(lines)


def _grid(block: kinds.Grid) -> str:
    if not block.rows:
        return f"*{plain(block.caption)}: none.*"
    lines = [[plain(cell) for cell in row] for row in (block.heads, *block.rows)]
    lines = [
        line if len(line) == len(block.heads) else [f"**{line[0]}**", *[""] * (len(block.heads) - 1)] for line in lines
    ]
    table = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([f"*{plain(block.caption)}*", "", table[0], "|" + " --- |" * len(block.heads), *table[1:]])


def _code(block: kinds.Code) -> str:
    lines = (clean(line).replace("```", "") for line in block.text.splitlines())
    return "\n".join(["```python" if block.python else "```sh", *lines, "```"])


def _figures(block: kinds.Figures) -> str:
    titles = "; ".join(plain(picture.title) for picture in block.pictures)
    return f"*Figures in the other formats: {titles}.*"


_WRITERS: dict[type, Callable[[Any], str]] = {
    kinds.Heading: lambda block: f"{'#' * block.level} {plain(block.text)}",
    kinds.Paragraph: _paragraph,
    kinds.Bullets: _bullets,
    kinds.Chains: _chains,
    kinds.Grid: _grid,
    kinds.Code: _code,
    Forest: lambda block: _grid(block.grid()),
    kinds.Picture: lambda _: "",  # its data are in the tables
    kinds.Figures: _figures,
    kinds.Photo: lambda block: f"*Picture in the other formats: {plain(block.caption)}*",
    kinds.Fields: lambda block: "\n".join(f"- **{plain(name)}**: {plain(text)}" for name, text in block.parts if text),
    kinds.Break: lambda _: "",
}
"""How each kind of block is written."""
