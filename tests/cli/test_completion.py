"""Completion of values in a shell, and the nearest valid one for those that are wrong."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support.in_process import inside
from wargame.cli.app import app


def completed(line: str) -> list[str]:
    """What bash offers for the last word of a line."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(shlex.split(f"{line}.")) - 1)}
    done = CliRunner().invoke(app, [], env={**words, "_WARGAME_COMPLETE": "complete_bash"}, prog_name="wargame")
    return done.output.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("wargame run two-ri", ["two-rivals"]),
        ("wargame run two-rivals --skip c", ["collision", "coup"]),
        ("wargame run two-rivals --skip harv", ["harvest"]),
        ("wargame run two-rivals --set ten", ["tension"]),
        ("wargame run two-rivals --seat ARD", ["ARD=model", "ARD=script"]),
        ("wargame play two-rivals --seat ARD", ["ARD=human", "ARD=model", "ARD=script"]),
        ("wargame run china-only-vs-five-party --arm five", ["five_party", "five_party_exit"]),
        ("wargame batch korea-2017 --variant ", None),
        ("wargame run nothing --skip ", []),
        ("wargame report last --format d", ["docx"]),
    ],
)
def test_values_are_completed(line: str, offered: list[str] | None) -> None:
    """From the scenario or study that the line names; nothing if there is none."""
    found = completed(line)
    assert found == offered if offered is not None else found


def test_batches_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a command takes a batch, and where it takes a run or a batch."""
    monkeypatch.setenv("WARGAME_RUNS", str(tmp_path / "runs"))
    assert inside("batch", "two-rivals", "-n", "2", "--until", "5d", "--jobs", "1", cwd=tmp_path).returncode == 0
    (name,) = (path.name for path in (tmp_path / "runs").iterdir())
    assert completed("wargame compare two") == [name]
    assert completed("wargame report two") == [name]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["rnu", "two-rivals"], "'run'"),
        (["run", "two-rivals", "--sed", "1"], "--seed"),
        (["run", "two-rivls"], "'two-rivals'"),
        (["run", "two-rivals", "--journal", "ful"], "'full'"),
        (["report", "last", "--format", "dcx"], "'docx'"),
        (["run", "two-rivals", "--skip", "harvst"], "'harvest'"),
        (["run", "two-rivals", "--variant", "x"], "the scenario has none"),
        (["msel", "exprt"], "export"),
        (["help", "rnu"], "run"),
        (["list", "run"], "'runs'"),
        (["schema", "inject"], "'injects'"),
    ],
)
def test_what_is_unknown_gets_the_nearest_valid_one(words: list[str], hint: str) -> None:
    """Subcommands, options, ids and values."""
    done = CliRunner().invoke(app, words, prog_name="wargame")
    message = done.output + (str(done.exception) if done.exception else "")
    assert done.exit_code != 0
    assert hint in message
