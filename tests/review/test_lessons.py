"""`wargame lessons`: corrective actions of a series of exercises, and repeated findings."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from support.entry_point import wargame
from support.played_reviews import played_findings

PLANS = {
    "first": [("Publish a hotline", "2027-01-31", ""), ("Train the watch", "2027-12-31", "done")],
    "second": [("Name a deputy", "2028-06-30", "in progress")],
    "third": [("Rewrite the procedure", "", "")],
}
"""Corrective actions of the exercises with completion and status."""


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three exercises in which nobody told the allies, with their improvement plans."""
    top = tmp_path_factory.mktemp("series")
    lines = ("stop at nothing", "advance 2d", 'note "Nobody told the allies" --about signals --tag improve', "endex")
    for number, (name, actions) in enumerate(PLANS.items()):
        findings = played_findings(top / name, *lines, f"rate signals {'MSP'[number]}")
        (area,) = findings.observations
        rows = [
            {"observation": area.id, "corrective_action": what, "completion": by, "status": status}
            for what, by, status in actions
        ]
        plan = json.dumps({"format": "wargame-review/1", "improvement_plan": rows})
        (top / name / "review.yaml").write_text(plan, encoding="utf-8")
    return top


def found(series: Path, *options: str) -> dict[str, list[dict[str, object]]]:
    """What `--json` prints."""
    done = wargame("lessons", str(series), "--on", "2027-06-30", "--json", *options, cwd=series)
    assert done.returncode == 0, done.stderr
    parsed: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return parsed


def test_actions_of_a_series_have_their_states(series: Path) -> None:
    """Overdue by the date of completion, unless they are done; then the open ones, by date."""
    assert [(row["state"], row["exercise"], row["corrective_action"]) for row in found(series)["actions"]] == [
        ("overdue", "first", "Publish a hotline"),
        ("open", "third", "Rewrite the procedure"),
        ("in progress", "second", "Name a deputy"),
        ("done", "first", "Train the watch"),
    ]


def test_a_finding_of_several_exercises_is_repeated(series: Path) -> None:
    """It is about the same objective in each, and has the records that show it."""
    repeated = found(series)["repeated"]
    assert [row["exercise"] for row in repeated] == ["first", "second", "third"]
    assert {row["about"] for row in repeated} == {"Respond to an incident within two weeks without escalation"}
    assert all(row["evidence"] for row in repeated)


def test_a_statement_leads_to_its_record(series: Path) -> None:
    """A link of the page names the review of the exercise and the record there."""
    assert wargame("lessons", str(series), "--out", "lessons.html", cwd=series).returncode == 0
    page = (series / "lessons.html").read_text("utf-8")
    action = found(series)["actions"][0]
    seqs = action["evidence"]
    assert isinstance(seqs, list)
    links = [f'href="first/report.html#r{seq}"' for seq in seqs]
    assert links
    assert all(link in page for link in links), re.findall(r'href="[^"]+"', page)


def test_the_tables_are_exported_to_excel_and_word(series: Path) -> None:
    """Each table is a sheet; the head of the first has the columns that people hand over."""
    for name in ("lessons.xlsx", "lessons.docx"):
        assert wargame("lessons", str(series), "--out", name, cwd=series).returncode == 0
    book = load_workbook(series / "lessons.xlsx")
    assert book.sheetnames == ["Corrective actions", "Repeated findings", "Ratings"]
    assert [cell.value for cell in book["Ratings"][2]][1:] == ["M", "S", "P"]
    assert (series / "lessons.docx").read_bytes().startswith(b"PK")


def test_a_new_exercise_evaluates_what_is_not_done(series: Path, tmp_path: Path) -> None:
    """The exercise is valid, and one that is made from it has each action once, with its critical task."""
    for new, old in (("next", "strait-lesson"), ("later", "next")):
        done = wargame("init", new, "--template", old, "--lessons", str(series), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    text = (tmp_path / "later" / "exercise.yaml").read_text("utf-8")
    for what, times in {"Publish a hotline": 1, "Name a deputy": 1, "Rewrite the procedure": 1, "Train": 0}.items():
        assert text.count(what) == times
    assert text.count("task: Respond to an incident within two weeks without escalation") == 3
    assert text == (tmp_path / "next" / "exercise.yaml").read_text("utf-8")
    assert wargame("validate", "later", cwd=tmp_path).returncode == 0


def test_objectives_between_braces_are_refused(series: Path, tmp_path: Path) -> None:
    """A line cannot be added there; the message names the place, and nothing is written."""
    old = tmp_path / "old"
    old.mkdir()
    (old / "exercise.yaml").write_text("format: wargame-exercise/1\nobjectives: {a: {title: A}}\n", encoding="utf-8")
    done = wargame("init", "new", "--template", "old", "--lessons", str(series), cwd=tmp_path)
    assert done.returncode == 3
    assert "exercise.yaml:2:13: no objective can be added between braces" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("lessons", "empty"), "no exercise in empty/ has a review.yaml (wargame report RUN writes one"),
        (("init", "new", "--lessons", "."), "--lessons needs --template NAME|FOLDER"),
        (("lessons", "--on", "soon"), "Invalid value for '--on': 'soon'"),
    ],
)
def test_bad_input_is_refused_with_a_remedy(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    """Each with what to do."""
    (tmp_path / "empty").mkdir()
    done = wargame(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_damaged_plan_names_its_file(series: Path, tmp_path: Path) -> None:
    """One wrong date does not hide a corrective action."""
    shutil.copytree(series / "first", tmp_path / "runs" / "first")
    (tmp_path / "runs" / "first" / "review.yaml").write_text(
        "format: wargame-review/1\nimprovement_plan: [{issue: x, start: soon}]\n", encoding="utf-8"
    )
    done = wargame("lessons", cwd=tmp_path)
    assert done.returncode == 3
    assert "review.yaml:2:" in done.stderr
