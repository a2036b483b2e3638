"""`wargame verify`."""

from __future__ import annotations

import typer

from wargame.cli.options import Json, Quiet, Run
from wargame.cli.output import print_json, progress_bar
from wargame.cli.tree import Version
from wargame.errors import NotReproducible

EXAMPLES = """
wargame verify last
wargame verify runs/korea-2017-s7-amber-crane
"""

NOTHING_KEPT = "no journal was kept, so only counts and outcomes were compared: the same"


def command(run: Run, *, as_json: Json = False, quiet: Quiet = False, version: Version = None) -> None:
    """Makes a run again from its folder alone and compares the journals record by record, as bytes.

    The first difference is named with its record and field, and the exit code is 5. A run that was
    cut short is compared as far as it goes.
    """
    del version
    from dataclasses import asdict

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
    if not (as_json or quiet):
        told = f"{verdict.compared:,} records, the same byte for byte" if verdict.compared else NOTHING_KEPT
        typer.echo(f"{verdict.run}: {told}")
