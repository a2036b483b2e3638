"""Tables of results as notebooks show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

LEFT = 'style="text-align: left"'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with a caption; without heads, a list of names with their values. All texts are escaped."""
    cells = "".join(f'<th scope="col" {LEFT}>{escape(each)}</th>' for each in heads)
    head = f"<thead><tr>{cells}</tr></thead>" if heads else ""
    body = "".join("<tr>" + "".join(f"<td {LEFT}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    title = f'<caption style="text-align: left; font-weight: bold">{escape(caption)}</caption>'
    return f"<table>{title}{head}<tbody>{body}</tbody></table>"
