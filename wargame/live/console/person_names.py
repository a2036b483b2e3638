"""Names under which people join: each is the name of one person, and cannot be taken for a number or for another."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

from wargame.errors import UsageFault, shortened
from wargame.language.plain_text import clean

LONGEST_NAME = 60
"""Characters of a name."""
RESERVED = frozenset(
    {
        *("facilitator", "the facilitator", "scribe", "the scribe", "evaluator", "screen", "excon", "white cell"),
        *("deputy", "seat", "lobby", "all"),
    }
)
"""Words of commands, and names under which others appear in the review."""
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Characters that count as printable and show nothing; beside them, U+FE00 to U+FE0F and U+E0100 to U+E01EF."""


def name_key(name: str) -> str:
    """What two names have in common that look the same: without capitals, widths and repeated spaces."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def person_name(text: str, present: Mapping[int, str], governments: Collection[str]) -> str:
    """The name in one line; UsageFault if it is empty, too long, invisible, a number, a word of commands, or taken.

    `present` has the names of those who have joined, by number.
    """
    plain, key = " ".join(text.split()), name_key(text)
    said = f"'{shortened(clean(plain), 40)}'"
    if not plain or len(plain) > LONGEST_NAME:
        raise UsageFault(f"a name has 1 to {LONGEST_NAME} characters")
    if hidden := next((each for each in plain if _is_hidden(each)), ""):
        raise UsageFault(f"the name has a character that cannot be seen, U+{ord(hidden):04X}: type it without")
    if all(each.isnumeric() for each in key.lstrip("p# ").replace(" ", "") or "x"):
        raise UsageFault(f"{said} is a number, and not the name of a person: numbers are given by the server")
    if key in RESERVED or key in {each.casefold() for each in governments}:
        raise UsageFault(f"{said} is not the name of a person: it means a seat, a role or all (write your own name)")
    number = next((number for number, name in present.items() if name_key(name) == key), None)
    if number is not None:
        remedy = "add something to your name, or ask the facilitator to remove that number if it is you"
        raise UsageFault(f"{said} has joined already, as number {number}: {remedy}")
    return plain


def _is_hidden(character: str) -> bool:
    code = ord(character)
    variation = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return character in BLANK or variation or not character.isprintable()
