"""The ready-made exercises: listed, copied, printed, and played to the end with every seat of a person taken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from gallery import picture

from support.in_process import inside, inside_json
from wargame.cli import init
from wargame.cli.options import Shown
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.language.times import HOUR
from wargame.scenario.loading.catalogue import exercises, scenarios
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model.annotations import JUDGEMENT

Play = Callable[[str], tuple[str, Path]]
NAMES = ("cuba-quarantine", "korea-afternoon", "strait-lesson")
PLAYS = Path(__file__).parents[1] / "data" / "plays"
SEATS = {"cuba-quarantine": 4, "korea-afternoon": 6, "strait-lesson": 2}
HOURS = {"cuba-quarantine": 2, "korea-afternoon": 3, "strait-lesson": 1}


def test_they_are_listed(tmp_path: Path) -> None:
    """By `list`, and by `init --template` without a name."""
    assert tuple(entry.name for entry in exercises()) == NAMES
    listed = inside_json("list", "exercises", cwd=tmp_path)["exercises"]
    assert [row["name"] for row in listed] == list(NAMES)
    shown = inside("init", "--template", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in shown] == list(NAMES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_they_have_what_an_afternoon_needs(name: str) -> None:
    """Seats, hours, roles and a read-ahead for each seat, critical tasks with targets, evaluators, media, a script."""
    loaded = load(name)
    plan = loaded.exercise
    assert plan is not None
    people = [seat for seat in plan.seats.values() if seat.player == "human"]
    assert (len(people), plan.wall) == (SEATS[name], HOURS[name] * HOUR)
    assert all(
        seat.persons and seat.read_ahead and loaded.scenario.roles[code].tasks for code, seat in plan.seats.items()
    )
    assert plan.objectives
    assert all(objective.measures for objective in plan.objectives.values())
    measures = [measure for objective in plan.objectives.values() for measure in objective.measures]
    assert 3 <= len({measure.task for measure in measures}) <= 6
    assert all(measure.task and measure.standard for measure in measures)
    assert plan.evaluators
    assert plan.sources
    assert all(move.opening and move.notes for move in plan.moves)
    assert any(inject.attachments for inject in loaded.injects)
    assert any(inject.questionnaire for inject in loaded.injects)


def sources(loaded: Loaded) -> dict[str, str]:
    """The source of each inject by id."""
    return {inject.id: inject.source for inject in loaded.injects}


@pytest.mark.parametrize("name", ["cuba-quarantine", "korea-afternoon"])
def test_dated_facts_have_sources_and_judgements_are_marked(name: str) -> None:
    """Each inject says what is a fact of the record and what was invented; none acts for a government."""
    loaded = load(name)
    texts = sources(loaded)
    assert texts
    assert [key for key, text in texts.items() if JUDGEMENT not in text] == []
    assert [inject.id for inject in loaded.injects if inject.action is not None] == []


def test_korea_afternoon_knows_nothing_of_the_future() -> None:
    """No text names a date after its ENDEX, and none of the years after 2017."""
    folder = next(entry.path.parent for entry in exercises() if entry.name == "korea-afternoon")
    texts = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.yaml")))
    assert re.findall(r"\b20(?:1[89]|[2-9]\d)\b", texts) == []
    assert max(re.findall(r"2017-\d\d-\d\d", texts)) < "2017-06-25"


QUICK = [pytest.param(name, marks=() if name == "strait-lesson" else pytest.mark.slow) for name in NAMES]
"""The shortest exercise in the fast suite, the others in the slow one."""


@pytest.mark.parametrize("name", QUICK)
def test_a_copy_validates_prints_and_plays_as_it_is(name: str, tmp_path: Path) -> None:
    """`init --template` writes a folder that needs no change."""
    assert inside("init", "mine", "--template", name, cwd=tmp_path).returncode == 0
    checked = inside_json("validate", "mine", cwd=tmp_path)["targets"]
    assert [(each["ok"], each["warnings"]) for each in checked] == [(True, [])]
    printed = inside_json("print", "mine", "--folder", "paper", cwd=tmp_path)["files"]
    assert len(printed) == SEATS[name] + 1
    white_cell = (tmp_path / "paper" / "white-cell.html").read_text("utf-8")
    assert all(f"<h1>{title}</h1>" in white_cell for title in ("Checklist", "Running order", "MSEL"))
    assert "Measures" in inside_text(tmp_path)
    (tmp_path / "script.txt").write_text("stop at nothing\nmove\nstatus\n", "utf-8")
    done = inside("play", "mine", "--script", "script.txt", "--out", "run", cwd=tmp_path)
    assert "Move 1 ends." in done.stdout
    assert "has its time in the room" in done.stdout
    assert verify(Folder(tmp_path / "run")).same


def inside_text(folder: Path) -> str:
    """The evaluation guide of the copy."""
    assert inside("print", "mine", "--evaluation", "--out", "guide.html", cwd=folder).returncode == 0
    return (folder / "guide.html").read_text("utf-8")


def _played(name: str, folder: Path) -> str:
    """What the console prints when all lines of the play are typed; the run is in `folder`."""
    done = inside("play", name, "--script", str(PLAYS / f"{name}.txt"), "--out", str(folder), cwd=folder.parent)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Plays an exercise once for all tests: what the console prints, and the folder of the run."""

    @cache
    def played(name: str) -> tuple[str, Path]:
        folder = tmp_path_factory.mktemp(name) / "run"
        return _played(name, folder), folder

    return played


@pytest.mark.parametrize("name", QUICK)
def test_its_picture_in_the_gallery_shows_that_play(name: str, play: Play, root: Path) -> None:
    """`python tools/gallery.py` draws it again."""
    records = [json.loads(line) for line in (play(name)[1] / "journal.jsonl").read_text("utf-8").splitlines()]
    assert (root / "docs" / "images" / f"gallery-{name}.svg").read_text("utf-8") == picture(load(name), records)


@pytest.mark.parametrize("name", QUICK)
def test_it_is_played_to_the_end(name: str, play: Play) -> None:
    """All seats order and write, ENDEX is reached, the review is written, and the run is reproducible."""
    shown, folder = play(name)
    loaded = load(name)
    assert loaded.exercise is not None
    governments = {code: loaded.scenario.governments[code].name for code in loaded.exercise.seats}
    acted = shown.partition("Orders, messages and votes of players:")[2].partition("Expected actions:")[0]
    assert [code for code, government in governments.items() if f"{government}, by the white cell" not in acted] == []
    assert "Objectives without a rating" not in shown
    assert "Measures of the objectives" in (folder / "report.html").read_text("utf-8")
    manifest = Folder(folder).manifest()
    assert (manifest.ended, manifest.title) == ("endex", loaded.exercise.title)
    assert verify(Folder(folder)).same


def test_the_gallery_shows_each_scenario_and_exercise(root: Path) -> None:
    """With its seats, its hours and a picture."""
    page = (root / "docs" / "gallery.md").read_text("utf-8")
    for entry in (*exercises(), *scenarios()):
        assert f"### {entry.name}\n" in page
        assert f"(images/gallery-{entry.name}.svg)" in page
        assert (root / "docs" / "images" / f"gallery-{entry.name}.svg").exists()
    for name in NAMES:
        assert f"| [`{name}`](#{name}) | {SEATS[name]} | {HOURS[name]} h |" in page


def test_templates_are_refused_with_a_remedy(tmp_path: Path) -> None:
    """An unknown name suggests the nearest; a scenario and a template exclude each other; nothing is written."""
    wrong = inside("init", "mine", "--template", "korea-aftermoon", cwd=tmp_path)
    assert (wrong.returncode, "did you mean 'korea-afternoon'" in wrong.stderr) == (2, True)
    both = inside("init", "mine", "--template", "strait-lesson", "--from", "two-rivals", cwd=tmp_path)
    assert (both.returncode, "exclude each other" in both.stderr) == (2, True)
    none = inside("init", cwd=tmp_path)
    assert (none.returncode, "the folder is missing" in none.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_copy_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an exercise would block the next attempt."""
    opened = Path.open

    def interrupted(path: Path, mode: str = "r") -> object:
        if mode == "xb" and path.name == "msel.yaml":
            raise KeyboardInterrupt
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        init.command(tmp_path / "lesson", template="strait-lesson", shown=Shown(quiet=True))
    assert list(tmp_path.iterdir()) == []
