"""Reports that are templates: their text, with a mark at the beginning of each paragraph that is not plain.

`#` is a heading, `>` the sentence that says most, `~` a side remark, `!` a warning, `?` a hint for screens alone, `-` a
list, `$` commands. `|` is a table: its caption, heads and rows on a line each, with a bar between cells; a line that
begins with two blanks continues the one before. After the caption and a bar stand the widths of columns, if it has any.
With `||` before its caption, its rows are cards on a phone. `:` are rows without caption and heads, `=` named parts,
each name before a bar. `@` stands for the blocks of this name, such as figures, if there are any. `[` begins what a
page shows on demand below this summary, up to `]`.

A text with a look in HTML, such as `piece("strong", title)` and `record(seq)`, keeps it. `free` is for texts of people
with which a paragraph begins: they are taken as they are.
"""

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any

from jinja2 import Environment

from wargame.document import formatting
from wargame.document.blocks import Block, Bullets, Code, Fields, Fold, Grid, Heading, Paragraph
from wargame.document.formatting import Piece, Rich, StackedBar, short
from wargame.journal.template_cache import environment
from wargame.journal.wording import called, count, joined, sentence, words
from wargame.language.plain_text import clean

BAR = "\ue000"
"""Stands for a bar in what is filled in, until cells are apart."""
PLACE = re.compile("(\ue001\\d+\ue002)")
"""Stands for a text that is taken as it is, until paragraphs are apart."""
_held = ContextVar[dict[str, str]]("held")
"""The texts that are taken as they are, by their places."""


@cache
def _templates() -> Environment:
    templates = environment("wargame.review", "templates", autoescape=False, finalize=_filled)
    names = ("estimate", "exact", "interval", "linked", "p_value", "record", "records", "reference", "short")
    templates.globals |= {name: getattr(formatting, name) for name in names}
    templates.globals |= {"share": lambda value: f"{short(value, share=True)} %", "span": _span, "count": count}
    templates.globals["gap"] = lambda value, low, high: f"{short(value)} ({_span(low, high)})"
    templates.globals |= {"piece": Piece, "bar": StackedBar, "free": Free, "detail": formatting.detail}
    templates.filters |= {"joined": lambda items: joined(list(items)), "called": called, "words": words}
    templates.filters["sentence"] = sentence
    templates.filters["called_by"] = lambda names, titles: [f"'{titles[name]}'" for name in names]
    return templates


class Free(str):
    """A text of people, of which no sign is a mark, and whose blanks stay."""

    __slots__ = ()


def _filled(value: object) -> str:
    """Return a text without marks; for one that is taken as it is, its place."""
    if not isinstance(value, Piece | Rich | StackedBar | Free):
        return clean(str(value).replace(BAR, "|")).replace("|", BAR)  # a macro has filled in its own
    held = _held.get()
    held[place := f"\ue001{len(held)}\ue002"] = str(value) if isinstance(value, Free) else value
    return place if value or not isinstance(value, Free) else ""


def _span(low: float, high: float) -> str:
    return f"{short(low)} to {short(high)}"


def blocks_of(name: str, inserted: Mapping[str, Iterable[Any]] | None = None, /, **content: Any) -> list[Any]:
    """Return the blocks of a template of reports, with those that are inserted by their names."""
    before = _held.set({})
    try:
        text = _templates().get_template(name).render(content).replace("\n  ", " ")
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
    finally:
        _held.reset(before)
    return blocks


def _block(part: str) -> Block:
    mark, _, text = part.partition(" ")
    if mark in ("|", "||", ":", "="):
        lines = [_cells(line) for line in part.splitlines()]
        if mark == "=":
            return Fields(tuple((name, value) for name, value in lines))
        if mark == ":":
            return Grid("", (), tuple(lines))
        (caption, *widths), heads, *rows = lines
        return Grid(caption, heads, tuple(rows), tuple(map(float, " ".join(widths).split())), stacked=mark == "||")
    if mark == "-":
        return Bullets(tuple(_text(" ".join(item.split())) for item in text.split("\n- ")))
    if mark == "$":
        return Code("\n".join(map(_text, text.split("\n$ "))))
    words = _text(" ".join((part if mark.strip("#>~!?") else text).split()))
    if not mark.strip("#"):
        return Heading(len(mark), words)
    marks = {name: sign in mark for name, sign in MARKS.items() if not mark.strip(">~!?")}
    return Paragraph(words, **marks)


MARKS = {"quiet": "~", "lead": ">", "alarm": "!", "screen": "?"}
"""The marks of paragraphs."""


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_text(cell.strip()) for cell in f"{line.partition(' ')[2]} ".split(" | "))


def _text(filled: str) -> str:
    """Return a text with what was held; one of several parts keeps their looks."""
    held = _held.get()
    parts = [held.get(part, part.replace(BAR, "|")) for part in PLACE.split(filled) if part]
    return Rich(*parts) if parts[1:] else next(iter(parts), "")


def answer_of(blocks: list[Block]) -> str:
    """Return the sentence that says most."""
    return next(block.text for block in blocks if isinstance(block, Paragraph) and block.lead)
