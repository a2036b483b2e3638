"""Reports that are templates: their text, with a mark at the beginning of each paragraph that is not plain.

`#` is a heading, `>` the sentence that says most, `~` a side remark, `!` a warning, `-` a list; `|` a table: its
caption, heads and rows on a line each, with a bar between cells. After the caption and a bar stand the widths of
columns, if it has any. `=` are named parts, each name before a bar. `@` stands for the
blocks of this name, such as figures, if there are any. `[` begins
what a page shows on demand below this summary, up to `]`.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment

from wargame.document.blocks import Block, Bullets, Fields, Fold, Grid, Heading, Paragraph
from wargame.document.formatting import estimate, exact, interval, p_value, short
from wargame.journal.template_cache import environment
from wargame.journal.wording import called, count, joined
from wargame.language.plain_text import clean

BAR = "\ue000"
"""Stands for a bar in what is filled in, until cells are apart."""


@cache
def _templates() -> Environment:
    templates = environment("wargame.review", "templates", autoescape=False, finalize=_filled)
    numbers = {"estimate": estimate, "exact": exact, "interval": interval, "p_value": p_value, "short": short}
    templates.globals |= numbers | {"share": _share, "span": _span, "gap": _gap, "count": count}
    templates.filters |= {"joined": lambda items: joined(list(items)), "called": called, "called_by": _called_by}
    return templates


def _called_by(names: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    return [titles[name] for name in names]


def _filled(value: object) -> str:
    return clean(value).replace("|", BAR)


def _share(value: float) -> str:
    return f"{short(value, share=True)} %"


def _span(low: float, high: float) -> str:
    return f"{short(low)} to {short(high)}"


def _gap(value: float, low: float, high: float) -> str:
    return f"{short(value)} ({_span(low, high)})"


def blocks_of(name: str, inserted: Mapping[str, Iterable[Any]] | None = None, /, **content: Any) -> list[Any]:
    """Return the blocks of a template of reports, with those that are inserted by their names."""
    text = _templates().get_template(name).render(content)
    blocks, fold = list[Any](), None
    for part in (part.strip() for part in text.split("\n\n") if part.strip()):
        if part.startswith("[ "):
            fold, blocks = (_text(part[2:]), blocks), []
        elif part == "]" and fold is not None:
            blocks = [*fold[1], Fold(fold[0], tuple(blocks))]
        elif part.startswith("@ "):
            blocks += (inserted or {}).get(part[2:], ())
        else:
            blocks.append(_block(part))
    return blocks


def _block(part: str) -> Block:
    mark, _, text = part.partition(" ")
    if mark in ("|", "="):
        lines = [tuple(_text(cell.strip()) for cell in f"{line[2:]} ".split(" | ")) for line in part.splitlines()]
        if mark == "=":
            return Fields(tuple((name, value) for name, value in lines))
        (caption, *widths), heads, *rows = lines
        return Grid(caption, heads, tuple(rows), tuple(map(float, " ".join(widths).split())))
    if mark == "-":
        return Bullets(tuple(_text(" ".join(item.split())) for item in part[2:].split("\n- ")))
    words = _text(" ".join((part if mark.strip("#>~!") else text).split()))
    if not mark.strip("#"):
        return Heading(len(mark), words)
    return Paragraph(words, quiet=mark == "~", lead=mark == ">", alarm=mark == "!")


def _text(filled: str) -> str:
    return filled.replace(BAR, "|")


def answer_of(blocks: list[Block]) -> str:
    """Return the sentence that says most."""
    return next(block.text for block in blocks if isinstance(block, Paragraph) and block.lead)
