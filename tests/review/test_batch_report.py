"""The report of a batch: its numbers computed again from the table of runs."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import wargame
from support.in_process import inside
from wargame.batches.study.catalogue import batch_folder
from wargame.executor.run import Place, simulate
from wargame.review.document.blocks import Figures, Picture
from wargame.review.document.drawing import svg
from wargame.review.document.markdown import plain
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
    """A folder with a batch of two arms."""
    top = tmp_path_factory.mktemp("batch report")
    wargame.batch("two-rivals", 12, arms={"calmer": "set tension=0.1"}, out=top / "batch", jobs=1)
    simulate(load("two-rivals"), 1, place=Place(out=top / "one"))
    return top


@pytest.fixture(scope="module")
def frame(place: Path) -> pd.DataFrame:
    """Its runs as a table."""
    return wargame.open_batch(str(place / "batch")).frame()


def report(place: Path, *words: str) -> str:
    """A report as Markdown."""
    done = inside("report", *words, "--format", "md", "-o", "out.md", cwd=place)
    assert done.returncode == 0, done.stderr
    return (place / "out.md").read_text(encoding="utf-8")


def row(text: str, start: str) -> list[str]:
    """The cells of the first row that begins so."""
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
    wargame.batch(str(top / "titled.yaml"), out=top / "batch", jobs=1)
    return report(top, "batch")


def test_arms_are_named_by_their_titles(titled: str) -> None:
    """At the heads of tables, with a mark for the baseline."""
    assert "| Measure | As it is (baseline) | A tense strait |" in titled
    assert "Arms are compared with the baseline, 'As it is'." in titled


def test_the_summary_has_direction_and_size_of_differences(titled: str) -> None:
    """Of the clearest differences, at most three."""
    (line,) = (line for line in titled.splitlines() if line.startswith("- A tense strait: "))
    number = r"[\d.]+"
    pattern = rf"Tension: {number}, compared with {number}; higher by {number} \({number} to {number}\)\."
    assert re.search(pattern, line.replace("\\", ""))
    assert "is below 0.05" in titled


def test_a_time_that_was_never_reached_is_not_shown_as_a_number(titled: str) -> None:
    """It says: not within the length of the runs."""
    assert row(titled, "Days until: War in the strait")[1] == "not within 120 days"


def test_the_report_has_its_parts_in_order(place: Path) -> None:
    """The summary first, all numbers last."""
    heads = re.findall(r"(?m)^## (.+)$", report(place, "batch"))

    assert batch_folder(str(place / "batch")) == place / "batch"
    assert heads == [
        "Summary", "Estimates", "When outcomes occur", "Differences from the baseline", "Failures", "How to reproduce",
        "Appendix: all numbers",
    ]  # fmt: skip


def test_thresholds_come_first(place: Path) -> None:
    """If there are any."""
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
    text = report(place, "guarded")

    assert re.findall(r"(?m)^## (.+)$", text)[:2] == ["Thresholds", "Summary"]
    assert row(text, "p(blockade_laid) > 0.9")[-1] == "✓ not crossed"


def test_the_estimates_are_those_of_the_runs(place: Path, frame: pd.DataFrame) -> None:
    """A share of runs in percent, and every mean with four digits in the appendix."""
    text = report(place, "batch")
    runs = {arm: frame[(frame.arm == arm) & (frame.status == "ok")] for arm in ("baseline", "calmer")}

    title = load("two-rivals").scenario.outcomes["blockade_laid"].title
    shares = [f"{100 * runs[arm]['p(blockade_laid)'].mean():.0f} %" for arm in ("baseline", "calmer")]
    assert [cell.split(" (")[0] for cell in row(text, title)[1:]] == shares
    for arm, times in runs.items():
        assert f"| actions(ARD) | {arm} | 12 | {times['actions(ARD)'].mean():.4g} |" in text


def test_the_differences_are_paired(place: Path, frame: pd.DataFrame) -> None:
    """Arm minus baseline, replication by replication."""
    ok = frame[frame.status == "ok"].pivot_table(index="replication", columns="arm", values="actions(ARD)")
    mean = (ok["calmer"] - ok["baseline"]).mean()

    assert f"| actions(ARD) | calmer | {mean:.4g} |" in report(place, "batch")


def test_an_arm_has_one_colour_in_all_figures(place: Path) -> None:
    """Also in figures of a single arm."""
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
    scales = [spec[channel]["scale"]] if isinstance(spec.get(channel), dict) and "scale" in spec[channel] else []
    return scales + [scale for each in spec.values() for scale in _scales(each, channel)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "runs", "caption"),
    [
        ("one_at_a_time", 40, "Effect of moving each factor from its middle to its ends"),
        ("{kind: sobol, points: 16}", 80, "Sobol indices with 95 % half-widths"),
    ],
)
def test_sensitivity_has_figures_and_tables(tmp_path: Path, design: str, runs: int, caption: str) -> None:
    """Tornado chart or Sobol indices, and fans of the indicators, with the titles of the study."""
    (tmp_path / "small.yaml").write_text(STUDY.format(design=design, runs=runs), encoding="utf-8")
    assert inside("batch", "small.yaml", "--jobs", "1", "--out", "small", "-q", cwd=tmp_path).returncode == 0
    text = report(tmp_path, "small")
    figures = [block for block in batch_report(tmp_path / "small") if isinstance(block, Figures)]
    drawn = [svg(picture.chart) for block in figures for picture in block.pictures]

    assert caption in text
    assert "| Actions of Ardan | How tense it is |" in text
    assert any("How tense it is" in picture for picture in drawn)
    assert (
        sum("Median of the runs with their middle 50 %" in p.description for block in figures for p in block.pictures)
        == 1
    )
