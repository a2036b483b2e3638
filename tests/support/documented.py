"""The commands that readers find in help texts and on pages, in the order in which they stand there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from wargame.cli import tree

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
TYPED = {
    "sh": re.compile(r"^ *(wargame [a-z].*)$", re.MULTILINE),
    "console": re.compile(r"^ *\$ (wargame [a-z].*)$", re.MULTILINE),
    "indented": re.compile(r"^    (wargame [a-z].*)$", re.MULTILINE),
}
ENDS = ("|", ">", ">>", "&&", ";", "&", "<")
"""Where a command ends for a shell."""


def commands(text: str, kind: str) -> Iterator[str]:
    """The commands in a text, without what a shell does with them."""
    for line in TYPED[kind].findall(text.replace("\\\n", " ")):
        words = shlex.split(line, comments=True)
        end = next((n for n, word in enumerate(words) if word in ENDS), len(words))
        yield shlex.join(words[1:end])


def on_page(text: str, *kinds: str) -> list[str]:
    """The commands on a page in fenced blocks of these kinds, and in indented blocks."""
    fenced = [each for kind, block in BLOCK.findall(text) if kind in kinds for each in commands(block, kind)]
    return fenced + list(commands(BLOCK.sub("", text), "indented"))


def documented(*kinds: str) -> dict[str, list[str]]:
    """The commands by the places where a reader finds them: help texts, and pages in blocks of these kinds."""
    found = {f"help of {name}": list(commands(text, "sh")) for name, text in tree.EXAMPLES.items()}
    found |= {page.relative_to(ROOT).as_posix(): on_page(page.read_text("utf-8"), *kinds) for page in PAGES}
    return {place: typed for place, typed in found.items() if typed}
