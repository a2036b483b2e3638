"""Runs stored in a folder, one line each, next to a plan that is written before the first run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import msgspec

from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.evidence.targets.tallies import Tally
from wargame.executor.campaign import RESUME, CellFailure
from wargame.executor.executors import Chunk
from wargame.journal.atomic import write_whole
from wargame.journal.inputs import LARGE, read_input
from wargame.journal.lock import Lock

PLAN, RUNS = "plan.json", "runs.jsonl"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run of a condition: its tallies by statistic, or the error that it failed with."""

    condition: int
    replication: int
    tallies: dict[str, Tally]
    """An empty tally means that the statistic does not use this run."""
    error: str = ""

    @property
    def cell(self) -> tuple[int, int]:
        """Its cell: (condition, replication)."""
        return self.condition, self.replication


class RunStore:
    """The results of a campaign over runs, in a folder or, without one, in memory."""

    def __init__(self, folder: Path | None, plan: dict[str, Any], *, resume: bool = False) -> None:
        self._file: TextIO | None = None
        self._lock: Lock | None = None
        self.folder = folder
        self._runs: dict[tuple[int, int], StoredRun] = {}
        if folder is None:
            return
        try:
            self._begin(folder, plan, resume=resume)
        except OSError as error:
            self.close()
            raise UsageFault(f"--out {folder}: {error.strerror or error} (choose another folder)") from None
        except WargameError:
            self.close()
            raise

    def _begin(self, folder: Path, plan: dict[str, Any], *, resume: bool) -> None:
        content = (json.dumps(plan, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
        path = folder / PLAN
        if resume and path.exists():
            if _identity(path) != plan["identity"]:
                raise UsageFault(f"{folder} was made from other inputs or by another version: choose another --out")
            self._open(folder)
            self._runs = {run.cell: run for run in _lines(folder / RUNS)}
            return
        folder.mkdir(parents=True, exist_ok=True)
        if any(not each.name.startswith(f".{PLAN}.") for each in folder.iterdir()):  # left by a process that was killed
            remedy = f"it has no {PLAN} to resume from:" if resume else "resume with --resume, or"
            raise UsageFault(f"{folder} is not empty ({remedy} choose another --out)")
        write_whole(path, content)
        self._open(folder)

    def _open(self, folder: Path) -> None:
        """Open the file exclusively: two processes would run the same cells twice."""
        self._file = (folder / RUNS).open("a", encoding="utf-8")
        self._lock = Lock(folder / RUNS)
        if not self._lock.mine:
            raise UsageFault(f"another process is using {folder}: wait for it, or choose another --out")

    @property
    def runs(self) -> list[StoredRun]:
        """All runs, in the order in which they were stored."""
        return list(self._runs.values())

    @property
    def address(self) -> str:
        """The folder; empty if runs are only in memory."""
        return "" if self.folder is None else str(self.folder)

    def __contains__(self, cell: object, /) -> bool:
        """Whether a run is stored."""
        return cell in self._runs

    def add(self, chunk: Chunk, value: Any, /) -> None:
        """Store the tallies, or the failure, of each cell of a chunk."""
        for cell, outcome in zip(chunk, value, strict=True):
            if isinstance(outcome, CellFailure):
                self.fail(outcome)
            else:
                condition, replication = cell
                self._store(StoredRun(condition, replication, outcome))

    def fail(self, failure: CellFailure, /) -> None:
        """Store a run that failed or was lost."""
        condition, replication = failure.cell
        self._store(StoredRun(condition, replication, {}, failure.reason))

    def kept_message(self) -> str:
        """Return the number of stored runs and how to resume; empty if they are only in memory."""
        return f"{len(self._runs):,} runs are stored in {self.folder}; {RESUME}" if self.folder else ""

    def _store(self, run: StoredRun) -> None:
        self._runs[run.cell] = run
        if self._file is not None:
            self._file.write(json.dumps(asdict(run)) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file, which releases its lock."""
        if self._file is not None:
            self._file.close()
        if self._lock is not None:
            self._lock.release()


def _identity(path: Path) -> object:
    """Return the identity in a plan file."""
    try:
        return json.loads(read_input(path))["identity"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        message = "this is not the plan of an evaluation"
        raise Invalid([Problem(str(path), 1, 1, message, "choose another --out")]) from None


def _lines(path: Path) -> Iterator[StoredRun]:
    """Yield the runs of a file, each once. An incomplete last line is removed from the file."""
    data = read_input(path, LARGE)
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        os.truncate(path, len(whole))
    seen: set[tuple[int, int]] = set()
    for number, line in enumerate(whole.splitlines(), start=1):
        run = _run(line)
        if run is None:
            raise Invalid([Problem(str(path), number, 1, "this line is not a run", "delete it and resume")])
        if run.cell not in seen:
            seen.add(run.cell)
            yield run


def _run(line: bytes) -> StoredRun | None:
    """Return the run in a line; None if the line is not one."""
    try:
        run = msgspec.convert(json.loads(line), StoredRun)  # json, since it reads NaN and infinity
    except (ValueError, RecursionError):
        return None
    return run if min(run.cell) >= 0 else None


def write_result(folder: Path | None, name: str, document: dict[str, Any]) -> None:
    """Write a result into the folder, if there is one, as `name.json`."""
    if folder is None:
        return
    content = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        write_whole(folder / f"{name}.json", (content + "\n").encode())
    except OSError as error:
        message = f"{folder / name}.json cannot be written: {error.strerror or error}"
        raise UsageFault(f"{message} (the runs are stored; {RESUME})") from None
