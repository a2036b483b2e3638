"""The claims in the report of the batch that was played for them, from the `claims.json` beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import Invalid, Problem
from wargame.evidence.claims import text as telling
from wargame.review.document.blocks import Block, Bullets, Grid, Heading, Paragraph

FILE = "claims.json"
Told = dict[str, Any]


def has_claims(path: Path) -> bool:
    """Whether a batch was played for claims."""
    return (path / FILE).is_file()


def claims_of(path: Path) -> Told | None:
    """The claims that a batch was played for, with their verdicts, if it was; Invalid if the file is damaged."""
    if not has_claims(path):
        return None
    try:
        found = msgspec.json.decode((path / FILE).read_bytes(), type=Told)
        telling.total(found)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise _damaged(path, error) from None
    return found


def of_claims(path: Path) -> list[Block]:
    """What was claimed, and the verdicts; nothing for a batch without claims. Invalid if the file is damaged."""
    found = claims_of(path)
    try:
        return [] if found is None else list(_blocks(found))
    except (ValueError, LookupError, TypeError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> Invalid:
    return Invalid([Problem(str(path / FILE), 0, 0, f"cannot be read: {error}", "test the claims again")])


def _blocks(found: Told) -> Iterator[Block]:
    yield Heading(2, "The claims")
    yield Paragraph(telling.total(found))
    yield Grid(
        "Each claim with its measures: contrast of arms with its 95 % interval, what was expected, verdict",
        ("Claim or measure", "Contrast", "Estimate", "Expected", "Verdict", "Runs needed"),
        tuple(_rows(found)),
        (0.3, 0.18, 0.2, 0.11, 0.13, 0.08),
    )
    yield Bullets(tuple(telling.notes(found)))
    if found["labels"]:
        yield Grid(
            "How much of the points shows what is expected",
            ("Measure", "Plausible ranges", "Random policy", "Random preferences"),
            tuple(_shares(found)),
            (0.46, 0.18, 0.18, 0.18),
        )


def _shares(found: Told) -> Iterator[tuple[str, ...]]:
    for claim in found["claims"]:
        for each in claim["measures"]:
            shares = [each["shares"][kind] for kind in ("ranges", "random_policy", "random_preferences")]
            told = ["" if share is None else f"{share:.2f}" for share in shares]
            yield f"{claim['id']} {each['measure']}, {telling.contrast(each)}", *told


def _rows(found: Told) -> Iterator[tuple[str, ...]]:
    for claim in found["claims"]:
        yield f"{claim['id']} {claim['statement']}", "", "", "", _verdict(claim), ""
        for each in claim["measures"]:
            told = (telling.contrast(each), telling.value(each), telling.expected(each), _verdict(each))
            yield each["measure"], *told, telling.needed(each)


def _verdict(row: Told) -> str:
    return f"{row['verdict']}, {row['label']}" if row["label"] else str(row["verdict"])
