"""`wargame compare`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import completion, options
from wargame.cli.output import print_blocks, print_json
from wargame.errors import UsageFault, WargameError
from wargame.language.plain_text import clean

if TYPE_CHECKING:
    from wargame.batches.comparison import Comparison
    from wargame.document.blocks import Block
    from wargame.journal.folder import Folder


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
    from wargame.batches.comparison import compare
    from wargame.batches.folders import find

    if rooms := _rooms(batches):
        if measures or baseline or pairs:
            raise UsageFault("--measure, --baseline and --all-pairs: only for batches")
        _cohort(rooms, runs, out, template, shown)
        return
    paths = [find(name) for name in batches]
    if out or template:
        raise UsageFault("--out and --template: only for rooms (wargame report BATCH writes the report)")
    comparison = compare(paths, measures or (), baseline, pairs=pairs)
    if shown.as_json:
        ranked = {"rankings": comparison.rankings} if comparison.rankings else {}
        named = [batch.path for batch in comparison.batches]
        print_json({"batches": named, "differs": comparison.differs, "comparisons": comparison.rows} | ranked)
    else:
        _print(comparison, quiet=shown.quiet, each=baseline is not None and not pairs)


def _rooms(names: Sequence[str]) -> list[Folder]:
    """Return the folders of live exercises; none if a name is that of something else, such as a batch."""
    from wargame.batches.study.catalogue import batch_folder
    from wargame.journal.folder import find

    if any("://" in name or batch_folder(name) for name in names):
        return []
    try:
        found = [find(name) for name in names]
    except WargameError:
        return []
    return found if all(each.is_live for each in found) else []


def _cohort(rooms: Sequence[Folder], runs: int, out: Path | None, template: Path | None, shown: options.Shown) -> None:
    """Print the review of rooms, or write it into a file."""
    from wargame.executor.processes import cores
    from wargame.journal.outputs import check_output, write_output
    from wargame.review.findings.cohort import cohort
    from wargame.review.findings.findings import open_findings
    from wargame.review.reports.run_comparison import cohort_report
    from wargame.review.reports.writing import as_document, made_at

    form = options.format_of(None, out, template)
    if out is not None:
        check_output(out)
    findings = [open_findings(each) for each in rooms]
    found = cohort(findings, runs, cores())
    sources = [each.source for each in findings]
    blocks = cohort_report(found, sources[0])
    if out is not None:
        write_output(out, as_document(blocks, form, made_at(*sources), template))
        shown.written(found, out)
    elif shown.as_json:
        print_json(found)
    else:
        print_blocks(blocks)


def _print(comparison: Comparison, *, quiet: bool, each: bool) -> None:
    """Print a comparison; of many arms with all differences from the baseline only if `each` is asked for."""
    from wargame.batches.analysis.estimates import notes

    for batch in comparison.batches:
        if batch.manifest.ended not in ("complete", "stopped early"):
            finished, cells = int(batch.table.there.sum()), batch.table.there.size
            typer.echo(f"note: {batch.call} is incomplete: {finished:,} of its {cells:,} runs are compared", err=True)
        for note in notes(batch.table):
            typer.echo(f"note: {note}", err=True)
    print_blocks(_blocks(comparison, quiet=quiet, each=each))
    if not all(row.paired for row in comparison.rows):
        why = "the runs have another seed or scenario and share no draws"
        typer.echo(f"note: some comparisons are unpaired, because {why}", err=True)


def _blocks(comparison: Comparison, *, quiet: bool, each: bool) -> Iterator[Block]:
    from msgspec import to_builtins

    from wargame.document.blocks import Grid
    from wargame.review.reports.batch_tables import every_difference, ranking

    if not quiet:
        given = ((row["what"], name, value) for row in comparison.differs for name, value in row["values"].items())
        inputs = tuple((what, name, _plain(value)) for what, name, value in given)
        yield Grid("Differences in the inputs", ("What", "In", "Value"), inputs).grouped()
    if comparison.rankings:
        yield from ranking(comparison.rankings)
    if comparison.rankings and not each:
        return
    rows = comparison.rows
    paired = all(row.paired for row in rows)
    (grid,) = every_difference(to_builtins(rows), rows[0].baseline, paired=paired, brief=True)
    yield grid.grouped()


def _plain(value: object) -> str:
    if value is None or value == {}:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    return clean(", ".join(map(str, value)) if isinstance(value, list) else value)
