"""Calibration: implausible points are ruled out, the plan is fixed before the first run, errors are reported."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from math import inf, isnan, nan
from pathlib import Path

import pytest

from support.in_process import inside, inside_json
from wargame.batches.api import BatchOptions
from wargame.document.markdown import text
from wargame.errors import Invalid, UsageFault
from wargame.evidence.calibration.history_matching import (
    AGAINST,
    WORST,
    Calibration,
    CalibrationPoint,
    calibrate,
    document,
    draws_of,
    hypercube,
    implausibility,
    parameters,
    reach,
    reached,
    split_targets,
    spread,
)
from wargame.evidence.targets.comparison import StatisticRow, TargetComparison
from wargame.evidence.targets.runs import EvaluationOptions, selected_targets
from wargame.executor.processes import on_cores
from wargame.review.reports.evidence_reports import calibration_summary as summary
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
    title: held out of calibration
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
    """The scenario two-rivals with targets on its tension, and two numbers to calibrate."""
    files = dict(load("two-rivals").files)
    name = next(each for each in files if each.startswith("scenario/"))
    files[name] += text.encode()
    return load_files(files)


def play(
    loaded: Loaded, points: int = 12, folder: Path | None = None, *, n: int = 2, resume: bool = False
) -> Calibration:
    """Run a calibration in this process."""
    batch = BatchOptions(out=str(folder) if folder else None, resume=resume, executor=on_cores(1))
    return calibrate(loaded, points, EvaluationOptions(n=n, seed=7, batch=batch))


def a_row(estimate: float, low: float, high: float, band: tuple[float, float] = (0.0, 2.0)) -> StatisticRow:
    """A statistic with an estimate, its interval and a band."""
    return StatisticRow("", "1", 10, estimate, nan, low, high, "inside", True, None, band)


def test_implausibility_is_the_distance_relative_to_band_and_error() -> None:
    """0 at the centre, 1 at an end of the band without error, less with error; the maximum for NaN and infinity."""
    assert implausibility(a_row(1.0, 0.9, 1.1)) == 0
    assert implausibility(a_row(2.0, 2.0, 2.0)) == 1
    assert implausibility(a_row(4.0, 0.0, 8.0)) == pytest.approx(3 / (1 + 16) ** 0.5)
    assert implausibility(a_row(inf, inf, inf)) == WORST
    assert implausibility(a_row(nan, nan, nan)) == WORST


def test_points_are_a_reproducible_latin_hypercube() -> None:
    """Each stratum of each number has one point; the points depend on the seed."""
    loaded = with_questions()
    draws = draws_of(loaded, numbers(loaded.scenario, loaded.injects))
    shares = hypercube(draws, 10, 3)
    assert draws
    for draw in draws:
        assert sorted(int(point[draw.name] * 10) for point in shares) == list(range(10))
    assert hypercube(draws, 10, 3) == shares
    assert hypercube(draws, 10, 4) != shares


def test_numbers_varied_together_have_one_factor() -> None:
    """At a point of korea-2017, the rationality of every leader is the written one times the same factor."""
    loaded = load("korea-2017")
    known = numbers(loaded.scenario, loaded.injects)
    draws = draws_of(loaded, known)
    values = parameters(draws, known, hypercube(draws, 2, 1)[0])
    together = [draw for draw in draws if len(draw.paths) > 1 and draw.spread.times]
    assert together
    assert {draw.written for draw in together} == {1.0}, "as written"
    factors = {round(value / known[path].value, 6) for path, value in values.items() if path.endswith(".rationality")}
    assert len(factors) == 1
    assert factors != {1.0}


@pytest.mark.slow
def test_implausible_points_are_ruled_out() -> None:
    """A start of tension far from the band is ruled out, one within the band survives."""
    calibration = play(with_questions(), n=10)
    assert calibration.held_out == ("LATER",)
    low, high = calibration.survivors("indicators.tension.start") or (nan, nan)
    tried = [point.values["indicators.tension.start"] for point in calibration.points[1:]]
    assert min(tried) < low <= high < max(tried)
    assert low < 0.55
    assert high > 0.45
    assert calibration.points
    for point in calibration.points:
        assert point.survives == (len(point.against) < AGAINST)


def test_the_first_point_is_the_scenario_as_written() -> None:
    """It changes no number."""
    first = play(with_questions(), points=2).points[0]
    assert first.parameters == {}
    assert first.values["indicators.tension.start"] == 0.3


def test_a_calibration_is_resumed(tmp_path: Path) -> None:
    """Each point is a batch; a resumed calibration has the same result, and other points are refused."""
    loaded, folder = with_questions(), tmp_path / "calibration"
    whole = play(loaded, 3, folder)
    assert sorted(each.name for each in folder.iterdir()) == ["p000", "p001", "p002", "p003"]
    shutil.rmtree(folder / "p002")
    assert document(play(loaded, 3, folder, resume=True)) == document(whole)
    with pytest.raises(Invalid, match="batch of other arms"):
        play(loaded, 4, folder, resume=True)


def test_calibration_needs_numbers_and_targets() -> None:
    """Otherwise there is a usage error."""
    bare = with_questions(QUESTIONS.partition("evidence:")[0])
    with pytest.raises(UsageFault, match="calibration"):
        play(bare)
    with pytest.raises(UsageFault, match="at least 2 targets"):
        split_targets({name: replace(target, calibrate=False) for name, target in selected_targets(bare).items()})


def test_an_unknown_number_is_an_error_with_line_and_suggestion() -> None:
    """The error names the path."""
    with pytest.raises(Invalid, match=r"yaml:\d+:\d+: .*indicators.tention"):
        with_questions(QUESTIONS.replace("indicators.tension.start", "indicators.tention.start"))


def test_calibration_of_korea_holds_out_targets_beyond_may_2017() -> None:
    """These are T08 to T11."""
    mine, held_out = split_targets(selected_targets(load("korea-2017")))
    assert held_out == ("T08", "T09", "T10", "T11")
    assert len(mine) == 16


def a_point(label: str, worst: float) -> CalibrationPoint:
    """A point with the same implausibility for two targets."""
    return CalibrationPoint(label, {}, {}, {"A": worst, "B": worst}, TargetComparison(0, (), ()))


def test_claims_are_run_at_points_from_best_to_worst() -> None:
    """At most six of them, including both ends."""
    points = spread([a_point(f"p{i}", i / 30) for i in range(30)])
    assert len(points) == 6
    assert points[0].label == "p0"
    assert points[-1].label == "p29"
    assert not isnan(points[0].worst)


def test_reach_has_a_text() -> None:
    """For all points, some, none, and no surviving point."""
    texts = [reached("P01", holds, points)["text"] for holds, points in ((8, 8), (5, 8), (0, 8), (0, 0))]
    assert texts == ["at all points", "at 5 of 8 points", "at no point", "no point survives"]


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
    """Write the scenario with targets, calibration and claims into a folder."""
    for name, data in load("two-rivals").files.items():
        if name.startswith("scenario/"):
            text = data.decode().replace("injects: [two-rivals/msel]\n", "") + QUESTIONS + CLAIMS
            (folder / "rivals.yaml").write_text(text)
    return str(folder / "rivals.yaml")


def test_claims_are_run_at_surviving_points(tmp_path: Path) -> None:
    """A claim that follows from a definition holds at all of them, its opposite at none, also when resumed."""
    scenario = written(tmp_path)
    points = [replace(a_point(f"p{i}", 0.1 * i), parameters={"indicators.tension.start": 0.2 * i}) for i in (1, 2)]
    for _ in range(2):
        ranges = reach(scenario, points, tmp_path / "calibration", BatchOptions(), n=3)
        assert [(each["claim"], each["text"]) for each in ranges] == [("COLD", "at no point"), ("HOT", "at all points")]
    assert (tmp_path / "calibration" / "claims-p1" / "manifest.json").exists()


@pytest.mark.slow
def test_the_command_writes_numbers_points_and_claims(tmp_path: Path) -> None:
    """As JSON, Markdown and terminal tables."""
    scenario = written(tmp_path)
    words = (scenario, "--points", "3", "-n", "2", "--jobs", "1")
    document = inside_json("calibrate", *words, "--out", "calibration", "--claims", cwd=tmp_path)
    assert [each["name"] for each in document["numbers"]] == [
        "indicators.tension.half_life",
        "indicators.tension.start",
    ]
    assert document["numbers"][0]["unit"] == "days"
    assert {(point["failed"], *point["failures"]) for point in document["points"]} == {(0,)}
    assert len(document["points"]) == 4
    for number in document["numbers"]:
        as_written, *tried = [point["values"][number["name"]] for point in document["points"]]
        assert as_written == pytest.approx(number["written"])
        assert [min(tried), max(tried)] == number["tried"]
    as_written, *tried = document["points"]
    assert not as_written["parameters"]
    for point in tried:
        days, start = (point["values"][number["name"]] for number in document["numbers"])
        assert list(point["parameters"].values()) == pytest.approx([86400 * days, start], rel=1e-4)
        far = sorted(point["implausibility"].values(), reverse=True)
        assert set(point["implausibility"]) == set(document["method"]["targets"])
        assert point["worst"] in far
    assert {each["claim"] for each in document["claims"]} == {"HOT", "COLD"}
    assert json.loads((tmp_path / "calibration" / "calibration.json").read_text("utf-8")) == document
    page = text(summary(document, sources=True))
    assert "indicators.tension.start" in page
    assert "| HOT | at all points |" in page
    assert "--out" in inside("calibrate", *words, "--claims", cwd=tmp_path).stderr
    shown = inside("calibrate", *words, "--out", "calibration", "--resume", cwd=tmp_path)
    assert "as written, " in shown.stdout
    assert "that a point survives does" in shown.stdout
    assert "Held out:" not in inside("calibrate", *words, "--out", "calibration", "--resume", "-q", cwd=tmp_path).stdout
