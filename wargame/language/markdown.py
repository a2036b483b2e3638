r"""Markdown of messages, as HTML without links, pictures or attributes, or as plain text.

The rules are CommonMark's for paragraphs, headings, lists, quotations, rules, bold, italics, code and `\*` for a star,
and each line break is kept. Everything else is text; a link `[text](address)` is written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from wargame.language.plain_text import clean_lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = frozenset({"p", "br", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "strong", "em", "code"})
"""All tags that can occur in the HTML; none has an attribute."""
_RULES = ("heading", "list", "blockquote", "hr", "escape", "backticks", "emphasis", "link", "image", "newline")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 0.1 s

    return MarkdownIt("zero", {"maxNesting": 100}).enable(_RULES)


def html(text: object) -> str:
    """Return the text as HTML: tags of `TAGS`, and everything else escaped."""
    return "".join(_html(_parser().parse(clean_lines(text))))


def plain(text: object) -> str:
    """Return the text without the signs of Markdown, in its lines; items of lists keep their marks."""
    lines, mark, depth, end = list[str](), "", 0, 0
    for token in _parser().parse(clean_lines(text)):
        depth += token.nesting * token.type.startswith(("bullet_list", "ordered_list"))
        if token.type == "list_item_open":
            mark = f"{'  ' * (depth - 1)}{token.info}{token.markup} "
        elif token.type == "inline" and token.map:
            lines += [""] * (token.map[0] - end) if lines else []
            lines.append(mark + "".join(_inline(token.children or ())))
            mark, end = "", token.map[1]
    return "\n".join(lines)


def _html(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from map(_tagged, token.children or (), _inline(token.children or ()))
        elif not token.hidden:
            yield _tagged(token, "")


def _tagged(token: Token, text: str) -> str:
    """Return the tag of a token, or its text where the token has no tag or a tag that is not allowed."""
    from html import escape  # most commands show no Markdown

    tag = {"h1": "h5"}.get(token.tag, "h6" if token.type.startswith("heading") else token.tag)
    if tag not in TAGS:
        return escape(text)
    return f"</{tag}>" if token.nesting < 0 else f"<{tag}>{escape(text)}</{tag}>" if token.content else f"<{tag}>"


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the text of each token: a line break for a break, and the address of a link after its text."""
    address, shown = "", ""
    for token in tokens:
        text = token.content
        if token.type == "link_open":
            address, shown = str(token.attrs["href"]), ""
        elif token.type == "link_close":
            text = f" ({address})" if shown and address else address
        elif token.type == "image":
            source = str(token.attrs["src"])
            text = f"{text} ({source})" if text and source else text or source
        elif token.tag == "br":
            text = "\n"
        shown += text
        yield text
