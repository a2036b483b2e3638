"""What all printed pages share: the document, sections with a heading on every sheet, tables, lines to write on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from wargame.language.plain_text import clean_lines
from wargame.seat.messages import message_style
from wargame.sentence import BANNER

STYLE = """
@page { size: A4; margin: 12mm 14mm 14mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif } }
* { box-sizing: border-box }
body { font: 10.5pt/1.35 "Liberation Sans", Arial, Helvetica, sans-serif; color: #000; background: #fff;
  margin: 2em auto; max-width: 186mm }
h1 { font-size: 17pt; line-height: 1.2; margin: .2em 0 .5em }
h2 { font-size: 11.5pt; margin: .9em 0 .25em; break-after: avoid }
p { margin: .25em 0 } h2 + p:has(+ ul) { break-after: avoid }
ul { margin: .2em 0; padding-left: 1.3em } li { margin: .12em 0 }
section { break-after: page } section:last-of-type { break-after: auto }
.sheet { width: 100%; border-collapse: collapse } .sheet > thead { display: table-header-group }
.sheet > thead > tr > td, .sheet > tbody > tr > td { padding: 0; border: 0 }
.head { display: flex; justify-content: space-between; gap: 1em; border-bottom: 1.5pt solid #000; padding-bottom: 2pt;
  margin-bottom: 8pt; font-size: 8.5pt }
.banner { letter-spacing: .12em; font-weight: bold; white-space: nowrap }
.grid { border-collapse: collapse; width: 100% } .grid > thead { display: table-header-group }
.grid tr { break-inside: avoid } .grid th { background: #e8e8e8 }
.grid td, .grid th { border: .6pt solid #666; padding: 1.2pt 3.5pt; text-align: left; vertical-align: top;
  font-size: 8.5pt; line-height: 1.15; overflow-wrap: anywhere }
.grid .group { background: #f4f4f4; font-weight: bold; break-after: avoid } .blank td { height: 12mm }
code { font: 7.5pt "Liberation Mono", Consolas, monospace } .meta { font-size: 8.5pt; color: #333 }
.line { border-bottom: .6pt solid #666; height: 8mm }
.fill { display: inline-block; border-bottom: .6pt solid #666; min-width: 34mm }
.two { columns: 2; column-gap: 9mm }
.card { border: 1pt solid #000; padding: 3mm; margin: 0 0 4mm; break-inside: avoid } .card p { margin: 0 0 1.5mm }
.card .meta { display: flex; justify-content: space-between; margin: 2mm 0 0 }
@media screen { section { border-bottom: 1px dashed #888; padding-bottom: 1.5em; margin-bottom: 1.5em } }
@media print { body { margin: 0; max-width: none } }
"""
LANDSCAPE = "@page { size: A4 landscape } @media screen { body { max-width: 270mm } }\n"
CARDS = """
.card { padding: 2mm } .card .msg { max-width: none; font-size: 9.5pt; padding: 3mm }
.card .msg-picture img { max-height: 60mm }
.card > .meta { margin: 0 0 1.5mm } .card .msg-face { width: 8mm; height: 8mm }
"""
"""Messages on cards, which are cut out."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pack that begins on a new sheet: whose it is, its title, and its content as HTML."""

    reader: str
    title: str
    content: str


def document(title: str, sections: Iterable[Section], *, landscape: bool = False) -> str:
    """Return the whole page. It loads nothing from any host."""
    body = "\n".join(map(_section, sections))
    return clean_lines(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}{LANDSCAPE if landscape else message_style() + CARDS}</style></head>"
        f"<body>\n{body}\n</body></html>\n"
    )


def _section(section: Section) -> str:
    """Return a table, so that its head with the banner and the reader is repeated on each sheet."""
    title, reader = section.title, section.reader
    label = escape(title if title.startswith(reader) else f"{reader}: {title}")
    return (
        '<section><table class="sheet"><thead><tr><td><div class="head">'
        f'<span class="banner">{BANNER}</span><span>{label}</span></div></td></tr></thead>'
        f"<tbody><tr><td><h1>{escape(section.title)}</h1>{section.content}</td></tr></tbody></table></section>"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int] = ()) -> str:
    """Return a table of texts; `widths` are those of its columns in percent."""
    return grid(head, ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows), widths)


def grid(head: Sequence[str], rows: Iterable[str], widths: Sequence[int] = (), style: str = "grid") -> str:
    """Return a table whose rows are the HTML of their cells."""
    columns = "".join(f'<col style="width: {width}%">' for width in widths)
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join(f"<tr>{row}</tr>" for row in rows)
    layout = ' style="table-layout: fixed"' if widths else ""
    return f'<table class="{style}"{layout}>{columns}<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>'


def empty_table(head: Sequence[str], rows: int, widths: Sequence[int]) -> str:
    """Return a table to write in."""
    return grid(head, ["<td></td>" * len(head)] * rows, widths, "grid blank")


def fill(label: str, width: int = 34) -> str:
    """Return a label with a line to write on, of this width in millimetres."""
    return f'{escape(label)} <span class="fill" style="min-width: {width}mm">&nbsp;</span>'


def left_out(count: int) -> str:
    """Return a paragraph that says how many injects are not printed; empty for none."""
    if not count:
        return ""
    return f'<p class="meta">Left out: {count} inject{"s" if count > 1 else ""} due only after ENDEX.</p>'
