"""Runs kept in a folder, a line each, behind a plan that was written before the first of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wargame.errors import Invalid, Problem, UsageFault
from wargame.journal.atomic import write_whole
from wargame.study.targets_statistics import Tally

PLAN, RUNS = "plan.json", "runs.jsonl"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a way: its tallies by figure. Empty: the run does not count for it."""

    way: int
    replication: int
    tallies: dict[str, Tally]
    error: str = ""


class Kept:
    """Runs in a folder, a line each, behind a plan that says of what they are. None keeps them in memory alone."""

    def __init__(self, folder: Path | None, plan: dict[str, Any], *, resume: bool = False) -> None:
        self._file = None
        self.folder = folder
        self.runs: list[Run] = []
        if folder is None:
            return
        self._begin(folder, plan, resume=resume)
        self._file = (folder / RUNS).open("a", encoding="utf-8")

    def _begin(self, folder: Path, plan: dict[str, Any], *, resume: bool) -> None:
        content = (json.dumps(plan, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
        path = folder / PLAN
        if resume and path.exists():
            if _held(path) != plan["identity"]:
                raise UsageFault(f"{folder} was made from other inputs or by another version: choose another --out")
            self.runs = list(_lines(folder / RUNS))
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise UsageFault(f"{folder} is not empty (go on with --resume, or choose another --out)")
            write_whole(path, content)
        except OSError as error:
            raise UsageFault(f"--out {folder}: {error.strerror or error}") from None

    def add(self, run: Run) -> None:
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


def _lines(path: Path) -> Iterator[Run]:
    """The runs of a file; a last line that was cut off is cut away."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        write_whole(path, whole)
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            yield Run(**json.loads(line))
        except (ValueError, TypeError):
            raise Invalid([Problem(str(path), number, 1, "this line is no run", "remove it, and go on")]) from None


def keep(folder: Path | None, name: str, document: dict[str, Any]) -> None:
    """Writes a result into the folder, if there is one, as `name.json`."""
    if folder is not None:
        content = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(folder / f"{name}.json", (content + "\n").encode())
