"""Cases as one JSON document, and as lines for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wargame.evidence.conduct.reading import RunCases
from wargame.journal.wording import count, date

LISTED = 20
"""Cases of several runs that the terminal shows."""


def document(runs: Sequence[RunCases], kinds: Mapping[str, str]) -> dict[str, Any]:
    """The result as JSON data: counts for the kinds of `kinds` (titles by id), and the cases of each run."""
    chosen = [{**run, "cases": [case for case in run["cases"] if case["kind"] in kinds]} for run in runs]
    cases = Counter(case["kind"] for run in chosen for case in run["cases"])
    having = Counter(kind for run in chosen for kind in {case["kind"] for case in run["cases"]})
    return {
        "runs": len(runs),
        "cases": cases.total(),
        "per_run": round(cases.total() / len(runs), 3) if runs else 0.0,
        "runs_without": sum(not run["cases"] for run in chosen),
        "kinds": [{"id": k, "title": title, "cases": cases[k], "runs": having[k]} for k, title in kinds.items()],
        "by_run": chosen,
    }


def rows(data: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """The kinds with any cases, most frequent first: cases, runs with any, title, id."""
    found = sorted((each for each in data["kinds"] if each["cases"]), key=lambda each: -each["cases"])
    return [(str(each["cases"]), str(each["runs"]), each["title"], each["id"]) for each in found]


def lines(data: Mapping[str, Any]) -> Iterator[str]:
    """The cases with their records and a command to follow; those details are indented."""
    titles = {each["id"]: each["title"] for each in data["kinds"]}
    cases = [(run["run"], case) for run in data["by_run"] for case in run["cases"]]
    shown = cases if data["runs"] == 1 else cases[:LISTED]
    for name, case in shown:
        where = f" ({name})" if data["runs"] > 1 else ""
        yield f"{date(case['at'])}  {', '.join(case['governments'])}: {titles[case['kind']]}{where}"
        yield from (f"  {date(each['at'])}  {each['what']}  #{each['seq']}" for each in case["records"])
        yield f"  {case['why'][0]}"
    if len(cases) > len(shown):
        yield f"and {len(cases) - len(shown):,} more (--kind selects a kind, --json prints all)"


def summary(data: Mapping[str, Any]) -> str:
    """How many cases there are."""
    mean = f", {data['per_run']:.1f} a run, none in {data['runs_without']}" if data["runs"] > 1 else ""
    return f"{count(data['cases'], 'case')} in {count(data['runs'], 'run')}{mean}"
