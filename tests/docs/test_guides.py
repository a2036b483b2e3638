"""The promises of the guides, checked without the recorded outputs of their pages.

`tools/golden.py` rewrites outputs, so that a page only shows that its commands run. These tests take files and commands
from the pages and check the statements of the text around them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside, inside_json

DOCS = Path(__file__).resolve().parents[2] / "docs"
FILE = re.compile(r"^<!-- (file|append): ([^\n]+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def versions(page: str) -> list[tuple[str, str]]:
    """The files that a page writes, in order: name and whole content after each step."""
    contents: dict[str, str] = {}
    steps = []
    for order, name, body in FILE.findall((DOCS / page).read_text("utf-8")):
        contents[name] = contents.get(name, "") * (order == "append") + body
        steps.append((name, contents[name]))
    return steps


def write_files(page: str, place: Path) -> None:
    """Write the last version of each file of a page, which may add to files of the page before it."""
    for order, name, body in FILE.findall((DOCS / page).read_text("utf-8")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        with (place / name).open("a" if order == "append" else "w", encoding="utf-8") as target:
            target.write(body)


def journal(place: Path, run: str) -> list[dict[str, Any]]:
    """The records of a run."""
    return [json.loads(line) for line in (place / run / "journal.jsonl").read_text("utf-8").splitlines()]


def done(place: Path, *words: str) -> str:
    """The standard output of a command that succeeds."""
    finished = inside(*words, cwd=place)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_the_tutorial_finds_three_mistakes_and_corrects_them(tmp_path: Path) -> None:
    """The first version of the inject has three problems, each with a suggestion; the second one is valid."""
    (_, wrong), (_, right) = versions("tutorial/first-exercise.md")
    (tmp_path / "flag.yaml").write_text(wrong, "utf-8")
    refused = inside("validate", "flag.yaml", cwd=tmp_path)
    assert refused.returncode == 3
    assert len(refused.stderr.splitlines()) == 3
    assert all(f"did you mean '{name}'?" in refused.stderr for name in ("channel", "BRL", "strait"))
    (tmp_path / "flag.yaml").write_text(right, "utf-8")
    assert inside("validate", "flag.yaml", cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_the_tutorial_traces_the_missed_action_to_the_inject(tmp_path: Path) -> None:
    """The inject is the first difference between the two runs and the origin of the expected action that was missed."""
    write_files("tutorial/first-exercise.md", tmp_path)
    done(tmp_path, "run", "two-rivals", "--out", "before", "-q")
    done(tmp_path, "run", "two-rivals", "--injects", "flag.yaml", "--out", "after", "-q")
    before, after = (journal(tmp_path, run)[1:] for run in ("before", "after"))
    first = next(new for old, new in zip(before, after, strict=False) if old != new)
    assert (first["kind"], first["about"]) == ("inject.released", "flag")
    (expected,) = (r for r in after if r["kind"] == "expected" and r["about"] == "flag")
    assert expected["data"]["status"] == "missed"
    traced = inside_json("why", "after", str(expected["seq"]), cwd=tmp_path)
    assert [step["record"]["seq"] for step in traced["steps"]] == [expected["seq"], first["seq"]]


def test_every_inject_of_the_guide_is_released_or_skipped_with_a_reason(tmp_path: Path) -> None:
    """The page has triggers of all kinds."""
    write_files("how-to/write-an-inject.md", tmp_path)
    ids = set(re.findall(r"^  - id: (\w+)$", (tmp_path / "triggers.yaml").read_text("utf-8"), re.MULTILINE))
    done(tmp_path, "run", "two-rivals", "--injects", "triggers.yaml", "--seed", "4", "--out", "r", "-q", "--no-report")
    records = journal(tmp_path, "r")
    released = {r["about"] for r in records if r["kind"] == "inject.released"}
    skipped = {r["about"]: r["data"]["reason"] for r in records if r["kind"] == "inject.skipped"}
    assert len(ids) > 15
    assert ids <= released | set(skipped)
    assert len(ids & released) >= 8
    assert "question_in_parliament" not in released
    assert all(skipped.values())
    assert not {"verdict_fair", "verdict_harsh"} <= released


def actions(place: Path, *changes: str) -> list[tuple[str, str, str, str]]:
    """Government, option, date and origin of the actions in a run of two-rivals with these command-line options."""
    done(place, "run", "two-rivals", *changes, "--out", "r", "-q", "--no-report")
    rows = [
        (r["who"], r["about"], r["at"][:10], r["data"]["from"]) for r in journal(place, "r") if r["kind"] == "action"
    ]
    assert rows
    return rows


@pytest.mark.parametrize(
    ("changes", "decides", "protests"),
    [((), {"ARD", "BRL"}, True), (("--forbid", "BRL protest"), {"ARD", "BRL"}, False),
     (("--seat", "ARD=script"), {"BRL"}, True)],
)  # fmt: skip
def test_forbid_and_seat_change_decisions(
    changes: tuple[str, ...], decides: set[str], protests: bool, tmp_path: Path
) -> None:
    """A forbidden option is never decided, and the government of a script seat decides nothing."""
    decided = [(who, what) for who, what, _, origin in actions(tmp_path, *changes) if origin == "decision"]
    assert {who for who, _ in decided} == decides
    assert (("BRL", "protest") in decided) == protests


def test_force_skip_and_set_are_in_the_journal(tmp_path: Path) -> None:
    """A forced action has its date, a skipped inject is not released, and an indicator is at its new baseline."""
    changes = ("--force", "D+10 ARD blockade BRL", "--skip", "collision", "--set", "control[BRL]=0.9")
    assert ("ARD", "blockade", "2030-01-11") in [action[:3] for action in actions(tmp_path, *changes)]
    records = journal(tmp_path, "r")
    released = {r["about"] for r in records if r["kind"] == "inject.released"}
    assert "night_drill" in released
    assert "collision" not in released
    (first, *_) = (r["data"]["effects"] for r in records if r["kind"] == "action" and r["about"] == "blockade")
    assert first
    commands = [r["data"] for r in records if r["kind"] == "command" and r["about"] == "set"]
    assert [(data["path"], data["value"]) for data in commands] == [("control[BRL]", 0.9)]


def test_the_scenario_of_the_guide_is_complete(tmp_path: Path) -> None:
    """It validates without a warning, its runs end in more than one way, and its working time is below 80 %."""
    done(tmp_path, "init", "trawler")
    write_files("how-to/build-a-scenario.md", tmp_path)
    write_files("how-to/finish-a-scenario.md", tmp_path)
    checked = inside("validate", "trawler", "--json", cwd=tmp_path)
    (report,) = json.loads(checked.stdout)["targets"]
    assert (checked.returncode, report["warnings"]) == (0, [])
    assert max(report["load"].values()) < 0.8
    assert report["radius"] < 1
    batch = inside_json("batch", "trawler", "-n", "20", "--jobs", "1", "--out", "b", cwd=tmp_path)
    shares = {row["measure"]: row["estimate"] for row in batch["estimates"] if row["measure"].startswith("p(")}
    assert set(shares) == {"p(home)", "p(clash)", "p(battle)"}
    assert 0 < shares["p(home)"] < 1


@pytest.mark.slow
def test_the_study_of_the_guide_finds_its_effect(tmp_path: Path) -> None:
    """Without patrols tension is lower, by an interval that excludes zero, and pairing helps."""
    write_files("how-to/run-a-study.md", tmp_path)
    done(tmp_path, "batch", "quiet.yaml", "-n", "30", "--jobs", "1", "--out", "b", "-q")
    rows = inside_json("compare", "b", "--measure", "mean(tension)", cwd=tmp_path)["comparisons"]
    (row,) = rows
    assert (row["arm"], row["paired"]) == ("no_patrols", True)
    assert row["high"] < 0
    assert row["gain"] > 1
    differs = done(tmp_path, "compare", "b")
    assert re.search(r"forbid\n +baseline +-\n +no_patrols +ARD patrol\n", differs)


def test_causes_lead_from_an_inject_to_actions(tmp_path: Path) -> None:
    """The loop of the page over `cause` reaches the same actions as tracing each action back does."""
    done(tmp_path, "run", "two-rivals", "--out", "r", "-q", "--no-report")
    records = journal(tmp_path, "r")
    (start,) = (r["seq"] for r in records if r["kind"] == "inject.released" and r["about"] == "collision")
    caused = {start}
    for record in records:
        if caused & set(record["cause"]):
            caused.add(record["seq"])
    causes = {record["seq"]: record["cause"] for record in records}

    def leads_back(seq: int) -> bool:
        return seq == start or any(leads_back(each) for each in causes[seq])

    actions = [r["seq"] for r in records if r["kind"] == "action"]
    forward = [seq for seq in actions if seq in caused]
    assert forward
    assert forward == [seq for seq in actions if leads_back(seq)]
