"""The claims of a scenario, from the command line: verdicts, labels, folders, bad input; and arms with numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.command_line import environment
from support.in_process import inside, inside_json
from wargame.batch.api import BatchOptions, open_batch
from wargame.evidence.claims.experiment import document, plan, play, verdicts
from wargame.evidence.claims.text import markdown
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


def toy(folder: Path, claims: str = CLAIMS) -> Path:
    """Two rivals with claims of their own, as a folder."""
    folder.mkdir(parents=True)
    shutil.copy(scenario_dir() / "two-rivals.yaml", folder)
    (folder / "claims.yaml").write_text(claims)
    return folder


def comparable(found: Any) -> Any:
    """The result without where and when."""
    return {name: value for name, value in found.items() if name not in ("claims_dir", "begun")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the toy lies, and its claims have been put to the test with one process."""
    top = tmp_path_factory.mktemp("claims")
    toy(top / "toy")
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "one", "-q", cwd=top)
    return top


@pytest.fixture(scope="module")
def found(place: Path) -> dict[str, Any]:
    """The result as the folder keeps it."""
    made: dict[str, Any] = json.loads((place / "one" / "claims.json").read_text())
    return made


def claim(found: dict[str, Any], name: str) -> dict[str, Any]:
    """One claim of a result."""
    return next(each for each in found["claims"] if each["id"] == name)


def test_each_claim_has_its_verdict(found: dict[str, Any]) -> None:
    """The right sign, the wrong one, an equivalence."""
    told = {each["id"]: [measure["verdict"] for measure in each["measures"]] for each in found["claims"]}
    assert told["drills"][0] == "supported"
    assert told["calm"] == ["contradicted", "supported"]
    assert claim(found, "calm")["verdict"] == "contradicted"


def test_points_that_all_fail_leave_claims_without_labels(place: Path, tmp_path: Path) -> None:
    """They are told; the verdicts stand, nothing breaks."""
    shutil.copytree(place / "toy", tmp_path / "toy")
    shutil.copytree(place / "one", tmp_path / "one")
    head, *lines = (place / "one" / "labels.jsonl").read_text().splitlines()
    failed = [json.dumps([json.loads(line)[0], [], "boom"]) for line in lines]
    (tmp_path / "one" / "labels.jsonl").write_text("\n".join([head, *failed]) + "\n")
    done = inside("claims", "toy", "--labels", "--jobs", "1", "--out", "one", "--resume", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "one" / "claims.json").read_text())
    measure = claim(made, "drills")["measures"][0]
    assert measure["verdict"] == "supported"
    assert measure["label"] is None
    assert (measure["shares"], measure["over_ranges"]) == (dict.fromkeys(measure["shares"]), [None] * 3)
    assert made["labels"]["failures"] == ["boom"]


def test_a_measure_tells_what_it_must(found: dict[str, Any]) -> None:
    """Estimate, interval, what was expected, and the corrected interval about it."""
    measure = claim(found, "drills")["measures"][0]
    wanted = {"measure", "estimate", "low", "high", "expected", "verdict", "n", "se", "runs_needed", "label"}
    assert wanted <= set(measure)
    assert measure["adjusted_low"] < measure["low"] < measure["estimate"] < measure["high"] < measure["adjusted_high"]


def test_a_contrast_is_computed_run_by_run(place: Path, found: dict[str, Any]) -> None:
    """From the rows of the batch that the folder is."""
    rows = (
        open_batch(str(place / "one")).frame().pivot_table(index="replication", columns="arm", values="mean(tension)")
    )
    difference = (rows["drills_on"] if "drills_on" in rows else rows["calm_many"]) - rows["calm_none"]
    measure = claim(found, "drills")["measures"][0]
    assert measure["estimate"] == pytest.approx(difference.mean())
    assert measure["se"] == pytest.approx(difference.std(ddof=1) / len(difference) ** 0.5)


def test_arms_that_change_the_same_are_played_once(found: dict[str, Any]) -> None:
    """Two of `drills` and `calm` are one another's; titles do not count."""
    assert found["runs"] == 4 * 24


def test_a_time_is_cut_off_at_the_end(found: dict[str, Any]) -> None:
    """And the result says at how many days."""
    measure = claim(found, "drills")["measures"][1]
    assert measure["restricted_to"] == 120.0


def test_what_follows_from_a_action_itself_is_by_construction(found: dict[str, Any]) -> None:
    """A forced patrol raises tension whoever decides and whatever they want."""
    assert claim(found, "drills")["measures"][0]["label"] == "by construction"


def test_a_subset_has_the_same_verdicts(place: Path, found: dict[str, Any]) -> None:
    """The correction is for all claims of the scenario, played or not."""
    alone = inside_json("claims", "toy", "--claim", "drills", "--jobs", "1", "--out", "alone", cwd=place)
    keys = ("measure", "estimate", "low", "high", "adjusted_low", "adjusted_high", "verdict", "runs_needed")
    picked = [[{k: m[k] for k in keys} for m in claim(each, "drills")["measures"]] for each in (alone, found)]
    assert picked[0] == picked[1]


@pytest.mark.slow
def test_cores_change_nothing(place: Path, found: dict[str, Any]) -> None:
    """Neither verdicts nor the runs of labels, to the byte."""
    two = inside_json("claims", "toy", "--labels", "--jobs", "2", "--out", "two", cwd=place)
    assert comparable(two) == comparable(found)
    assert (place / "two" / "labels.jsonl").read_bytes() == (place / "one" / "labels.jsonl").read_bytes()


def test_a_larger_experiment_goes_on_from_a_smaller(place: Path, found: dict[str, Any]) -> None:
    """The first runs are those that it would have had anyway."""
    inside("claims", "toy", "-n", "6", "--jobs", "1", "--out", "grown", "-q", cwd=place)
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "grown", "--resume", "-q", cwd=place)
    assert comparable(json.loads((place / "grown" / "claims.json").read_text())) == comparable(found)


def test_labels_go_on_where_they_were_left(place: Path, found: dict[str, Any]) -> None:
    """With half of their runs lost the result is the same."""
    shutil.copytree(place / "one", place / "half")
    lines = (place / "half" / "labels.jsonl").read_bytes().splitlines(keepends=True)
    (place / "half" / "labels.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "half", "--resume", "-q", cwd=place)
    assert comparable(json.loads((place / "half" / "claims.json").read_text())) == comparable(found)


@pytest.mark.slow
def test_a_killed_one_goes_on(place: Path, found: dict[str, Any]) -> None:
    """After SIGKILL with the first part written."""
    words = [sys.executable, "-m", "wargame", "claims", "toy", "--labels", "--jobs", "1", "--out", "killed", "-q"]
    with subprocess.Popen(words, cwd=place, env=environment(), stdout=subprocess.DEVNULL) as process:
        while not list(place.glob("killed/runs/*.parquet")) and process.poll() is None:
            pass
        process.kill()
    inside("claims", "toy", "--labels", "--jobs", "1", "--out", "killed", "--resume", "-q", cwd=place)
    assert comparable(json.loads((place / "killed" / "claims.json").read_text())) == comparable(found)


# --- what was fixed when ---------------------------------------------------------------------------


def test_the_folder_says_what_was_fixed_before_the_first_run(place: Path, found: dict[str, Any]) -> None:
    """Claims and evidence, mechanisms, numbers: in the manifest, which is written first."""
    manifest = json.loads((place / "one" / "manifest.json").read_text())
    assert set(manifest["fixed"]) == {"questions", "mechanisms", "parameters"}
    assert found["fixed"] == manifest["fixed"]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("expect: negative}", "expect: positive}", {"questions"}),
        ("start: 0.3, baseline: 0.1", "start: 0.31, baseline: 0.1", {"parameters"}),
        ("baseline: 0.5 - 0.3 * tension", "baseline: 0.5 - 0.2 * tension", {"mechanisms"}),
    ],
)
def test_hashes_tell_apart_what_changed(place: Path, tmp_path: Path, old: str, new: str, changed: set[str]) -> None:
    """A sign, a number, a formula."""
    other = toy(tmp_path / "other")
    for path in other.iterdir():
        path.write_text(path.read_text().replace(old, new))
    first, second = (plan(str(each)).fixed for each in (place / "toy", other))
    assert {name for name in first if first[name] != second[name]} == changed


def test_nothing_expected_is_changed_after_the_fact(place: Path, tmp_path: Path) -> None:
    """A folder is not gone on with once its claims say something else."""
    shutil.copytree(place / "one", tmp_path / "one")
    toy(tmp_path / "toy", CLAIMS.replace("expect: negative}", "expect: positive}"))
    done = inside("claims", "toy", "--out", "one", "--resume", cwd=tmp_path)
    assert done.returncode == 3
    assert "with other questions" in done.stderr


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
    ("D+10 ARD patrol BRL, D+40", "D+200 ARD patrol BRL, D+40", "not between STARTEX and end"),
    ("D+10 ARD patrol BRL, D+40", "ARD patrol, D+40", "is not of the form"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD]=-0.5"', "is to be written as trust[government, government]"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD, BRL]=-5"', "outside the range"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD, BRL]"', "not of the form PATH=VALUE"),
    ("leaders.*.rationality: 0", "leaders.*.rationalty: 0", "no number of the scenario is at"),
    ("leaders.*.rationality: 0", "leaders.*.rationality: -1", "it cannot be -1"),
    ("path: leaders.*.interests.*", "path: leaders.*.interest.*", "no number of the scenario is at"),
    ("times: [0.5, 2]", "times: [2, 0.5]", "write the lower end first"),
    ("times: [0.5, 2]", "times: [0.5, 2], range: [1, 2]", "exactly one of"),
    ("horizon, range: [180d, 720d]", "loss_aversion, range: [0, 2]", "this goes beyond"),
    (
        "until: 120d\n    arms:\n      off",
        "startex: 2040-01-01\n    arms:\n      off",
        "does not lie in the scenario",
    ),
    ("none: {title: the same as off}", "none: {skip: [flare]}", "unknown inject or row 'flare'"),
    ("until: 120d\n    arms:\n      off", "until: 120 dais\n    arms:\n      off", "`until`"),
    ("until: 120d\n    arms:\n      off", "until: 2029-12-01\n    arms:\n      off", "not after STARTEX"),
    ("expect: none, bound: 0.2", "expect: none, bound: 0", "the bound of an equivalence is above 0"),
    ("contrast: {on: 1, off: -1}", "contrast: {}", "the contrast names no arm"),
    ("none: {title: the same as off}", "none: {leaders: {ARD: brel_premier}}", "'brel_premier' leads BRL, not ARD"),
    ("D+10 ARD patrol BRL, D+40", "D+1O ARD patrol BRL, D+40", "D+1O"),
    ('"trust[ARD, BRL]=-0.5"', '"rung[ARD, BRL]=5"', "`rung` cannot be set"),
    ('"trust[ARD, BRL]=-0.5"', '"trust[ARD, BRL]=-0.5@D+900"', "not between STARTEX and end"),
    ("formula: mean(tension)", "formula: 'mean(trust[ARD, ARD])'", "a government is no pair with itself"),
    ("formula: mean(tension)", "formula: 'mean(trust[actor, ARD])'", "stands for nobody here"),
    ("      off: {}\n      on: {force: [D+10 ARD patrol BRL, D+40 BRL patrol ARD]}\n", "", "must be a mapping"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_bad_claim_is_told_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    """File, line, column, and what to do; before anything is played."""
    assert old in CLAIMS
    toy(tmp_path / "toy", CLAIMS.replace(old, new, 1))
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
def test_wrong_words_are_told(place: Path, words: tuple[str, ...], code: int, message: str) -> None:
    """With the nearest right one."""
    done = inside("claims", *words, cwd=place)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr


def test_a_scenario_without_claims_has_none_to_test(tmp_path: Path) -> None:
    """And is told where they are written."""
    toy(tmp_path / "toy", "format: wargame-scenario/1\nevidence: {replications: 10}\n")
    done = inside("claims", "toy", cwd=tmp_path)
    assert (done.returncode, "claims:" in done.stderr) == (2, True)


def test_an_experiment_that_is_too_small_is_not_dressed_up(place: Path) -> None:
    """Nothing is decided by a handful of runs, and the page says so."""
    done = inside("claims", "toy", "-n", "3", "--jobs", "1", "--out", "small", cwd=place)
    small = json.loads((place / "small" / "claims.json").read_text())
    assert {each["verdict"] for each in small["claims"]} == {"undecided"}
    assert "oo few runs to say anything" in done.stdout


# --- arms with numbers -----------------------------------------------------------------------------


def test_a_run_of_an_arm_with_numbers_is_the_run_of_the_batch(place: Path) -> None:
    """Played alone, with the numbers written into its files, it comes to the same."""
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
def test_a_wrong_number_of_an_arm_is_told(place: Path, clause: str, message: str) -> None:
    """Before anything is played."""
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
def test_an_arm_on_the_command_line_changes_numbers(tmp_path: Path, clause: str) -> None:
    """Written or at their default, one or many, as numbers or durations."""
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
"""Effects of korea-2017 that two dozen runs decide, corrected for all of its claims."""


@pytest.mark.slow
def test_the_strong_claims_of_korea_stand(tmp_path: Path) -> None:
    """A change that turns one of them is seen before it is merged; the whole table is `make evidence`."""
    made = plan("korea-2017", list(STRONG), replications=24, seed=1)
    batch = play(made, BatchOptions(out=str(tmp_path / "quick")))
    found = document(made, batch, verdicts(made, batch))
    told = {
        (each["id"], measure["measure"]): measure["verdict"] for each in found["claims"] for measure in each["measures"]
    }
    wanted = {(name, measure): "supported" for name, measures in STRONG.items() for measure in measures}
    assert {key: told[key] for key in wanted} == wanted


def test_all_propositions_are_claims() -> None:
    """None of the twenty-five is left out, and each compares arms."""
    claims = plan("korea-2017").claims
    assert list(claims) == [f"P{number:02}" for number in range(1, 26)]
    assert all(claim.measures and claim.arms for claim in claims.values())


def test_the_page_has_a_row_for_each_claim_and_measure(found: dict[str, Any]) -> None:
    """With verdict and label; what stands in cells ends none of them."""
    page = markdown(found)
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    measures = sum(len(each["measures"]) for each in found["claims"])
    assert len(rows) == (2 + len(found["claims"]) + measures) + (2 + measures)
    assert "| **calm** Drills lower tension, and few runs see a war |  |  | **contradicted** |" in page


def test_a_batch_of_claims_is_told_as_claims(place: Path, found: dict[str, Any]) -> None:
    """By `report` and by `show`: verdicts, and nothing that compares arms which have nothing in common."""
    inside("report", "one", "--format", "md", "-o", "told.md", cwd=place)
    text = (place / "told.md").read_text(encoding="utf-8")
    shown = inside("show", "one", cwd=place).stdout
    assert "# Claims of Two rivals and a strait" in text
    for idle in ("different periods", "(baseline)", "What it means", "Thresholds"):
        assert idle not in text
    assert "different periods" not in shown
    for each in found["claims"]:
        assert f"{each['id']}  {each['verdict']}" in shown
    assert inside_json("show", "one", cwd=place) == found


def test_the_report_of_the_batch_tells_the_verdicts(place: Path, found: dict[str, Any], tmp_path: Path) -> None:
    """And compares no arms of different claims; a damaged result is refused."""
    shutil.copytree(place / "one", tmp_path / "one")
    inside("report", "one", "--format", "md", cwd=tmp_path)
    text = (tmp_path / "one" / "report.md").read_text(encoding="utf-8")
    told = text[text.index("## The claims") : text.index("## Failures")]
    assert "## Differences" not in text
    for each in found["claims"]:
        (line,) = (line for line in told.splitlines() if line.startswith(f"| {each['id']} {each['statement']} |"))
        assert each["verdict"] in line
    (tmp_path / "one" / "claims.json").write_text('{"claims": [1]}')
    done = inside("report", "one", "--format", "md", cwd=tmp_path)
    assert (done.returncode, "claims.json" in done.stderr) == (3, True)
