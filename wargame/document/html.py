"""Blocks as one HTML file without scripts. Pictures are embedded; nothing is loaded."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from wargame.document.blocks import MARKING, Figures, Grid, Heading, Picture, title_of
from wargame.document.forest import Forest, ForestLine
from wargame.document.template import asset, policy, template
from wargame.language.plain_text import clean

SHORT = 40
HEADS = "th { white-space: normal; }\n"
"""Heads of columns may be long titles here."""
_NUMBER = re.compile(r"[-+\d].*\)( \*)?|\d{1,2} [A-Z][a-z]{2} \d{4}")


def blockpage(blocks: Sequence[Any]) -> bytes:
    """The document as a page."""
    style = asset("style.css") + asset("forest.css") + HEADS
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


LEFT, WIDTH, MIDDLE = 12.0, 234.0, 12.0
"""Where the axis of a forest begins in its drawing, how long it is, and its height, in pixels."""
PAGE_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
DARK = {
    "white": "#161d24",
    "#ffffff": "#161d24",
    "#000": "#e4eaf0",
    "#000000": "#e4eaf0",
    "#d5dbe1": "#33404c",
    "#e6eaee": "#2b3640",
    "#ddd": "#2b3640",
    "#888": "#7b8894",
    "#4b5966": "#a5b1bc",
    "#0072B2": "#56a8e0",
    "#D55E00": "#ff8a4c",
    "#009E73": "#2fc79a",
    "#CC79A7": "#e59ac2",
    "#E69F00": "#f2b234",
    "#56B4E9": "#8fd0f7",
    "#8C7B00": "#cdb92f",
}
"""Colours of figures in dark mode, as in the style of the page."""


def figure(chart: object) -> str:
    """A chart as SVG with the fonts of the page, and its colours in dark mode."""
    from wargame.document.drawing import FONT, svg

    rules = "".join(
        f'[{name}="{light}"]{{{name}:{dark}}}' for light, dark in DARK.items() for name in ("fill", "stroke")
    )
    style = f"<style>@media (prefers-color-scheme: dark){{text{{fill:#e4eaf0}}{rules}}}</style>"
    start, tag, rest = svg(chart).replace(FONT, PAGE_FONT).partition(">")
    return start + tag + style + rest


def _forest(block: Forest) -> SimpleNamespace:
    """A forest with the coordinates of its drawings."""
    groups = [
        SimpleNamespace(
            title=group.title,
            ticks=list(zip((_x(0.0), _x(0.5), _x(1.0)), ("start", "middle", "end"), group.ticks, strict=True)),
            reference=None if group.reference is None else _x(group.reference),
            lines=[_line(line) for line in group.lines],
        )
        for group in block.groups
    ]
    return SimpleNamespace(caption=block.caption, heads=block.heads, plot=block.plot, groups=groups, middle=MIDDLE)


def _line(line: ForestLine) -> SimpleNamespace:
    span = (
        None
        if line.span is None
        else SimpleNamespace(low=_x(line.span.low), value=_x(line.span.value), high=_x(line.span.high))
    )
    return SimpleNamespace(cells=tuple(map(_unwrapped, line.cells)), span=span, sure=line.sure)


def _x(place: float) -> float:
    return round(LEFT + WIDTH * place, 1)


def _drawn(block: object) -> object:
    if isinstance(block, Grid):
        return replace(block, rows=tuple(tuple(map(_unwrapped, row)) for row in block.rows))
    if isinstance(block, Forest):
        return _forest(block)
    if isinstance(block, Figures):
        return [_drawn(picture) for picture in block.pictures]
    if not isinstance(block, Picture):
        return block
    source = "data:image/svg+xml;base64," + base64.b64encode(figure(block.chart).encode()).decode()
    return SimpleNamespace(title=block.title, description=block.description, source=Markup(source))  # noqa: S704 - base64


def _unwrapped(cell: str) -> str:
    """A cell that must not be wrapped if it is an estimate with its interval, or a date."""
    if len(cell) < SHORT and _NUMBER.fullmatch(cell):
        return Markup('<span class="nw">{}</span>').format(clean(cell))
    return cell
