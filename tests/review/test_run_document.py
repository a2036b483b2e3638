"""The review of a run as a document, in every format."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from support.in_process import inside
from support.reviews import hostile, review_blocks
from wargame.document.blocks import Bullets, Figures, Grid, Heading, Paragraph, Photo, Picture, for_paper
from wargame.document.docx import docx
from wargame.document.drawing import svg
from wargame.document.markdown import markdown, plain
from wargame.errors import UsageFault, install_command
from wargame.review.findings.findings import Findings
from wargame.review.findings.reviewer_notes import (
    ReviewerNotes,
)
from wargame.review.findings.source import RunSource, open_run
from wargame.review.reports.run_charts import escalation_picture, relations_picture, timeline_picture
from wargame.review.reports.writing import as_document, render
from wargame.scenario.loading.load import load


@pytest.mark.parametrize("form", ["html", "md", "docx", "pdf"])
def test_hostile_text_stays_text_in_every_format(source: RunSource, form: str) -> None:
    """Markup, scripts, control and direction characters, very long words."""
    text = render(Findings(hostile(source)), form)

    assert len(text) > 10_000
    assert b"<script>alert" not in text
    if form in ("html", "md"):
        assert "\u202e" not in text.decode()
        assert "\x07" not in text.decode()


def test_markdown_escapes_markup() -> None:
    """Tables, links, code, headings and HTML."""
    assert plain("# a|b `c` [d](e) <f> & *g*", start=True) == r"\# a\|b \`c\` \[d\](e) \<f\> &amp; \*g\*"


def test_the_document_begins_with_the_executive_summary_and_ends_with_annexes(source: RunSource) -> None:
    """Summary, turning points, overview, events, analysis; data for reproduction come last; nothing is empty."""
    heads = re.findall(r"(?m)^## (.+)$", markdown(review_blocks(Findings(source), ReviewerNotes())).decode())

    assert [head.split(".")[0] for head in heads] == [
        *"12345", "Annex A", "Annex B", "Annex C",
    ]  # fmt: skip
    assert heads[0] == "1. Executive summary"
    assert heads[-1] == "Annex C. How to reproduce this run"


@pytest.mark.slow
def test_word_and_pdf_have_the_marking(source: RunSource) -> None:
    """At the head and foot of every page; pictures have descriptions."""
    with ZipFile(io.BytesIO(render(Findings(source), "docx"))) as word:
        assert b"EXERCISE EXERCISE EXERCISE" in word.read("word/header1.xml") + word.read("word/footer1.xml")
        assert b'descr="' in word.read("word/document.xml")
    assert render(Findings(source), "pdf").startswith(b"%PDF-")


def test_word_numbers_its_pages_and_names_its_language() -> None:
    """Fields of Word, the language for screen readers, captions with their style."""
    with ZipFile(io.BytesIO(as_document([Grid("A table", ("Name",), (("a",),))], "docx"))) as word:
        footer, styles = (word.read(f"word/{name}.xml").decode() for name in ("footer1", "styles"))
        text = word.read("word/document.xml").decode()
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer
    assert 'w:lang w:val="en-GB"' in styles
    assert '<w:pStyle w:val="Caption"/>' in text


def test_a_column_in_word_is_as_wide_as_its_longest_word() -> None:
    """Also if the table asks for less; the others give way."""
    grid = Grid("A table", ("Government", "Text"), (("Kazakhstan", "words " * 40),), (0.02, 0.98))
    with ZipFile(io.BytesIO(as_document([grid], "docx"))) as archive:
        text = archive.read("word/document.xml").decode()
    narrow, wide = (int(width) / 567 for width in re.findall(r'<w:gridCol w:w="(\d+)"', text))
    assert narrow > 2.1  # centimetres of ten bold characters of Arial 8.5 with the padding of a cell
    assert round(narrow + wide) == 17


NINE = Grid("Wide", tuple("abcdefghi"), (tuple("123456789"),))


def test_a_section_with_a_wide_table_is_in_landscape() -> None:
    """In Word and PDF; the sections before and after it are not."""
    blocks = [Heading(1, "First"), Heading(2, "Wide"), NINE, Heading(2, "Last"), Paragraph("x")]
    with ZipFile(io.BytesIO(as_document(blocks, "docx"))) as archive:
        text = archive.read("word/document.xml").decode()
    wide = [int(w) > int(h) for w, h in re.findall(r'<w:pgSz w:w="(\d+)" w:h="(\d+)"', text)]
    assert wide == [True, False]


def test_what_is_empty_is_not_printed() -> None:
    """A column without texts, and heads without words."""
    grid = Grid("A table", ("Name", "Changes"), (("a title",), ("a", ""), ("b", "")))
    assert markdown(list(for_paper([grid]))).decode().count("Changes") == 0
    with ZipFile(io.BytesIO(as_document([Grid("Facts", ("", ""), (("a", "b"),))], "docx"))) as archive:
        assert archive.read("word/document.xml").decode().count("<w:tr>") == 1


def test_a_template_gives_word_its_styles_page_and_header(tmp_path: Path) -> None:
    """Its text is left out, the marking is added, and lists have their numbers although it defines no lists."""
    letterhead = Document()
    letterhead.styles["Heading 1"].font.name = "Georgia"
    letterhead.styles.element.remove(letterhead.styles["List Number"].element)
    letterhead.sections[0].different_first_page_header_footer = True
    letterhead.sections[0].first_page_header.paragraphs[0].text = "Ministry of Examples"
    letterhead.add_paragraph("Text of the template")
    letterhead.save(str(tmp_path / "letterhead.docx"))

    blocks = [Heading(1, "Review"), Bullets(("one",), numbered=True), Heading(2, "Wide"), NINE]
    made = Document(io.BytesIO(as_document(blocks, "docx", template=tmp_path / "letterhead.docx")))

    assert [each.text for each in made.paragraphs][:3] == ["Review", "one", "Wide"]
    assert made.styles["Heading 1"].font.name == "Georgia"
    first = made.sections[0].first_page_header.paragraphs
    assert [each.text for each in first] == ["EXERCISE EXERCISE EXERCISE", "Ministry of Examples"]
    (number,) = made.styles["List Number"].element.xpath(".//w:numId/@w:val")
    assert made.part.numbering_part.element.xpath(f"w:num[@w:numId='{number}']")


def test_a_template_must_be_a_word_document(tmp_path: Path) -> None:
    """Another file is a fault of usage, with what to do."""
    (tmp_path / "a.docx").write_text("text", encoding="utf-8")
    with pytest.raises(UsageFault, match=r"a\.docx: this is not a Word document \(give the path"):
        as_document([], "docx", template=tmp_path / "a.docx")


def test_a_review_in_pdf_is_accessible(source: RunSource) -> None:
    """It declares PDF/UA-1, which Typst checks: headings, descriptions of pictures, a title, a language."""
    made = render(Findings(source), "pdf")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/Lang" in made


def test_a_pdf_is_written_without_a_damaged_picture() -> None:
    """And with headings that skip a level, although it then does not declare the standard."""
    blocks = [Heading(1, "a"), Heading(4, "b"), Photo("Map", "", b"damaged", "image/png", 100)]
    assert b"pdfuaid" not in as_document(blocks, "pdf")


def test_columns_in_word_have_the_given_widths() -> None:
    """Also in the grid of the table, which LibreOffice uses. Rows are not split, and the head is repeated."""
    word = as_document([Grid("A table", ("Name", "Text"), (("a", "b"),), (0.25, 0.75))], "docx")
    with ZipFile(io.BytesIO(word)) as archive:
        text = archive.read("word/document.xml").decode()
    narrow, wide = map(int, re.findall(r'<w:gridCol w:w="(\d+)"', text))

    assert 3 * narrow == pytest.approx(wide, rel=0.01)
    assert text.count("<w:cantSplit") == 2
    assert text.count("<w:tblHeader") == 1


def test_a_word_document_has_the_date_of_its_run(source: RunSource) -> None:
    """Not the date of the template."""
    with ZipFile(io.BytesIO(render(Findings(source), "docx"))) as word:
        core = word.read("docProps/core.xml").decode()
    finished = datetime.fromisoformat(str(source.manifest.finished)).astimezone(UTC)
    assert core.count(f"{finished:%Y-%m-%dT%H:%M:%S}Z") == 2


@pytest.mark.parametrize(("form", "package"), [("docx", "docx"), ("pdf", "typst")])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, form: str, package: str) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"wargame.document.{form}", raising=False)  # as in a new process
    with pytest.raises(UsageFault, match=re.escape(install_command(form))):
        as_document([], form)


@pytest.mark.slow
def test_the_sample_review_is_up_to_date(root: Path) -> None:
    """`python tools/sample_review.py` writes it again."""
    done = subprocess.run(
        [sys.executable, root / "tools" / "sample_review.py", "--check"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )

    assert (done.returncode, done.stdout.strip() + done.stderr) == (0, "")


def test_a_decision_says_how_it_was_decided(source: RunSource) -> None:
    """Short if the best score was chosen; with both scores and chances, and titles, if chance decided."""
    decisions = [row for row in Findings(source).decisions if row["choice"] != "wait"]
    best = {row["verdict"] for row in decisions if not row["by_chance"]}
    chance = {row["verdict"] for row in decisions if row["by_chance"]}

    assert best
    assert chance
    assert all(
        re.fullmatch(r"best by score, chosen with probability (under )?\d+ %|the only candidate", text) for text in best
    )
    scored = r"chance decided: it scored [+−]\d\.\d{3} against [+−]\d\.\d{3} for '([^']+)'; its chance was .* %"
    titles = {option.title for option in load("two-rivals").scenario.options.values()}
    assert all((match := re.match(scored, text)) and match[1].split(" (")[0] in titles for text in chance)


def test_the_list_of_decisions_gives_no_reason_where_chance_decided(source: RunSource) -> None:
    """The appendix says so."""
    text = render(Findings(source), "md").decode()
    listed = text[text.index("## Annex B") : text.index("## Annex C")]

    assert "Where chance decided, no reason is given." in listed
    assert "coin" not in listed


def test_figures_use_the_labels_of_the_page(source: RunSource) -> None:
    """Times have their year; no kind of the journal is among the labels."""
    drawn = {
        picture.title.split()[0].strip(":"): re.findall(r"<text[^>]*>([^<]+)</text>", svg(picture.chart))
        for make in (timeline_picture, relations_picture, escalation_picture)
        if (picture := make(Findings(source)))
    }

    assert set(drawn) == {"Timeline", "Trust", "Escalation"}
    assert {"inject", "outcome"} < set(drawn["Timeline"])
    assert any(label.endswith("hostile action") for label in drawn["Timeline"])
    assert not any("." in label for label in drawn["Timeline"])
    for labels in drawn.values():
        assert any(re.fullmatch(r"[A-Z][a-z]{2} 2030", label) for label in labels)


def test_small_figures_of_a_word_document_are_side_by_side() -> None:
    """Two in a row; the last row may have one."""
    pytest.importorskip("docx")
    from docx import Document

    chart = {"data": {"values": [{"x": 1}, {"x": 2}]}, "mark": "point", "encoding": {"x": {"field": "x"}}}
    pictures = tuple(Picture(f"Figure {n}", "Two points", chart) for n in range(3))
    (table,) = Document(io.BytesIO(docx([Figures(pictures)]))).tables
    assert [len(row.cells) for row in table.rows] == [2, 2]
    assert [cell.text for row in table.rows for cell in row.cells][:3] != ["", "", ""]


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_run_in_which_nobody_acts_has_no_section_of_decisions(tmp_path: Path, form: str) -> None:
    """Neither its title nor an empty list of decisions; the page lists its journal all the same."""
    done = inside("run", "two-rivals", "--until", "1d", "--seed", "1", "--out", "r", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = render(Findings(open_run(tmp_path / "r")), form).decode()

    assert "Decisions and their reasons" not in text
    assert "Journal" in text if form == "html" else "How to reproduce this run" in text
