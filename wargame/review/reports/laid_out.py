"""Reports that are templates: their text, with a mark at the beginning of each paragraph that is not plain.

`#` is a heading, `>` the sentence that says most, `~` a side remark, `-` a list; `|` a table: its caption, heads and
rows on a line each, with a bar between cells. After the caption and a bar stand the widths of columns, if it has any.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment

from wargame.document.blocks import Block, Bullets, Grid, Heading, Paragraph
from wargame.document.formatting import short
from wargame.journal.template_cache import environment
from wargame.journal.wording import called, count, joined
from wargame.language.plain_text import clean


@cache
def _templates() -> Environment:
    templates = environment("wargame.review", "templates", autoescape=False, finalize=_filled)
    templates.globals |= {"short": short, "share": _share, "span": _span, "gap": _gap, "count": count}
    templates.filters |= {"joined": lambda items: joined(list(items)), "called": called, "called_by": _called_by}
    return templates


def _called_by(names: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    return [titles[name] for name in names]


def _filled(value: object) -> str:
    return clean(value).replace("|", "/")


def _share(value: float) -> str:
    return f"{short(value, share=True)} %"


def _span(low: float, high: float) -> str:
    return f"{short(low)} to {short(high)}"


def _gap(value: float, low: float, high: float) -> str:
    return f"{short(value)} ({_span(low, high)})"


def blocks_of(name: str, **content: Any) -> list[Block]:
    """Return the blocks of a template of reports."""
    text = _templates().get_template(name).render(content)
    return [_block(part.strip()) for part in text.split("\n\n") if part.strip()]


def _block(part: str) -> Block:
    mark, _, text = part.partition(" ")
    if mark == "|":
        (caption, *widths), heads, *rows = (
            tuple(map(str.strip, f"{line[2:]} ".split(" | "))) for line in part.splitlines()
        )
        return Grid(caption, heads, tuple(rows), tuple(map(float, " ".join(widths).split())))
    if mark == "-":
        return Bullets(tuple(" ".join(item.split()) for item in part[2:].split("\n- ")))
    line = " ".join(text.split())
    if mark and not mark.strip("#"):
        return Heading(len(mark), line)
    return Paragraph(line if mark in ">~" else " ".join(part.split()), quiet=mark == "~", lead=mark == ">")


def answer_of(blocks: list[Block]) -> str:
    """Return the sentence that says most."""
    return next(block.text for block in blocks if isinstance(block, Paragraph) and block.lead)
