"""The comparison with targets as terminal text, JSON data and Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from math import isfinite, isinf, isnan
from typing import TYPE_CHECKING, Any

from wargame.batches.text import number
from wargame.evidence.failures import failure_notes
from wargame.evidence.tables import markdown_table

if TYPE_CHECKING:
    from wargame.evidence.targets.comparison import JudgedTarget, StatisticRow, TargetComparison

INSIDE, OUTSIDE = "inside", "outside"
OPEN = {"low": "any", "high": "never"}
"""Texts for an infinite end of an interval."""


def document(result: TargetComparison) -> dict[str, Any]:
    """The results as JSON data; numbers that are not finite are null."""
    targets = [
        {
            "id": target.id,
            "title": target.title,
            "source": target.source,
            "verdict": target.verdict,
            "statistics": [_plain(row) for row in target.statistics],
        }
        for target in result.targets
    ]
    counts = {"inside": result.inside, "of": len(result.targets), "too_few_runs": result.undecided}
    failures = {"failed": len(result.failures), "failures": list(result.failures)}
    return {"runs": result.runs, **failures, **counts, "targets": targets}


def _plain(row: StatisticRow) -> dict[str, Any]:
    values = asdict(row)
    del values["target"]
    band = [values.pop("low_end"), values.pop("high_end")]
    finite = {name: None if isinstance(x, float) and not isfinite(x) else x for name, x in values.items()}
    return {**finite, "band": band}


def total(result: TargetComparison) -> str:
    """The summary line."""
    outside = len(result.targets) - result.inside - result.undecided
    few = f", too few runs for {result.undecided}" if result.undecided else ""
    failed = f"; {len(result.failures)} of {result.runs} runs failed" if result.failures else ""
    unsure = Counter(target.verdict for target in result.targets if not _clear(target))
    marks = {verdict: f" ({count} with a question mark)" for verdict, count in unsure.items()}
    inside = f"inside {result.inside} of {len(result.targets)}{marks.get(INSIDE, '')}"
    return f"{inside}, outside {outside}{marks.get(OUTSIDE, '')}{few}{failed}"


def _clear(target: JudgedTarget) -> bool:
    """Whether more runs cannot change the verdict: all statistics are surely inside, or one is surely outside."""
    if target.verdict == INSIDE:
        return all(row.sure for row in target.statistics)
    return target.verdict != OUTSIDE or any(row.sure for row in target.statistics if row.verdict == OUTSIDE)


def lines(result: TargetComparison) -> list[str]:
    """Text lines for the terminal: one for each target, one or two for each of its statistics."""
    text = []
    for target in result.targets:
        text.append(f"{target.id}  {target.verdict}{'' if _clear(target) else '?'}: {target.title}")
        for row in target.statistics:
            text += [f"    {row.title}"] if len(target.statistics) > 1 else []
            text.append("      " + statistic(row))
    return text


def statistic(row: StatisticRow) -> str:
    """Format a statistic: simulated value with interval, band, verdict, observed value."""
    interval = (
        "" if isnan(row.low) or (isinf(row.low) and isinf(row.high)) else f" ({value(row.low)} to {value(row.high)})"
    )
    band = f"{number(row.low_end)} to {number(row.high_end)}"
    return f"{value(row.estimate)}{interval}; band {band}: {verdict(row)}; observed: {row.observed}"


def notes(result: TargetComparison) -> list[str]:
    """Notes below the lines."""
    every = [row for target in result.targets for row in target.statistics]
    text = ["Simulated statistics have 95 % intervals. A target is inside if all of its statistics are."]
    if any(not row.sure and not row.runs_needed for row in every):
        text.append("?: the interval includes an end of the band; more runs would decide.")
    if any(row.runs_needed for row in every):
        text.append("Too few runs: the interval is wider than the band; ~ is the number of runs needed.")
    return text + failure_notes(result.failures)


def verdict(row: StatisticRow) -> str:
    """Format a verdict, with a question mark if it is not sure, or the number of runs needed."""
    if row.runs_needed:
        return f"too few runs (~{row.runs_needed})"
    return row.verdict if row.sure else f"{row.verdict}?"


def value(x: float) -> str:
    """Format a number; NaN: no run has the statistic; infinity: the outcome never occurs."""
    if isnan(x):
        return "in no run"
    return number(x) if isfinite(x) else "never" if x > 0 else "any"


def markdown(data: dict[str, Any]) -> str:
    """Render the generated part of a page from the JSON data of a result."""
    inside = [target for target in data["targets"] if target["verdict"] == INSIDE]
    unsure = sum(any(not statistic["sure"] for statistic in target["statistics"]) for target in inside)
    marked = f", {unsure} of them with a question mark" if unsure else ""
    counts = f"{data['inside']} of {data['of']} targets are inside{marked}"
    few = f"; {data['too_few_runs']} have too few runs" if data["too_few_runs"] else ""
    failed = f"; {data['failed']} of {data['runs']} runs failed" if data["failed"] else ""
    mark = "A question mark: the 95 % interval includes an end of the band."
    summary = f"{counts}{few}{failed}. Seed {data['seed']}. {mark}"
    rows = []
    for target in data["targets"]:
        for place, statistic in enumerate(target["statistics"]):
            title = f"{target['title']}: {statistic['title']}" if statistic["title"] else target["title"]
            name = f"**{target['id']}** {title}" if not place else statistic["title"]
            cells = (name, statistic["observed"], _simulated(statistic), _band(statistic), _verdict(statistic))
            rows.append(cells)
    heads = ("Target", "Observed", "Simulated (95 % interval)", "Band", "Verdict")
    return "\n".join([summary, "", *markdown_table(heads, rows)])


def missed(data: dict[str, Any]) -> str:
    """One line: the targets outside their bands, from the JSON data of a result."""
    names = [target["id"] for target in data["targets"] if target["verdict"] == OUTSIDE]
    few = [target["id"] for target in data["targets"] if target["verdict"] == "too few runs"]
    undecided = f" (too few runs: {', '.join(few)})" if few else ""
    return f"{len(names)} of {data['of']} targets are outside: {', '.join(names) or 'none'}{undecided}."


def _simulated(statistic: dict[str, Any]) -> str:
    if statistic["estimate"] is None:
        return "never" if statistic["n"] else "in no run"
    ends = [number(statistic[name]) if statistic[name] is not None else open_end for name, open_end in OPEN.items()]
    interval = f" ({ends[0]} to {ends[1]})" if (statistic["low"], statistic["high"]) != (None, None) else ""
    return f"{number(statistic['estimate'])}{interval}"


def _band(statistic: dict[str, Any]) -> str:
    return f"{number(statistic['band'][0])} to {number(statistic['band'][1])}"


def _verdict(statistic: dict[str, Any]) -> str:
    if statistic["runs_needed"]:
        return f"too few runs (about {statistic['runs_needed']})"
    return str(statistic["verdict"]) + ("" if statistic["sure"] else "?")
