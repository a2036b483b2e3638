"""The shape of `claims.json`: what its tables and its report rely on."""

from __future__ import annotations

from msgspec import Struct

from wargame.errors import shortened
from wargame.evidence.claims.verdicts import CONTRADICTED, SUPPORTED, UNDECIDED

SIGNS = ("positive", "negative")
Number = float | None


class Shares(Struct):
    """Shares of points with the expected sign, by kind of points."""

    ranges: Number
    random_policy: Number
    random_preferences: Number
    nothing_written: Number


class MeasureRow(Struct):
    """A measure of a claim, judged."""

    measure: str
    contrast: dict[str, float]
    expected: str
    bound: Number
    share_of: str | None
    estimate: Number
    low: Number
    high: Number
    adjusted_low: Number
    adjusted_high: Number
    verdict: str
    runs_needed: int | None
    note: str
    restricted_to: Number
    label: str | None
    shares: Shares | None
    over_ranges: tuple[Number, Number, Number] | None

    def __post_init__(self) -> None:
        """Raises ValueError if it expects more than a sign but has no bound."""
        if self.expected not in SIGNS and self.bound is None:
            raise ValueError("a measure lacks its bound")


class ClaimRow(Struct):
    """A claim with its verdict."""

    id: str
    statement: str
    verdict: str
    label: str | None
    measures: list[MeasureRow]

    def __post_init__(self) -> None:
        """Raises ValueError if the verdict is not one."""
        if self.verdict not in (SUPPORTED, CONTRADICTED, UNDECIDED):
            raise ValueError(f"there is no verdict '{shortened(self.verdict, 40)}'")


class CellFailureRow(Struct):
    """A cell of the labels that failed."""

    condition: str
    point: int
    error: str


class RunFailureRow(Struct):
    """A run that failed."""

    condition: str
    replication: int
    error: str


class LabelsRow(Struct):
    """How the labels were made."""

    draws: int
    runs_each: int
    numbers: int
    constructed: float
    robust: float
    cells: int
    failures: list[CellFailureRow]


class PowerRow(Struct):
    """The power of the runs for the effect of interest."""

    effect: float
    declared: float
    reached: float
    runs: float


class ClaimsFile(Struct):
    """The whole file."""

    format: str
    seed: int
    variant: str | None
    replications: int
    declared: int
    level: float
    family: int
    sharing: int
    power: PowerRow
    failures: list[RunFailureRow]
    labels: LabelsRow | None
    claims: list[ClaimRow]

    def __post_init__(self) -> None:
        """Raises ValueError if a measure lacks the numbers behind its label, or a verdict those behind its level."""
        if self.sharing < 1:
            raise ValueError("the number of measures that share the level is missing or below 1")
        measures = [each for claim in self.claims for each in claim.measures]
        if self.labels and any(each.shares is None or each.over_ranges is None for each in measures):
            raise ValueError("a measure lacks the shares behind its label")
