"""The cases of runs as one JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from wargame.evidence.conduct.reading import RunCases


def document(runs: Sequence[RunCases], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return the result as JSON data: counts for the kinds of `kinds` (titles by id), and the cases of each run."""
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
