"""Blocks as a Word document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from wargame.errors import UsageFault
from wargame.review.blocks import MARKING, Break, Bullets, Code, Fields, Grid, Heading, Paragraph, Picture
from wargame.review.summary import clean

MISSING = "Word documents need the extra `docx`: pip install 'crisis-wargame[docx]'"
TEXT_WIDTH = 17.0
"""Centimetres between the margins."""


def docx(blocks: Sequence[object]) -> bytes:
    """The document as a file; raises UsageFault if the extra is missing."""
    try:
        from docx import Document
    except ImportError:
        raise UsageFault(MISSING) from None
    document = Document()
    _page(document)
    for block in blocks:
        _block(block, document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Any) -> None:
    """A4, the marking at the head and foot of every page, a calm typeface."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    for part in (section.header, section.footer):
        line = part.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(MARKING)
        run.bold, run.font.size = True, Pt(8)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    for level in range(1, 5):
        style = document.styles[f"Heading {level}"]
        style.font.color.rgb, style.font.name = RGBColor(0x16, 0x20, 0x2B), "Calibri"
    document.core_properties.title = "After-action review"
    document.core_properties.author = "wargame"


@singledispatch
def _block(block: object, document: Any) -> None:
    del document
    raise TypeError(f"no block: {block!r}")


@_block.register
def _(block: Heading, document: Any) -> None:
    document.add_heading(clean(block.text), level=block.level)


@_block.register
def _(block: Paragraph, document: Any) -> None:
    run = document.add_paragraph().add_run(clean(block.text))
    run.italic = block.quiet


@_block.register
def _(block: Bullets, document: Any) -> None:
    for item in block.items:
        document.add_paragraph(clean(item), style="List Number" if block.numbered else "List Bullet")


@_block.register
def _(block: Grid, document: Any) -> None:
    from docx.shared import Cm, Pt

    caption = document.add_paragraph()
    caption.add_run(clean(block.caption) + ("" if block.rows else ": none")).bold = True
    caption.paragraph_format.keep_with_next = True
    if not block.rows:
        return
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.heads), style="Light Grid Accent 1")
    table.autofit = False
    widths = block.widths or (1 / len(block.heads),) * len(block.heads)
    lengths = [Cm(TEXT_WIDTH * share) for share in widths]
    for place, (row, cells) in enumerate(zip(table.rows, (block.heads, *block.rows), strict=True)):
        for cell, text, length in zip(row.cells, cells, lengths, strict=True):
            cell.width = length
            run = cell.paragraphs[0].add_run(clean(text))
            run.font.size, run.bold = Pt(8.5), place == 0
    _repeat(table.rows[0])
    document.add_paragraph()


def _repeat(row: Any) -> None:
    """Says that the row heads the table on every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - the library has no other way


@_block.register
def _(block: Code, document: Any) -> None:
    from docx.shared import Pt

    run = document.add_paragraph().add_run("\n".join(clean(line) for line in block.text.splitlines()))
    run.font.name, run.font.size = "Consolas", Pt(9)


@_block.register
def _(block: Picture, document: Any) -> None:
    from docx.shared import Cm

    from wargame.review.charts import png

    picture = document.add_picture(io.BytesIO(png(block.chart)), width=Cm(TEXT_WIDTH))
    described = picture._inline.docPr  # noqa: SLF001 - the library has no other way to give the text for screen readers
    described.set("descr", clean(block.description))
    document.add_paragraph().add_run(clean(f"{block.title}. {block.description}")).italic = True


@_block.register
def _(block: Fields, document: Any) -> None:
    for name, text in block.parts:
        if text:
            line = document.add_paragraph()
            line.add_run(f"{clean(name)}: ").bold = True
            line.add_run(clean(text))


@_block.register
def _(block: Break, document: Any) -> None:
    del block
    document.add_page_break()
