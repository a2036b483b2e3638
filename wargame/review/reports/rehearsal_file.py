"""Rehearsals as files: `rehearsal.json`, alone in a folder or beside a batch of the same scenario."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wargame.batches.study.catalogue import REHEARSAL
from wargame.errors import Invalid, Problem, UsageFault, shortened
from wargame.evidence.rehearsal.shapes import RehearsalFile
from wargame.journal.atomic import encode_json, write_whole
from wargame.journal.decoding import Undecodable, check_shape, decode
from wargame.journal.inputs import LARGE, read_input

if TYPE_CHECKING:
    from wargame.evidence.rehearsal.rehearsal import Rehearsal
    from wargame.scenario.loading.load import Loaded

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
