"""Blocks as PDF, typeset by Typst. All text is passed as quoted strings, so that none of it is read as code."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from wargame.document import blocks as kinds
from wargame.document.blocks import Forest, breakable, title_of
from wargame.document.formatting import Bar, minus
from wargame.document.html import asset
from wargame.document.layout import LANDSCAPE, PORTRAIT, fitted, is_wide, oriented
from wargame.document.palette import bar_colour
from wargame.errors import needs
from wargame.language.plain_text import clean

with needs("PDF needs the extra `pdf`", "pdf"):
    import typst

PHOTO_WIDTH = 110.0
"""Millimetres at most of a picture that was sent to people."""
MM_A_PIXEL = 25.4 / 96


def pdf(blocks: Sequence[object]) -> bytes:
    """Return the document as a file, accessible as PDF/UA-1 if its headings allow it, and without damaged pictures."""
    without = [each for each in blocks if not isinstance(each, kinds.Photo)]
    for kept, accessible in ((blocks, True), (blocks, False), (without, True)):
        with suppress(typst.TypstError):
            return _typeset(kept, accessible=accessible)
    return _typeset(without, accessible=False)


def _typeset(blocks: Sequence[object], *, accessible: bool) -> bytes:
    """Typeset blocks; `accessible`: by PDF/UA-1, with headings of all levels, descriptions, heads of tables."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pages = ((f"#set page(flipped: {str(wide).lower()})", run) for wide, run in oriented(blocks))
        body = "\n\n".join(text for page, run in pages for text in (page, *(_block(each, place) for each in run)))
        source = place / "review.typ"
        title = quoted(title_of(blocks))
        source.write_text(f"#set document(title: {title})\n{asset('preamble.typ')}\n{body}\n", encoding="utf-8")
        return bytes(typst.compile(str(source), pdf_standards="ua-1" if accessible else []))


def quoted(text: str) -> str:
    """Return a text as a string of Typst, whose escapes are those of JSON except for four-digit ones."""
    return msgspec.json.encode(clean(text)).decode()


def _block(block: object, place: Path) -> str:
    if isinstance(block, kinds.Picture | kinds.Figures | kinds.Photo | Forest):
        return _drawn(block, place)
    return kinds.writer(_WRITERS, block)(block)


def _paragraph(block: kinds.Paragraph) -> str:
    if block.lead:
        return f"#par(text(size: 11.5pt, {quoted(block.text)}))"
    return f"#par(emph({quoted(block.text)}))" if block.quiet else f"#par({quoted(block.text)})"


def _bullets(block: kinds.Bullets) -> str:
    if not block.items:
        return ""
    return f"#{'enum' if block.numbered else 'list'}({', '.join(map(quoted, block.items))})"


def _chains(block: kinds.Chains) -> str:
    stories = (f" #linebreak() #text(size: 9pt, {quoted(c.story)})" if c.story else "" for c in block.items)
    items = (f"[#strong({quoted(c.heading)}){story}]" for c, story in zip(block.items, stories, strict=True))
    return f"#enum(spacing: 0.9em, {', '.join(items)})" if block.items else ""


def _grid(block: kinds.Grid) -> str:
    if not block.rows:
        return f"#par(emph({quoted(f'{block.caption}: none.')}))"
    widths = fitted(block, LANDSCAPE if is_wide(block) else PORTRAIT)
    columns = ", ".join(f"{each:.3g}fr" for each in widths)
    heads = ", ".join(f"strong({quoted(text)})" for text in block.heads if any(block.heads))
    title = f"table.cell(colspan: {len(widths)}, strong({{}}))"
    cells = ", ".join(
        title.format(_cell(row[0])) if len(row) < len(widths) else ", ".join(map(_cell, row)) for row in block.rows
    )
    table = f"table(columns: ({columns},), table.header({heads}), {cells})"
    caption = quoted(block.caption)
    return f"#figure(kind: table, supplement: none, numbering: none, caption: {caption}, text(size: 8pt, {table}))"


def _cell(cell: str) -> str:
    """Return a text, or a bar of rectangles with its text below."""
    if not isinstance(cell, Bar):
        return breakable(quoted(minus(cell)))
    parts = "".join(
        f'#box(width: {100 * number / cell.most:.1f}%, height: 6pt, fill: rgb("{bar_colour(name)}"))'
        for name, number in cell.parts
        if number
    )
    return f"[{parts}{' #linebreak()' if parts else ''}#{quoted(cell)}]"


def _code(block: kinds.Code) -> str:
    text = "\n".join(clean(line) for line in block.text.splitlines())
    return f"#raw({msgspec.json.encode(text).decode()}, block: true)"


def _fields(block: kinds.Fields) -> str:
    return "\n\n".join(f"#par({{strong({quoted(f'{name}: ')}); {quoted(text)}}})" for name, text in block.parts if text)


_WRITERS: dict[type, Callable[[Any], str]] = {
    kinds.Heading: lambda block: f"#heading(level: {block.level}, {quoted(block.text)})",
    kinds.Paragraph: _paragraph,
    kinds.Bullets: _bullets,
    kinds.Chains: _chains,
    kinds.Grid: _grid,
    kinds.Code: _code,
    kinds.Fields: _fields,
    kinds.Break: lambda _: "#pagebreak(weak: true)",
}
"""How each kind of block is written, apart from those with files."""


def _drawn(block: kinds.Picture | kinds.Figures | kinds.Photo | Forest, place: Path) -> str:
    """Write a block whose pictures are files in the folder of the source."""
    if isinstance(block, kinds.Picture):
        return f"#{_figure(block, place)}"
    if isinstance(block, kinds.Figures):
        pictures = ", ".join(_figure(picture, place) for picture in block.pictures)
        return f"#grid(columns: (1fr, 1fr), column-gutter: 6mm, row-gutter: 5mm, {pictures})" if pictures else ""
    if isinstance(block, Forest):
        return "\n".join([_grid(block.grid()), _drawn(kinds.Figures(block.pictures), place)])
    name = f"photo-{len(list(place.glob('photo-*'))) + 1}.{block.media_type.partition('/')[2]}"
    (place / name).write_bytes(block.data)
    width = f"{min(PHOTO_WIDTH, block.width * MM_A_PIXEL):.1f}mm"
    image = f'image("{name}", width: {width}, alt: {quoted(block.description or block.title)})'
    return f"#figure(kind: image, supplement: none, numbering: none, caption: {quoted(block.caption)}, {image})"


def _figure(block: kinds.Picture, place: Path) -> str:
    from wargame.document.drawing import svg

    name = f"figure-{len(list(place.glob('*.svg'))) + 1}.svg"
    (place / name).write_text(svg(block.chart), encoding="utf-8")
    image = f'image("{name}", width: 100%, alt: {quoted(f"{block.title}. {block.description}")})'
    body = f"[#{image} #text(size: 8.5pt, {quoted(block.description)})]"
    return f"figure(kind: image, supplement: none, numbering: none, caption: {quoted(block.title)}, {body})"
