"""The first wall of the expression language: only its own tokens pass, so nothing else can be written.

No dot outside a number, no colon, no brace, no backslash, no Python keyword but five: neither attribute,
lambda, comprehension, walrus nor f-string has a spelling.
"""

from __future__ import annotations

import keyword
import re

MAX_DEPTH = 30
"""Levels of nesting, of brackets and of the tree."""

WORDS = frozenset({"and", "or", "not", "if", "else"})

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![\w.])
      | (?P<name>[A-Za-z][A-Za-z0-9_]*)(?!["'])
      | (?P<quoted>"[A-Za-z0-9_\-]+"|'[A-Za-z0-9_\-]+')(?!["'])
      | (?P<open>[(\[]) | (?P<close>[)\]])
      | (?P<operator>\*\*|//|<=|>=|==|!=|[<>+\-*/,])""",
    re.VERBOSE | re.ASCII,
)
_INSTEAD = {
    "&": "write 'and'",
    "|": "write 'or'",
    "!": "write 'not', or != to compare",
    "=": "write == to compare",
    "^": "write ** for a power",
    ".": "names have no dots; numbers are written 0.5",
}


class ExpressionError(ValueError):
    """Not an expression of the language. `column` counts from 1 within its text."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def scan(text: str) -> None:
    """Refuses every token that the language does not have, and brackets nested too deep for Python's parser."""
    place = depth = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _foreign(text, place)
        kind, word = match.lastgroup, match[0]
        if word == "//" or (kind == "name" and keyword.iskeyword(word) and word not in WORDS):
            raise _not_part(word, place)
        depth += (kind == "open") - (kind == "close")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"brackets nested deeper than {MAX_DEPTH}", place + 1)
        place = match.end()


def _foreign(text: str, place: int) -> ExpressionError:
    """The error for a place where no token of the language begins."""
    word = re.match(r"\w+", text[place:], re.ASCII)
    token = word[0][:40] if word else text[place]
    if token[0] in "\"'":
        return ExpressionError(
            "a text in quotes may hold letters, digits, _ and -, and nothing before the quotes", place + 1
        )
    if token[0].isdigit():
        return ExpressionError(
            f"'{token}' is neither a number nor a name; an id that looks like this needs quotes", place + 1
        )
    return _not_part(token, place)


def _not_part(token: str, place: int) -> ExpressionError:
    instead = "write 1 or 0" if token in {"True", "False"} else _INSTEAD.get(token, "")
    shown = token if token.isprintable() else ascii(token)[1:-1]
    return ExpressionError(f"'{shown}' is not part of the language" + (f"; {instead}" if instead else ""), place + 1)


def quoted(name: str) -> str:
    """The id as the language writes it: in quotes if Python would read it otherwise."""
    return name if name.isidentifier() and not keyword.iskeyword(name) else f'"{name}"'
