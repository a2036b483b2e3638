"""Figures: a statement of the result above each, axes with units, names beside what they name instead of legends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from support.played_reviews import played_findings
from wargame.document.blocks import Picture
from wargame.review.reports import backtest_report, batch_charts
from wargame.review.reports.batch_labels import Names
from wargame.review.reports.run_charts import timeline_picture

NAMES = replace(
    Names.plain(["base"], "base"),
    measures={"p(war)": "War", "mean(tension)": "Tension"},
    kinds={"p(war)": "share"},
    factors={"calm": "Calm at the start"},
    units={"p(war)": "percentage points", "mean(tension)": "index, 0 to 1", "tension": "index, 0 to 1"},
)
ROW = {"measure": "p(war)", "arm": "base"}
SURE, UNSURE = {"effect": 0.25, "from": 0.1, "to": 0.4}, {"effect": -0.125, "from": -0.3, "to": 0.1}
INDICES = {"first": 0.5, "total": 0.75, "first_half_width": 0.1, "total_half_width": 0.1}


def tornado(low: dict[str, float], high: dict[str, float]) -> Picture:
    """The figure of one factor."""
    return batch_charts.tornado([ROW | {"factor": "calm", "at_low": low, "at_high": high}], NAMES)


def skill(low: float, high: float) -> dict[str, Any]:
    """A row of a kind with the same skill against every naive forecast."""
    against = {"skill": (low + high) / 2, "low": low, "high": high}
    return {"kind": "talks", "naive": dict.fromkeys(("never", "persistence", "poisson"), against)}


def reliability() -> Picture:
    """The figure of two windows, of which one interval contains its forecast."""
    rows = [
        {"forecast": 0.25, "observed": 0.25, "low": 0.125, "high": 0.5, "n": 9, "window": 14},
        {"forecast": 0.75, "observed": 0.25, "low": 0.125, "high": 0.5, "n": 9, "window": 90},
    ]
    return backtest_report.reliability(rows)


def fan() -> Picture:
    """The figure of an indicator."""
    series = pd.DataFrame({"arm": "base", "day": [0.0, 30.0], "tension": [0.25, 0.5]})
    return batch_charts.fans(series, NAMES, {"tension": "Tension"}).pictures[0]


FIGURES = {
    "tornado": (
        tornado(UNSURE, SURE),
        "War: Calm at the start moves it most, −12.5 at its lower and +25 at its upper end",
    ),
    "a tornado of chance": (tornado(UNSURE, UNSURE), "War: no factor changes it significantly"),
    "sobol": (
        batch_charts.sobol([ROW | INDICES | {"factor": "calm"}], NAMES),
        "War: most is due to Calm at the start, 50 % alone and 75 % with interactions",
    ),
    "variance": (
        batch_charts.variance(
            [ROW | {"draws": share, "parameters": 1 - share, "arm": 0.0} for share in (0.75, 1)], NAMES
        ),
        "Sources of variance: mostly random draws, 75 to 100 %",
    ),
    "skill": (
        backtest_report.skills([skill(0.1, 0.3), skill(-0.3, -0.1), skill(-0.1, 0.1)], {}, 30),
        "Skill within 30 days: of 9 intervals, 3 are above 0 and 3 below",
    ),
    "reliability": (reliability(), "Reliability: 1 of 2 intervals contain the forecast"),
    "fan": (fan(), "Tension: base 0.5 at the end"),
}


def parts(spec: Any) -> Iterator[dict[str, Any]]:
    """All mappings of a chart."""
    if isinstance(spec, dict):
        yield spec
    for each in spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ():
        yield from parts(each)


def encodings(picture: Picture, *channels: str) -> list[dict[str, Any]]:
    """What the chart has in these channels."""
    return [part[name] for part in parts(picture.chart) for name in channels if isinstance(part.get(name), dict)]


@pytest.mark.parametrize("name", FIGURES)
def test_the_result_is_above_the_figure(name: str) -> None:
    """In one statement."""
    picture, statement = FIGURES[name]
    assert picture.title == statement


@pytest.mark.parametrize("name", FIGURES)
def test_no_figure_has_a_legend_of_categories(name: str) -> None:
    """Names stand at the lines, at the bars or above the panels."""
    coloured = [each for each in encodings(FIGURES[name][0], "color", "shape", "strokeDash") if "field" in each]
    assert all(each.get("legend", "missing") is None for each in coloured)


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [("variance", "part", 3), ("skill", "against", 3), ("reliability", "window", 2)],
)
def test_panels_have_their_names_as_titles(name: str, field: str, expected: int) -> None:
    """One panel for each value."""
    (column,) = (each for each in encodings(FIGURES[name][0], "column") if "field" in each)
    assert (column["field"], column["title"], len(column["sort"])) == (field, None, expected)


@pytest.mark.parametrize(
    ("picture", "channel", "title"),
    [
        (tornado(UNSURE, SURE), "x", "change (percentage points)"),
        (fan(), "y", "index, 0 to 1"),
        (fan(), "x", "days from STARTEX"),
    ],
)
def test_an_axis_has_its_unit(picture: Picture, channel: str, title: str) -> None:
    """Of the measure or the indicator."""
    assert {each["title"] for each in encodings(picture, channel) if "title" in each} == {title}


def test_each_symbol_of_the_timeline_of_an_exercise_is_in_its_key_once(tmp_path: Path) -> None:
    """Orders and commands have one name; a name twice would give the next ones the symbols of others."""
    picture = timeline_picture(played_findings(tmp_path / "run"))
    assert picture
    scale = picture.chart["layer"][-1]["encoding"]["shape"]["scale"]
    assert "order or message of a player, command" in scale["domain"]
    assert len(scale["domain"]) == len({*scale["domain"]}) == len(scale["range"])
