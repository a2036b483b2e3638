"""Blocks on a terminal and in a pipe: nothing is cut, and titles of rows are titles in each format."""

from __future__ import annotations

import io

import pytest
from docx import Document
from rich.console import Console

from wargame.document.blocks import Bullets, Code, Figures, Grid, Heading, Paragraph, Picture, next_steps
from wargame.document.docx import docx
from wargame.document.html import blockpage
from wargame.document.markdown import text
from wargame.document.pdf import pdf
from wargame.document.terminal import print_blocks

TITLED = Grid("Estimates", ("Arm", "Estimate"), (("p(war)",), ("quiet", "0.5 (0.4 to 0.6)"), ("loud", "0.75")))


def printed(*blocks: object, width: int = 80) -> str:
    """What a pipe of this width receives."""
    file = io.StringIO()
    print_blocks(Console(file=file, width=width), blocks)
    return file.getvalue()


def test_titles_of_rows_are_above_indented_rows() -> None:
    """The columns are as wide as their cells; no line ends with blanks."""
    assert printed(TITLED) == "Estimates\n  Arm    Estimate\np(war)\n  quiet  0.5 (0.4 to 0.6)\n  loud   0.75\n"


def test_titled_rows_too_wide_for_a_line_are_told_in_two() -> None:
    """The head of a column is before its cell; an empty cell is left out."""
    wide = Grid(
        "Estimates",
        ("Arm", "Estimate", "Runs"),
        (("p(war)",), ("quiet", "0.5 (0.4 to 0.6)", "12"), ("loud", "0.75", "")),
    )
    lines = "Estimates\np(war)\n  quiet\n    estimate 0.5\n    (0.4 to 0.6);\n    runs 12\n  loud\n    estimate 0.75\n"
    assert printed(wide, width=20) == lines


def test_titled_rows_of_two_columns_stay_a_table() -> None:
    """The second column is wrapped."""
    assert "  quiet  0.5 (0.4 to\n         0.6)\n" in printed(TITLED, width=20)


def test_the_widest_cells_are_wrapped_first_and_none_is_cut() -> None:
    """A short column keeps its width."""
    sentence = "a sentence of several words that is far too long"
    shown = printed(Grid("", ("Id", "What"), (("first_id", sentence),)), width=30).splitlines()
    assert all(len(line) <= 30 for line in shown)
    assert shown[1].startswith("first_id  a sentence")
    assert " ".join(line[10:] for line in shown[1:]) == sentence


def test_heads_have_the_room_that_cells_leave() -> None:
    """A long head of a narrow column takes no more lines than the width of the terminal makes necessary."""
    grid = Grid("", ("Arm", "Runs to halve it", "95 % interval"), (("no_patrols", "44", "0.2 to 0.3"),))
    heights = {width: len(printed(grid, width=width).splitlines()) for width in (43, 42, 32, 31, 30)}
    assert heights == {43: 2, 42: 3, 32: 3, 31: 4, 30: 5}
    assert (
        printed(Grid("", (), (("no_patrols", "0.2 to 0.3"),)), width=15)
        == "no_patrols  0.2\n            to\n            0.3\n"
    )
    assert printed(grid, width=42).splitlines()[:2] == ["Arm         Runs to   95 %", "            halve it  interval"]


def test_an_empty_table_says_none() -> None:
    """Without a caption nothing is printed."""
    assert printed(Grid("Failures", ("Run",), ())) == "Failures\n  none\n"
    assert printed(Grid("", ("Run",), ())) == ""


def test_parts_are_separated_and_figures_left_out() -> None:
    """A blank line is before a heading and around a table, and none after a heading."""
    picture = Picture("P", "D", {})
    blocks = (
        Heading(1, "One"),
        Paragraph("Text."),
        Figures((picture,)),
        Heading(2, "Two"),
        TITLED,
        Bullets(("a", "b")),
    )
    lines = printed(*blocks).splitlines()
    assert lines[:5] == ["One", "Text.", "", "Two", "Estimates"]
    assert lines[-3:] == ["", "- a", "- b"]


def test_commands_are_not_wrapped() -> None:
    """They can be copied, and what they do is a comment of the shell."""
    steps = next_steps([("wargame show runs/one", "prints it again"), ("wargame report x", "writes " + "it " * 40)])
    first, second = printed(steps, width=40).splitlines()
    assert first == "wargame show runs/one  # prints it again"
    assert second.startswith("wargame report x       # writes it it")


def test_control_characters_are_not_printed() -> None:
    """In no block."""
    bad = "a\x1b[31mb"
    blocks = (Heading(1, bad), Paragraph(bad), Bullets((bad,)), Code(bad), Grid(bad, (bad,), ((bad,),)))
    assert "\x1b" not in printed(*blocks)


def test_a_title_of_rows_spans_the_table_in_each_format() -> None:
    """In Markdown its other cells are empty; in Word and HTML it is one cell."""
    document = [Heading(1, "R"), TITLED]
    assert "| **p(war)** |  |" in text(document)
    assert b'<th scope="rowgroup" colspan="2">p(war)</th>' in blockpage(document)
    row = Document(io.BytesIO(docx(document, "2030-01-01T00:00:00+00:00"))).tables[0].rows[1]
    assert row.cells[0]._tc is row.cells[1]._tc


@pytest.mark.slow
def test_a_title_of_rows_is_typeset() -> None:
    """Typst accepts the table."""
    assert pdf([Heading(1, "R"), TITLED]).startswith(b"%PDF")


def test_a_grouped_table_has_its_first_column_as_titles() -> None:
    """A title is not repeated."""
    flat = Grid("C", ("M", "A", "E"), (("p", "x", "1"), ("p", "y", "2"), ("q", "x", "3")))
    assert flat.grouped() == Grid("C", ("A", "E"), (("p",), ("x", "1"), ("y", "2"), ("q",), ("x", "3")))
