"""The tables of a run, as notebooks have them."""

from __future__ import annotations

from wargame.notebook.run_result import RunResult
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.source import AnyRun


def tables_of(run: AnyRun | Findings) -> RunResult:
    """The run in this folder, or of these findings."""
    return RunResult(open_findings(run))
