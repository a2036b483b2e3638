"""Blocks as PDF, typeset by Typst. All text is passed as quoted strings, so that none of it is read as code."""

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import msgspec
from jinja2 import Template

from wargame.document.blocks import Grid, Photo, Picture, breakable, title_of, written
from wargame.document.formatting import minus
from wargame.document.html import asset
from wargame.document.layout import LANDSCAPE, PORTRAIT, fitted, is_wide, oriented
from wargame.document.palette import bar_colour
from wargame.errors import needs
from wargame.journal.template_cache import environment
from wargame.language.plain_text import clean

with needs("PDF needs the extra `pdf`", "pdf"):
    import typst


def pdf(blocks: Sequence[object]) -> bytes:
    """Return the document as a file, accessible as PDF/UA-1 if its headings allow it, and without damaged pictures."""
    without = [each for each in blocks if not isinstance(each, Photo)]
    for kept, accessible in ((blocks, True), (blocks, False), (without, True)):
        with suppress(typst.TypstError):
            return _typeset(kept, accessible=accessible)
    return _typeset(without, accessible=False)


def _typeset(blocks: Sequence[object], *, accessible: bool) -> bytes:
    """Typeset blocks; `accessible`: by PDF/UA-1, with headings of all levels, descriptions, heads of tables."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        macros = _template().make_module({"drawn": partial(_drawn, place), "kept": partial(_kept, place)})
        pages = ((f"#set page(flipped: {str(wide).lower()})", run) for wide, run in oriented(blocks))
        body = "\n\n".join(text for page, run in pages for text in (page, *(written(macros, each) for each in run)))
        source = place / "review.typ"
        title = quoted(title_of(blocks))
        source.write_text(
            f"#set document(title: {title}, date: none)\n{asset('preamble.typ')}\n{body}\n", encoding="utf-8"
        )
        return bytes(typst.compile(str(source), pdf_standards="ua-1" if accessible else []))


def quoted(text: str) -> str:
    """Return a text as a string of Typst, with the escapes of JSON except for four-digit ones."""
    return msgspec.json.encode(clean(text)).decode()


@cache
def _template() -> Template:
    """Return the template with a macro for each kind of block."""
    templates = environment("wargame.document", "assets", autoescape=False)
    templates.filters |= {"quoted": quoted, "colour": bar_colour, "widths": _widths, "cell": _cell, "code": _code}
    return templates.get_template("blocks.typ.j2")


def _widths(grid: Grid) -> list[str]:
    return [f"{each:.3g}fr" for each in fitted(grid, LANDSCAPE if is_wide(grid) else PORTRAIT)]


def _cell(text: str) -> str:
    return breakable(quoted(minus(text)))


def _code(text: str) -> str:
    return msgspec.json.encode("\n".join(clean(line) for line in text.splitlines())).decode()


def _drawn(place: Path, picture: Picture) -> str:
    """Draw a figure in the folder of the source; returns the name of its file."""
    from wargame.document.drawing import svg

    name = f"figure-{len(list(place.glob('*.svg'))) + 1}.svg"
    (place / name).write_text(svg(picture.chart), encoding="utf-8")
    return name


def _kept(place: Path, photo: Photo) -> str:
    """Write a picture that was sent into the folder of the source; returns the name of its file."""
    name = f"photo-{len(list(place.glob('photo-*'))) + 1}.{photo.media_type.partition('/')[2]}"
    (place / name).write_bytes(photo.data)
    return name
