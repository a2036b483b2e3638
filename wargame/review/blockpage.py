"""Blocks as one HTML file without any script: pictures lie in it as data, nothing is loaded from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from types import SimpleNamespace

from markupsafe import Markup

from wargame.review.blocks import MARKING, Heading, Picture
from wargame.review.page import asset, policy, template


def blockpage(blocks: Sequence[object]) -> bytes:
    """The document as a page."""
    style = asset("style.css")
    title = next((block.text for block in blocks if isinstance(block, Heading)), "Report")
    shown = [(type(block).__name__, _drawn(block)) for block in blocks]
    page = template("blocks.html.j2").render(
        title=title,
        style=Markup(style),  # noqa: S704 - our own file, vetted by the hash in the policy
        policy=policy(style, pictures=True),
        marking=MARKING,
        blocks=shown,
    )
    return bytes(page.encode())


def _drawn(block: object) -> object:
    if not isinstance(block, Picture):
        return block
    from wargame.review.charts import svg

    source = "data:image/svg+xml;base64," + base64.b64encode(svg(block.chart).encode()).decode()
    return SimpleNamespace(title=block.title, description=block.description, source=Markup(source))  # noqa: S704 - base64
