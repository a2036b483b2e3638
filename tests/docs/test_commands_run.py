"""Commands in help texts and in `sh` blocks of pages work as typed, one after the other, on files that a reader has.

Long ones are made short by options that are added to them. `console` blocks are run by `tools/golden.py`, and
what is not run has its reason in `tests/data/documented_commands.yaml`.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from warm_commands import WARM

from support.command_line import environment
from support.documented import ROOT, documented
from support.fake_endpoint import fake_endpoint
from support.sheets import workbook
from support.waiting import PATIENCE

KNOWN = yaml.safe_load((ROOT / "tests/data/documented_commands.yaml").read_text("utf-8"))
TYPED = documented("sh")
LEFT = {"play", "resume", "serve"}
"""An exercise that is left before ENDEX exits with 4."""


def run(command: str, place: Path, **variables: str) -> str:
    """The problem of a command, with what it printed; empty if there is none."""
    words = shlex.split(command)
    stdin = "next\nquit\n" if words[0] in LEFT else ""
    done = WARM.run(words, cwd=place, env=environment(**variables), timeout=PATIENCE, stdin=stdin, together=True)
    allowed = {0, 4} if words[0] in LEFT else {0}
    return "" if done.returncode in allowed else f"$ wargame {command}\n{done.stdout}exit code {done.returncode}"


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the commands name."""
    place = tmp_path_factory.mktemp("stock")
    for name in ("bot.py", "http_bot.py"):
        shutil.copy(ROOT / "examples" / name, place)
    for name, text in KNOWN["files"].items():
        (place / name).write_text(text, "utf-8")
    for name, rows in KNOWN["workbooks"].items():
        workbook(place / name, rows, "Day 1")
    for command in KNOWN["stock"]:
        assert run(command, place) == ""
    return place


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a language model."""
    with fake_endpoint() as running:
        yield running.url


def shortened(command: str) -> str:
    """The command with the words that make it short."""
    return " ".join([command, *(words for start, words in KNOWN["shorter"].items() if command.startswith(start))])


def left(where: str) -> list[str]:
    """The commands of a place without those that are not run."""
    return [command for command in TYPED[where] if command not in KNOWN["not_run"]]


@pytest.mark.slow
@pytest.mark.parametrize("where", [where for where in TYPED if where not in KNOWN["elsewhere"] and left(where)])
def test_the_commands_of_a_place_work_as_typed(where: str, stock: Path, endpoint: str, tmp_path: Path) -> None:
    """A reader who has the files that they name meets no error."""
    place = tmp_path / "there"
    if where in KNOWN["empty"]:
        place.mkdir()
    else:
        shutil.copytree(stock, place)
    for command in KNOWN["before"].get(where, ()):
        assert run(command, place) == ""
    failed = [run(shortened(command), place, WARGAME_LLM_URL=endpoint) for command in left(where)]
    assert [problem for problem in failed if problem] == []


def test_what_is_not_run_is_documented_and_has_a_reason() -> None:
    """No entry outlives its command."""
    every = {command for typed in TYPED.values() for command in typed}
    for command, reason in KNOWN["not_run"].items():
        assert command in every, command
        assert re.fullmatch(r"[A-Z].*\.", reason), command
    for start in KNOWN["shorter"]:
        assert any(command.startswith(start) for command in every), start
    for page, test in KNOWN["elsewhere"].items():
        assert Path(page).name in (ROOT / test).read_text("utf-8")
    assert {*KNOWN["before"], *KNOWN["empty"], *KNOWN["elsewhere"]} <= set(TYPED)
