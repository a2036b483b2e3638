"""Writes `wargame/document/assets/template.docx`: the styles, page, header and footer of our Word documents."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

TARGET = Path(__file__).resolve().parent.parent / "wargame" / "document" / "assets" / "template.docx"
MARKING = "EXERCISE EXERCISE EXERCISE"
FONT = "Arial"  # available on every machine, or replaced by a typeface of the same widths
INK = RGBColor(0x16, 0x20, 0x2B)
HEADINGS = [f"Heading {level}" for level in range(1, 5)]
FIRST_ROW = (
    '<w:tblStylePr {} w:type="firstRow"><w:rPr><w:b/></w:rPr>'
    '<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E7EDF2"/></w:tcPr></w:tblStylePr>'
)
MARGINS = (
    '<w:tblCellMar {}><w:top w:w="30" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
)


def main() -> None:
    """Write the template."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    for part, fields in ((section.header, ()), (section.footer, ("PAGE", "NUMPAGES"))):
        line = part.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        texts = [MARKING, *(["    ", fields[0], " / ", fields[1]] if fields else [])]
        for text in texts:
            run = line.add_run("1" if text in fields else text)
            run.bold, run.font.size = True, Pt(8)
            if text in fields:
                field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{text}"/>')
                run._r.addprevious(field)  # noqa: SLF001 - the library has no public API for fields
                field.append(run._r)  # noqa: SLF001 - as above
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10.5)
    for name in (*HEADINGS, "Caption"):
        style = document.styles[name]
        style.font.color.rgb, style.font.name = INK, FONT
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(theme), None)
    table = document.styles["Table Grid"].element
    table.append(parse_xml(FIRST_ROW.format(nsdecls("w"))))
    table.xpath("w:tblPr")[0].append(parse_xml(MARGINS.format(nsdecls("w"))))
    document.core_properties.author, document.core_properties.language = "wargame", "en-GB"
    for language in document.styles.element.xpath("w:docDefaults//w:lang"):
        language.set(qn("w:val"), "en-GB")
    document.save(str(TARGET))


if __name__ == "__main__":
    main()
