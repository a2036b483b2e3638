"""Claims on the command line: verdicts, labels, folders, errors; and arms that change numbers."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.command_line import ended, environment
from support.executors import KILLED, FirstChunkDies
from support.in_process import inside, inside_json
from wargame.batches.api import BatchOptions, open_batch
from wargame.document.markdown import text
from wargame.evidence.claims.experiment import document, plan, play, verdicts
from wargame.evidence.claims.labels import label
from wargame.review.reports.evidence_reports import claims_summary, shares_grid
from wargame.scenario.loading.catalogue import scenario_dir

CLAIMS = """
format: wargame-scenario/1
claims:
  drills:
    statement: Drills raise tension
    mechanism: a patrol adds to tension
    until: 120d
    arms:
      off: {}
      on: {force: [D+10 ARD patrol BRL, D+40 BRL patrol ARD]}
    measures:
      - {formula: mean(tension), contrast: {on: 1, off: -1}, expect: positive}
      - {formula: time(calm), contrast: {on: 1, off: -1}, expect: positive}
  calm:
    statement: Drills lower tension, and few runs see a war
    mechanism: none; the sign is wrong on purpose
    until: 120d
    arms:
      none: {title: the same as off}
      many: {force: [D+10 ARD patrol BRL, D+40 BRL patrol ARD]}
    measures:
      - {formula: mean(tension), contrast: {many: 1, none: -1}, expect: negative}
      - {formula: p(war), contrast: {none: 1}, expect: below, bound: 0.9}
  dull:
    statement: Mistrust does not stir the indifferent
    mechanism: who is not rational does not care
    until: 90d
    arms:
      low: {set: ["trust[ARD, BRL]=-0.5"], parameters: {leaders.*.rationality: 0}}
      high: {set: ["trust[ARD, BRL]=0.5"], parameters: {leaders.*.rationality: 0}}
    measures:
      - {formula: actions(ARD), contrast: {high: 1, low: -1}, expect: none, bound: 0.2, share_of: low}
evidence:
  replications: 24
  draws: 4
  runs_each: 2
  uncertainty:
    - {path: leaders.*.interests.*, times: [0.5, 2]}
    - {path: leaders.*.horizon, range: [180d, 720d]}
"""
DRILLS = "  drills:\n    statement: Drills raise tension"


def write_toy(folder: Path, claims: str = CLAIMS) -> Path:
    """Write the scenario two-rivals with claims into a folder."""
    folder.mkdir(parents=True)
    shutil.copyfile(scenario_dir() / "two-rivals.yaml", folder / "two-rivals.yaml")
    (folder / "claims.yaml").write_text(claims)
    return folder


def comparable(verdicts_document: Any) -> Any:
    """The result without folder and time."""
    return {name: value for name, value in verdicts_document.items() if name not in ("claims_dir", "begun")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scenario `toy` and its tested claims in `one`."""
    top = tmp_path_factory.mktemp("claims")
    write_toy(top / "toy")
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "one", "-q", cwd=top)
    return top


@pytest.fixture(scope="module")
def verdicts_document(place: Path) -> dict[str, Any]:
    """The result in the folder."""
    result: dict[str, Any] = json.loads((place / "one" / "claims.json").read_text("utf-8"))
    return result


def claim(verdicts_document: dict[str, Any], name: str) -> dict[str, Any]:
    """One claim of a result."""
    return next(each for each in verdicts_document["claims"] if each["id"] == name)


def test_each_claim_has_a_verdict(verdicts_document: dict[str, Any]) -> None:
    """A true sign is supported, a false one contradicted."""
    by_claim = {
        each["id"]: [measure["verdict"] for measure in each["measures"]] for each in verdicts_document["claims"]
    }
    assert by_claim["drills"][0] == "supported"
    assert by_claim["calm"] == ["contradicted", "supported"]
    assert claim(verdicts_document, "calm")["verdict"] == "contradicted"


def test_failed_cells_are_counted_and_named(place: Path, tmp_path: Path) -> None:
    """Without any completed point the claims have verdicts but no labels."""
    shutil.copytree(place / "toy", tmp_path / "toy")
    shutil.copytree(place / "one", tmp_path / "one")
    head, *lines = (place / "one" / "labels.jsonl").read_text("utf-8").splitlines()
    failed = [json.dumps([json.loads(line)[0], [], "boom"]) for line in lines]
    (tmp_path / "one" / "labels.jsonl").write_text("\n".join([head, *failed]) + "\n")
    done = inside("claims", "toy", "--labels", "--jobs", "1", "--out", "one", "--resume", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "one" / "claims.json").read_text("utf-8"))
    arms = {each["condition"].removeprefix("arm ") for each in document["labels"]["failures"]}
    measure = claim(document, "drills")["measures"][0]
    assert measure["verdict"] == "supported"
    assert measure["label"] is None
    assert (measure["shares"], measure["over_ranges"]) == (dict.fromkeys(measure["shares"]), [None] * 3)
    assert len(lines) == len(document["labels"]["failures"]) == document["labels"]["cells"]
    assert document["labels"]["failures"][0] == {"condition": f"arm {min(arms)}", "point": 0, "error": "boom"}
    assert "10 cells of arm dull_low failed and are left out (points 0-9: boom)." in done.stdout


def test_cells_lost_with_a_worker_are_counted_and_named(place: Path, tmp_path: Path) -> None:
    """Their points are left out of the shares."""
    shutil.copytree(place / "one", tmp_path / "one")
    (tmp_path / "one" / "labels.jsonl").unlink()
    experiment, batch = plan(str(place / "toy")), open_batch(str(tmp_path / "one"))
    executor = FirstChunkDies()
    with executor:
        labels = label(experiment, batch, verdicts(experiment, batch), executor)
    arm = f"arm {experiment.prepared.names[0]}"
    assert executor.lost == (0,)
    assert labels["how"]["failures"] == [{"condition": arm, "point": 0, "error": KILLED}]


def test_a_measure_has_estimate_and_intervals(verdicts_document: dict[str, Any]) -> None:
    """The corrected interval includes the interval for the measure alone."""
    measure = claim(verdicts_document, "drills")["measures"][0]
    keys = {"measure", "estimate", "low", "high", "expected", "verdict", "n", "se", "runs_needed", "label"}
    assert keys <= set(measure)
    assert measure["adjusted_low"] <= measure["low"] < measure["estimate"] < measure["high"] <= measure["adjusted_high"]


def test_a_contrast_is_computed_by_run(place: Path, verdicts_document: dict[str, Any]) -> None:
    """Estimate and standard error equal those of the paired rows of the batch."""
    rows = (
        open_batch(str(place / "one")).frame().pivot_table(index="replication", columns="arm", values="mean(tension)")
    )
    difference = (rows["drills_on"] if "drills_on" in rows else rows["calm_many"]) - rows["calm_none"]
    measure = claim(verdicts_document, "drills")["measures"][0]
    assert measure["estimate"] == pytest.approx(difference.mean())
    assert measure["se"] == pytest.approx(difference.std(ddof=1) / len(difference) ** 0.5)


def test_equal_arms_are_run_once(verdicts_document: dict[str, Any]) -> None:
    """`drills` and `calm` share two arms, whose titles differ."""
    assert verdicts_document["runs"] == 4 * 24


def test_a_time_is_limited_to_the_length_of_a_run(verdicts_document: dict[str, Any]) -> None:
    """The result has the limit in days."""
    measure = claim(verdicts_document, "drills")["measures"][1]
    assert measure["restricted_to"] == 120.0


def test_the_direct_effect_of_an_action_is_by_construction(verdicts_document: dict[str, Any]) -> None:
    """A forced patrol raises tension with a random policy and with random preferences."""
    assert claim(verdicts_document, "drills")["measures"][0]["label"] == "by construction"


def test_selected_claims_have_the_same_numbers_and_the_strictest_test(
    place: Path, verdicts_document: dict[str, Any]
) -> None:
    """Claims that are not run count as undecided, so that a selection decides nothing that all of them would not."""
    alone = inside_json("claims", "toy", "--claim", "drills", "--jobs", "1", "--out", "alone", cwd=place)
    keys = ("measure", "estimate", "low", "high", "verdict")
    picked = [
        [{k: m[k] for k in keys} for m in claim(each, "drills")["measures"]] for each in (alone, verdicts_document)
    ]
    assert picked[0] == picked[1]


@pytest.mark.slow
def test_results_do_not_depend_on_jobs(place: Path, verdicts_document: dict[str, Any]) -> None:
    """The verdicts are equal, and the label runs are equal to the byte."""
    two = inside_json("claims", "toy", "--labels", "--jobs", "2", "--out", "two", cwd=place)
    assert comparable(two) == comparable(verdicts_document)
    assert (place / "two" / "labels.jsonl").read_bytes() == (place / "one" / "labels.jsonl").read_bytes()


@pytest.mark.slow
def test_a_smaller_experiment_can_be_extended(place: Path, verdicts_document: dict[str, Any]) -> None:
    """The result equals that of the larger experiment."""
    inside("claims", "toy", "-n", "6", "--jobs", "1", "--out", "grown", "-q", cwd=place)
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "grown", "--resume", "-q", cwd=place)
    assert comparable(json.loads((place / "grown" / "claims.json").read_text("utf-8"))) == comparable(verdicts_document)


def test_labels_are_resumed(place: Path, verdicts_document: dict[str, Any]) -> None:
    """With half of the stored cells the result is the same."""
    shutil.copytree(place / "one", place / "half")
    lines = (place / "half" / "labels.jsonl").read_bytes().splitlines(keepends=True)
    (place / "half" / "labels.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "half", "--resume", "-q", cwd=place)
    assert comparable(json.loads((place / "half" / "claims.json").read_text("utf-8"))) == comparable(verdicts_document)


@pytest.mark.slow
def test_a_killed_experiment_is_resumed(place: Path, verdicts_document: dict[str, Any]) -> None:
    """It is killed after the first part is written."""
    words = [sys.executable, "-m", "wargame", "claims", "toy", "--labels", "--jobs", "1", "--out", "killed", "-q"]
    with ended(subprocess.Popen(words, cwd=place, env=environment(), stdout=subprocess.DEVNULL)) as process:
        while not list(place.glob("killed/runs/*.parquet")) and process.poll() is None:
            pass
        process.kill()
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "killed", "--resume", "-q", cwd=place)
    assert comparable(json.loads((place / "killed" / "claims.json").read_text("utf-8"))) == comparable(
        verdicts_document
    )


# --- fixed before the first run ---------------------------------------------------------------------------


def test_the_manifest_has_the_hashes_of_the_questions(place: Path, verdicts_document: dict[str, Any]) -> None:
    """It also has those of mechanisms and parameters, and is written before the first run."""
    manifest = json.loads((place / "one" / "manifest.json").read_text("utf-8"))
    assert set(manifest["fixed"]) == {"questions", "mechanisms", "parameters"}
    assert verdicts_document["fixed"] == manifest["fixed"]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("expect: negative}", "expect: positive}", {"questions"}),
        ("start: 0.3, baseline: 0.1", "start: 0.31, baseline: 0.1", {"parameters"}),
        ("baseline: 0.5 - 0.3 * tension", "baseline: 0.5 - 0.2 * tension", {"mechanisms"}),
    ],
)
def test_each_hash_depends_on_its_part_of_the_scenario(
    place: Path, tmp_path: Path, old: str, new: str, changed: set[str]
) -> None:
    """A sign changes the questions, a number the parameters, a formula the mechanisms."""
    other = write_toy(tmp_path / "other")
    for path in other.iterdir():
        path.write_text(path.read_text("utf-8").replace(old, new))
    first, second = (plan(str(each)).fixed for each in (place / "toy", other))
    assert {name for name in first if first[name] != second[name]} == changed


def test_changed_claims_are_not_resumed(place: Path, tmp_path: Path) -> None:
    """A folder with other claims is an error, before anything is run."""
    shutil.copytree(place / "one", tmp_path / "one")
    write_toy(tmp_path / "toy", CLAIMS.replace("expect: negative}", "expect: positive}"))
    for part in (tmp_path / "one" / "runs").glob("*.parquet"):
        part.unlink()
    done = inside("claims", "toy", "--out", "one", "--resume", cwd=tmp_path)
    assert done.returncode == 3
    assert "with other questions" in done.stderr
    assert not list((tmp_path / "one" / "runs").glob("*.parquet"))


# --- bad input -------------------------------------------------------------------------------------


BAD = [
    ("contrast: {on: 1, off: -1}, expect: positive}", "contrast: {onn: 1, off: -1}, expect: positive}", "no arm 'onn'"),
    ("contrast: {on: 1, off: -1}", "contrast: {on: 1, off: 0}", "has the coefficient 0"),
    ("formula: mean(tension)", "formula: mean(tensoin)", "no indicator 'tensoin' (did you mean 'tension'"),
    ("formula: time(calm)", "formula: time(calmm)", "no outcome 'calmm'"),
    ("expect: none, bound: 0.2, share_of: low}", "expect: none}", "`expect: none` needs a `bound`"),
    ("share_of: low}", "share_of: lowest}", "no arm 'lowest'"),
    ("expect: positive}", "expect: positive, bound: 1}", "has no bound"),
    ("expect: positive}", "expect: rising}", "must be one of positive"),
    ("D+10 ARD patrol BRL, D+40", "D+10 ARD patrul BRL, D+40", "unknown option 'patrul' (did you mean 'patrol'"),
    ("D+10 ARD patrol BRL, D+40", "D+10 ARX patrol BRL, D+40", "unknown government 'ARX'"),
    ("D+10 ARD patrol BRL, D+40", "D+200 ARD patrol BRL, D+40", "not between STARTEX and the end"),
    ("D+10 ARD patrol BRL, D+40", "ARD patrol, D+40", "does not have the form"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD]=-0.5"', "must be written as trust[government, government]"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD, BRL]=-5"', "outside the range"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD, BRL]"', "does not have the form PATH=VALUE"),
    ("leaders.*.rationality: 0", "leaders.*.rationalty: 0", "the scenario has no number at"),
    ("leaders.*.rationality: 0", "leaders.*.rationality: -1", "it cannot be -1"),
    ("path: leaders.*.interests.*", "path: leaders.*.interest.*", "the scenario has no number at"),
    ("times: [0.5, 2]", "times: [2, 0.5]", "write the lower end first"),
    ("times: [0.5, 2]", "times: [0.5, 2], range: [1, 2]", "exactly one of"),
    ("horizon, range: [180d, 720d]", "loss_aversion, range: [0, 2]", "the range exceeds this"),
    ("until: 120d\n    arms:\n      off", "startex: 2040-01-01\n    arms:\n      off", "is outside the scenario"),
    ("none: {title: the same as off}", "none: {skip: [flare]}", "unknown inject or row 'flare'"),
    ("until: 120d\n    arms:\n      off", "until: 120 dais\n    arms:\n      off", "`until`"),
    ("until: 120d\n    arms:\n      off", "until: 2029-12-01\n    arms:\n      off", "not after STARTEX"),
    ("expect: none, bound: 0.2", "expect: none, bound: 0", "the bound of an equivalence must be above 0"),
    ("contrast: {on: 1, off: -1}", "contrast: {}", "the contrast names no arm"),
    ("none: {title: the same as off}", "none: {leaders: {ARD: brel_premier}}", "'brel_premier' leads BRL, not ARD"),
    ("D+10 ARD patrol BRL, D+40", "D+1O ARD patrol BRL, D+40", "D+1O"),
    ('"trust[ARD, BRL]=-0.5"', '"rung[ARD, BRL]=5"', "`rung` cannot be set"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD, BRL]=-0.5@D+900"', "not between STARTEX and the end"),
    ("formula: mean(tension)", "formula: 'mean(trust[ARD, ARD])'", "the two governments of a pair must differ"),
    ("formula: mean(tension)", "formula: 'mean(trust[actor, ARD])'", "has no meaning here"),
    ("      off: {}\n      on: {force: [D+10 ARD patrol BRL, D+40 BRL patrol ARD]}\n", "", "`arms` has no value"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_errors_of_a_claim_have_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    """They are reported before anything is run."""
    assert old in CLAIMS
    write_toy(tmp_path / "toy", CLAIMS.replace(old, new, 1))
    done = inside("claims", "toy", cwd=tmp_path)
    assert done.returncode == 3
    line = next(each for each in done.stderr.splitlines() if message in each)
    assert line.startswith("toy/claims.yaml:")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("two-rivalz",), 2, "there is no scenario 'two-rivalz'"),
        (("toy", "--claim", "drill"), 2, "did you mean 'drills'"),
        (("toy", "--out", "one"), 2, "exists already"),
    ],
)
def test_wrong_options_are_usage_errors(place: Path, words: tuple[str, ...], code: int, message: str) -> None:
    """The message suggests a similar name."""
    done = inside("claims", *words, cwd=place)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr


def test_a_scenario_without_claims_is_a_usage_error(tmp_path: Path) -> None:
    """The message says where to add them."""
    write_toy(tmp_path / "toy", "format: wargame-scenario/1\nevidence: {replications: 10}\n")
    done = inside("claims", "toy", cwd=tmp_path)
    assert (done.returncode, "claims:" in done.stderr) == (2, True)


def test_with_too_few_runs_all_claims_are_undecided(place: Path) -> None:
    """The output says so."""
    done = inside("claims", "toy", "-n", "3", "--jobs", "1", "--out", "small", cwd=place)
    small = json.loads((place / "small" / "claims.json").read_text("utf-8"))
    assert {each["verdict"] for each in small["claims"]} == {"undecided"}
    assert "oo few runs for a verdict" in done.stdout


# --- arms with numbers -----------------------------------------------------------------------------


def test_a_single_run_of_an_arm_equals_that_of_the_batch(place: Path) -> None:
    """The numbers of the arm are written into the input files of the run."""
    rows = open_batch(str(place / "one")).frame()
    arm = next(name for name in rows["arm"].unique() if name.startswith("dull"))
    row = rows[(rows["arm"] == arm) & (rows["replication"] == 3)].iloc[0]
    run = inside_json("run", "one", "--arm", arm, "--replication", "3", "--out", "single", cwd=place)
    assert (run["decisions"], run["kernel_events"]) == (row["decisions"], row["kernel_events"])
    assert inside("verify", "single", cwd=place).returncode == 0


@pytest.mark.parametrize(
    ("clause", "message"),
    [
        ("parameter leaders.*.rationalty=3", "there is no number at 'leaders.*.rationalty'"),
        ("parameter rules.trust_rate=3", "it cannot be 3"),
        ("parameter rules.violent_rung=6.5", "is a whole number"),
        ("parameter rules.trust_rate", "write parameter PATH=VALUE"),
    ],
)
def test_errors_in_parameters_of_an_arm_are_usage_errors(place: Path, clause: str, message: str) -> None:
    """They are reported before anything is run."""
    done = inside("batch", "two-rivals", "-n", "2", "--arm", f"odd={clause}", "--out", "odd", cwd=place)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "clause",
    [
        "parameter leaders.*.rationality=0",
        "parameter governments.ARD.perception.noise=3",
        "parameter leaders.arda_council.horizon=30d; parameter leaders.*.horizon=900d",
    ],
)
def test_an_arm_on_the_command_line_can_change_numbers(tmp_path: Path, clause: str) -> None:
    """Written numbers and defaults, one or several, numbers and durations."""
    words = ("--measure", "actions()", "--until", "90d", "--jobs", "1", "--out", "b", "-q")
    inside("batch", "two-rivals", "-n", "6", "--arm", f"odd={clause}", *words, cwd=tmp_path)
    rows = open_batch(str(tmp_path / "b")).frame().pivot_table(index="replication", columns="arm", values="actions()")
    assert (rows["odd"] != rows["baseline"]).any()


# --- the built-in scenario -------------------------------------------------------------------------

STRONG = {
    "P04": ["trust[CHN, KOR]", "trust[CHN, USA]"],
    "P07": ["mean(sanctions_pressure)", "economy[PRK]"],
    "P09": ["trust[CHN, PRK]"],
}
"""Effects of korea-2017 that are supported with 24 runs."""


@pytest.mark.exhaustive
def test_the_strong_claims_of_korea_are_supported(tmp_path: Path) -> None:
    """They are tested with few runs; `make evidence` tests all claims."""
    claims_plan = plan("korea-2017", list(STRONG), replications=24, seed=1)
    batch = play(claims_plan, BatchOptions(out=str(tmp_path / "quick")))
    verdicts_document = document(claims_plan, batch, verdicts(claims_plan, batch))
    by_measure = {
        (each["id"], measure["measure"]): measure["verdict"]
        for each in verdicts_document["claims"]
        for measure in each["measures"]
    }
    expected = {(name, measure): "supported" for name, measures in STRONG.items() for measure in measures}
    assert {key: by_measure[key] for key in expected} == expected


def test_korea_has_thirty_claims() -> None:
    """Each has arms and measures."""
    claims = plan("korea-2017").claims
    assert list(claims) == [f"P{number:02}" for number in range(1, 31)]
    assert all(claim.measures and claim.arms for claim in claims.values())


def test_the_page_has_a_row_for_each_claim_and_measure(verdicts_document: dict[str, Any]) -> None:
    """The table of verdicts and the one of shares have a head and all rows."""
    page, shares = text(claims_summary(verdicts_document)), text([shares_grid(verdicts_document)])
    rows = [sum(line.startswith("| ") for line in part.splitlines()) for part in (page, shares)]
    measures = sum(len(each["measures"]) for each in verdicts_document["claims"])
    assert rows == [2 + len(verdicts_document["claims"]) + measures, 2 + measures]
    assert "| **calm contradicted, by construction: Drills lower tension, and few runs see a war** |  |" in page


def test_the_runs_needed_are_explained_only_where_the_table_has_some(verdicts_document: dict[str, Any]) -> None:
    """Only undecided measures have a number of runs needed."""
    every = [measure for each in verdicts_document["claims"] for measure in each["measures"]]
    for verdict in ("undecided", "supported"):
        claims = [{**each, "measures": [{**every[0], "verdict": verdict}]} for each in verdicts_document["claims"]]
        page = text(claims_summary({**verdicts_document, "claims": claims}))
        assert ("Runs needed: to decide it" in " ".join(page.split())) == (verdict == "undecided")


def test_shares_are_below_the_heads_of_their_kinds_of_points(verdicts_document: dict[str, Any]) -> None:
    """Points over the ranges, of chance alone, with random preferences and without written worth, in this order."""
    labelled = copy.deepcopy(verdicts_document)
    labelled["claims"][0]["measures"][0]["shares"] = {
        "nothing_written": 0.44,
        "random_preferences": 0.33,
        "random_policy": 0.22,
        "ranges": 0.11,
        "ablations": 0.16,
    }
    labelled["claims"][0]["measures"][0]["share_low"] = 0.05
    head, _, first, *_ = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in text([shares_grid(labelled)]).splitlines()
        if line.startswith("|")
    ]
    assert head[3:] == ["Share", "Ablations", "Random policy", "Random preferences", "Nothing written"]
    assert first[3:] == ["0.11 (from 0.05)", "0.16", "0.22", "0.33", "0.44"]


def test_report_and_show_print_the_claims_of_a_batch(place: Path, verdicts_document: dict[str, Any]) -> None:
    """They print verdicts instead of comparisons between unrelated arms."""
    inside("report", "one", "--format", "md", "-o", "claims.md", cwd=place)
    text = (place / "claims.md").read_text(encoding="utf-8")
    shown = inside("show", "one", cwd=place).stdout
    assert "# Claims of Two rivals and a strait" in text
    for idle in ("different periods", "(baseline)", "What it means", "Thresholds"):
        assert idle not in text
    assert "different periods" not in shown
    assert verdicts_document["claims"]
    for each in verdicts_document["claims"]:
        assert f"{each['id']}  {each['verdict']}" in shown
    assert inside_json("show", "one", cwd=place) == verdicts_document


def test_the_report_of_a_batch_has_the_verdicts(place: Path, verdicts_document: dict[str, Any], tmp_path: Path) -> None:
    """It does not compare arms of different claims; a damaged result is an error."""
    shutil.copytree(place / "one", tmp_path / "one")
    inside("report", "one", "--format", "md", cwd=tmp_path)
    text = (tmp_path / "one" / "report.md").read_text(encoding="utf-8")
    section = text[text.index("## Claims") : text.index("## Failures")]
    assert "## Differences" not in text
    assert verdicts_document["claims"]
    for each in verdicts_document["claims"]:
        (line,) = (line for line in section.splitlines() if line.startswith(f"| **{each['id']} {each['verdict']}"))
        assert f": {each['statement']}** |" in line
    (tmp_path / "one" / "claims.json").write_text('{"claims": [1]}')
    done = inside("report", "one", "--format", "md", cwd=tmp_path)
    assert (done.returncode, "claims.json" in done.stderr) == (3, True)
