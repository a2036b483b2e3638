"""`wargame show`."""

from __future__ import annotations

import shlex
from pathlib import Path

from wargame.cli.options import Json, Quiet, Run
from wargame.cli.output import console, print_json
from wargame.cli.tree import Version

EXAMPLES = """
wargame show last
wargame show korea-2017-s7-amber-crane
wargame show runs/first --json
"""


def command(run: Run, *, as_json: Json = False, quiet: Quiet = False, version: Version = None) -> None:
    """Prints the summary of a run again: outcomes, turning points, expected actions, attention.

    It is computed from the journal, also of a run that was cut short. Of a batch its estimates are printed again, of a
    batch of claims their verdicts, of a rehearsal what it found.
    """
    del version, quiet
    from wargame.batch.study.catalogue import batch_folder, rehearsal_folder

    if (place := batch_folder(run)) is not None:
        _batch(str(place), as_json=as_json)
        return
    if (place := rehearsal_folder(run)) is not None:
        from wargame.cli.rehearse import tell_rehearsal
        from wargame.review.reports.rehearsal_file import read

        told = read(place)
        print_json(told) if as_json else tell_rehearsal(told)
        return
    from wargame.review.findings.findings import open_findings

    findings = open_findings(run)
    folder = findings.source.folder
    if as_json:
        print_json({"run_dir": str(folder.path), "manifest": findings.source.manifest, "summary": findings.summary})
        return
    from wargame.review.reports.run_summary import render

    report = folder.path / "report.html"
    render(
        findings.summary,
        str(folder.path),
        shlex.quote(folder.call),
        console(),
        str(report) if report.is_file() else None,
    )


def _batch(path: str, *, as_json: bool) -> None:
    from wargame.batch.api import open_batch
    from wargame.batch.text import render
    from wargame.cli.claims import show as show_claims
    from wargame.review.reports.claims_report import claims_of

    made, claims = open_batch(path), claims_of(Path(path))
    if claims is not None:
        print_json(claims) if as_json else show_claims(claims, made)
    elif as_json:
        print_json(made.summary)
    else:
        render(made, console())
