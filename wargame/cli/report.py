"""`wargame report`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import print_json, steps_bar
from wargame.cli.tree import Version
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.review.effects import Effects
    from wargame.review.source import Source

EXAMPLES = """
wargame report last
wargame report last --format docx
wargame report last --depth quick
wargame report last --seat KOR -o for-seoul.html
wargame report runs/first runs/second
"""
MOST = 2
"""Runs that can be laid side by side."""


class Form(StrEnum):
    """What kind of file."""

    HTML = "html"
    MD = "md"
    DOCX = "docx"
    PDF = "pdf"


class Depth(StrEnum):
    """How many runs the counterfactuals may cost."""

    NONE = "none"
    QUICK = "quick"
    FULL = "full"


def command(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...|BATCH",
            help="A run, two runs to compare, or a batch: folders, names under runs/, or 'last'.",
            autocompletion=options._run_names,
            show_default=False,
        ),
    ],
    *,
    form: Annotated[Form, typer.Option("--format", help="What kind of file.")] = Form.HTML,
    depth: Annotated[
        Depth, typer.Option("--depth", help="Test moments against their alternatives: quick in minutes, full in more.")
    ] = Depth.NONE,
    seat: Annotated[
        str, typer.Option("--seat", metavar="GOV", help="Only what this government could know.", show_default=False)
    ] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="The file to write; beside the run if left out.")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Writes the after-action review of a run, two runs side by side, or the report of a batch.

    The file needs no network and can be handed over as it is. Ratings, words and the improvement plan are
    a person's: they stand in review.yaml beside the run and survive every new report.
    """
    del version
    if len(runs) > MOST:
        raise UsageFault(f"{len(runs)} runs cannot be laid side by side; give one run, two runs or a batch")
    from wargame.review.batches import batch_folder
    from wargame.review.writing import save

    batch = batch_folder(runs[0])
    if batch is not None:
        target, content = _batch(batch, runs, form, seat)
    elif len(runs) == MOST:
        target, content = _pair(runs, form, seat)
    else:
        target, content = _one(runs[0], form, depth, seat, quiet or as_json)

    save(out or target, content)
    written = out or target
    if as_json:
        print_json({"report": str(written), "bytes": len(content), "format": form.value})
    else:
        typer.echo(str(written))


def _one(run: str, form: Form, depth: Depth, seat: str, quiet: bool) -> tuple[Path, bytes]:
    from wargame.review.source import open_run
    from wargame.review.writing import check_seat, default_path, render

    source = open_run(run)
    check_seat(source, seat)
    if seat and depth is not Depth.NONE:
        raise UsageFault("--depth and --seat do not go together: what would have happened is not for a seat")
    effects = _effects(source, depth, quiet) if depth is not Depth.NONE else None
    content = render(source, form.value, seat, effects)
    if not seat and form is not Form.HTML:
        _offer_words(source)
    return default_path(source.folder.path, form.value, seat), content


def _offer_words(source: Source) -> None:
    """Leaves a review.yaml to edit; where the run folder cannot be written the report is made all the same."""
    from wargame.review.words import write_template

    try:
        write_template(source)
    except UsageFault as error:
        typer.echo(f"wargame: {error}", err=True)


def _effects(source: Source, depth: Depth, quiet: bool) -> Effects:
    from wargame.review.effects import measure

    with steps_bar("counterfactuals", quiet=quiet) as progress:
        return measure(source, depth.value, progress)


def _pair(runs: list[str], form: Form, seat: str) -> tuple[Path, bytes]:
    if seat:
        raise UsageFault("two runs side by side are not for a seat: leave out --seat")
    from wargame.review.comparison import comparison
    from wargame.review.source import open_run
    from wargame.review.writing import as_document

    left, right = (open_run(run) for run in runs)
    name = f"comparison-{left.folder.name}-{right.folder.name}.{form.value}"
    return left.folder.path.parent / name, as_document(comparison(left, right), form.value)


def _batch(batch: Path, runs: list[str], form: Form, seat: str) -> tuple[Path, bytes]:
    if len(runs) > 1 or seat:
        raise UsageFault("the report of a batch takes one batch and no --seat")
    from wargame.review.batches import batch_report
    from wargame.review.writing import as_document, default_path

    return default_path(batch, form.value), as_document(batch_report(batch), form.value)
