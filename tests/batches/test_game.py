"""`wargame game`: stable combinations and best answers, from the same runs as a batch."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside
from wargame.batches.running import worker
from wargame.errors import UsageFault

STUDY = """
format: wargame-study/1
name: quarrel
scenario: two-rivals
replications: 8
until: 120d
arms:
  dove: {title: No patrols, forbid: [ARD patrol]}
  usual: {title: As usual}
  calm: {forbid: [BRL patrol, BRL protest]}
game:
  players: {ARD: [dove, usual], BRL: [usual, calm]}
  goals: {ARD: "-count(patrol, ARD)"}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and its batch."""
    place = tmp_path_factory.mktemp("game")
    (place / "q.yaml").write_text(STUDY)
    done = inside("game", "q.yaml", "--out", "runs/q", "--jobs", "1", "--quiet", cwd=place)
    assert done.returncode == 0, done.stderr
    (place / "shown.txt").write_text(done.stdout)
    return place


def answer(folder: Path, *options: str) -> dict[str, Any]:
    """The JSON document of the game from the batch."""
    done = inside("game", "runs/q", "--json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_report_has_the_answer_first(folder: Path) -> None:
    """Then stable combinations, best answers, payoffs and limits, by the titles of the study."""
    shown = (folder / "shown.txt").read_text()
    places = [shown.index(each) for each in ("Stable combinations", "What each does best", "Payoffs", "cannot say")]
    assert places == sorted(places)
    page = (folder / "runs/q/game.html").read_text()
    assert re.search(r"How often each strategy is best: Arda, No patrols \d+\s%; Brel, ", page)


def test_payoffs_are_means_of_the_runs_of_a_profile(folder: Path) -> None:
    """Each profile is an arm, with the strategies of both in force."""
    import wargame

    rows = wargame.open_batch(folder / "runs/q").frame()
    for each in answer(folder)["payoffs"]:
        runs = rows[rows["arm"] == each["arm"]]
        goal = {"ARD": "-count(patrol, ARD)", "BRL": "mean(welfare(BRL))"}[each["government"]]
        assert (each["mean"], each["n"]) == (pytest.approx(runs[goal].mean()), 8)
        assert each["arm"] == "-".join(each["profile"].values())
        if each["government"] == "ARD" and each["profile"]["ARD"] == "dove":
            assert each["mean"] == 0.0


def test_no_patrols_are_stable_for_a_government_that_wants_none(folder: Path) -> None:
    """Arda gains nothing by leaving them, and a mere echo of the runs is not called sure."""
    document = answer(folder)
    assert {next(iter(row["profile"].values())) for row in document["equilibria"] if row.get("share", 0) > 0.99} >= {
        "dove"
    }
    dove = [row for row in document["equilibria"] if row["profile"]["ARD"] == "dove"]
    assert all(row["gains"]["ARD"] == 0.0 for row in dove)
    assert document["failed"] == 0


def test_resuming_and_reading_give_the_same_answer(folder: Path) -> None:
    """No run is added."""
    before = answer(folder)
    done = inside("game", "q.yaml", "--out", "runs/q", "--resume", "--json", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == before


HALVES = {"ARD": {"dove": 0.5, "usual": 0.5}, "BRL": {"usual": 0.25, "calm": 0.75}}


@pytest.mark.parametrize(
    ("equilibria", "said"),
    [
        ([{"mix": HALVES, "share": 0.9, "gain": 0.01}], "Arda: No patrols 50 % and As usual 50 %; Brel: As usual 25 %"),
        ([{"mix": None, "share": 0.9, "gain": 0.4}], "No stable combination was found, in 90 % of resampled runs."),
        ([], "No stable combination was found"),
        (
            [{"profile": {"ARD": "dove", "BRL": "calm"}, "share": 0.4, "gains": {"ARD": 0.0, "BRL": 0.1}}],
            "These runs do not show which combination is stable: the likeliest, Arda follows 'No patrols' and Brel",
        ),
        (
            [{"profile": {"ARD": "dove", "BRL": "calm"}, "share": 0.7, "gains": {"ARD": 0.0, "BRL": 0.0}}],
            "This is not sure: more runs may change it.",
        ),
    ],
)
def test_the_answer_says_what_holds_and_how_surely(folder: Path, equilibria: list[dict[str, Any]], said: str) -> None:
    """A mixture, nothing, a likely and an unsure combination each have their own sentence."""
    from wargame.batches.api import open_batch
    from wargame.batches.game import play_game
    from wargame.review.reports.decision_report import game_report
    from wargame.review.reports.laid_out import answer_of

    batch = open_batch(str(folder / "runs/q"))
    result = play_game(batch, batch.prepared.study.played(None))
    assert said in answer_of(game_report(batch, result | {"differs": True, "equilibria": equilibria}))


def test_strategies_that_do_the_same_are_told(tmp_path: Path) -> None:
    """The answer says that nothing was found."""
    study = STUDY.replace("{title: No patrols, forbid: [ARD patrol]}", "{title: One}")
    (tmp_path / "q.yaml").write_text(study.replace(", forbid: [BRL patrol, BRL protest]", ""))
    done = inside("game", "q.yaml", "-n", "4", "--jobs", "1", "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert "No difference between strategies is seen" in document["answer"]
    assert not document["differs"]


@pytest.mark.parametrize(
    ("written", "changed", "said"),
    [
        ("BRL: [usual, calm]", "BRL: [usual, clam]", "did you mean 'calm'"),
        ("BRL: [usual, calm]", "BRL: [usual]", "at least two different strategies"),
        (", BRL: [usual, calm]", "", "two or three players"),
        ("goals: {ARD:", "goals: {BRX:", "BRX"),
        ('"-count(patrol, ARD)"', "count(patroll)", "patroll"),
    ],
)
def test_a_game_that_cannot_be_played(written: str, changed: str, said: str, tmp_path: Path) -> None:
    """The error has file and line."""
    (tmp_path / "q.yaml").write_text(STUDY.replace(written, changed))
    done = inside("validate", "q.yaml", cwd=tmp_path)
    assert (done.returncode, "q.yaml:1" in done.stderr, said in done.stderr) == (3, True, True), done.stderr


def test_a_study_without_players(tmp_path: Path) -> None:
    """The message says what to add."""
    done = inside("game", "two-rivals", "-n", "2", cwd=tmp_path)
    assert done.returncode == 2
    assert "names no players" in done.stderr


STATES = """
factors:
  begin:
    title: STARTEX
    choices:
      - {title: January, startex: "2030-01-01", until: "2030-02-01"}
      - {title: February, startex: "2030-02-01", until: "2030-03-01"}
design: grid
"""


def test_a_profile_that_cannot_be_carried_out_in_a_state_is_named(tmp_path: Path) -> None:
    """With the line of the arm that is part of it, once for all of its profiles, and the state."""
    force = 'dove: {title: Strikes, force: ["2030-02-10 ARD strike BRL"]}'
    (tmp_path / "q.yaml").write_text(STUDY.replace("dove: {title: No patrols, forbid: [ARD patrol]}", force) + STATES)
    for command in ("validate", "game"):
        done = inside(command, "q.yaml", cwd=tmp_path)
        assert (done.returncode, done.stderr.count("q.yaml:8:34: arm 'dove'")) == (3, 1), done.stderr
        assert "(where STARTEX is January)" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["q.yaml"]


def failing(monkeypatch: pytest.MonkeyPatch, arm: str, states: range) -> None:
    """Makes the runs of an arm fail in some replications."""
    real = worker.observe

    def observe(prepared: Any, name: str, replication: int, *more: Any) -> Any:
        if name == arm and replication in states:
            raise UsageFault("no fuel")
        return real(prepared, name, replication, *more)

    monkeypatch.setattr(worker, "observe", observe)


def test_runs_that_fail_are_counted_and_named_with_their_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the report and the document; the means are over replications in which all profiles have a run."""
    import wargame

    failing(monkeypatch, "dove-calm", range(1, 4))
    (tmp_path / "q.yaml").write_text(STUDY + STATES)
    shown = " ".join(inside("game", "q.yaml", "--out", "runs/q", "--jobs", "1", "--quiet", cwd=tmp_path).stdout.split())
    assert "32 runs, 3 failed" in shown
    assert "arm dove-calm, replication 1 (STARTEX is February): UsageFault: no fuel" in shown
    assert "wargame run runs/q --arm dove-calm --replication 1" in shown
    document = answer(tmp_path)
    assert document["failed"] == 3
    rows = wargame.open_batch(tmp_path / "runs/q").frame().set_index("replication").drop([0, 1, 2, 3])
    own = rows[rows["arm"] == "usual-usual"]["-count(patrol, ARD)"].mean()
    pay = next(r for r in document["payoffs"] if (r["arm"], r["government"]) == ("usual-usual", "ARD"))
    assert pay["mean"] == pytest.approx(own)


def test_a_profile_without_runs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the folder, the state and the error of its first run, and how to repeat it."""
    failing(monkeypatch, "dove-calm", range(7))
    (tmp_path / "q.yaml").write_text(STUDY + STATES)
    done = inside("game", "q.yaml", "--out", "runs/q", "--jobs", "1", "--quiet", cwd=tmp_path)
    assert done.returncode == 2
    said = "runs/q: the profile dove-calm has 1 of 8 runs; in replication 0 (STARTEX is January): UsageFault: no fuel"
    assert said in done.stderr
    assert "wargame run runs/q --arm dove-calm --replication 0" in done.stderr
