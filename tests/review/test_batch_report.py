"""The report of a batch: its numbers computed again from the table of runs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import wargame
from support.in_process import inside
from wargame.batches.study.catalogue import batch_folder
from wargame.document.blocks import Figures, Forest, Picture, extent
from wargame.document.drawing import svg
from wargame.document.html import figure
from wargame.document.markdown import plain
from wargame.executor.run import Destination, simulate
from wargame.review.reports.batch_charts import incidence
from wargame.review.reports.batch_labels import Names
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
    simulate(load("two-rivals"), 1, place=Destination(out=top / "one"))
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
    """In the table of results, with a mark for the baseline."""
    assert "| Tension | As it is (baseline) |" in titled
    assert "| Tension | A tense strait |" in titled
    assert "Arms are compared with the baseline, 'As it is'." in titled


def test_the_summary_has_direction_and_size_of_differences(titled: str) -> None:
    """Of the clearest differences, at most three."""
    (line,) = (line for line in titled.splitlines() if line.startswith("- A tense strait: "))
    number = r"[\d.]+"
    pattern = rf"Tension: {number}, compared with {number}; higher by {number} \({number} to {number}\)\."
    assert re.search(pattern, line.replace("\\", ""))
    assert "is below 0.05" in titled


def test_a_time_that_was_never_reached_is_not_shown_as_a_number(titled: str) -> None:
    """It is named among what occurs in no run."""
    assert re.search(r"In no run of any arm: [^.]*War in the strait", titled)
    assert "Days until: War in the strait" not in titled.partition("Appendix")[0]


def test_the_report_has_its_parts_in_order(place: Path) -> None:
    """The summary first, all numbers last."""
    heads = re.findall(r"(?m)^## (.+)$", report(place, "batch"))

    assert batch_folder(str(place / "batch")) == place / "batch"
    assert heads == [
        "Summary", "Results", "When outcomes occur", "Failures", "How to reproduce", "Appendix: all numbers",
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
    assert row(text, "A blockade > 90 %")[-1] == "✓ not crossed"


def test_the_estimates_are_those_of_the_runs(place: Path, frame: pd.DataFrame) -> None:
    """A share of runs in percent, once if no run differs, and every mean with four digits in the appendix."""
    text = report(place, "batch")
    runs = {arm: frame[(frame.arm == arm) & (frame.status == "ok")] for arm in ("baseline", "calmer")}

    title = load("two-rivals").scenario.outcomes["blockade_laid"].title
    (share,) = {f"{100 * runs[arm]['p(blockade_laid)'].mean():.0f} %" for arm in ("baseline", "calmer")}
    assert share == "0 %"
    assert re.search(rf"In no run of any arm: [^.]*{plain(title)}", text)
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
        for scale in _scales(picture.chart, "color")
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


# Results in one table


def results_of(place: Path, name: str) -> Forest:
    """The table of results of a batch."""
    (found,) = (block for block in batch_report(place / name) if isinstance(block, Forest))
    return found


def test_results_are_one_table_with_an_interval_beside_each_difference(place: Path, frame: pd.DataFrame) -> None:
    """A row for each arm; intervals are where their numbers are on the axis of the measure."""
    forest = results_of(place, "batch")
    group = next(each for each in forest.groups if each.title == "Actions of Arda")
    baseline, calmer = group.lines
    ok = frame[frame.status == "ok"].pivot_table(index="replication", columns="arm", values="actions(ARD)")
    mean, end = (ok["calmer"] - ok["baseline"]).mean(), float(group.ticks[2])
    assert (baseline.span, baseline.cells[2]) == (None, "")
    assert calmer.span is not None
    assert calmer.span.value == pytest.approx(0.5 + mean / end / 2)
    assert 0 <= calmer.span.low <= calmer.span.value <= calmer.span.high <= 1


def test_all_shares_have_the_same_axis(tmp_path: Path) -> None:
    """So that their differences can be compared with each other."""
    wargame.batch("two-rivals", 12, arms={"tense": "set tension=0.6"}, out=tmp_path / "batch", jobs=1)
    shares = [group.ticks for group in results_of(tmp_path, "batch").groups if group.ticks[2].endswith("points")]
    assert len(shares) > 1
    assert len(set(shares)) == 1


def test_a_batch_of_one_arm_has_its_shares_on_one_axis(tmp_path: Path) -> None:
    """From 0 to 100 %; other measures have no axis."""
    wargame.batch("two-rivals", 6, until="30d", out=tmp_path / "one", jobs=1)
    shares, others = results_of(tmp_path, "one").groups
    assert shares.ticks == ("0", "", "100 %")
    assert all(line.span is not None for line in shares.lines)
    assert {line.span for line in others.lines} == {None}


@pytest.mark.parametrize(("largest", "end"), [(0.0, 1.0), (0.03, 0.05), (1.0, 1.0), (7.2, 10.0), (163.0, 200.0)])
def test_an_axis_ends_at_a_round_number(largest: float, end: float) -> None:
    """At or beyond the largest value."""
    assert extent(largest) == pytest.approx(end)


def test_curves_share_their_axes_and_name_their_arms_directly(titled_figures: list[Picture]) -> None:
    """Without a legend; a name is in the text of the figure."""
    drawn = [picture.chart for picture in titled_figures]
    domains = {str(_scales(chart, "x")) + str(_scales(chart, "y")) for chart in drawn}
    assert len(domains) == 1
    for picture in titled_figures:
        assert "A tense strait" in svg(picture.chart)
        assert "A tense strait" in picture.title


@pytest.fixture(scope="module")
def titled_figures(tmp_path_factory: pytest.TempPathFactory) -> list[Picture]:
    """The curves of a batch whose arms have titles."""
    top = tmp_path_factory.mktemp("curves")
    (top / "titled.yaml").write_text(TITLED.replace("120d", "300d").replace("40", "10"), encoding="utf-8")
    wargame.batch(str(top / "titled.yaml"), out=top / "batch", jobs=1)
    figures = next(block for block in batch_report(top / "batch") if isinstance(block, Figures))
    return list(figures.pictures)


def test_figures_of_a_page_have_its_fonts_and_its_dark_colours(titled_figures: list[Picture]) -> None:
    """They are pictures within the page, so they bring both with them."""
    drawn = figure(titled_figures[0].chart)
    assert "system-ui" in drawn
    assert "Liberation" not in drawn
    assert "prefers-color-scheme: dark" in drawn


def test_names_at_the_ends_of_lines_are_apart_and_near_their_lines() -> None:
    """Two lines that end at one height have their names beside each other; another name is at the end of its line."""
    heights = name_heights({"a": 0.2, "b": 0.2, "c": 0.9})
    assert heights["c"] == 0.9
    assert 0.05 < abs(heights["a"] - heights["b"]) < 0.15
    assert max(abs(heights[arm] - 0.2) for arm in "ab") < 0.15


def test_names_at_the_ends_of_lines_are_in_the_order_of_the_lines() -> None:
    """Whatever the order of the arms, and each no farther from its line than the names below it need."""
    heights = name_heights({"a": 0.9, "b": 0.5, "c": 0.52, "d": 0.1})
    assert sorted(heights, key=heights.__getitem__) == ["d", "b", "c", "a"]
    assert (heights["a"], heights["b"], heights["d"]) == (0.9, 0.5, 0.1)


def name_heights(ends: dict[str, float]) -> dict[str, float]:
    """The heights of the names of arms whose lines end at these shares."""
    arms = tuple(ends)
    rows = [
        {"arm": arm, "days": [0.0, 30.0], "share": [0.0, end], "low": [0.0, 0.0], "high": [1.0, 1.0]}
        for arm, end in ends.items()
    ]
    names = replace(Names.plain(arms, "a"), horizons=dict.fromkeys(arms, 30.0))
    (picture,) = incidence({"war": rows}, names).pictures
    *_, labels = picture.chart["layer"]
    return {row["arm"]: row["value"] for row in labels["data"]["values"]}
