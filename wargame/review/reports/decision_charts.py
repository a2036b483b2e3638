"""Pictures of decisions and searches: regret over states, where a policy fails, what foretells it, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from wargame.document.blocks import Picture
from wargame.document.drawing import WIDTH, data
from wargame.document.formatting import short
from wargame.document.palette import GREY, OKABE_ITO
from wargame.review.reports.batch_charts import label_padding

if TYPE_CHECKING:
    from wargame.batches.decision import Decision

GROUPS = 40
"""Groups of states in the map of regret; the runs of more could not be told apart by eye."""
SIDE = 260
RED, BLUE = OKABE_ITO[1], OKABE_ITO[0]


def regret_map(decision: Decision, result: Mapping[str, Any], titles: Mapping[str, str]) -> Picture:
    """Return the regret of each policy over groups of states, which are in the order of a factor, and its bracket."""
    worth, factors = result["worth"], decision.batch.prepared.study.factors
    name = worth[0]["factor"] if worth else None
    column = decision.states[decision.known, decision.factors.index(name)] if name else np.arange(decision.known.sum())
    groups = np.array_split(np.argsort(column, kind="stable"), min(GROUPS, len(column)))
    lost = decision.means.max(axis=0) - decision.means
    order = [titles[decision.arms[i]] for i in decision.order]
    cells = [
        {"policy": titles[decision.arms[i]], "group": j, "regret": float(lost[i, group].mean())}
        for i in decision.order
        for j, group in enumerate(groups)
    ]
    ends: list[dict[str, Any]] = [
        {"policy": titles[each["name"]], "low": max(0.0, each["regret"]["split"] or 0.0)}
        | {"high": each["regret"]["naive"]}
        for each in result["policies"]
    ]
    axis = f"states, by {factors[name].title or name}" if name else "states, in the order of the runs"
    y = alt.Y("policy:N", title=None, sort=order, axis=alt.Axis(labelLimit=220))
    legend = alt.Legend(title="regret", gradientLength=160)
    colour = alt.Color("regret:Q", scale=alt.Scale(scheme="oranges"), legend=legend)
    x = alt.X("group:O", title=axis, axis=alt.Axis(labels=False, ticks=False))
    squares = alt.Chart(data(cells)).mark_rect().encode(x=x, y=y, color=colour)
    beside = alt.Y("policy:N", title=None, sort=order, axis=None)
    bracket = alt.Chart(data(ends)).mark_bar(color=BLUE, height=9)
    bracket = bracket.encode(x=alt.X("low:Q", title="mean regret, from … to"), x2="high:Q", y=beside)
    high = 26 * len(order)
    chart = alt.hconcat(squares.properties(width=WIDTH - 420, height=high), bracket.properties(width=140, height=high))
    found = f"{order[0]} {short(ends[0]['high'])} at most, {order[-1]} {short(ends[-1]['high'])}"
    return Picture(f"Regret by policy and state: {found}", f"Mean of groups of {axis}.", chart)


def box(decision: Decision, each: Mapping[str, Any], arm: str) -> Picture | None:
    """Return the states of a policy on two factors, those in which it fails, and its box; None without a box."""
    limits, factors = (each["box"] or {}).get("limits", {}), decision.batch.prepared.study.factors
    if not limits or decision.failing is None:
        return None
    names = [*limits, *(name for name in decision.factors if name not in limits)][:2]
    if len(names) < 2:
        return None
    columns = [decision.factors.index(name) for name in names]
    failing = decision.failing[decision.arms.index(each["name"])]
    points = [
        {"x": float(state[columns[0]]), "y": float(state[columns[1]]), "run": ("does not fail", "fails")[int(result)]}
        for runs in failing
        for state, result in zip(decision.states, runs, strict=True)
        if not np.isnan(result)
    ]
    every = [(float(decision.states[:, i].min()), float(decision.states[:, i].max())) for i in columns]
    (left, right), (low, high) = (limits.get(name, end) for name, end in zip(names, every, strict=True))
    x, y = (
        alt.X("x:Q", title=factors[names[0]].title or names[0], scale=alt.Scale(zero=False)),
        alt.Y("y:Q", title=factors[names[1]].title or names[1], scale=alt.Scale(zero=False)),
    )
    colour = alt.Color("run:N", title=None, scale=alt.Scale(domain=["fails", "does not fail"], range=[RED, GREY]))
    dots = alt.Chart(data(points)).mark_point(filled=True, size=18, opacity=0.7).encode(x=x, y=y, color=colour)
    edge = alt.Chart(data([{"x": left, "x2": right, "y": low, "y2": high}])).mark_rect(
        fillOpacity=0.08, fill=RED, stroke=RED, strokeWidth=1.5
    )
    chart = dots + edge.encode(x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q")
    title = f"{arm}: {100 * each['box']['density']:.0f} % of the states in the box fail, {100 * each['failures']:.0f} %"
    text = "Each point is a run. The frame is the box in which failures are dense."
    return Picture(f"{title} of all", text, chart.properties(width=SIDE + 120, height=SIDE))


def sign(row: Mapping[str, Any], title: str, until: str) -> Picture:
    """Return a sign as a small decision tree: the runs on both sides of its threshold, and how many of them fail."""
    sides = [(f"{row['observable']} {sign_} {short(row['threshold'])}", row[key]) for sign_, key in SIDES]
    rows = [
        {"side": text, "share": each["share"], "text": f"{each['failures']} of {each['runs']} runs fail"}
        for text, each in sides
    ]
    y = alt.Y("side:N", title=None, sort=None, axis=alt.Axis(labelLimit=260))
    x = alt.X("share:Q", title="share that fails", axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]))
    base = alt.Chart(data(rows)).encode(y=y, x=x.scale(domain=[0, 1.3]))
    text = base.mark_text(align="left", dx=5, fontSize=10).encode(text="text:N", color=alt.value("#000"))
    chart = (base.mark_bar(color=RED) + text).properties(width=WIDTH - 300, height=60)
    shown = chart.properties(padding=label_padding(each["side"] for each in rows))
    found = "; ".join(f"{each['side']}: {100 * each['share']:.0f} % fail" for each in rows)
    return Picture(f"{title}, {until} after STARTEX: {found}", "Runs on both sides of the threshold.", shown)


SIDES = (("at most", "below"), ("above", "above"))


def found(result: Mapping[str, Any], titles: Mapping[str, str]) -> list[Picture]:
    """Return for each goal of a search what the policies reached in it and on fresh draws, beside the present one."""
    return [_found(goal, i, result["found"], titles, result["present"]) for i, goal in enumerate(result["goals"])]


def _found(goal: str, i: int, rows: Sequence[Any], titles: Mapping[str, str], present: str) -> Picture:
    names = {"search": "in the search", "fresh": "on fresh draws", "present": f"{titles[present]}, on fresh draws"}
    values = [
        {"policy": titles[each["name"]], "draws": label, "mean": mean, "low": low, "high": high}
        for each in rows
        for key, label in names.items()
        for mean, low, high in [each["goals"][i][key]]
    ]
    order, colours = list(names.values()), [GREY, RED, BLUE]
    base = alt.Chart(data(values)).encode(
        y=alt.Y("policy:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
        yOffset=alt.YOffset("draws:N", sort=order),
        color=alt.Color("draws:N", title=None, scale=alt.Scale(domain=order, range=colours)),
    )
    x = alt.X("low:Q", title=goal, scale=alt.Scale(zero=False))
    spread = base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q")
    chart = spread + base.mark_point(filled=True, size=50, opacity=1).encode(x="mean:Q")
    best = rows[0]["goals"][i]
    title = f"{goal}: the best found {short(best['search'][0])} in the search, {short(best['fresh'][0])} on fresh draws"
    shown = chart.properties(width=WIDTH - 300, height=45 * len(rows) + 20)
    padded = shown.properties(padding=label_padding(each["policy"] for each in values))
    return Picture(title, "Means with 95 % intervals.", padded)
