"""Targets on a terminal, in JSON and on a page: statistic by statistic, the real one beside the simulated."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from math import isfinite, isinf, isnan
from typing import TYPE_CHECKING, Any

from wargame.batch.text import number

if TYPE_CHECKING:
    from wargame.evidence.targets.comparison import Held, JudgedTarget, Row

INSIDE, OUTSIDE = "inside", "outside"
OPEN = {"low": "any", "high": "never"}
"""How an end of an interval is told that is not finite."""


def document(held: Held) -> dict[str, Any]:
    """JSON data: numbers that are not finite are null."""
    targets = [
        {
            "id": target.id,
            "title": target.title,
            "source": target.source,
            "verdict": target.verdict,
            "statistics": [_plain(row) for row in target.statistics],
        }
        for target in held.targets
    ]
    counts = {"inside": held.inside, "of": len(held.targets), "too_few_runs": held.unsaid}
    return {"runs": held.runs, "failed": held.failed, "errors": list(held.errors), **counts, "targets": targets}


def _plain(row: Row) -> dict[str, Any]:
    made = asdict(row)
    del made["target"]
    band = [made.pop("low_end"), made.pop("high_end")]
    told = {name: None if isinstance(x, float) and not isfinite(x) else x for name, x in made.items()}
    return {**told, "band": band}


def total(held: Held) -> str:
    """The last line."""
    outside = len(held.targets) - held.inside - held.unsaid
    few = f", too few runs to say it of {held.unsaid}" if held.unsaid else ""
    failed = f"; {held.failed} of {held.runs} runs failed" if held.failed else ""
    unsure = Counter(target.verdict for target in held.targets if not _clear(target))
    asked = {verdict: f" ({count} with a question mark)" for verdict, count in unsure.items()}
    inside = f"inside {held.inside} of {len(held.targets)}{asked.get(INSIDE, '')}"
    return f"{inside}, outside {outside}{asked.get(OUTSIDE, '')}{few}{failed}"


def _clear(target: JudgedTarget) -> bool:
    """Whether more runs cannot turn the verdict: all statistics are surely inside, or one is surely outside."""
    if target.verdict == INSIDE:
        return all(row.sure for row in target.statistics)
    return target.verdict != OUTSIDE or any(row.sure for row in target.statistics if row.verdict == OUTSIDE)


def lines(held: Held) -> list[str]:
    """A line with the verdict of each target, and one or two for each of its statistics."""
    made = []
    for target in held.targets:
        made.append(f"{target.id}  {target.verdict}{'' if _clear(target) else '?'}: {target.title}")
        for row in target.statistics:
            made += [f"    {row.title}"] if len(target.statistics) > 1 else []
            made.append("      " + statistic(row))
    return made


def statistic(row: Row) -> str:
    """Simulated value with its interval, the band, the verdict, and the real statistic."""
    interval = (
        "" if isnan(row.low) or (isinf(row.low) and isinf(row.high)) else f" ({value(row.low)} to {value(row.high)})"
    )
    band = f"{number(row.low_end)} to {number(row.high_end)}"
    return f"{value(row.estimate)}{interval}; band {band}: {verdict(row)}; real: {row.real}"


def notes(held: Held) -> list[str]:
    """What a reader of the lines must know."""
    every = [row for target in held.targets for row in target.statistics]
    made = ["Simulated statistics have their 95 % intervals; a target is inside if all of its statistics are."]
    if any(not row.sure and not row.runs_needed for row in every):
        made.append("?: the interval crosses an end of the band; more runs would tell.")
    if any(row.runs_needed for row in every):
        made.append("Too few runs: the interval is wider than the band; ~ so many would be narrow enough.")
    return made


def verdict(row: Row) -> str:
    """The verdict; a question mark where the interval crosses an end of the band, the runs needed where it is wider."""
    if row.runs_needed:
        return f"too few runs (~{row.runs_needed})"
    return row.verdict if row.sure else f"{row.verdict}?"


def value(x: float) -> str:
    """A number; what never comes, and what no run has."""
    if isnan(x):
        return "none has it"
    return number(x) if isfinite(x) else "never" if x > 0 else "any"


def markdown(found: dict[str, Any]) -> str:
    """The part of a page that is made from a result, as `document` gives it."""
    asked = [target for target in found["targets"] if target["verdict"] == INSIDE]
    unsure = sum(any(not statistic["sure"] for statistic in target["statistics"]) for target in asked)
    perhaps = f", {unsure} of them with a question mark" if unsure else ""
    counts = f"Inside {found['inside']} of {found['of']}{perhaps}"
    few = f"; for {found['too_few_runs']} there were too few runs to say" if found["too_few_runs"] else ""
    failed = f"; {found['failed']} of {found['runs']} runs failed" if found["failed"] else ""
    lines = [
        f"{counts}{few}{failed}. Seed {found['seed']}; a question mark: the 95 % interval crosses an end of the band.",
        "",
        "| target | real | simulated, 95 % interval | band | |",
        "| --- | --- | --- | --- | --- |",
    ]
    for target in found["targets"]:
        for place, statistic in enumerate(target["statistics"]):
            named = f"{target['title']}: {statistic['title']}" if statistic["title"] else target["title"]
            name = f"**{target['id']}** {named}" if not place else statistic["title"]
            lines.append(
                f"| {name} | {statistic['real']} | {_simulated(statistic)} | {_band(statistic)} | {_said(statistic)} |"
            )
    return "\n".join(lines)


def missed(found: dict[str, Any]) -> str:
    """One line: which targets a wrong model misses, by a result of it."""
    names = [target["id"] for target in found["targets"] if target["verdict"] == "outside"]
    few = [target["id"] for target in found["targets"] if target["verdict"] == "too few runs"]
    unsaid = f" (too few runs: {', '.join(few)})" if few else ""
    return f"Misses {len(names)} of {found['of']}: {', '.join(names) or 'none'}{unsaid}."


def _simulated(statistic: dict[str, Any]) -> str:
    if statistic["estimate"] is None:
        return "never" if statistic["n"] else "no run has it"
    ends = [number(statistic[name]) if statistic[name] is not None else open_end for name, open_end in OPEN.items()]
    interval = f" ({ends[0]} to {ends[1]})" if (statistic["low"], statistic["high"]) != (None, None) else ""
    return f"{number(statistic['estimate'])}{interval}"


def _band(statistic: dict[str, Any]) -> str:
    return f"{number(statistic['band'][0])} to {number(statistic['band'][1])}"


def _said(statistic: dict[str, Any]) -> str:
    if statistic["runs_needed"]:
        return f"too few runs (about {statistic['runs_needed']})"
    return str(statistic["verdict"]) + ("" if statistic["sure"] else "?")
