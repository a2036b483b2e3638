"""The cells of a batch in its folder: which of them are there, in which parts, and which failed.

A cell is a replication in an arm (see `worker`). The parts of an earlier session are checked before they count: one
that is damaged or incomplete is removed, and its cells are run again.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wargame.batches.running import parts, worker
from wargame.batches.running.parquet import Table
from wargame.batches.running.store import Store
from wargame.batches.running.worker import BatchWorker, ChunkReport, PlayedRun
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import Invalid
from wargame.executor.campaign import RESUME, CellFailure, Results, storing
from wargame.executor.executors import Chunk


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that failed: its row has an error and no numbers."""

    arm: str
    replication: int
    error: str


class BatchCells(Results):
    """The store of a campaign over the cells of a batch. `replications` are those in each arm."""

    def __init__(self, place: Store, prepared: PreparedStudy, replications: int) -> None:
        super().__init__()
        self.place, self._prepared, self.address = place, prepared, place.address
        self._arms = len(prepared.names)
        self.done = np.zeros(replications * self._arms, dtype=np.bool_)
        self._schema = parts.columns(prepared)
        self._small: list[str] = []
        """Parts of this and earlier sessions that are not merged yet."""
        self.skipped = np.zeros_like(self.done)
        """Cells of arms that were stopped, which count as done."""
        self.failed: list[Failure] = []
        self.repaired: list[str] = []
        """Parts that were damaged and removed."""
        self.working = 0.0
        """Seconds of all workers together."""
        self.writing = 0.0
        """Seconds of these spent on writing, and of merging parts."""

    def __contains__(self, cell: object, /) -> bool:
        """Whether the cell has a row."""
        return isinstance(cell, int) and bool(self.done[cell])

    def kept_message(self) -> str:
        """Return how many runs are kept, and how to resume; empty if none are.

        Workers write their parts themselves: those of a lost cluster may be there without a report.
        """
        if self.done.any():
            return f"{int(self.done.sum()):,} of {len(self.done):,} runs are kept in {self.address}; {RESUME}"
        with suppress(OSError):
            if parts.part_names(self.place):
                return f"the runs that were written are kept in {self.address}; {RESUME}"
        return ""

    def skip(self, arm: str, count: int) -> None:
        """Run no more replications of an arm than `count`."""
        left = np.arange(len(self.done)) >= count * self._arms
        left &= np.arange(len(self.done)) % self._arms == self._prepared.names.index(arm)
        self.skipped |= left & ~self.done
        self.done |= left

    def complete(self) -> int:
        """Return how many replications, from the first on, have a row in every arm."""
        missing = np.flatnonzero(~self.done)
        return (int(missing[0]) if len(missing) else len(self.done)) // self._arms

    def add(self, chunk: Chunk, report: ChunkReport, /) -> None:
        """Take note of a part that a worker has written."""
        self.done[list(chunk)] = True
        self._small.append(parts.part_name(parts.RUNS, chunk))
        self.failed += [Failure(*failed) for failed in report.failed]
        self.writing += report.writing
        self.working += report.seconds
        if len(self._small) >= parts.MANY:
            self.merge()

    def fail(self, failure: CellFailure, /) -> None:
        """Write the row of a cell that was lost with its worker: it is a failed run like any other."""
        row = worker.blank(self._prepared, failure.cell) | worker.failed(failure.reason)
        part = BatchWorker(self.place, self._prepared, self._schema)
        worker.write(part, (failure.cell,), [PlayedRun(row)])
        self.add((failure.cell,), ChunkReport(((row["arm"], row["replication"], failure.reason),), 0.0, 0.0))

    def merge(self) -> None:
        """Write small parts together as larger ones; CutShort if the disk is full."""
        if len(self._small) < 2:
            return
        self._small = []
        began = perf_counter()
        with storing(self):
            for folder in (parts.EVENTS, parts.SERIES, parts.RUNS):
                small = [name for name in parts.part_names(self.place, folder) if parts.is_small(name)]
                if len(small) > 1:
                    parts.merge(self.place, folder, small)
        self.writing += perf_counter() - began

    def read_stored(self) -> None:
        """Read the parts of earlier sessions."""
        self.place.clean()
        study, accompanied = self._prepared.study, np.ones(len(self.done), dtype=np.bool_)
        for folder, is_asked_for in ((parts.EVENTS, study.events), (parts.SERIES, bool(study.series))):
            if is_asked_for:
                cells = [cell for _, table in self._readable(folder) for cell in parts.cells_of(table)]
                accompanied &= np.isin(np.arange(len(accompanied)), cells)
        for name, table in self._readable(parts.RUNS):
            if not self._fits(table):
                self._discard(name)
                continue
            self._note(table.rows(*parts.KEYS, "status", "error"), accompanied)
            self._small += [name] if parts.is_small(name) else []

    def _readable(self, folder: str) -> Iterator[tuple[str, Table]]:
        """Yield the parts that can be read; the others are removed."""
        for name in parts.part_names(self.place, folder):
            try:
                table = parts.decode(self.place, name)
            except Invalid:
                self._discard(name)
                continue
            yield name, table

    def _discard(self, name: str) -> None:
        self.place.remove([name])
        self.repaired.append(name)

    def _fits(self, table: Table) -> bool:
        """Return whether a part has rows of this batch and no others."""
        if list(table.schema.items()) != list(self._schema.items()):
            return False
        known = set(table.columns["arm"]) <= set(self._prepared.names)
        return known and bool((table.columns["replication"] >= 0).all())

    def _note(self, rows: list[dict[str, Any]], accompanied: NDArray[np.bool_]) -> None:
        arms = {name: i for i, name in enumerate(self._prepared.names)}
        for row in rows:
            cell = row["replication"] * self._arms + arms[row["arm"]]
            if cell < len(self.done) and accompanied[cell] and not self.done[cell]:
                self.done[cell] = True
                if row["status"] == parts.FAILED:
                    self.failed.append(Failure(row["arm"], row["replication"], row["error"]))
