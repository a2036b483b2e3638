"""The claims of a scenario with their verdicts, from `claims.json`: for terminals, reports and pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wargame.document.blocks import Block, Bullets, Grid, Heading, Paragraph
from wargame.document.formatting import short
from wargame.errors import Invalid, Problem, shortened
from wargame.evidence.claims.verdicts import CONTRADICTED, FEWEST, SUPPORTED, TOO_FEW, UNDECIDED
from wargame.executor.campaign import failure_notes
from wargame.journal.decoding import Undecodable, check_shape, decode, shape
from wargame.journal.inputs import LARGE, read_input
from wargame.journal.template_cache import paragraphs
from wargame.journal.wording import sentence
from wargame.review.reports.laid_out import blocks_of
from wargame.tables import tables

FILE = "claims.json"
Data = dict[str, Any]
KINDS_OF_POINTS: Mapping[str, str] = tables("review/words.yaml")["points"]
"""Kinds of points with the heads of their columns."""
SIGNS = ("positive", "negative")


def _check_measure(row: Any) -> None:
    """Raise ValueError if a measure expects more than a sign but has no bound."""
    if row.expected not in SIGNS and row.bound is None:
        raise ValueError("a measure lacks its bound")


def _check_claim(row: Any) -> None:
    """Raise ValueError if the verdict of a claim is not one."""
    if row.verdict not in (SUPPORTED, CONTRADICTED, UNDECIDED):
        raise ValueError(f"there is no verdict '{shortened(row.verdict, 40)}'")


def _check_file(file: Any) -> None:
    """Raise ValueError if a measure lacks the numbers behind its label, or a verdict those behind its level."""
    if file.sharing < 1:
        raise ValueError("the number of measures that share the level is missing or below 1")
    measures = [each for claim in file.claims for each in claim.measures]
    if file.labels and any(each.shares is None or each.over_ranges is None for each in measures):
        raise ValueError("a measure lacks the shares behind its label")


CLAIMS = shape(tables("review/shapes.yaml")["claims"], file=_check_file, claim=_check_claim, measure=_check_measure)
"""The whole file."""


def claims_of(path: Path) -> Data | None:
    """Return the claims of a batch with their verdicts, None if it has none. Raises Invalid if the file is damaged."""
    if not (path / FILE).is_file():
        return None
    try:
        claims = decode(read_input(path / FILE, LARGE), Data)
        check_shape(claims, CLAIMS)
    except (OSError, Undecodable) as error:
        message = f"cannot be read: {error}"
        raise Invalid([Problem(str(path / FILE), 0, 0, message, "run wargame claims again")]) from None
    return claims


def of_claims(claims: Data) -> list[Block]:
    """Return the claims and verdicts in the report of a batch."""
    shares = [shares_grid(claims)] if claims["labels"] else []
    return [Heading(2, "Claims"), *summary(claims), *shares]


def summary(claims: Data, *, full: bool = True) -> list[Block]:
    """Return the verdicts of all claims, each with its measures; `full`: with their number, and what they rest on."""
    return blocks_of(
        "claims_tables.txt.j2",
        {"notes": [Bullets(tuple(notes(claims)))]},
        claims=claims["claims"],
        verdicts=(SUPPORTED, CONTRADICTED, UNDECIDED),
        full=full,
        too_few=TOO_FEW,
        fewest=FEWEST,
    )


def notes(result: Data) -> list[str]:
    """Note below the table."""
    every = [(claim["id"], each) for claim in result["claims"] for each in claim["measures"]]
    limits = sorted({each["restricted_to"] for _, each in every if each["restricted_to"] is not None})
    remarks = [sentence(TOO_FEW)] if any(each["note"] == TOO_FEW for _, each in every) else []
    remarks += [f"{claim}: {each['note']}" for claim, each in every if each["note"] not in ("", TOO_FEW)]
    content = result | {"limits": list(map(short, limits)), "remarks": list(dict.fromkeys(remarks))}
    labels = result["labels"]
    failed = failure_notes(labels["failures"], "point", "cell") if labels else []
    return [*paragraphs("wargame.review", "claims.txt.j2", **content), *failed, *failure_notes(result["failures"])]


def shares_grid(claims: Data) -> Grid:
    """Return the shares of points with the expected effect, from results with labels."""
    grid: Grid = blocks_of("claims_shares.txt.j2", claims=claims["claims"], kinds=KINDS_OF_POINTS)[0]
    return grid


def fixed(claims: Data) -> Paragraph:
    """Return what was fixed before the first run."""
    hashes = ", ".join(f"{name} {value[:12]}" for name, value in sorted(claims["fixed"].items()))
    return Paragraph(f"Fixed before the first run (SHA-256, first 12 digits): {hashes}; first run {claims['begun']}.")
