"""The guides of the facilitator: their exercise runs as on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.entry_point import wargame
from wargame.journal.command_log import read_commands
from wargame.live.console.dispatch import COMMANDS

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "how-to"
PAGE = GUIDES / "facilitate.md"
TABLES = ("facilitate.md", "run-the-clock.md", "run-the-white-cell.md")


def recorded() -> str:
    """The lines of the exercise on the page."""
    block = re.search(r"<!-- file: exercise.txt -->\n```text\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    return block[1]


@pytest.mark.slow
def test_the_recorded_exercise_replays(tmp_path: Path) -> None:
    """No line is refused, the exercise ends at ENDEX, and its folder reproduces the journal."""
    (tmp_path / "exercise.txt").write_text(recorded(), "utf-8")
    done = wargame(
        "play",
        "two-rivals",
        "--seed",
        "5",
        "--seat",
        "ARD=human",
        "--script",
        "exercise.txt",
        "--out",
        "run",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "ENDEX ENDEX ENDEX" in done.stdout
    assert {"order", "request", "ruling", "rewind", "rating"} <= {
        line.kind for line in read_commands(tmp_path / "run" / "commands.jsonl")
    }
    assert wargame("verify", "run", cwd=tmp_path).returncode == 0


def commands_in_tables() -> list[str]:
    """The first words of what the tables on the pages say that one types."""
    text = "\n".join((GUIDES / page).read_text("utf-8") for page in TABLES)
    cells = re.findall(r"^\| (`[^|\n]+`) \|", text, re.MULTILINE)
    return [code.split()[0] for cell in cells for code in re.findall(r"`([^`]+)`", cell)]


def test_the_tables_name_existing_commands() -> None:
    """Of the console, or of the command line."""
    words = commands_in_tables()
    assert {"procedures", "notice", "reply", "dismiss", "rfi", "next", "pace", "until"} <= set(words)
    assert [word for word in words if word not in {*COMMANDS, "wargame"}] == []


def test_the_guide_uses_existing_commands() -> None:
    """Every line starts with a command of the console."""
    words = {line.split()[0] for line in recorded().splitlines() if line.strip() and not line.startswith("#")}
    assert words <= set(COMMANDS)
