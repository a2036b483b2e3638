"""The pages of the roles: every command on them works as typed, one after the other, in an empty folder."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from support.in_process import wargame

START = Path(__file__).resolve().parents[2] / "docs" / "start"
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """The commands of the program on a page, in order, without comments."""
    blocks = BLOCK.findall((START / page).read_text("utf-8"))
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("wargame ")]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["index.md", "author.md", "facilitator.md", "analyst.md", "reviewer.md"])
def test_the_commands_of_a_quickstart_work_as_typed(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newcomer who copies the lines of a page one by one meets no error."""
    monkeypatch.setattr("typer.launch", lambda *_: 0)
    script = tmp_path / "typed.txt"
    script.write_text("help\nnext\nresume\npause\nquit\n", "utf-8")
    typed = commands(page)
    assert typed
    for line in typed:
        words = shlex.split(line.replace(" --serve", ""))[1:]  # a server stays open: package web tests it
        with script.open(encoding="utf-8") as lines:
            monkeypatch.setattr(sys, "stdin", lines)
            done = wargame(*words, cwd=tmp_path)
        allowed = (
            {0, 4} if words[0] in ("play", "resume") else {0}
        )  # an exercise that is left before ENDEX exits with 4
        assert done.returncode in allowed, f"{line}\n{done.stdout}{done.stderr}"


@pytest.mark.slow
def test_the_python_of_the_analyst_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The block of Python on the page of the analyst gives a table."""
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(
        r"^```python\n(.*?)^```$", (START / "analyst.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    names: dict[str, object] = {}
    exec(compile(block.replace("n=20", "n=4"), "analyst.md", "exec"), names)  # noqa: S102 - the project's own page
    assert len(names["batch"].frame()) == 8  # type: ignore[attr-defined]  # of two arms
