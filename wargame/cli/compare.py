"""`wargame compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli.options import Json, Quiet
from wargame.cli.output import console, print_json
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.batch.comparison import Comparison

EXAMPLES = """
wargame compare runs/five-party
wargame compare runs/five-party --measure "p(freeze)" --measure "mean(tension)"
wargame compare runs/before runs/after
"""


def command(
    batches: Annotated[
        list[str], typer.Argument(metavar="BATCH...", help="Batch folders, or the names of some under runs/.")
    ],
    *,
    measures: Annotated[
        list[str] | None, typer.Option("--measure", metavar="M", help="Only these; all that they share if left out.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Tells what differs between the arms of a batch, or between batches, and by how much.

    Runs with the same seed and replication share their draws and are compared in pairs, also across batches. The
    p-values are corrected (Holm) for all comparisons that are told together.
    """
    del version
    from wargame.batch.comparison import compare, find

    found = compare([find(name) for name in batches], measures or ())
    if as_json:
        print_json(
            {
                "batches": [batch.path for batch in found.batches],
                "differs": found.differs,
                "comparisons": found.rows,
            }
        )
    else:
        _print(found, quiet=quiet)


def _print(found: Comparison, *, quiet: bool) -> None:
    from rich.text import Text

    from wargame.batch.analysis.estimates import notes
    from wargame.batch.text import differences_table

    for batch in found.batches:
        if batch.manifest.ended not in ("complete", "stopped early"):
            there, cells = int(batch.table.there.sum()), batch.table.there.size
            typer.echo(f"note: {batch.call} is not whole: {there:,} of its {cells:,} runs are compared", err=True)
        for note in notes(batch.table):
            typer.echo(f"note: {note}", err=True)
    screen = console()
    if not quiet:
        screen.print(Text("What differs", style="bold"))
        for row in found.differs:
            screen.print(Text(f"  {row['what']}"))
            wide = max(map(len, row["values"]))
            for name, value in row["values"].items():
                screen.print(Text(f"    {name:{wide}}  {_plain(value)}", no_wrap=True, overflow="ignore"))
        if not found.differs:
            screen.print(Text("  nothing but the runs"))
        against = found.rows[0].baseline if found.rows else ""
        screen.print(Text(f"\nAgainst {against}", style="bold"))
    screen.print(differences_table(list(found.rows)))
    if not all(each.paired for each in found.rows):
        typer.echo("not all runs share their draws (another seed or scenario): compared without pairs", err=True)


def _plain(value: object) -> str:
    if value is None or value == {}:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
