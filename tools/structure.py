"""The tables of the ablation study that tools/evidence.py writes into docs/reference/results-ablation.md.

Each row is the scenario under one variant with few runs: claims, targets, backtest, and the cost of a run. The first
row is the model as written, with as many runs on common random numbers.
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
"""The variants that each remove one component of the model."""
MECHANISMS = (
    "without_conduct_over_time",
    "cold_start",
    "no_unnamed_acts",
    "orders_without_reviews",
    "no_routine_acts",
    "no_plans",
    "fixed_strategies",
    "talks_without_restraint",
    "talks_without_offers",
    "visits_without_obligations",
    "council_adopts_or_lapses",
    "assent_of_givers",
    "demands_without_stakes",
    "earlier_levels",
    "no_reluctance",
)
"""The variants that remove the mechanisms of conduct over time, all of them or one each."""
EACH = {"claims": 20, "targets": 20, "futures": 20}
"""Runs per arm of the claims, per condition of the targets, per origin of the backtest."""
TIMED = 7
"""Runs by which the cost is measured; variants alternate, and the median is used."""
Result = Mapping[str, Any]


def pace(scenario: str) -> dict[str, dict[str, float]]:
    """Processor time in seconds of a run without journal, and its number of decisions, by variant."""
    from wargame.batches.running.opening import open_target
    from wargame.batches.study.overrides import StudyOverrides
    from wargame.simulation.exercise import Exercise

    prepared = {
        name: open_target(scenario, StudyOverrides(seed=1, variant=None if name == AS_WRITTEN else name))
        for name in (AS_WRITTEN, *SWITCHES, *MECHANISMS)
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


def markdown(results: Mapping[str, Result], titles: Mapping[str, str]) -> str:
    """Render the tables. `results` has, by variant, the available ones of `claims`, `targets`, `futures`, `pace`.

    The first variant is the one with which the others are compared.
    """
    reference = next(iter(results))
    claims = any("claims" in parts for parts in results.values())
    lines = [*_overview(results, reference, titles, claims=claims), ""]
    lines += _changes(results, reference, titles, claims=claims)
    return "\n".join(lines) + "\n"


def _overview(
    results: Mapping[str, Result], reference: str, titles: Mapping[str, str], *, claims: bool
) -> Iterator[str]:
    """A row for each variant; without columns for claims if none of them was run."""
    heads = [
        "Model",
        *(("Measures as expected", "Claims supported") if claims else ()),
        "Targets inside",
        "Skill vs never (14, 30, 90 days)",
        "Cost of a run",
        "Cost of a decision",
    ]
    yield _row(*heads)
    yield _row(*["---"] * len(heads))
    for name, parts in results.items():
        yield _row(
            f"**{titles[name]}**",
            *(_claims(parts.get("claims")) if claims else ()),
            _targets(parts.get("targets")),
            _skills(parts.get("futures")),
            *_cost(parts.get("pace"), results[reference].get("pace")),
        )


def _claims(result: Result | None) -> tuple[str, str]:
    if result is None:
        return "–", "–"
    sides = [each["as_expected"] for claim in result["claims"] for each in claim["measures"]]
    supported = sum(claim["verdict"] == "supported" for claim in result["claims"])
    return f"{sum(sides)} of {len(sides)}", f"{supported} of {len(result['claims'])}"


def _targets(result: Result | None) -> str:
    if result is None:
        return "–"
    inside = sum(each["verdict"] == "inside" for each in result["targets"])
    few = sum(each["verdict"] == "too few runs" for each in result["targets"])
    return f"{inside} of {len(result['targets'])}" + (f" ({few} undecided)" if few else "")


def _skills(result: Result | None) -> str:
    if result is None:
        return "–"
    rows = {row["window"]: row for row in result["scores"] if (row["kind"], row["score"]) == ("all", "brier")}
    return " / ".join(f"{rows[window]['naive']['never']['skill']:+.2f}" for window in result["windows"])


def _cost(mine: Result | None, written: Result | None) -> tuple[str, str]:
    if mine is None or written is None:
        return "–", "–"
    of_decision = (mine["seconds"] / mine["decisions"]) / (written["seconds"] / written["decisions"])
    return f"{mine['seconds'] / written['seconds']:.2f}", f"{of_decision:.2f}"


def _changes(
    results: Mapping[str, Result], reference: str, titles: Mapping[str, str], *, claims: bool
) -> Iterator[str]:
    """A row for each variant with its differences from the reference."""
    written = results[reference]
    measures = ("Measures no longer as expected", "Measures newly as expected") if claims else ()
    heads = ("Variant", *measures, "Targets lost", "Targets gained")
    yield _row(*heads)
    yield _row(*["---"] * len(heads))
    before, inside = _sides(written.get("claims")), _inside(written.get("targets"))
    for name, parts in results.items():
        if name == reference:
            continue
        after, now = _sides(parts.get("claims")), _inside(parts.get("targets"))
        lost = [key for key, side in before.items() if side and not after.get(key, side)]
        gained = [key for key, side in before.items() if not side and after.get(key, side)]
        outside = [key for key, there in inside.items() if there and now.get(key, there) is False]
        back = [key for key, there in inside.items() if there is False and now.get(key)]
        changed = (_listed(lost), _listed(gained)) if after else ("–",) * len(measures)
        yield _row(f"**{titles[name]}**", *(changed if claims else ()), _listed(outside), _listed(back))


def _sides(result: Result | None) -> dict[str, bool]:
    """Whether measures are as expected, by claim and number of the measure, such as P13.2."""
    sides = {}
    for claim in result["claims"] if result else ():
        for number, each in enumerate(claim["measures"], start=1):
            one = len(claim["measures"]) == 1
            sides[claim["id"] if one else f"{claim['id']}.{number}"] = each["as_expected"]
    return sides


def _inside(result: Result | None) -> dict[str, bool | None]:
    """Whether targets are inside, by id; None with too few runs."""
    known = {"inside": True, "outside": False}
    return {each["id"]: known.get(each["verdict"]) for each in result["targets"]} if result else {}


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys) or "none"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
