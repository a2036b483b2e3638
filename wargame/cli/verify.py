"""`wargame verify`."""

from dataclasses import asdict, replace

import typer

from wargame.cli import options
from wargame.cli.output import print_json, progress_bar
from wargame.errors import NotReproducible, listed


def command(run: options.Run, *, shown: options.Shown) -> None:
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
    if shown.silent:
        return
    if verdict.compared:
        typer.echo(f"{verdict.run}: {verdict.compared:,} records, identical byte for byte")
    elif folder.manifest().level != "none":
        typer.echo(f"{verdict.run}: there are no records to compare")
    else:
        typer.echo(f"{verdict.run}: counts and outcomes are identical; the run kept no journal to compare")
    typer.echo(verdict.scope)
    if verdict.unchecked:
        typer.echo(f"Not checked: {listed(verdict.unchecked)}.")
