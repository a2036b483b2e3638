"""`endex` writes the review; the hot wash shows what players ordered and wrote; quit writes the review again."""

from __future__ import annotations

import re
from pathlib import Path

from support.entry_point import wargame
from support.played_reviews import LINES, OF_SEATS

PLAY = ("play", "two-rivals", "--seed", "5", "--seat", "ARD=human", "--seat", "BRL=human", "--out", "r")


def _play(folder: Path, *lines: str) -> str:
    """Plays lines at one terminal, at which a seat sits for each of its commands."""
    typed = list[str]()
    for line in lines:
        command, who, *_ = [*line.split(), ""]
        typed += [f"sit {who}", line, "stand"] if command in OF_SEATS else [line]
    (folder / "lines.txt").write_text("\n".join(typed) + "\n")
    done = wargame(*PLAY, "--script", "lines.txt", cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_endex_writes_the_review_and_says_where(tmp_path: Path) -> None:
    """Before anyone leaves the console; ratings that follow are in the review that quit writes."""
    printed = _play(tmp_path, *LINES)
    page = (tmp_path / "r" / "report.html").read_text("utf-8")

    assert printed.index("ENDEX ENDEX ENDEX") < printed.index("The review is in r/report.html")
    assert " The exercise ended with ENDEX." in page
    assert "answered, but late" in page
    assert (tmp_path / "r" / "summary.json").is_file()


def test_an_exercise_that_goes_on_has_no_review(tmp_path: Path) -> None:
    """Only ENDEX writes one."""
    printed = _play(tmp_path, *LINES[:6])
    assert "The review is in" not in printed
    assert not (tmp_path / "r" / "report.html").exists()


def test_an_exercise_that_reaches_its_end_has_a_review(tmp_path: Path) -> None:
    """Without the command `endex`."""
    printed = _play(tmp_path, "stop at nothing", "until 2031-01-01")
    assert "The review is in r/report.html" in printed


def test_endex_after_the_end_writes_the_review(tmp_path: Path) -> None:
    """For the hot wash, while the console is still open; a second one is no error."""
    printed = _play(tmp_path, "stop at nothing", "until 2031-01-01", "endex", "rate signals S", "endex", "hotwash")
    assert "endex writes the review" in printed
    assert printed[: printed.index("HOT WASH")].count("The review is in r/report.html") == 2


def test_the_hot_wash_shows_orders_messages_and_votes_of_players(tmp_path: Path) -> None:
    """Each with its reason and result, and among the turning points."""
    printed = _play(tmp_path, *LINES, "hotwash")
    wash = printed[printed.index("HOT WASH") :]
    turning, players = wash.index("Turning points:"), wash.index("Orders, messages and votes of players:")

    assert "Arda offers talks (Brel) (ordered on 6 Jan 2030: 'to keep the fishermen calm')" in wash[turning:players]
    listed = wash[players : wash.index("Expected actions:")]
    assert re.search(r"Arda: offers talks \(Brel\) \('to keep the fishermen calm'\); carried out on 7 Jan 2030", listed)
    assert "Arda to Brel: We do not want this to grow." in listed
    assert "Vote called by Arda, 'Do we invite the neighbours?': yes 1, no 1" in listed
    assert "none" not in listed


def test_every_report_writes_the_file_for_the_reviewer(tmp_path: Path) -> None:
    """The page names `review.yaml`, so the page has to write it too; the version for a seat does not."""
    wargame("run", "two-rivals", "--out", "r", cwd=tmp_path)
    wargame("report", "r", "--seat", "ARD", cwd=tmp_path)
    assert not (tmp_path / "r" / "review.yaml").exists()
    wargame("report", "r", cwd=tmp_path)
    assert (tmp_path / "r" / "review.yaml").is_file()


def test_an_entry_without_text_for_a_draft_that_is_gone_is_no_error(tmp_path: Path) -> None:
    """A rating after the file was written can change which observations are drafted; text would be lost."""
    wargame("run", "two-rivals", "--out", "r", cwd=tmp_path)
    wargame("report", "r", cwd=tmp_path)
    notes = tmp_path / "r" / "review.yaml"
    empty = notes.read_text("utf-8").replace(
        "\nobservations: {}", "\nobservations:\n  signals-ARD:\n    observation: ''"
    )
    assert "signals-ARD" in empty
    notes.write_text(empty)
    assert wargame("report", "r", cwd=tmp_path).returncode == 0
    notes.write_text(empty.replace("observation: ''", "observation: 'Slow.'"))
    refused = wargame("report", "r", cwd=tmp_path)
    assert (refused.returncode, "no drafted observation 'signals-ARD'" in refused.stderr) == (3, True)
