"""Journals computed by a process whose package numbers is interpreted, to compare with those of this process.

`python tests/support/paths.py` reads descriptions of runs, one JSON document a line, and writes the hashes of their
journals.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from wargame.batches.study.parameters import with_parameters
from wargame.executor.run import Destination
from wargame.journal.records import Stamps, encode_lines
from wargame.language.times import DAY
from wargame.live.console import dispatch
from wargame.live.console.console import Console
from wargame.live.session.fork import fork_of, one_future
from wargame.live.session.session import Session
from wargame.numbers.selection import INTERPRETED, SWITCH
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

LINES = (
    "stop at nothing",
    "advance 5d",
    "order ARD talk BRL",
    'demand ARD BRL "Stop the drills"',
    "advance 20d",
    "adjudicate tension=0.5 --why test",
    "rewind 2030-01-22",
    "order ARD trade BRL",
    "advance 60d",
    "endex",
)
"""A live exercise of two-rivals with a person as ARD, and a rewind."""


@lru_cache(maxsize=4)
def loaded(scenario: str) -> Loaded:
    """A built-in scenario, loaded once."""
    return load(scenario)


def journal_hash(case: dict[str, Any]) -> str:
    """The hash of the journal of a run: `scenario`, `seed`, `days` from STARTEX, `settings`, `parameters`."""
    changed = with_parameters(loaded(case["scenario"]), case.get("parameters", {}))
    exercise = Exercise(changed, case["seed"], Settings(**case.get("settings", {})))
    exercise.advance(min(exercise.calendar.startex + case["days"] * DAY, exercise.end))
    records = Stamps(exercise.calendar.iso).records(exercise.records())
    return hashlib.sha256(encode_lines(records)).hexdigest()


def live_hash(case: dict[str, Any]) -> str:
    """The hash of the journals of a live exercise with a rewind, and of a fork of it, which are simulated again."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(seats=(("ARD", "human"),))
        session = Session.create(loaded("two-rivals"), case["live"], settings, Destination(out=Path(folder) / "live"))
        console = Console(session)
        for line in LINES:
            dispatch.run(console, line)
        session.close()
        fork = one_future(fork_of(session.folder, "D+15", []), Destination(out=Path(folder) / "fork"), "")
        journals = session.folder.journal.read_bytes() + fork.folder.journal.read_bytes()
    return hashlib.sha256(journals).hexdigest()


def computed(case: dict[str, Any]) -> str:
    """The hash of a case in this process."""
    return live_hash(case) if "live" in case else journal_hash(case)


class Interpreter:
    """A process whose package numbers is interpreted."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {SWITCH: INTERPRETED},
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def computed(self, case: dict[str, Any]) -> str:
        """The hash of a case in that process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def main() -> None:
    """Answers each line of the standard input."""
    for line in sys.stdin:
        sys.stdout.write(computed(json.loads(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
