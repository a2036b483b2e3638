"""What each choice of the model carries: the table that docs/evidence.py writes into docs/explanation/structure.md.

Each row is the scenario under one variant, with few runs: claims, targets, backtest, and what a run costs. The first
row is the model as it is written, with as many runs, on the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from time import process_time
from typing import Any

AS_WRITTEN = "as_written"
SWITCHES = (
    "best_reply",
    "no_attribution",
    "no_triangles",
    "no_attention_limit",
    "no_learned_answers",
    "no_foresight",
    "no_trust_in_answers",
    "linear_value",
    "no_horizon",
)
"""The variants that switch one choice off, as the scenario calls them."""
EACH = {"claims": 20, "targets": 20, "futures": 20}
"""Runs of each arm, each target's way, each origin."""
TIMED = 7
"""Runs by which the cost is measured; variants take turns, and the median counts."""
Found = Mapping[str, Any]


def pace(scenario: str) -> dict[str, dict[str, float]]:
    """Seconds of processor time of a run without journal, and its decisions, by variant."""
    from wargame.batch.running.opening import open_target
    from wargame.batch.study.overrides import StudyOverrides
    from wargame.simulation.exercise import Exercise

    prepared = {
        name: open_target(scenario, StudyOverrides(seed=1, variant=None if name == AS_WRITTEN else name))
        for name in (AS_WRITTEN, *SWITCHES)
    }
    spent: dict[str, list[float]] = {name: [] for name in prepared}
    decided: dict[str, list[float]] = {name: [] for name in prepared}
    for replication in range(TIMED):
        for name, ready in prepared.items():
            arm = ready.names[0]
            exercise = Exercise(ready.scenario_of(arm, replication), 1, ready.settings(arm, replication))
            began = process_time()
            exercise.advance(exercise.end)
            spent[name].append(process_time() - began)
            decided[name].append(float(exercise.decisions))
    return {name: {"seconds": median(spent[name]), "decisions": median(decided[name])} for name in prepared}


def markdown(found: Mapping[str, Found], titles: Mapping[str, str]) -> str:
    """The tables. `found` holds, by variant, what there is of `claims`, `targets`, `futures` and `pace`."""
    written = found[AS_WRITTEN]
    lines = [*_overview(found, titles), "", *_changes(found, written, titles)]
    return "\n".join(lines) + "\n"


def _overview(found: Mapping[str, Found], titles: Mapping[str, str]) -> Iterator[str]:
    yield _row(
        "Model",
        "Measures on the expected side",
        "Claims supported",
        "Targets inside",
        "Skill against never, 14, 30 and 90 days",
        "Cost of a run",
        "of a decision",
    )
    yield _row(*["---"] * 7)
    for name, parts in found.items():
        yield _row(
            f"**{titles[name]}**",
            *(_claims(parts.get("claims"))),
            _targets(parts.get("targets")),
            _skills(parts.get("futures")),
            *_cost(parts.get("pace"), found[AS_WRITTEN].get("pace")),
        )


def _claims(told: Found | None) -> tuple[str, str]:
    if told is None:
        return "–", "–"
    sides = [each["as_expected"] for claim in told["claims"] for each in claim["measures"]]
    supported = sum(claim["verdict"] == "supported" for claim in told["claims"])
    return f"{sum(sides)} of {len(sides)}", f"{supported} of {len(told['claims'])}"


def _targets(told: Found | None) -> str:
    if told is None:
        return "–"
    inside = sum(each["verdict"] == "inside" for each in told["targets"])
    few = sum(each["verdict"] == "too few runs" for each in told["targets"])
    return f"{inside} of {len(told['targets'])}" + (f" ({few} unsaid)" if few else "")


def _skills(told: Found | None) -> str:
    if told is None:
        return "–"
    rows = {row["window"]: row for row in told["scores"] if (row["kind"], row["score"]) == ("all", "brier")}
    return " / ".join(f"{rows[window]['naive']['never']['skill']:+.2f}" for window in told["windows"])


def _cost(mine: Found | None, written: Found | None) -> tuple[str, str]:
    if mine is None or written is None:
        return "–", "–"
    of_decision = (mine["seconds"] / mine["decisions"]) / (written["seconds"] / written["decisions"])
    return f"{mine['seconds'] / written['seconds']:.2f}", f"{of_decision:.2f}"


def _changes(found: Mapping[str, Found], written: Found, titles: Mapping[str, str]) -> Iterator[str]:
    """What each variant loses and gains against the model as it is written."""
    yield _row("Without it", "Measures that leave the expected side", "that come to it", "Targets lost", "Targets won")
    yield _row(*["---"] * 5)
    before, inside = _sides(written.get("claims")), _inside(written.get("targets"))
    for name, parts in found.items():
        if name == AS_WRITTEN:
            continue
        after, now = _sides(parts.get("claims")), _inside(parts.get("targets"))
        lost = [key for key, side in before.items() if side and not after.get(key, side)]
        won = [key for key, side in before.items() if not side and after.get(key, side)]
        outside = [key for key, there in inside.items() if there and now.get(key, there) is False]
        back = [key for key, there in inside.items() if there is False and now.get(key)]
        yield _row(f"**{titles[name]}**", _listed(lost), _listed(won), _listed(outside), _listed(back))


def _sides(told: Found | None) -> dict[str, bool]:
    """By claim and number of the measure, as P13.2."""
    made = {}
    for claim in told["claims"] if told else ():
        for number, each in enumerate(claim["measures"], start=1):
            one = len(claim["measures"]) == 1
            made[claim["id"] if one else f"{claim['id']}.{number}"] = each["as_expected"]
    return made


def _inside(told: Found | None) -> dict[str, bool | None]:
    """By target; None where there are too few runs to say so."""
    known = {"inside": True, "outside": False}
    return {each["id"]: known.get(each["verdict"]) for each in told["targets"]} if told else {}


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys) or "none"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
