"""Rehearsals in reports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import wargame
from support.in_process import inside
from wargame.document.markdown import plain
from wargame.executor.run import Destination, simulate
from wargame.scenario.loading.load import load


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch of two arms and the first run of its baseline."""
    top = tmp_path_factory.mktemp("batch report")
    wargame.batch("two-rivals", 12, arms={"calmer": "set tension=0.1"}, out=top / "batch", jobs=1)
    simulate(load("two-rivals"), 1, place=Destination(out=top / "one"))
    return top


def report(place: Path, *words: str) -> str:
    """A report as Markdown."""
    done = inside("report", *words, "--format", "md", "-o", "out.md", cwd=place)
    assert done.returncode == 0, done.stderr
    return (place / "out.md").read_text(encoding="utf-8")


def row(text: str, start: str) -> list[str]:
    """The cells of the first row that begins so."""
    line = next(line for line in text.splitlines() if line.startswith(f"| {plain(start)} |"))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


@pytest.fixture(scope="module")
def rehearsed(place: Path) -> Path:
    """A rehearsal in a folder of its own."""
    words = ("rehearse", "two-rivals", "-n", "6", "--jobs", "1", "--out", "rehearsal", "-q")
    done = inside(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "rehearsal/report.html"
    return place / "rehearsal"


def test_a_rehearsal_has_a_report(place: Path, rehearsed: Path) -> None:
    """Which injects fire, and the command that repeats it."""
    data = json.loads((rehearsed / "rehearsal.json").read_text(encoding="utf-8"))
    text = report(place, "rehearsal")

    fires = next(each for each in data["injects"] if each["inject"] == "collision")
    assert row(text, fires["title"])[3].startswith(f"{100 * fires['estimate']:.0f} % (")
    assert "wargame rehearse two-rivals -n 6 --seed 1" in text
    assert (rehearsed / "report.html").stat().st_size > 10_000


@pytest.mark.slow
def test_the_report_of_a_batch_includes_a_rehearsal_of_the_same_script(place: Path, rehearsed: Path) -> None:
    """A rehearsal of another scenario is named and left out."""
    shutil.copy(rehearsed / "rehearsal.json", place / "batch" / "rehearsal.json")
    try:
        same = report(place, "batch")
        data = json.loads((rehearsed / "rehearsal.json").read_text(encoding="utf-8")) | {"scenario_sha256": "0"}
        (place / "batch" / "rehearsal.json").write_text(json.dumps(data), encoding="utf-8")
        other = report(place, "batch")
    finally:
        (place / "batch" / "rehearsal.json").unlink()

    assert "## Rehearsal of the script" in same
    assert "### Which injects fire, and when" in same
    assert "is left out" in other
    assert "### Which injects fire, and when" not in other


@pytest.mark.parametrize("text", ['{"format": "wargame-rehears', '{"format": "wargame-rehearsal/1"}', "[]"])
def test_a_damaged_rehearsal_is_reported_with_its_file(tmp_path: Path, text: str) -> None:
    """Without a traceback."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "rehearsal.json").write_text(text, encoding="utf-8")
    done = inside("report", "broken", cwd=tmp_path)

    assert done.returncode == 3
    assert "rehearsal.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rehearsal_is_not_written_into_the_folder_of_a_run(place: Path) -> None:
    """It is refused before anything is run."""
    done = inside("rehearse", "two-rivals", "-n", "6", "--jobs", "1", "--out", "one", cwd=place)

    assert done.returncode == 2
    assert "is a run folder" in done.stderr
    assert not (place / "one" / "rehearsal.json").exists()
