"""Exercise files: what they replace in a scenario, and mistakes with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from wargame.errors import Invalid, UsageFault
from wargame.executor.run import Destination, simulate
from wargame.executor.verify import verify
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.load import Loaded, load, load_files

BASE = """format: wargame-exercise/1
name: strait
title: An hour in the strait
scenario: two-rivals
wall: 1h
"""
MOVES = "moves: [{game: 10d, wall: 20m}, {game: 5d, wall: 10m}]\n"


def exercise(folder: Path, *more: str, base: str = BASE) -> Path:
    """An exercise file with these lines, in a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "exercise.yaml"
    path.write_text(base + "".join(more), encoding="utf-8")
    return path


def problems(folder: Path, *more: str, base: str = BASE) -> list[str]:
    """The problems of an exercise file, each as `line: message (remedy)`."""
    with pytest.raises(Invalid) as caught:
        load(str(exercise(folder, *more, base=base)))
    return [str(problem).split("exercise.yaml:")[-1] for problem in caught.value.problems]


def test_an_exercise_replaces_title_calendar_roles_and_objectives(tmp_path: Path) -> None:
    """ENDEX is the end of the last move; what the exercise does not write stays as in the scenario."""
    loaded = load(str(exercise(tmp_path, MOVES, "seats: {ARD: {tasks: [Talk.]}}\nobjectives: {mine: {title: Mine}}\n")))
    scenario, plain = loaded.scenario, load("two-rivals").scenario
    assert scenario.title == "An hour in the strait"
    assert scenario.calendar.end.offset == 15 * 86400
    assert scenario.roles["ARD"].tasks == ("Talk.",)
    assert scenario.roles["ARD"].situation == plain.roles["ARD"].situation
    assert scenario.roles["BRL"] == plain.roles["BRL"]
    assert set(scenario.objectives) == {"mine"} | {i.objective for i in loaded.injects if i.objective}


def test_another_startex_leaves_out_the_situation_of_the_scenario(tmp_path: Path) -> None:
    """It was written for another day; days then count from the new STARTEX."""
    loaded = load(str(exercise(tmp_path, MOVES, "startex: 2030-02-01\nseats: {BRL: {situation: Ours.}}\n")))
    assert (loaded.scenario.roles["ARD"].situation, loaded.scenario.roles["BRL"].situation) == ("", "Ours.")


def test_the_script_of_the_scenario_can_be_left_out(tmp_path: Path) -> None:
    """Only the injects that the exercise names are played."""
    (tmp_path / "mine.yaml").write_text(
        "format: wargame-injects/1\nscenario: two-rivals\ninjects: [{id: fog, title: Fog, at: D+1}]\n", "utf-8"
    )
    path = exercise(tmp_path, "injects: [mine.yaml]\nscenario_injects: false\n")
    assert [inject.id for inject in load(str(path)).injects] == ["fog"]
    exercise(tmp_path, "injects: [mine.yaml]\n")
    assert len(load(str(tmp_path)).injects) == 7


def test_a_run_freezes_the_exercise(tmp_path: Path) -> None:
    """The folder alone gives the same run, also when the file has changed since."""
    path = exercise(tmp_path / "made", MOVES)
    loaded = load(str(path))
    run = simulate(loaded, place=Destination(out=tmp_path / "run"))
    path.write_text("gone", encoding="utf-8")
    frozen: Loaded = load_files(run.folder.inputs())
    assert (frozen.exercise, frozen.scenario_sha256) == (loaded.exercise, loaded.scenario_sha256)
    assert verify(run.folder).difference is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("startex: D+3\n", "6:10: `startex` must be a date"),
        ("startex: 2029-01-01\n", "6:10: STARTEX is outside the scenario"),
        ("until: 2029-12-31\n", "6:8: the exercise ends before its STARTEX"),
        ("until: D+999\n", "6:8: ENDEX, 2032-09-26 00:00, is after the end of the scenario"),
        (MOVES + "until: D+30\n", "6:8: the moves take 15d of game time; from STARTEX to `until` are 30d"),
        (MOVES + "breaks: [{after: 2, wall: 5m}]\n", "7:18: there is no move after this break"),
        ("breaks: [{after: 2, wall: 5m}]\n", "6:10: a break is after a move, and there are no moves"),
        (MOVES + "hot_wash: 40m\n", "5:7: briefing, moves, breaks and hot wash take 1h 10m, more than the time"),
        ("stops: [nothing, moves]\n", "6:8: `nothing` excludes the other stops"),
        ("stops: [often]\n", "6:9: `stops` must be one of moves, injects, decisions, nothing"),
        ("seats: {ARD: {player: model, persons: [{role: Head}]}}\n", "the model decides for ARD"),
        ("seats: {ADR: {}}\n", "6:9: unknown government 'ADR' (did you mean 'ARD'?)"),
        ("objectives: {signal: {measures: []}}\n", "6:22: the scenario has no objective 'signal'"),
        ("objectives: {signals: {measures: [{title: x, formula: count(nobody)}]}}\n", "there is no option"),
        ("begins: 25:00\n", "a time of day, such as 13:30"),
        ("injects: [none.yaml]\n", "6:11: there is no inject file 'none.yaml'"),
        ("walls: 3h\n", "6:1: unknown key 'walls'"),
        (MOVES + "breaks: [{after: 1, wall: 1m}, {after: 1, wall: 1m}]\n", "a second break after move 1 (join them)"),
        ("stops: []\n", "6:8: no stop is given (write [nothing] if the clock is not to stop)"),
        ('seats: {ARD: {tasks: ["Talk.", ""]}}\n', "6:32: this sentence is empty (write it or remove it)"),
    ],
)
def test_mistakes_have_their_places(tmp_path: Path, more: str, expected: str) -> None:
    """Each is one message with line, column and remedy."""
    found = problems(tmp_path / "made", more)
    assert len(found) == 1
    assert expected in found[0]


def test_what_cannot_be_seen_in_an_exercise_is_a_warning(tmp_path: Path) -> None:
    """An inject that is due after ENDEX, and an evaluator of a seat that no person plays."""
    late = "format: wargame-injects/1\nscenario: two-rivals\ninjects: [{id: late, title: Late, at: D+9}]\n"
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "late.yaml").write_text(late, "utf-8")
    more = (
        "until: D+9\ninjects: [late.yaml]\nscenario_injects: false\n"
        "evaluators: [{name: Eve, seats: [BRL]}]\nseats: {BRL: {player: model}}\n"
    )
    warned = "\n".join(map(str, load(str(exercise(tmp_path / "made", more))).warnings))
    assert "due only after ENDEX, 2030-01-10 00:00: late" in warned
    assert "no person plays BRL" in warned


def test_the_mark_that_windows_editors_write_does_not_matter(tmp_path: Path) -> None:
    """The file is an exercise with and without it."""
    assert load(str(exercise(tmp_path / "made", MOVES, base="\ufeff" + BASE))).exercise is not None


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """Those in the exercise beside each other."""
    assert len(problems(tmp_path / "made", "stops: [nothing, moves]\nseats: {ADR: {}}\nbegins: noon\n")) == 2


def test_the_scenario_of_an_exercise_is_found_or_named(tmp_path: Path) -> None:
    """In its folder or built in; otherwise the message has the place of the name."""
    base = BASE.replace("two-rivals", "three-rivals")
    assert problems(tmp_path / "made", base=base)[0].startswith("4:11: there is no scenario 'three-rivals'")
    assert problems(tmp_path / "made", base=BASE.replace("scenario: two-rivals\n", ""))[0].startswith("1:1: ")


def test_a_folder_with_two_exercises_asks_for_one(tmp_path: Path) -> None:
    """Either can be given by its path."""
    one = exercise(tmp_path)
    (tmp_path / "other.yaml").write_text(one.read_text("utf-8"), "utf-8")
    with pytest.raises(UsageFault, match="2 exercises"):
        load(str(tmp_path))
    assert load(str(tmp_path / "other.yaml")).exercise is not None


def test_exercises_in_the_folder_of_a_scenario_do_not_change_it(tmp_path: Path) -> None:
    """The folder is the scenario; the file in it is the exercise."""
    text = (catalogue.scenario_dir() / "two-rivals.yaml").read_text("utf-8")
    (tmp_path / "scenario.yaml").write_text(text, "utf-8")
    path = exercise(tmp_path, MOVES)
    assert load(str(tmp_path)).exercise is None
    assert load(str(path)).scenario.title == "An hour in the strait"
