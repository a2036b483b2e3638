"""Blocks as one HTML file without scripts. Pictures are embedded; nothing is loaded."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from wargame.language.plain_text import clean
from wargame.review.document.blocks import MARKING, Figures, Grid, Heading, Picture, title_of
from wargame.review.document.template import asset, policy, template

SHORT = 40
HEADS = "th { white-space: normal; }\n"
"""Heads of columns may be long titles here."""
_NUMBER = re.compile(r"[-+\d].*\)( \*)?|\d{1,2} [A-Z][a-z]{2} \d{4}")


def blockpage(blocks: Sequence[Any]) -> bytes:
    """The document as a page."""
    style = asset("style.css") + HEADS
    heads = [block for block in blocks if isinstance(block, Heading) and block.level == 2]
    page = template("blocks.html.j2").render(
        title=title_of(blocks),
        style=Markup(style),  # noqa: S704 - our own file, checked by the hash in the policy
        policy=policy(style, pictures=True),
        marking=MARKING,
        contents=[(f"part-{place}", head.text) for place, head in enumerate(heads, 1)],
        blocks=[(type(block).__name__, _drawn(block)) for block in blocks],
    )
    return bytes(page.encode())


def _drawn(block: object) -> object:
    if isinstance(block, Grid):
        return replace(block, rows=tuple(tuple(map(_unwrapped, row)) for row in block.rows))
    if isinstance(block, Figures):
        return [_drawn(picture) for picture in block.pictures]
    if not isinstance(block, Picture):
        return block
    from wargame.review.document.drawing import svg

    source = "data:image/svg+xml;base64," + base64.b64encode(svg(block.chart).encode()).decode()
    return SimpleNamespace(title=block.title, description=block.description, source=Markup(source))  # noqa: S704 - base64


def _unwrapped(cell: str) -> str:
    """A cell that must not be wrapped if it is an estimate with its interval, or a date."""
    if len(cell) < SHORT and _NUMBER.fullmatch(cell):
        return Markup('<span class="nw">{}</span>').format(clean(cell))
    return cell
