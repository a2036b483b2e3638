"""What a hostile reviewer tried on batches: damage, races, designs, numbers that only seem certain."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support.command_line import python
from support.in_process import inside, inside_json
from wargame.batch.api import Batch, BatchOptions, batch, open_batch, play
from wargame.batch.comparison import compare
from wargame.batch.running import parts
from wargame.batch.running.opening import open_target
from wargame.batch.running.runner import claim
from wargame.batch.running.store import store
from wargame.batch.study.overrides import StudyOverrides
from wargame.errors import Invalid, UsageFault
from wargame.statistics import intervals as statistics
from wargame.statistics import tests

HEAD = "format: wargame-study/1\nname: s\nscenario: two-rivals\nuntil: 20d\n"
CALM = "factors:\n  calm: {set: tension, levels: [0.1, 0.3, 0.5]}\n"
GRID = f"{CALM}design: grid\n"
KEPT = StudyOverrides(replications=24, until="60d", events=True, measures=("mean(tension)", "actions()"))


def written(folder: Path, text: str, head: str = HEAD) -> str:
    """The path of a study with this text behind its head."""
    path = folder / "study.yaml"
    path.write_text(head + text, encoding="utf-8")
    return str(path)


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


# Damage


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


# Study files


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("seed: 1\nseed: 2\n", "the key 'seed' is written twice"),
        (f"{GRID}arms: {{baseline: {{}}, hot: {{set: [tension=0.9]}}}}\n", "the arm sets tension=0.9"),
        (
            f"{CALM}  too: {{set: tension, levels: [0.1, 0.2]}}\ndesign: grid\n",
            "the factor 'calm' already varies tension",
        ),
        ("factors:\n  draws: {set: tension, levels: [0.1, 0.3]}\ndesign: grid\n", "no factor can be named 'draws'"),
        ("factors:\n  calm: {set: tension, range: [0.1, 4]}\ndesign: grid\n", "tension must be between 0 and 1, not 4"),
        (
            f"{CALM}design: {{kind: sobol, points: 4}}\nstopping: {{measure: actions(), width: 1}}\n",
            "cannot stop early",
        ),
        ("startex: 300 dais\narms: {baseline: {}, b: {}}\n", "study.yaml:5:10: "),
        ("series: [tension, tension]\n", "the series 'tension' is listed twice"),
    ],
)
def test_studies_that_would_tell_something_else(text: str, told: str, tmp_path: Path) -> None:
    """They are refused before anything is played."""
    with pytest.raises(Invalid, match=told):
        open_target(written(tmp_path, text))


def test_an_arm_may_set_later_what_a_factor_sets_at_first(tmp_path: Path) -> None:
    """That is an experiment."""
    text = f"{GRID}arms: {{baseline: {{}}, hot: {{set: ['tension=0.9@D+10']}}}}\n"
    assert open_target(written(tmp_path, text)).study.factors


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("tension,draws\n0.1,1\n0.2,2\n", "no column can be named 'draws'"),
        ("tension,tension\n0.1,0.2\n0.2,0.3\n", "two columns 'tension'"),
        ("rules.foo\n0.1\n0.2\n", "there is no number at 'rules.foo'"),
        ("tension\n0.1\n7\n", "tension must be between 0 and 1"),
    ],
)
def test_a_design_that_cannot_be(rows: str, told: str, tmp_path: Path) -> None:
    """Told before anything is played."""
    (tmp_path / "d.csv").write_text(rows)
    done = inside("batch", "two-rivals", "-n", "4", "--design", "d.csv", "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert told in done.stderr


def test_a_design_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """With the mark that some put before the first column."""
    (tmp_path / "d.csv").write_text("\ufefftension\n0.1\n0.2\n", encoding="utf-8")
    words = ("-n", "4", "--until", "20d", "--measure", "mean(tension)", "--design", "d.csv", "--jobs", "1")
    assert inside_json("batch", "two-rivals", *words, cwd=tmp_path)["runs"] == 4


def test_the_greatest_seed_is_one(tmp_path: Path) -> None:
    """As large as it is told."""
    assert open_target(written(tmp_path, f"seed: {2**63 - 1}\n")).study.seed == 2**63 - 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"n": 0}, "n must be at least 1, not 0"),
        ({"n": 2.5}, "n must be a whole number, not 2.5"),
        ({"n": "5"}, "n must be a whole number, not '5'"),
        ({"n": 2, "seed": 1.5}, "seed must be a whole number"),
        ({"n": 2, "jobs": 0}, "--jobs: at least one process"),
    ],
)
def test_numbers_that_a_notebook_may_not_pass(
    given: dict[str, Any], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageFault, match=told):
        batch("two-rivals", **given)
    assert not list(tmp_path.iterdir())


def test_one_arm_is_given_once(tmp_path: Path) -> None:
    """The last would win without a word."""
    arms = ("--arm", "a=set tension=0.1", "--arm", "a=set tension=0.2")
    assert "'a' is given twice" in inside("batch", "two-rivals", "-n", "2", *arms, cwd=tmp_path).stderr


def test_sobols_size_is_in_its_study(tmp_path: Path) -> None:
    """Another number of runs is refused; its own is not."""
    study = written(tmp_path, f"{CALM}design: {{kind: sobol, points: 4}}\n")
    with pytest.raises(UsageFault, match="Sobol's design has 16 runs in each arm"):
        open_target(study, StudyOverrides(replications=7))
    assert open_target(study, StudyOverrides(replications=16)).replications == 16


# Numbers


def test_what_has_not_been_seen_is_not_certain(tmp_path: Path) -> None:
    """A count that is 0 in all runs so far has no width yet: the batch goes on, and says that it was not enough."""
    words = ("two-rivals", "-n", "120", "--until", "5d", "--jobs", "1", "--until-ci", "count(strike, ARD):0.1")
    done = inside("batch", *words, "--out", "b", cwd=tmp_path)
    assert "complete at 120 replications" in done.stdout
    assert "note: the interval of count(strike, ARD) is not known yet, let alone 0.1 wide" in done.stderr


def test_shares_of_a_design_are_as_uncertain_as_others(tmp_path: Path) -> None:
    """None of twenty lucks at three points: Wilson's interval of twenty; the runs needed are runs, not lucks."""
    text = f"{GRID}measures: [p(war), actions()]\nreplications: 60\narms: {{baseline: {{}}, same: {{}}}}\n"
    made = play(open_target(written(tmp_path, text)), BatchOptions(out=str(tmp_path / "b")))
    war, actions = (
        next(x for x in made.rows if (x.measure, x.arm) == (m, "baseline")) for m in ("p(war)", "actions()")
    )
    assert (war.n, war.low) == (20, 0.0)
    assert war.high == pytest.approx(statistics.wilson(0.0, 20)[1])
    assert actions.runs_to_halve == 4 * 60
    (difference, _) = made.summary["comparisons"]
    assert difference.low < 0.0 < difference.high
    assert all(row["low"] is None for row in made.summary["quantiles"])


def test_a_tornado_that_stops_early_is_whole(tmp_path: Path) -> None:
    """It is looked at after whole passes over its points only; cut short it has no bars, and says why."""
    text = f"{CALM}design: one_at_a_time\nmeasures: [p(war)]\nreplications: 450\n"
    study = written(tmp_path, text)
    early = play(open_target(study, StudyOverrides(until_ci=("p(war)", 0.5))), BatchOptions(out=str(tmp_path / "b")))
    assert (early.manifest.ended, early.manifest.counted) == ("stopped early", 102)
    assert len(early.summary["sensitivity"]) == 1
    for part in sorted((tmp_path / "b" / "runs").glob("*.parquet")):
        pq.write_table(pq.read_table(part).slice(0, 50), part)
    assert "the design is not complete" in open_batch(str(tmp_path / "b")).summary["refused"]


def test_rounding_is_no_variance() -> None:
    """What differs in the last digit is constant, for one sample as for pairs."""
    values = np.array([0.3, 0.1 + 0.2] * 20)
    assert statistics.variance(values) == 0.0
    found = tests.paired(1e6 + values, np.full(40, 1e6), share=False)
    assert (found.se, found.p) == (0.0, 0.0)


def test_a_bootstrap_of_ties_is_scipys() -> None:
    """Counts have many: half of them lie below."""
    from scipy.stats import bootstrap

    values = np.array([0.0] * 15 + [1.0] * 5)
    found = statistics.bootstrap_mean(values, "x")
    reference = bootstrap((values,), np.mean, method="BCa", n_resamples=4000, rng=1).confidence_interval
    assert (found.low, found.high) == pytest.approx((reference.low, reference.high), abs=0.051)


def test_nothing_is_divided_by_nothing(tmp_path: Path) -> None:
    """A run without the denominator has no ratio; it is left out, and not counted as 0."""
    words = ("two-rivals", "-n", "40", "--until", "40d", "--jobs", "1", "--out", "b")
    measures = ("--measure", "severity(ARD) / actions(ARD)", "--measure", "actions(ARD)", "--measure", "1 / 0 > 2")
    assert inside("batch", *words, *measures, cwd=tmp_path).returncode == 0
    frame = open_batch(str(tmp_path / "b")).frame()
    ratio, actions = frame["severity(ARD) / actions(ARD)"], frame["actions(ARD)"]
    assert (ratio.isna() == (actions == 0)).all()
    assert 0 < ratio.isna().sum() < 40
    assert frame["1 / 0 > 2"].isna().all()


# Comparing


def batch_of(folder: Path, **wishes: Any) -> str:
    """A small batch in a folder."""
    made = StudyOverrides(**{"replications": 8, "until": "20d", "measures": ("actions()",), **wishes})
    return played(folder, made).path


def test_what_differs_between_batches_is_told(tmp_path: Path) -> None:
    """Also what a study says of all its arms."""
    short, long = batch_of(tmp_path / "a"), batch_of(tmp_path / "b", until="30d")
    assert {"what": "until", "values": {"1": "20d", "2": "30d"}} in compare([short, long]).differs


def test_one_name_is_one_measure(tmp_path: Path) -> None:
    """Two formulas under one name are not subtracted."""
    folders = []
    for i, formula in enumerate(("actions()", "mean(tension)")):
        (tmp_path / str(i)).mkdir()
        text = f"measures: [{{name: m, formula: '{formula}'}}]\nreplications: 4\n"
        folders.append(
            play(open_target(written(tmp_path / str(i), text)), BatchOptions(out=str(tmp_path / f"b{i}"))).path
        )
    with pytest.raises(UsageFault, match="'m' is a different measure"):
        compare(folders)


def test_batches_of_other_designs_have_nothing_in_common(tmp_path: Path) -> None:
    """It is said, in place of an empty table."""
    folders = []
    for i, levels in enumerate(("[0.1, 0.2]", "[0.3, 0.4]")):
        (tmp_path / str(i)).mkdir()
        text = f"factors: {{calm: {{set: tension, levels: {levels}}}}}\ndesign: grid\nmeasures: [actions()]\n"
        study = written(tmp_path / str(i), text + "replications: 4\n")
        folders.append(play(open_target(study), BatchOptions(out=str(tmp_path / f"b{i}"))).path)
    with pytest.raises(UsageFault, match="there is nothing to compare"):
        compare(folders)


def test_an_address_that_refuses_is_told(tmp_path: Path) -> None:
    """And not an internal error."""
    done = inside("batch", "two-rivals", "-n", "2", "--out", "ftp://127.0.0.1:9/x", cwd=tmp_path)
    assert (done.returncode, "cannot be reached" in done.stderr) == (2, True)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted where Linux lists them")
def test_reading_a_batch_leaves_no_thread_behind(tmp_path: Path) -> None:
    """One that is still starting when the process ends aborts it: a refusal would have exit code 134."""
    batch_of(tmp_path / "b")
    code = (
        "import os, pandas, pyarrow.parquet\n"
        "from wargame.batch.api import open_batch\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "open_batch('b').frame()\n"
        "assert len(os.listdir('/proc/self/task')) == before\n"
    )
    assert python("-c", code, cwd=tmp_path).returncode == 0
