"""The text of a document in any format, as lines: a paragraph has one cell, a row of a table several."""

from __future__ import annotations

import html
import io
import re
from html.parser import HTMLParser

Line = tuple[str, ...]
BLOCKS = frozenset(
    {
        *("p", "li", "h1", "h2", "h3", "h4", "h5", "dt", "dd", "div", "section", "summary", "details", "figcaption"),
        *(
            "caption",
            "ul",
            "ol",
            "dl",
            "table",
            "header",
            "footer",
            "nav",
            "main",
            "article",
            "body",
            "pre",
            "blockquote",
        ),
    }
)
SILENT = frozenset({"script", "style", "template", "svg", "title", "head"})


def text_lines(content: bytes, kind: str) -> list[Line]:
    """The lines of a document of this format: `html`, `md` or `docx`."""
    return {"html": _html, "md": _markdown, "docx": _word}[kind](content)


def rows_below(lines: list[Line], *heads: str) -> list[Line]:
    """The rows of the tables whose head begins with these cells, in any of the documents' orders."""
    rows: list[Line] = []
    for place, line in enumerate(lines):
        if line[: len(heads)] == heads:
            for row in lines[place + 1 :]:
                if len(row) != len(line):
                    break
                rows.append(row)
    return rows


def plain(lines: list[Line]) -> str:
    """All text, with one space between words and a line break after each line."""
    return "\n".join(" | ".join(line) for line in lines)


def _words(text: str) -> str:
    return " ".join(text.split())


# --- Markdown ----------------------------------------------------------------------------------------------------


def _markdown(content: bytes) -> list[Line]:
    lines: list[Line] = []
    for raw in content.decode("utf-8").splitlines():
        if raw.startswith("| ---") or not raw.strip():
            continue
        if raw.startswith("|"):
            cells = re.split(r"(?<!\\)\|", raw.strip()[1:-1])
            lines.append(tuple(_bare(cell) for cell in cells))
        else:
            lines.append((_bare(re.sub(r"^\s*(#+|-|\d+\.) ", "", raw)),))
    return lines


def _bare(text: str) -> str:
    """The text without the marks of Markdown."""
    text = re.sub(r"\\$", "", text.strip())
    text = re.sub(r"(?<!\\)[*`]+", "", text)
    return _words(html.unescape(re.sub(r"\\([^A-Za-z0-9\s])", r"\1", text)))


# --- Word --------------------------------------------------------------------------------------------------------


def _word(content: bytes) -> list[Line]:
    from docx import Document
    from docx.table import Table

    lines: list[Line] = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            lines += [tuple(_visible(cell.text) for cell in row.cells) for row in block.rows]
        elif text := _visible(block.text):
            lines.append((text,))
    return lines


def _visible(text: str) -> str:
    """The text without the characters that let a word break."""
    return _words(text.replace("\u200b", ""))


# --- HTML --------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._text: list[str] = []
        self._row: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        elif tag == "tr":
            self._end()
            self._row = []
        elif tag in ("td", "th"):
            self._text = []
        elif tag == "br" or (tag in BLOCKS and self._row is not None):
            self._text.append(" ")
        elif tag in BLOCKS:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        elif tag in ("td", "th") and self._row is not None:
            self._row.append(_words("".join(self._text)))
            self._text = []
        elif tag == "tr" and self._row is not None:
            self.lines.append(tuple(self._row))
            self._row = None
        elif tag in BLOCKS and self._row is None:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)

    def _end(self) -> None:
        if self._row is None and (text := _words("".join(self._text))):
            self.lines.append((text,))
        self._text = []


def _html(content: bytes) -> list[Line]:
    page = _Page()
    page.feed(content.decode("utf-8"))
    return page.lines
