"""The folder of a run can be read however the run ends, and an incomplete run is recognised."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import HEARD, ended, environment, python, wargame, wargame_after
from support.waiting import PATIENCE, until
from wargame.journal.folder import Folder
from wargame.journal.reader import read_journal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

RUN = "run two-rivals --out run"
HALFWAY = """
import os, signal, wargame.cli.run as command
from contextlib import contextmanager

@contextmanager
def bar(label, *, quiet):
    def progress(now, end):
        if now > end // 2:
            {act}
    yield progress

command.progress_bar = bar
"""


def stopped(tmp_path: Path, act: str, words: str = RUN) -> tuple[int, str]:
    """Stops a run halfway; its exit code and its standard error."""
    done = wargame_after(f"{HEARD}\n{HALFWAY.format(act=act)}", *words.split(), cwd=tmp_path)
    return done.returncode, done.stderr


def test_a_killed_run_leaves_a_readable_journal(tmp_path: Path) -> None:
    """Everything up to the kill is in it, and `show` reports that the run is incomplete."""
    code, _ = stopped(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    assert code == -9
    folder = Folder(tmp_path / "run")
    assert folder.manifest().ended == "running"
    assert len(list(read_journal(folder))) > 100
    shown = wargame("show", "run", cwd=tmp_path)
    assert shown.returncode == 0
    assert re.search(r"this run was cut short at \d+ Jul 2030, \d\d:\d\d \(record", shown.stdout)
    assert "its process was killed" in " ".join(shown.stdout.split())


def test_nothing_supports_that_a_killed_run_stopped_there(tmp_path: Path) -> None:
    """Its journal may have been shortened: exit code 5, with what is known; the incomplete last line is reported."""
    stopped(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    journal = tmp_path / "run" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-7])
    done = wargame("verify", "run", cwd=tmp_path)
    assert done.returncode == 5
    assert "this run was cut short" in done.stderr
    assert "the last line of the journal is incomplete" in done.stderr
    assert "nothing supports that the run stopped after" in done.stderr


@pytest.mark.parametrize(
    "name", ["SIGINT", *(pytest.param(name, marks=pytest.mark.slow) for name in ("SIGTERM", "SIGHUP"))]
)
def test_an_interrupted_run_keeps_its_journal(name: str, tmp_path: Path) -> None:
    """Exit code 4; the manifest has the date of the interruption and the number of records."""
    code, message = stopped(tmp_path, f"os.kill(os.getpid(), signal.{name})")
    assert code == 4
    assert "stopped at 2030-07-" in message
    assert "Traceback" not in message
    manifest = Folder(tmp_path / "run").manifest()
    assert (manifest.ended, manifest.reached[:7]) == ("interrupted", "2030-07")
    assert manifest.records == len(list(read_journal(tmp_path / "run")))
    assert wargame("verify", "run", cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_a_run_under_nohup_does_not_stop_when_its_terminal_closes(tmp_path: Path) -> None:
    """SIGHUP stays ignored."""
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    act = "os.kill(os.getpid(), signal.SIGHUP)"
    done = wargame_after(f"{ignoring}\n{HALFWAY.format(act=act)}", *RUN.split(), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert Folder(tmp_path / "run").manifest().ended == "endex"


@pytest.mark.slow
def test_a_batch_whose_terminal_closes_keeps_its_finished_runs(tmp_path: Path) -> None:
    """SIGHUP reaches the workers too: they ignore it, and the exit code is 4."""
    words = ["batch", "two-rivals", "-n", "400", "--jobs", "2", "--out", "batch"]
    with ended(
        subprocess.Popen(
            [sys.executable, "-c", f"{HEARD}\nfrom wargame.cli import main; main()", *words],
            cwd=tmp_path,
            env=environment(),
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
    ) as batch:
        until(lambda: list(tmp_path.glob("batch/runs/*.parquet")))
        os.killpg(batch.pid, signal.SIGHUP)
        _, errors = batch.communicate(timeout=PATIENCE)
    assert batch.returncode == 4, errors
    assert "of 400 runs are kept" in errors


def test_an_interruption_before_the_run_leaves_no_folder(tmp_path: Path) -> None:
    """Ctrl-C while the files are read: exit code 130 and no folder."""
    code = "import wargame.scenario.loading.load as m\ndef load(*_): raise KeyboardInterrupt\nm.load = load\n"
    done = wargame_after(code, *RUN.split(), cwd=tmp_path)
    assert done.returncode == 130
    assert not list(tmp_path.iterdir())


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))"


def test_a_full_disk_leaves_whole_lines_and_a_clear_message(tmp_path: Path) -> None:
    """Exit code 4; complete lines stay in the journal, and the manifest says `failed`."""
    done = wargame_after(LIMITED, *RUN.split(), cwd=tmp_path)
    assert done.returncode == 4
    assert "journal.jsonl: File too large; free some space and run again" in done.stderr
    assert "Traceback" not in done.stderr
    folder = Folder(tmp_path / "run")
    assert folder.journal.read_bytes().endswith(b"}\n")
    assert folder.manifest().ended == "failed"
    assert "cannot write to" in wargame("show", "run", cwd=tmp_path).stdout.replace("\n", " ")


def test_a_disk_that_is_full_at_the_start_leaves_no_folder(tmp_path: Path) -> None:
    """There is no room for the inputs: exit code 2 and no partial folder."""
    code = LIMITED.replace("30_000", "100") + "; from wargame.cli import main; main()"
    done = python("-c", code, *RUN.split(), cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot create the run folder run" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_run_whose_last_manifest_does_not_fit_counts_as_cut_short(tmp_path: Path) -> None:
    """The first manifest stays: `running`, which is read as cut short."""
    act = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    code, message = stopped(tmp_path, act)
    assert code == 4
    assert "cannot write to" in message
    assert Folder(tmp_path / "run").manifest().ended == "running"
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["inputs", "journal.jsonl", "manifest.json"]


def test_an_error_during_the_run_is_in_the_manifest(tmp_path: Path) -> None:
    """Exit code 1; the manifest says that the run failed and why."""
    code, message = stopped(tmp_path, "raise ZeroDivisionError('oops')")
    assert code == 1
    assert message.startswith("internal error: ZeroDivisionError: oops")
    manifest = Folder(tmp_path / "run").manifest()
    assert (manifest.ended, manifest.reason) == ("failed", "ZeroDivisionError: oops")


def test_a_cut_short_run_is_marked_in_the_list(tmp_path: Path) -> None:
    """It is listed as `cut short`."""
    stopped(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)", "run two-rivals --out runs/dead")
    (row,) = json.loads(wargame("list", "runs", "--json", cwd=tmp_path).stdout)["runs"]
    assert (row["name"], row["ended"]) == ("dead", "cut short")


def test_why_works_for_a_killed_run(tmp_path: Path) -> None:
    """Its records can be traced up to the last one."""
    stopped(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    action = next(record for record in read_journal(tmp_path / "run") if record.kind == "action")
    assert wargame("why", "run", str(action.seq), cwd=tmp_path).stdout.splitlines()[-1].startswith("It ")
