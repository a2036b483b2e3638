"""The comparison of a scenario with its targets, from its JSON data: for terminals and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from wargame.document.blocks import Block, Bullets, Grid, Paragraph
from wargame.document.formatting import short
from wargame.evidence.failures import failure_notes
from wargame.evidence.targets.comparison import FEW, INSIDE, OUTSIDE

Data = dict[str, Any]
OPEN = {"low": "any", "high": "never"}
"""Texts for an infinite end of an interval."""


def summary(data: Data) -> Iterator[Block]:
    """Yield how many targets are inside, each with its statistics, and notes."""
    yield Paragraph(total(data), lead=True)
    yield targets_grid(data)
    yield Bullets(tuple(notes(data)))


def total(data: Data) -> str:
    """Return how many targets are inside and outside, and how many of these more runs may change."""
    outside = data["of"] - data["inside"] - data["too_few_runs"]
    few = f", too few runs for {data['too_few_runs']}" if data["too_few_runs"] else ""
    failed = f"; {data['failed']} of {data['runs']} runs failed" if data["failed"] else ""
    unsure = Counter(target["verdict"] for target in data["targets"] if not _clear(target))
    marks = {verdict: f" ({count} with a question mark)" for verdict, count in unsure.items()}
    inside = f"Inside {data['inside']} of {data['of']}{marks.get(INSIDE, '')}"
    return f"{inside}, outside {outside}{marks.get(OUTSIDE, '')}{few}{failed}."


def _clear(target: Data) -> bool:
    """Whether more runs cannot change the verdict: all statistics are surely inside, or one is surely outside."""
    if target["verdict"] == INSIDE:
        return all(row["sure"] for row in target["statistics"])
    return target["verdict"] != OUTSIDE or any(r["sure"] for r in target["statistics"] if r["verdict"] == OUTSIDE)


def targets_grid(data: Data) -> Grid:
    """Return each target with its statistics."""
    rows: list[tuple[str, ...]] = []
    for target in data["targets"]:
        rows.append((f"{target['id']}  {target['verdict']}{'' if _clear(target) else '?'}: {target['title']}",))
        for each in target["statistics"]:
            band = " to ".join(map(short, each["band"]))
            rows.append((each["title"], _simulated(each), band, _verdict(each), each["observed"]))
    heads = ("Statistic", "Simulated (95 % interval)", "Band", "Verdict", "Observed")
    return Grid("Targets and their statistics", heads, tuple(rows))


def _simulated(each: Data) -> str:
    """Return the simulated value; in no run: no run has the statistic; never: the outcome never occurs."""
    if each["estimate"] is None:
        return "never" if each["n"] else "in no run"
    ends = [short(each[name]) if each[name] is not None else open_end for name, open_end in OPEN.items()]
    interval = f" ({ends[0]} to {ends[1]})" if (each["low"], each["high"]) != (None, None) else ""
    return f"{short(each['estimate'])}{interval}"


def _verdict(each: Data) -> str:
    """Return the verdict, with a question mark if it is not sure, or the number of runs needed."""
    if each["runs_needed"]:
        return f"{FEW} (~{each['runs_needed']})"
    return str(each["verdict"]) + ("" if each["sure"] else "?")


def notes(data: Data) -> Iterator[str]:
    """Note below the targets."""
    every = [row for target in data["targets"] for row in target["statistics"]]
    yield "Simulated statistics have 95 % intervals. A target is inside if all of its statistics are."
    if any(not row["sure"] and not row["runs_needed"] for row in every):
        yield "?: the interval includes an end of the band; more runs would decide."
    if any(row["runs_needed"] for row in every):
        yield "Too few runs: the interval is wider than the band; ~ is the number of runs needed."
    yield from failure_notes(data["failures"])


def missed(data: Data) -> str:
    """Return the targets outside their bands, in one line."""
    names = [target["id"] for target in data["targets"] if target["verdict"] == OUTSIDE]
    few = [target["id"] for target in data["targets"] if target["verdict"] == FEW]
    undecided = f" ({FEW}: {', '.join(few)})" if few else ""
    return f"{len(names)} of {data['of']} targets are outside: {', '.join(names) or 'none'}{undecided}."
