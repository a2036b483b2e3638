"""Reports of batches and rehearsals, and one run among many: their numbers again, from the tables of the batch."""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import wargame.batch.api as batches
from support.in_process import inside
from wargame.batch.study.catalogue import batch_folder
from wargame.executor.run import Place, simulate
from wargame.review.document.blocks import Figures, Picture
from wargame.review.document.drawing import svg
from wargame.review.document.markdown import plain
from wargame.review.findings.percentile import percentiles
from wargame.review.reports.batch_report import batch_report
from wargame.scenario.loading.load import load

STUDY = """
format: wargame-study/1
name: small
scenario: two-rivals
seed: 3
replications: {runs}
arms:
  baseline: {{}}
factors:
  tension: {{set: tension, range: [0.05, 0.6], title: How tense it is}}
  trust: {{set: "trust[ARD, BRL]", range: [-0.5, 0.5]}}
design: {design}
measures: [p(blockade_laid), {{formula: actions(ARD), title: Actions of Ardan}}]
series: [tension]
every: 30d
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch of two arms and the first run of its baseline."""
    top = tmp_path_factory.mktemp("batch report")
    batches.batch("two-rivals", 12, arms={"calmer": "set tension=0.1"}, out=top / "batch", jobs=1)
    simulate(load("two-rivals"), 1, place=Place(out=top / "one"))
    return top


@pytest.fixture(scope="module")
def frame(place: Path) -> pd.DataFrame:
    """Its runs, as a table."""
    return batches.open_batch(str(place / "batch")).frame()


def report(place: Path, *words: str) -> str:
    """A report as Markdown."""
    done = inside("report", *words, "--format", "md", "-o", "out.md", cwd=place)
    assert done.returncode == 0, done.stderr
    return (place / "out.md").read_text(encoding="utf-8")


def row(text: str, start: str) -> list[str]:
    """The cells of the first line of a table that starts so."""
    line = next(line for line in text.splitlines() if line.startswith(f"| {plain(start)} |"))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


TITLED = """
format: wargame-study/1
name: titled
scenario: two-rivals
seed: 3
replications: 40
until: 120d
arms:
  baseline: {title: As it is}
  tense: {title: A tense strait, set: [tension=0.9]}
measures: [p(war), time(war), {formula: mean(tension), title: Tension}]
"""


@pytest.fixture(scope="module")
def titled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a batch whose arms have titles."""
    top = tmp_path_factory.mktemp("titled")
    (top / "titled.yaml").write_text(TITLED, encoding="utf-8")
    batches.batch(str(top / "titled.yaml"), out=top / "batch", jobs=1)
    return report(top, "batch")


def test_a_report_calls_arms_by_their_titles(titled: str) -> None:
    """At the heads of its tables; the baseline says that it is."""
    assert "| Measure | As it is (baseline) | A tense strait |" in titled
    assert "Arms are compared with the baseline, 'As it is'." in titled


def test_a_report_says_in_sentences_which_way_and_how_much(titled: str) -> None:
    """Of the clearest differences, three at most."""
    (line,) = (line for line in titled.splitlines() if line.startswith("- A tense strait: "))
    number = r"[\d.]+"
    told = rf"Tension: {number} instead of {number}, higher by {number} \({number} to {number}\)\."
    assert re.search(told, line.replace("\\", ""))
    assert "Listed are differences whose corrected p-value is below 0.05" in titled


def test_a_time_that_was_never_reached_says_so(titled: str) -> None:
    """And not as many days as were played."""
    assert row(titled, "Days until: War in the strait")[1] == "not within 120 days"


def test_the_report_of_a_batch_has_its_parts_in_order(place: Path) -> None:
    """What a reader with a minute needs comes first, every number last."""
    heads = re.findall(r"(?m)^## (.+)$", report(place, "batch"))

    assert batch_folder(str(place / "batch")) == place / "batch"
    assert heads == [
        "In brief", "Estimates", "When outcomes come", "Differences from the baseline", "Failures", "How to reproduce",
        "Appendix: every number",
    ]  # fmt: skip


def test_thresholds_come_first(place: Path) -> None:
    """Where they were set."""
    words = (
        "batch",
        "two-rivals",
        "-n",
        "8",
        "--fail-if",
        "p(blockade_laid) > 0.9",
        "--jobs",
        "1",
        "--out",
        "guarded",
        "-q",
    )
    assert inside(*words, cwd=place).returncode == 0
    told = report(place, "guarded")

    assert re.findall(r"(?m)^## (.+)$", told)[:2] == ["Thresholds", "In brief"]
    assert row(told, "p(blockade_laid) > 0.9")[-1] == "not crossed"


def test_the_estimates_are_those_of_the_runs(place: Path, frame: pd.DataFrame) -> None:
    """A share of runs in percent, and every mean with four digits in the appendix."""
    told = report(place, "batch")
    runs = {arm: frame[(frame.arm == arm) & (frame.status == "ok")] for arm in ("baseline", "calmer")}

    title = load("two-rivals").scenario.outcomes["blockade_laid"].title
    shares = [f"{100 * runs[arm]['p(blockade_laid)'].mean():.0f} %" for arm in ("baseline", "calmer")]
    assert [cell.split(" (")[0] for cell in row(told, title)[1:]] == shares
    for arm, found in runs.items():
        assert f"| actions(ARD) | {arm} | 12 | {found['actions(ARD)'].mean():.4g} |" in told


def test_the_differences_are_paired(place: Path, frame: pd.DataFrame) -> None:
    """Arm less baseline, replication by replication."""
    ok = frame[frame.status == "ok"].pivot_table(index="replication", columns="arm", values="actions(ARD)")
    mean = (ok["calmer"] - ok["baseline"]).mean()

    assert f"| actions(ARD) | calmer | {mean:.4g} |" in report(place, "batch")


def test_an_arm_has_one_colour_in_all_figures(place: Path) -> None:
    """Also where only one of the arms is drawn."""
    pictures = [
        picture
        for block in batch_report(place / "batch")
        if isinstance(block, Figures | Picture)
        for picture in (block.pictures if isinstance(block, Figures) else (block,))
    ]
    scales = {
        tuple(zip(scale["domain"], scale["range"], strict=True))
        for picture in pictures
        for scale in _scales(picture.chart.to_dict(), "color")  # type: ignore[attr-defined]
    }
    colours = {pair for scale in scales for pair in scale}

    assert pictures
    assert len({arm for arm, _ in colours}) == len(colours) == 2


def _scales(spec: object, channel: str) -> list[dict[str, list[str]]]:
    """Every scale of a channel in a chart, however deep."""
    if isinstance(spec, list):
        return [scale for each in spec for scale in _scales(each, channel)]
    if not isinstance(spec, dict):
        return []
    found = [spec[channel]["scale"]] if isinstance(spec.get(channel), dict) and "scale" in spec[channel] else []
    return found + [scale for each in spec.values() for scale in _scales(each, channel)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "runs", "told"),
    [
        ("one_at_a_time", 40, "What each factor does from the middle to its ends"),
        ("{kind: sobol, points: 16}", 80, "Sobol indices with 95 % half-widths"),
    ],
)
def test_sensitivity_is_drawn_and_tabled(tmp_path: Path, design: str, runs: int, told: str) -> None:
    """Tornado or indices, fans of the indicators, with the titles that the study gives."""
    (tmp_path / "small.yaml").write_text(STUDY.format(design=design, runs=runs), encoding="utf-8")
    assert inside("batch", "small.yaml", "--jobs", "1", "--out", "small", "-q", cwd=tmp_path).returncode == 0
    text = report(tmp_path, "small")
    figures = [block for block in batch_report(tmp_path / "small") if isinstance(block, Figures)]
    drawn = [svg(picture.chart) for block in figures for picture in block.pictures]

    assert told in text
    assert "| Actions of Ardan | How tense it is |" in text
    assert any("How tense it is" in picture for picture in drawn)
    assert sum("Median of the runs" in p.description for block in figures for p in block.pictures) == 1


# Rehearsals


@pytest.fixture(scope="module")
def rehearsed(place: Path) -> Path:
    """A rehearsal kept in a folder of its own."""
    words = ("rehearse", "two-rivals", "-n", "6", "--jobs", "1", "--out", "rehearsal", "-q")
    done = inside(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "rehearsal/report.html"
    return place / "rehearsal"


def test_a_rehearsal_has_a_report(place: Path, rehearsed: Path) -> None:
    """Which injects fire, how the model answers, what to mend, and the command that makes it again."""
    told = json.loads((rehearsed / "rehearsal.json").read_text(encoding="utf-8"))
    text = report(place, "rehearsal")

    fires = next(each for each in told["injects"] if each["inject"] == "collision")
    assert row(text, fires["title"])[3].startswith(f"{100 * fires['estimate']:.0f} % (")
    assert "wargame rehearse two-rivals -n 6 --seed 1" in text
    assert (rehearsed / "report.html").stat().st_size > 10_000


def test_the_report_of_a_batch_tells_a_rehearsal_of_the_same_script(place: Path, rehearsed: Path) -> None:
    """Kept in its folder; one of another scenario is named and left out."""
    shutil.copy(rehearsed / "rehearsal.json", place / "batch" / "rehearsal.json")
    try:
        same = report(place, "batch")
        told = json.loads((rehearsed / "rehearsal.json").read_text(encoding="utf-8")) | {"scenario_sha256": "0"}
        (place / "batch" / "rehearsal.json").write_text(json.dumps(told), encoding="utf-8")
        other = report(place, "batch")
    finally:
        (place / "batch" / "rehearsal.json").unlink()

    assert "## Rehearsal of the script" in same
    assert "### Which injects fire, and when" in same
    assert "is left out" in other
    assert "### Which injects fire, and when" not in other


@pytest.mark.parametrize("text", ['{"format": "wargame-rehears', '{"format": "wargame-rehearsal/1"}', "[]"])
def test_a_damaged_rehearsal_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    """No traceback."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "rehearsal.json").write_text(text, encoding="utf-8")
    done = inside("report", "broken", cwd=tmp_path)

    assert done.returncode == 3
    assert "rehearsal.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rehearsal_has_no_place_in_the_folder_of_a_run(place: Path) -> None:
    """Said before anything is played; the review of the run is not lost to it."""
    done = inside("rehearse", "two-rivals", "-n", "6", "--jobs", "1", "--out", "one", cwd=place)

    assert done.returncode == 2
    assert "is the folder of a run" in done.stderr
    assert not (place / "one" / "rehearsal.json").exists()


# One run among many


def test_a_run_has_its_place_within_a_batch(place: Path, frame: pd.DataFrame) -> None:
    """Its numbers are those of the batch's own row for it, and its place is counted from the table."""
    ok = frame[(frame.arm == "baseline") & (frame.status == "ok")]
    mine = ok[ok.replication == 0].iloc[0]
    found = percentiles(place / "one", place / "batch")

    assert {"p(blockade_laid)", "actions(ARD)", "severity()"} <= {each["measure"] for each in found}
    for each in found:
        column = ok[each["measure"]].dropna()
        assert each["value"] == pytest.approx(mine[each["measure"]], abs=1e-4)
        assert each["share_below"] == pytest.approx((column < each["value"]).mean())
        assert math.isclose(each["middle"], column.median())


def test_the_review_of_a_run_tells_its_place(place: Path) -> None:
    """In the page and in the documents, and not for a seat."""
    done = inside("report", "one", "--within", "batch", cwd=place)
    assert done.returncode == 0, done.stderr
    page = (place / "one" / "report.html").read_text(encoding="utf-8")
    told = report(place, "one", "--within", "batch")

    assert "<h2>How unusual this run is</h2>" in page
    assert "### How unusual this run is" in told
    assert "given other settings" not in told
    assert "This run was given other settings than those runs: set" in report(
        place, "one", "--within", "batch", "--arm", "calmer"
    )
    assert "How unusual" not in report(place, "one")


def test_a_batch_of_another_scenario_is_no_measure(place: Path, tmp_path: Path) -> None:
    """Said with what is wrong, and so is an arm that is not there."""
    shutil.copytree(place / "one", tmp_path / "one")
    shutil.copytree(place / "batch", tmp_path / "batch")
    manifest = tmp_path / "one" / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    unknown = inside("report", "one", "--within", "batch", "--arm", "calmr", cwd=tmp_path)
    manifest.write_text(json.dumps(told | {"scenario_sha256": "0" * 64}), encoding="utf-8")
    other = inside("report", "one", "--within", "batch", cwd=tmp_path)

    assert (unknown.returncode, other.returncode) == (2, 2)
    assert "did you mean 'calmer'?" in unknown.stderr
    assert "a batch of another scenario" in other.stderr
