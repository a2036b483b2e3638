"""`wargame show`."""

import shlex
from pathlib import Path

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json


def command(run: options.Run, *, shown: options.Shown) -> None:
    """Print the summary of a run: outcomes, turning points, expected actions, attention."""
    from wargame.batches.study.catalogue import batch_folder, rehearsal_folder

    if (place := batch_folder(run)) is not None:
        _show_batch(place, as_json=shown.as_json)
    elif (place := rehearsal_folder(run)) is not None:
        from wargame.review.reports.rehearsal_file import read
        from wargame.review.reports.rehearsal_report import rehearsal_summary

        rehearsal = read(place)
        print_json(rehearsal) if shown.as_json else print_blocks(rehearsal_summary(rehearsal))
    else:
        _show_run(run, as_json=shown.as_json)


def _show_run(run: str, *, as_json: bool) -> None:
    from wargame.brains.transcript import read_usage, usage_lines
    from wargame.cli.brain_options import print_usage
    from wargame.review.findings.findings import open_findings
    from wargame.review.reports.run_summary import run_summary

    findings = open_findings(run)
    folder, summary = findings.source.folder, findings.summary
    if as_json:
        print_json({"run_dir": str(folder.path), "manifest": findings.source.manifest, "summary": summary})
        return
    report = folder.path / "report.html"
    shown = str(report) if report.is_file() else None
    print_blocks(run_summary(summary, str(folder.path), shlex.quote(folder.call), shown))
    print_usage(lambda: usage_lines(read_usage(folder.path)))


def _show_batch(place: Path, *, as_json: bool) -> None:
    from wargame.batches.api import open_batch
    from wargame.cli.claims import show as show_claims
    from wargame.review.reports.batch_report import batch_summary
    from wargame.review.reports.claims_report import claims_of

    batch, claims = open_batch(str(place)), claims_of(place)
    if claims is not None:
        print_json(claims) if as_json else show_claims(claims, batch)
    elif as_json:
        print_json(batch.summary)
    else:
        report = place / "report.html"
        print_blocks(batch_summary(batch, str(report) if report.is_file() else None))
