"""`wargame compare`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json
from wargame.language.plain_text import clean

if TYPE_CHECKING:
    from wargame.batches.comparison import Comparison
    from wargame.document.blocks import Block


def command(
    batches: options.Batches,
    *,
    measures: Annotated[list[str] | None, options.option("--measure", "M", "compare")] = None,
    baseline: Annotated[str | None, options.option("--baseline", "ARM", "compare")] = None,
    pairs: Annotated[bool, options.flag("--all-pairs", "compare")] = False,
    shown: options.Shown,
) -> None:
    """Compare the arms of a batch, or several batches."""
    from wargame.batches.comparison import compare
    from wargame.batches.folders import find

    comparison = compare([find(name) for name in batches], measures or (), baseline, pairs=pairs)
    if shown.as_json:
        ranked = {"rankings": comparison.rankings} if comparison.rankings else {}
        paths = [batch.path for batch in comparison.batches]
        print_json({"batches": paths, "differs": comparison.differs, "comparisons": comparison.rows} | ranked)
    else:
        _print(comparison, quiet=shown.quiet)


def _print(comparison: Comparison, *, quiet: bool) -> None:
    from wargame.batches.analysis.estimates import notes

    for batch in comparison.batches:
        if batch.manifest.ended not in ("complete", "stopped early"):
            finished, cells = int(batch.table.there.sum()), batch.table.there.size
            typer.echo(f"note: {batch.call} is incomplete: {finished:,} of its {cells:,} runs are compared", err=True)
        for note in notes(batch.table):
            typer.echo(f"note: {note}", err=True)
    print_blocks(_blocks(comparison, quiet=quiet))
    if not all(row.paired for row in comparison.rows):
        why = "the runs have another seed or scenario and share no draws"
        typer.echo(f"note: some comparisons are unpaired, because {why}", err=True)


def _blocks(comparison: Comparison, *, quiet: bool) -> Iterator[Block]:
    from msgspec import to_builtins

    from wargame.document.blocks import Grid
    from wargame.review.reports.batch_tables import every_difference, ranking

    if not quiet:
        given = ((row["what"], name, value) for row in comparison.differs for name, value in row["values"].items())
        inputs = tuple((what, name, _plain(value)) for what, name, value in given)
        yield Grid("Differences in the inputs", ("What", "In", "Value"), inputs).grouped()
    if comparison.rankings:
        yield from ranking(comparison.rankings)
        return
    rows = comparison.rows
    paired = all(row.paired for row in rows)
    yield every_difference(to_builtins(rows), rows[0].baseline, paired=paired, brief=True).grouped()


def _plain(value: object) -> str:
    if value is None or value == {}:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    return clean(", ".join(map(str, value)) if isinstance(value, list) else value)
