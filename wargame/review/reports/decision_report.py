"""The reports of questions that a study asks: the best policy, a game, and a search. Their text is in templates."""

from typing import Any

from wargame.batches.api import Batch
from wargame.batches.decision import Decision
from wargame.document.blocks import Block, Picture
from wargame.document.drawing import chart
from wargame.language.times import format_duration
from wargame.review.reports.laid_out import blocks_of

SURE = 0.95


def decision_report(decision: Decision, result: dict[str, Any]) -> list[Block]:
    """Return the blocks of the report of a decision, for a page and for the terminal."""
    from wargame.review.reports import decision_charts as charts

    batch = decision.batch
    measure, study = batch.measure(result["goal"]), batch.prepared.study
    titles = {name: arm.title or name for name, arm in study.arms.items()}
    content = result | {
        "goal": measure.title or measure.name,
        "titles": titles,
        "until": format_duration(decision.question.watch.until),
        "factors": study.factors,
        "scenario": batch.prepared.loaded.scenario,
        "useful": any(row["evppi"] > row["null"] for row in result["worth"]),
    }
    boxes = {each["name"]: charts.box(decision, each, titles[each["name"]]) for each in result["fails_in"]}
    pictures: dict[str, list[Any]] = {f"box {name}": [box] for name, box in boxes.items() if box is not None}
    pictures["regret"] = [charts.regret_map(decision, result, titles)] if len(result["policies"]) > 1 else []
    signs = result["watch"][:1]
    pictures["sign"] = [charts.sign(row, titles[row["arm"]], content["until"]) for row in signs]
    return blocks_of("decision.txt.j2", pictures, **content, **_about(batch))


def game_report(batch: Batch, result: dict[str, Any]) -> list[Block]:
    """Return the blocks of the report of a game."""
    scenario, game = batch.prepared.loaded.scenario, batch.prepared.study.game
    names = {name: each.name for name, each in scenario.governments.items()}
    titles = {name: each.title or name for name, each in scenario.strategies.items()} | (game.titles if game else {})
    content = result | {"names": names, "titles": titles, "sure": SURE, "dominant": _dominant(result)}
    values = [
        {"group": names[row["government"]], "line": titles[row["strategy"]], "value": row["probability"]}
        for row in result["best"]
    ]
    caption = "Share of resampled runs in which it is best, as a mean over all that the others may do."
    first = sorted(values, key=lambda row: -row["value"])
    most = {row["group"]: f"{row['group']}, {row['line']} {row['value']:.0%}" for row in reversed(first)}
    found = "; ".join(most[who] for who in dict.fromkeys(row["group"] for row in values)).replace("%", " %")
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
    from wargame.review.reports import decision_charts

    titles = {name: arm.title or name for name, arm in batch.prepared.study.arms.items()}
    pictures = {"found": decision_charts.found(result, titles)}
    return blocks_of("search.txt.j2", pictures, **result, titles=titles, **_about(batch))


def _about(batch: Batch) -> dict[str, str]:
    return {"title": batch.manifest.title or batch.manifest.study, "call": batch.call}
