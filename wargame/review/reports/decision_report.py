"""The reports of questions that a study asks: the best policy, a game, and a search. Their text is in templates."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wargame.batches.api import Batch
from wargame.batches.decision import DecisionNumbers
from wargame.document.blocks import Block, Picture
from wargame.document.drawing import chart
from wargame.document.formatting import short
from wargame.language.expressions import parse_path
from wargame.language.times import format_duration
from wargame.review.reports.batch_charts import label_padding
from wargame.review.reports.laid_out import blocks_of
from wargame.scenario.model import Scenario
from wargame.seat.interests import indicator_title
from wargame.statistics.intervals import Floats

SURE = 0.95


def decision_report(decision: DecisionNumbers, result: dict[str, Any]) -> list[Block]:
    """Return the blocks of the report of a decision, for a page and for the terminal."""
    batch = decision.batch
    measure, study = batch.measure(result["goal"]), batch.prepared.study
    titles = {name: arm.title or name for name, arm in study.arms.items()}
    content = result | {
        "goal": measure.title or measure.name,
        "titles": titles,
        "until": format_duration(decision.question.watch.until),
        "factors": study.factors,
        "study": study,
        "scenario": (scenario := batch.prepared.loaded.scenario),
        "watch": [row | {"sign": sign_title(row["observable"], scenario)} for row in result["watch"]],
        "failing": decision.fails,
        "holdout": decision.question.holdout,
        "useful": any(row["evppi"] > row["null"] for row in result["worth"]),
    }
    failing = {each["name"]: each for each in result["fails_in"]}
    pictures = {f"box {name}": box(decision, each, titles[name]) for name, each in failing.items()}
    pictures["regret"] = [regret_map(decision, result, titles)] if len(result["policies"]) > 1 else []
    pictures["sign"] = [sign(row, titles[row["arm"]], content["until"]) for row in content["watch"][:1]]
    return blocks_of("decision.txt.j2", pictures, **content, **_about(batch))


def sign_title(observable: str, scenario: Scenario) -> str:
    """Return the title of what is watched: an act, an indicator with its range, or an outcome."""
    if about := scenario.options.get(observable) or scenario.outcomes.get(observable):
        return f"times that somebody {about.title}" if observable in scenario.options else about.title
    read = parse_path(observable)
    title, known = indicator_title(scenario, read.name, read.index), scenario.indicators.get(read.name)
    return title + " ({:g} to {:g})".format(*known.range) if known else title


def game_report(batch: Batch, result: dict[str, Any]) -> list[Block]:
    """Return the blocks of the report of a game."""
    scenario, game = batch.prepared.loaded.scenario, batch.prepared.study.game
    names = {name: each.name for name, each in scenario.governments.items()}
    titles = {row["strategy"]: row["strategy"] for row in result["best"]}
    titles |= {name: each.title or name for name, each in scenario.strategies.items()} | (game.titles if game else {})
    content = result | {"names": names, "titles": titles, "sure": SURE, "dominant": _dominant(result)}
    values = [
        {"group": names[row["government"]], "line": titles[row["strategy"]], "value": row["probability"]}
        for row in result["best"]
    ]
    caption = "Share of resampled runs in which it is best, as a mean over all that the others may do."
    first = sorted(values, key=lambda row: -row["value"])
    most = {row["group"]: f"{row['group']}, {row['line']} {100 * row['value']:.0f} %" for row in reversed(first)}
    found = "; ".join(most[who] for who in dict.fromkeys(row["group"] for row in values))
    drawn = chart("bars", values=values, title="share of resampled runs")
    picture = Picture(f"How often each strategy is best: {found}", caption, drawn)
    return blocks_of("game.txt.j2", {"best": [picture]}, **content, **_about(batch))


def _dominant(result: dict[str, Any]) -> dict[str, str]:
    """Return the players with one strategy that is surely the best answer to everything."""
    best: dict[str, Any] = {}
    for each in result["answers"] if result["differs"] else ():
        best.setdefault(each["government"], set()).add(each["strategy"] if each["probability"] >= SURE else None)
    return {who: chosen.pop() for who, chosen in best.items() if len(chosen) == 1 and None not in chosen}


def search_report(batch: Batch, result: dict[str, Any]) -> list[Block]:
    """Return the blocks of the report of a search."""
    titles = {name: arm.title or name for name, arm in batch.prepared.study.arms.items()}
    pictures = {"found": found(result, titles)}
    return blocks_of("search.txt.j2", pictures, **result, titles=titles, **_about(batch))


def _about(batch: Batch) -> dict[str, Any]:
    lost = [(each, batch.prepared.state(each.replication), batch.rerun_command(each)) for each in batch.failures]
    return {"title": batch.manifest.title or batch.manifest.study, "call": batch.typed, "lost": lost} | {
        "quick": batch.prepared.quick_look
    }


# --- pictures --------------------------------------------------------------------------------------------------------

GROUPS = 40
"""Groups of states in the map of regret; more could not be distinguished."""
BAND = 0.4
"""Half of the width of a box at a choice, and the width of its points."""
LINE = 26
"""Height of a policy, in pixels."""


def regret_map(decision: DecisionNumbers, result: Mapping[str, Any], titles: Mapping[str, str]) -> Picture:
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


def box(decision: DecisionNumbers, each: Mapping[str, Any], policy: str) -> list[Picture]:
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


def _axis(
    decision: DecisionNumbers, name: str, limits: Mapping[str, Any]
) -> tuple[Floats, float, float, dict[str, Any]]:
    """Return where states are by a factor, the ends of a box, and the axis. Choices have labels and some width."""
    factor, values = decision.batch.prepared.study.factors[name], decision.states[:, decision.factors.index(name)]
    wide, numbers = (BAND if factor.choices else 0.0), list(range(len(factor.choices)))
    low, high = limits.get(name, (float(values.min()), float(values.max())))
    beside = (np.arange(len(values)) * 0.618034 % 1.0 - 0.5) * wide
    titles = json.dumps([factor.range_text(i, i) for i in numbers])
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
