"""The tables of batches as Parquet, compared with PyArrow, which other tools use."""

from __future__ import annotations

import io
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wargame.batches.running import parquet
from wargame.batches.running.parquet import ColumnTable, Schema

SCHEMA: Schema = {"arm": str, "replication": int, "share": float, "success": bool}
ARROW = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
VALUES = {
    "arm": some.one_of(some.none(), some.sampled_from(["baseline", "ein Weg – 北京"]), some.text(max_size=5)),
    "replication": some.one_of(some.integers(0, 3), some.integers(-(2**63), 2**63 - 1)),
    "share": some.one_of(some.none(), some.sampled_from([0.0, -0.0, 0.5, float("inf")]), some.floats(allow_nan=False)),
    "success": some.one_of(some.none(), some.booleans()),
}
Rows = list[dict[str, Any]]


def table_of(rows: Rows) -> ColumnTable:
    """The rows as a table."""
    columns = {name: parquet.column([row[name] for row in rows], kind) for name, kind in SCHEMA.items()}
    return ColumnTable(SCHEMA, columns, {"cells": "1,2"})


def of_arrow(rows: Rows, **options: Any) -> bytes:
    """The rows as PyArrow writes them."""
    sink = io.BytesIO()
    arrow = pa.schema([(name, ARROW[kind]) for name, kind in SCHEMA.items()])
    pq.write_table(pa.Table.from_pylist(rows, arrow), sink, **options)
    return sink.getvalue()


@settings(max_examples=60, deadline=None)
@given(some.lists(some.fixed_dictionaries(VALUES), max_size=40))
def test_other_tools_read_what_is_written(rows: Rows) -> None:
    """PyArrow finds the same rows and types, valid pages, and checksums that match."""
    data = parquet.encode(table_of(rows))
    read = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True).read()
    read.validate(full=True)
    assert read.to_pylist() == rows
    assert {field.name: field.type for field in read.schema} == {name: ARROW[kind] for name, kind in SCHEMA.items()}
    assert parquet.decode(data).rows() == rows


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_dictionary": False, "write_statistics": False, "write_page_checksum": True},
        {"data_page_size": 300, "row_group_size": 150},
    ],
)
def test_what_pyarrow_writes_is_read(options: dict[str, Any]) -> None:
    """With dictionaries or without, in one page or several, as far as it is not compressed."""
    rows: Rows = [
        {
            "arm": None if i % 50 == 7 else f"arm {i % 3}",
            "replication": i,
            "share": None if i % 4 == 1 else i / 7,
            "success": i % 3 == 0,
        }
        for i in range(400)
    ]
    assert parquet.decode(of_arrow(rows, compression="none", **options)).rows() == rows
    with pytest.raises(ValueError, match="compressed"):
        parquet.decode(of_arrow(rows, compression="snappy", **options))


def test_some_columns_are_read_alone() -> None:
    """In the order in which they are asked for."""
    rows = [{"arm": "a", "replication": i, "share": 0.5, "success": True} for i in range(9)]
    assert list(parquet.decode(parquet.encode(table_of(rows)), ["share", "arm"]).columns) == ["share", "arm"]


def test_each_changed_byte_of_a_page_is_noticed() -> None:
    """A flipped bit in any byte of the pages is an error, or leaves the rows as they were."""
    rows = [{"arm": f"arm {i % 2}", "replication": i, "share": i / 7, "success": True} for i in range(30)]
    data = parquet.encode(table_of(rows))
    end = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    for at in range(end):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        try:
            read = parquet.decode(bytes(changed))
        except ValueError:
            continue
        assert read.rows() == rows, at


def test_a_file_that_is_cut_short_anywhere_is_an_error() -> None:
    """Also within its last bytes."""
    data = parquet.encode(table_of([{"arm": "a", "replication": 1, "share": 0.5, "success": True}]))
    for size in range(len(data)):
        with pytest.raises(ValueError, match=r"Parquet|headers|field|page"):
            parquet.decode(data[:size])


def test_the_bytes_are_those_of_every_installation() -> None:
    """The same table has the same bytes, which no version of a library decides."""
    rows = [{"arm": f"arm {i % 2}", "replication": i, "share": np.nan, "success": i > 3} for i in range(8)]
    data = parquet.encode(table_of(rows))
    assert (len(data), crc32(data)) == (486, 1958170978)
