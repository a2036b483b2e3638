"""Messages of the command line: short, safe to print, and with the next step."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from support.command_line import python, wargame
from wargame.journal.folder import Folder


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small scenario; tests copy it before they damage it."""
    place = tmp_path_factory.mktemp("made")
    assert wargame("run", "two-rivals", "--out", "run", "--no-report", cwd=place).returncode == 0
    return place / "run"


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    """A copy of the run, to be damaged."""
    return Path(shutil.copytree(original, tmp_path / "run"))


def test_an_error_obeys_no_escape_of_a_file(tmp_path: Path) -> None:
    """A problem stays on its line and moves neither cursor nor reading direction."""
    text = r'injects: [{id: a, title: x, at: "\e[31m", "k\n\u202Ey\e[2J": 1}]'
    (tmp_path / "i.yaml").write_text(f"format: wargame-injects/1\nscenario: two-rivals\n{text}\n")
    code = "import sys; sys.stderr.isatty = lambda: True; from wargame.cli import main; main()"
    done = python("-c", code, "validate", "i.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 3
    assert all(char.isprintable() or char == "\n" for char in done.stderr)


def test_an_endless_argument_is_not_told_back_in_full(tmp_path: Path) -> None:
    """The message stays short, with its beginning and its remedy."""
    done = wargame("show", "a" * 100_000, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr) < 3000
    assert done.stderr.startswith("wargame: there is no run 'aaa")
    assert "wargame list runs" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist only there")
@pytest.mark.parametrize("words", ["run two-rivals --out", "init", "validate"])
def test_a_name_that_is_no_text_is_refused(words: str, tmp_path: Path) -> None:
    """No manifest and no JSON could hold it."""
    done = python("-m", "wargame", *words.split(), "x\udcff", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(r"wargame: the argument 'x\udcff' is not UTF-8 text")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", ["show run", "why run 42", "list", "verify run", "run two-rivals --out new"])
def test_an_output_without_room_is_told(words: str, run: Path) -> None:
    """It is no error of the program, and a run that was made is whole."""
    code = "import os, sys; os.dup2(os.open('/dev/full', os.O_WRONLY), 1); from wargame.cli import main; main()"
    done = python("-c", code, *words.split(), cwd=run.parent)
    assert done.returncode == 2
    assert "wargame: the output cannot be written: No space left on device" in done.stderr
    assert "internal" not in done.stderr
    if "new" in words:
        assert Folder(run.parent / "new").manifest().whole


def test_an_init_without_room_leaves_nothing(tmp_path: Path) -> None:
    """Half an exercise would stand in the way of the next try."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); from wargame.cli import main; main()"
    )
    done = python("-c", code, "init", "new", cwd=tmp_path)
    assert done.returncode == 2
    assert "new cannot be written: File too large" in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_to_type_next_works_for_a_folder_with_blanks(tmp_path: Path) -> None:
    """The commands that are suggested can be pasted."""
    output = wargame("init", "my exercise", cwd=tmp_path).stderr
    assert output == "next: wargame run 'my exercise'\n"
    wargame("run", "my exercise", "--out", "my run", "--no-report", cwd=tmp_path)
    assert "wargame verify 'my run'" in wargame("show", "my run", cwd=tmp_path).stdout


@pytest.mark.parametrize("place", ["wargame.review.reports.writing.save", "wargame.review.findings.findings.summarize"])
def test_a_stop_after_the_end_tells_what_is_kept(place: str, tmp_path: Path) -> None:
    """Ctrl-C while the report or the summary is made: exit 4, the run is whole, and it says how to go on."""
    module, name = place.rsplit(".", 1)
    code = f"import {module} as m\ndef stop(*_): raise KeyboardInterrupt\nm.{name} = stop\n"
    words = ("run", "two-rivals", "--out", "my run")
    done = python("-c", code + "from wargame.cli import main; main()", *words, cwd=tmp_path)
    assert done.returncode == 4
    assert "stopped after the end of the run, which is kept in my run (wargame show 'my run'" in done.stderr
    assert Folder(tmp_path / "my run").manifest().whole


def test_an_empty_name_means_no_record(run: Path) -> None:
    """An unset variable of a shell is not the last daily digest."""
    done = wargame("why", "run", "", cwd=run.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "names no record" in done.stderr


@pytest.mark.parametrize("command", ["run", "validate"])
def test_a_run_is_not_taken_for_a_scenario(command: str, run: Path) -> None:
    """Its inputs are copies: one line says so, not one for each id that is there twice."""
    done = wargame(command, "run", cwd=run.parent)
    assert done.returncode == 2
    assert (
        done.stderr == "wargame: run is the folder of a run or batch, not a scenario; give the scenario that was run\n"
    )
