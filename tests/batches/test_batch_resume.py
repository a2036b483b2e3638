"""A damaged batch is completed to the same table."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wargame.batches.api import Batch, BatchOptions, open_batch, play
from wargame.batches.running import parts
from wargame.batches.running.opening import open_target
from wargame.batches.running.runner import claim
from wargame.batches.running.store import store
from wargame.batches.study.overrides import StudyOverrides
from wargame.errors import Invalid, UsageFault

KEPT = StudyOverrides(replications=24, until="60d", events=True, measures=("mean(tension)", "actions()"))


def played(folder: Path, overrides: StudyOverrides = KEPT, *, resume: bool = False) -> Batch:
    """A batch of two rivals."""
    return play(open_target("two-rivals", overrides), BatchOptions(out=str(folder), resume=resume))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """An undisturbed batch with its events."""
    return played(tmp_path_factory.mktemp("whole") / "b")


def damaged(whole: Batch, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(whole.path, tmp_path / "b"))


def same(folder: Path, whole: Batch) -> bool:
    """Whether resuming a damaged batch gives the table and the events of the undisturbed one."""
    again = played(folder, resume=True)
    return again.frame().equals(whole.frame()) and again.events(None).equals(whole.events(None))


def test_runs_with_a_flipped_bit_are_repeated(whole: Batch, tmp_path: Path) -> None:
    """In a column of numbers, where only a checksum can detect it."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "runs").glob("*.parquet")
    column = pq.ParquetFile(part).metadata.row_group(0).column(6)
    assert column.path_in_schema == "actions()"
    data = bytearray(part.read_bytes())
    data[column.data_page_offset + column.total_compressed_size - 3] ^= 1
    part.write_bytes(bytes(data))
    with pytest.raises(Invalid, match="damaged"):
        open_batch(str(folder)).frame()
    assert same(folder, whole)


@pytest.mark.parametrize("how", ["gone", "cut short"])
def test_runs_with_lost_events_are_repeated(how: str, whole: Batch, tmp_path: Path) -> None:
    """A row is not enough for a run whose events are stored."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "events").glob("*.parquet")
    part.unlink() if how == "gone" else part.write_bytes(part.read_bytes()[:-40])
    assert same(folder, whole)


@pytest.mark.parametrize("columns", [["arm", "replication", "status", "error"], None])
def test_a_part_of_another_batch_is_removed(columns: list[str] | None, whole: Batch, tmp_path: Path) -> None:
    """A part with other measures or with an unknown arm."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "runs").glob("*.parquet")
    table = pq.read_table(part)
    if columns is None:
        table = table.set_column(0, table.schema.field("arm"), [["zzz"] * table.num_rows])
    pq.write_table(table.select(columns) if columns else table, part)
    assert same(folder, whole)


def test_rows_before_the_first_do_not_count(whole: Batch, tmp_path: Path) -> None:
    """A row of replication -1 is not part of the table."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "runs").glob("*.parquet")
    table = pq.read_table(part)
    stray = table.slice(0, 1).set_column(1, table.schema.field("replication"), [[-1]])
    pq.write_table(stray, folder / "runs" / "000000000_000000000_1.parquet")
    assert open_batch(str(folder)).frame().equals(whole.frame())


def test_repeated_cells_overwrite_no_other_part(tmp_path: Path) -> None:
    """Two parts over the same range of numbers have different names."""
    place = store(str(tmp_path))
    kind = pa.schema([("arm", pa.string()), ("replication", pa.int64())])
    for cells in ([0, 1], [2, 3]):
        rows = [{"arm": "a", "replication": cell} for cell in cells]
        place.write(parts.part_name("runs", cells), parts.encode(rows, kind))
    parts.merge(place, "runs", parts.part_names(place))
    for cells in ([0], [3]):
        rows = [{"arm": "a", "replication": cell} for cell in cells]
        place.write(parts.part_name("runs", cells), parts.encode(rows, kind))
    parts.merge(place, "runs", [name for name in parts.part_names(place) if parts.is_small(name)])
    assert sorted(parts.read_table(place, "runs")["replication"].to_pylist()) == [0, 0, 1, 2, 3, 3]


def test_a_batch_with_other_inputs_is_not_resumed(whole: Batch, tmp_path: Path) -> None:
    """Workers read the folder: its scenario must be the one with which the batch was started."""
    folder = damaged(whole, tmp_path)
    scenario = folder / "inputs" / "scenario" / "two-rivals.yaml"
    scenario.write_text(scenario.read_text().replace("start: 0.5", "start: 0.6", 1))
    with pytest.raises(Invalid, match="the inputs changed since the batch was created"):
        played(folder, resume=True)


def test_a_refused_batch_removes_no_files(tmp_path: Path) -> None:
    """A folder is claimed by creating it; a second batch is refused and removes nothing of the first."""
    place = store(str(tmp_path / "b"))
    claim(place)
    place.write("inputs/x", b"mine")
    with place.locked(), pytest.raises(UsageFault, match="exists already"):
        played(tmp_path / "b")
    assert place.read("inputs/x") == b"mine"
