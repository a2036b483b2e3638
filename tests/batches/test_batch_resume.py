"""A damaged batch is completed to the same table."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from support.in_process import inside
from wargame.batches.api import Batch, BatchOptions, open_batch, play
from wargame.batches.running import parts
from wargame.batches.running.opening import open_target
from wargame.batches.running.runner import BatchCells, claim
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
    pq.write_table(table.select(columns) if columns else table, part, compression="none")
    assert same(folder, whole)


def test_rows_before_the_first_do_not_count(whole: Batch, tmp_path: Path) -> None:
    """A row of replication -1 is not part of the table."""
    folder = damaged(whole, tmp_path)
    (part,) = (folder / "runs").glob("*.parquet")
    table = pq.read_table(part)
    stray = table.slice(0, 1).set_column(1, table.schema.field("replication"), [[-1]])
    pq.write_table(stray, folder / "runs" / "000000000_000000000_1.parquet", compression="none")
    assert open_batch(str(folder)).frame().equals(whole.frame())


def test_a_batch_that_another_process_runs_is_read_as_it_was_at_first(whole: Batch, tmp_path: Path) -> None:
    """Runs that it adds later do not count; once it has merged what is read, the reader is told to wait."""
    folder = damaged(whole, tmp_path)
    batch = open_batch(str(folder))
    table = parts.RunTable(batch.place, batch.prepared, batch.manifest)
    before = table.column("actions()")
    (part,) = (folder / "runs").glob("*.parquet")
    later = part.with_name("000000000_000000001_2.parquet")
    pq.write_table(pq.read_table(part).slice(0, 2), later, compression="none")
    assert np.array_equal(table.column("actions()"), before)
    parts.merge(batch.place, "runs", parts.part_names(batch.place))
    with pytest.raises(UsageFault, match="in use by another process; wait for it"):
        table.column("actions()")
    assert open_batch(str(folder)).frame().equals(whole.frame())


def test_repeated_cells_overwrite_no_other_part(tmp_path: Path) -> None:
    """Two parts over the same range of numbers have different names."""
    place = store(str(tmp_path))
    kind = {"arm": str, "replication": int}
    for cells in ([0, 1], [2, 3]):
        rows = [{"arm": "a", "replication": cell} for cell in cells]
        place.write(parts.part_name("runs", cells), parts.encode(rows, kind))
    parts.merge(place, "runs", parts.part_names(place))
    for cells in ([0], [3]):
        rows = [{"arm": "a", "replication": cell} for cell in cells]
        place.write(parts.part_name("runs", cells), parts.encode(rows, kind))
    parts.merge(place, "runs", [name for name in parts.part_names(place) if parts.is_small(name)])
    assert sorted(parts.read_table(place, "runs").columns["replication"]) == [0, 0, 1, 2, 3, 3]


def test_a_batch_with_other_inputs_is_not_resumed(whole: Batch, tmp_path: Path) -> None:
    """Workers read the folder: its scenario must be the one with which the batch was started."""
    folder = damaged(whole, tmp_path)
    scenario = folder / "inputs" / "scenario" / "two-rivals.yaml"
    scenario.write_text(scenario.read_text("utf-8").replace("start: 0.5", "start: 0.6", 1))
    with pytest.raises(Invalid, match="the inputs changed since the batch was created"):
        played(folder, resume=True)


def test_a_refused_batch_removes_no_files(tmp_path: Path) -> None:
    """A second batch in a folder that the first has just begun is refused and removes nothing of the first."""
    place = store(str(tmp_path / "b"))
    claim(place)
    place.write("inputs/x", b"mine")
    with place.locked(), pytest.raises(UsageFault, match="in use by another process"):
        played(tmp_path / "b")
    assert place.read("inputs/x") == b"mine"


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("left", [(), (".lock",), (".lock", "inputs/other.yaml", ".manifest.json.123")])
def test_a_batch_that_was_killed_before_its_first_run_is_begun_again(
    left: tuple[str, ...], resume: bool, whole: Batch, tmp_path: Path
) -> None:
    """Its folder has no manifest yet; the same command begins it, with and without `--resume`."""
    folder = tmp_path / "b"
    folder.mkdir()
    for name in left:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    again = played(folder, resume=resume)
    assert again.frame().equals(whole.frame())


def test_a_folder_of_somebody_else_is_no_batch(tmp_path: Path) -> None:
    """One with a file of another name is refused."""
    (tmp_path / "b" / "inputs").mkdir(parents=True)
    (tmp_path / "b" / "inputs" / "mine").write_text("x")
    with pytest.raises(UsageFault, match="exists already and is not a batch"):
        played(tmp_path / "b")


def test_more_runs_of_a_batch_folder_keep_the_command_that_made_it(tmp_path: Path) -> None:
    """`batch FOLDER -n N --resume` continues in that folder; a command that named the folder could not make it."""
    made = ("batch", "two-rivals", "-n", "20", "--until", "20d", "--arm", "quiet=forbid ARD patrol", "--jobs", "1")
    assert inside(*made, "--measure", "p(war)", "--out", "b", cwd=tmp_path).returncode == 0
    more = inside("batch", "b", "-n", "24", "--resume", "--jobs", "1", cwd=tmp_path)
    assert more.returncode == 0, more.stderr
    again = open_batch(str(tmp_path / "b"))
    assert again.manifest.replications == 24
    assert again.manifest.command == (
        "wargame batch two-rivals -n 24 --arm 'quiet=forbid ARD patrol' --measure 'p(war)' --until 20d"
    )
    wrong = inside("batch", "two-rivals", "-n", "30", "--until", "20d", "--out", "b", "--resume", cwd=tmp_path)
    assert "resume it with the options of its command, wargame batch two-rivals -n 24" in wrong.stderr


def test_a_batch_that_has_all_its_runs_keeps_the_command_that_made_it(tmp_path: Path) -> None:
    """Resumed from elsewhere, where the study has another path."""
    (tmp_path / "s.yaml").write_text("format: wargame-study/1\nname: s\nscenario: two-rivals\nuntil: 10d\n")
    (tmp_path / "other").mkdir()
    words = ("-n", "3", "--jobs", "1")
    assert inside("batch", "s.yaml", *words, "--out", "b", cwd=tmp_path).returncode == 0
    made = open_batch(str(tmp_path / "b")).manifest.command
    again = inside("batch", "../s.yaml", *words, "--out", "../b", "--resume", cwd=tmp_path / "other")
    assert again.returncode == 0, again.stderr
    assert open_batch(str(tmp_path / "b")).manifest.command == made
    assert "batch s.yaml -n 3" in made


def test_a_folder_of_another_study_is_refused(whole: Batch, tmp_path: Path) -> None:
    """With the names of both, before anything is run."""
    folder = Path(shutil.copytree(whole.path, tmp_path / "b"))
    (tmp_path / "s.yaml").write_text("format: wargame-study/1\nname: other\nscenario: two-rivals\nreplications: 2\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    done = inside("batch", "s.yaml", "--out", "b", "--resume", cwd=tmp_path)
    assert done.returncode == 3
    assert f"b/manifest.json: is a batch of the study '{whole.manifest.study}', not of 'other'" in done.stderr
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before


def test_a_killed_batch_is_cut_short_and_says_how_to_go_on(whole: Batch, tmp_path: Path) -> None:
    """Its manifest says `running`, but no process holds its lock; `--resume` on its folder continues it."""
    folder = tmp_path / "runs" / "b"
    shutil.copytree(whole.path, folder)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    left = manifest | {"ended": "running", "finished": None, "counted": 0, "runs": 0}
    (folder / "manifest.json").write_text(json.dumps(left))
    (folder / ".lock").touch()
    shown = inside("show", "b", cwd=tmp_path).stdout
    assert "cut short: 24 of 24 runs" in shown
    assert "wargame batch runs/b --resume" in shown
    assert "cut short" in inside("list", "batches", cwd=tmp_path).stdout
    done = inside("batch", "b", "--resume", "--jobs", "1", cwd=tmp_path)
    assert "complete at 24 replications" in done.stdout, done.stderr
    assert "--resume" not in inside("show", "b", cwd=tmp_path).stdout


def test_parts_that_no_worker_has_reported_are_kept(whole: Batch, tmp_path: Path) -> None:
    """A cluster may be lost between the writing of a part and its report: the message still says how to go on."""
    place = store(str(damaged(whole, tmp_path)))
    cells = BatchCells(place, whole.prepared, 24)
    assert "the runs that were written are kept in" in cells.kept_message()
    assert "--resume" in cells.kept_message()
    shutil.rmtree(tmp_path / "b" / "runs")
    assert cells.kept_message() == ""


def test_a_part_says_which_batch_it_is_of_also_after_parts_are_merged(whole: Batch) -> None:
    """A file of runs that is passed on alone names the study, the scenario with its hash, the seed and the version."""
    for part in (Path(whole.path) / "runs").glob("*.parquet"):
        about = {key.decode(): value.decode() for key, value in pq.read_schema(part).metadata.items()}
        assert about["scenario"] == "two-rivals"
        assert about["seed"] == str(whole.prepared.study.seed)
        assert len(about["scenario_sha256"]) == 64
        assert about["wargame"]
