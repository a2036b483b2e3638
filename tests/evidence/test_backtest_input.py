"""What bad input a backtest gets, and the files that it reads and writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from support.backtests import HEAD, PAST, SCRIPT, play_rivals, row, score, write_rivals
from support.in_process import inside
from wargame.batch.api import open_batch
from wargame.errors import Invalid
from wargame.evidence.backtest.scoring import Backtest, BacktestRequest, backtest
from wargame.scenario.loading.load import load


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scenario with a record, a script and a mapping."""
    return write_rivals(tmp_path_factory.mktemp("rivals"))


@pytest.fixture(scope="module")
def played(rivals: Path) -> Path:
    """Six runs of it with their events, and the folder beside."""
    return play_rivals(rivals)


@pytest.fixture
def told(played: Path, tmp_path: Path) -> Callable[..., Backtest]:
    """Scores the six runs against events given as lines."""

    def make(lines: str, batch: str = "b", **wishes: Any) -> Backtest:
        return score(played / batch, tmp_path / "events.csv", lines, **wishes)

    return make


# --- bad input -------------------------------------------------------------------------------------

SLIPS = "A,2030-03-05,,ARD,"
BAD: dict[str, tuple[str, str, str]] = {
    "an empty file": ("", "e.csv:1:1: the file is empty", "its first line names the columns"),
    "heads alone": (HEAD, "e.csv:1:1: there are no events", "give each event a line"),
    "a missing column": (HEAD.replace("actors", "who"), "'actors' is missing", "the columns are"),
    "a misspelt column": (HEAD.replace("actors", "actor"), "'actors' is missing", "rename 'actor'"),
    "a date in words": (HEAD + "A,5 March,,ARD,drill,,,,\n", "e.csv:2:1: date: '5 March' is no date", "2017-06-30"),
    "no such day": (HEAD + "A,2030-02-30,,ARD,drill,,,,\n", "e.csv:2:1: date: '2030-02-30' is no date", ""),
    "no date": (HEAD + "A,,,ARD,drill,,,,\n", "e.csv:2:1: date: the date is missing", ""),
    "an end before its start": (HEAD + "A,2030-03-05,2030-03-01,ARD,drill,,,,\n", "before it begins", "exchange"),
    "an unknown actor": (HEAD + "A,2030-03-05,,ARX>BRL,drill,,,,\n", "e.csv:2:1: unknown actor 'ARX'", "'ARD'"),
    "no actor": (HEAD + "A,2030-03-05,,,drill,,,,\n", "e.csv:2:1: it has no actors", "parted by ;"),
    "a slip in a kind": (HEAD + SLIPS + "dril,,,,\n", "e.csv:2:1: unknown kind 'dril'", "did you mean 'drill'?"),
    "an id twice": (HEAD + SLIPS + "drill,,,,\n\n" + SLIPS + "drill,,,,\n", "e.csv:4:1: the id 'A'", "line 2"),
    "no id": (HEAD + ",2030-03-05,,ARD,drill,,,,\n", "e.csv:2:1: the event has no id", ""),
    "too many cells": (HEAD + SLIPS + "drill,,one, two,,\n", "there are 10 cells", "quotation marks"),
    "an open quotation": (HEAD + SLIPS + 'drill,,"one,,\n', "this is not CSV", "quotation mark"),
    "a word for a code": (HEAD + SLIPS + "drill,test,,,\n", "'test' is no CAMEO code", ""),
    "long before": (HEAD + "A,1817-03-05,,ARD,drill,,,,\n", "e.csv:2:1: its events are of 1817", "--covered-until"),
    "long after": (HEAD + "A,2130-03-05,,ARD,drill,,,,\n", "e.csv:2:1: its events are of 2130", "--covered-from"),
}


@pytest.mark.parametrize(("text", "message", "remedy"), BAD.values(), ids=BAD.keys())
def test_a_bad_chronology_is_told_with_line_and_remedy(
    played: Path, tmp_path: Path, text: str, message: str, remedy: str
) -> None:
    """Exit code 3, and no traceback."""
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    done = inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert message in done.stderr
    assert remedy in done.stderr


def test_all_that_is_wrong_is_told_at_once(played: Path, tmp_path: Path) -> None:
    """Every line with its own problems."""
    (tmp_path / "e.csv").write_text(HEAD + "A,5 March,,ARX,dril,,,,\nA,2030-03-05,2030-01-01,ARD,drill,,,,\n")
    done = inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == ["2", "2", "2", "3", "3"]


def test_a_file_that_is_not_utf_8_is_told_with_its_line(played: Path, tmp_path: Path) -> None:
    """As spreadsheets write it; one with a mark of order is read."""
    (tmp_path / "e.csv").write_bytes((HEAD + "A,2030-03-05,,ARD,drill,,a café,,\n").encode("latin-1"))
    done = inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert "e.csv:2:31: this is not UTF-8 text" in done.stderr
    (tmp_path / "e.csv").write_bytes((HEAD + "A,2030-03-20,,ARD,drill,,a café,,\n").encode("utf-8-sig"))
    assert inside("backtest", str(played / "b"), "--chronology", "e.csv", cwd=tmp_path).returncode == 0


def test_kinds_that_nothing_answers_to_are_listed_and_not_scored(told: Callable[..., Backtest]) -> None:
    """A new kind, one with a reason in the scenario, another's action; a slip can be meant."""
    made = told("A,2030-03-05,,ARD,festival,,,,\nB,2030-03-06,,sea,weather,,,,\nC,2030-03-07,,sea,drill,,,,\n")
    reasons = [each["not_scored"] for each in made.events]
    assert reasons[0] == "kind festival: the scenario does not know it"
    assert reasons[1] == "kind weather: nobody decides it"
    assert reasons[2] == "its actors are not scored for this kind"
    with pytest.raises(Invalid):
        told("A,2030-03-05,,ARD,drills,,,,\n")
    assert told("A,2030-03-05,,ARD,drills,,,,\n", not_scored=("drills",)).events[0]["scored_as"] == []


def test_an_event_after_the_runs_is_noted(told: Callable[..., Backtest]) -> None:
    """The others are scored all the same."""
    made = told("A,2030-03-05,,ARD,drill,150,,,\nB,2030-09-05,,ARD,drill,150,,,\n")
    assert any("events.csv:3:1: B is of 2030-09-05, after the runs" in str(note) for note in made.notes)
    assert row(made.events, id="B")["not_scored"] == "in no window of the runs"


def test_batches_that_cannot_be_scored_are_told(rivals: Path, played: Path, tmp_path: Path) -> None:
    """Of another scenario, without a mapping, without events, with too few runs, none at all."""
    (tmp_path / "e.csv").write_text(HEAD + "A,2030-03-20,,ARD,drill,,,,\n")
    plays = {
        "other": ["two-rivals", "-n", "4", "--until", "20d", "--events"],
        "silent": [str(rivals / "scenario.yaml"), "-n", "4", "--until", "20d"],
        "single": [str(rivals / "scenario.yaml"), "-n", "1", "--until", "20d", "--events"],
    }
    for name, words in plays.items():
        assert inside("batch", *words, "--jobs", "1", "--out", name, cwd=tmp_path).returncode == 0
    wanted = {
        ("other",): (3, "'two-rivals' of this batch does not say what events"),
        ("silent",): (3, "silent: this batch keeps no events (play it with --events"),
        ("single",): (3, "has 1 run: too few for a score"),
        (str(played / "b"), "other"): (3, "other: this is a batch of 'two-rivals'"),
        ("nothing",): (2, "there is no batch folder nothing"),
    }
    for names, (code, message) in wanted.items():
        done = inside("backtest", *names, "--chronology", "e.csv", cwd=tmp_path)
        assert (done.returncode, message in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--chronology", "none.csv"], "none.csv: the chronology cannot be read (No such file or directory)"),
        (["--arm", "basline"], "has no arm 'basline' (did you mean 'baseline'?)"),
        (["--covered-until", "June"], "--covered-until: 'June' is no date (write 2017-06-30)"),
        ([], "the scenario 'rivals' has no chronology of its own"),
    ],
)
def test_words_that_make_no_sense_are_told(played: Path, words: list[str], message: str) -> None:
    """Exit code 2."""
    (played / "e.csv").write_text(HEAD + "A,2030-03-20,,ARD,drill,,,,\n")
    more = ["--chronology", "e.csv"] if words and "--chronology" not in words else []
    done = inside("backtest", "b", *more, *words, cwd=played)
    assert done.returncode == 2
    assert message in done.stderr


def test_two_arms_of_one_day_must_be_chosen_from(rivals: Path) -> None:
    """The baseline stands for its day; two others do not."""
    words = ["-n", "4", "--until", "20d", "--arm", "a=forbid ARD strike", "--arm", "z=forbid BRL strike", "--events"]
    assert inside("batch", "scenario.yaml", *words, "--jobs", "1", "--out", "two", cwd=rivals).returncode == 0
    (rivals / "e.csv").write_text(HEAD + "A,2030-03-20,,ARD,drill,,,,\n")
    made = inside("backtest", "two", "--chronology", "e.csv", "--json", cwd=rivals)
    assert [each["arm"] for each in json.loads(made.stdout)["origins"]] == ["baseline"]
    done = inside("backtest", "two", "--chronology", "e.csv", "--arm", "a", "--arm", "z", cwd=rivals)
    assert (done.returncode, "arms a, z of two all begin on 2030-03-01" in done.stderr) == (2, True)
    done = inside("backtest", "two", "--chronology", "e.csv", "--arm", "z", cwd=rivals)
    assert done.returncode == 0


# --- files -----------------------------------------------------------------------------------------


def test_the_report_stands_alone_and_json_holds_all(played: Path) -> None:
    """A page that asks no host for anything, Markdown, and one document."""
    (played / "e.csv").write_text(HEAD + PAST + "A,2030-03-20,,ARD,drill,,<b>bold</b>,,\n")
    done = inside("backtest", "b", "--chronology", "e.csv", "--format", "html", cwd=played)
    assert done.stdout.split() == [str(played / "b" / "backtest.html")]
    page = (played / "b" / "backtest.html").read_text("utf-8")
    assert "<b>bold</b>" not in page
    assert "<script" not in page
    assert "Patrol in the strait" in page
    assert page.count("data:image/svg+xml;base64,") == 3
    made = inside("backtest", "b", "--chronology", "e.csv", "-o", "r.md", "--json", cwd=played)
    told = json.loads(made.stdout)
    assert told["report"] == "r.md"
    assert "Patrol in the strait" in (played / "r.md").read_text("utf-8")
    assert {"scores", "reliability", "forecasts", "events", "origins", "notes", "floor"} <= set(told)
    assert told["covered"] == {"from": "2030-01-01", "until": "2030-03-20"}


def test_the_terminal_shows_skill_first(played: Path) -> None:
    """Kinds with what came, what was said, and skill against each naive forecast."""
    (played / "e.csv").write_text(HEAD + PAST + "A,2030-03-20,,ARD,drill,,,,\n")
    done = inside("backtest", "b", "--chronology", "e.csv", cwd=played)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("rivals: 6 runs, from 2030-03-01")
    assert lines[2].startswith("Skill by Brier score")
    assert lines[3].split() == ["came", "said", "Brier", "never", "persistence", "poisson"]
    assert "few runs" in done.stderr


def test_batches_of_before_are_read(played: Path, tmp_path: Path) -> None:
    """Actions alone, without kind and source: what was scripted is known by its day."""
    shutil.copytree(played / "b", tmp_path / "old")
    for part in (tmp_path / "old" / "events").iterdir():
        table = pq.read_table(part)
        actions = table.filter([kind == "action" for kind in table["kind"].to_pylist()])
        pq.write_table(actions.drop_columns(["kind", "source"]), part)
    old, new = open_batch(str(tmp_path / "old")), open_batch(str(played / "b"))
    assert len(old.events()) == len(new.events())
    assert old.events(None)["kind"].unique().tolist() == ["action"]
    (tmp_path / "e.csv").write_text(HEAD + PAST + "A,2030-03-29,,ARD,drill,,,,\n")
    wishes = BacktestRequest(chronology=str(tmp_path / "e.csv"), windows=(14,))
    before, after = (backtest([each], wishes) for each in (old, new))
    assert any("actions alone" in str(note) for note in before.notes)
    kinds = {each["kind"] for each in before.forecasts}
    assert "incident" not in kinds
    assert before.forecasts == [each for each in after.forecasts if each["kind"] in kinds]


def test_a_mapping_changes_no_hash_and_is_checked(rivals: Path, tmp_path: Path) -> None:
    """Runs do not depend on it; slips in it are told where they stand."""
    text = (rivals / "scenario.yaml").read_text("utf-8")
    (tmp_path / "script.yaml").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    whole = load(str(tmp_path / "s.yaml"))
    bare = text.replace(text[text.index("events:") : text.index("history:")], "")
    (tmp_path / "bare.yaml").write_text(bare, encoding="utf-8")
    assert load(str(tmp_path / "bare.yaml")).scenario_sha256 == whole.scenario_sha256
    slips = {
        "actors: [sea]": ("actors: [see]", "unknown actor 'see'"),
        "injects: [collision]": ("injects: [colision]", "unknown inject 'colision'"),
        "{weather: nobody decides it}": ("{manoeuvre: nobody decides it}", "'manoeuvre' is scored"),
        "names: {sea: Nobody": ("names: {ARD: the one, sea: Nobody", "ARD is a government"),
        "      injects: [collision]\n": ("", "nothing in the model is such an event"),
        "actions: [{options: [strike]}]": ("actions: [{options: []}]", "it needs at least one option"),
        "actions: [{options: [trade]}]": ("actions: [{options: [trade], by: [sea]}]", "unknown government 'sea'"),
        "      actors: [ARD]\n      actions": ("      actors: [sea]\n      actions", "sea does none of these actions"),
    }
    for old, (new, message) in slips.items():
        assert text.count(old) == 1, old
        (tmp_path / "s.yaml").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(Invalid, match=message):
            load(str(tmp_path / "s.yaml"))
