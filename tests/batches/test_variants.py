"""Variants: another model of the same crisis by name, in every command that runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support.entry_point import wargame
from support.in_process import inside, inside_json
from wargame.batches.api import open_batch
from wargame.batches.study.parameters import rewritten, under, variant_problems
from wargame.errors import Invalid, UsageFault
from wargame.language.times import DAY
from wargame.scenario.loading.catalogue import scenario_dir
from wargame.scenario.loading.load import load, load_files

VARIANTS = """format: wargame-scenario/1
claims:
  drills:
    statement: Drills raise tension
    mechanism: a patrol does so
    until: 60d
    arms: {none: {forbid: [ARD patrol, BRL patrol]}, many: {force: [D+10 ARD patrol BRL, D+20 BRL patrol ARD]}}
    measures: [{formula: mean(tension), contrast: {many: 1, none: -1}, expect: positive}]
evidence:
  replications: 20
  variants:
    asleep: {title: Nobody ever acts, parameters: {leaders.*.threshold: 1000000, leaders.*.tempo: 3650d}}
    mild: {parameters: {leaders.*.loss_aversion: 1, rules.triangle: 0}}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the toy, which declares variants."""
    top = tmp_path_factory.mktemp("variants")
    (top / "toy").mkdir()
    shutil.copy(scenario_dir() / "two-rivals.yaml", top / "toy")
    (top / "toy" / "questions.yaml").write_text(VARIANTS)
    return top


def manifest(path: Path) -> dict[str, Any]:
    """Of a run or batch."""
    manifest: dict[str, Any] = json.loads((path / "manifest.json").read_text("utf-8"))
    return manifest


def test_a_run_under_a_variant_is_that_model_and_verifies(place: Path) -> None:
    """Without actors there are no actions, and the folder has everything to re-run it."""
    document = inside_json("run", "toy", "--variant", "asleep", "--out", "run", "--no-report", cwd=place)
    plain = inside_json("run", "toy", "--out", "plain", "--no-report", cwd=place)
    actions = [
        sum('"kind":"action"' in line and '"from":"decision"' in line for line in path.read_text("utf-8").splitlines())
        for path in (place / "run" / "journal.jsonl", place / "plain" / "journal.jsonl")
    ]
    assert (actions[0], actions[1] > 5) == (0, True)
    assert (document["seed"], plain["seed"]) == (1, 1)
    assert manifest(place / "run")["command"] == "wargame run toy --seed 1 --variant asleep"
    done = inside("verify", "run", cwd=place)
    assert done.returncode == 0, done.stdout


def test_a_row_of_a_batch_under_a_variant_is_the_run(place: Path) -> None:
    """For the batch and for the scenario."""
    inside("batch", "toy", "--variant", "mild", "-n", "3", "--jobs", "1", "--out", "batch", "-q", cwd=place)
    assert manifest(place / "batch")["command"] == "wargame batch toy -n 3 --variant mild"
    inside("run", "batch", "--replication", "2", "--out", "row", "--no-report", "-q", cwd=place)
    inside("run", "toy", "--variant", "mild", "--replication", "2", "--out", "own", "--no-report", "-q", cwd=place)
    inside("run", "toy", "--replication", "2", "--out", "other", "--no-report", "-q", cwd=place)
    row, own, other = ((place / name / "journal.jsonl").read_bytes() for name in ("row", "own", "other"))
    assert row == own != other


def test_other_changes_are_applied_on_top_of_a_variant(place: Path) -> None:
    """An arm or a factor that changes the same number has the last word; nothing is overridden unseen."""
    words = ("toy", "--variant", "mild", "-n", "2", "--jobs", "1", "--measure", "actions()")
    arm = "x=parameter leaders.*.loss_aversion=2.5"
    inside("batch", *words, "--arm", arm, "--out", "arms", "-q", cwd=place)
    opened = open_batch(str(place / "arms")).prepared
    assert opened.scenario_of("x", 0).scenario.leaders["arda_council"].loss_aversion == 2.5
    assert opened.scenario_of("baseline", 0).scenario.leaders["arda_council"].loss_aversion == 1
    (place / "design.csv").write_text("leaders.arda_council.loss_aversion\n1.5\n2.5\n")
    inside("batch", *words, "--design", "design.csv", "--out", "points", "-q", cwd=place)
    varied = open_batch(str(place / "points")).prepared
    values = [varied.scenario_of("baseline", r).scenario.leaders["arda_council"].loss_aversion for r in (0, 1)]
    assert values == [1.5, 2.5]


def test_claims_can_be_tested_on_a_variant(place: Path) -> None:
    """All arms use it, the folder records it, and the claims as written are separate."""
    inside("claims", "toy", "--variant", "asleep", "-n", "20", "--jobs", "1", "--out", "claims", "-q", cwd=place)
    document = json.loads((place / "claims" / "claims.json").read_text("utf-8"))
    assert document["variant"] == "asleep"
    assert document["claims"][0]["measures"][0]["as_expected"] is True
    assert "--variant asleep" in manifest(place / "claims")["command"]
    again = inside("claims", "toy", "-n", "20", "--jobs", "1", "--out", "claims", "--resume", "-q", cwd=place)
    assert again.returncode == 3
    assert "another" in again.stderr


def test_unknown_variants_are_an_error_that_lists_the_known_ones(place: Path) -> None:
    """The nearest, or all of them; a scenario without any says so."""
    for command in ("run", "batch", "claims"):
        done = inside(command, "toy", "--variant", "asleeep", cwd=place)
        assert (done.returncode, "did you mean 'asleep'" in done.stderr) == (2, True), (command, done.stderr)
    bare = wargame("run", "two-rivals", "--variant", "x", cwd=place)
    assert bare.returncode == 2
    assert bare.stderr.strip().splitlines()[-1] == "wargame: there is no variant 'x' (the scenario has none)"


def test_a_range_is_widened_to_a_number_beyond_it() -> None:
    """A run keeps the number in its files; as an arm of a batch has it, in memory."""
    text = """format: wargame-scenario/1
rules:
  triangle: {value: 0.3, range: [0.1, 0.5], source: judgement}
  urgency: {value: 2.0, range: [1, 3]}
"""
    loaded = load_files({**load("two-rivals").files, "scenario/rules.yaml": text.encode()})
    values = {"rules.triangle": 0.0, "rules.urgency": 4.0}
    from_files = rewritten(loaded, values)
    rules = from_files.scenario.rules
    assert (rules.triangle, rules.urgency) == (0.0, 4.0)
    assert b"range: [0.0, 0.5]" in from_files.files["scenario/rules.yaml"]
    assert b"range: [1, 4.0]" in from_files.files["scenario/rules.yaml"]


def test_a_number_with_which_the_scenario_is_invalid_is_refused_with_the_reason() -> None:
    """The value is within its own limits, but not together with others: the error says what is wrong and where."""
    text = """format: wargame-scenario/1
rules:
  routine: {surprise: 0.1, lean: 1.2}
"""
    loaded = load_files({**load("two-rivals").files, "scenario/rules.yaml": text.encode()})
    with pytest.raises(UsageFault) as refused:
        rewritten(loaded, {"rules.routine.surprise": 0.9})
    assert "'rules.routine.surprise' cannot be 0.9: " in str(refused.value)
    assert "rules.yaml:3" in str(refused.value)


def test_every_output_names_the_variant(place: Path) -> None:
    """In its title: summaries, reviews, batches, claims."""
    inside("run", "toy", "--variant", "mild", "--out", "named", "-q", cwd=place)
    output = inside("show", "named", cwd=place).stdout
    assert "(variant mild)" in output.splitlines()[0]
    assert "(variant mild)" in (place / "named" / "report.html").read_text("utf-8")
    inside("batch", "toy", "--variant", "mild", "-n", "4", "--jobs", "1", "--out", "namedbatch", "-q", cwd=place)
    inside("report", "namedbatch", "--format", "md", cwd=place)
    assert "(variant mild)" in (place / "namedbatch" / "report.md").read_text("utf-8")
    printed = inside("claims", "toy", "--variant", "mild", "-n", "20", "--jobs", "1", "--out", "nc", cwd=place).stdout
    assert "variant mild" in printed


def test_the_recorded_command_of_a_study_makes_the_run_again(place: Path) -> None:
    """Also without arm and seed, which are then those of the study."""
    study = "format: wargame-study/1\nname: s\nscenario: toy\nseed: 77\nreplications: 3\n"
    (place / "s.yaml").write_text(study)
    inside("run", "s.yaml", "--variant", "mild", "--out", "s1", "--no-report", "-q", cwd=place)
    command = manifest(place / "s1")["command"]
    assert command == "wargame run s.yaml --variant mild"
    inside(*command.split()[1:], "--out", "s2", "--no-report", "-q", cwd=place)
    assert (place / "s1" / "journal.jsonl").read_bytes() == (place / "s2" / "journal.jsonl").read_bytes()


def test_a_variant_declares_numbers_alone(place: Path) -> None:
    """A variant changes numbers only: other keys of an arm are refused with their line."""
    text = VARIANTS + "    barred: {forbid: [ARD patrol], parameters: {rules.triangle: 0}}\n"
    files = {**load("two-rivals").files, "scenario/questions.yaml": text.encode()}
    with pytest.raises(Invalid, match="forbid"):
        load_files(files)
    assert under(load(str(place / "toy")), None).scenario.title == "Two rivals and a strait"


def test_a_live_exercise_under_a_variant_is_that_model_and_resumes(place: Path) -> None:
    """Its folder has the files of the variant."""
    (place / "lines.txt").write_text("advance 80d\n")
    words = ("play", "toy", "--variant", "mild", "--script", "lines.txt", "--out", "live", "-q")
    done = inside(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert "--variant mild" in manifest(place / "live")["command"]
    inside("run", "toy", "--variant", "mild", "--until", "D+80", "--out", "unattended", "--no-report", "-q", cwd=place)
    live, unattended = (
        [line for line in (place / name / "journal.jsonl").read_text("utf-8").splitlines() if '"kind":"action"' in line]
        for name in ("live", "unattended")
    )
    assert len(live) > 3
    assert [line.split('"t":')[1] for line in live] == [line.split('"t":')[1] for line in unattended]
    unknown = inside("play", "toy", "--variant", "mildd", cwd=place)
    assert (unknown.returncode, "did you mean 'mild'" in unknown.stderr) == (2, True)


OVERLAY = """format: wargame-overlay/1
rules: {reviews: {}}
options:
  patrol: {lead: [5d, 10d, 30d]}
strategies:
  push:
    stages:
      - {name: one, favours: {patrol: 0.3}}
      - {name: two}
"""
STAGED = """
strategies:
  push: {title: Push, stages: [{name: one, favours: {protest: 0.2}, until: tension > 0.9}]}
"""


@pytest.fixture
def overlaid(tmp_path: Path) -> Path:
    """The toy, with a variant that lays a file over it."""
    (tmp_path / "toy").mkdir()
    shutil.copy(scenario_dir() / "two-rivals.yaml", tmp_path / "toy")
    both = "    slow: {overlay: slowly, parameters: {rules.reviews.parts: 2}}\n"
    (tmp_path / "toy" / "questions.yaml").write_text(VARIANTS + both + STAGED)
    (tmp_path / "toy" / "slowly.yaml").write_text(OVERLAY)
    return tmp_path


def test_an_overlay_is_laid_over_the_files_of_the_scenario(overlaid: Path) -> None:
    """Mappings and named elements of lists are joined, other values replaced; then numbers are changed."""
    base = load(str(overlaid / "toy"))
    scenario = under(base, "slow").scenario
    assert (base.scenario.rules.reviews, base.scenario.options["patrol"].lead[0]) == (None, 0)
    assert scenario.rules.reviews is not None
    assert scenario.rules.reviews.parts == 2
    assert scenario.options["patrol"].lead == (5 * DAY, 10 * DAY, 30 * DAY)
    assert scenario.options["patrol"].title == base.scenario.options["patrol"].title
    one, two = scenario.strategies["push"].stages
    assert (one.favours, one.until, two.name) == ({"protest": 0.2, "patrol": 0.3}, "tension > 0.9", "two")


def test_a_scenario_under_an_overlay_has_no_variants(overlaid: Path) -> None:
    """A variant may change a number that the overlay of another one removes."""
    questions, overlay = overlaid / "toy" / "questions.yaml", overlaid / "toy" / "slowly.yaml"
    changed = "    often: {parameters: {rules.reviews.parts: 5}}\n"
    questions.write_text(VARIANTS + "    slow: {overlay: slowly}\n" + changed + STAGED + "rules: {reviews: {}}\n")
    overlay.write_text("format: wargame-overlay/1\nrules: {reviews: null}\n")
    base = load(str(overlaid / "toy"))
    assert (base.scenario.rules.reviews is None, "often" in base.scenario.evidence.variants) == (False, True)
    below = under(base, "slow").scenario
    assert (below.rules.reviews, below.evidence.variants) == (None, {})


def test_a_variant_leaves_out_parts_of_its_overlay(overlaid: Path) -> None:
    """Those of the scenario remain; all else of the overlay, its types included, stays as written."""
    questions = overlaid / "toy" / "questions.yaml"
    parts = "[rules.reviews, options.*.lead, strategies.push.stages.one.favours]"
    overlay = overlaid / "toy" / "slowly.yaml"
    overlay.write_text(OVERLAY.replace("{lead: ", '{title: "7", cost: 0.07, lead: '))
    bare = f"    slow: {{overlay: slowly, without: {parts}}}\n"
    questions.write_text(VARIANTS + bare + STAGED)
    base = load(str(overlaid / "toy"))
    scenario = under(base, "slow").scenario
    assert scenario.rules.reviews is None
    patrol = scenario.options["patrol"]
    assert (patrol.title, patrol.cost, patrol.lead) == ("7", 0.07, base.scenario.options["patrol"].lead)
    one, two = scenario.strategies["push"].stages
    assert (one.favours, two.name) == ({"protest": 0.2}, "two")


def test_a_variant_lays_only_parts_of_its_overlay(overlaid: Path) -> None:
    """Nothing else of it; elements of lists keep their names."""
    questions = overlaid / "toy" / "questions.yaml"
    for parts, lead, favours in (("[options.*.lead]", 5 * DAY, 0.0), ("[strategies.*.stages.one.favours]", 0, 0.3)):
        questions.write_text(f"{VARIANTS}    slow: {{overlay: slowly, only: {parts}}}\n{STAGED}")
        scenario = under(load(str(overlaid / "toy")), "slow").scenario
        assert scenario.rules.reviews is None
        assert scenario.options["patrol"].lead[0] == lead
        (one,) = scenario.strategies["push"].stages
        assert one.favours.get("patrol", 0.0) == favours


def test_null_in_an_overlay_removes_what_the_scenario_has(overlaid: Path) -> None:
    """A key of an element, an element or a section; what the scenario does not have stays away."""
    overlay, base = overlaid / "toy" / "slowly.yaml", load(str(overlaid / "toy"))
    removed = {
        "strategies: {push: {stages: [{name: one, until: null}]}}": ({"push"}, ""),
        "strategies: {push: null, none: null}": (set(), None),
        "strategies: null": (set(), None),
    }
    for text, (names, until) in removed.items():
        overlay.write_text(f"format: wargame-overlay/1\nrules: {{reviews: {{}}}}\n{text}\n")
        strategies = under(load(str(overlaid / "toy")), "slow").scenario.strategies
        assert set(strategies) == names
        assert [stage.until or "" for each in strategies.values() for stage in each.stages] == [until] * len(names)
    assert base.scenario.strategies["push"].stages[0].until == "tension > 0.9"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("by: ARD", "`by` must be a list"),
        ("by: {ARD: 1}", "`by` must be a list"),
        ("lead: 5d", "`lead` must be a list"),
    ],
)
def test_a_list_that_an_overlay_replaces_by_another_kind_of_value_is_a_problem(
    overlaid: Path, written: str, message: str
) -> None:
    """`validate` names the value in the overlay."""
    overlay = overlaid / "toy" / "slowly.yaml"
    overlay.write_text(f"format: wargame-overlay/1\nrules: {{reviews: {{}}}}\noptions:\n  patrol: {{{written}}}\n")
    done = inside("validate", "toy", cwd=overlaid)
    assert done.returncode == 3
    assert f"slowly.yaml:4:{11 + len(written.split(maxsplit=1)[0]) + 2}: {message}" in done.stderr


def test_a_part_that_the_overlay_does_not_have_is_a_problem(overlaid: Path) -> None:
    """`validate` names it."""
    questions = overlaid / "toy" / "questions.yaml"
    text = questions.read_text("utf-8").replace("overlay: slowly, ", "overlay: slowly, without: [rules.rewiews], ")
    questions.write_text(text)
    done = inside("validate", "toy", cwd=overlaid)
    assert done.returncode != 0
    assert "variant 'slow': the overlay has no part 'rules.rewiews'" in done.stderr


def test_a_run_under_an_overlay_verifies_and_is_a_row_of_a_batch(overlaid: Path) -> None:
    """The overlay is among its inputs; the inputs of a plain run are those of before."""
    inside("run", "toy", "--variant", "slow", "--seed", "2", "--out", "own", "--no-report", "-q", cwd=overlaid)
    inside(
        "batch", "toy", "--variant", "slow", "-n", "2", "--jobs", "1", "--seed", "2", "--out", "b", "-q", cwd=overlaid
    )
    inside("run", "b", "--replication", "0", "--out", "row", "--no-report", "-q", cwd=overlaid)
    inside("run", "toy", "--seed", "2", "--out", "plain", "--no-report", "-q", cwd=overlaid)
    assert inside("verify", "own", cwd=overlaid).returncode == 0
    own, row, plain = ((overlaid / name / "journal.jsonl").read_bytes() for name in ("own", "row", "plain"))
    assert own == row != plain
    assert b"order.reviewed" in own
    inputs = [(overlaid / name / "inputs" / "scenario" / "slowly.yaml").exists() for name in ("own", "plain")]
    assert inputs == [True, False]


def test_a_problem_of_a_part_of_an_overlay_has_its_line_in_the_file(overlaid: Path) -> None:
    """Also if other parts and comments are before it."""
    faulty = "  patrol: {lead: [50d, 10d, 20d]}\n"
    overlay = f"format: wargame-overlay/1\n# of patrols\nrules: {{reviews: {{}}}}\n\noptions:\n{faulty}"
    (overlaid / "toy" / "slowly.yaml").write_text(overlay)
    part = "    slow: {overlay: slowly, only: [options.patrol.lead]}\n"
    (overlaid / "toy" / "questions.yaml").write_text(VARIANTS + part + STAGED)
    done = inside("validate", "toy", cwd=overlaid)
    assert "toy/slowly.yaml:6:18: the times of `lead` must be in ascending order" in done.stderr


def test_validate_reports_the_problems_of_overlays(overlaid: Path) -> None:
    """With their place; so does a number of a variant that the overlaid scenario does not have."""
    file = overlaid / "toy" / "slowly.yaml"
    file.write_text(OVERLAY.replace("[5d, 10d", "[50d, 10d"))
    done = inside("validate", "toy", cwd=overlaid)
    assert done.returncode != 0
    assert "toy/slowly.yaml:4:18: the times of `lead` must be in ascending order" in done.stderr
    file.write_text(OVERLAY.replace("reviews: {}", "warm_start: 1d"))
    done = inside("validate", "toy", cwd=overlaid)
    assert "there is no number at 'rules.reviews.parts'" in done.stderr
    alone = inside("validate", "toy/slowly.yaml", cwd=overlaid)
    assert "this is an overlay, not a scenario (give the folder of its scenario)" in alone.stderr


BREAKING = """format: wargame-overlay/1
rules: {reviews: {}}
options: {protest: {cost: 0.1}, patrol: null}
outcomes: {riot: null}
indicators: {growth: null, control: {formula: 0.5 * tension, start: null, baseline: null, half_life: null}}
"""


RIOTS = """outcomes:
  riot: {title: A riot, when: tension > 0.9}
  unrest: {title: Unrest, when: count(riot) > 2}
"""


@pytest.mark.parametrize(
    "part", ["options.patrol", "options.protest", "outcomes.riot", "indicators.growth", "indicators.control"]
)
def test_what_an_overlay_does_not_touch_is_checked_against_what_it_changes(overlaid: Path, part: str) -> None:
    """After a variant with which all is well, another finds what it would find alone, in elements of the scenario."""
    (overlaid / "toy" / "slowly.yaml").write_text(BREAKING)
    fine = "    fine: {overlay: slowly, only: [rules.reviews]}\n"
    other = f"    other: {{overlay: slowly, only: [{part}]}}\n"
    (overlaid / "toy" / "questions.yaml").write_text(VARIANTS + fine + other + STAGED + RIOTS)
    base = load(str(overlaid / "toy"))

    try:
        under(base, "other")
        alone: tuple[str, ...] = ()
    except Invalid as error:
        alone = tuple(str(each) for each in error.problems)

    assert sorted(map(str, variant_problems(base))) == sorted(alone)
    assert bool(alone) == (part != "options.protest")


@pytest.mark.exhaustive
def test_every_variant_of_a_built_in_scenario_loads() -> None:
    """All its numbers can be changed in the files; its hash differs, and its title names the variant.

    A fast test validates the scenario, which checks the same numbers and overlays.
    """
    korea = load("korea-2017")
    variants = korea.scenario.evidence.variants
    assert len(variants) > 12
    for name in variants:
        variant = under(korea, name)
        assert variant.scenario.title == f"{korea.scenario.title} (variant {name})"
        assert variant.scenario_sha256 != korea.scenario_sha256


CHOICES = """
format: wargame-study/1
name: models
scenario: toy
replications: 4
until: 60d
arms: {a: {}, b: {variant: asleep}}
factors:
  model: {choices: [{title: as written}, {variant: mild}]}
  triangle: {parameter: rules.triangle, range: [0.1, 0.5]}
design: {kind: latin_hypercube, points: 4}
measures: [actions()]
"""


def test_variants_are_factors_and_arms(place: Path) -> None:
    """A row is the run of its variant, also once the batch is read again; a variant in both is refused."""
    (place / "both.yaml").write_text(CHOICES)
    refused = inside("validate", "both.yaml", cwd=place)
    assert (refused.returncode, "the arm sets `variant`" in refused.stderr) == (3, True), refused.stderr
    (place / "models.yaml").write_text(CHOICES.replace(", b: {variant: asleep}", ", b: {forbid: [ARD patrol]}"))
    done = inside("batch", "models.yaml", "--out", "models", "--jobs", "1", "-q", cwd=place)
    assert done.returncode == 0, done.stderr
    rows = open_batch(str(place / "models")).frame().query("arm == 'a'")
    for row in rows.to_dict("records"):
        arm = f"x=parameter rules.triangle={row['factor:triangle']}"
        variant = ("--variant", "mild") if row["factor:model"] else ()
        words = (*("--arm", arm, "--until", "60d", "-n", "4", "--measure", "actions()"), *variant)
        one = f"one{row['replication']}"
        inside("batch", "toy", *words, "--out", one, "--jobs", "1", "-q", cwd=place)
        alone = open_batch(str(place / one)).frame().query(f"arm == 'x' and replication == {row['replication']}")
        assert alone["kernel_events"].item() == row["kernel_events"]
    assert inside("batch", "models", "--resume", "-q", cwd=place).returncode == 0
    unknown = inside("batch", "toy", "--arm", "x=variant wild", "--out", "w", cwd=place)
    assert (unknown.returncode, "there is no variant 'wild'" in unknown.stderr) == (2, True), unknown.stderr


@pytest.mark.slow
def test_a_variant_may_lack_an_outcome(tmp_path: Path) -> None:
    """It counts as not met."""
    text = CHOICES.replace("scenario: toy", "scenario: korea-2017").replace("b: {variant: asleep}", "b: {}")
    text = text.replace("mild", "without_conduct_over_time").replace("60d", "D+9").replace("actions()", "p(war)")
    (tmp_path / "models.yaml").write_text(text)
    inside("batch", "models.yaml", "--out", "b", "--jobs", "1", "-q", cwd=tmp_path)
    rows = open_batch(str(tmp_path / "b")).frame()
    assert set(rows["status"]) == {"ok"}
    assert rows["time(council_statement)"].isna().all()
