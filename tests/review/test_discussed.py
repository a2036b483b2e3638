"""What of all that people did a facilitator discusses first in the hot wash."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.played_reviews import played_findings
from wargame.review.findings.discussed import MOST, discussed
from wargame.review.findings.findings import Findings
from wargame.review.reports.run_events import players_in_rows

CHAT = [f'message ARD BRL "Word {number} of many."' for number in range(14)]
LINES = (
    "stop at nothing",
    *CHAT,
    'order ARD "ask the neighbours in"',
    'rule 1 refuse "there are none"',
    "order ARD trade BRL",
    'message BRL ARD "We saw that."',
    "advance 2d",
    "order ARD protest BRL",
    *CHAT,
    "advance 5d",
    "endex",
)


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """An exercise with many messages and few deeds."""
    return played_findings(tmp_path_factory.mktemp("talkative") / "x", *LINES)


def test_deeds_and_refusals_come_before_words(talkative: Findings) -> None:
    """At most ten rows; each seat has one, also if it has only written."""
    rows = {seq: text for _, seq, text in players_in_rows(talkative)}
    first = [rows[seq] for seq in sorted(discussed(talkative))]
    assert (len(first), len(rows)) == (MOST, 32)
    for said in ("ask the neighbours in", "eases trade", "protests", "We saw that."):
        assert any(said in each for each in first), said


def test_all_are_discussed_if_they_are_few(tmp_path: Path) -> None:
    """Nothing is left out of a quiet exercise."""
    quiet = played_findings(tmp_path / "x", "stop at nothing", *CHAT[:3], "order ARD trade BRL", "advance 5d", "endex")
    assert discussed(quiet) == {seq for _, seq, _ in players_in_rows(quiet)}


def test_the_rest_is_shown_on_request(tmp_path: Path, process: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """On a terminal by `hotwash all`."""
    (tmp_path / "play.txt").write_text("\n".join([*LINES[:-1], "hotwash", "hotwash all"]), "utf-8")
    seats = ("--seat", "ARD=human", "--seat", "BRL=human")
    done = process("play", "two-rivals", *seats, "--script", "play.txt", "--out", "y")
    assert done.returncode == 0, done.stderr
    _, short, whole = done.stdout.split("HOT WASH")
    assert "22 more: hotwash all lists them." in short
    assert (short.count("of many."), whole.count("of many.")) == (6, 28)
    assert "more:" not in whole
