"""Runs kept in a folder, a line each, behind a plan that was written before the first of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import msgspec

from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.evidence.targets.statistics import Tally
from wargame.journal.atomic import write_whole
from wargame.journal.lock import claim

PLAN, RUNS = "plan.json", "runs.jsonl"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run of a way: its tallies by statistic. Empty: the run does not count for it."""

    way: int
    replication: int
    tallies: dict[str, Tally]
    error: str = ""


class RunStore:
    """Runs in a folder, a line each, behind a plan that says of what they are. None keeps them in memory alone."""

    def __init__(self, folder: Path | None, plan: dict[str, Any], *, resume: bool = False) -> None:
        self._file: TextIO | None = None
        self.folder = folder
        self.runs: list[StoredRun] = []
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
            if _held(path) != plan["identity"]:
                raise UsageFault(f"{folder} was made from other inputs or by another version: choose another --out")
            self._open(folder)
            self.runs = list(_lines(folder / RUNS))
            return
        folder.mkdir(parents=True, exist_ok=True)
        if any(not each.name.startswith(f".{PLAN}.") for each in folder.iterdir()):  # such a one a kill may leave
            remedy = f"there is no {PLAN} to go on with:" if resume else "go on with --resume, or"
            raise UsageFault(f"{folder} is not empty ({remedy} choose another --out)")
        write_whole(path, content)
        self._open(folder)

    def _open(self, folder: Path) -> None:
        """Opens the file for this process alone: two would play, and count, the same runs twice."""
        self._file = (folder / RUNS).open("a", encoding="utf-8")
        if not claim(self._file.fileno()):
            raise UsageFault(f"another process is at work in {folder}: wait for it, or choose another --out")

    def add(self, run: StoredRun) -> None:
        """Keeps a run."""
        self.runs.append(run)
        if self._file is not None:
            kept = {"way": run.way, "replication": run.replication, "tallies": run.tallies, "error": run.error}
            self._file.write(json.dumps(kept) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Lets the file go."""
        if self._file is not None:
            self._file.close()


def _held(path: Path) -> object:
    """The identity that a plan has."""
    try:
        return json.loads(path.read_bytes())["identity"]
    except (ValueError, KeyError, TypeError):
        raise Invalid([Problem(str(path), 1, 1, "this is no plan of an evaluation", "choose another --out")]) from None


def _lines(path: Path) -> Iterator[StoredRun]:
    """The runs of a file, each once; a last line that was cut off is cut away."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        os.truncate(path, len(whole))
    seen: set[tuple[int, int]] = set()
    for number, line in enumerate(whole.splitlines(), start=1):
        run = _run(line)
        if run is None:
            raise Invalid([Problem(str(path), number, 1, "this line is no run", "remove it, and go on")])
        if (run.way, run.replication) not in seen:
            seen.add((run.way, run.replication))
            yield run


def _run(line: bytes) -> StoredRun | None:
    """The run of a line; None if it is none."""
    try:
        run = msgspec.convert(json.loads(line), StoredRun)  # JSON as Python writes it: it knows NaN and infinity
    except (ValueError, RecursionError):
        return None
    return run if min(run.way, run.replication) >= 0 else None


def keep(folder: Path | None, name: str, document: dict[str, Any]) -> None:
    """Writes a result into the folder, if there is one, as `name.json`."""
    if folder is None:
        return
    content = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        write_whole(folder / f"{name}.json", (content + "\n").encode())
    except OSError as error:
        told = f"{folder / name}.json cannot be written: {error.strerror or error}"
        raise UsageFault(f"{told} (the runs are kept; go on with --resume)") from None
