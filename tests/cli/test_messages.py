"""Messages of the command line: short, safe to print, and with the next step."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from support import command_line
from support.command_line import python, wargame_after
from support.entry_point import wargame
from wargame.errors import install_command
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
    done = wargame_after("import sys; sys.stderr.isatty = lambda: True", "validate", "i.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 3
    assert all(char.isprintable() or char == "\n" for char in done.stderr)


def test_a_long_argument_is_shortened_in_messages(tmp_path: Path) -> None:
    """The message has its beginning and the remedy."""
    done = wargame("show", "a" * 100_000, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr) < 3000
    assert done.stderr.startswith("wargame: there is no run 'aaa")
    assert "wargame list runs" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist only there")
@pytest.mark.parametrize("words", ["run two-rivals --out", "init", "validate"])
def test_a_name_that_is_not_valid_unicode_is_refused(words: str, tmp_path: Path) -> None:
    """Manifest and JSON could not contain it."""
    done = command_line.wargame(*words.split(), "x\udcff", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(r"wargame: the argument 'x\udcff' is not UTF-8 text")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", ["show run", "why run 42", "list", "verify run", "run two-rivals --out new"])
def test_a_full_disk_at_the_output_is_reported(words: str, run: Path) -> None:
    """It is not an internal error, and a completed run stays."""
    code = "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 1)"
    done = wargame_after(code, *words.split(), cwd=run.parent)
    assert done.returncode == 2
    assert "wargame: the output cannot be written: No space left on device" in done.stderr
    assert "internal" not in done.stderr
    if "new" in words:
        assert Folder(run.parent / "new").manifest().is_complete


def test_a_full_disk_at_init_leaves_no_files(tmp_path: Path) -> None:
    """The next `init` of the same name works."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); from wargame.cli import main; main()"
    )
    done = python("-c", code, "init", "new", cwd=tmp_path)
    assert done.returncode == 2
    assert "new cannot be written: File too large" in done.stderr
    assert not list(tmp_path.iterdir())


def test_suggested_commands_quote_folders_with_blanks(tmp_path: Path) -> None:
    """They can be pasted into a shell."""
    output = wargame("init", "my exercise", cwd=tmp_path).stderr
    assert output == "next: wargame run 'my exercise'\n"
    wargame("run", "my exercise", "--out", "my run", "--no-report", cwd=tmp_path)
    assert "wargame verify 'my run'" in wargame("show", "my run", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "place", ["wargame.journal.outputs.write_output", "wargame.review.findings.findings.summarize"]
)
def test_an_interruption_after_the_end_reports_the_complete_run(place: str, tmp_path: Path) -> None:
    """Ctrl-C during report or summary: exit code 4, and the message says how to continue."""
    module, name = place.rsplit(".", 1)
    code = f"import {module} as m\ndef stop(*_): raise KeyboardInterrupt\nm.{name} = stop\n"
    words = ("run", "two-rivals", "--out", "my run")
    done = wargame_after(code, *words, cwd=tmp_path)
    assert done.returncode == 4
    assert "stopped after the end of the run, which is kept in my run (wargame show 'my run'" in done.stderr
    assert Folder(tmp_path / "my run").manifest().is_complete


@pytest.mark.parametrize(
    ("source", "prefix", "command"),
    [
        ({"url": "SOURCE", "dir_info": {"editable": True}}, "/home/a/.venv", "pip install -e 'PATH[docx]'"),
        ({"url": "SOURCE", "dir_info": {}}, "/home/a/.venv", "pip install 'PATH[docx]'"),
        ({"url": "SOURCE/gone", "dir_info": {}}, "/home/a/.venv", "pip install 'crisis-wargame[docx]'"),
        ({"url": "https://example.org/a.whl"}, "/home/a/.venv", "pip install 'crisis-wargame[docx]'"),
        ({}, "/home/a/.venv", "pip install 'crisis-wargame[docx]'"),
        ({}, "/home/a/.local/share/uv/tools/x", "uv tool install --force 'crisis-wargame[docx]'"),
        ({"url": "SOURCE", "dir_info": {}}, "/home/a/.local/pipx/venvs/x", "pipx install --force 'PATH[docx]'"),
    ],
)
def test_a_missing_extra_is_installed_from_where_the_package_came(
    source: dict[str, object], prefix: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout is not in the package index, and a tool has an environment of its own."""
    text = json.dumps(source).replace("SOURCE", tmp_path.as_uri())
    monkeypatch.setattr("importlib.metadata.distribution", lambda _: SimpleNamespace(read_text=lambda _: text))
    monkeypatch.setattr(sys, "prefix", prefix)
    assert install_command("docx") == command.replace("PATH", str(tmp_path))


def test_an_empty_name_is_not_a_record(run: Path) -> None:
    """An unset variable of a shell does not mean the last daily summary."""
    done = wargame("why", "run", "", cwd=run.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "names no record" in done.stderr


@pytest.mark.parametrize("command", ["run", "validate"])
def test_a_run_folder_is_not_a_scenario(command: str, run: Path) -> None:
    """One line says so, instead of one for each duplicate id."""
    done = wargame(command, "run", cwd=run.parent)
    assert done.returncode == 2
    assert (
        done.stderr == "wargame: run is the folder of a run or batch, not a scenario; give the scenario that was run\n"
    )
