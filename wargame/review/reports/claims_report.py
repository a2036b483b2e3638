"""The claims in the report of the batch that tested them, from its `claims.json`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wargame.document.blocks import Block, Bullets, Grid, Heading, Paragraph
from wargame.errors import Invalid, Problem
from wargame.evidence.claims import text as telling
from wargame.evidence.claims.shapes import ClaimsFile
from wargame.journal.decoding import Undecodable, check_shape, decode
from wargame.journal.inputs import LARGE, read_input

FILE = "claims.json"
Data = dict[str, Any]


def has_claims(path: Path) -> bool:
    """Whether a batch tests claims."""
    return (path / FILE).is_file()


def claims_of(path: Path) -> Data | None:
    """The claims of a batch with their verdicts, None if it has none. Raises Invalid if the file is damaged."""
    if not has_claims(path):
        return None
    try:
        claims = decode(read_input(path / FILE, LARGE), Data)
        check_shape(claims, ClaimsFile)
    except (OSError, Undecodable) as error:
        message = f"cannot be read: {error}"
        raise Invalid([Problem(str(path / FILE), 0, 0, message, "run wargame claims again")]) from None
    return claims


def of_claims(path: Path) -> list[Block]:
    """The claims and verdicts; nothing for a batch without claims. Raises Invalid if the file is damaged."""
    claims = claims_of(path)
    return [] if claims is None else list(_blocks(claims))


def _blocks(claims: Data) -> Iterator[Block]:
    yield Heading(2, "Claims")
    yield Paragraph(telling.total(claims))
    yield Grid(
        "Claims and their measures: contrast of arms with 95 % interval, expected sign, verdict",
        ("Claim or measure", "Contrast", "Estimate", "Expected", "Verdict", "Runs needed"),
        tuple(_rows(claims)),
        (0.3, 0.18, 0.2, 0.11, 0.13, 0.08),
    )
    yield Bullets(tuple(telling.notes(claims)))
    if claims["labels"]:
        yield Grid(
            "Share of points with the expected sign",
            ("Measure", "Plausible ranges", "Random policy", "Random preferences"),
            tuple(_shares(claims)),
            (0.46, 0.18, 0.18, 0.18),
        )


def _shares(claims: Data) -> Iterator[tuple[str, ...]]:
    for claim in claims["claims"]:
        for each in claim["measures"]:
            shares = [each["shares"][kind] for kind in ("ranges", "random_policy", "random_preferences")]
            cells = ["" if share is None else f"{share:.2f}" for share in shares]
            yield f"{claim['id']} {each['measure']}, {telling.contrast(each)}", *cells


def _rows(claims: Data) -> Iterator[tuple[str, ...]]:
    for claim in claims["claims"]:
        yield f"{claim['id']} {claim['statement']}", "", "", "", _verdict(claim), ""
        for each in claim["measures"]:
            cells = (telling.contrast(each), telling.value(each), telling.expected(each), _verdict(each))
            yield each["measure"], *cells, telling.needed(each)


def _verdict(row: Data) -> str:
    return f"{row['verdict']}, {row['label']}" if row["label"] else str(row["verdict"])
