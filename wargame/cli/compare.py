"""`wargame compare`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from wargame.cli import completion, lib, options
from wargame.cli.output import print_blocks, print_json
from wargame.errors import UsageFault, WargameError
from wargame.language.plain_text import clean


def command(
    batches: Annotated[
        list[str], options.argument("BATCH...|RUN...", "compare", autocompletion=completion.run_and_batch_names)
    ],
    *,
    measures: Annotated[list[str] | None, options.option("--measure", "M", "compare")] = None,
    baseline: Annotated[str | None, options.option("--baseline", "ARM", "compare")] = None,
    pairs: Annotated[bool, options.flag("--all-pairs", "compare")] = False,
    runs: Annotated[int, options.option("--runs", "N", "compare", min=0)] = 200,
    out: Annotated[Path | None, options.out_file("compare")] = None,
    template: options.Template = None,
    shown: options.Shown,
) -> None:
    """Compare the arms of a batch, several batches, or the rooms of an exercise."""
    if rooms := _rooms(batches):
        if measures or baseline or pairs:
            raise UsageFault("--measure, --baseline and --all-pairs: only for batches")
        _cohort(rooms, runs, out, template, shown)
        return
    paths = [lib.folders.find(name) for name in batches]
    if out or template:
        raise UsageFault("--out and --template: only for rooms (wargame report BATCH writes the report)")
    comparison = lib.compare(paths, measures or (), baseline, pairs=pairs)
    if shown.as_json:
        ranked = {"rankings": comparison.rankings} if comparison.rankings else {}
        named = [batch.path for batch in comparison.batches]
        print_json({"batches": named, "differs": comparison.differs, "comparisons": comparison.rows} | ranked)
    else:
        _print(comparison, quiet=shown.quiet, each=baseline is not None and not pairs)


def _rooms(names: Sequence[str]) -> list[lib.Folder]:
    """Return the folders of live exercises; none if a name is that of something else, such as a batch."""
    if any("://" in name or lib.batch_folder(name) for name in names):
        return []
    try:
        found = [lib.folder.find(name) for name in names]
    except WargameError:
        return []
    return found if all(each.is_live for each in found) else []


def _cohort(
    rooms: Sequence[lib.Folder], runs: int, out: Path | None, template: Path | None, shown: options.Shown
) -> None:
    """Print the review of rooms, or write it into a file."""
    form = options.format_of(None, out, template)
    if out is not None:
        lib.check_output(out, [template])
    findings = [lib.open_findings(each) for each in rooms]
    found = lib.cohort(findings, runs, lib.cores())
    sources = [each.source for each in findings]
    blocks = lib.run_comparison.cohort_report(found, sources[0])
    if out is not None:
        lib.write_output(out, lib.as_document(blocks, form, lib.made_at(*sources), template), [template])
        shown.written(found, out)
    elif shown.as_json:
        print_json(found)
    else:
        print_blocks(blocks)


def _print(comparison: lib.Comparison, *, quiet: bool, each: bool) -> None:
    """Print a comparison; of many arms with all differences from the baseline only if `each` is asked for."""
    for batch in comparison.batches:
        if batch.manifest.ended not in ("complete", "stopped early"):
            finished, cells = int(batch.table.there.sum()), batch.table.there.size
            typer.echo(f"note: {batch.typed} is incomplete: {finished:,} of its {cells:,} runs are compared", err=True)
        for note in lib.notes(batch.table):
            typer.echo(f"note: {note}", err=True)
    print_blocks(_blocks(comparison, quiet=quiet, each=each))
    if not all(row.paired for row in comparison.rows):
        why = "the runs have another seed or scenario and share no draws"
        typer.echo(f"note: some comparisons are unpaired, because {why}", err=True)


def _blocks(comparison: lib.Comparison, *, quiet: bool, each: bool) -> Iterator[lib.Block]:
    from msgspec import to_builtins

    if not quiet:
        given = ((row["what"], name, value) for row in comparison.differs for name, value in row["values"].items())
        inputs = tuple((what, name, _plain(value)) for what, name, value in given)
        yield lib.Grid("Differences in the inputs", ("What", "In", "Value"), inputs).grouped()
    if comparison.rankings:
        yield from lib.ranking(comparison.rankings)
    if comparison.rankings and not each:
        return
    rows = comparison.rows
    paired = all(row.paired for row in rows)
    (grid,) = lib.every_difference(to_builtins(rows), rows[0].baseline, estimates=None, paired=paired, brief=True)
    yield grid.grouped()


def _plain(value: object) -> str:
    if value is None or value == {}:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    return clean(", ".join(map(str, value)) if isinstance(value, list) else value)
