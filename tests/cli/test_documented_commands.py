"""Commands in help texts and on pages: each is understood as it is typed; those that serve are started and stopped."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command_line import ended, environment
from support.entry_point import wargame
from support.waiting import PATIENCE
from wargame.cli import tree
from wargame.cli.tree import COMMANDS, load

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
TYPED = {
    "sh": re.compile(r"^ *(wargame [a-z].*)$", re.MULTILINE),
    "console": re.compile(r"^ *\$ (wargame [a-z].*)$", re.MULTILINE),
    "indented": re.compile(r"^    (wargame [a-z].*)$", re.MULTILINE),
}
ENDS = ("|", ">", ">>", "&&", ";", "&", "<")


def commands(text: str, kind: str) -> Iterator[str]:
    """The commands in a text, without what a shell does with them."""
    for line in TYPED[kind].findall(text.replace("\\\n", " ")):
        words = shlex.split(line, comments=True)
        end = next((n for n, word in enumerate(words) if word in ENDS), len(words))
        yield shlex.join(words[1:end])


def on_page(text: str) -> set[str]:
    """The commands on a page: in blocks for a shell, after prompts, and in indented blocks."""
    fenced = {each for kind, block in BLOCK.findall(text) if kind in TYPED for each in commands(block, kind)}
    return fenced | set(commands(BLOCK.sub("", text), "indented"))


def examples() -> dict[str, set[str]]:
    """The commands by the places where a reader finds them."""
    found = {f"help of {name}": set(commands(text, "sh")) for name, text in tree.EXAMPLES.items()}
    found |= {page.relative_to(ROOT).as_posix(): on_page(page.read_text("utf-8")) for page in PAGES}
    return {place: typed for place, typed in found.items() if typed}


def problem(typed: str) -> str:
    """Why a command is not understood; empty if it is. Nothing is run."""
    words = shlex.split(typed)
    name = next((name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS), None)
    if name is None:
        return "" if words[0] == "msel" and len(words) == 1 else f"{typed}: there is no such command"
    try:
        load(name).make_context(name, words[len(name.split()) :])
    except SystemExit:  # help and versions
        return ""
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader would meet it
        return f"{typed}: {error}"
    return ""


EXAMPLES = examples()


@pytest.mark.parametrize("place", EXAMPLES)
def test_commands_are_understood(place: str) -> None:
    """Every command, option and value exists, also where it would serve, need a cluster or take minutes."""
    assert [each for each in map(problem, sorted(EXAMPLES[place])) if each] == []


@pytest.mark.parametrize(
    "typed", ["runn two-rivals", "run two-rivals --sed 3", "batch two-rivals -n many", "verify a b"]
)
def test_a_command_that_does_not_exist_is_found(typed: str) -> None:
    """An unknown command, option or value, and an argument too many."""
    assert problem(typed)


@pytest.fixture
def paused(tmp_path: Path) -> Path:
    """The folder with an exercise that was left."""
    words = ("play", "two-rivals", "--seat", "ARD=human", "--serve", "127.0.0.1:0")
    done = wargame(*words, cwd=tmp_path, stdin="quit\n")
    assert "served at http://127.0.0.1:" in done.stdout, done.stderr
    return tmp_path


@pytest.mark.slow
def test_an_exercise_is_resumed_and_served(paused: Path) -> None:
    """`wargame resume last --serve`, at a free port."""
    done = wargame("resume", "last", "--serve", "127.0.0.1:0", cwd=paused, stdin="next\nquit\n")
    assert (done.returncode, "served at http://127.0.0.1:" in done.stdout) == (0, True), done.stderr


@pytest.mark.slow
def test_an_exercise_is_served_without_a_console(paused: Path) -> None:
    """`wargame serve last` prints its address, and Ctrl-C stops it; the exercise can be resumed."""
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # not where nohup began it all
    start = f"{heard}from wargame.cli import main; main()"
    words = [sys.executable, "-c", start, "serve", "last", "--address", "127.0.0.1:0"]
    with ended(
        subprocess.Popen(words, cwd=paused, env=environment(), stdout=subprocess.PIPE, encoding="utf-8")
    ) as server:
        try:
            assert server.stdout is not None
            assert any("served at http://127.0.0.1:" in line for line in server.stdout)
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=PATIENCE)
        finally:
            server.kill()
    assert wargame("resume", "last", cwd=paused, stdin="next\nendex\nquit\n").returncode == 0
