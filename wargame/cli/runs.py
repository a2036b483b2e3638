"""Commands about runs that are kept: `wargame show`, `verify` and `clean`."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json, print_text, progress_bar
from wargame.errors import NotReproducible, UsageFault, listed
from wargame.language.times import format_duration, parse_duration

if TYPE_CHECKING:
    from wargame.batches.folders import OldFolder


def show(run: options.Run, *, shown: options.Shown) -> None:
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
    from wargame.cli.evidence import show_claims
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


def verify(run: options.Run, *, shown: options.Shown) -> None:
    """Re-run a run from its folder alone and compare what is stored: the journal byte by byte, manifest and summary."""
    from wargame.executor.verify import verify
    from wargame.journal.folder import find
    from wargame.review.findings.findings import fault_in_summary

    folder = find(run)
    with progress_bar("verify", quiet=shown.silent) as progress:
        verdict = verify(folder, progress)
    if verdict.same and folder.manifest().is_complete:
        verdict = replace(verdict, fault=fault_in_summary(folder))
    if shown.as_json:
        print_json({"run_dir": str(folder.path), "same": verdict.same, "scope": verdict.scope, **asdict(verdict)})
    else:
        shown.note(*verdict.notes)
    if not verdict.same:
        raise NotReproducible(f"{verdict.run}: {verdict.difference or verdict.fault}")
    if not shown.silent:
        print_text("verified", verdict=verdict, level=folder.manifest().level, listed=listed)


def clean(
    *,
    older_than: Annotated[str, options.option("--older-than", "T", "clean")],
    unfinished: Annotated[bool, options.flag("--unfinished", "clean")] = False,
    dry_run: Annotated[bool, options.flag("--dry-run", "clean")] = False,
    yes: Annotated[bool, options.flag("--yes", "clean")] = False,
    shown: options.Shown,
) -> None:
    """Remove old runs, batches and rehearsals under runs/."""
    from wargame.batches.folders import old_folders, remove

    try:
        seconds = parse_duration(older_than)
    except ValueError as error:
        raise UsageFault(f"--older-than {older_than}: {error}") from None
    listed = old_folders(seconds, unfinished=unfinished)
    old, kept = [each for each in listed if not each.kept], [each for each in listed if each.kept]
    if not shown.silent:
        if not old:
            typer.echo(f"Nothing under runs/ to remove that is older than {format_duration(seconds)}.")
        for folder in old:
            typer.echo(f"{folder.path}  {folder.sort}, {_size(folder.size)}, {folder.written:%Y-%m-%d}")
        for folder in kept:
            typer.echo(f"note: {folder.path} is kept: {folder.kept}", err=True)
    removes = bool(old) and not dry_run and (yes or _confirmed(old))
    if removes:
        for folder in old:
            remove(folder)
    if shown.as_json:
        rows = [{"path": str(each.path), "kind": each.sort, "bytes": each.size, "kept": each.kept} for each in listed]
        print_json({"removed": len(old) if removes else 0, "folders": rows})
    elif removes and not shown.quiet:
        typer.echo(f"Removed {_counted(old)}.")
    elif dry_run and old and not shown.quiet:
        typer.echo("Nothing is removed: this is a dry run.")


def _confirmed(old: list[OldFolder]) -> bool:
    """Return whether the person at the terminal agrees; UsageFault if there is no terminal."""
    if not sys.stdin.isatty():
        raise UsageFault("without a terminal, --yes removes the folders and --dry-run lists them")
    return typer.confirm(f"Remove {_counted(old)}?", err=True)


def _counted(folders: list[OldFolder]) -> str:
    total = _size(sum(each.size for each in folders))
    return f"{len(folders)} folder{'' if len(folders) == 1 else 's'}, {total}"


def _size(size: int) -> str:
    """Bytes as people read them: `3.4 MB`."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
