"""Expected short journals of the built-in scenarios; `python tests/support/golden_journals.py` rewrites them.

Free texts are left out, so that a golden journal changes only with the events. It starts at STARTEX; the records
before it are included as one hash.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from wargame.journal.records import Stamps, encode_lines
from wargame.language.times import DAY
from wargame.scenario.loading.load import load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

FOLDER = Path(__file__).parent.parent / "data" / "journals"
DAYS = {"korea-2017": 14, "cuba-1962": 2}
"""Days from STARTEX by scenario."""
SEED = 7
TEXTS = frozenset({"title", "message", "text", "source", "why", "reason", "inputs", "wargame", "digest"})
"""Keys of data that are free texts, or hashes that change with the files, the version or the platform."""


def journal(scenario: str) -> bytes:
    """The short journal of a scenario from this version: one line for the history, then one for each record."""
    exercise = Exercise(load(scenario), SEED, Settings())
    exercise.advance(exercise.calendar.startex + DAYS[scenario] * DAY)
    records = Stamps(exercise.calendar.iso).records(exercise.records())
    startex = next(record.seq for record in records if record.kind == "startex")
    lines = [
        msgspec.json.encode(line | {"data": _without_texts(line["data"])})
        for line in map(msgspec.json.decode, encode_lines(records).splitlines())
    ]
    before = hashlib.sha256(b"\n".join(lines[:startex])).hexdigest()
    first = msgspec.json.encode({"seq": startex - 1, "kind": "history", "sha256": before})
    return b"\n".join([first, *lines[startex:]]) + b"\n"


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_texts(each) for key, each in value.items() if key not in TEXTS}
    return [_without_texts(each) for each in value] if isinstance(value, list | tuple) else value


def main() -> None:
    """Writes the journals of all scenarios."""
    for scenario in DAYS:
        (FOLDER / f"{scenario}.jsonl").write_bytes(journal(scenario))


if __name__ == "__main__":
    main()
