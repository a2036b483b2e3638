"""What a review says must be true of the journal: what is open, when it was, who it was, what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import wargame
from engine import loaded, run
from test_engine_injects import inject, play

from wargame.errors import UsageFault
from wargame.executor.single import Place, simulate
from wargame.language.times import parse_time
from wargame.review.comparison import comparison
from wargame.review.dates import Dates
from wargame.review.rows import expected_actions
from wargame.review.source import open_run
from wargame.scenario.load import load
from wargame.scenario.model import RandomTime
from wargame.simulation.settings import Settings


@pytest.mark.parametrize(("days", "told"), [(206.6, "day 206"), (0.99, "day 0"), (12.0, "day 12")])
def test_days_are_those_that_are_over(days: float, told: str) -> None:
    """As in D+206; a date and its day must not be at odds."""
    assert Dates(fine=False).since(days) == told


@pytest.mark.parametrize("until", ["2016-05-01", "2017-06-01", "D+0"])
def test_a_run_cannot_end_before_its_governments_begin(until: str) -> None:
    """It would tell of negative days and of outcomes that 'did not occur' by an end before the beginning."""
    with pytest.raises(UsageFault, match="is not after the hand-over 2017-06-01"):
        run(loaded("korea-2017"), 1, until=until)


def test_nor_can_one_whose_hand_over_is_moved_behind_its_end() -> None:
    """The two settings are held against each other, not against the file."""
    with pytest.raises(UsageFault, match="is not after the hand-over 2018-06-01"):
        run(loaded("korea-2017"), 1, hand_over="2018-06-01", until="2018-01-01")


def test_expected_actions_that_are_open_at_the_end_are_told(tmp_path: Path) -> None:
    """In the summary and the review: nothing is known of them yet, and that is not the same as nothing asked."""
    lines = [
        "format: wargame-injects/1", "scenario: two-rivals", "title: Late", "injects:",
        "- id: late", "  title: A late call", "  at: D+58", "  message: Answer.",
        "  expected: [{who: BRL, any_of: [strike], within: 30d}]",
    ]  # fmt: skip
    (tmp_path / "late.yaml").write_text("\n".join(lines) + "\n")
    shown = wargame("run", "two-rivals", "--injects", "late.yaml", "--seed", "1", "--until", "60d", "--out", "r",
                    cwd=tmp_path).stdout  # fmt: skip
    assert "1 still open at the end" in shown
    done = wargame("report", "r", "--format", "md", "-o", "-", cwd=tmp_path)
    assert "Still open at the end: 1." in done.stdout
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "1 still open at the end" in page
    assert "No expected actions were called for" not in page or "Expected actions: what was called for" in page


def test_a_repeat_ends_with_its_time_and_goes_on_in_its_own_group() -> None:
    """One word for all that cannot come any more; a group is for others, not for the repeats of one of its own."""
    every = {"at": parse_time("D+5"), "repeat": 10, "every": 86400}
    made = play(
        inject("timed", until=parse_time("D+7"), **every),
        inject("own", group="g", **every),
        inject("other", group="g", at=parse_time("D+6")),
        until="60d",
    )
    said = [(record[2], record[4], record[6].get("reason")) for record in made.records() if "inject." in record[2]]
    of = {name: [(kind, why) for kind, about, why in said if about == name] for name in ("timed", "own", "other")}
    assert of["timed"] == [("inject.released", None)] * 2 + [("inject.skipped", "its time is over")]
    assert of["own"] == [("inject.released", None)] * 10
    assert of["other"] == [("inject.skipped", "another inject of 'g' was released")]


def test_an_inject_whose_time_was_after_the_end_was_not_left_out_by_chance() -> None:
    """The reason that is told is the one that holds."""
    window = (parse_time("D+90"), parse_time("D+120"))
    made = play(inject("later", random=RandomTime(between=window)), until="60d")
    (reason,) = (r[6]["reason"] for r in made.records() if r[2] == "inject.skipped" and r[4] == "later")
    assert reason == "its time was after ENDEX"


def test_a_comparison_says_of_outcomes_what_the_single_reviews_say(tmp_path: Path) -> None:
    """What held at the hand-over did not come on day 0; what another scenario knows did not fail to come."""
    korea = load("korea-2017")
    sources = [
        open_run(simulate(korea, seed, Settings(until="D+20"), place=Place(out=tmp_path / str(seed))).folder)
        for seed in (1, 2)
    ]
    rivals = open_run(simulate(load("two-rivals"), 3, place=Place(out=tmp_path / "r")).folder)
    both, apart = (str(list(comparison(sources[0], other))) for other in (sources[1], rivals))
    assert "'Decision to deploy THAAD', 'held at the hand-over already'" in both
    assert "'not in this scenario'" in apart


def test_a_review_names_towards_whom_an_expected_action_was_done(tmp_path: Path) -> None:
    """Whether the right one was telephoned is what a reviewer asks."""
    sources = (open_run(simulate(load("two-rivals"), n, place=Place(out=tmp_path / str(n))).folder) for n in range(6))
    done = [row for source in sources for row in expected_actions(source) if row["done"]]
    assert done
    assert all(row["done_title"].endswith((" (ARD)", " (BRL)")) for row in done)


def test_a_run_whose_journal_is_damaged_is_shown_and_traced_as_far_as_it_goes(tmp_path: Path) -> None:
    """`show` and `why` say what is wrong and go on, as the review does; a shortened journal has no ENDEX."""
    folder = simulate(load("two-rivals"), 3, place=Place(out=tmp_path / "r")).folder
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join([*lines[:60], b"garbage\n", *lines[61:]]))
    shown, traced = wargame("show", "r", cwd=tmp_path), wargame("why", "r", "50", cwd=tmp_path)
    assert (shown.returncode, traced.returncode) == (0, 0)
    assert "one of its lines cannot be read (line 61) and left out" in shown.stdout.replace("\n", " ")
    assert "one of its lines cannot be read" in traced.stderr
    folder.journal.write_bytes(b"".join(lines[:60]))
    shown = wargame("show", "r", cwd=tmp_path)
    assert "ENDEX" not in shown.stdout.split("\n\n")[0]
    assert "the rest of its journal is missing" in shown.stdout.replace("\n", " ")
