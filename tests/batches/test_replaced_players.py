"""Failed turns as data: columns by reason, and what becomes of runs in which the model has replaced a player."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.bots import bot
from support.in_process import inside, inside_json
from wargame.batches.api import open_batch

STOPS = """
for number, turn in enumerate(turns()):
    if number < 2:
        send(type="act", id=turn["id"], orders=[])
    else:
        send(type="act", id=turn["id"], error="I cannot take part in this", cause="refusal")
"""
WORDS = (
    "--until",
    "D+60",
    "-n",
    "2",
    "--jobs",
    "1",
    "--measure",
    "severity(BRL)",
    "--arm",
    "bot=seat ARD=program:bot.py",
)


def played(cwd: Path, *words: str) -> Path:
    """A batch with a program that refuses from its third turn on."""
    bot(cwd, STOPS)
    done = inside("batch", "two-rivals", *WORDS, *words, "--out", "b", "-q", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return cwd / "b"


@pytest.mark.slow
def test_the_table_counts_turns_failures_and_decisions_of_the_model(tmp_path: Path) -> None:
    """After three refusals in a row the model decides; arms without a program have no such numbers."""
    rows = open_batch(str(played(tmp_path))).frame()
    theirs = rows[rows["arm"] == "bot"]
    assert theirs["failed(ARD, refusal)"].tolist() == theirs["failed(ARD)"].tolist() == [3.0, 3.0]
    assert theirs["turns(ARD)"].tolist() == [5.0, 5.0]
    assert (theirs["replaced(ARD)"] > 0).all()
    assert rows[rows["arm"] == "baseline"]["turns(ARD)"].isna().all()


@pytest.mark.slow
def test_each_estimate_says_in_how_many_runs_the_player_was_replaced(tmp_path: Path) -> None:
    """As a number in JSON and in its own line of the summary; the baseline has none."""
    folder = played(tmp_path)
    shown = inside_json("show", str(folder), cwd=tmp_path)["estimates"]
    assert {row["arm"]: row["replaced"] for row in shown} == {"baseline": 0, "bot": 2}
    lines = inside("show", str(folder), cwd=tmp_path).stdout.splitlines()
    assert any("bot" in line and "2 (2" in line for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize(("what", "counted", "failed"), [("keep", 2, 0), ("drop", 0, 0), ("fail", 0, 2)])
def test_runs_with_a_replaced_player_count_as_asked(tmp_path: Path, what: str, counted: int, failed: int) -> None:
    """They are kept, left out of the estimates, or failed runs; the counts of turns stay in the table."""
    batch = open_batch(str(played(tmp_path, "--on-replaced", what)))
    rows = {row.arm: row.n for row in batch.rows}
    assert (rows["bot"], batch.summary["failed"], len(batch.failures)) == (counted, failed, failed)
    assert (batch.frame().query("arm == 'bot'")["replaced(ARD)"] > 0).all()
    if what != "keep":
        assert any("in the place of a player" in note or "failed" in note for note in batch.summary["notes"])
