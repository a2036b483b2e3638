"""Blocks on a terminal or in a plain text, 80 to 120 columns wide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, zip_longest
from textwrap import wrap
from types import SimpleNamespace
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wargame.dataclasses import dataclass
from wargame.document import blocks as kinds
from wargame.document.blocks import Forest
from wargame.document.formatting import Piece
from wargame.language.plain_text import clean
from wargame.tables import tables

APART = 2
"""Columns between the columns of a table, and before rows that have a title."""
LOOKS: Mapping[str, str] = tables("document/looks.yaml")["terminal"]
"""The styles of cells that have a look, by the name of a status or the look itself."""


def print_blocks(console: Console, blocks: Iterable[object]) -> None:
    """Print a document without its figures. Lines of code are not wrapped, so that they can be copied."""
    if console.is_terminal:
        _print(console, blocks)
        return
    with console.capture() as capture:
        _print(console, blocks)
    console.file.writelines(f"{line.rstrip()}\n" for line in capture.get().splitlines())  # no blanks in files and pipes


def _print(console: Console, blocks: Iterable[object]) -> None:
    tables: Any = kinds.Grid | Forest
    before: object = None
    for block in kinds.for_paper(blocks, pictures=False):
        body = kinds.written(_WRITERS, block)
        if body is None:
            continue
        apart = isinstance(before, tables) or isinstance(block, tables | kinds.Heading | kinds.Code)
        if before is not None and apart and isinstance(block, kinds.Heading) >= isinstance(before, kinds.Heading):
            console.print()
        console.print(body, soft_wrap=isinstance(block, kinds.Code))
        before = block


def _listed(items: Iterable[RenderableType], *, numbered: bool) -> RenderableType | None:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    for place, item in enumerate(items, 1):
        table.add_row(f"{place}." if numbered else "-", item)
    return table if table.row_count else None


def _chain(chain: kinds.Chain) -> Group:
    story = [Text(clean(chain.story))] if chain.story else []
    return Group(Text(clean(chain.heading), style="bold"), *story)


def _code(block: kinds.Code) -> RenderableType:
    text = Text("\n".join(map(clean, block.text.splitlines())))
    text.highlight_regex(r"  # .*", "dim")
    return text


def _fields(block: kinds.Fields) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in block.parts:
        if text:
            table.add_row(Text(clean(name), style="bold"), Text(clean(text)))
    return table


def _grid(block: kinds.Grid) -> RenderableType | None:
    caption = Text(clean(block.caption), style="bold")
    if not block.rows:
        return Group(caption, Text("  none")) if caption else None
    return Group(caption, _Rows(block)) if block.caption else Group(_Rows(block))


def _paragraph(block: kinds.Paragraph) -> RenderableType:
    return Text(clean(block.text), style="bold" if block.lead or block.alarm else "dim" if block.quiet else "")


_WRITERS = SimpleNamespace(
    Heading=lambda block: Text(clean(block.text), style="bold" if block.level == 1 else "bold cyan"),
    Paragraph=_paragraph,
    Bullets=lambda block: _listed((Text(clean(item)) for item in block.items), numbered=block.numbered),
    Chains=lambda block: _listed(map(_chain, block.items), numbered=True),
    Code=_code,
    Fields=_fields,
    Figures=lambda _: None,
    Break=lambda _: None,
    Photo=lambda block: Text(clean(block.caption), style="italic"),
    Forest=lambda block: _grid(block.grid().grouped()),
    Grid=_grid,
)
"""The printer of each kind of block."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a table. If they have titles, more than two columns and no room, each takes two lines."""

    grid: kinds.Grid

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        heads = self.grid.heads
        given = [row for row in (heads, *self.grid.rows) if row]
        cells = [tuple(map(clean, row)) for row in given]
        whole = [row for row in cells if len(row) > 1 or len(heads) < 2]
        indent = APART if len(whole) < len(cells) else 0
        least = [max(map(cell_len, (*head.split(), ""))) for head in heads] or [1] * len(whole[0])
        room = options.max_width - indent - APART * (len(least) - 1)
        widths = [max(map(cell_len, column)) for column in zip(*whole, strict=True)]
        if sum(widths) > room:
            body = zip(*whole[bool(heads) :], strict=True)
            widths = [max(head, *map(cell_len, column)) for head, column in zip(least, body, strict=True)]
            widths = _for_heads(heads, widths, room - sum(widths)) if heads else widths
        if indent and len(widths) > 2 and sum(widths) > room:
            yield from _in_two_lines(heads, cells[1:])
            return
        words = [
            max(cell_len(word) for cell in column for word in (*cell.split(), ""))
            for column in zip(*whole, strict=True)
        ]
        for limits in (words, least):  # a word is broken only if there is no other way
            while sum(widths) > room and (wide := [at for at, width in enumerate(widths) if width > limits[at]]):
                widths[max(wide, key=lambda at: (widths[at], at))] -= 1
        for place, row in enumerate(cells):
            style = "bold" if len(row) < len(widths) or (heads and not place) else ""
            text = Text(row[0]) if len(row) < len(widths) else _row(row, widths, indent, console)
            text.highlight_regex("✓ [a-z ]+", "green")
            text.highlight_regex("✗ [a-z ]+", "bold red")
            text.stylize(style)
            for at, cell in enumerate(given[place]):
                look = LOOKS.get(cell.name or cell.look, "") if isinstance(cell, Piece) else ""
                start = indent + sum(widths[:at]) + APART * at
                text.stylize(look, start, start + min(len(cell), widths[at]))
            yield text


def _for_heads(heads: Sequence[str], widths: Sequence[int], spare: int) -> list[int]:
    """Return the widths with columns to spare given to the heads of most lines, as long as all then need fewer."""
    lines = [len(wrap(head, width)) for head, width in zip(heads, widths, strict=True)]
    fewer = max(1, max(lines) - 1)
    wider = [
        next(n for n in count(width) if len(wrap(head, n)) <= fewer) for head, width in zip(heads, widths, strict=True)
    ]
    left = spare - (sum(wider) - sum(widths))
    return list(widths) if left < 0 or wider == list(widths) else _for_heads(heads, wider, left)


def _row(cells: Sequence[str], widths: Sequence[int], indent: int, console: Console) -> Text:
    columns = [
        [line.plain.rstrip() for line in Text(cell).wrap(console, width, overflow="fold")]
        for cell, width in zip(cells, widths, strict=True)
    ]
    lines = ((" " * APART).join(map(set_cell_size, line, widths)) for line in zip_longest(*columns, fillvalue=""))
    return Text("\n".join(" " * indent + line.rstrip() for line in lines), no_wrap=True)


def _in_two_lines(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[RenderableType]:
    """Yield each row as its first cell, and below it the others after the heads of their columns."""
    for title, *cells in rows:
        if not cells:
            yield Text(title, style="bold")
            continue
        if title:
            yield Padding(Text(title), (0, 0, 0, APART))
        rest = (f"{head[:1].lower()}{head[1:]} {cell}" for head, cell in zip(heads[1:], cells, strict=True) if cell)
        yield Padding(Text("; ".join(rest)), (0, 0, 0, 2 * APART))
