"""Batches from the command line: the table, its estimates, failures, interruption and resuming."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from support.command_line import environment, python, wargame, wargame_json
from support.in_process import inside, inside_json
from support.waiting import PATIENCE, until
from wargame.batches.api import open_batch
from wargame.cli.tree import load
from wargame.errors import UsageFault

DATA = Path(__file__).resolve().parents[1] / "data"
FAILING = str(DATA / "failing-injects.yaml")
SMALL = ("two-rivals", "--until", "40d", "--jobs", "1")


def table(folder: Path) -> pd.DataFrame:
    """All rows in the folder of a batch, sorted."""
    parts = [pq.read_table(path).to_pandas() for path in sorted((folder / "runs").glob("*.parquet"))]
    rows: pd.DataFrame = pd.concat(parts)
    return rows.sort_values(["arm", "replication"], ignore_index=True)


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of two arms."""
    place = tmp_path_factory.mktemp("rivals")
    words = ("--arm", "soft=set tension=0.1; forbid ARD strike", "--out", "b", "-n", "30")
    done = inside("batch", *SMALL, *words, cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "b"


# What a batch gives


def test_the_table_has_one_row_for_each_replication_and_arm(rivals: Path) -> None:
    """The columns of the contract are first, then measures and first-passage times."""
    rows = table(rivals)
    assert list(rows.columns[:5]) == ["arm", "replication", "seed", "status", "error"]
    assert {"p(war)", "time(war)", "actions(ARD)"} <= set(rows.columns)
    assert rows.groupby("arm")["replication"].apply(list).to_dict() == {
        "baseline": list(range(30)),
        "soft": list(range(30)),
    }


def test_the_folder_has_everything_to_regenerate_the_batch(rivals: Path) -> None:
    """Manifest, frozen inputs, parts and a summary, without unfinished files."""
    manifest = json.loads((rivals / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["ended"]) == ("wargame-batch/1", "complete")
    assert (rivals / "inputs" / "study.yaml").is_file()
    assert (rivals / "inputs" / "scenario" / "two-rivals.yaml").is_file()
    assert (rivals / "summary.json").is_file()
    assert not list(rivals.rglob(".*"))


def test_json_has_counts_and_estimates(tmp_path: Path) -> None:
    """Counts, wall time and the estimates with their keys."""
    document = inside_json("batch", *SMALL, "-n", "8", cwd=tmp_path)
    assert (document["runs"], document["failed"]) == (8, 0)
    assert document["wall_s"] > 0
    assert document["kernel_events"] > document["decisions"] > 0
    war = next(each for each in document["estimates"] if each["measure"] == "p(war)")
    assert set(war) >= {"measure", "arm", "n", "estimate", "se", "low", "high"}
    assert (war["arm"], war["n"]) == ("baseline", 8)
    assert war["low"] <= war["estimate"] <= war["high"]


def test_an_estimate_is_the_mean_of_its_column(rivals: Path) -> None:
    """Reports can be computed from the table alone."""
    estimates = open_batch(str(rivals)).estimates().query("measure == 'actions(BRL)' and arm == 'soft'")
    assert estimates["estimate"].item() == pytest.approx(table(rivals).query("arm == 'soft'")["actions(BRL)"].mean())


def test_arms_share_their_draws(tmp_path: Path) -> None:
    """An arm without effect has the same rows as the baseline."""
    done = inside("batch", *SMALL, "-n", "6", "--arm", "same=title nothing", "--out", "b", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = table(tmp_path / "b").drop(columns="arm")
    assert rows[:6].equals(rows[6:].reset_index(drop=True))


def test_a_replication_is_the_run_of_that_number(tmp_path: Path, rivals: Path) -> None:
    """`wargame run BATCH --arm NAME --replication N` gives the run of the row, with a journal that verifies."""
    document = inside_json("run", str(rivals), "--arm", "soft", "--replication", "7", "--out", "one", cwd=tmp_path)
    row = table(rivals).query("arm == 'soft' and replication == 7")
    assert [document["kernel_events"], document["decisions"]] == row[["kernel_events", "decisions"]].to_numpy()[
        0
    ].tolist()
    assert inside("verify", "one", cwd=tmp_path).returncode == 0


def test_a_plain_run_is_a_row_of_the_baseline(tmp_path: Path, rivals: Path) -> None:
    """Replication r of seed s is the run with that seed and replication, with or without arms."""
    document = inside_json("run", "two-rivals", "--until", "40d", "--replication", "3", cwd=tmp_path)
    row = table(rivals).query("arm == 'baseline' and replication == 3")
    assert [document["kernel_events"]] == row["kernel_events"].tolist()


@pytest.mark.slow
def test_data_go_to_standard_output_and_progress_to_standard_error(tmp_path: Path) -> None:
    """The bar, if requested, shows a rate; standard output has only the table."""
    done = wargame("batch", *SMALL, "-n", "8", cwd=tmp_path, WARGAME_PROGRESS="1")
    assert "run/s" in done.stderr or "s/run" in done.stderr
    assert "p(war)" in done.stdout
    assert "run/s" not in done.stdout


def test_events_and_series_are_stored_on_request(tmp_path: Path) -> None:
    """Actions by kind and indicators by week, for the same runs."""
    study = tmp_path / "s.yaml"
    study.write_text(
        "format: wargame-study/1\nname: s\nscenario: two-rivals\nuntil: 40d\nreplications: 4\n"
        "events: true\nseries: [tension]\nevery: 10d\nmeasures: [actions()]\n"
    )
    done = inside("batch", "s.yaml", "--jobs", "1", "--out", "b", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    batch = open_batch(str(tmp_path / "b"))
    actions = batch.events().groupby("replication").size().reindex(range(4), fill_value=0)
    assert list(actions) == list(batch.frame()["actions()"])
    assert list(batch.series().query("replication == 0")["day"]) == [0.0, 10.0, 20.0, 30.0, 40.0]


# Thresholds and stopping


@pytest.mark.parametrize(("expression", "code"), [("p(war) >= 0", 99), ("p(war) > 1", 0), ("actions() > 0", 99)])
def test_fail_if_decides_the_exit_code(expression: str, code: int, tmp_path: Path) -> None:
    """99 if an estimate crosses the threshold in any arm; the batch is complete in any case."""
    done = inside("batch", *SMALL, "-n", "5", "--fail-if", expression, "--out", "b", "--json", cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert json.loads(done.stdout)["thresholds"][0]["crossed"] == (code == 99)
    assert (tmp_path / "b" / "summary.json").exists()


def test_a_threshold_may_be_about_one_arm(tmp_path: Path) -> None:
    """`ARM: EXPR`."""
    words = ("--arm", "none=forbid ARD patrol", "--fail-if", "none: count(patrol, ARD) > 0")
    assert inside("batch", *SMALL, "-n", "5", *words, cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_until_ci_stops_at_a_declared_count(tmp_path: Path) -> None:
    """At 100, 200, 400, …: the same count and the same table on any executor."""
    words = ("-n", "1000", "--until-ci", "p(war):0.1", "--measure", "p(war)")
    tables = []
    for jobs in ("1", "2"):
        out = f"b{jobs}"
        document = wargame_json(
            "batch", "two-rivals", "--until", "8d", "--jobs", jobs, *words, "--out", out, cwd=tmp_path
        )
        assert (document["ended"], document["replications"]) == ("stopped early", 100)
        tables.append(table(tmp_path / out))
    assert tables[0].equals(tables[1])


# Failures


def test_a_replication_that_fails_is_a_row(tmp_path: Path) -> None:
    """It has its error, the others are run, and the printed command reproduces the failure."""
    done = inside("batch", *SMALL, "-n", "8", "--injects", FAILING, "--out", "b", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = table(tmp_path / "b")
    failed = rows[rows["status"] == "failed"]
    document = json.loads(done.stdout)
    assert 0 < document["failed"] == len(failed) < 8
    assert failed["error"].str.contains("in one second").all()
    assert failed["p(war)"].isna().all()
    war = next(each for each in document["estimates"] if each["measure"] == "p(war)")
    assert war["n"] == 8 - len(failed)
    again = shlex.split(document["failures"][0]["again"])
    assert again[:2] == ["wargame", "run"]
    one = inside(*again[1:], "--out", "one", cwd=tmp_path)
    assert (one.returncode, "in one second" in one.stderr) == (3, True)
    assert (tmp_path / "one" / "journal.jsonl").stat().st_size > 0


@pytest.mark.slow
def test_a_run_that_kills_its_process_is_a_row(tmp_path: Path) -> None:
    """If a worker dies twice on a run, it is replaced; the run is reported as failed and the others are run."""
    script = tmp_path / "deadly.py"
    script.write_text(
        "import os, signal\n"
        "from wargame.batches.running import worker as working\n"
        "from wargame.batches.api import BatchOptions, play\n"
        "from wargame.batches.running.opening import open_target\n"
        "from wargame.batches.study.overrides import StudyOverrides\n"
        "from wargame.executor.processes import Processes\n"
        "real = working.work\n"
        "def deadly(worker, chunk):\n"
        "    if 3 in chunk:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(worker, chunk)\n"
        "if __name__ == '__main__':\n"
        "    working.work = deadly\n"
        "    prepared = open_target('two-rivals', StudyOverrides(replications=6, until='10d'))\n"
        "    made = play(prepared, BatchOptions(out='b', executor=lambda: Processes(2, 'fork')))\n"
        "    print([(f.replication, f.error) for f in made.failures], made.summary['runs'])\n"
    )
    done = python(str(script), cwd=tmp_path)
    assert "(3, 'the worker process was killed" in done.stdout, done.stderr
    assert done.stdout.strip().endswith("6")


# Stopping and going on

Started = Callable[..., "subprocess.Popen[str]"]
LONG = ("batch", "two-rivals", "-n", "240", "--jobs", "2", "--out", "b", "--measure", "actions()")


@pytest.fixture
def started(tmp_path: Path) -> Any:
    """Starts a batch of some seconds and waits for its first files; its processes end with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "wargame", *words],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        running.append(process)
        until(lambda: len(list((tmp_path / "b" / "runs").glob("*.parquet"))) >= 3)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The table of `LONG` without an interruption."""
    place = tmp_path_factory.mktemp("peace")
    assert wargame(*LONG, "-q", cwd=place).returncode == 0
    return table(place / "b")


@pytest.mark.slow
def test_a_batch_that_was_killed_is_completed_to_the_same_table(
    tmp_path: Path, started: Started, undisturbed: pd.DataFrame
) -> None:
    """All its processes are killed; --resume runs what is missing and leaves no unfinished files."""
    process = started(*LONG)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = len(table(tmp_path / "b"))
    assert 0 < before < 240
    (tmp_path / "b" / "runs" / ".half.parquet.1").write_bytes(b"PAR1")
    document = wargame_json(*LONG, "--resume", cwd=tmp_path)
    assert document["runs"] == 240
    assert table(tmp_path / "b").equals(undisturbed)
    assert not list((tmp_path / "b").rglob(".*"))


@pytest.mark.slow
def test_a_running_batch_cannot_be_resumed(tmp_path: Path, started: Started) -> None:
    """Two processes never write into one batch folder."""
    process = started(*LONG)
    other = wargame(*LONG, "--resume", cwd=tmp_path)
    assert other.returncode == 2
    assert "is in use by another process" in other.stderr
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.slow
def test_workers_that_are_killed_are_replaced(tmp_path: Path, started: Started, undisturbed: pd.DataFrame) -> None:
    """`kill -9` of all workers costs some seconds, not the batch."""
    process = started(*LONG)
    for worker in _workers(process.pid):
        os.kill(worker, signal.SIGKILL)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert table(tmp_path / "b").equals(undisturbed)


@pytest.mark.slow
def test_ctrl_c_keeps_results_and_prints_how_to_resume(
    tmp_path: Path, started: Started, undisturbed: pd.DataFrame
) -> None:
    """Exit code 4, complete parts only; the same command with --resume completes the table."""
    process = started(*LONG)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "--resume" in errors) == (4, True), errors
    assert "Traceback" not in errors
    assert json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))["ended"] == "interrupted"
    assert wargame(*LONG, "--resume", cwd=tmp_path).returncode == 0
    assert table(tmp_path / "b").equals(undisturbed)


def _workers(batch: int) -> list[int]:
    """The worker processes of a batch: children of the fork server, found by the parents in /proc."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            except OSError:
                continue
    servers = [pid for pid, parent in parents.items() if parent == batch]
    return [pid for pid, parent in parents.items() if parent in servers]


def test_a_damaged_part_is_reported_and_run_again(tmp_path: Path) -> None:
    """Reading it gives exit code 3 with its name; --resume regenerates the same rows."""
    words = ("batch", *SMALL, "-n", "10", "--arm", "soft=forbid ARD strike", "--out", "b")
    assert inside(*words, cwd=tmp_path).returncode == 0
    before = table(tmp_path / "b")
    part = next((tmp_path / "b" / "runs").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-100])
    refused = inside("compare", "b", cwd=tmp_path)
    assert (refused.returncode, part.name in refused.stderr) == (3, True)
    mended = inside(*words, "--resume", cwd=tmp_path)
    assert (mended.returncode, "damaged" in mended.stderr) == (0, True)
    assert table(tmp_path / "b").equals(before)


def test_more_replications_can_be_added_later(tmp_path: Path) -> None:
    """--resume with a larger -n adds rows to the existing ones."""
    assert inside("batch", *SMALL, "-n", "4", "--out", "b", cwd=tmp_path).returncode == 0
    document = inside_json("batch", *SMALL, "-n", "9", "--out", "b", "--resume", cwd=tmp_path)
    assert "-n 9" in json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))["command"]
    assert (document["runs"], len(table(tmp_path / "b"))) == (9, 9)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--seed", "2"), "seed"),
        (("--arm", "soft=forbid ARD strike"), "arms"),
        (("--measure", "actions()"), "measures"),
        (("--injects", FAILING), "content"),
    ],
)
def test_a_folder_of_another_batch_is_refused(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """Exit code 3 with what differs; nothing in the folder changes."""
    assert inside("batch", *SMALL, "-n", "3", "--out", "b", cwd=tmp_path).returncode == 0
    before = table(tmp_path / "b")
    done = inside("batch", *SMALL, "-n", "3", "--out", "b", "--resume", *words, cwd=tmp_path)
    assert (done.returncode, message in done.stderr) == (3, True), done.stderr
    assert table(tmp_path / "b").equals(before)


@pytest.mark.slow
def test_a_folder_of_another_version_is_refused(tmp_path: Path) -> None:
    """Rows of two versions are never in one table."""
    assert inside("batch", *SMALL, "-n", "3", "--out", "b", cwd=tmp_path).returncode == 0
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))
    manifest["versions"]["wargame"] = "0.0.1"
    (tmp_path / "b" / "manifest.json").write_text(json.dumps(manifest))
    done = inside("batch", *SMALL, "-n", "3", "--out", "b", "--resume", cwd=tmp_path)
    assert (done.returncode, "0.0.1" in done.stderr) == (3, True)


def test_a_folder_that_exists_is_not_written_into(rivals: Path) -> None:
    """Without --resume the exit code is 2."""
    done = inside("batch", *SMALL, "-n", "3", "--out", str(rivals), cwd=rivals.parent)
    assert (done.returncode, "--resume" in done.stderr) == (2, True)


# Words that are off


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("two-rivls",), "two-rivals"),
        (("two-rivals", "--arm", "x=strateg ARD=a"), "strategy"),
        (("two-rivals", "--arm", "x=forbid ARD strik"), "strike"),
        (("two-rivals", "--arm", "x=leader ARD=nobody"), "leader"),
        (("two-rivals", "--arm", "x y=forbid ARD strike"), "name of an arm"),
        (("two-rivals", "--arm", "other"), "baseline"),
        (("two-rivals", "--arm", "x=seat ARD=human"), "unattended"),
        (("two-rivals", "--measure", "p(wra)"), "war"),
        (("two-rivals", "--measure", "time(war) + 1"), "cannot be part of a larger expression"),
        (("two-rivals", "--measure", "mean(tenson)"), "tension"),
        (("two-rivals", "--measure", "mean(growth[ARB])"), "there is no government 'ARB' (did you mean 'ARD'?)"),
        (("two-rivals", "--measure", "cuont(strike)"), "count"),
        (("two-rivals", "--until-ci", "p(war)"), "MEASURE:WIDTH"),
        (("two-rivals", "--fail-if", "p(war)"), "MEASURE > NUMBER"),
        (("two-rivals", "--fail-if", "soft: p(war) > 0"), "soft"),
        (("two-rivals", "--scheduler", "tcp://127.0.0.1:1"), "--executor dask"),
        (("two-rivals", "--design", "nowhere.csv"), "nowhere.csv"),
        (("two-rivals", "--out", "s3x://a/b"), "s3x"),
    ],
)
def test_a_typing_mistake_is_refused_with_a_hint(
    words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A usage error with exit code 2 and the nearest correct word; nothing is run."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageFault, match=re.escape(message)):
        load("batch")([*words, "-n", "2"], standalone_mode=False)
    assert not list(tmp_path.iterdir())


def test_a_usage_fault_exits_with_2(tmp_path: Path) -> None:
    """The message is on standard error, without a traceback."""
    done = wargame("batch", "two-rivls", cwd=tmp_path)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)


@pytest.mark.slow
def test_a_full_disk_keeps_results(tmp_path: Path) -> None:
    """Exit code 4 with how to resume, once no part can be written."""
    script = tmp_path / "full.py"
    script.write_text(
        "import errno, sys\n"
        "from wargame.batches.running import store\n"
        "real = store.Local.write\n"
        "def full(self, name, data):\n"
        "    if name.startswith('runs/') and '000000005' in name:\n"
        "        raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "    return real(self, name, data)\n"
        "store.Local.write = full\n"
        "sys.argv = ['wargame', 'batch', 'two-rivals', '-n', '9', '--until', '10d', '--jobs', '1', '--out', 'b']\n"
        "from wargame.cli import main\n"
        "main()\n"
    )
    done = python(str(script), cwd=tmp_path)
    assert (done.returncode, "No space left" in done.stderr, "--resume" in done.stderr) == (4, True, True), done.stderr
    words = ("batch", "two-rivals", "-n", "9", "--until", "10d", "--jobs", "1", "--out", "b", "--resume")
    assert wargame(*words, cwd=tmp_path).returncode == 0
    assert len(table(tmp_path / "b")) == 9
