"""The table of a batch as Parquet parts: one row a replication and arm, each part written whole.

Pages carry checksums. A part of events or of series says in its metadata of which cells it tells, since a run may have
none.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from wargame.errors import Invalid, Problem

if TYPE_CHECKING:
    from wargame.batch.running.store import Store
    from wargame.batch.study.prepared import Prepared

RUNS, EVENTS, SERIES = "runs", "events", "series"
OK, FAILED = "ok", "failed"
KEYS = ("arm", "replication")
CELLS = "cells"
TOGETHER = "parts"
"""Ends the names of those that were made of several."""
LARGE = 1024
"""Rows of a part that is large enough: putting more together would only take memory."""
LOOSE = 64
"""Parts of about a second that may lie about before they are put together."""


def columns(prepared: Prepared) -> pa.Schema:
    """The columns of the table, in their order."""
    fields = [
        pa.field("arm", pa.string()),
        pa.field("replication", pa.int64()),
        pa.field("seed", pa.int64()),
        pa.field("status", pa.string()),
        pa.field("error", pa.string()),
    ]
    if prepared.points is not None:
        fields += [pa.field("point", pa.int64()), pa.field("luck", pa.int64())]
        fields += [pa.field(factor_column(name), pa.float64()) for name in prepared.points.names]
    fields += [pa.field(measure.name, pa.float64()) for measure in prepared.measures]
    fields += [pa.field(name, pa.float64()) for name in times(prepared)]
    fields += [pa.field("days", pa.float64()), pa.field("ended", pa.string())]
    fields += [pa.field("kernel_events", pa.int64()), pa.field("decisions", pa.int64())]
    return pa.schema(fields)


def times(prepared: Prepared) -> list[str]:
    """The columns of first-passage times that no measure has already."""
    measured = {measure.name for measure in prepared.measures}
    return [name for name in (f"time({outcome})" for outcome in prepared.outcomes) if name not in measured]


def factor_column(name: str) -> str:
    """The column of a factor, which no measure can be called."""
    return f"factor:{name}"


def encode(rows: Sequence[dict[str, Any]], schema: pa.Schema, cells: Iterable[int] = ()) -> bytes:
    """Rows as a Parquet file. NaN is written as null: a time that did not come, a measure of a failed run.

    `cells` are those that a part of events or series tells of.
    """
    schema = _telling(schema, cells)
    arrays = [pa.array([_known(row.get(field.name)) for row in rows], field.type) for field in schema]
    return encode_table(pa.Table.from_arrays(arrays, schema=schema))


def _telling(schema: pa.Schema, cells: Iterable[int]) -> pa.Schema:
    told = ",".join(map(str, sorted(cells)))
    return schema.with_metadata({CELLS: told}) if told else schema


def cells_of(table: pa.Table) -> list[int]:
    """The cells that a part of events or series tells of."""
    told = (table.schema.metadata or {}).get(CELLS.encode(), b"").decode()
    return [int(cell) for cell in told.split(",")] if told else []


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


def encode_table(table: pa.Table) -> bytes:
    """A table as a Parquet file."""
    sink = io.BytesIO()
    plain: dict[str, Any] = {"use_dictionary": False, "write_statistics": False, "write_page_checksum": True}
    pq.write_table(table, sink, compression="snappy", **plain)
    return sink.getvalue()


def decode(store: Store, name: str, wanted: Sequence[str] | None = None) -> pa.Table:
    """A part, or some columns of it; Invalid if it is damaged or cut short."""
    try:
        buffer = pa.BufferReader(store.read(name))
        # `pq.read_table` leaves a thread behind, which may abort a process that ends soon after.
        file = pq.ParquetFile(buffer, pre_buffer=False, page_checksum_verification=True)
        return file.read(columns=_columns(file, wanted), use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        message = f"the part is damaged or cut short: {str(error).splitlines()[0][:120]}"
        remedy = "wargame batch … --resume plays its runs again"
        raise Invalid([Problem(f"{store.address}/{name}", 0, 0, message, remedy)]) from None


def _columns(file: pq.ParquetFile, wanted: Sequence[str] | None) -> list[str] | None:
    """Those to be read, None for all; ValueError for one that the file does not have."""
    missing = sorted(set(wanted or ()) - set(file.schema_arrow.names))
    if missing:
        raise ValueError(f"it has no column {missing[0]}")
    return None if wanted is None else list(wanted)


def part_names(store: Store, folder: str = RUNS) -> list[str]:
    """The parts in a folder of the batch."""
    return [name for name in store.names(folder) if name.endswith(".parquet")]


def each(store: Store, folder: str, wanted: Sequence[str] | None = None) -> Iterator[tuple[str, pa.Table]]:
    """The parts with their names, one after another."""
    for name in part_names(store, folder):
        yield name, decode(store, name, wanted)


def whole(store: Store, folder: str, wanted: Sequence[str] | None = None) -> pa.Table:
    """All parts as one table, in no order; a batch that was killed as it put them together has rows twice."""
    tables = [table for _, table in each(store, folder, wanted)]
    if not tables:
        raise Invalid([Problem(f"{store.address}/{folder}", 0, 0, "there are no parts", "was anything played?")])
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


def put_together(store: Store, folder: str, names: Sequence[str]) -> None:
    """Writes small parts as larger ones and removes them; killed between, it leaves rows twice, which is forgiven."""
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
    while (name := f"{folder}/{first}_{last}_{number}{TOGETHER}.parquet") in taken:
        number += 1  # cells are played again where something was damaged
    made = pa.concat_tables(tables, promote_options="default")
    schema = _telling(made.schema, {cell for table in tables for cell in cells_of(table)})
    store.write(name, encode_table(made.cast(schema)))
    store.remove(set(names) - {name})
    pa.default_memory_pool().release_unused()


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".parquet")


def is_small(name: str) -> bool:
    """Whether a part has not been put together with others yet."""
    return not _stem(name).endswith(TOGETHER)


def part_name(folder: str, cells: Iterable[int]) -> str:
    """What the part that holds these cells is called: the first and the last, and how many."""
    numbers = list(cells)
    return f"{folder}/{min(numbers):09d}_{max(numbers):09d}_{len(numbers)}.parquet"
