"""Backtests: errors of input files and options, and the files that a backtest writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.backtests import HEAD, PAST, SCRIPT, play_rivals, row, score, write_rivals
from support.in_process import inside
from wargame.errors import Invalid
from wargame.evidence.backtest.scoring import Backtest
from wargame.scenario.loading.load import load


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scenario with a history, scripted injects and an event mapping."""
    return write_rivals(tmp_path_factory.mktemp("rivals"))


@pytest.fixture(scope="module")
def played(rivals: Path) -> Path:
    """The folder of the scenario, with a batch of six runs with events."""
    return play_rivals(rivals)


@pytest.fixture
def backtest_of(played: Path, tmp_path: Path) -> Callable[..., Backtest]:
    """A function that scores the six runs against events given as CSV lines."""

    def make(lines: str, batch: str = "b", **options: Any) -> Backtest:
        return score(played / batch, tmp_path / "events.csv", lines, **options)

    return make


# --- bad input -------------------------------------------------------------------------------------

SLIPS = "A,2030-03-05,,ARD,"
BAD: dict[str, tuple[str, str, str]] = {
    "an empty file": ("", "e.csv:1:1: the file is empty", "the first line must name the columns"),
    "a header alone": (HEAD, "e.csv:1:1: there are no events", "add one line per event"),
    "a missing column": (HEAD.replace("actors", "who"), "'actors' is missing", "the columns are"),
    "a misspelt column": (HEAD.replace("actors", "actor"), "'actors' is missing", "rename 'actor'"),
    "a date in words": (HEAD + "A,5 March,,ARD,drill,,,,\n", "e.csv:2:1: date: '5 March' is not a date", "2017-06-30"),
    "no such day": (HEAD + "A,2030-02-30,,ARD,drill,,,,\n", "e.csv:2:1: date: '2030-02-30' is not a date", ""),
    "no date": (HEAD + "A,,,ARD,drill,,,,\n", "e.csv:2:1: date: the date is missing", ""),
    "an end before its start": (HEAD + "A,2030-03-05,2030-03-01,ARD,drill,,,,\n", "is before `date`", "swap"),
    "an unknown actor": (HEAD + "A,2030-03-05,,ARX>BRL,drill,,,,\n", "e.csv:2:1: unknown actor 'ARX'", "'ARD'"),
    "no actor": (HEAD + "A,2030-03-05,,,drill,,,,\n", "e.csv:2:1: the event has no actors", "separated by ;"),
    "a misspelt kind": (HEAD + SLIPS + "dril,,,,\n", "e.csv:2:1: unknown kind 'dril'", "did you mean 'drill'?"),
    "an id twice": (HEAD + SLIPS + "drill,,,,\n\n" + SLIPS + "drill,,,,\n", "e.csv:4:1: the id 'A'", "line 2"),
    "no id": (HEAD + ",2030-03-05,,ARD,drill,,,,\n", "e.csv:2:1: the event has no id", ""),
    "too many cells": (HEAD + SLIPS + "drill,,one, two,,\n", "this row has 10 cells", "quote text"),
    "an open quotation": (HEAD + SLIPS + 'drill,,"one,,\n', "not valid CSV", "quotation mark"),
    "a word for a code": (HEAD + SLIPS + "drill,test,,,\n", "'test' is not a CAMEO code", ""),
    "long before": (HEAD + "A,1817-03-05,,ARD,drill,,,,\n", "e.csv:2:1: its events, from 1817", "--covered-until"),
    "long after": (HEAD + "A,2130-03-05,,ARD,drill,,,,\n", "e.csv:2:1: its events, from 2130", "--covered-from"),
}


@pytest.mark.parametrize(("text", "message", "remedy"), BAD.values(), ids=BAD.keys())
def test_errors_of_a_chronology_have_line_and_remedy(
    played: Path, tmp_path: Path, text: str, message: str, remedy: str
) -> None:
    """The exit code is 3."""
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    done = inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert message in done.stderr
    assert remedy in done.stderr


def test_all_errors_of_a_chronology_are_reported_at_once(played: Path, tmp_path: Path) -> None:
    """Each line has its own errors."""
    (tmp_path / "e.csv").write_text(HEAD + "A,5 March,,ARX,dril,,,,\nA,2030-03-05,2030-01-01,ARD,drill,,,,\n")
    done = inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == ["2", "2", "2", "3", "3"]


def test_a_chronology_must_be_utf_8(played: Path, tmp_path: Path) -> None:
    """The error has line and column; a file with a byte order mark is read."""
    (tmp_path / "e.csv").write_bytes((HEAD + "A,2030-03-05,,ARD,drill,,a café,,\n").encode("latin-1"))
    done = inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert "e.csv:2:31: the file is not UTF-8" in done.stderr
    (tmp_path / "e.csv").write_bytes((HEAD + "A,2030-03-20,,ARD,drill,,a café,,\n").encode("utf-8-sig"))
    assert inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path).returncode == 0


def test_unscored_events_are_listed_with_a_reason(backtest_of: Callable[..., Backtest]) -> None:
    """An undefined kind, one the scenario excludes, another actor; `not_scored` accepts a near misspelling."""
    result = backtest_of("A,2030-03-05,,ARD,festival,,,,\nB,2030-03-06,,sea,weather,,,,\nC,2030-03-07,,sea,drill,,,,\n")
    reasons = [each["not_scored"] for each in result.events]
    assert reasons[0] == "kind festival: not defined by the scenario"
    assert reasons[1] == "kind weather: nobody decides it"
    assert reasons[2] == "its actors are not scored for this kind"
    with pytest.raises(Invalid):
        backtest_of("A,2030-03-05,,ARD,drills,,,,\n")
    assert backtest_of("A,2030-03-05,,ARD,drills,,,,\n", not_scored=("drills",)).events[0]["scored_as"] == []


def test_an_event_after_the_runs_gets_a_note(backtest_of: Callable[..., Backtest]) -> None:
    """It is not scored; the other events are."""
    result = backtest_of("A,2030-03-05,,ARD,drill,150,,,\nB,2030-09-05,,ARD,drill,150,,,\n")
    assert any(
        "events.csv:3:1: not scored: B on 2030-09-05 is after the end of the runs" in str(note) for note in result.notes
    )
    assert row(result.events, id="B")["not_scored"] == "outside all windows of the runs"


def test_batches_that_cannot_be_scored_are_errors(rivals: Path, played: Path, tmp_path: Path) -> None:
    """Another scenario, no event mapping, no events, too few runs, no such batch."""
    (tmp_path / "e.csv").write_text(HEAD + "A,2030-03-20,,ARD,drill,,,,\n")
    plays = {
        "other": ["two-rivals", "-n", "4", "--until", "20d", "--events"],
        "silent": [str(rivals / "scenario.yaml"), "-n", "4", "--until", "20d"],
        "single": [str(rivals / "scenario.yaml"), "-n", "1", "--until", "20d", "--events"],
    }
    for name, words in plays.items():
        assert inside("batch", *words, "--jobs", "1", "--out", name, cwd=tmp_path).returncode == 0
    expected = {
        ("other",): (3, "'two-rivals' of this batch has no section `events`"),
        ("silent",): (3, "silent: this batch has no events (run it with --events"),
        ("single",): (3, "has 1 run: too few to score"),
        (str(played / "b"), "other"): (3, "other: this is a batch of 'two-rivals'"),
        ("nothing",): (2, "there is no batch 'nothing'"),
    }
    for names, (code, message) in expected.items():
        done = inside("backtest", *names, "--chronology", "e.csv", cwd=tmp_path)
        assert (done.returncode, message in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--chronology", "none.csv"], "none.csv: the chronology cannot be read (No such file or directory)"),
        (["--arm", "basline"], "has no arm 'basline' (did you mean 'baseline'?)"),
        (["--covered-until", "June"], "--covered-until: 'June' is not a date (write it as 2017-06-30)"),
        ([], "the scenario 'rivals' has no chronology"),
    ],
)
def test_wrong_options_are_usage_errors(played: Path, words: list[str], message: str) -> None:
    """The exit code is 2."""
    (played / "e.csv").write_text(HEAD + "A,2030-03-20,,ARD,drill,,,,\n")
    more = ["--chronology", "e.csv"] if words and "--chronology" not in words else []
    done = inside("backtest", "b", *more, *words, cwd=played)
    assert done.returncode == 2
    assert message in done.stderr


def test_one_arm_per_startex_is_scored(rivals: Path) -> None:
    """By default the baseline; without it the user must choose with --arm."""
    words = ["-n", "4", "--until", "20d", "--arm", "a=forbid ARD strike", "--arm", "z=forbid BRL strike", "--events"]
    assert inside("batch", "scenario.yaml", *words, "--jobs", "1", "--out", "two", cwd=rivals).returncode == 0
    (rivals / "e.csv").write_text(HEAD + "A,2030-03-20,,ARD,drill,,,,\n")
    done = inside("backtest", "two", "--chronology", "e.csv", "--json", cwd=rivals)
    assert [each["arm"] for each in json.loads(done.stdout)["origins"]] == ["baseline"]
    done = inside("backtest", "two", "--chronology", "e.csv", "--arm", "a", "--arm", "z", cwd=rivals)
    assert (done.returncode, "arms a, z of two all begin on 2030-03-01" in done.stderr) == (2, True)
    done = inside("backtest", "two", "--chronology", "e.csv", "--arm", "z", cwd=rivals)
    assert done.returncode == 0


# --- files -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_reports_and_json_are_complete(played: Path) -> None:
    """The HTML page is self-contained and escapes text; Markdown and JSON have the same results."""
    (played / "e.csv").write_text(HEAD + PAST + "A,2030-03-20,,ARD,drill,,<b>bold</b>,,\n")
    done = inside("backtest", "b", "--chronology", "e.csv", "--format", "html", cwd=played)
    assert done.stdout.splitlines() == [str(played / "b" / "backtest.html")]
    page = (played / "b" / "backtest.html").read_text("utf-8")
    assert "<b>bold</b>" not in page
    assert "<script" not in page
    assert "Patrol in the strait" in page
    assert page.count("data:image/svg+xml;base64,") == 3
    done = inside("backtest", "b", "--chronology", "e.csv", "-o", "r.md", "--json", cwd=played)
    data = json.loads(done.stdout)
    assert data["report"] == "r.md"
    assert "Patrol in the strait" in (played / "r.md").read_text("utf-8")
    assert {"scores", "reliability", "forecasts", "events", "origins", "notes", "floor"} <= set(data)
    assert data["covered"] == {"from": "2030-01-01", "until": "2030-03-20"}
    assert any(isinstance(note, str) and "few runs" in note for note in data["notes"])


def test_the_terminal_shows_skill_first(played: Path) -> None:
    """The first table has a row per kind: observed, forecast, Brier score, and skill relative to naive forecasts."""
    (played / "e.csv").write_text(HEAD + PAST + "A,2030-03-20,,ARD,drill,,,,\n")
    done = inside("backtest", "b", "--chronology", "e.csv", "--covered-until", "2030-04-20", cwd=played)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("rivals: 6 runs, from 2030-03-01")
    assert lines[2].startswith("Skill by Brier score")
    assert (
        " ".join(lines[3].split()) == "Kind Occurred Forecast Brier Against never Against persistence Against poisson"
    )
    assert "few runs" in done.stderr


def test_the_terminal_has_a_row_for_each_kind(played: Path) -> None:
    """With how often it was observed, and the mean of its forecasts, which is not above 1."""
    (played / "e.csv").write_text(HEAD + PAST + "A,2030-03-20,,ARD,drill,,,,\n")
    done = inside("backtest", "b", "--chronology", "e.csv", "--covered-until", "2030-04-20", cwd=played)
    lines = done.stdout.splitlines()
    rows = [line.split() for line in lines[4 : lines.index("", 4)]]
    assert {row[0] for row in rows} >= {"all", "drill", "war"}
    assert all(row[2] == "of" and 0.0 <= float(row[4]) <= 1.0 for row in rows)


def test_the_event_mapping_is_checked_and_not_hashed(rivals: Path, tmp_path: Path) -> None:
    """Runs do not depend on it; its errors are reported when the scenario is loaded."""
    text = (rivals / "scenario.yaml").read_text("utf-8")
    (tmp_path / "script.yaml").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    whole = load(str(tmp_path / "s.yaml"))
    bare = text.replace(text[text.index("events:") : text.index("history:")], "")
    (tmp_path / "bare.yaml").write_text(bare, encoding="utf-8")
    assert load(str(tmp_path / "bare.yaml")).scenario_sha256 == whole.scenario_sha256
    errors = {
        "actors: [sea]": ("actors: [see]", "unknown actor 'see'"),
        "injects: [collision]": ("injects: [colision]", "unknown inject 'colision'"),
        "{weather: nobody decides it}": ("{manoeuvre: nobody decides it}", "'manoeuvre' is scored"),
        "names: {sea: Nobody": ("names: {ARD: the one, sea: Nobody", "ARD is a government"),
        "      injects: [collision]\n": ("", "no event of the model has this kind"),
        "actions: [{options: [strike]}]": ("actions: [{options: []}]", "at least one option is required"),
        "actions: [{options: [trade]}]": ("actions: [{options: [trade], by: [sea]}]", "unknown government 'sea'"),
        "      actors: [ARD]\n      actions": (
            "      actors: [sea]\n      actions",
            "sea can do none of these actions",
        ),
    }
    for old, (new, message) in errors.items():
        assert text.count(old) == 1, old
        (tmp_path / "s.yaml").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(Invalid, match=message):
            load(str(tmp_path / "s.yaml"))
