"""Batches on a real Dask cluster on loopback: the same table, also if a process dies."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from support.command_line import environment, python, wargame, wargame_after
from support.waiting import PATIENCE, until
from wargame.batches.api import open_batch
from wargame.errors import install_command

pytestmark = pytest.mark.slow

LONG = ("batch", "two-rivals", "-n", "150", "--out", "b", "--measure", "actions()")
SOON = "from wargame.executor import cluster; cluster.ANSWER_SECONDS = 2"
"""For tests of clusters that do not answer: the usual ten seconds only cost time."""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts Python modules, which end with the test."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        with (tmp_path / f"log-{len(running)}").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=tmp_path,
                env=environment(),
                stdout=log,
                stderr=log,
                encoding="utf-8",
            )
        running.append(process)
        return process

    yield begin
    for process in reversed(running):
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.fixture
def scheduler(start: Start, tmp_path: Path) -> tuple[str, subprocess.Popen[str]]:
    """A scheduler on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    process = start("distributed.cli.dask_scheduler", *words)
    until(lambda: "Scheduler at" in _logs(tmp_path))
    return f"tcp://127.0.0.1:{port}", process


@pytest.fixture
def workers(scheduler: tuple[str, subprocess.Popen[str]], start: Start, tmp_path: Path) -> list[subprocess.Popen[str]]:
    """Two worker processes without a nanny that would replace them."""
    words = (scheduler[0], "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
    processes = [start("distributed.cli.dask_worker", *words) for _ in range(2)]
    until(lambda: len(re.findall("Registered to", _logs(tmp_path))) >= 2)
    return processes


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The table from local processes."""
    place = tmp_path_factory.mktemp("peace")
    assert wargame(*LONG, "-q", cwd=place).returncode == 0
    return open_batch(str(place / "b")).frame()


def _logs(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.glob("log-*"))


def _in_the_middle(start: Start, address: str, folder: Path) -> subprocess.Popen[str]:
    """A batch on a cluster that has written some of its parts."""
    batch = start("wargame", *LONG, "--executor", "dask", "--scheduler", address)
    until(lambda: len(list((folder / "b" / "runs").glob("*.parquet"))) >= 3)
    return batch


def test_a_worker_may_be_killed(
    scheduler: tuple[str, subprocess.Popen[str]],
    workers: list[subprocess.Popen[str]],
    start: Start,
    tmp_path: Path,
    undisturbed: pd.DataFrame,
) -> None:
    """With kill -9 in the middle: the other worker continues, and the table is that of local processes."""
    batch = _in_the_middle(start, scheduler[0], tmp_path)
    os.kill(workers[0].pid, signal.SIGKILL)
    assert batch.wait(PATIENCE) == 0, _logs(tmp_path)
    assert open_batch(str(tmp_path / "b")).frame().equals(undisturbed)


@pytest.mark.exhaustive  # with processes: test_batch.py kills batches and completes them
def test_results_are_kept_if_the_scheduler_dies(
    scheduler: tuple[str, subprocess.Popen[str]],
    workers: list[subprocess.Popen[str]],
    start: Start,
    tmp_path: Path,
    undisturbed: pd.DataFrame,
) -> None:
    """Exit code 4 with how to resume; local processes then complete the same table."""
    assert len(workers) == 2
    batch = _in_the_middle(start, scheduler[0], tmp_path)
    scheduler[1].send_signal(signal.SIGKILL)
    assert batch.wait(PATIENCE) == 4, _logs(tmp_path)
    assert "--resume" in _logs(tmp_path)
    assert wargame(*LONG, "--resume", cwd=tmp_path).returncode == 0
    assert open_batch(str(tmp_path / "b")).frame().equals(undisturbed)


def test_a_scheduler_that_does_not_respond_is_an_error(tmp_path: Path) -> None:
    """Exit code 2 within seconds, with its address; no folder is left."""
    done = wargame_after(SOON, *LONG, "--executor", "dask", "--scheduler", "tcp://127.0.0.1:9", cwd=tmp_path)
    assert (done.returncode, "tcp://127.0.0.1:9" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "b").exists()


def test_a_scheduler_without_workers_is_an_error(scheduler: tuple[str, subprocess.Popen[str]], tmp_path: Path) -> None:
    """Exit code 2, because no run would ever start."""
    done = wargame_after(SOON, *LONG, "--executor", "dask", "--scheduler", scheduler[0], cwd=tmp_path)
    assert (done.returncode, "no workers" in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "b").exists()


def test_a_local_cluster_needs_no_address(tmp_path: Path, undisturbed: pd.DataFrame) -> None:
    """It gives the same table."""
    done = wargame(*LONG, "--executor", "dask", "--jobs", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert open_batch(str(tmp_path / "b")).frame().equals(undisturbed)


def test_results_may_be_at_any_address_of_fsspec(tmp_path: Path, undisturbed: pd.DataFrame) -> None:
    """Here a URL of the local file system, which fsspec treats like others."""
    out = ("--out", f"file://{tmp_path}/b")
    words = tuple(word for word in LONG if word not in ("--out", "b"))
    done = wargame(*words, *out, "--jobs", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert open_batch(f"file://{tmp_path}/b").frame().equals(undisturbed)


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    """Without Dask, exit code 2 with what to install."""
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "sys.argv = ['wargame', 'batch', 'two-rivals', '-n', '2', '--executor', 'dask']\n"
        "from wargame.cli import main; main()"
    )
    done = python("-c", code, cwd=tmp_path)
    assert (done.returncode, install_command("dask") in done.stderr) == (2, True), done.stderr
