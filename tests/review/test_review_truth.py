"""What a review says must be true of the journal: what is open, when it was, who it was, what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.command_line import wargame
from support.engine import loaded, run
from support.injects import inject, play
from support.live import console, told
from wargame.batch.api import batch
from wargame.cli.list import _runs as runs_under
from wargame.errors import UsageFault
from wargame.executor.run import Place, simulate
from wargame.language.times import parse_time
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.percentile import within
from wargame.review.findings.source import open_run
from wargame.review.formatting import Dates
from wargame.review.reports.run_comparison import comparison
from wargame.scenario.loading.load import load
from wargame.scenario.model import RandomTime
from wargame.simulation.kernel.settings import Settings


@pytest.mark.parametrize(("days", "told"), [(206.6, "day 206"), (0.99, "day 0"), (12.0, "day 12")])
def test_days_are_those_that_are_over(days: float, told: str) -> None:
    """As in D+206; a date and its day must not be at odds."""
    assert Dates(fine=False).since(days) == told


@pytest.mark.parametrize("until", ["2016-05-01", "2017-06-01", "D+0"])
def test_a_run_cannot_end_before_its_governments_begin(until: str) -> None:
    """It would tell of negative days and of outcomes that 'did not occur' by an end before the beginning."""
    with pytest.raises(UsageFault, match="is not after STARTEX 2017-06-01"):
        run(loaded("korea-2017"), 1, until=until)


def test_nor_can_one_whose_startex_is_moved_behind_its_end() -> None:
    """The two settings are held against each other, not against the file."""
    with pytest.raises(UsageFault, match="is not after STARTEX 2018-06-01"):
        run(loaded("korea-2017"), 1, startex="2018-06-01", until="2018-01-01")


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
    """What held at STARTEX did not come on day 0; what another scenario knows did not fail to come."""
    korea = load("korea-2017")
    sources = [
        open_findings(simulate(korea, seed, Settings(until="D+20"), place=Place(out=tmp_path / str(seed))).folder)
        for seed in (1, 2)
    ]
    rivals = open_findings(simulate(load("two-rivals"), 3, place=Place(out=tmp_path / "r")).folder)
    both, apart = (str(list(comparison(sources[0], other))) for other in (sources[1], rivals))
    assert "'Decision to deploy THAAD', 'already true at STARTEX'" in both
    assert "'not in this scenario'" in apart


def test_a_comparison_names_what_only_one_run_was_given(tmp_path: Path) -> None:
    """The inject files and the injects that only this run has, by title; hashes are short, and so is what chance has done."""
    more = tmp_path / "more.yaml"
    leak = "{id: leak, title: A cable leaks, at: D+9, message: m}"
    more.write_text(f"format: wargame-injects/1\nscenario: two-rivals\ninjects:\n  - {leak}\n")
    made = [(load("two-rivals"), 1), (load("two-rivals", [str(more)]), 1), (load("two-rivals"), 2)]
    plain, extra, other = (
        open_findings(simulate(loaded, seed, Settings(until="D+20"), place=Place(out=tmp_path / str(n))).folder)
        for n, (loaded, seed) in enumerate(made)
    )
    told = str(list(comparison(plain, extra)))
    assert "('inject files', 'two-rivals/msel.yaml', 'more.yaml, two-rivals/msel.yaml')" in told
    assert "('injects that only this run has', 'none', 'A cable leaks')" in told
    assert not re.search(r"[0-9a-f]{13}", told)
    assert "the same event with another random draw" in str(list(comparison(plain, other)))


def test_a_review_names_towards_whom_an_expected_action_was_done(tmp_path: Path) -> None:
    """Whether the right one was telephoned is what a reviewer asks."""
    sources = (open_run(simulate(load("two-rivals"), n, place=Place(out=tmp_path / str(n))).folder) for n in range(6))
    done = [row for source in sources for row in Findings(source).expected_actions if row["done"]]
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


def test_words_on_branches_that_were_left_are_in_the_review(tmp_path: Path) -> None:
    """A rewind takes the exercise back; what evaluators wrote before it is not lost to the reader."""
    there = console(tmp_path / "r")
    told(there, "advance 40d", 'note "NOTETHREE" --tag improve', "rewind D+30", 'note "after"', "advance 5d")
    there.session.close()
    done = wargame("report", "r", "--format", "md", "-o", "-", cwd=tmp_path)
    assert "On branches that were left, and in what was undone:" in done.stdout
    assert "note: NOTETHREE" in done.stdout
    page = wargame("report", "r", "-o", "-", cwd=tmp_path).stdout
    assert "<li>note: NOTETHREE</li>" in page
    assert "<li>note: after</li>" not in page


def test_a_run_without_its_journal_is_listed_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`endex` alone would say that all is well."""
    folder = simulate(load("two-rivals"), 3, Settings(until="9d"), place=Place(out=tmp_path / "runs" / "r")).folder
    folder.journal.unlink()
    monkeypatch.chdir(tmp_path)
    (row,) = runs_under()
    assert row["ended"] == "endex, its journal is missing"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of a few short runs."""
    folder = tmp_path_factory.mktemp("many")
    batch("two-rivals", 6, until="30d", jobs=1, out=folder / "b")
    return folder / "b"


def test_a_run_is_not_held_against_runs_over_another_time(many: Path, tmp_path: Path) -> None:
    """A longer run has more of everything; and of six runs nobody can say what one in twenty is like."""
    run_of = {
        n: simulate(load("two-rivals"), 3, Settings(until=n), place=Place(out=tmp_path / n)) for n in ("30d", "60d")
    }
    with pytest.raises(UsageFault, match=r"runs over another time \(until of its arm 'baseline'\)"):
        within(open_run(run_of["60d"].folder), many)
    found = within(open_run(run_of["30d"].folder), many)
    assert found["unusual"] == 0
    assert "no number can be called unusual" in found["told"]


@pytest.mark.parametrize(
    ("line", "told_of"),
    [
        ("- {id: a, title: A, at: D+5, effects: {tension: {to: 40}}}", "it cannot be set to 40"),
        ("- {id: a, title: A, at: D+5, effects: {tension: 5}}", "from -1 to 1; it cannot be 5"),
        ('- {id: a, title: A, when: "1"}', "this condition is constant"),
        ("- {id: a, title: A, when: 2030-04-01}", "use `at` for dates"),
        ("- {id: a, title: A, at: D+5, chance: 0}", "`chance` is 0"),
        ("- {id: a, title: A, at: D+5, every: 1d}", "`every` needs `repeat`"),
        ("- {id: a, title: A, at: D+5, every: 1s, repeat: 100000}", "too many releases: 100,000, every 1s"),
        ('- {id: a, title: A, random: {rate: "1", bound: 2, shape: early}}', "`shape` is only for `between`"),
        ("- {id: a, title: A, random: {between: [D+30, D+30]}}", "the window is empty"),
        ("- {id: a, title: A, at: 99999999999999d}", "is too long: at most 200 years"),
        ("- {id: a, title: A, at: D+5, kind: facilitation, expected: [{who: ARD, any_of: [talk], within: 3d}]}",
         "a facilitation inject is not sent to anyone"),
        ("- {id: a, title: A, at: D+5, audience: [ARD], expected: [{who: BRL, any_of: [talk], within: 3d}]}",
         "BRL does not receive the inject: its audience is ARD"),
    ],
)  # fmt: skip
def test_an_inject_that_makes_no_sense_is_told_with_its_place(tmp_path: Path, line: str, told_of: str) -> None:
    """Before thirty people sit in front of it."""
    (tmp_path / "i.yaml").write_text(f"format: wargame-injects/1\nscenario: two-rivals\ntitle: x\ninjects:\n  {line}\n")
    done = wargame("validate", "i.yaml", cwd=tmp_path)
    assert "i.yaml:5:" in done.stderr
    assert told_of in done.stderr


def test_a_duration_in_an_arm_needs_its_unit(tmp_path: Path) -> None:
    """Nobody means ten seconds by `salience_half_life=10`; on the command line and in a study."""
    done = wargame("batch", "two-rivals", "-n", "2", "--arm", "a=parameter rules.salience_half_life=10", cwd=tmp_path)
    assert done.returncode == 2
    assert "'rules.salience_half_life' is a duration: write it with a unit, such as 10d" in done.stderr
    (tmp_path / "s.yaml").write_text(
        "format: wargame-study/1\nname: s\nscenario: two-rivals\nreplications: 2\nmeasures: [p(war)]\n"
        "arms:\n  base: {}\n  x: {parameters: {rules.trust_half_life: 900}}\n"
    )
    done = wargame("validate", "s.yaml", cwd=tmp_path)
    assert "s.yaml:8:43: arm 'x': 'rules.trust_half_life' is a duration" in done.stderr
