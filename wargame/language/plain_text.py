"""Text of scenarios and people without characters that a terminal, browser or word processor would act upon."""

import re
import unicodedata
from math import nan

JOINERS = "\u200c\u200d"
"""Characters without width that some scripts need within words; they change nothing else."""
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")
"""An escaped character in a string of JSON, with its number if it has one."""


def clean(text: object, *, lines: bool = False) -> str:
    """Return the text with a space for each control, direction or other invisible character; `lines` keeps newlines."""
    allowed = JOINERS + "\n" if lines else JOINERS
    whole = str(text)
    if whole.isprintable():
        return whole
    return "".join(char if char.isprintable() or char in allowed else " " for char in whole)


def clean_lines(text: object) -> str:
    """Return the same for text of several lines: line breaks are kept."""
    return clean(text, lines=True)


def clean_json(document: str) -> str:
    """Return a JSON document in one line whose strings are clean, apart from line breaks and tabs."""
    return _ESCAPED.sub(_unescaped, clean(document))


def escape_json(document: str) -> str:
    """Return a JSON document with the same content, in which characters that are not clean are escaped."""
    if document.replace("\n", "").isprintable():
        return document
    return "".join(char if char.isprintable() or char == "\n" else _escape(char) for char in document)


def _escape(char: str) -> str:
    """Return the escapes of a character: its number, or the numbers of both halves of a pair."""
    pair = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pair[at : at + 2].hex()}" for at in range(0, len(pair), 2))


def _unescaped(match: re.Match[str]) -> str:
    """Return a space for an escaped character that is not clean; halves of a pair stay."""
    char = chr(int(match[1], 16)) if match[1] else "x"
    return match[0] if "\ud800" <= char <= "\udfff" or clean(char) == char else " "


def folded_name(name: str) -> str:
    """Return what two names have in common that look the same: without capitals, widths and repeated spaces."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def number_in(text: str) -> float:
    """Return the number that a text is; NaN if it is none."""
    try:
        return float(text)
    except ValueError:
        return nan
