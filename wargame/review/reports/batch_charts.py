"""Figures of batch reports: outcomes, indicators, differences, sensitivity. An arm has the same colour in all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from wargame.document.blocks import Figures, Picture, extent
from wargame.document.drawing import Chart, chart
from wargame.document.formatting import estimate, minus, short
from wargame.document.palette import OKABE_ITO
from wargame.errors import shortened
from wargame.review.reports.batch_labels import Names, end

if TYPE_CHECKING:
    import pandas as pd

Rows = Sequence[Mapping[str, Any]]
SMALL = 400
"""Width of figures that are placed side by side, without that of their labels."""
LEGEND = 56
"""Characters that fit into one line of a legend."""
LABELLED = 6
"""Most arms whose lines have their names at their ends instead of a legend."""
LABEL, LABEL_ROOM = 24, 150
"""Characters in a line of such a name, and the pixels that it needs; a name has at most two lines."""
APART = 0.08
"""Least distance of the lines of two names, as a share of the axis."""
LINE = 26
"""Characters in a line of an arm's label beside its interval."""
WIDER = 0.9
"""Pixels by which a character may be wider on the reader's machine than on this one."""
NAMED = 3
"""Most arms whose results are in the title of a figure; its table has all of them."""
FEW = 2
"""Most arms whose outer bands can still be distinguished."""
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 1], [1, 3], [10, 4], [3, 6])
BLACK = OKABE_ITO[6]
ORDER = (BLACK, *(colour for colour in OKABE_ITO if colour != BLACK))
"""The baseline is black."""


def _by_arm(names: Names, values: Sequence[Any]) -> Chart:
    """Return a channel by arm, with one legend for all channels and none for a single arm or for names at lines."""
    labels = [names.label(arm) for arm in names.arms]
    columns = max(1, min(4, LEGEND // max(map(len, labels))))
    symbols = {"symbolOpacity": 1, "symbolStrokeWidth": 2.5, "symbolSize": 110, "symbolType": "stroke"}
    legend = {"columns": columns, "labelLimit": SMALL, **symbols} if len(labels) > LABELLED else None
    scale = {"domain": labels, "range": [values[place % len(values)] for place in range(len(labels))]}
    return {"field": "arm", "type": "nominal", "scale": scale, "title": None, "legend": legend}


def incidence(outcomes: Mapping[str, Rows], names: Names) -> Figures:
    """Return the share of runs in which each outcome has occurred, by day and arm, with its band."""
    return Figures(tuple(_incidence(names.outcomes.get(name, name), rows, names) for name, rows in outcomes.items()))


def _incidence(title: str, rows: Rows, names: Names) -> Picture:
    values = [
        {"arm": names.label(row["arm"]), "day": day, "value": share, "low": low, "high": high}
        for row in rows
        for day, share, low, high in zip(row["days"], row["share"], row["low"], row["high"], strict=True)
    ]
    banded = all(row["low"][-1] is not None for row in rows)
    shares = {"scale": {"domain": [0, 1]}, "axis": {"format": ".1~%", "tickCount": 5}, "title": "share of runs"}
    last = max(names.horizons.values(), default=None)
    drawn = _curves(values, names, (0.0, 1.0), last, banded=banded, outer=False, steps="step-after", **shares)
    at_end = ", ".join(f"{names.label(row['arm'])} {end(row)}" for row in rows[:NAMED])
    text = "The share of runs in which it has occurred" + (", with 95 % bands." if banded else ".")
    return Picture(minus(f"{title}: {at_end} at the end"), text, drawn)


def _curves(
    values: list[dict[str, Any]], names: Names, span: tuple[float, float], last: float | None = None, **given: Any
) -> Chart:
    """Return a curve for each arm, up to the last day of the values or a later one that several figures share."""
    labelled = 1 < len(names.arms) <= LABELLED
    ends = {row["arm"]: (row["day"], row["value"]) for row in values}  # the last day of each arm is the last row
    return chart(
        "curves",
        values=values,
        names=_labels(ends, span) if labelled else None,
        last=last or max((row["day"] for row in values), default=1.0),
        width=SMALL - LABEL_ROOM if labelled else SMALL,
        padding={"left": 18, "right": 14 + (1.6 * LABEL if labelled else 0), "top": 6, "bottom": 6},
        colour=_by_arm(names, ORDER),
        dash=_by_arm(names, DASHES),
        **given,
    )


def _labels(ends: Mapping[str, tuple[float, float]], span: tuple[float, float]) -> list[dict[str, Any]]:
    """Return the names of arms at the ends of their lines, moved apart where these are close."""
    texts = {label: _folded(label) for label in ends}
    half = {label: APART * (span[1] - span[0]) * (text.count("\n") + 1) / 2 for label, text in texts.items()}
    order = list(ends)
    rising = sorted(ends, key=lambda label: (ends[label][1], -order.index(label)))
    heights, top = dict[str, float](), -inf
    for label in rising:  # upwards: each above the one before
        heights[label] = max(ends[label][1], top + half[label])
        top = heights[label] + half[label]
    top = span[1] + half[rising[-1]]
    for label in reversed(rising):  # downwards: none above the axis
        heights[label] = min(heights[label], top - half[label])
        top = heights[label] - half[label]
    return [{"arm": k, "text": texts[k], "day": ends[k][0], "value": height} for k, height in heights.items()]


def _folded(label: str) -> str:
    first, *rest = wrap(label, LABEL) or [""]
    return "\n".join([first, shortened(" ".join(rest), LABEL)] if rest else [first])


def label_padding(labels: Iterable[Any]) -> dict[str, float]:
    """Return padding for labels in a typeface that is wider than the one they were measured in."""
    return {"left": 5 + WIDER * max(map(len, map(str, labels)), default=0), "right": 5, "top": 5, "bottom": 5}


def fans(series: pd.DataFrame, names: Names, titles: Mapping[str, str]) -> Figures:
    """Return quantiles over runs of each recorded indicator, by day and arm."""
    return Figures(tuple(_fan(series, path, titles.get(path, path), names) for path in titles if path in series))


def _fan(series: pd.DataFrame, path: str, title: str, names: Names) -> Picture:
    shares = {"lowest": 0.05, "low": 0.25, "value": 0.5, "high": 0.75, "highest": 0.95}
    values: list[dict[str, Any]] = [
        {"arm": names.label(str(arm)), "day": day}
        | {name: float(day_rows[path].quantile(share)) for name, share in shares.items()}
        for arm, runs in series.groupby("arm")
        for day, day_rows in runs.groupby("day")
    ]
    few = len(names.arms) <= FEW
    low, high = ("lowest", "highest") if few else ("low", "high")
    span = (min(row[low] for row in values), max(row[high] for row in values))
    axis: dict[str, Any] = {"title": names.units.get(path, "value"), "scale": {"zero": False}, "axis": None}
    drawn = _curves(values, names, span, banded=True, outer=few, steps=None, **axis)
    text = "Median of the runs with their middle 50 %" + (" and 90 %." if few else ".")
    medians = {row["arm"]: row["value"] for row in values}
    at_end = ", ".join(f"{label} {short(median)}" for label, median in list(medians.items())[:NAMED])
    return Picture(minus(f"{title}: {at_end} at the end"), text, drawn)


def forest(rows: Rows, names: Names) -> tuple[Picture, ...]:
    """Return a forest plot for each measure with its known differences from the baseline; shares have the same axis."""
    known = [row for row in rows if row["estimate"] is not None]
    ends = [abs(row[end] or 0.0) for row in known if names.is_share(row["measure"]) for end in ("low", "high")]
    most = 100 * extent(max(ends, default=0.0))
    by_measure = {name: [row for row in known if row["measure"] == name] for name in (row["measure"] for row in known)}
    return tuple(_differences(name, own, names, most) for name, own in by_measure.items())


def _differences(measure: str, rows: Rows, names: Names, most: float) -> Picture:
    share, arms = names.is_share(measure), [names.label(arm) for arm in names.arms if arm != names.baseline]
    values = [
        {"arm": names.label(row["arm"])}
        | {key: None if row[key] is None else row[key] * (100 if share else 1) for key in ("estimate", "low", "high")}
        for row in rows
    ]
    folded = {arm: wrap(arm, LINE) for arm in arms}
    largest = sorted(rows, key=lambda row: -abs(row["estimate"]))[:NAMED]
    found = "; ".join(f"{names.label(row['arm'])} {estimate(row, share=share, signed=True)}" for row in largest)
    colours = _by_arm(names, ORDER)["scale"]["range"][1:]  # the baseline is the first
    drawn = chart(
        "forest",
        values=values,
        arms=arms,
        folded=f"({json.dumps(folded)})[datum.label]",
        title=_titled("difference", names.units.get(measure, "")),
        scale={"domain": [-most, most]} if share else {"zero": True},
        colours=colours,
        height=max(40, sum(max(24, 8 + 12 * len(parts)) for parts in folded.values())),
        padding=label_padding(part for parts in folded.values() for part in parts),
    )
    text = "Difference from the baseline with its 95 % interval. Dashed line: no difference."
    return Picture(minus(f"{names.title(measure)}: {found}"), text, drawn)


def tornado(rows: Rows, names: Names) -> Picture:
    """Return the effects of the ends of factors on a measure, the largest swing on top; pale if not significant."""
    measure = rows[0]["measure"]
    scale = 100 if names.is_share(measure) else 1
    values: list[dict[str, Any]] = [
        {
            "factor": names.factors.get(row["factor"], row["factor"]),
            "end": end,
            "effect": scale * (row[key]["effect"] or 0.0),
            "shown": row[key]["from"] is not None and (row[key]["from"] > 0 or row[key]["to"] < 0),
        }
        for row in rows
        for key, end in (("at_low", "lower end"), ("at_high", "upper end"))
    ]
    low, high = (short(value["effect"], signed=True) for value in values[:2])
    found = f"{values[0]['factor']} moves it most, {low} at its lower and {high} at its upper end"
    drawn = _factors(
        "tornado",
        values,
        names,
        13 * len(values),
        title=_titled("change", names.units.get(measure, "")),
        scale=_with_room([value["effect"] for value in values], 0.35),
    )
    text = "Change as each factor moves from its middle to its ends. Pale bars: the 95 % interval includes zero."
    found = found if any(value["shown"] for value in values) else "no factor changes it significantly"
    return Picture(_found(rows[0], names, found), text, drawn)


def sobol(rows: Rows, names: Names) -> Picture:
    """Return first-order and total indices of each factor, with 95 % intervals."""
    values: list[dict[str, Any]] = [
        {
            "factor": names.factors.get(row["factor"], row["factor"]),
            "index": label,
            "value": row[key],
            "low": row[key] - row[f"{key}_half_width"],
            "high": row[key] + row[f"{key}_half_width"],
        }
        for row in sorted(rows, key=lambda row: -row["total"])
        for key, label in (("first", "alone"), ("total", "with interactions"))
    ]
    alone, total = (f"{100 * value['value']:.0f} %" for value in values[:2])
    found = f"most is due to {values[0]['factor']}, {alone} alone and {total} with interactions"
    scale = _with_room([value[end] for value in values for end in ("low", "high")], 0.6)
    drawn = _factors("sobol", values, names, 30 * len(rows), scale=scale)
    text = "Sobol indices with 95 % intervals: the share that a factor explains alone, and with all interactions."
    return Picture(_found(rows[0], names, found), text, drawn)


def _factors(name: str, values: list[dict[str, Any]], names: Names, height: int, **given: Any) -> Chart:
    """Return a line for each part of each factor. The parts are named beside the lines of the first factor."""
    first, padding = f"datum.factor === {json.dumps(values[0]['factor'])}", label_padding(names.factors.values())
    return chart(name, values=values, first=first, padding=padding, height=max(50, height), **given)


def _found(row: Mapping[str, Any], names: Names, found: str) -> str:
    where = f" in {names.in_sentence(row['arm'])}" if len(names.arms) > 1 else ""
    return minus(f"{names.title(row['measure'])}{where}: {found}")


def _titled(what: str, unit: str) -> str:
    return f"{what} ({unit})" if unit else what


def _with_room(ends: Sequence[float], share: float) -> dict[str, Any]:
    """Return a scale from zero to the ends, with this share of its length for labels beyond each of them."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = share * (high - low or 1.0)
    return {"domain": [low - room * (low < 0), high + room * (high > 0 or low == 0)], "nice": False}


def variance(rows: Rows, names: Names) -> Picture:
    """Return the sources of variance of each measure."""
    parts = {"draws": "random draws", "parameters": "parameters", "arm": "arm"}
    values = [
        {"measure": names.title(row["measure"]), "part": label, "share": row[part], "order": place}
        for row in rows
        for place, (part, label) in enumerate(parts.items())
    ]
    padding = label_padding(v["measure"] for v in values)
    height, labels = 26 * len(rows), list(parts.values())
    drawn = chart("variance", values=values, parts=labels, height=height, padding=padding)
    most = max(parts, key=lambda part: sum(row[part] for row in rows))
    span = " to ".join(dict.fromkeys(f"{100 * end(row[most] for row in rows):.0f}" for end in (min, max)))
    title = f"Sources of variance: mostly {parts[most]}, {span} %"
    return Picture(title, "Shares of the variance of each measure.", drawn)
