"""A plain installation, without the libraries of extras: batches and their figures work, the rest names its extra."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support.command_line import python
from wargame.errors import install_command

ABSENT = ("pyarrow", "vl_convert", "docx", "typst", "dask", "scipy")
STUDY = ("two-rivals", "-n", "6", "--until", "180d", "--events", "--arm", "hot=set tension=1", "--jobs", "2")
CHARTS = """
from wargame.document import drawing
rows = [{"at": "2017-05-01", "level": 1}, {"at": "2017-05-03T12:00:00", "level": 3}]
x = {"field": "at", "type": "temporal", "axis": {"format": "%-d %b %H:%M"}}
y = {"field": "level", "type": "quantitative"}
print(drawing.svg({"data": {"values": rows}, "mark": "line", "encoding": {"x": x, "y": y}}))
"""


@pytest.fixture(scope="module")
def absent(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A search path with modules that fail like those that are not installed."""
    folder = tmp_path_factory.mktemp("absent")
    for name in ABSENT:
        (folder / f"{name}.py").write_text(f"raise ModuleNotFoundError('No module named {name}', name='{name}')\n")
    return f"{folder}{os.pathsep}{Path(__file__).parents[2]}"


def plain(absent: str, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in an interpreter without these modules, and so in those that it starts."""
    return python("-m", "wargame", *words, cwd=cwd, PYTHONPATH=absent)


@pytest.mark.exhaustive  # `.ci/run` does the same with the installed wheel
def test_a_batch_needs_no_extra(absent: str, tmp_path: Path) -> None:
    """It is run, resumed and shown, and its report has the figures."""
    for words in (("batch", *STUDY, "--out", "b"), ("batch", *STUDY, "--out", "b", "--resume"), ("compare", "b")):
        done = plain(absent, tmp_path, *words)
        assert done.returncode == 0, done.stderr
    assert plain(absent, tmp_path, "report", "b", "--out", "b.html").returncode == 0
    assert 'src="data:image/svg+xml;base64,' in (tmp_path / "b.html").read_text("utf-8")


@pytest.mark.slow
def test_what_is_missing_is_named_with_its_extra(absent: str, tmp_path: Path) -> None:
    """Documents, figures as files, and clusters."""
    assert plain(absent, tmp_path, "run", "two-rivals", "--until", "180d", "--out", "r").returncode == 0
    for form in ("docx", "pdf"):
        done = plain(absent, tmp_path, "report", "r", "--format", form)
        assert (done.returncode, install_command(form) in done.stderr) == (2, True), done.stderr
    done = plain(absent, tmp_path, "batch", *STUDY, "--executor", "dask")
    assert install_command("dask") in done.stderr
    saved = "import wargame; wargame.open_run('r').plot.escalation().save('f.png')"
    assert install_command("figures") in python("-c", saved, cwd=tmp_path, PYTHONPATH=absent).stderr


@pytest.mark.slow
def test_a_chart_is_the_same_in_every_time_zone(tmp_path: Path) -> None:
    """Its dates are those of its data."""
    drawn = {zone: python("-c", CHARTS, cwd=tmp_path, TZ=zone).stdout for zone in ("UTC", "Asia/Seoul")}
    assert ">1 May 00:00<" in drawn["UTC"]
    assert drawn["UTC"] == drawn["Asia/Seoul"]
