"""A damaged batch is completed to the same table."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wargame.batch.api import Batch, BatchOptions, open_batch, play
from wargame.batch.running import parts
from wargame.batch.running.opening import open_target
from wargame.batch.running.runner import claim
from wargame.batch.running.store import store
from wargame.batch.study.overrides import StudyOverrides
from wargame.errors import Invalid, UsageFault

KEPT = StudyOverrides(replications=24, until="60d", events=True, measures=("mean(tension)", "actions()"))


def played(folder: Path, wishes: StudyOverrides = KEPT, *, resume: bool = False) -> Batch:
    """A batch of two rivals."""
    return play(open_target("two-rivals", wishes), BatchOptions(out=str(folder), resume=resume))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """An undisturbed one, with its events."""
    return played(tmp_path_factory.mktemp("whole") / "b")


def damaged(whole: Batch, tmp_path: Path) -> Path:
    """A copy of it to be damaged."""
    return Path(shutil.copytree(whole.path, tmp_path / "b"))


def same(folder: Path, whole: Batch) -> bool:
    """Whether going on with a damaged batch gives the table and the events of the undisturbed one."""
    again = played(folder, resume=True)
    return again.frame().equals(whole.frame()) and again.events(None).equals(whole.events(None))


def test_a_flipped_bit_is_seen_and_played_again(whole: Batch, tmp_path: Path) -> None:
    """In a column of numbers, where nothing but a checksum can tell."""
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
def test_events_that_are_lost_are_played_again(how: str, whole: Batch, tmp_path: Path) -> None:
    """A row alone does not stand for a run whose actions were to be kept."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "events").glob("*.parquet")
    part.unlink() if how == "gone" else part.write_bytes(part.read_bytes()[:-40])
    assert same(folder, whole)


@pytest.mark.parametrize("columns", [["arm", "replication", "status", "error"], None])
def test_a_part_of_something_else_is_removed(columns: list[str] | None, whole: Batch, tmp_path: Path) -> None:
    """Without the measures of this batch, or with an arm that it does not have."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "runs").glob("*.parquet")
    table = pq.read_table(part)
    if columns is None:
        table = table.set_column(0, table.schema.field("arm"), [["zzz"] * table.num_rows])
    pq.write_table(table.select(columns) if columns else table, part)
    assert same(folder, whole)


def test_rows_before_the_first_do_not_count(whole: Batch, tmp_path: Path) -> None:
    """A row that calls itself replication -1 is in no table."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "runs").glob("*.parquet")
    table = pq.read_table(part)
    stray = table.slice(0, 1).set_column(1, table.schema.field("replication"), [[-1]])
    pq.write_table(stray, folder / "runs" / "000000000_000000000_1.parquet")
    assert open_batch(str(folder)).frame().equals(whole.frame())


def test_cells_played_again_overwrite_no_others(tmp_path: Path) -> None:
    """Parts put together twice over the same span keep two names."""
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
    assert sorted(parts.whole(place, "runs")["replication"].to_pylist()) == [0, 0, 1, 2, 3, 3]


def test_other_inputs_are_not_gone_on_with(whole: Batch, tmp_path: Path) -> None:
    """Workers read the folder: its scenario must be the one that the batch was begun with."""
    folder = damaged(whole, tmp_path)
    scenario = folder / "inputs" / "scenario" / "two-rivals.yaml"
    scenario.write_text(scenario.read_text().replace("start: 0.5", "start: 0.6", 1))
    with pytest.raises(Invalid, match="the inputs changed since the batch was created"):
        played(folder, resume=True)


def test_who_comes_second_takes_nothing_away(tmp_path: Path) -> None:
    """A place is claimed by making it; the one who is refused removes nothing of what the first has put there."""
    place = store(str(tmp_path / "b"))
    claim(place)
    place.write("inputs/x", b"mine")
    with place.locked(), pytest.raises(UsageFault, match="exists already"):
        played(tmp_path / "b")
    assert place.read("inputs/x") == b"mine"
