"""Pictures of decisions and searches: regret over states, where a policy fails, what foretells it, what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.document.blocks import Picture
from wargame.document.drawing import chart
from wargame.document.formatting import short
from wargame.review.reports.batch_charts import label_padding

if TYPE_CHECKING:
    from wargame.batches.decision import Decision
    from wargame.statistics.intervals import Floats

GROUPS = 40
"""Groups of states in the map of regret; more could not be told apart by eye."""
BAND = 0.4
"""Half of the width of a box at a choice, and the width of its points."""
LINE = 26
"""Height of a policy, in pixels."""


def regret_map(decision: Decision, result: Mapping[str, Any], titles: Mapping[str, str]) -> Picture:
    """Return the regret of each policy over groups of states, which are in the order of a factor, and its bracket."""
    worth, factors = result["worth"], decision.batch.prepared.study.factors
    name = worth[0]["factor"] if worth else None
    column = decision.states[decision.known, decision.factors.index(name)] if name else np.arange(decision.known.sum())
    groups = np.array_split(np.argsort(column, kind="stable"), min(GROUPS, len(column)))
    lost = decision.means.max(axis=0) - decision.means
    cells = [
        {"policy": titles[decision.arms[i]], "group": j, "regret": float(lost[i, group].mean())}
        for i in decision.order
        for j, group in enumerate(groups)
    ]
    ends: list[dict[str, Any]] = [
        {"policy": titles[name], "low": regret["split"] or 0.0, "high": regret["naive"]}
        for name, regret in ((each["name"], each["regret"]) for each in result["policies"])
    ]
    order = [each["policy"] for each in ends]
    title = f"states, by {factors[name].title or name}" if name else "states, in the order of the runs"
    drawn = chart("regret", cells=cells, ends=ends, order=order, title=title, height=LINE * len(order))
    found = ", ".join(f"{e['policy']} {short(e['low'])} to {short(e['high'])}" for e in (ends[0], ends[-1]))
    return Picture(f"Regret by policy and state: in the mean, {found}", f"Means of groups of {title}.", drawn)


def box(decision: Decision, each: Mapping[str, Any], policy: str) -> list[Picture]:
    """Return the runs of a policy by two factors, those that fail, and its box; empty without a box or two factors."""
    limits = (each["box"] or {}).get("limits", {})
    names = [*limits, *(name for name in decision.factors if name not in limits)][:2]
    if not limits or decision.failing is None or len(names) < len("xy"):
        return []
    (x, left, right, x_axis), (y, low, high, y_axis) = (_axis(decision, name, limits) for name in names)
    points = [
        {"x": float(x[state]), "y": float(y[state]), "run": "fails" if runs[state] else "does not fail"}
        for runs in decision.failing[decision.arms.index(each["name"])]
        for state in np.flatnonzero(~np.isnan(runs))
    ]
    frame = [{"x": left, "x2": right, "y": low, "y2": high}]
    shares = f"{100 * each['box']['density']:.0f} % of the runs in the box fail, {100 * each['failures']:.0f} % of all"
    drawn = chart("box", points=points, box=frame, x_axis=x_axis, y_axis=y_axis)
    return [Picture(f"{policy}: {shares}", "Each point is a run. In the frame failures are dense.", drawn)]


def _axis(decision: Decision, name: str, limits: Mapping[str, Any]) -> tuple[Floats, float, float, dict[str, Any]]:
    """Return where states are by a factor, the ends of a box, and the axis. Choices have labels and some width."""
    factor, values = decision.batch.prepared.study.factors[name], decision.states[:, decision.factors.index(name)]
    wide, numbers = (BAND if factor.choices else 0.0), list(range(len(factor.choices)))
    low, high = limits.get(name, (float(values.min()), float(values.max())))
    beside = (np.arange(len(values)) * 0.618034 % 1.0 - 0.5) * wide
    titles = json.dumps([factor.within(i, i) for i in numbers])
    labels: dict[str, Any] = {"values": numbers, "labelExpr": f"{titles}[datum.value]"} if numbers else {}
    return values + beside, low - wide, high + wide, {"title": factor.title or name} | labels


def sign(row: Mapping[str, Any], policy: str, until: str) -> Picture:
    """Return a sign as a small decision tree: the runs on both sides of its threshold, and how many of them fail."""
    values = [
        {"side": f"{row['sign']} {text} {short(row['threshold'])}", "share": row[side]["share"]}
        | {"text": f"{row[side]['failures']} of {row[side]['runs']} runs fail"}
        for side, text in (("below", "at most"), ("above", "above"))
    ]
    drawn = chart("sign", values=values, padding=label_padding(each["side"] for each in values))
    found = "; ".join(f"{each['side']}: {100 * each['share']:.0f} % fail" for each in values)
    return Picture(f"{policy}, {until} after STARTEX: {found}", "Runs on both sides of the threshold.", drawn)


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
    given = {"height": 45 * len(rows) + 20, "padding": label_padding(each["policy"] for each in values)}
    drawn = chart("found", values=values, order=list(names.values()), goal=goal, **given)
    best = rows[0]["goals"][i]
    title = f"{goal}: the best found {short(best['search'][0])} in the search, {short(best['fresh'][0])} on fresh draws"
    return Picture(title, "Means with 95 % intervals.", drawn)
