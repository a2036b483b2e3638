"""Blocks as a Word document."""

import io
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from wargame.document import blocks as kinds
from wargame.document.blocks import Forest, breakable, title_of
from wargame.document.formatting import StackedBar, minus
from wargame.document.layout import fitted, oriented
from wargame.document.palette import bar_colour
from wargame.errors import UsageFault, needs
from wargame.journal.archives import unzipped, zipped
from wargame.language.plain_text import clean

with needs("Word documents need the extra `docx`", "docx"):
    from docx import Document
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.exceptions import PackageNotFoundError
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

PHOTO_WIDTH = 11.0
"""Centimetres at most of a picture that was sent to people."""
CM_A_PIXEL = 2.54 / 96


STYLES = (*(f"Heading {level}" for level in range(1, 5)), "List Bullet", "List Number", "Table Grid", "Caption")
"""The styles of a document, which a template may replace."""


def docx(blocks: Sequence[object], date: str = "", template: Path | None = None) -> bytes:
    """Return the document as a file; raises UsageFault if the template is not a Word document.

    `date` is the date of what it reports, an ISO time with offset, which Word shows as the date of the document; by
    default the present time. A `template` gives its styles, page, header and footer; its text is left out.
    """
    document = Document(str(resources.files("wargame.document") / "assets" / "template.docx"))
    if template is not None:
        document = _prepared(template, document)
    document.core_properties.title = clean(title_of(blocks))
    when = datetime.fromisoformat(date) if date else datetime.now(UTC)
    document.core_properties.created = document.core_properties.modified = when.astimezone(UTC).replace(tzinfo=None)
    landscape = False
    for wide, run in oriented(blocks):
        if wide != landscape:
            _turn(document)
        for before, block in zip((None, *run), run, strict=False):
            _WRITERS[type(block)](block, document)
            if isinstance(before, kinds.Break):
                document.paragraphs[-1].paragraph_format.page_break_before = True
        landscape = wide
    file = io.BytesIO()
    document.save(file)
    return zipped(unzipped(file.getvalue()))


def _prepared(template: Path, ours: Any) -> Any:
    """Return the document of an organisation without its text, with our marking and the styles that it lacks."""
    try:
        document = Document(str(template))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError):
        what = "this is not a Word document" if template.is_file() else "there is no such file"
        hint = "give the path of a .docx file; save a .dotx or .doc as .docx first"
        raise UsageFault(f"--template {template}: {what} ({hint})") from None
    for child in document.element.body.xpath("*[not(self::w:sectPr)]"):
        document.element.body.remove(child)
    package = document.part.package.rels
    for name in [name for name, each in package.items() if "core-properties" in each.reltype]:
        del package[name]  # author and dates of the template; those of LibreOffice would be written beside ours
    known = {style.name for style in document.styles}
    for style in (ours.styles[name] for name in STYLES if name not in known):
        document.styles.element.append(deepcopy(style.element))
        for number in document.styles[style.name].element.xpath(".//w:numId"):
            number.set(qn("w:val"), _list(document, ours, number.get(qn("w:val"))))
    section, (header, footer) = document.sections[0], (ours.sections[0].header, ours.sections[0].footer)
    kinds_of_pages = ["", *(["first_page_"] if section.different_first_page_header_footer else [])]
    kinds_of_pages += ["even_page_"] if document.settings.odd_and_even_pages_header_footer else []
    for kind in kinds_of_pages:
        for part, marking in ((f"{kind}header", header), (f"{kind}footer", footer)):
            place = getattr(section, part)
            place.is_linked_to_previous = False
            place._element.insert(0, deepcopy(marking.paragraphs[0]._p))  # noqa: SLF001 - there is no public API
    return document


def _list(document: Any, ours: Any, number: str) -> str:
    """Copy the definition of a list of ours, and return its number in the document."""
    source = ours.part.numbering_part
    if not any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in document.part.rels.values()):
        document.part.relate_to(source, RELATIONSHIP_TYPE.NUMBERING)
    lists = document.part.numbering_part.element
    used = source.element.xpath(f"w:num[@w:numId='{number}']/w:abstractNumId/@w:val")[0]
    definition = deepcopy(source.element.xpath(f"w:abstractNum[@w:abstractNumId='{used}']")[0])
    new = str(1 + max(map(int, lists.xpath("w:abstractNum/@w:abstractNumId")), default=0))
    definition.set(qn("w:abstractNumId"), new)
    lists.insert(len(lists.xpath("w:abstractNum | w:numPicBullet")), definition)
    return str(lists.add_num(int(new)).numId)


def _turn(document: Any) -> None:
    """Begin a page of the other orientation, unless it is the first one, which is turned."""
    section = document.sections[-1]
    wide, high = section.page_width, section.page_height
    if written := document.element.body.xpath("w:p"):
        section = document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        added = written[-1].getnext()  # a paragraph of its own for the break might need a page of its own
        written[-1].set_sectPr(added.pPr.sectPr)
        document.element.body.remove(added)
    section.page_width, section.page_height = high, wide
    section.orientation = WD_ORIENT.LANDSCAPE if high > wide else WD_ORIENT.PORTRAIT


def _width(document: Any) -> float:
    """Return the centimetres between the margins of the present page."""
    last = document.sections[-1]
    return float((last.page_width - last.left_margin - last.right_margin) / Cm(1))


def _paragraph(block: kinds.Paragraph, document: Any) -> None:
    run = document.add_paragraph().add_run(clean(block.text))
    run.italic = block.quiet
    if block.lead:
        run.font.size = Pt(12)


def _bullets(block: kinds.Bullets, document: Any) -> None:
    for item in block.items:
        document.add_paragraph(clean(item), style="List Number" if block.numbered else "List Bullet")


def _chains(block: kinds.Chains, document: Any) -> None:
    for chain in block.items:
        paragraph = document.add_paragraph(style="List Number")
        paragraph.add_run(clean(chain.heading)).bold = True
        if chain.story:
            paragraph.add_run().add_break()
            paragraph.add_run(clean(chain.story)).font.size = Pt(9)


def _grid(block: kinds.Grid, document: Any) -> None:
    caption = document.add_paragraph(clean(block.caption) + ("" if block.rows else ": none"), style="Caption")
    caption.paragraph_format.keep_with_next = True
    if not block.rows:
        return
    rows = (*([block.heads] if any(block.heads) else []), *block.rows)
    table = document.add_table(rows=len(rows), cols=len(block.heads), style="Table Grid")
    table.autofit = False
    width = _width(document)
    lengths = [Cm(each) for each in fitted(block, width)]
    for column, length in zip(table.columns, lengths, strict=True):
        column.width = length
    for row, cells in zip(table.rows, rows, strict=True):
        _mark(row, "w:cantSplit")
        titled = len(cells) < len(lengths)
        if titled:
            row.cells[0].merge(row.cells[-1])
        for cell, text, length in zip(row.cells, cells, [Cm(width)] if titled else lengths, strict=not titled):
            cell.width = length
            if isinstance(text, StackedBar):
                _bar(text, cell.paragraphs[0])
            run = cell.paragraphs[0].add_run(breakable(clean(minus(text))))
            run.font.size, run.bold = Pt(8.5), titled or None
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    if any(block.heads):
        _mark(table.rows[0], "w:tblHeader")
    else:
        table._tbl.tblPr.xpath("w:tblLook")[0].set(qn("w:firstRow"), "0")  # noqa: SLF001 - there is no public API
    document.add_paragraph()


BLOCKS = 14
"""Characters of a full bar."""


def _bar(bar: StackedBar, paragraph: Any) -> None:
    shown = [(name, number) for name, number in bar.parts if number]
    for name, number in shown:
        run = paragraph.add_run("█" * max(1, round(BLOCKS * number / bar.most)))
        run.font.size, run.font.name = Pt(7), "Arial"
        run.font.color.rgb = RGBColor.from_string(bar_colour(name).removeprefix("#"))
    if shown:
        paragraph.add_run().add_break()


def _mark(row: Any, name: str) -> None:
    """Set a property of a row: it is repeated on every page, or not split between pages."""
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)  # noqa: SLF001 - the library has no public API


def _code(block: kinds.Code, document: Any) -> None:
    run = document.add_paragraph().add_run("\n".join(clean(line) for line in block.text.splitlines()))
    run.font.name, run.font.size = "Consolas", Pt(9)


def _forest(block: Forest, document: Any) -> None:
    _grid(block.grid(), document)
    _figures(kinds.Figures(block.pictures), document)


def _figures(block: kinds.Figures, document: Any) -> None:
    """Place two side by side, in a table without lines."""
    if not block.pictures:
        return
    table = document.add_table(rows=(len(block.pictures) + 1) // 2, cols=2)
    for row in table.rows:
        _mark(row, "w:cantSplit")
    for picture, cell in zip(block.pictures, [cell for row in table.rows for cell in row.cells], strict=False):
        _figure(picture, cell.paragraphs[0], cell.add_paragraph(), _width(document) / 2 - 0.5)
    document.add_paragraph()


def _figure(block: kinds.Picture, place: Any, below: Any, width: float) -> None:
    from wargame.document.drawing import png

    place.add_run(clean(block.title)).bold = True
    place.add_run().add_break()
    picture = place.add_run().add_picture(io.BytesIO(png(block.chart)), width=Cm(width))
    place.paragraph_format.keep_with_next = True
    described = picture._inline.docPr  # noqa: SLF001 - the library has no public API to give the text for screen readers
    described.set("descr", clean(f"{block.title}. {block.description}"))
    caption = below.add_run(clean(block.description))
    caption.italic, caption.font.size = True, Pt(9)


def _photo(block: kinds.Photo, document: Any) -> None:
    place = document.add_paragraph()
    width = Cm(min(PHOTO_WIDTH, block.width * CM_A_PIXEL))
    try:
        picture = place.add_run().add_picture(io.BytesIO(block.data), width=width)
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, ZeroDivisionError):
        picture = None  # damaged, or of a type that Word does not know
    if picture is not None:
        picture._inline.docPr.set("descr", clean(block.description or block.title))  # noqa: SLF001 - as in `_figure`
        place.paragraph_format.keep_with_next = True
    caption = (document.add_paragraph() if picture is not None else place).add_run(clean(block.caption))
    caption.italic, caption.font.size = True, Pt(9)


def _fields(block: kinds.Fields, document: Any) -> None:
    for name, text in block.parts:
        if text:
            line = document.add_paragraph()
            line.add_run(f"{clean(name)}: ").bold = True
            line.add_run(clean(text))


_WRITERS: dict[type, Callable[[Any, Any], object]] = {
    kinds.Heading: lambda block, document: document.add_heading(clean(block.text), level=block.level),
    kinds.Paragraph: _paragraph,
    kinds.Bullets: _bullets,
    kinds.Chains: _chains,
    kinds.Grid: _grid,
    kinds.Code: _code,
    Forest: _forest,
    kinds.Picture: lambda block, to: _figure(block, to.add_paragraph(), to.add_paragraph(), _width(to)),
    kinds.Figures: _figures,
    kinds.Photo: _photo,
    kinds.Fields: _fields,
    kinds.Break: lambda *_: None,  # a heading follows, which begins its page
}
"""The writer of each kind of block."""
