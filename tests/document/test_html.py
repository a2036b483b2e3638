"""Tables on a page."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from wargame.document.blocks import Grid, Heading
from wargame.document.formatting import Bar
from wargame.document.html import blockpage
from wargame.document.palette import style


def test_counts_of_one_kind_have_their_bar() -> None:
    """`11 met` reads like a number with its unit, and is drawn like every other count."""
    bars = (Bar((("met", 11),), 11), Bar((("met", 2), ("missed", 1)), 11), Bar((("late", 1),), 11))
    page = blockpage([Heading(1, "Review"), Grid("", ("Objective", "Actions"), tuple(("x", bar) for bar in bars))])

    assert re.findall(r'class="part (\w+)', page.decode()) == ["met", "met", "missed", "late"]


def variables(*folders: str) -> tuple[set[str], set[str]]:
    """The variables of style sheets that the files of these folders of the package use, and those that they define."""
    files = [path for folder in folders for path in Path(str(resources.files("wargame") / folder)).rglob("*.*")]
    text = "\n".join(path.read_text("utf-8") for path in files if path.suffix in (".css", ".html", ".j2", ".js"))
    return set(re.findall(r"var\(--([\w-]+)[),]", text)), set(re.findall(r"--([\w-]+)(?:\s*:|\", )", text))


def test_a_review_has_every_colour_that_its_pages_use() -> None:
    """Each in light and dark mode; a variable that is missing would leave a text or a line without its colour."""
    used, defined = variables("document/assets")
    used |= {f"c{category}" for category in range(8)}  # whose names are put together
    light, _, dark = style().partition("@media screen and (prefers-color-scheme: dark)")
    for mode in (light, dark):
        assert used <= defined | set(re.findall(r"--([\w-]+):", mode))


def test_the_pages_of_an_exercise_have_every_variable_that_they_use() -> None:
    """Those of messages are defined with the message."""
    used, defined = variables("web/static", "web/templates", "seat/templates")
    assert len(used) > 30
    assert used <= defined
