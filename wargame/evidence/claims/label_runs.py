"""The runs of a label experiment: all arms of a batch of claims, at each point.

A cell is an arm at a point. The measures of its runs are stored next to the batch, one line per cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isnan, nan
from typing import Any

import msgspec
import numpy as np

from wargame.batches.api import Batch
from wargame.batches.running import worker as working
from wargame.batches.running.observer import Observer, Sampling
from wargame.batches.study.parameters import with_parameters
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import Invalid, Problem
from wargame.evidence.claims.experiment import ClaimPlan
from wargame.evidence.claims.label_points import LabelPoints, PointNumbers
from wargame.executor.campaign import RESUME, Campaign, CellFailure, Progress, each_cell
from wargame.executor.executors import Chunk, Executor, Job
from wargame.scenario.building.canonical import digest
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.statistics.intervals import Floats

FILE = "labels.jsonl"
FIRST_REPLICATION = 10_000_000
"""Replications of label runs start here, so that they share no random draws with the runs behind verdicts."""
SAVE_EVERY = 64
"""Cells between two writes of the file."""
Measures = list[list[float | None]]
"""The measures of the runs of a cell, as runs × measures; None: the outcome does not occur."""


@dataclass(frozen=True, slots=True)
class LabelPayload:
    """What a worker needs: the batch folder, which contains the scenario, and the points."""

    address: str
    points: LabelPoints


@dataclass
class LabelWorker:
    """A worker, which caches the scenarios of the current point."""

    prepared: PreparedStudy
    numbers: PointNumbers
    point: int = -1
    scenarios: dict[Any, Loaded] = field(default_factory=dict)

    def scenario(self, point: int, arm: str) -> Loaded:
        """Return the scenario of an arm at a point. Numbers that the arm itself sets take precedence."""
        if point != self.point:
            self.point, self.scenarios = point, {}
        base, own = self.prepared.arms[arm], self.prepared.own(arm)
        key = id(base), tuple(own.items())
        if key not in self.scenarios:
            changed = with_parameters(base, self.numbers.at(point) | own)
            self.scenarios[key] = self.numbers.rewritten(changed, point)
        return self.scenarios[key]


def prepare(payload: LabelPayload) -> LabelWorker:
    """Read the frozen inputs of the batch."""
    prepared = working.prepare((payload.address, "labels")).prepared
    return LabelWorker(prepared, PointNumbers(prepared.loaded, payload.points))


def run_cell(worker: LabelWorker, cell: int) -> Measures:
    """Run a cell: an arm at a point. Its number is point × number of arms + place of the arm."""
    prepared = worker.prepared
    point, place = divmod(cell, len(prepared.names))
    arm, each = prepared.names[place], worker.numbers.points.each
    rows: Measures = []
    for i in range(each):
        settings = prepared.settings(arm, FIRST_REPLICATION + point * each + i, programs=False)
        exercise = Exercise(worker.scenario(point, arm), prepared.study.seed, settings)
        observer = Observer(exercise, prepared.measures, Sampling(prepared.study.every))
        observer.play()
        rows.append([None if isnan(value) else value for value in observer.values()])
    return rows


class _LabelsHead(msgspec.Struct):
    """The first line of the file."""

    key: str


class LabelRuns:
    """The results of a campaign over all cells, stored next to the batch."""

    def __init__(self, plan: ClaimPlan, batch: Batch, points: LabelPoints) -> None:
        self._plan, self._batch, self.points = plan, batch, points
        self.count = points.count * len(plan.prepared.names)
        self.rows: dict[int, tuple[Measures, str]] = {}
        """By cell: the measures of its runs, and its error."""
        self._saved = 0
        self._key = digest([plan.prepared.identity, plan.fixed, points.draws, points.each])

    def run(self, executor: Executor, progress: Progress | None = None) -> None:
        """Run the missing cells; Interrupted if the user stops, with completed cells stored."""
        self._read()
        if len(self.rows) == self.count:
            return
        job = Job(prepare, each_cell(run_cell), LabelPayload(self._batch.path, self.points))
        try:
            Campaign(executor, job, self, progress).run(range(self.count))
        finally:
            self._write()

    @property
    def address(self) -> str:
        """The file."""
        return f"{self._batch.path}/{FILE}"

    def __contains__(self, cell: object, /) -> bool:
        """Whether a cell has a result or an error."""
        return cell in self.rows

    def add(self, chunk: Chunk, value: Any, /) -> None:
        """Store the measures, or the failure, of each cell of a chunk."""
        for cell, outcome in zip(chunk, value, strict=True):
            self.rows[cell] = ([], outcome.reason) if isinstance(outcome, CellFailure) else (outcome, "")
        if len(self.rows) - self._saved >= SAVE_EVERY:
            self._write()

    def fail(self, failure: CellFailure, /) -> None:
        """Store a cell that was lost with its worker."""
        self.rows[failure.cell] = [], failure.reason

    def kept_message(self) -> str:
        """Return the number of stored cells and how to resume."""
        return f"{len(self.rows):,} of {self.count:,} cells of the labels are stored in {self._batch.path}; {RESUME}"

    def _read(self) -> None:
        try:
            first, *lines = self._batch.place.read(FILE).splitlines() or [b""]
            key = msgspec.json.decode(first, type=_LabelsHead).key
        except FileNotFoundError:
            return
        except msgspec.DecodeError:
            raise self._fault(1, "this is not the first line of a labels file") from None
        except OSError as error:
            raise self._fault(0, f"cannot be read: {error.strerror or error}") from None
        if key != self._key:
            raise self._fault(0, "its labels are of other claims, numbers or draws")
        for number, line in enumerate(lines, start=2):
            try:
                cell, rows, error_text = msgspec.json.decode(line, type=tuple[int, Measures, str])
            except msgspec.DecodeError:
                raise self._fault(number, "this line is not a cell of labels") from None
            width, count = len(self._plan.parsed), 0 if error_text else self.points.each
            if not (0 <= cell < self.count and len(rows) == count and all(len(row) == width for row in rows)):
                raise self._fault(number, f"cell {cell} does not belong to these labels")
            self.rows[cell] = rows, error_text
        self._saved = len(self.rows)

    def _fault(self, line: int, message: str) -> Invalid:
        place = (line, 1) if line else (0, 0)
        remedy = "delete the file to run the labels again, or choose another folder"
        return Invalid([Problem(f"{self._batch.path}/{FILE}", *place, message, remedy)])

    def _write(self) -> None:
        """Write the whole file, sorted by cell, so that its bytes do not depend on the executor."""
        lines = [msgspec.json.encode({"key": self._key, "draws": self.points.draws, "each": self.points.each})]
        lines += [msgspec.json.encode([cell, *self.rows[cell]]) for cell in sorted(self.rows)]
        self._batch.place.write(FILE, b"\n".join(lines) + b"\n")
        self._saved = len(self.rows)

    def values(self, arm: str, point: int, place: int) -> Floats:
        """Return the values of a measure in the runs of an arm at a point; NaN: no such time. Empty if a run failed."""
        rows, _ = self.rows[point * len(self._plan.prepared.names) + self._plan.prepared.names.index(arm)]
        return np.array([nan if row[place] is None else row[place] for row in rows], dtype=np.float64)

    @property
    def failures(self) -> list[dict[str, Any]]:
        """A row for each cell that failed or was lost: its arm, point and error."""
        names = self._plan.prepared.names
        return [
            {"condition": f"arm {names[cell % len(names)]}", "point": cell // len(names), "error": error}
            for cell, (_, error) in sorted(self.rows.items())
            if error
        ]
