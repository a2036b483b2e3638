"""Figures of batch reports: outcomes, indicators, differences, sensitivity. An arm has the same colour in all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import altair as alt

from wargame.document.blocks import Figures, Picture, extent
from wargame.document.drawing import WIDTH, data
from wargame.document.formatting import estimate, minus, short
from wargame.document.palette import GREY, OKABE_ITO
from wargame.errors import shortened
from wargame.review.reports.batch_labels import Names, end

if TYPE_CHECKING:
    import pandas as pd

Rows = Sequence[Mapping[str, Any]]
SMALL = 400
"""Width of figures that are placed side by side."""
HIGH = 170
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
LABELS = 190
"""Most pixels for the labels of an axis."""
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


def _look(names: Names, channel: Any, values: Sequence[Any], arms: Sequence[str] = (), mark: str = "stroke") -> Any:
    """Return a channel by arm, with one legend for all channels and none for a single arm. `arms` may be a subset."""
    domain = list(arms or names.arms)
    chosen = [values[names.arms.index(arm) % len(values)] for arm in domain]
    labels = [names.label(arm) for arm in domain]
    kind, columns = mark or alt.Undefined, max(1, min(4, LEGEND // max(map(len, labels))))
    legend = alt.Legend(
        columns=columns, labelLimit=SMALL, symbolOpacity=1, symbolStrokeWidth=2.5, symbolSize=110, symbolType=kind
    )
    shown = legend if len(domain) > 1 and (mark != "stroke" or len(domain) > LABELLED) else None
    return channel("arm:N", scale=alt.Scale(domain=labels, range=chosen), title=None, legend=shown)


def _by_arm(names: Names) -> dict[str, Any]:
    return {"color": _look(names, alt.Color, ORDER), "strokeDash": _look(names, alt.StrokeDash, DASHES)}


def _days(values: Sequence[Mapping[str, Any]], last: float | None = None) -> Any:
    """Return the axis of days, up to the last one of the values or a later one that several figures share."""
    last = last or max((row["day"] for row in values), default=1.0)
    axis, scale = alt.Axis(tickCount=8), alt.Scale(domain=[0, last])
    return alt.X("day:Q", title="days from STARTEX", axis=axis, scale=scale)


def incidence(outcomes: Mapping[str, Rows], names: Names) -> Figures:
    """Return the share of runs in which each outcome has occurred, by day and arm, with its band."""
    return Figures(tuple(_incidence(names.outcomes.get(name, name), rows, names) for name, rows in outcomes.items()))


def _incidence(title: str, rows: Rows, names: Names) -> Picture:
    values = [
        {"arm": names.label(row["arm"]), "day": day, "share": share, "low": low, "high": high}
        for row in rows
        for day, share, low, high in zip(row["days"], row["share"], row["low"], row["high"], strict=True)
    ]
    base = alt.Chart(data(values)).encode(x=_days(values, max(names.horizons.values(), default=None)))
    axis, look = alt.Axis(format="%", tickCount=5), _by_arm(names)
    y: dict[str, Any] = {"scale": alt.Scale(domain=[0, 1]), "axis": axis, "title": "share of runs"}
    band = base.mark_area(opacity=0.15, interpolate="step-after").encode(y=alt.Y("low:Q", **y), y2="high:Q", **look)
    line = base.mark_line(interpolate="step-after", strokeWidth=2).encode(y=alt.Y("share:Q", **y), **look)
    layers = [band, line] if all(row["low"][-1] is not None for row in rows) else [line]
    ends = {names.label(row["arm"]): (row["days"][-1], row["share"][-1]) for row in rows}
    layers += _labels(ends, names, "share", y, (0.0, 1.0))
    at_end = ", ".join(f"{names.label(row['arm'])} {end(row)}" for row in rows[:NAMED])
    chart = alt.layer(*layers).properties(padding=_beside(names))
    text = "The share of runs in which it has occurred" + (", with 95 % bands." if layers[0] is band else ".")
    return small_chart(f"{title}: {at_end} at the end", text, chart, width=_width(names))


def _width(names: Names) -> int:
    return SMALL - LABEL_ROOM if 1 < len(names.arms) <= LABELLED else SMALL


def _labels(
    ends: Mapping[str, tuple[float, float]], names: Names, field: str, y: Mapping[str, Any], span: tuple[float, float]
) -> list[Any]:
    """The names of arms at the ends of their lines, moved apart where these are close; none if a legend has them."""
    if not 1 < len(names.arms) <= LABELLED:
        return []
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
    values = [{"arm": k, "text": texts[k], "day": ends[k][0], field: height} for k, height in heights.items()]
    text = alt.Chart(data(values)).mark_text(
        align="left", baseline="middle", dx=5, fontSize=10, fontWeight="bold", lineBreak="\n", lineHeight=11
    )
    return [text.encode(x="day:Q", y=alt.Y(f"{field}:Q", **y), text="text:N", color=_look(names, alt.Color, ORDER))]


def _folded(label: str) -> str:
    first, *rest = wrap(label, LABEL) or [""]
    return "\n".join([first, shortened(" ".join(rest), LABEL)] if rest else [first])


def _beside(names: Names) -> dict[str, float]:
    """Padding for names beside lines in a typeface that is wider than the one they were measured in."""
    labelled = 1 < len(names.arms) <= LABELLED
    return {"left": 18, "right": 14 + (1.6 * LABEL if labelled else 0), "top": 6, "bottom": 6}


def small_chart(title: str, description: str, chart: Any, height: int = HIGH, width: int = SMALL) -> Picture:
    """Return a figure that fits beside another one."""
    return Picture(minus(title), description, chart.properties(width=width, height=height))


def label_padding(labels: Iterable[Any]) -> dict[str, float]:
    """Padding for labels in a typeface that is wider than the one they were measured in."""
    return {"left": 5 + WIDER * max(map(len, map(str, labels)), default=0), "right": 5, "top": 5, "bottom": 5}


def fans(series: pd.DataFrame, names: Names, titles: Mapping[str, str]) -> Figures:
    """Quantiles over runs of each recorded indicator, by day and arm."""
    return Figures(tuple(_fan(series, path, titles.get(path, path), names) for path in titles if path in series))


def _fan(series: pd.DataFrame, path: str, title: str, names: Names) -> Picture:
    values: list[dict[str, Any]] = [
        {"arm": names.label(str(arm)), "day": day}
        | {f"q{share}": float(day_rows[path].quantile(share / 100)) for share in (5, 25, 50, 75, 95)}
        for arm, runs in series.groupby("arm")
        for day, day_rows in runs.groupby("day")
    ]
    few = len(names.arms) <= FEW
    base = alt.Chart(data(values)).encode(x=_days(values))
    look = _by_arm(names)
    y: dict[str, Any] = {"title": names.units.get(path, "value"), "scale": alt.Scale(zero=False)}
    layers = [base.mark_area(opacity=0.17).encode(y=alt.Y("q25:Q", **y), y2="q75:Q", **look)]
    if few:
        layers.insert(0, base.mark_area(opacity=0.1).encode(y=alt.Y("q5:Q", **y), y2="q95:Q", **look))
    layers.append(base.mark_line(strokeWidth=2).encode(y=alt.Y("q50:Q", **y), **look))
    ends = {row["arm"]: (row["day"], row["q50"]) for row in values}  # the last day of each arm is the last row
    low, high = ("q5", "q95") if few else ("q25", "q75")
    span = (min(row[low] for row in values), max(row[high] for row in values))
    layers += _labels(ends, names, "q50", y, span)
    text = "Median of the runs with their middle 50 %" + (" and 90 %." if few else ".")
    at_end = ", ".join(f"{label} {short(median)}" for label, (_, median) in list(ends.items())[:NAMED])
    chart = alt.layer(*layers).properties(padding=_beside(names))
    return small_chart(f"{title}: {at_end} at the end", text, chart, width=_width(names))


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
    axis = alt.Axis(labelLimit=LABELS, labelExpr=f"({json.dumps(folded)})[datum.label]")
    scale = alt.Scale(domain=[-most, most]) if share else alt.Scale(zero=True)
    x = alt.X(
        "low:Q",
        title=_titled("difference", names.units.get(measure, "")),
        axis=alt.Axis(tickCount=5),
        scale=scale,
    )
    colour = _look(names, alt.Color, ORDER, [arm for arm in names.arms if arm != names.baseline], "")
    colour.legend = None
    base = alt.Chart(data(values)).encode(y=alt.Y("arm:N", title=None, sort=arms, axis=axis), color=colour)
    spread = base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q")
    points = base.mark_point(filled=True, size=60, opacity=1).encode(x="estimate:Q")
    zero = alt.Chart(data([{"x": 0}])).mark_rule(strokeDash=[4, 3], color=GREY).encode(x="x:Q")
    padding = label_padding(part for parts in folded.values() for part in parts)
    height = max(40, sum(max(24, 8 + 12 * len(parts)) for parts in folded.values()))
    largest = sorted(rows, key=lambda row: -abs(row["estimate"]))[:NAMED]
    found = "; ".join(f"{names.label(row['arm'])} {estimate(row, share=share, signed=True)}" for row in largest)
    text = "Difference from the baseline with its 95 % interval. Dashed line: no difference."
    chart = (zero + spread + points).properties(padding=padding)
    return small_chart(f"{names.title(measure)}: {found}", text, chart, height, SMALL - 90)


def bars(values: Rows, title: str) -> Any:
    """Return shares as bars, by `group` and `line`. `title` is that of the axis."""
    x = alt.X("value:Q", title=title, axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("line:N", title=None, sort=None, axis=alt.Axis(labelLimit=2 * LABELS))
    row = alt.Row(
        "group:N", title=None, sort=None, header=alt.Header(labelAngle=0, labelAlign="left", labelOrient="top")
    )
    chart = alt.Chart(data(list(map(dict, values)))).mark_bar(color=ORDER[1]).encode(x=x, y=y, row=row)
    return chart.properties(width=WIDTH - 260).resolve_scale(y="independent")


ENDS = ("#E08214", "#8073AC")
"""Colours of the lower and the upper end of a factor."""


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
    x = alt.X(
        "effect:Q",
        title=_titled("change", names.units.get(measure, "")),
        axis=alt.Axis(tickCount=5),
        scale=_with_room([value["effect"] for value in values], 0.35),
    )
    base = _by_factor(values, "end", ("lower end", "upper end"), ENDS).encode(x=x)
    bars = base.mark_bar(stroke=GREY, strokeWidth=0.5).encode(
        opacity=alt.condition("datum.shown", alt.value(1.0), alt.value(0.3))
    )
    text = "Change as each factor moves from its middle to its ends. Pale bars: the 95 % interval includes zero."
    low, high = (short(value["effect"], signed=True) for value in values[:2])
    found = f"{values[0]['factor']} moves it most, {low} at its lower and {high} at its upper end"
    return _factors(
        rows[0],
        names,
        found if any(value["shown"] for value in values) else "no factor is shown to move it",
        text,
        bars + _ends(base, "effect", "end", values[0]["factor"]),
        13 * len(values),
    )


def sobol(rows: Rows, names: Names) -> Picture:
    """First-order and total indices of each factor, with 95 % intervals."""
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
    base = _by_factor(values, "index", ("alone", "with interactions"), (OKABE_ITO[5], OKABE_ITO[0]))
    scale = _with_room([value[end] for value in values for end in ("low", "high")], 0.6)
    x = alt.X("value:Q", title="share of the variance", axis=alt.Axis(format="%", tickCount=5), scale=scale)
    spread = base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q", color=alt.value(GREY))
    text = "Sobol indices with 95 % intervals: the share that a factor explains alone, and with all interactions."
    alone, total = (f"{100 * value['value']:.0f} %" for value in values[:2])
    found = f"most is due to {values[0]['factor']}, {alone} alone and {total} with interactions"
    chart = base.mark_bar().encode(x=x) + spread + _ends(base, "high", "index", values[0]["factor"])
    return _factors(rows[0], names, found, text, chart, 30 * len(rows))


def _titled(what: str, unit: str) -> str:
    return f"{what} ({unit})" if unit else what


def _with_room(ends: Sequence[float], share: float) -> Any:
    """Return a scale from zero to the ends, with this share of its length for labels beyond each of them."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = share * (high - low or 1.0)
    return alt.Scale(domain=[low - room * (low < 0), high + room * (high > 0 or low == 0)], nice=False)


def _by_factor(values: list[dict[str, Any]], part: str, parts: Sequence[str], colours: Sequence[str]) -> Any:
    """Return a chart with a line for each part of each factor. Its parts are named beside the lines of one factor."""
    return alt.Chart(data(values)).encode(
        y=alt.Y("factor:N", title=None, sort=None, axis=alt.Axis(labelLimit=LABELS)),
        yOffset=alt.YOffset(f"{part}:N", sort=parts),
        color=alt.Color(f"{part}:N", scale=alt.Scale(domain=parts, range=colours), legend=None),
    )


def _ends(base: Any, field: str, part: str, factor: str) -> Any:
    """Return the names of the parts of a factor, beyond the ends of its bars."""
    side = {"align": "datum.{0} < 0 ? 'right' : 'left'", "dx": "datum.{0} < 0 ? -4 : 4"}
    beside = {name: alt.ExprRef(text.format(field)) for name, text in side.items()}
    texts = base.transform_filter(alt.datum.factor == factor).mark_text(fontSize=10, **beside)
    return texts.encode(x=f"{field}:Q", text=f"{part}:N", color=alt.value("#000"))


def _factors(row: Mapping[str, Any], names: Names, found: str, text: str, chart: Any, height: int) -> Picture:
    where = f" in {names.within(row['arm'])}" if len(names.arms) > 1 else ""
    shown = chart.properties(padding=label_padding(names.factors.values()))
    return small_chart(f"{names.title(row['measure'])}{where}: {found}", text, shown, max(50, height), SMALL - 110)


def variance(rows: Rows, names: Names) -> Picture:
    """Return the sources of variance of each measure."""
    parts = {"draws": "random draws", "parameters": "parameters", "arm": "arm"}
    values = [
        {"measure": names.title(row["measure"]), "part": label, "share": row[part], "order": place}
        for row in rows
        for place, (part, label) in enumerate(parts.items())
    ]
    axis = alt.Axis(format="%", values=[0, 0.5, 1])
    chart = (
        alt.Chart(data(values))
        .mark_bar(color=OKABE_ITO[0])
        .encode(
            y=alt.Y("measure:N", title=None, sort=None, axis=alt.Axis(labelLimit=LABELS)),
            x=alt.X("share:Q", title="share of the variance", axis=axis, scale=alt.Scale(domain=[0, 1])),
            column=panels("part", list(parts.values())),
        )
        .properties(width=PANEL, height=26 * len(rows), padding=label_padding(v["measure"] for v in values))
    )
    most = max(parts, key=lambda part: sum(row[part] for row in rows))
    span = " to ".join(dict.fromkeys(f"{100 * end(row[most] for row in rows):.0f}" for end in (min, max)))
    title = f"Sources of variance: mostly {parts[most]}, {span} %"
    return Picture(title, "Shares of the variance of each measure.", chart)


PANEL = 140
"""Width of each of three panels side by side."""


def panels(field: str, order: Sequence[str]) -> Any:
    """Return columns of a figure with their values as titles, in place of a legend."""
    header = alt.Header(labelFontSize=11, labelFontWeight="bold", labelPadding=4)
    return alt.Column(f"{field}:N", title=None, sort=order, header=header)
