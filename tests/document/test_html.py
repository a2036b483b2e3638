"""Tables on a page."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from wargame.document.blocks import Grid, Heading
from wargame.document.formatting import StackedBar
from wargame.document.html import blockpage
from wargame.document.palette import style


def test_counts_of_one_kind_have_their_bar() -> None:
    """`11 met` reads like a number with its unit, and is drawn like every other count."""
    bars = (StackedBar((("met", 11),), 11), StackedBar((("met", 2), ("missed", 1)), 11), StackedBar((("late", 1),), 11))
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


def test_cells_have_minus_signs_and_whole_dates() -> None:
    """A date is not wrapped; names, ranges and settings that can be copied keep their hyphens."""
    cells = ("-3 points (-9 to 2)", "2030-06-30", "five-party", "stages.0=-0.5")
    page = blockpage([Heading(1, "Batch"), Grid("", ("Difference", "By", "Arm", "Changes"), (cells,))]).decode()

    assert all(f">{each}<" in page for each in ("−3 points (−9 to 2)", *cells[1:]))
    assert '<span class="nw">2030-06-30</span>' in page


def test_a_wide_table_with_texts_is_a_card_for_each_row_on_a_phone() -> None:
    """A wide table of numbers is scrolled, so that its numbers stay in columns."""
    heads, long = ("A", "B", "C", "D", "E"), "a text that needs the room of a phone"
    pages = [blockpage([Grid("", heads, ((cell, *"1234"),))]).decode() for cell in (long, "0")]

    assert ['class="stack"' in page for page in pages] == [True, False]


def test_a_grouped_table_stays_as_it_was() -> None:
    """It loses only the widths of the column that became titles."""
    table = Grid("Actions", ("State", "Action", "Owner"), (("open", "Call", "A"),), (0.2, 0.5, 0.3), stacked=True)

    assert table.grouped() == Grid("Actions", ("Action", "Owner"), (("open",), ("Call", "A")), (0.5, 0.3), stacked=True)
