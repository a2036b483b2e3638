"""`wargame report`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import print_json, steps_bar
from wargame.cli.tree import Version
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.review.findings.effects import MomentEffects
    from wargame.review.findings.findings import Findings
    from wargame.review.findings.source import RunSource

EXAMPLES = """
wargame report last
wargame report last --format docx
wargame report last --depth quick
wargame report last --seat KOR -o for-seoul.html
wargame report last --within runs/many
wargame report runs/first runs/second
wargame report last --format md -o - | less
"""
MOST = 2
"""Runs that can be laid side by side."""
STDOUT = Path("-")


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
            help="A run, two runs to compare, a batch or a rehearsal: folders, names under runs/, or 'last'.",
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
    within: Annotated[
        str,
        typer.Option(
            "--within", metavar="BATCH", help="Tell how unusual the run is in this batch.", show_default=False
        ),
    ] = "",
    arm: Annotated[
        str, typer.Option("--arm", metavar="NAME", help="The arm of that batch; its baseline if left out.")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="FILE", help="The file to write, - for standard output; beside the run if left out."
        ),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Writes the after-action review of a run, two runs side by side, or the report of a batch or a rehearsal.

    The file needs no network and can be handed over as it is. Ratings, words and the improvement plan are
    a person's: they stand in review.yaml beside the run and survive every new report.
    """
    del version
    if out == STDOUT and as_json:
        raise UsageFault("-o - and --json would both be printed; choose one")
    if len(runs) > MOST:
        raise UsageFault(f"{len(runs)} runs cannot be laid side by side; give one run, two runs or a batch")
    if any("://" in run for run in runs):
        raise UsageFault("a report is made of a folder on this machine: copy the batch here (compare takes addresses)")
    from wargame.batch.study.catalogue import batch_folder, rehearsal_folder
    from wargame.review.reports.writing import save

    if len(runs) == MOST or (folder := batch_folder(runs[0]) or rehearsal_folder(runs[0])) is not None:
        _refuse_extras(depth, seat, within or arm)
    if len(runs) == MOST:
        target, content = _pair(runs, form)
    elif folder is not None:
        target, content = _many(folder, form)
    else:
        target, content = _one(runs[0], form, ReportRequest(depth, seat, within, arm), quiet or as_json)

    if out == STDOUT:
        typer.echo(content, nl=False)
        return
    save(out or target, content)
    written = out or target
    if as_json:
        print_json({"report": str(written), "bytes": len(content), "format": form.value})
    else:
        typer.echo(str(written))


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the review of one run is to tell besides, and to whom."""

    depth: Depth
    seat: str
    within: str
    arm: str


def _refuse_extras(depth: Depth, seat: str, within: str) -> None:
    """UsageFault for what only the review of one run takes."""
    given = [name for name, value in (("--seat", seat), ("--within", within)) if value]
    given += ["--depth"] if depth is not Depth.NONE else []
    if given:
        raise UsageFault(f"{' and '.join(given)}: only the review of one run takes this (give one run)")


def _one(run: str, form: Form, wishes: ReportRequest, quiet: bool) -> tuple[Path, bytes]:
    from wargame.review.findings.findings import open_findings
    from wargame.review.reports.writing import check_seat, default_path, render

    findings = open_findings(run)
    source = findings.source
    check_seat(source, wishes.seat)
    if wishes.seat and wishes.depth is not Depth.NONE:
        raise UsageFault("--depth and --seat do not go together: what would have happened is not for a seat")
    if wishes.seat and wishes.within:
        raise UsageFault("--within and --seat do not go together: what other runs came to is not for a seat")
    standing = _standing(source, wishes)
    effects = _effects(source, wishes.depth, quiet) if wishes.depth is not Depth.NONE else None
    content = render(findings, form.value, wishes.seat, effects, standing)
    if not wishes.seat and form is not Form.HTML:
        _offer_words(findings)
    return default_path(source.folder.path, form.value, wishes.seat), content


def _standing(source: RunSource, wishes: ReportRequest) -> dict[str, Any] | None:
    from wargame.batch.study.catalogue import batch_folder
    from wargame.review.findings.percentile import within

    if not wishes.within:
        if wishes.arm:
            raise UsageFault(f"--arm {wishes.arm}: name the batch too, with --within BATCH")
        return None
    folder = batch_folder(wishes.within)
    if folder is None:
        raise UsageFault(
            f"--within {wishes.within}: there is no such batch (wargame list tells the batches under runs/)"
        )
    return within(source, folder, wishes.arm or None)


def _offer_words(findings: Findings) -> None:
    """Leaves a review.yaml to edit; where the run folder cannot be written the report is made all the same."""
    from wargame.review.findings.reviewer_notes import write_template

    try:
        write_template(findings)
    except UsageFault as error:
        typer.echo(f"wargame: {error}", err=True)


def _effects(source: RunSource, depth: Depth, quiet: bool) -> MomentEffects:
    from wargame.executor.processes import cores
    from wargame.review.findings.effects import forecast, measure

    runs, seconds = forecast(source, depth.value)
    if runs and not quiet:
        typer.echo(
            f"counterfactuals: at most {runs:,} runs, {_long(seconds)} on {cores()} cores "
            "(Ctrl-C stops; nothing is written then)",
            err=True,
        )
    with steps_bar("counterfactuals", quiet=quiet) as progress:
        return measure(source, depth.value, progress)


def _long(seconds: float) -> str:
    """About how long, in words."""
    if seconds < 90:
        return f"about {max(1, round(seconds)):d} s"
    return f"about {round(seconds / 60):d} minutes"


def _pair(runs: list[str], form: Form) -> tuple[Path, bytes]:
    from wargame.review.findings.findings import open_findings
    from wargame.review.reports.run_comparison import comparison
    from wargame.review.reports.writing import as_document, made_at

    pair = [open_findings(run) for run in runs]
    left, right = (findings.source for findings in pair)
    name = f"comparison-{left.folder.name}-{right.folder.name}.{form.value}"
    return left.folder.path.parent / name, as_document(comparison(*pair), form.value, made_at(left, right))


def _many(folder: Path, form: Form) -> tuple[Path, bytes]:
    """The report of a batch or, where the folder is none, of a rehearsal."""
    from wargame.batch.study.catalogue import batch_folder
    from wargame.review.reports.batch_report import batch_report, over_at
    from wargame.review.reports.rehearsal_file import written_at
    from wargame.review.reports.rehearsal_report import rehearsal_report
    from wargame.review.reports.writing import as_document, default_path

    of_batch = batch_folder(str(folder)) is not None
    blocks, made = (
        (batch_report(folder), over_at(folder)) if of_batch else (rehearsal_report(folder), written_at(folder))
    )
    return default_path(folder, form.value), as_document(blocks, form.value, made)
