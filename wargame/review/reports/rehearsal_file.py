"""Rehearsals as files: `rehearsal.json`, alone in a folder or beside a batch of the same scenario."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import UnsetType

from wargame.batches.study.catalogue import REHEARSAL
from wargame.errors import Invalid, Problem, UsageFault, shortened
from wargame.evidence.rehearsal.rehearsal import Rehearsal
from wargame.journal.atomic import encode_json, write_whole
from wargame.journal.decoding import Undecodable, check_shape, decode, rows, shape
from wargame.journal.inputs import LARGE, read_input
from wargame.scenario.loading.load import Loaded

Number = float | None


def _check_share(row: Any) -> None:
    """Raise ValueError if an estimate has no interval."""
    if row.estimate is not None and (row.low is None or row.high is None):
        raise ValueError("an estimate lacks its interval")


def _check_inject(row: Any) -> None:
    """Raise ValueError if an inject fires but not on any day."""
    _check_share(row)
    if not row.never and row.days is None:
        raise ValueError("an inject that fires lacks its days")


SHARE = shape({"estimate low high": Number}, check=_check_share)
"""A share of runs with its interval; None if no run counts."""
INJECT = shape(
    {
        "inject title trigger condition": str,
        "days": shape({"median": float, "p10 p90": Number}) | None,  # the outer ones are None in too few runs
        "reasons": rows(shape({"reason": str, "runs": int})),
        "never": bool,
    },
    SHARE,
    check=_check_inject,
)
EXPECTED = shape(
    {"inject who": str, "any_of": list[str], "called met late missed": int, "median_days": Number},
    SHARE,
)
TOGETHER = shape({"injects": list[str], "runs": int})
OVERLOAD = shape({"government": str, "hours many most": int, "injects": rows(TOGETHER)}, SHARE)
EFFECT = shape({"outcome": str, "estimate low high": Number, "p_holm": float})
REHEARSED = shape(
    {
        "format title scenario scenario_sha256 injects_sha256 command": str,
        "governments option_titles outcome_titles": dict[str, str],
        "runs failed": int,
        "injects": rows(INJECT),
        "objectives": rows(shape({"objective title gap": str, "injects": list[str], "fired evidence": SHARE})),
        "expected": rows(EXPECTED),
        "overload": rows(OVERLOAD),
        "outcomes": rows(shape({"outcome": str}, SHARE)),
        "ranking": rows(shape({"inject title": str, "changes": SHARE, "effects": rows(EFFECT)})),
        "silent": rows(shape({"government reason": str, "meetings": int, "best": str | None})) | UnsetType,
        "failures": rows(shape({"replication": int, "without": str | None, "error": str})) | UnsetType,
    }
)
"""The whole file."""
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
        if check_shape(data, REHEARSED).format == FORMAT:
            return data
        reason = f"its format is '{shortened(str(data['format']), 40)}'"
    except Undecodable as error:
        reason = str(error)
    message = f"this is not a complete rehearsal of the format {FORMAT}: {reason}"
    raise Invalid([Problem(str(path), 0, 0, message, REMEDY)])
