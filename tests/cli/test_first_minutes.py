"""The first minutes of a new user: every command that is suggested works as it is printed."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import yaml

from support.command_line import wargame
from support.in_process import inside
from wargame.cli.init import SCHEMA_LINE
from wargame.scenario.loading import catalogue

ROOT = Path(__file__).resolve().parents[2]
SUGGESTED = re.compile(r"^ *(?:#  +|next: |\$ )?(wargame [a-z].*?)(?:  .*| explains.*)?$", re.MULTILINE)
SCENARIOS = [entry.name for entry in catalogue.scenarios()]
TEMPLATES = [entry.name for entry in catalogue.exercises()]
SMALL = {"two-rivals", "strait-lesson"}
RUNNABLE = [pytest.param(name, marks=() if name in SMALL else pytest.mark.slow) for name in (*SCENARIOS, *TEMPLATES)]
SHIPPED = [path for folder in ("wargame", "injects") for path in sorted((ROOT / folder).rglob("*.yaml"))]
FORMAT = re.compile(r"^format: wargame-(scenario|injects|exercise|study)/1", re.MULTILINE)
MODELINE = re.compile(r"\A# yaml-language-server: \$schema=(\S+)\n")


def suggestions(text: str) -> list[list[str]]:
    """The commands that a text suggests, each as words without `wargame`."""
    return [shlex.split(line)[1:] for line in SUGGESTED.findall(text)]


def check_each(text: str, cwd: Path) -> list[str]:
    """Run each command that a text suggests; the names of the commands."""
    commands = suggestions(text)
    for command, *words in commands:
        done = inside(command, *words, cwd=cwd)
        assert done.returncode == 0, (command, words, done.stderr)
        assert done.stdout.strip(), (command, words)
    return [command for command, *_ in commands]


@pytest.mark.parametrize("name", RUNNABLE)
def test_what_a_run_suggests_works(name: str, tmp_path: Path) -> None:
    """On each scenario and exercise; and so does what the next command suggests."""
    run = inside("run", name, "--until", "D+20", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert {"verify", "show"} <= set(check_each(run.stdout, tmp_path))
    points = inside("why", "last", cwd=tmp_path)
    assert points.returncode == 0, points.stderr
    check_each(points.stdout, tmp_path)


@pytest.mark.parametrize("options", [[], ["--from", "two-rivals"]], ids=" ".join)
def test_what_init_suggests_works(options: list[str], tmp_path: Path) -> None:
    """The next command, and those in the comments of the files, in their order."""
    made = inside("init", "mine", *options, cwd=tmp_path)
    assert check_each(made.stderr.replace("\n", " --until D+20\n"), tmp_path) == ["run"]
    comments = (tmp_path / "mine" / "scenario.yaml").read_text("utf-8") if not options else ""
    assert check_each(comments, tmp_path / "mine") == ([] if options else ["validate", "run", "why"])


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
def test_what_init_suggests_for_a_template_works(name: str, tmp_path: Path) -> None:
    """The console starts, and ends with its input."""
    made = inside("init", "mine", "--template", name, cwd=tmp_path)
    ((command, *words),) = suggestions(made.stderr)
    played = wargame(command, *words, cwd=tmp_path)
    assert (command, played.returncode) == ("play", 0), played.stderr


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_shipped_file_names_its_schema(path: Path) -> None:
    """The first line resolves in a checkout, and other parsers of YAML read the file."""
    text = path.read_text("utf-8")
    assert yaml.safe_load(text)  # by a stricter parser than ours
    kind = FORMAT.search(text)
    if kind is None or "starter" in path.parts:
        return
    modeline = MODELINE.match(text)
    assert modeline is not None
    assert (path.parent / modeline[1]).resolve() == ROOT / "docs" / "reference" / f"{kind[1]}.schema.json"


@pytest.mark.parametrize(
    "options",
    [[], *(["--from", name] for name in SCENARIOS), *(["--template", name] for name in TEMPLATES)],
    ids=" ".join,
)
def test_init_writes_schemas_that_its_files_name(options: list[str], tmp_path: Path) -> None:
    """They are beside the files, are found from there, and accept the files."""
    assert inside("init", "mine", *options, cwd=tmp_path).returncode == 0
    folder = tmp_path / "mine"
    assert {"scenario.schema.json", "injects.schema.json"} <= {path.name for path in folder.iterdir()}
    for path in folder.rglob("*.yaml"):
        text = path.read_text("utf-8")
        if kind := FORMAT.search(text):
            modeline = MODELINE.match(text)
            assert modeline is not None
            assert (path.parent / modeline[1]).resolve() == (folder / f"{kind[1]}.schema.json").resolve()
            assert (path.parent / modeline[1]).is_file()
            assert not SCHEMA_LINE.match(text.split("\n", 1)[1].encode())
    starter = yaml.safe_load((folder / "injects.yaml" if not options else folder / "msel.yaml").read_bytes())
    schema = json.loads((folder / "injects.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(json.dumps(starter, default=str)), schema)


# A folder with several exercises


def test_a_folder_of_exercises_is_checked_exercise_by_exercise(tmp_path: Path) -> None:
    """Names in a file are looked up beside the file, wherever the command is started."""
    for words in (["one"], ["two"], ["three", "--template", "strait-lesson"]):
        assert inside("init", *words, cwd=tmp_path).returncode == 0
    done = inside("validate", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines() if ": ok" in line] == ["one", "three", "two"]


def test_a_fault_in_one_scenario_of_a_folder_does_not_mix_it_with_the_others(tmp_path: Path) -> None:
    """A second file with a name is a fault of its folder alone."""
    for name in ("one", "two"):
        assert inside("init", name, "--from", "two-rivals", cwd=tmp_path).returncode == 0
    more = tmp_path / "two" / "more.yaml"
    more.write_text("format: wargame-scenario/1\nname: two-rivals\n", encoding="utf-8")
    done = inside("validate", ".", cwd=tmp_path)
    problems = [line for line in done.stderr.splitlines() if re.match(r"\S+:\d+:\d+: ", line)]
    assert problems
    assert all(line.startswith("two/") for line in problems), done.stderr


def test_folders_with_exercise_files_alone_are_checked_one_by_one(tmp_path: Path) -> None:
    """Their scenarios are built in."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "exercise.yaml").write_text(
            f"format: wargame-exercise/1\nname: {name}\ntitle: {name}\nscenario: two-rivals\nwall: 1h\n", "utf-8"
        )
    done = inside("validate", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines() if ": ok" in line] == ["one", "two"]


def test_a_scenario_in_a_folder_below_is_found(tmp_path: Path) -> None:
    """Its inject file is beside it, not in the folder that was given."""
    assert inside("init", "project/mine", cwd=tmp_path).returncode == 0
    for target in (".", "project"):
        assert inside("validate", target, cwd=tmp_path).returncode == 0


def test_studies_beside_a_scenario_are_checked(tmp_path: Path) -> None:
    """With the place of a fault in the study."""
    assert inside("init", "mine", cwd=tmp_path).returncode == 0
    (tmp_path / "mine" / "s.yaml").write_text(
        "format: wargame-study/1\nname: s\nscenario: scenario.yaml\nsed: 3\n", encoding="utf-8"
    )
    refused = inside("validate", "mine", cwd=tmp_path)
    assert (refused.returncode, "mine/s.yaml:4:1: unknown key 'sed'" in refused.stderr) == (3, True), refused.stderr


def test_a_run_of_a_folder_of_exercises_names_them(tmp_path: Path) -> None:
    """One has to be chosen."""
    for name in ("one", "two"):
        assert inside("init", name, cwd=tmp_path).returncode == 0
    refused = inside("run", ".", cwd=tmp_path)
    assert refused.returncode == 3
    assert "has 2 scenarios (give one of one, two)" in refused.stderr


def test_last_is_the_batch_that_was_just_run(tmp_path: Path) -> None:
    """Where only a batch can be meant, and elsewhere until there is a run; without either, the message says so."""
    assert "there is no run under runs/ yet" in inside("show", "last", cwd=tmp_path).stderr
    short = ("two-rivals", "-n", "2", "--until", "30d", "--jobs", "1", "--arm", "calm=forbid ARD patrol")
    assert inside("batch", *short, "--out", "runs/tried", "-q", cwd=tmp_path).returncode == 0
    for words in ("show last", "report last", "bundle last", "decide last --goal p(calm)", "compare last"):
        done = inside(*words.split(), cwd=tmp_path)
        assert done.returncode == 0, (words, done.stderr)
    assert "two-rivals: 4 runs, 2 arms" in inside("show", "last", cwd=tmp_path).stdout
    more = inside("batch", "last", "-n", "3", "--resume", "--jobs", "1", cwd=tmp_path)
    assert "two-rivals: 6 runs, 2 arms" in more.stdout, more.stderr
    assert inside("run", "two-rivals", "--until", "30d", "--out", "runs/alone", "-q", cwd=tmp_path).returncode == 0
    assert "ENDEX" in inside("show", "last", cwd=tmp_path).stdout
    assert "Decision" in inside("decide", "last", "--goal", "p(calm)", cwd=tmp_path).stdout
