"""Titled sections on a terminal or in a plain text, 80 to 120 columns wide."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

EIGHTHS = " ▏▎▍▌▋▊▉"


def print_sections(
    console: Console, header: RenderableType, sections: Iterable[tuple[str, RenderableType | None]]
) -> None:
    """Prints a header and the sections that have a body; in a file or pipe without blanks at the ends of lines."""
    if console.is_terminal:
        _print(console, header, sections)
        return
    with console.capture() as capture:
        _print(console, header, sections)
    for line in capture.get().splitlines():
        console.file.write(f"{line.rstrip()}\n")


def _print(console: Console, header: RenderableType, sections: Iterable[tuple[str, RenderableType | None]]) -> None:
    console.print(header)
    for title, body in sections:
        if body is not None:
            console.print()
            console.print(Text(title, style="bold cyan"))
            console.print(indented(body, 2))


def indented(body: RenderableType, by: int) -> RenderableType:
    """A body, some columns to the right."""
    return Padding(body, (0, 0, 0, by))


def grid(*columns: str) -> Table:
    """A table without lines. A column is `left`, `right`, or `whole` if its cells must not be wrapped."""
    table = Table.grid(padding=(0, 2))
    for column in columns:
        table.add_column(justify="right" if column == "right" else "left", overflow="fold", no_wrap=column == "whole")
    return table


def bar(share: float, cells: int, *, unicode: bool) -> Text:
    """A share from 0 to 1 as a bar of so many cells."""
    filled = share * cells
    fine = "█" * int(filled) + EIGHTHS[int(filled % 1 * 8)].strip()
    return Text(f"{fine if unicode else '#' * round(filled):<{cells}}", style="cyan")
