"""`wargame compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import console, print_json
from wargame.cli.tree import Version
from wargame.language.plain_text import clean

if TYPE_CHECKING:
    from wargame.batches.comparison import Comparison

EXAMPLES = """
wargame compare last
wargame compare runs/five-party
wargame compare runs/five-party --measure "p(freeze)" --measure "mean(tension)"
wargame compare runs/before runs/after
"""


def command(
    batches: options.Batches,
    *,
    measures: Annotated[
        list[str] | None, options.option("--measure", "M", "Compare only this measure. [default: all that they share]")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Compare the arms of a batch, or several batches.

    Runs with the same seed and replication share their random draws and are compared in pairs, also across batches.
    The p-values are corrected (Holm) for all comparisons in the table.
    """
    del version
    from wargame.batches.comparison import compare
    from wargame.batches.finding import find

    comparison = compare([find(name) for name in batches], measures or ())
    if as_json:
        print_json(
            {
                "batches": [batch.path for batch in comparison.batches],
                "differs": comparison.differs,
                "comparisons": comparison.rows,
            }
        )
    else:
        _print(comparison, quiet=quiet)


def _print(comparison: Comparison, *, quiet: bool) -> None:
    from rich.text import Text

    from wargame.batches.analysis.estimates import notes
    from wargame.batches.text import differences_table

    for batch in comparison.batches:
        if batch.manifest.ended not in ("complete", "stopped early"):
            finished, cells = int(batch.table.there.sum()), batch.table.there.size
            typer.echo(f"note: {batch.call} is incomplete: {finished:,} of its {cells:,} runs are compared", err=True)
        for note in notes(batch.table):
            typer.echo(f"note: {note}", err=True)
    screen = console()
    if not quiet:
        screen.print(Text("Differences in the inputs", style="bold"))
        for row in comparison.differs:
            screen.print(Text(f"  {row['what']}"))
            width = max(map(len, row["values"]))
            for name, value in row["values"].items():
                screen.print(Text(f"    {name:{width}}  {_plain(value)}", no_wrap=True, overflow="ignore"))
        if not comparison.differs:
            screen.print(Text("  none"))
        baseline = comparison.rows[0].baseline if comparison.rows else ""
        screen.print(Text(f"\nCompared with {baseline}", style="bold"))
    screen.print(differences_table(list(comparison.rows)))
    if not all(row.paired for row in comparison.rows):
        typer.echo(
            "note: some comparisons are unpaired, because the runs have another seed or scenario and share no draws",
            err=True,
        )


def _plain(value: object) -> str:
    if value is None or value == {}:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    return clean(", ".join(map(str, value)) if isinstance(value, list) else value)
