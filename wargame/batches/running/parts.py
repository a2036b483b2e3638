"""The table of a batch as Parquet files ("parts"): one row for each replication and arm.

Each part is written atomically, and its pages have checksums (see `parquet`). The metadata of a part of runs say which
batch it is of; parts of events or series list the cells that it covers, since a run may have none of them. Statistics
read one column at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from wargame import __version__
from wargame.batches.running import parquet
from wargame.batches.running.parquet import ColumnTable, Schema
from wargame.brains.transcript import turn_columns
from wargame.errors import Invalid, Typed, UsageFault, flag, shortened

if TYPE_CHECKING:
    import pandas as pd

    from wargame.batches.running.manifest import BatchManifest
    from wargame.batches.running.store import Store
    from wargame.batches.study.prepared import PreparedStudy

RUNS: Final = "runs"
EVENTS: Final = "events"
SERIES: Final = "series"
OK, FAILED, DROPPED = "ok", "failed", "dropped"
KEYS = ("arm", "replication")
CELLS = "cells"
MERGED = "parts"
"""Ends the names of parts that were merged from several."""
LARGE = 1024
"""Rows of a part that is large enough: merging more would only cost memory."""
MANY = 64
"""Small parts, of about a second each, after which they are merged."""


def columns(prepared: PreparedStudy) -> Schema:
    """Return the columns of the table, in their order."""
    names = [*KEYS, "seed", "status", "error"]
    if prepared.points is not None:
        names += ["point", "draws", *map(factor_column, prepared.points.names)]
    numbers = {measure.name: float for measure in prepared.measures}
    names += [*numbers, *times(prepared), "days", "ended", "kernel_events", "decisions"]
    names += [column for government in played(prepared) for column in turn_columns(government)]
    return {name: numbers.get(name) or TYPES.get(name, float) for name in names}


def played(prepared: PreparedStudy) -> list[str]:
    """Return the governments that programs play in any arm."""
    return sorted({spec.government for arm in prepared.names for spec in prepared.specs(arm)})


def times(prepared: PreparedStudy) -> list[str]:
    """Return the columns of first-passage times that are not measures already."""
    measured = {measure.name for measure in prepared.measures}
    return [name for name in (f"time({outcome})" for outcome in prepared.outcomes) if name not in measured]


def factor_column(name: str) -> str:
    """Return the column of a factor; no measure can have this name."""
    return f"factor:{name}"


def about(prepared: PreparedStudy) -> dict[str, str]:
    """Return what a part of runs says of its batch."""
    study, loaded = prepared.study, prepared.loaded
    of_inputs = {"scenario": loaded.scenario.name, "scenario_sha256": loaded.scenario_sha256}
    return {"study": study.name, **of_inputs, "seed": str(study.seed), "wargame": __version__}


def encode(rows: Sequence[dict[str, Any]], schema: Schema, metadata: dict[str, str] | None = None) -> bytes:
    """Return rows as a Parquet file. NaN is an empty cell: an outcome that did not occur, a measure of a failed run."""
    columns = {name: parquet.column([row.get(name) for row in rows], kind) for name, kind in schema.items()}
    return parquet.encode(ColumnTable(schema, columns, metadata or {}))


def encode_columns(names: Sequence[str], rows: Sequence[Sequence[Any]], cells: Iterable[int]) -> bytes:
    """Return a part of events or series, which covers these cells; columns that are not in `TYPES` are decimal."""
    schema = {name: TYPES.get(name, float) for name in names}
    values = zip(*rows, strict=True) if rows else [()] * len(names)
    columns = {name: parquet.column(each, schema[name]) for name, each in zip(names, values, strict=True)}
    return parquet.encode(ColumnTable(schema, columns, _covering(cells)))


def _covering(cells: Iterable[int]) -> dict[str, str]:
    listed = ",".join(map(str, sorted(cells)))
    return {CELLS: listed} if listed else {}


def cells_of(table: ColumnTable) -> list[int]:
    """Return the cells that a part of events or series covers."""
    listed = table.metadata.get(CELLS, "")
    return [int(cell) for cell in listed.split(",")] if listed else []


def decode(store: Store, name: str, columns: Sequence[str] | None = None) -> ColumnTable:
    """Return a part, or some columns of it; Invalid if it is damaged or cut short."""
    try:
        return _checked(parquet.decode(store.read(name), columns))
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        message = f"the part is damaged or cut short: {shortened(str(error).splitlines()[0], 120)}"
        remedy = Typed("wargame batch … --resume", "wargame.batch(…, resume=True)") + " runs its replications again"
        raise Invalid.in_file(f"{store.address}/{name}", message, remedy) from None


TYPES: dict[str, type] = {
    **dict.fromkeys(("arm", "status", "error", "ended", "who", "option", "target", "kind", "source"), str),
    **dict.fromkeys(("replication", "seed", "point", "draws", "number", "kernel_events", "decisions"), int),
    "success": bool,
}
"""The types of the columns that are not decimal numbers."""


def _checked(table: ColumnTable) -> ColumnTable:
    """Return the table; ValueError for a column of another type, and for a missing key."""
    for name, kind in table.schema.items():
        if kind != TYPES.get(name, float):
            raise ValueError(f"the column {name} has the type {kind.__name__}")
        if name in (*KEYS, "status") and not parquet.present(table.columns[name]).all():
            raise ValueError(f"the column {name} has empty cells")
    cells_of(table)
    return table


def part_names(store: Store, folder: str = RUNS) -> list[str]:
    """Return the parts in a folder of the batch."""
    return [name for name in store.names(folder) if name.endswith(".parquet")]


NO_EVENTS = ("this batch has no events", "run it with " + flag("events") + ", or `events: true` in the study")
"""The fault of a batch of which events are asked, and the remedy."""


def read_table(store: Store, folder: str, columns: Sequence[str] | None = None, of: Sequence[str] = ()) -> ColumnTable:
    """Return all parts as one table, or the parts `of`, unordered; a merge that was killed leaves rows twice.

    Raises Invalid without parts, and UsageFault if another process that runs the batch has replaced one of them.
    """
    try:
        tables = [decode(store, name, columns) for name in of or part_names(store, folder)]
    except FileNotFoundError:
        raise UsageFault(f"{store.address} is in use by another process; wait for it, then try again") from None
    if not tables:
        remedy = "continue the batch with " + flag("resume")
        raise Invalid.in_file(f"{store.address}/{folder}", "there are no parts", remedy)
    return parquet.concatenated(tables)


def merge(store: Store, folder: str, names: Sequence[str]) -> None:
    """Write small parts as larger ones, then remove them; a kill in between leaves rows twice, which is harmless."""
    group: list[str] = []
    tables: list[ColumnTable] = []
    for name in names:
        group.append(name)
        tables.append(decode(store, name))
        if sum(map(len, tables)) >= LARGE:
            _join(store, folder, group, tables)
            group, tables = [], []
    if group:
        _join(store, folder, group, tables)


def _join(store: Store, folder: str, names: list[str], tables: list[ColumnTable]) -> None:
    spans = [_stem(name).split("_") for name in names]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    taken = set(part_names(store, folder)) - set(names)
    number = len(names)
    while (name := f"{folder}/{first}_{last}_{number}{MERGED}.parquet") in taken:
        number += 1  # the name is taken where cells were run again after damage
    metadata = tables[0].metadata | _covering({cell for table in tables for cell in cells_of(table)})
    store.write(name, parquet.encode(replace(parquet.concatenated(tables), metadata=metadata)))
    store.remove(set(names) - {name})


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".parquet")


def is_small(name: str) -> bool:
    """Return whether a part has not been merged yet."""
    return not _stem(name).endswith(MERGED)


def part_name(folder: str, cells: Iterable[int]) -> str:
    """Return the name of the part that holds these cells: the first, the last, and how many."""
    numbers = list(cells)
    return f"{folder}/{min(numbers):09d}_{max(numbers):09d}_{len(numbers)}.parquet"


Floats = NDArray[np.float64]


class RunTable:
    """The rows by arm and replication, independent of the order in which they were written.

    All columns are of the parts that are there at first, whatever another process adds to a batch that runs. They are
    arrays of arms × replications. `there` says which runs have a row, `ok` which of them count,
    `failed` which failed.
    """

    def __init__(self, place: Store, prepared: PreparedStudy, manifest: BatchManifest) -> None:
        self._place = place
        self.prepared, self.manifest = prepared, manifest
        self.arms = prepared.names
        self.shape = (len(self.arms), manifest.counted or manifest.replications)
        self._parts = part_names(place)
        keys = read_table(place, RUNS, [*KEYS, "status"], self._parts)
        self._where = self._places(keys)
        good = keys.columns["status"] == OK
        self.there = self._laid_out(np.ones(len(good)), 0.0) > 0
        self.ok = self._laid_out(good.astype(np.float64), 0.0) > 0
        self.failed = self._laid_out((keys.columns["status"] == FAILED).astype(np.float64), 0.0) > 0

    def _places(self, keys: ColumnTable) -> NDArray[np.int64]:
        """Return the index of each row in the flat layout; -1 for a row that does not count."""
        arms, count = self.shape
        numbers = {arm: number for number, arm in enumerate(self.arms)}
        index = np.array([numbers.get(arm, -1) for arm in keys.columns["arm"]], np.int64)
        replication = keys.columns["replication"]
        known = (replication >= 0) & (replication < count) & (index >= 0) & (index < arms)
        return np.where(known, index * count + replication, -1).astype(np.int64)

    def _laid_out(self, flat: Floats, missing: float) -> Floats:
        values = np.full(self.shape[0] * self.shape[1], missing)
        counts = self._where >= 0
        values[self._where[counts]] = flat[counts]
        return values.reshape(self.shape)

    def column(self, name: str) -> Floats:
        """Return a column of numbers; NaN where there is none."""
        flat = read_table(self._place, RUNS, [name], self._parts).columns[name]
        return self._laid_out(flat.astype(np.float64), np.nan)

    def replaced(self) -> NDArray[np.bool_]:
        """Return the runs in which the model took decisions in the place of a player, arms × replications."""
        columns = [self.column(f"replaced({government})") for government in played(self.prepared)]
        return np.any([column > 0 for column in columns], axis=0) if columns else np.zeros(self.shape, dtype=np.bool_)

    def total(self, name: str) -> int:
        """Return the sum of a column of whole numbers."""
        return int(np.nansum(self.column(name)))

    def row(self, arm: str) -> int:
        """Return the index of an arm in `ok` and the columns."""
        return self.arms.index(arm)


def frame(place: Store, prepared: PreparedStudy, manifest: BatchManifest, folder: str = RUNS) -> pd.DataFrame:
    """Return a table as a data frame, sorted by arm and replication, each row once."""
    columns = {RUNS: [], EVENTS: ["number"], SERIES: ["day"]}[folder]
    order = [*KEYS, *columns]
    import pandas as pd

    rows = pd.DataFrame(read_table(place, folder).columns)
    rows = rows[rows["replication"].between(0, (manifest.counted or manifest.replications) - 1)]
    rows = rows[rows["arm"].isin(prepared.names)]
    ordered: pd.DataFrame = rows.drop_duplicates(order).sort_values(order, kind="stable", ignore_index=True)
    return ordered
