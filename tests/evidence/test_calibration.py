"""Calibration: what the targets cannot bear is ruled out, what they can survives, and all of it was fixed before."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, isnan, nan
from pathlib import Path

import pytest

from support.in_process import inside, inside_json
from wargame.errors import Invalid, UsageFault
from wargame.evidence.calibration.claims import Reach, reach, spread
from wargame.evidence.calibration.matching import (
    SPEAK,
    WORST,
    Calibration,
    CalibrationPoint,
    calibrate,
    document,
    draws_of,
    hypercube,
    implausibility,
    parameters,
    parted,
)
from wargame.evidence.calibration.text import markdown
from wargame.evidence.targets.comparison import Held, Row, chosen
from wargame.executor.processes import on_cores
from wargame.scenario.building.numbers import numbers
from wargame.scenario.loading.load import Loaded, load, load_files

QUESTIONS = """
targets:
  MEAN:
    title: mean tension
    source: made for this test
    until: 2030-03-01
    statistics:
      - {measure: mean(tension), observed: '0.5', band: [0.4, 0.6]}
  EARLY:
    title: mean tension of the first month
    source: made for this test
    until: 2030-02-01
    statistics:
      - {measure: mean(tension), observed: '0.5', band: [0.4, 0.6]}
  LATER:
    title: what calibration may not see
    source: made for this test
    calibrate: false
    statistics:
      - {measure: tension, observed: '0', band: [-1, 0]}
evidence:
  calibration:
    - {path: indicators.tension.start, range: [0, 1], source: made for this test}
    - {path: indicators.tension.half_life, times: [10, 100], source: made for this test}
"""


def with_questions(text: str = QUESTIONS) -> Loaded:
    """The scenario two-rivals with targets on its tension, and two numbers that may move."""
    files = dict(load("two-rivals").files)
    name = next(each for each in files if each.startswith("scenario/"))
    files[name] += text.encode()
    return load_files(files)


def play(
    loaded: Loaded, points: int = 12, folder: Path | None = None, *, n: int = 2, resume: bool = False
) -> Calibration:
    """A calibration in this process."""
    with on_cores(1)() as executor:
        return calibrate(loaded, points=points, n=n, seed=7, executor=executor, folder=folder, resume=resume)


def a_row(estimate: float, low: float, high: float, band: tuple[float, float] = (0.0, 2.0)) -> Row:
    """A figure held against a band."""
    return Row("T", "", "1", *band, 10, estimate, nan, low, high, "inside", True, None)


def test_implausibility_is_distance_over_band_and_error() -> None:
    """0 at the centre, 1 at the end of the band without error, less with it; what never comes is as bad as it gets."""
    assert implausibility(a_row(1.0, 0.9, 1.1)) == 0
    assert implausibility(a_row(2.0, 2.0, 2.0)) == 1
    assert implausibility(a_row(4.0, 0.0, 8.0)) == pytest.approx(3 / (1 + 16) ** 0.5)
    assert implausibility(a_row(inf, inf, inf)) == WORST
    assert implausibility(a_row(nan, nan, nan)) == WORST


def test_points_fill_each_number_evenly_and_repeat() -> None:
    """A Latin hypercube has one point in each stratum of each number; the seed decides it."""
    loaded = with_questions()
    draws = draws_of(loaded, numbers(loaded.scenario, loaded.injects))
    shares = hypercube(draws, 10, 3)
    for draw in draws:
        assert sorted(int(point[draw.name] * 10) for point in shares) == list(range(10))
    assert hypercube(draws, 10, 3) == shares
    assert hypercube(draws, 10, 4) != shares


def test_numbers_that_move_together_have_one_factor() -> None:
    """All leaders' rationality at a point of korea-2017 is what is written, times one number."""
    loaded = load("korea-2017")
    known = numbers(loaded.scenario, loaded.injects)
    draws = draws_of(loaded, known)
    made = parameters(draws, known, hypercube(draws, 2, 1)[0])
    factors = {round(value / known[path].value, 6) for path, value in made.items() if path.endswith(".rationality")}
    assert len(factors) == 1
    assert factors != {1.0}


def test_what_the_targets_cannot_bear_is_ruled_out() -> None:
    """Tension that starts far from its target is ruled out, near it survives; the true range is among the rest."""
    found = play(with_questions(), n=10)
    assert found.held_out == ("LATER",)
    low, high = found.survivors("indicators.tension.start") or (nan, nan)
    tried = [point.values["indicators.tension.start"] for point in found.points[1:]]
    assert min(tried) < low <= high < max(tried)
    assert low < 0.55
    assert high > 0.45
    for point in found.points:
        assert point.survives == (len(point.against) < SPEAK)


def test_the_first_point_is_the_scenario_as_written() -> None:
    """It changes nothing."""
    first = play(with_questions(), points=2).points[0]
    assert first.parameters == {}
    assert first.values["indicators.tension.start"] == 0.3


def test_what_was_fixed_stands_in_the_folder_before_the_first_run(tmp_path: Path) -> None:
    """Hashes of questions, mechanisms and numbers, and the points; a stopped calibration goes on to the same end."""
    loaded, folder = with_questions(), tmp_path / "calibration"
    whole = play(loaded, 3, folder)
    plan = json.loads((folder / "plan.json").read_text())
    assert set(plan["fixed"]) == {"questions", "mechanisms", "parameters"}
    assert list(plan["points"]) == ["p000", "p001", "p002", "p003"]
    runs = folder / "runs.jsonl"
    runs.write_bytes(b"".join(runs.read_bytes().splitlines(keepends=True)[:5]))
    assert document(play(loaded, 3, folder, resume=True)) == document(whole)
    with pytest.raises(UsageFault, match="other inputs"):
        play(loaded, 4, folder, resume=True)


def test_calibration_needs_numbers_and_targets() -> None:
    """Without any it is told what to write."""
    bare = with_questions(QUESTIONS.partition("evidence:")[0])
    with pytest.raises(UsageFault, match="calibration"):
        play(bare)
    with pytest.raises(UsageFault, match="at least 2 targets"):
        parted({name: replace(target, calibrate=False) for name, target in chosen(bare).items()})


def test_a_number_that_is_not_there_is_told_with_its_place() -> None:
    """File, line, and the nearest right path."""
    with pytest.raises(Invalid, match=r"yaml:\d+:\d+: .*indicators.tention"):
        with_questions(QUESTIONS.replace("indicators.tension.start", "indicators.tention.start"))


def test_calibration_of_korea_looks_no_further_than_may_2017() -> None:
    """T08 to T11 look beyond: they are held out."""
    mine, held_out = parted(chosen(load("korea-2017")))
    assert held_out == ("T08", "T09", "T10", "T11")
    assert len(mine) == 16


def a_point(label: str, worst: float) -> CalibrationPoint:
    """A point that two targets speak of."""
    return CalibrationPoint(label, {}, {}, {"A": worst, "B": worst}, Held(0, 0, (), ()))


def test_claims_look_at_points_from_best_to_nearly_ruled_out() -> None:
    """At most six of them, the ends included."""
    looked = spread([a_point(f"p{i}", i / 30) for i in range(30)])
    assert len(looked) == 6
    assert looked[0].label == "p0"
    assert looked[-1].label == "p29"
    assert not isnan(looked[0].worst)


def test_how_far_a_claim_reaches_is_told_in_words() -> None:
    """All, some, none, and nothing to look at."""
    told = [Reach("P01", holds, points).told for holds, points in ((8, 8), (5, 8), (0, 8), (0, 0))]
    assert told == ["at all points", "at 5 of 8 points", "at none", "no point survives"]


CLAIMS = """
claims:
  HOT:
    statement: Tension that starts high stays higher
    mechanism: it fades slowly
    until: 2030-02-01
    arms:
      high: {set: [tension=0.9]}
      low: {set: [tension=0.1]}
    measures: [{formula: mean(tension), contrast: {high: 1, low: -1}, expect: positive}]
  COLD:
    statement: The other way round
    mechanism: none
    until: 2030-02-01
    arms:
      high: {set: [tension=0.9]}
      low: {set: [tension=0.1]}
    measures: [{formula: mean(tension), contrast: {high: 1, low: -1}, expect: negative}]
"""


def written(folder: Path) -> str:
    """The scenario with targets, calibration and claims, as files in a folder."""
    for name, data in load("two-rivals").files.items():
        if name.startswith("scenario/"):
            text = data.decode().replace("injects: [two-rivals/msel]\n", "") + QUESTIONS + CLAIMS
            (folder / "rivals.yaml").write_text(text)
    return str(folder / "rivals.yaml")


def test_claims_are_played_at_the_points_that_are_left(tmp_path: Path) -> None:
    """What follows from the definition holds at all of them, its opposite at none; both can be gone on with."""
    scenario = written(tmp_path)
    points = [replace(a_point(f"p{i}", 0.1 * i), parameters={"indicators.tension.start": 0.2 * i}) for i in (1, 2)]
    for _ in range(2):
        found = reach(scenario, points, tmp_path / "kept", n=3)
        assert [(each.claim, each.told) for each in found] == [("COLD", "at none"), ("HOT", "at all points")]
    assert (tmp_path / "kept" / "claims-p1" / "manifest.json").exists()


def test_the_command_tells_what_survives(tmp_path: Path) -> None:
    """Numbers, points and claims, as data and as a page; what it needs is said."""
    scenario = written(tmp_path)
    words = (scenario, "--points", "3", "-n", "2", "--jobs", "1")
    found = inside_json("calibrate", *words, "--out", "kept", "--claims", cwd=tmp_path)
    assert [each["name"] for each in found["numbers"]] == ["indicators.tension.half_life", "indicators.tension.start"]
    assert found["numbers"][0]["unit"] == "days"
    assert len(found["points"]) == 4
    assert {each["claim"] for each in found["claims"]} == {"HOT", "COLD"}
    assert json.loads((tmp_path / "kept" / "calibration.json").read_text()) == found
    page = markdown(found)
    assert "indicators.tension.start" in page
    assert "| HOT | at all points |" in page
    assert "--out" in inside("calibrate", *words, "--claims", cwd=tmp_path).stderr
    shown = inside("calibrate", *words, "--out", "kept", "--resume", cwd=tmp_path)
    assert "as written, " in shown.stdout
    assert "that a point survives does" in shown.stdout
    assert "Held out:" not in inside("calibrate", *words, "--out", "kept", "--resume", "-q", cwd=tmp_path).stdout
