"""Fast commands import no heavy libraries."""

from __future__ import annotations

from pathlib import Path

import pytest
from warm_commands import WarmInterpreter

import wargame.cli
from support.command_line import environment
from support.waiting import PATIENCE
from wargame.cli import lib

HEAVY = {
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "rich",
    "simpy",
    "starlette",
    "tqdm",
    "uvicorn",
    "vl_convert",
}
INSTANT = [
    "--version",
    "--help",
    "run --help",
    "help",
    "help batch",
    "validate --help",
    "validate two-rivals",
    "validate cuba-1962",
    "list",
    "list --json",
    "list scenarios",
    "list injects",
    "init DIR",
    "schema injects",
]
COMPLETIONS = ["wargame va", "wargame run ko", "wargame list "]
LIGHT = WarmInterpreter("wargame.cli.app")
"""An interpreter that has imported what every command begins with, and nothing else."""
REPORT = "import atexit, sys; atexit.register(lambda: print('\\nmodules', *sys.modules, file=sys.stderr))"


def modules_after(*words: str, cwd: Path, **variables: str) -> set[str]:
    """What an interpreter has imported at the end of a command, which must succeed and print something."""
    done = LIGHT.run(words, cwd=cwd, env=environment(**variables), timeout=PATIENCE, first=REPORT)
    printed, _, names = f"{done.stdout}{done.stderr}".rpartition("\nmodules ")
    assert (done.returncode, bool(printed)) == (0, True), done.stderr
    return set(names.split())


@pytest.mark.parametrize("words", INSTANT)
def test_a_fast_command_imports_nothing_heavy(words: str, tmp_path: Path) -> None:
    """Help, lists and checks of files do not wait for the engine, tables, charts or screens to load."""
    assert modules_after(*words.split(), cwd=tmp_path) & HEAVY == set()


@pytest.mark.parametrize("line", COMPLETIONS)
def test_completion_imports_nothing_heavy(line: str, tmp_path: Path) -> None:
    """Completion responds without a delay."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_WARGAME_COMPLETE": "complete_bash"}

    assert modules_after(cwd=tmp_path, **words) & HEAVY == set()


@pytest.mark.parametrize("command", ["run", "play"])
def test_a_run_imports_the_engine_and_nothing_of_the_web(command: str, tmp_path: Path) -> None:
    """A run and the console start as fast as without pages. The checks above can fail: the engine is imported."""
    names = modules_after(command, "two-rivals", "--out", "run", cwd=tmp_path)

    assert "simpy" in names
    assert names & {"starlette", "uvicorn", "segno", "wargame.web"} == set()
    assert command == "play" or names & {"numpy", "pandas", "quickjs"} == set()


def test_commands_find_what_they_use() -> None:
    """Each line of the list that type checkers read is a name that commands can use, and no name is missing."""
    stub = (Path(wargame.cli.__file__).parent / "lib.pyi").read_text("utf-8")
    names = [line.rpartition(" ")[2] for line in stub.splitlines() if line.startswith("from ")]

    assert names
    assert set(names) == set(wargame.listed("wargame.cli.lib"))
    assert [name for name in names if not hasattr(lib, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = lib.simulat  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", ["show run", "why run"])
def test_what_reads_a_run_does_without_the_engine(words: str, tmp_path: Path) -> None:
    """The summary and the causes of records come from the journal and the scenario."""
    modules_after("run", "two-rivals", "--until", "30d", "--out", "run", "--no-report", cwd=tmp_path)

    assert {"simpy", "wargame.simulation", "wargame.executor.replay"} & modules_after(
        *words.split(), cwd=tmp_path
    ) == set()
