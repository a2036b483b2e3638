"""Tables on a page."""

from __future__ import annotations

import re

from wargame.document.blocks import Grid, Heading
from wargame.document.formatting import Bar
from wargame.document.html import blockpage


def test_counts_of_one_kind_have_their_bar() -> None:
    """`11 met` reads like a number with its unit, and is drawn like every other count."""
    bars = (Bar((("met", 11),), 11), Bar((("met", 2), ("missed", 1)), 11), Bar((("late", 1),), 11))
    page = blockpage([Heading(1, "Review"), Grid("", ("Objective", "Actions"), tuple(("x", bar) for bar in bars))])

    assert re.findall(r'class="part (\w+)', page.decode()) == ["met", "met", "missed", "late"]
