"""Figures of the sensitivity of a batch: the numbers that are drawn are those of its summary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from wargame.document.blocks import Figures, Grid, Heading, Picture
from wargame.review.reports.batch_charts import sobol, tornado, variance
from wargame.review.reports.batch_labels import Names
from wargame.review.reports.batch_tables import sensitivity

NAMES = replace(Names.plain(["base"], "base"), kinds={"p(war)": "share"}, factors={"calm": "Calm at the start"})


def drawn(picture: Picture) -> list[dict[str, Any]]:
    """The rows of data of a chart."""
    return list(picture.chart["data"]["values"])


@pytest.mark.parametrize(("measure", "scale"), [("p(war)", 100), ("mean(tension)", 1)])
def test_a_tornado_has_two_bars_for_each_factor(measure: str, scale: int) -> None:
    """In points for a share; an end is pale if its interval includes zero, and a missing effect is nothing."""
    rows = [
        {
            "measure": measure,
            "arm": "base",
            "factor": "calm",
            "at_low": {"effect": -0.25, "from": -0.4, "to": -0.1},
            "at_high": {"effect": 0.125, "from": -0.1, "to": 0.3},
        },
        {
            "measure": measure,
            "arm": "base",
            "factor": "hold",
            "at_low": {"effect": None, "from": None, "to": None},
            "at_high": {"effect": 0.5, "from": 0.2, "to": 0.8},
        },
    ]
    assert [tuple(row.values()) for row in drawn(tornado(rows, NAMES))] == [
        ("Calm at the start", "lower end", -0.25 * scale, True),
        ("Calm at the start", "upper end", 0.125 * scale, False),
        ("hold", "lower end", 0.0, False),
        ("hold", "upper end", 0.5 * scale, True),
    ]


def test_sobol_indices_are_drawn_from_the_largest_total_down() -> None:
    """Each with its interval."""
    rows = [
        {"measure": "p(war)", "arm": "base", "factor": name, "first": first, "total": total}
        | {"first_half_width": 0.125, "total_half_width": 0.25}
        for name, first, total in (("hold", 0.25, 0.5), ("calm", 0.5, 0.75))
    ]
    shown = [(row["factor"], row["index"], row["low"], row["high"]) for row in drawn(sobol(rows, NAMES))]
    assert shown == [
        ("Calm at the start", "alone", 0.375, 0.625),
        ("Calm at the start", "with interactions", 0.5, 1.0),
        ("hold", "alone", 0.125, 0.375),
        ("hold", "with interactions", 0.25, 0.75),
    ]


def test_sources_of_variance_are_drawn_for_each_measure() -> None:
    """Random draws first, then what the design varies, then the arm."""
    rows = [{"measure": "p(war)", "draws": 0.5, "parameters": 0.25, "arm": 0.25}]
    shown = sorted((row["order"], row["part"], row["share"]) for row in drawn(variance(rows, NAMES)))
    assert shown == [(0, "random draws", 0.5), (1, "parameters", 0.25), (2, "arm", 0.25)]


@pytest.mark.parametrize(("part", "figure"), [("bars", Figures), ("indices", Figures), ("variance", Picture)])
def test_a_terminal_has_the_table_of_a_figure_alone(part: str, figure: type) -> None:
    """A page has both."""
    end = {"value": 0.5, "effect": 0.25, "from": 0.125, "to": 0.5}
    row = {"measure": "p(war)", "arm": "base", "factor": "calm"}
    bars = row | {"swing": 0.5, "at_low": end, "at_high": end}
    indices = row | {"first": 0.25, "total": 0.5, "first_half_width": 0.125, "total_half_width": 0.25}
    shares = {"measure": "p(war)", "draws": 0.5, "parameters": 0.25, "arm": 0.25}
    summary = {"sensitivity": {"bars": [bars], "indices": [indices]}.get(part, [])}
    summary["variance"] = [shares] if part == "variance" else []
    for drawn, expected in ((True, [figure, Grid]), (False, [Grid])):
        heading, *blocks = sensitivity(summary, NAMES, drawn=drawn)
        assert heading == Heading(2, "Sensitivity")
        assert [type(block) for block in blocks] == expected
