"""The meaning of the words of sheets of other makers, in English, French, German and Spanish.

The words are in `vocabulary.yaml`: headings, types of rows, channels, recipients.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from wargame.errors import among, shortened
from wargame.sheets.foreign_times import is_time
from wargame.sheets.table import Table, plain_heading
from wargame.tables import tables

VOCABULARY: dict[str, Any] = tables("sheets/vocabulary.yaml")


def _plain(written: str) -> tuple[str, ...]:
    """Return the words of a list, plain and without blanks."""
    return tuple(dict.fromkeys(plain_heading(word) for word in written.split(",")))


@cache
def words(key: str) -> tuple[str, ...]:
    """Return the plain words of a list, such as `all_players`."""
    return _plain(VOCABULARY[key])


@cache
def words_of(key: str) -> dict[str, tuple[str, ...]]:
    """Return the plain words of several lists by their names, in `kinds` or `channels`."""
    return {name: _plain(written) for name, written in VOCABULARY[key].items()}


@cache
def _headings() -> dict[str, list[tuple[str, int]]]:
    """Return for each plain heading the fields that it may stand for, each with 0 if it is a usual one, or 1."""
    known: dict[str, list[tuple[str, int]]] = {}
    for name, ranks in VOCABULARY["headings"].items():
        for rank, written in enumerate(ranks.values()):
            for heading in _plain(written):
                known.setdefault(heading, []).append((name, rank))
    return known


PROFILES: dict[str, dict[str, str]] = VOCABULARY["layouts"]
"""By the name of a tool, its headings in their order, each with its field."""


def profile(name: str) -> Mapping[str, str]:
    """Return the profile of this name; UsageFault for another one."""
    return PROFILES[among(name, sorted(PROFILES), f"there is no profile '{shortened(name)}'", "the profiles are")]


def detect(headings: Sequence[str]) -> Mapping[str, str] | None:
    """Return the profile with most of the headings, at least half of its headings; None if none fits."""
    here = {plain_heading(heading) for heading in headings if heading}
    shares = {name: sum(plain_heading(each) in here for each in known) / len(known) for name, known in PROFILES.items()}
    best = max(shares, key=lambda name: shares[name])
    return PROFILES[best] if shares[best] > 0.5 else None


def channel_of(written: str) -> tuple[str, str]:
    """Return the channel that a text stands for, and the part of the text that says so; both empty if none does."""
    parts = (written, *re.split(r"[,;/\n]| and | & | und | et | y ", written), *written.split())
    found = (
        (name, part) for part in parts for name, known in words_of("channels").items() if plain_heading(part) in known
    )
    return next(found, ("", ""))


NOTE, EXTRA_NOTE = "notes", "note"
"""`notes` is the column of notes itself; a `note` column is added to the notes under its heading."""
KEPT = frozenset({EXTRA_NOTE, "wall", "status"})
"""Fields that an inject does not have: their cells are kept in the notes under their heading."""
FIELDS = tuple(VOCABULARY["headings"])
"""The fields of a column. `when` is game time, with `day` beside it; `wall` is the time of delivery in the room."""


def field_titles() -> list[tuple[str, str]]:
    """Return all fields with what people read for them."""
    return [(name, VOCABULARY["titles"].get(name, name)) for name in FIELDS]


def fields_of_heading(heading: str) -> list[tuple[str, int]]:
    """Return the fields that a heading may stand for, each with 0 if it is the usual one, or 1; empty if unknown."""
    known = _headings()
    return next((known[name] for name in _names(heading) if name in known), [])


def _names(heading: str) -> Iterator[str]:
    """Yield a heading in the forms to look it up: as a whole, without what is in parentheses, and each alternative."""
    written = re.sub(r"#|№", " number ", heading.casefold().replace("n°", "no"))
    written = re.sub(r"(?<!^)\bnumber\s*$", "number", written)
    short = re.sub(r"\(s\)|\([^)]*\)|\[[^\]]*\]", " ", written.replace("(s)", "s"))
    yield plain_heading(written)
    yield plain_heading(short)
    yield plain_heading(re.sub(r"s\b", "", short))
    parts = re.split(r"[/|\n]| - ", short)
    yield from (plain_heading(part) for part in parts if len(parts) > 1)


MOST_TITLE_ROWS = 20
"""Rows above the headings that are looked through, such as a title, a classification, an empty line."""
FEWEST = 3
"""Known headings that a row below others needs to be taken for the headings."""


def with_headings(table: Table) -> Table:
    """Return the sheet from the row, or the two rows, with the most known headings on; the first of equals."""
    best, most = table, known_fields(table.headings)
    for count in range(1, min(len(table.rows), MOST_TITLE_ROWS) + 2):
        row = table.headings if count == 1 else table.rows[count - 2]
        two = _both(table, count)
        for headings, rows in ((row, count), *([(two, count + 1)] if two else [])):
            known = known_fields(headings)
            if known > most and (known >= FEWEST or rows <= 2):
                best, most = table.headed(rows, headings), known
    return best


def _both(table: Table, count: int) -> tuple[str, ...] | None:
    """Return the headings that the row `count` and the next one give together; None if there is no next one."""
    if count > len(table.rows):
        return None
    upper = list(table.headings if count == 1 else table.rows[count - 2])
    for first, left, last, right in table.merged:
        if first <= count - 2 <= last and left < len(upper):
            upper[left : right + 1] = [upper[left]] * (right + 1 - left)
    return tuple(_together(*pair) for pair in zip(upper, table.rows[count - 1], strict=True))


def _together(upper: str, lower: str) -> str:
    """Return the heading of two cells: both if this is a known one, else the lower one."""
    both = f"{upper} {lower}".strip()
    return both if fields_of_heading(both) or not lower else lower


def looks_like_headings(headings: Sequence[str]) -> bool:
    """Return whether a row can be one of headings: it has no numbers and no times."""
    return not any(re.fullmatch(r"[\d.,]+", heading) or is_time(heading) for heading in headings if heading)


def known_fields(headings: Sequence[str]) -> int:
    """Return how many fields of an inject these headings name; 0 without a title or a message, or for a row of data."""
    if not looks_like_headings(headings):
        return 0
    found = {fields[0][0] for heading in headings if heading and (fields := fields_of_heading(heading))}
    words = {name for heading in headings if heading for name, _ in fields_of_heading(heading)}
    return len(found - {EXTRA_NOTE}) if words & {"title", "message"} else 0
