"""The end of a batch on the command line: thresholds, the report, what to do next."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from support.in_process import REPORTED, inside, inside_json

SMALL = ("two-rivals", "-n", "4", "--until", "20d", "--jobs", "1", "--arm", "soft=set tension=0.1")


def test_a_batch_writes_its_report_and_names_the_next_commands(tmp_path: Path) -> None:
    """Each of them works as it is printed."""
    done = inside("batch", *SMALL, REPORTED, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.partition("Where to look next\n")[2].splitlines()
    assert (tmp_path / lines[0].split()[0]).name == "report.html"
    assert (tmp_path / lines[0].split()[0]).is_file()
    commands = [shlex.split(line.partition("  ")[0])[1:] for line in lines if line.startswith("wargame ")]
    assert [command for command, *_ in commands] == ["run", "compare", "show"]
    for command, *words in commands:
        assert inside(command, *words, cwd=tmp_path).returncode == 0, (command, words)


def test_without_a_report_the_command_that_writes_it_is_named(tmp_path: Path) -> None:
    """Also after `wargame show`; it works as it is printed."""
    made = inside("batch", *SMALL, "--out", "b", cwd=tmp_path)
    assert not (tmp_path / "b" / "report.html").exists()
    assert "wargame report b " in made.stdout
    assert inside("report", "b", "--format", "md", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("words", [("--json",), ("-q",)])
def test_a_batch_for_programs_writes_no_report(words: tuple[str, ...], tmp_path: Path) -> None:
    """Since it takes longer than a small batch."""
    assert inside("batch", *SMALL, *words, REPORTED, "--out", "b", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "b" / "report.html").exists()


def test_thresholds_have_a_mark_and_a_word(tmp_path: Path) -> None:
    """✓ and ✗, as in other tools for measurements; the word is for readers who do not see the mark."""
    bounds = ("--fail-if", "p(war) > 0.9", "--fail-if", "mean(tension) > 0.01")
    made = inside("batch", *SMALL, "--out", "b", *bounds, cwd=tmp_path)
    assert made.returncode == 99
    rows = [re.split(r" {2,}", line) for line in made.stdout.splitlines() if "crossed" in line]
    assert [(row[0], row[-1]) for row in rows] == [
        *[("p(war) > 0.9", "✓ not crossed")] * 2,
        *[("mean(tension) > 0.01", "✗ crossed")] * 2,
    ]


def test_batches_are_listed_with_duration_and_command(tmp_path: Path) -> None:
    """As runs are."""
    assert inside("batch", *SMALL, cwd=tmp_path).returncode == 0
    (row,) = inside_json("list", "batches", cwd=tmp_path)["batches"]
    assert row["command"].startswith("wargame batch two-rivals -n 4")
    assert row["took"].endswith(" s")
