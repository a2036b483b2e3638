"""`wargame verify`."""

from __future__ import annotations

from dataclasses import asdict

import typer

from wargame.cli import options
from wargame.cli.output import print_json, progress_bar
from wargame.cli.tree import Version
from wargame.errors import NotReproducible

EXAMPLES = """
wargame verify last
wargame verify runs/korea-2017-s7-amber-crane
"""


def command(
    run: options.Run, *, as_json: options.Json = False, quiet: options.Quiet = False, version: Version = None
) -> None:
    """Re-run a run from its folder alone and compare the journals byte by byte.

    If they differ, the command names the first record and field that do, and exits with 5. A run that was cut short
    is compared as far as its journal goes.
    """
    del version
    from wargame.executor.verify import verify
    from wargame.journal.folder import find

    folder = find(run)
    with progress_bar("verify", quiet=quiet or as_json) as progress:
        verdict = verify(folder, progress)
    if as_json:
        print_json({"run_dir": str(folder.path), "same": verdict.same, **asdict(verdict)})
    elif not quiet:
        for note in verdict.notes:
            typer.echo(f"note: {note}", err=True)
    if not verdict.same:
        raise NotReproducible(f"{verdict.run}: {verdict.difference or verdict.fault}")
    if as_json or quiet:
        return
    if verdict.compared:
        typer.echo(f"{verdict.run}: {verdict.compared:,} records, identical byte for byte")
    else:
        typer.echo(f"{verdict.run}: counts and outcomes are identical; the run kept no journal to compare")
