"""The table of a batch as Parquet files ("parts"): one row for each replication and arm.

Each part is written atomically, and its pages have checksums. A part of events or series lists in its metadata the
cells that it covers, since a run may have none of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from wargame.errors import Invalid, Problem, shortened

if TYPE_CHECKING:
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
    fields = [
        pa.field("arm", pa.string()),
        pa.field("replication", pa.int64()),
        pa.field("seed", pa.int64()),
        pa.field("status", pa.string()),
        pa.field("error", pa.string()),
    ]
    if prepared.points is not None:
        fields += [pa.field("point", pa.int64()), pa.field("draws", pa.int64())]
        fields += [pa.field(factor_column(name), pa.float64()) for name in prepared.points.names]
    fields += [pa.field(measure.name, pa.float64()) for measure in prepared.measures]
    fields += [pa.field(name, pa.float64()) for name in times(prepared)]
    fields += [pa.field("days", pa.float64()), pa.field("ended", pa.string())]
    fields += [pa.field("kernel_events", pa.int64()), pa.field("decisions", pa.int64())]
    return pa.schema(fields)


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
        table = file.read(columns=_existing(file, columns), use_threads=False)
        return _checked(table)
    except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        message = f"the part is damaged or cut short: {shortened(str(error).splitlines()[0], 120)}"
        remedy = "wargame batch … --resume runs its replications again"
        raise Invalid([Problem(f"{store.address}/{name}", 0, 0, message, remedy)]) from None


def _existing(file: pq.ParquetFile, columns: Sequence[str] | None) -> list[str] | None:
    """Return the columns to read, None for all; ValueError for one that the file does not have."""
    missing = sorted(set(columns or ()) - set(file.schema_arrow.names))
    if missing:
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
