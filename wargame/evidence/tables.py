"""Tables for the terminal and for pages of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table


def terminal_table(titles: Iterable[str], rows: Iterable[Iterable[RenderableType]]) -> Table:
    """A table without lines, its columns aligned on the left."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, justify="left")
    for row in rows:
        table.add_row(*row)
    return table


def markdown_table(titles: Sequence[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """The lines of a table in Markdown."""
    lines = (titles, ["---"] * len(titles), *rows)
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in lines]
