"""Rehearsals as files: `rehearsal.json`, alone in a folder or beside a batch of the same scenario."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from wargame.batches.study.catalogue import REHEARSAL
from wargame.errors import Invalid, Problem, UsageFault, shortened
from wargame.evidence.rehearsal.rehearsal import Rehearsal
from wargame.journal.atomic import encode_json, write_whole
from wargame.journal.decoding import Undecodable, check_shape, decode
from wargame.journal.inputs import LARGE, read_input
from wargame.scenario.loading.load import Loaded

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


class SilentRow(Struct):
    """A government that never acts."""

    government: str
    meetings: int
    reason: str
    best: str | None


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
    silent: list[SilentRow] = []
    failures: list[FailureRow] = []


FORMAT = "wargame-rehearsal/1"
REMEDY = "run wargame rehearse again with --out, or remove the file"


def write(folder: Path, rehearsal: Rehearsal, loaded: Loaded, command: str) -> Path:
    """Write a rehearsal into a folder, and create the folder if needed. Raises UsageFault if that fails."""
    path = folder / REHEARSAL
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, encode_json(as_data(rehearsal, loaded, command)))
    except OSError as error:
        raise UsageFault(f"cannot write {path}: {error.strerror}; choose another place with --out DIR") from None
    return path


def as_data(rehearsal: Rehearsal, loaded: Loaded, command: str = "") -> dict[str, Any]:
    """Return a rehearsal with the scenario that it rehearsed, as it is stored."""
    head = {
        "format": FORMAT,
        "scenario": loaded.scenario.name,
        "title": loaded.scenario.title,
        "scenario_sha256": loaded.scenario_sha256,
        "injects_sha256": loaded.injects_sha256,
        "command": command,
        "governments": {name: spec.name for name, spec in sorted(loaded.scenario.governments.items())},
        "option_titles": {name: spec.title for name, spec in sorted(loaded.scenario.options.items())},
        "outcome_titles": {name: spec.title for name, spec in sorted(loaded.scenario.outcomes.items())},
    }
    return head | asdict(rehearsal)


def written_at(folder: Path) -> str:
    """Return when a rehearsal was written, an ISO time."""
    return datetime.fromtimestamp((folder / REHEARSAL).stat().st_mtime, UTC).isoformat()


def read(folder: Path) -> dict[str, Any]:
    """Return the data of the file. Raises Invalid if the file is not a rehearsal."""
    path = folder / REHEARSAL
    try:
        data = decode(read_input(path, LARGE), dict[str, Any])
    except FileNotFoundError:
        remedy = "give the folder that wargame rehearse --out has written"
        raise Invalid([Problem(str(folder), 0, 0, "there is no rehearsal in this folder", remedy)]) from None
    except (OSError, Undecodable) as error:
        raise Invalid([Problem(str(path), 0, 0, f"cannot be read as a rehearsal: {error}", REMEDY)]) from None
    try:
        if check_shape(data, RehearsalFile).format == FORMAT:
            return data
        reason = f"its format is '{shortened(str(data['format']), 40)}'"
    except Undecodable as error:
        reason = str(error)
    message = f"this is not a complete rehearsal of the format {FORMAT}: {reason}"
    raise Invalid([Problem(str(path), 0, 0, message, REMEDY)])
