"""The shape of a file with a rehearsal: what its tables and its report rely on."""

from __future__ import annotations

from msgspec import Struct

Number = float | None


class Share(Struct, kw_only=True):
    """A share of runs with its interval; None if no run counts."""

    estimate: Number
    low: Number
    high: Number

    def __post_init__(self) -> None:
        """Raises ValueError if an estimate has no interval."""
        if self.estimate is not None and (self.low is None or self.high is None):
            raise ValueError("an estimate lacks its interval")


class Days(Struct):
    """When an inject fires, in days from STARTEX; the outer ones are None if it fires in too few runs."""

    p10: Number
    median: float
    p90: Number


class Reason(Struct):
    """Why an inject did not fire, in how many runs."""

    reason: str
    runs: int


class InjectRow(Share):
    """An inject of the script."""

    inject: str
    title: str
    trigger: str
    days: Days | None
    reasons: list[Reason]
    never: bool
    condition: str

    def __post_init__(self) -> None:
        """Raises ValueError if it fires but not on any day."""
        super().__post_init__()
        if not self.never and self.days is None:
            raise ValueError("an inject that fires lacks its days")


class ObjectiveRow(Struct):
    """An objective."""

    objective: str
    title: str
    injects: list[str]
    fired: Share
    evidence: Share
    gap: str


class ExpectedRow(Share):
    """The expected actions of a government after an inject."""

    inject: str
    who: str
    any_of: list[str]
    called: int
    met: int
    late: int
    missed: int
    median_days: Number


class Together(Struct):
    """Injects that coincided, in how many runs."""

    injects: list[str]
    runs: int


class OverloadRow(Share):
    """The demands on a government within some hours."""

    government: str
    hours: int
    many: int
    most: int
    injects: list[Together]


class OutcomeRow(Share):
    """An outcome."""

    outcome: str


class EffectRow(Struct):
    """The effect of an inject on an outcome."""

    outcome: str
    estimate: Number
    low: Number
    high: Number
    p_holm: float


class RankingRow(Struct):
    """An inject by its effects."""

    inject: str
    title: str
    changes: Share
    effects: list[EffectRow]


class FailureRow(Struct):
    """A run that failed."""

    replication: int
    without: str | None
    error: str


class RehearsalFile(Struct):
    """The whole file."""

    format: str
    title: str
    scenario: str
    scenario_sha256: str
    injects_sha256: str
    command: str
    governments: dict[str, str]
    option_titles: dict[str, str]
    outcome_titles: dict[str, str]
    runs: int
    failed: int
    injects: list[InjectRow]
    objectives: list[ObjectiveRow]
    expected: list[ExpectedRow]
    overload: list[OverloadRow]
    outcomes: list[OutcomeRow]
    ranking: list[RankingRow]
    failures: list[FailureRow] = []
