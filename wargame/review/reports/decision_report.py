"""The reports of questions that a study asks: the best policy, a game, and a search. Their text is in templates."""

from typing import Any

from wargame.batches.api import Batch
from wargame.batches.decision import Decision
from wargame.document.blocks import Block, Picture
from wargame.document.drawing import chart
from wargame.language.expressions import parse_path
from wargame.language.times import format_duration
from wargame.review.reports import decision_charts as charts
from wargame.review.reports.laid_out import blocks_of
from wargame.scenario.model import Scenario
from wargame.seat.interests import indicator_title

SURE = 0.95


def decision_report(decision: Decision, result: dict[str, Any]) -> list[Block]:
    """Return the blocks of the report of a decision, for a page and for the terminal."""
    batch = decision.batch
    measure, study = batch.measure(result["goal"]), batch.prepared.study
    titles = {name: arm.title or name for name, arm in study.arms.items()}
    content = result | {
        "goal": measure.title or measure.name,
        "titles": titles,
        "until": format_duration(decision.question.watch.until),
        "factors": study.factors,
        "scenario": (scenario := batch.prepared.loaded.scenario),
        "watch": [row | {"sign": sign_title(row["observable"], scenario)} for row in result["watch"]],
        "failing": decision.fails,
        "holdout": decision.question.holdout,
        "useful": any(row["evppi"] > row["null"] for row in result["worth"]),
    }
    failing = {each["name"]: each for each in result["fails_in"]}
    pictures = {f"box {name}": charts.box(decision, each, titles[name]) for name, each in failing.items()}
    pictures["regret"] = [charts.regret_map(decision, result, titles)] if len(result["policies"]) > 1 else []
    pictures["sign"] = [charts.sign(row, titles[row["arm"]], content["until"]) for row in content["watch"][:1]]
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
    titles = {name: arm.title or name for name, arm in batch.prepared.study.arms.items()}
    pictures = {"found": charts.found(result, titles)}
    return blocks_of("search.txt.j2", pictures, **result, titles=titles, **_about(batch))


def _about(batch: Batch) -> dict[str, Any]:
    lost = [(each, batch.prepared.state(each.replication), batch.again(each)) for each in batch.failures]
    return {"title": batch.manifest.title or batch.manifest.study, "call": batch.call, "lost": lost}
