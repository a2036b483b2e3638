"""Templates into HTML. Every text is escaped unless it is already HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from wargame.language.plain_text import clean
from wargame.seat.banner import BANNER


@cache
def templates() -> Environment:
    """The templates of the package."""
    environment = Environment(
        loader=PackageLoader("wargame.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = clean
    return environment


def render(template: str, **context: Any) -> str:
    """A template of the package with these values."""
    return templates().get_template(template).render(context)


def render_page(
    screen: str,
    title: str,
    parts: Mapping[str, str],
    hashes: Mapping[str, str],
    *,
    epoch: int = 0,
    k: int = 0,
    person: str = "",
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
) -> str:
    """The page of a screen with all of its parts.

    `hashes` are those that the answer to `/api/1/parts` compares; `styles` and `scripts` are further static files.
    """
    groups: dict[str, list[str]] = {}
    for key in parts:
        groups.setdefault(key.partition(".")[0], []).append(key)
    return render(
        "page.html",
        screen=screen,
        title=title,
        parts=parts,
        hashes=hashes,
        groups=tuple(groups.items()),
        epoch=epoch,
        k=k,
        person=person,
        styles=styles,
        scripts=scripts,
        banner=BANNER,
    )
