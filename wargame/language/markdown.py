r"""The small part of Markdown that messages may use, as HTML without links, pictures or attributes, or as plain text.

Paragraphs, line breaks, headings (`#` to `###`), lists (`-`, `1.`), quotations (`>`), rules (`---`), `**bold**`,
`*italics*`, `` `code` `` and `\*` for a star. Everything else is text; a link `[text](address)` is written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape

from wargame.language.plain_text import clean_lines

TAGS = frozenset({"p", "br", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "strong", "em", "code"})
"""All tags that can occur in the HTML; none has an attribute."""
DEEPEST = 3
"""Quotations within quotations; what is deeper is text."""
_HEADING = re.compile(r"(#{1,3}) +(\S.*)")
_ITEM = re.compile(r"(?:[-*•]|(\d{1,3})[.)]) +(\S.*)")
_RULE = re.compile(r"(-{3,}|\*{3,})\s*")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(([^()\s]*)\)")
_INLINE = re.compile(
    r"\\([\\`*_#>\[\]-])"  # an escaped sign
    r"|`([^`\n]+)`"
    r"|\*\*(?=\S)((?:[^*\\\n]|\*(?!\*))+?)(?<=\S)\*\*"
    r"|\*(?=\S)([^*\\\n]+?)(?<=\S)\*"
)


def html(text: object) -> str:
    """The text as HTML: tags of `TAGS`, and everything else escaped."""
    return "".join(_blocks(clean_lines(text).expandtabs(4).split("\n"), 0))


def plain(text: object) -> str:
    """The text without its signs of Markdown, in lines."""
    lines = []
    for line in clean_lines(text).split("\n"):
        bare = line.strip()
        heading, quote = _HEADING.fullmatch(bare), bare.startswith(">")
        if _RULE.fullmatch(bare):
            continue
        bare = heading[2] if heading else bare.lstrip("> ") if quote else line.rstrip()
        lines.append(_INLINE.sub(lambda found: next(part for part in found.groups() if part), _written_out(bare)))
    return "\n".join(lines).strip()


def _written_out(line: str) -> str:
    """A line with its links as text."""
    return _LINK.sub(lambda found: f"{found[1]} ({found[2]})" if found[1] and found[2] else found[1] or found[2], line)


def _blocks(lines: list[str], depth: int) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        place += 1
        if not line:
            continue
        if _RULE.fullmatch(line):
            yield "<hr>"
        elif heading := _HEADING.fullmatch(line):
            tag = "h5" if heading[1] == "#" else "h6"
            yield f"<{tag}>{_inline(heading[2])}</{tag}>"
        elif line.startswith(">") and depth < DEEPEST:
            end = _end(lines, place, lambda each: each.startswith(">"))
            inside = [each.strip()[1:] for each in lines[place - 1 : end]]
            yield f"<blockquote>{''.join(_blocks(inside, depth + 1))}</blockquote>"
            place = end
        elif item := _ITEM.fullmatch(line):
            end = _end(lines, place, partial(_is_item, numbered=bool(item[1])))
            items = (_ITEM.fullmatch(each.strip()) for each in lines[place - 1 : end])
            tag = "ol" if item[1] else "ul"
            yield f"<{tag}>{''.join(f'<li>{_inline(each[2])}</li>' for each in items if each)}</{tag}>"
            place = end
        else:
            end = _end(lines, place, _continues)
            yield f"<p>{'<br>'.join(_inline(each.strip()) for each in lines[place - 1 : end])}</p>"
            place = end


def _end(lines: list[str], start: int, belongs: Callable[[str], bool]) -> int:
    """The place after the lines from `start` on that belong to a block."""
    end = start
    while end < len(lines) and belongs(lines[end].strip()):
        end += 1
    return end


def _is_item(line: str, *, numbered: bool) -> bool:
    item = _ITEM.fullmatch(line)
    return item is not None and bool(item[1]) == numbered


def _continues(line: str) -> bool:
    """Whether a line continues a paragraph."""
    return bool(line) and not (
        line.startswith(">") or _HEADING.fullmatch(line) or _ITEM.fullmatch(line) or _RULE.fullmatch(line)
    )


def _inline(line: str) -> str:
    """One line with its emphasis."""
    line, parts, start = _written_out(line), [], 0
    for found in _INLINE.finditer(line):
        parts.append(escape(line[start : found.start()]))
        sign, code, bold, italics = found.groups()
        if sign:
            parts.append(escape(sign))
        elif code:
            parts.append(f"<code>{escape(code)}</code>")
        elif bold:
            parts.append(f"<strong>{_inline(bold)}</strong>")
        else:
            parts.append(f"<em>{escape(italics)}</em>")
        start = found.end()
    parts.append(escape(line[start:]))
    return "".join(parts)
