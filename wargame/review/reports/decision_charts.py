"""Pictures of decisions and searches: regret over states, where a policy fails, what foretells it, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wargame.document.blocks import Picture
from wargame.document.drawing import chart
from wargame.document.formatting import short
from wargame.review.reports.batch_charts import label_padding

if TYPE_CHECKING:
    from wargame.batches.decision import Decision

GROUPS = 40
"""Groups of states in the map of regret; more could not be told apart by eye."""
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
        {"policy": titles[name], "low": max(0.0, regret["split"] or 0.0), "high": regret["naive"]}
        for name, regret in ((each["name"], each["regret"]) for each in result["policies"])
    ]
    order = [each["policy"] for each in ends]
    title = f"states, by {factors[name].title or name}" if name else "states, in the order of the runs"
    drawn = chart("regret", cells=cells, ends=ends, order=order, title=title, height=LINE * len(order))
    found = f"{order[0]} {short(ends[0]['high'])} at most, {order[-1]} {short(ends[-1]['high'])}"
    return Picture(f"Regret by policy and state: {found}", f"Means of groups of {title}.", drawn)


def box(decision: Decision, each: Mapping[str, Any], policy: str) -> Picture | None:
    """Return the runs of a policy by two factors, those that fail, and its box; None without a box or two factors."""
    limits, factors = (each["box"] or {}).get("limits", {}), decision.batch.prepared.study.factors
    names = [*limits, *(name for name in decision.factors if name not in limits)][:2]
    if not limits or decision.failing is None or len(names) < len("xy"):
        return None
    x, y = (decision.states[:, decision.factors.index(name)] for name in names)
    failing = decision.failing[decision.arms.index(each["name"])]
    points = [
        {"x": float(x[state]), "y": float(y[state]), "run": "fails" if runs[state] else "does not fail"}
        for runs in failing
        for state in np.flatnonzero(~np.isnan(runs))
    ]
    (left, right), (low, high) = (
        limits.get(name, (float(of.min()), float(of.max()))) for name, of in zip(names, (x, y), strict=True)
    )
    frame = [{"x": left, "x2": right, "y": low, "y2": high}]
    across, up = (factors[name].title or name for name in names)
    shares = (
        f"{100 * each['box']['density']:.0f} % of the states in the box fail, {100 * each['failures']:.0f} % of all"
    )
    drawn = chart("box", points=points, box=frame, across=across, up=up)
    return Picture(f"{policy}: {shares}", "Each point is a run. In the frame failures are dense.", drawn)


def sign(row: Mapping[str, Any], policy: str, until: str) -> Picture:
    """Return a sign as a small decision tree: the runs on both sides of its threshold, and how many of them fail."""
    texts = {"below": f"{row['observable']} at most", "above": f"{row['observable']} above"}
    values = [
        {"side": f"{text} {short(row['threshold'])}", "share": row[side]["share"]}
        | {"text": f"{row[side]['failures']} of {row[side]['runs']} runs fail"}
        for side, text in texts.items()
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
