"""What a referee of a published batch checks: possible intervals, no false certainty, visible failures."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.in_process import inside, inside_json
from wargame import batch
from wargame.batches.api import Batch, open_batch
from wargame.batches.comparison import compare
from wargame.batches.running.opening import open_target
from wargame.batches.study.thresholds import parse_threshold
from wargame.errors import Interrupted, Invalid, UsageFault
from wargame.executor.executors import Job
from wargame.executor.processes import Processes

FAILING = Path(__file__).resolve().parents[1] / "data" / "failing-injects.yaml"
STUDY = """format: wargame-study/1
name: s
title: T
scenario: two-rivals
until: 30d
replications: {n}
arms: {{baseline: {{}}, q: {{forbid: [ARD patrol]}}}}
factors: {{start: {{set: tension, range: [0.1, 0.6]}}}}
measures: [p(blockade_laid), actions()]
design: {design}
"""


def studied(folder: Path, n: int, design: str) -> Path:
    """The path of a study with a factor."""
    path = folder / "s.yaml"
    path.write_text(STUDY.format(n=n, design=design))
    return path


@pytest.fixture(scope="module")
def spans(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A batch whose arms have other lengths than the baseline."""
    return batch(
        "two-rivals", 12, arms={"u": "until 20d", "h": "startex 2030-02-01"}, until="60d", jobs=1,
        measures=["time(war)", "p(war)", "actions()"], out=tmp_path_factory.mktemp("spans") / "b",
    )  # fmt: skip


def test_shares_over_a_hypercube_have_wilson_intervals(tmp_path: Path) -> None:
    """One run per point is one yes or no: no interval goes below 0."""
    path = studied(tmp_path, 20, "{kind: latin_hypercube, points: 20}")
    document = inside_json("batch", str(path), "--jobs", "1", "--out", "b", cwd=tmp_path)
    shares = [line for line in document["estimates"] if line["measure"] == "p(blockade_laid)"]
    assert {line["interval"] for line in shares} == {"Wilson"}
    assert all(line["low"] >= 0.0 for line in shares)
    assert document["estimates"]
    for line in document["estimates"]:  # more runs of the same points would bring no more points
        assert line["runs_to_halve"] is None


def test_days_are_compared_over_the_common_period(spans: Batch) -> None:
    """A war that never occurs does not occur earlier in the shorter arm; a note names measures without this limit."""
    times = [each for each in spans.summary["comparisons"] if each.measure == "time(war)"]
    assert [(each.estimate, each.p) for each in times] == [(0.0, None)] * 2
    (note,) = spans.summary["notes"]
    assert note.startswith("Arms are run over different periods (baseline 60 days, h 29 days, u 20 days)")


def test_batches_over_different_periods_are_compared_over_the_common_period(spans: Batch, tmp_path: Path) -> None:
    """The rule is the same as for arms."""
    short = batch("two-rivals", 12, until="20d", jobs=1, measures=["time(war)"], out=tmp_path / "c")
    comparison = compare([spans.path, short.path], ["time(war)"])
    assert {each.estimate for each in comparison.rows} == {0.0}


def test_numbers_that_are_all_equal_have_no_interval(spans: Batch) -> None:
    """Two equal runs are not a certainty."""
    (line,) = (each for each in spans.rows if (each.measure, each.arm) == ("time(war)", "baseline"))
    assert (line.estimate, line.se, line.low, line.high) == (60.0, 0.0, None, None)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch in which some runs fail."""
    top = tmp_path_factory.mktemp("failing")
    shutil.copy(FAILING, top / "f.yaml")
    words = ("-n", "6", "--seed", "3", "--until", "60d", "--injects", "f.yaml", "--jobs", "1")
    where = ("--fail-if", "p(blockade_laid) > 0.1", "--out", f"file://{top}/b")
    done = inside("batch", "two-rivals", *words, *where, cwd=top)
    (top / "shown.txt").write_text(done.stdout)
    return top


def test_failed_runs_are_reported_next_to_conclusions(failing: Path) -> None:
    """Next to the threshold, before the numbers, in a comparison and in the report."""
    shown = " ".join((failing / "shown.txt").read_text("utf-8").split())
    assert "p(blockade_laid) > 0.1 baseline 0 ✓ not crossed (2 failed runs do not count)" in shown
    assert re.search(r"2 of 6 runs of baseline failed \(replications \d+(-|, )\d+\)\. No estimate includes them", shown)
    assert inside("report", "b", "--format", "md", cwd=failing).returncode == 0
    assert "No estimate includes them" in (failing / "b" / "report.md").read_text("utf-8")


def test_runs_of_a_batch_at_an_address_can_be_repeated(failing: Path) -> None:
    """With the command that the batch prints."""
    address = f"file://{failing}/b"
    row = open_batch(address).frame().query("status == 'ok'").iloc[0]
    which = ("--arm", "baseline", "--replication", str(int(row["replication"])))
    assert inside("run", address, *which, "--out", "r", "--no-report", cwd=failing).returncode == 0
    assert open_target(address).study.against == "baseline"
    assert "copy the batch here" in inside("report", address, cwd=failing).stderr
    assert "there is no batch at" in inside("run", f"file://{failing}/none", cwd=failing).stderr


def test_a_rehearsal_reports_failed_runs(failing: Path) -> None:
    """The rehearsal notes that an inject may fire in failed runs."""
    words = ("-n", "6", "--seed", "3", "--injects", "f.yaml", "--until", "60d", "--jobs", "1")
    done = inside("rehearse", "two-rivals", *words, cwd=failing)
    shown = " ".join(done.stdout.split())
    assert "What to correct before STARTEX - 2 runs of the whole script failed and are left out (replications " in shown
    assert "- Never fires, as" in shown
    assert "more than 10,000 events in one second" in shown


@pytest.mark.parametrize("text", ["p(calm) > 0.2 or p(war) > 0.9", "p(calm) > 0.2 > 0.1"])
def test_thresholds_are_given_one_by_one(text: str) -> None:
    """Joined thresholds would be read as one measure."""
    with pytest.raises(UsageFault, match="give each its own --fail-if"):
        parse_threshold(text)
    assert parse_threshold("x: mean(tension > 0.5) > 0.2").measure == "mean(tension > 0.5)"


def test_a_comparison_reports_an_incomplete_batch(tmp_path: Path) -> None:
    """The note is before the p-values."""
    failing_batch = batch("two-rivals", 6, arms={"x": "forbid ARD patrol"}, until="20d", jobs=1, out=tmp_path / "b")
    manifest = Path(failing_batch.path) / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"complete"', '"interrupted"'))
    done = inside("compare", "b", cwd=tmp_path)
    assert "note: b is incomplete: 12 of its 12 runs are compared" in done.stderr


def test_a_tornado_needs_a_middle_and_has_intervals(tmp_path: Path) -> None:
    """Two levels have no middle; middle and ends are not a sample whose variance could be split."""
    text = STUDY.format(n=15, design="one_at_a_time").replace("range: [0.1, 0.6]", "levels: [0.1, 0.6]")
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(Invalid, match="has no middle level, at which one_at_a_time starts"):
        open_target(str(tmp_path / "t.yaml"))
    (tmp_path / "t.yaml").write_text(text.replace("levels: [0.1, 0.6]", "levels: [0.1, 0.3, 0.6]"))
    done = inside("batch", "t.yaml", "--jobs", "1", "--out", "b", cwd=tmp_path)
    assert "Sources of variance" not in done.stdout
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("actions() in baseline"))
    assert " to " in line


def test_a_batch_can_be_shown_again(spans: Batch, tmp_path: Path) -> None:
    """`show` prints its summary, as for a run."""
    done = inside("show", spans.path, cwd=tmp_path)
    assert "Arms are run over different periods" in done.stdout
    assert inside_json("show", spans.path, cwd=tmp_path)["replications"] == 12


def test_the_swing_of_a_factor_counts_from_the_middle() -> None:
    """If both ends move in the same direction, the swing is not 0."""
    from wargame.batches.analysis.sensitivity import tornado

    class Points:
        names, values = ("a",), ((0.5,), (0.0,), (1.0,))

    class PreparedStudy:
        points = Points

    class Table:
        prepared = PreparedStudy

    class Measure:
        name, kind = "m", "number"

    cells = np.array([[0.0, 1.0, 1.0], [0.5, 1.5, 1.7]]).ravel()
    swings: Any = tornado(Table, Measure, "x", cells)  # type: ignore[arg-type]
    assert swings[0]["swing"] == pytest.approx(1.1)


def test_workers_killed_while_they_start_are_an_error_with_a_remedy() -> None:
    """Exit code 4, as for every batch that was cut short."""
    with pytest.raises(Interrupted, match="ended while they started") as fault, Processes(1) as pool:
        pool.start(Job(prepare=_killed, work=_killed, payload=()))
    assert fault.value.exit_code == 4


def _killed(*_: object) -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
