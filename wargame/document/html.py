"""Blocks as one HTML file with a strict content security policy. Everything is embedded and escaped; nothing is loaded.

`blockpage` writes a page without scripts. `review_page` writes one with a menu of sections and interactive islands,
whose markup is in `islands.html.j2`.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from wargame.dataclasses import dataclass
from wargame.document import palette
from wargame.document.blocks import MARKING, Heading, Picture, title_of
from wargame.document.formatting import Piece, Rich, StackedBar, minus
from wargame.journal.template_cache import environment
from wargame.language.plain_text import clean, clean_lines
from wargame.tables import tables

SCRIPTS = ("data.js", "timeline.js", "detail.js", "seats.js", "figures.js", "map.js", "lists.js")
HEADS = "th { white-space: normal; }\n"
"""Heads of columns may be long titles on pages without islands."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """A section of a page with an entry in its menu."""

    name: str
    title: str
    blocks: tuple[Any, ...]


def blockpage(blocks: Sequence[Any]) -> bytes:
    """Write the document as a page without scripts."""
    style = _style("forest.css") + HEADS
    heads = [block for block in blocks if isinstance(block, Heading) and block.level == 2]
    return _written(
        "sheet.html.j2",
        style,
        policy=policy(style, pictures=True),
        title=title_of(blocks),
        contents=[(f"part-{place}", head.text) for place, head in enumerate(heads, 1)],
        blocks=blocks,
    )


def review_page(title: str, head: Sequence[Any], parts: Sequence[PagePart], packed: str, style: str = "") -> bytes:
    """Write a page with a menu of its parts and the data `packed` (base64) that its islands read.

    `title` is that of the window, `head` is above the first part. `style` is added to that of the page, which then may
    contain pictures.
    """
    whole, script = _style() + style, "\n".join(map(asset, SCRIPTS))
    return _written(
        "review.html.j2",
        whole,
        policy=policy(whole, script, pictures=bool(style)),
        title=title,
        head=head,
        parts=parts,
        packed=Markup(packed),  # noqa: S704 - base64
        script=Markup(script),  # noqa: S704 - our own files, checked by the hash in the policy
    )


def _written(name: str, style: str, **content: Any) -> bytes:
    page = _templates().get_template(name)
    return bytes(page.render(style=Markup(style), marking=MARKING, **content).encode())  # noqa: S704 - our own files


def drawn_map(plan: object, actions: Sequence[object] = ()) -> Markup:
    """Return the map of a scenario with actions on it, as HTML for pages with the style `map.css`."""
    return Markup(_templates().get_template("map.html.j2").render(map=plan, actions=actions, name="Map"))  # noqa: S704


# --- files and policy ----------------------------------------------------------------------------------------------


@cache
def asset(name: str) -> str:
    """Return an asset of the pages, as text."""
    return (resources.files("wargame.document") / "assets" / name).read_text(encoding="utf-8")


def _style(*more: str) -> str:
    return "".join([palette.style(), *map(asset, ("style.css", "map.css", *more))])


def policy(style: str, script: str = "", *, pictures: bool = False) -> str:
    """Return the content security policy: only this style and this script run, and nothing is loaded."""
    rules = ["default-src 'none'", f"style-src '{_hash(style)}'"]
    rules += [f"script-src '{_hash(script)}'"] if script else []
    rules += ["img-src data:"] if pictures else []
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _templates() -> Environment:
    """Return templates that escape everything; each text also loses characters that a viewer would act upon."""
    templates = environment("wargame.document", "assets", finalize=inline)
    templates.filters |= {"columns": columns, "x": _x, "kind": lambda block: type(block).__name__}
    templates.filters |= {"source": _source, "whole": _whole}
    templates.globals["middle"] = MIDDLE
    return templates


# --- texts ---------------------------------------------------------------------------------------------------------

LOOKS: Mapping[str, str] = tables("document/looks.yaml")["html"]
"""The markup of each look of a piece."""
WIDTHS = 20
"""Steps of the width of a bar: each is a class of the style sheet, since a page has no inline styles."""


def inline(value: object) -> object:
    """Return a text as markup: pieces with their look, the rest cleaned, to be escaped. Other values are unchanged."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if isinstance(value, Rich):
        return Markup("").join(map(inline, value.parts))  # type: ignore[arg-type]
    if isinstance(value, StackedBar):
        parts = Markup("").join(
            Markup('<span class="part {} p{}"></span>').format(
                name.replace(" ", "-"), max(1, round(WIDTHS * number / value.most))
            )
            for name, number in value.parts
            if number
        )
        drawn = Markup('<span class="tally" aria-hidden="true">{}</span>').format(parts) if parts else ""
        return Markup('{}<span class="counts">{}</span>').format(drawn, str(value))
    if isinstance(value, Piece):
        text = _breakable(value.shown) if value.look in ("detail", "code") else clean_lines(value.shown)
        return Markup(LOOKS[value.look]).format(text=text, name=value.name)  # noqa: S704 - constants
    return re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", clean_lines(value))


def _breakable(text: str) -> Markup:
    """Return a text that can be broken within names, after `_` and between the parts of a path."""
    return Markup("<wbr>").join(map(clean_lines, re.split(r"(?<=_)|(?<=\.)(?=[a-z])", text)))


# --- tables --------------------------------------------------------------------------------------------------------

LONG = 24
"""Characters from which a cell is a text, which needs room."""
SHORT = 40
_NUMBER = re.compile(r"[+−-]?[\d,.]+( ?[a-z%]{1,3})?|")
_NAME = re.compile(r"[\w.]{24}")
"""A name too long for a narrow column."""
_WHOLE = re.compile(
    r"[-+\d].*\)( \*)?|\d{1,2} [A-Z][a-z]{2} \d{4}(, \d\d:\d\d)?|\d{4}-\d\d-\d\d|[+−-]?[\d,.]+ [a-z]{1,3}"
)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the class of each column: `n` for numbers, `text` for long texts, else empty."""
    return [
        "n" if all(map(_NUMBER.fullmatch, cells)) and any(cells) else "text" if max(map(len, cells)) > LONG else ""
        for cells in zip(*(row for row in rows if len(row) == max(map(len, rows))), strict=True)
    ]


def _whole(cell: str) -> object:
    """Return a cell with minus signs, and unbroken if it is an estimate with its interval, a duration, or a date."""
    if type(cell) is str and len(cell) < SHORT and _WHOLE.fullmatch(cell):
        return Markup('<span class="nw">{}</span>').format(clean(minus(cell)))
    return _breakable(minus(cell)) if type(cell) is str and _NAME.search(cell) else minus(cell)


# --- figures -------------------------------------------------------------------------------------------------------

LEFT, WIDTH, MIDDLE = 12.0, 234.0, 12.0
"""Where the axis of a forest begins in its drawing, how long it is, and its height, in pixels."""
PAGE_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def figure(chart: dict[str, Any]) -> str:
    """Return a chart as SVG with the fonts of the page, and its colours in dark mode."""
    from wargame.document.drawing import FONT, svg

    rules = "".join(
        f'[{name}="{light}"]{{{name}:{dark}}}' for light, dark in palette.DARK.items() for name in ("fill", "stroke")
    )
    style = f"<style>@media (prefers-color-scheme: dark){{text{{fill:#e4eaf0}}{rules}}}</style>"
    start, tag, rest = svg(chart).replace(FONT, PAGE_FONT).partition(">")
    return start + tag + style + rest


def _source(picture: Picture) -> Markup:
    encoded = base64.b64encode(figure(picture.chart).encode()).decode()
    return Markup("data:image/svg+xml;base64," + encoded)  # noqa: S704 - base64


def _x(place: float) -> float:
    """Return the place on the axis of a forest, from 0 to 1, in pixels of its drawing."""
    return round(LEFT + WIDTH * place, 1)
