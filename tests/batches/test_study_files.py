"""Study files: their content, their validation and their designs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

import wargame as package
from support.entry_point import wargame, wargame_json
from support.in_process import inside, inside_json
from support.study_files import HEAD, study_file
from wargame.batches.analysis import sensitivity
from wargame.batches.api import Batch, BatchOptions, open_batch, play
from wargame.batches.folders import find
from wargame.batches.running.opening import freeze, open_target, thaw
from wargame.batches.study import catalogue
from wargame.batches.study.design import make_points, read_points
from wargame.batches.study.model import Design, Factor, study_schema
from wargame.batches.study.overrides import StudyOverrides
from wargame.batches.study.parameters import rewritten, with_parameters
from wargame.batches.study.prepared import PreparedStudy
from wargame.batches.study.thresholds import parse_threshold
from wargame.errors import Invalid, UsageFault
from wargame.language.expressions import ExpressionError
from wargame.scenario.loading.load import load
from wargame.scenario.model.measures import parse_measure

STUDIES = [entry.name for entry in catalogue.studies()]
MARKED = [pytest.param(name, marks=pytest.mark.slow) if name.startswith("backtest-") else name for name in STUDIES]
FACTORS = "factors:\n  calm: {set: tension, range: [0.1, 0.5]}\n  hold: {set: 'control[ARD]', levels: [0.3, 0.7]}\n"


def written(folder: Path, text: str) -> PreparedStudy:
    """A study with this text after its header."""
    return open_target(study_file(folder, text))


def played(folder: Path, text: str) -> Batch:
    """The study, run as a batch."""
    return play(written(folder, text), BatchOptions(out=str(folder / "b")))


# Built-in studies


def test_three_studies_ship_for_korea() -> None:
    """One of them is the question of the article, with its four arms."""
    assert len(STUDIES) >= 3
    study = open_target("china-only-vs-five-party").study
    assert (study.scenario, list(study.arms)) == (
        "korea-2017",
        ["baseline", "china_only", "five_party", "five_party_exit"],
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", MARKED)
def test_each_built_in_study_is_valid_and_can_be_frozen(name: str) -> None:
    """It fits its schema, and is equal when it is read from a batch folder."""
    prepared = open_target(name)
    again = thaw(freeze(prepared), name)
    assert (again.identity, again.study.arms, again.points) == (
        prepared.identity,
        prepared.study.arms,
        prepared.points,
    )


@pytest.mark.parametrize("name", STUDIES)
def test_each_built_in_study_fits_its_schema(name: str) -> None:
    """Editors accept what the reader accepts."""
    path = catalogue.find_study(name)
    assert path is not None
    Draft7Validator(study_schema()).validate(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.slow
def test_schema_and_validate_accept_studies(tmp_path: Path) -> None:
    """On the command line."""
    schema = json.loads(wargame("schema", "study", cwd=tmp_path).stdout)
    Draft7Validator.check_schema(schema)
    done = wargame("validate", "way-out-tornado", cwd=tmp_path)
    assert (done.returncode, "ok" in done.stdout) == (0, True), done.stderr


# What is wrong with a file


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("arsm: {}", "5:1", "arms"),
        ("arms: {a: {strategies: {ARX: x}}}", "5:25", "ARD"),
        ("arms: {a: {forbid: [ARD strik]}}", "5:21", "strike"),
        ("arms: {a: {skip: [colision]}}", "5:19", "collision"),
        ("arms: {a: {set: [tension]}}", "5:18", "PATH=VALUE"),
        ("baseline: b\narms: {a: {}}", "5:11", "no arm 'b'"),
        ("measures: [p(wra)]", "5:12", "war"),
        ("measures: [actions() + p(wra)]", "5:24", "war"),
        ("measures: ['mean(control)']", "5:12", "control[government]"),
        ("measures: [p(war), p(war)]", "5:20", "twice"),
        ("measures: [{formula: p(war), name: days}]", "5:36", "column"),
        ("factors: {f: {set: tension, range: [0.5, 0.1]}}\ndesign: grid", "5:36", "lower end first"),
        ("factors: {f: {set: tension, levels: [0.5]}}\ndesign: grid", "5:37", "at least two"),
        ("factors: {f: {set: 'flow[ARD, BRL]', levels: [0, 1]}}\ndesign: grid", "5:20", "cannot be set"),
        ("factors: {f: {parameter: rules.trust, levels: [0, 1]}}\ndesign: grid", "5:26", "no number"),
        ("factors: {f: {set: tension}}\ndesign: grid", "5:14", "`range` or `levels`"),
        ("factors: {f: {range: [0, 1]}}\ndesign: grid", "5:14", "exactly one of `set`, `parameter`"),
        ("factors: {f: {set: tension, levels: [0, 1]}}", "5:10", "no `design`"),
        (FACTORS + "design: gird", "8:9", "grid"),
        (FACTORS + "design: {kind: sobol, points: 100}", "8:31", "64 or 128"),
        (FACTORS + "design: latin_hypercube", "8:9", "points"),
        ("stopping: {measure: p(wra), width: 0.1}", "5:21", "war"),
        ("thresholds: [p(war)]", "5:14", "MEASURE > NUMBER"),
        ("thresholds: ['x: p(war) > 0']", "5:14", "no arm"),
        ("replications: 0", "5:15", "1 to"),
        (
            "factors: {f: {set: tension, range: [0, 1], levels: [0, 0.5, 1]}}\ndesign: grid",
            "5:52",
            "exclude each other",
        ),
        ("factors: {f: {parameter: rules.loss_aversion, levels: [1, 2]}}\ndesign: grid", "5:26", "no number"),
        (FACTORS + "design: points", "8:9", "name it with --design"),
        ("thresholds: [high]", "5:14", "MEASURE > NUMBER"),
        ("series: [tension, tension]", "5:19", "the series 'tension' is listed twice"),
        (FACTORS + "design: grid\narms: {a: {set: ['tension=0.3']}}", "9:11", "which the factor 'calm' varies"),
        ("design: grid", "5:9", "there is a design but no `factors`"),
        ("factors: {draws: {set: tension, range: [0, 1]}}\ndesign: grid", "5:18", "no factor can be named 'draws'"),
    ],
)
def test_a_fault_is_reported_with_its_place(text: str, place: str, message: str, tmp_path: Path) -> None:
    """File, line, column, and the nearest correct word."""
    with pytest.raises(Invalid) as caught:
        written(tmp_path, text)
    problems = [str(problem) for problem in caught.value.problems]
    assert any(f"study.yaml:{place}:" in problem and message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format: wargame-study/2\nscenario: two-rivals\n", "s.yaml:1:9: "),
        ("format: wargame-study/1\nname: s\n", "s.yaml:1:1: `scenario` is missing"),
    ],
)
def test_a_file_that_is_no_study_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """Its first line says what it is, and it names its scenario."""
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(Invalid) as caught:
        open_target(str(tmp_path / "s.yaml"))
    assert message in str(caught.value.problems[0])


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    """With exit code 3."""
    (tmp_path / "s.yaml").write_text(HEAD + "measures: [p(wra)]\narsm: 1\n")
    done = wargame("batch", "s.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("s.yaml:")) == (3, 2), done.stderr


def test_a_study_of_an_unknown_scenario_is_refused(tmp_path: Path) -> None:
    """With the nearest name."""
    (tmp_path / "s.yaml").write_text("format: wargame-study/1\nname: s\nscenario: two-rivls\n")
    with pytest.raises(Invalid, match=r"s\.yaml:3:11: there is no scenario 'two-rivls' \(did you mean 'two-rivals'"):
        open_target(str(tmp_path / "s.yaml"))


@pytest.mark.parametrize("text", ["p(war", "p()", "p(war, peace)", "count(a, b, c)", "mean(1)", "import os", "x.y", ""])
def test_an_invalid_measure_is_refused(text: str) -> None:
    """As an error of the expression language."""
    with pytest.raises(ExpressionError):
        parse_measure(text)


@pytest.mark.slow
@given(text=st.text(max_size=60))
def test_no_text_breaks_the_reader_of_measures_and_thresholds(text: str) -> None:
    """A text is a measure or an ExpressionError, a threshold or a UsageFault."""
    for reader, error in ((parse_measure, ExpressionError), (parse_threshold, UsageFault)):
        try:
            reader(text)
        except error:
            continue


# What a study plays


def test_the_scenario_of_a_study_is_relative_to_its_folder(tmp_path: Path) -> None:
    """Paths are relative to the folder of the study."""
    assert inside("init", "mine", cwd=tmp_path).returncode == 0
    (tmp_path / "mine" / "s.yaml").write_text("format: wargame-study/1\nname: s\nscenario: scenario.yaml\n")
    assert open_target(str(tmp_path / "mine" / "s.yaml")).replications == 1000


def test_an_arm_may_add_injects(tmp_path: Path) -> None:
    """Only this arm has them, also when the batch is opened again."""
    source = Path(__file__).resolve().parents[1] / "data" / "failing-injects.yaml"
    (tmp_path / "more.yaml").write_bytes(source.read_bytes())
    text = (
        "replications: 3\narms: {baseline: {}, more: {add: [more.yaml], skip: [fire]}}\nmeasures: [count(blockade)]\n"
    )
    (tmp_path / "study.yaml").write_text(HEAD + text.replace(", skip: [fire]", ""))
    batch = play(open_target(str(tmp_path / "study.yaml")), BatchOptions(out=str(tmp_path / "b")))
    again = open_batch(str(tmp_path / "b"))
    ids = {arm: {inject.id for inject in loaded.injects} for arm, loaded in again.prepared.arms.items()}
    assert ids["more"] - ids["baseline"] == {"spark", "fire"}
    assert batch.prepared.identity == again.prepared.identity


def test_a_grid_pairs_its_points(tmp_path: Path) -> None:
    """It has all combinations of levels, with the same draws at each point."""
    frame = played(
        tmp_path, FACTORS + "design: {kind: grid, points: 2}\nreplications: 8\nmeasures: [actions()]\n"
    ).frame()
    points = set(zip(frame["factor:calm"], frame["factor:hold"], strict=True))
    assert points == {(0.1, 0.3), (0.1, 0.7), (0.5, 0.3), (0.5, 0.7)}
    assert frame.groupby("point")["draws"].apply(list).tolist() == [[0, 1]] * 4


def test_variance_is_reported_by_source(tmp_path: Path) -> None:
    """In shares of the total, if points are repeated."""
    text = FACTORS + "design: {kind: latin_hypercube, points: 4}\nreplications: 12\nmeasures: [mean(tension)]\n"
    (split,) = played(tmp_path, text).summary["variance"]
    assert split["draws"] + split["parameters"] + split["arm"] == pytest.approx(1.0)
    assert split["parameters"] > 0.1


def test_a_tornado_reports_the_swing_of_each_factor(tmp_path: Path) -> None:
    """The factor with the largest swing is first."""
    text = (
        FACTORS.replace("[0.3, 0.7]", "[0.3, 0.5, 0.7]")
        + "design: one_at_a_time\nreplications: 25\nmeasures: [mean(tension)]\n"
    )
    rows = played(tmp_path, text).summary["sensitivity"]
    assert rows[0]["factor"] == "calm"
    assert rows[0]["at_low"]["effect"] < 0 < rows[0]["at_high"]["effect"]


def test_sobol_indices_include_random_draws(tmp_path: Path) -> None:
    """For each factor and for the draws, within plausible limits."""
    text = FACTORS + "design: {kind: sobol, points: 8}\nmeasures: [mean(tension)]\n"
    batch = played(tmp_path, text)
    rows = {row["factor"]: row for row in batch.summary["sensitivity"]}
    assert list(rows) == ["calm", "hold", "draws"]
    assert rows["calm"]["total"] > rows["hold"]["total"]
    assert len(batch.frame()) == 8 * 5


def test_a_sobol_design_shares_draws_as_required() -> None:
    """Rows A and AB have the draws of A, rows B their own, and A with the draws of B those of B."""
    factors = {"a": Factor(set="tension", range=(0.0, 1.0)), "b": Factor(set="tension", levels=(1.0, 2.0))}
    points = make_points(Design(kind="sobol", points=4), factors, 1)
    assert points.draws[:5] == (0, 0, 0, 1, 1)
    block = np.array(points.values[:5])
    assert (block[3] == block[0]).all()
    assert read_points(points.text(), "listed", "x") == points


@pytest.mark.slow
def test_missing_rows_of_a_sensitivity_table_are_an_error(tmp_path: Path) -> None:
    """SALib would report every factor as unimportant; the batch stays usable."""
    source = Path(__file__).resolve().parents[1] / "data" / "failing-injects.yaml"
    text = FACTORS + f"injects: [{source}]\ndesign: {{kind: sobol, points: 4}}\nmeasures: [actions()]\n"
    batch = played(tmp_path, text)
    with pytest.raises(sensitivity.NoSensitivity, match="runs failed"):
        sensitivity.sensitivity(batch.table)
    assert "refused" in batch.summary
    assert batch.summary["sensitivity"] == []


def test_a_hypercube_fills_every_stratum_once() -> None:
    """For each factor, with the same points for the same seed."""
    factors = {name: Factor(set="tension", range=(0.0, 1.0)) for name in ("a", "b", "c")}
    points = make_points(Design(kind="latin_hypercube", points=20), factors, 3)
    for column in zip(*points.values, strict=True):
        assert sorted(int(value * 20) for value in column) == list(range(20))
    assert make_points(Design(kind="latin_hypercube", points=20), factors, 3) == points


def test_points_may_come_from_a_file(tmp_path: Path) -> None:
    """It has a column for each path and a row for each point."""
    (tmp_path / "points.csv").write_text("tension,control[ARD],control[BRL]\n0.1,0.5,0.4\n0.4,0.6,0.4\n")
    words = ("-n", "4", "--until", "9d", "--jobs", "1", "--measure", "actions()", "--design", "points.csv")
    document = inside_json("batch", "two-rivals", *words, "--out", "b", cwd=tmp_path)
    assert document["runs"] == 4
    frame = open_batch(str(tmp_path / "b")).frame()
    assert frame["factor:control_ARD"].tolist() == [0.5, 0.6, 0.5, 0.6]


def test_a_design_larger_than_the_batch_is_refused(tmp_path: Path) -> None:
    """With its place, because some points would never be run."""
    with pytest.raises(Invalid, match=r":\d+:15: 5 replications are fewer than the design's 6 points"):
        written(tmp_path, FACTORS + "design: {kind: grid, points: 3}\nreplications: 5\n")


# Parameters of the scenario's files


@pytest.mark.parametrize("path", ["rules.attribution", "leaders.xi.interests.collapse_fear[CHN]"])
def test_a_parameter_in_memory_equals_that_of_the_files(path: str) -> None:
    """The scenario of a batch run and that in a run folder have the same hash."""
    loaded = load("korea-2017")
    values = {path: 0.25 if path.startswith("rules") else -3.5}
    fast, from_files = with_parameters(loaded, values), rewritten(loaded, values)
    assert fast.scenario_sha256 == from_files.scenario_sha256 != loaded.scenario_sha256


@pytest.mark.slow
def test_a_run_of_a_point_verifies_from_its_folder(tmp_path: Path) -> None:
    """The frozen files have the numbers of its point, and counts equal those of its row."""
    study = next(entry.path for entry in catalogue.studies() if entry.name == "what-drives-testing")
    text = study.read_text(encoding="utf-8")
    assert text.count("points: 50") == 1
    (tmp_path / "few-points.yaml").write_text(text.replace("points: 50", "points: 3"), encoding="utf-8")
    words = ("-n", "6", "--until", "2d", "--measure", "actions()", "--jobs", "1", "--out", "b", "-q")
    assert wargame("batch", "few-points.yaml", *words, cwd=tmp_path).returncode == 0
    document = wargame_json("run", "b", "--arm", "five_party", "--replication", "4", "--out", "one", cwd=tmp_path)
    row = open_batch(str(tmp_path / "b")).frame().query("arm == 'five_party' and replication == 4")
    assert [document["kernel_events"]] == row["kernel_events"].tolist()
    assert wargame("verify", "one", cwd=tmp_path).returncode == 0


# Comparing and Python


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two batches of one seed and one of another."""
    place = tmp_path_factory.mktemp("pair")
    for name, seed, arms in (("a", 1, ()), ("b", 1, ("x=forbid ARD patrol",)), ("c", 2, ())):
        overrides = StudyOverrides(
            replications=30, until="60d", seed=seed, arms=arms, measures=("actions(ARD)", "p(war)")
        )
        play(open_target("two-rivals", overrides), BatchOptions(out=str(place / name)))
    return place


def test_compare_prints_different_settings_first(pair: Path) -> None:
    """Of arms within a batch, of batches otherwise; then the differences of the measures."""
    done = inside("compare", "b", cwd=pair)
    assert "forbid\n  baseline  -\n  x         ARD patrol\n" in done.stdout.partition("actions(ARD)")[0]
    across = inside("compare", "a", "c", cwd=pair)
    assert "seed\n  a   1\n  c   2\n" in across.stdout.partition("actions(ARD)")[0]


def test_batches_of_one_seed_are_compared_in_pairs(pair: Path) -> None:
    """The same arm in both has no difference; runs of another seed are not paired."""
    document: dict[str, Any] = inside_json("compare", "a", "b", "--measure", "actions(ARD)", cwd=pair)
    same = next(each for each in document["comparisons"] if each["arm"] == "b:baseline")
    assert (same["paired"], same["estimate"], same["se"]) == (True, 0.0, 0.0)
    other = inside_json("compare", "a", "c", "--measure", "actions(ARD)", cwd=pair)
    assert [each["paired"] for each in other["comparisons"]] == [False]


def test_compare_refuses_batches_without_common_measures_or_arms(pair: Path) -> None:
    """A single arm, an unknown measure, or a folder that is not a batch."""
    for words, message in (
        (("a",), "nothing to compare"),
        (("b", "--measure", "p(wra)"), "p(war)"),
        (("nothing",), "no batch"),
    ):
        done = inside("compare", *words, cwd=pair)
        assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_last_is_the_batch_that_was_started_last(pair: Path, tmp_path: Path) -> None:
    """By the time in its manifest, whatever the names of the folders; a run is not one."""
    assert "there is no batch under runs/ yet" in inside("compare", "last", cwd=tmp_path).stderr
    for name, folder, started in (
        ("a", "first", "2026-01-01"),
        ("b", "last-but-one", "2026-01-03"),
        ("c", "x", "2026-01-02"),
    ):
        copy = shutil.copytree(pair / name, tmp_path / "runs" / folder)
        manifest = json.loads((copy / "manifest.json").read_text("utf-8")) | {"started": f"{started}T00:00:00Z"}
        (copy / "manifest.json").write_text(json.dumps(manifest))
    assert inside("run", "two-rivals", "--until", "2d", cwd=tmp_path).returncode == 0
    (compared,) = inside_json("compare", "last", cwd=tmp_path)["batches"]
    assert Path(compared).name == "last-but-one"


def test_last_is_the_latest_of_batches_that_were_started_in_one_second(pair: Path, tmp_path: Path) -> None:
    """Manifests have times to the second."""
    for name, folder in (("a", "z"), ("b", "y"), ("c", "x")):
        copy = shutil.copytree(pair / name, tmp_path / "runs" / folder)
        manifest = json.loads((copy / "manifest.json").read_text("utf-8")) | {"started": "2026-01-01T00:00:00Z"}
        (copy / "manifest.json").write_text(json.dumps(manifest))
    assert Path(find("last", str(tmp_path / "runs"))).name == "x"


def test_compare_reports_the_gain_of_pairing(pair: Path) -> None:
    """The gain is printed next to each difference."""
    frame = open_batch(str(pair / "b")).differences("actions(ARD)")
    assert frame["gain"].item() > 1.5


def test_a_batch_can_be_run_from_python(tmp_path: Path) -> None:
    """`wargame.batch(...)` has frames of rows, estimates and differences."""
    small = package.batch(  # a module that can be called
        "two-rivals",
        6,
        arms={"soft": "forbid ARD strike"},
        measures=["p(war)"],
        until="20d",
        jobs=1,
        out=tmp_path / "b",
    )
    assert (len(small.frame()), list(small.estimates()["arm"])) == (12, ["baseline", "soft"])
    assert small.differences()["measure"].tolist() == ["p(war)"]
    assert small.incidence("war")["share"].max() <= 1.0
    assert open_batch(str(tmp_path / "b")).frame().equals(small.frame())


def test_a_duration_in_the_parameters_of_an_arm_is_stored_in_seconds(tmp_path: Path) -> None:
    """The batch can be opened again."""
    study = "format: wargame-study/1\nname: s\nscenario: two-rivals\nreplications: 2\nuntil: D+5\n"
    study += "arms: {long: {parameters: {rules.trust_half_life: 900d}}, as_is: {}}\n"
    (tmp_path / "s.yaml").write_text(study)
    prepared = open_target(str(tmp_path / "s.yaml"))
    again = thaw(freeze(prepared), "s")
    assert again.identity == prepared.identity
    assert again.own("long") == {"rules.trust_half_life": 900 * 86400}
