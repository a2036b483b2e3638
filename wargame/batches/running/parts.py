"""The table of a batch as Parquet files ("parts"): one row for each replication and arm.

Each part is written atomically, and its pages have checksums. A part of events or series lists in its metadata the
cells that it covers, since a run may have none of them. Statistics read one column at a time.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from wargame.errors import Invalid, Problem, shortened

if TYPE_CHECKING:
    import pandas as pd

    from wargame.batches.running.manifest import BatchManifest
    from wargame.batches.running.store import Store
    from wargame.batches.study.prepared import PreparedStudy

RUNS: Final = "runs"
EVENTS: Final = "events"
SERIES: Final = "series"
OK, FAILED = "ok", "failed"
KEYS = ("arm", "replication")
CELLS = "cells"
MERGED = "parts"
"""Ends the names of parts that were merged from several."""
LARGE = 1024
"""Rows of a part that is large enough: merging more would only cost memory."""
MANY = 64
"""Small parts, of about a second each, after which they are merged."""


def columns(prepared: PreparedStudy) -> pa.Schema:
    """Return the columns of the table, in their order."""
    names = [*KEYS, "seed", "status", "error"]
    if prepared.points is not None:
        names += ["point", "draws", *map(factor_column, prepared.points.names)]
    numbers = {measure.name: pa.float64() for measure in prepared.measures}
    names += [*numbers, *times(prepared), "days", "ended", "kernel_events", "decisions"]
    return pa.schema([(name, numbers.get(name) or TYPES.get(name, pa.float64())) for name in names])


def times(prepared: PreparedStudy) -> list[str]:
    """Return the columns of first-passage times that are not measures already."""
    measured = {measure.name for measure in prepared.measures}
    return [name for name in (f"time({outcome})" for outcome in prepared.outcomes) if name not in measured]


def factor_column(name: str) -> str:
    """Return the column of a factor; no measure can have this name."""
    return f"factor:{name}"


def encode(rows: Sequence[dict[str, Any]], schema: pa.Schema, cells: Iterable[int] = ()) -> bytes:
    """Return rows as a Parquet file. NaN is written as null: an outcome that did not occur, a measure of a failed run.

    `cells` are those that a part of events or series covers.
    """
    schema = _covering(schema, cells)
    arrays = [pa.array([_or_null(row.get(field.name)) for row in rows], field.type) for field in schema]
    return encode_table(pa.Table.from_arrays(arrays, schema=schema))


def encode_columns(names: Sequence[str], rows: Iterable[Sequence[Any]], cells: Iterable[int]) -> bytes:
    """Return a part of events or series as a Parquet file, with the columns of `TYPES`; others are decimal numbers."""
    schema = pa.schema([(name, TYPES.get(name, pa.float64())) for name in names])
    return encode([dict(zip(names, row, strict=True)) for row in rows], schema, cells)


def _covering(schema: pa.Schema, cells: Iterable[int]) -> pa.Schema:
    listed = ",".join(map(str, sorted(cells)))
    return schema.with_metadata({CELLS: listed}) if listed else schema


def cells_of(table: pa.Table) -> list[int]:
    """Return the cells that a part of events or series covers."""
    listed = (table.schema.metadata or {}).get(CELLS.encode(), b"").decode()
    return [int(cell) for cell in listed.split(",")] if listed else []


def _or_null(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


def encode_table(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    sink = io.BytesIO()
    plain: dict[str, Any] = {"use_dictionary": False, "write_statistics": False, "write_page_checksum": True}
    pq.write_table(table, sink, compression="snappy", **plain)
    return sink.getvalue()


def decode(store: Store, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a part, or some columns of it; Invalid if it is damaged or cut short."""
    try:
        buffer = pa.BufferReader(store.read(name))
        # `pq.read_table` leaves a thread behind, which may abort a process that ends soon after.
        file = pq.ParquetFile(buffer, pre_buffer=False, page_checksum_verification=True)
        return _checked(file.read(columns=_existing(file, columns), use_threads=False))
    except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        message = f"the part is damaged or cut short: {shortened(str(error).splitlines()[0], 120)}"
        remedy = "wargame batch … --resume runs its replications again"
        raise Invalid([Problem(f"{store.address}/{name}", 0, 0, message, remedy)]) from None


def _existing(file: pq.ParquetFile, columns: Sequence[str] | None) -> list[str] | None:
    """Return the columns to read, None for all; ValueError for one that the file does not have."""
    if missing := sorted(set(columns or ()) - set(file.schema_arrow.names)):
        raise ValueError(f"it has no column {missing[0]}")
    return None if columns is None else list(columns)


TYPES = {
    **dict.fromkeys(("arm", "status", "error", "ended", "who", "option", "target", "kind", "source"), pa.string()),
    **dict.fromkeys(("replication", "seed", "point", "draws", "number", "kernel_events", "decisions"), pa.int64()),
    "success": pa.bool_(),
}
"""The types of the columns that are not decimal numbers."""


def _checked(table: pa.Table) -> pa.Table:
    """Return the table; ValueError for a column of another type, for a missing key, and for text that is not UTF-8."""
    table.validate(full=True)
    for field in table.schema:
        if field.type != TYPES.get(field.name, pa.float64()):
            raise ValueError(f"the column {field.name} has the type {field.type}")
    for name in (*KEYS, "status"):
        if name in table.column_names and table[name].null_count:
            raise ValueError(f"the column {name} has empty cells")
    cells_of(table)
    return table


def part_names(store: Store, folder: str = RUNS) -> list[str]:
    """Return the parts in a folder of the batch."""
    return [name for name in store.names(folder) if name.endswith(".parquet")]


NO_EVENTS = ("this batch has no events", "run it with --events, or `events: true` in the study")
"""What is wrong with a batch of which events are asked, and the remedy."""


def read_parts(store: Store, folder: str, columns: Sequence[str] | None = None) -> Iterator[tuple[str, pa.Table]]:
    """Yield the parts with their names, one at a time."""
    for name in part_names(store, folder):
        yield name, decode(store, name, columns)


def read_table(store: Store, folder: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return all parts as one table, in no order. A batch that was killed while it merged parts has some rows twice.

    Invalid if there are no parts.
    """
    tables = [table for _, table in read_parts(store, folder, columns)]
    if not tables:
        raise Invalid([Problem(f"{store.address}/{folder}", 0, 0, "there are no parts", "did any run finish?")])
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


def merge(store: Store, folder: str, names: Sequence[str]) -> None:
    """Write small parts as larger ones, then remove them; a kill in between leaves rows twice, which is harmless."""
    group: list[str] = []
    tables: list[pa.Table] = []
    for name in names:
        group.append(name)
        tables.append(decode(store, name))
        if sum(table.num_rows for table in tables) >= LARGE:
            _join(store, folder, group, tables)
            group, tables = [], []
    if group:
        _join(store, folder, group, tables)


def _join(store: Store, folder: str, names: list[str], tables: list[pa.Table]) -> None:
    spans = [_stem(name).split("_") for name in names]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    taken = set(part_names(store, folder)) - set(names)
    number = len(names)
    while (name := f"{folder}/{first}_{last}_{number}{MERGED}.parquet") in taken:
        number += 1  # the name is taken where cells were run again after damage
    joined = pa.concat_tables(tables, promote_options="default")
    schema = _covering(joined.schema, {cell for table in tables for cell in cells_of(table)})
    store.write(name, encode_table(joined.cast(schema)))
    store.remove(set(names) - {name})
    pa.default_memory_pool().release_unused()


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

    Columns are arrays of arms × replications. `there` says which runs have a row, `ok` which of them succeeded.
    """

    def __init__(self, place: Store, prepared: PreparedStudy, manifest: BatchManifest) -> None:
        self._place = place
        self.prepared, self.manifest = prepared, manifest
        self.arms = prepared.names
        counted = manifest.counted or manifest.replications
        self.shape = (len(self.arms), counted)
        keys = read_table(place, RUNS, [*KEYS, "status"])
        self._where = self._places(keys)
        good = pc.equal(keys["status"], OK).to_numpy(zero_copy_only=False)
        self.there = self._laid_out(np.ones(len(good)), 0.0) > 0
        self.ok = self._laid_out(good.astype(np.float64), 0.0) > 0

    def _places(self, keys: pa.Table) -> NDArray[np.int64]:
        """Return the index of each row in the flat layout; -1 for a row that does not count."""
        arms, count = self.shape
        index = pc.index_in(keys["arm"], value_set=pa.array(self.arms)).to_numpy(zero_copy_only=False)
        replication = keys["replication"].to_numpy()
        known = (replication >= 0) & (replication < count) & (index >= 0) & (index < arms)
        return np.where(known, index * count + replication, -1).astype(np.int64)

    def _laid_out(self, flat: Floats, missing: float) -> Floats:
        values = np.full(self.shape[0] * self.shape[1], missing)
        counts = self._where >= 0
        values[self._where[counts]] = flat[counts]
        return values.reshape(self.shape)

    def column(self, name: str) -> Floats:
        """Return a column of numbers; NaN where there is none."""
        flat = read_table(self._place, RUNS, [name])[name].cast(pa.float64())
        return self._laid_out(flat.to_numpy(zero_copy_only=False).astype(np.float64), np.nan)

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
    rows = read_table(place, folder).to_pandas(use_threads=False)
    rows = rows[rows["replication"].between(0, (manifest.counted or manifest.replications) - 1)]
    rows = rows[rows["arm"].isin(prepared.names)]
    ordered: pd.DataFrame = rows.drop_duplicates(order).sort_values(order, kind="stable", ignore_index=True)
    return ordered
