"""`wargame report` and `wargame lessons`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from wargame.cli import lib, options
from wargame.cli.options import ReportFormat
from wargame.cli.output import job_bar, print_blocks, print_json
from wargame.errors import UsageFault

STDOUT = Path("-")
Depth = Literal["none", "quick", "full"]
"""The number of runs that the counterfactuals may take."""
DEPTHS: tuple[Depth, ...] = get_args(Depth)
"""The reports up to one of them are written on the way to it, each in place of the one before."""


def report(
    runs: options.Runs,
    *,
    form: Annotated[ReportFormat | None, options.flag("--format", "report")] = None,
    depth: Annotated[Depth, options.flag("--depth", "report")] = "none",
    seat: Annotated[str, options.option("--seat", "GOV", "report", show_default=False)] = "",
    within: Annotated[str, options.option("--within", "BATCH", "report", show_default=False)] = "",
    arm: Annotated[str, options.option("--arm", "NAME", "report")] = "",
    out: Annotated[Path | None, options.out_file("report")] = None,
    template: options.Template = None,
    show: Annotated[bool, options.flag("--open", "report")] = False,
    shown: options.Shown,
) -> None:
    """Write the after-action review of a run, a comparison of two runs, or the report of a batch or rehearsal."""
    form = options.format_of(form, out, template)
    if out == STDOUT and (shown.as_json or show):
        both = "--out - and --json both write to standard output; choose one"
        raise UsageFault(both if shown.as_json else "--open needs a file: leave out --out -")
    if len(runs) > 2:
        raise UsageFault(f"cannot compare {len(runs)} runs; give one run, two runs or a batch")
    if any("://" in run for run in runs):
        raise UsageFault("a report needs a folder on this machine: copy the batch here (compare takes URLs)")
    if out not in (None, STDOUT):
        lib.check_output(out, [template])
    runs = runs if len(runs) == 2 else [lib.folders.of_last(runs[0], runs_first=True)]
    folder = None if len(runs) == 2 else lib.batch_folder(runs[0]) or lib.rehearsal_folder(runs[0])
    contents: Iterable[bytes]
    if len(runs) == 2 or folder is not None:
        given = {"--seat": seat, "--within": within, "--arm": arm, "--depth": depth != "none"}
        if run_options := [name for name, value in given.items() if value]:
            raise UsageFault(f"{' and '.join(run_options)}: only for the review of one run (give one run)")
        target, *contents = _report_folder(folder, form, template) if folder else _compare(runs, form, template)
    else:
        steps = (depth,) if out == STDOUT else DEPTHS[: DEPTHS.index(depth) + 1]
        target, contents = _review(runs[0], form, steps, seat, within, arm, template, quiet=shown.silent)

    target = out or target
    for content in contents:
        typer.echo(content, nl=False) if out == STDOUT else lib.write_output(target, content, [template])
    if out == STDOUT:
        return
    if shown.as_json:
        print_json({"report": str(target), "bytes": len(content), "format": form})
    else:
        typer.echo(str(target))
    if show and not open_in_program(target):
        typer.echo(f"wargame: no program opens it here; the report is {target.resolve()}", err=True)


def _review(
    run: str,
    form: ReportFormat,
    steps: Sequence[Depth],
    seat: str,
    within: str,
    arm: str,
    template: Path | None,
    *,
    quiet: bool,
) -> tuple[Path, Iterator[bytes]]:
    """Return the default path of the review of one run, and its content with the counterfactuals of each step."""
    findings = lib.open_findings(run)
    source = findings.source
    lib.check_seat(source, seat)
    if source.manifest.attachments:
        lib.check_attachments(source.folder, source.manifest, source.folder.inputs())
    if seat and steps[-1] != "none":
        raise UsageFault("--depth and --seat exclude each other: a seat does not know what would have happened")
    if seat and within:
        raise UsageFault("--within and --seat exclude each other: a seat does not know other runs")
    percentiles = _percentiles(source, within, arm)

    def contents() -> Iterator[bytes]:
        results = lib.Results()
        for depth in steps:
            effects = _effects(source, depth, quiet, results) if depth != "none" else None
            yield lib.render(findings, form, seat, effects, percentiles, template)
        if not seat:
            try:
                lib.write_template(findings)
            except UsageFault as error:
                typer.echo(f"wargame: {error}", err=True)

    return lib.default_path(source.folder.path, form, seat), contents()


def _percentiles(source: lib.RunSource, within: str, arm: str) -> dict[str, Any] | None:
    """Return where the run is within a batch; None without --within."""
    if not within:
        if arm:
            raise UsageFault(f"--arm {arm}: name the batch too, with --within BATCH")
        return None
    folder = lib.batch_folder(within)
    if folder is None:
        raise UsageFault(f"--within {within}: there is no such batch (wargame list batches lists those under runs/)")
    return lib.percentile.percentile_rows(source, folder, arm or None)


def _effects(source: lib.RunSource, depth: Depth, quiet: bool, results: lib.Results) -> lib.MomentEffects:
    runs, seconds = lib.forecast(source, depth)
    if runs and not quiet:
        time = f"{max(1, round(seconds)):d} s" if seconds < 90 else f"{round(seconds / 60):d} minutes"
        cost = f"at most {runs:,} runs, about {time} on {lib.cores()} cores"
        typer.echo(f"counterfactuals: {cost} (Ctrl-C keeps what is written)", err=True)
    with job_bar("counterfactuals", quiet=quiet) as bar:
        return lib.measure(source, depth, bar, results=results)


def _compare(runs: list[str], form: ReportFormat, template: Path | None) -> tuple[Path, bytes]:
    """Return the default path and the content of a comparison of two runs."""
    pair = [lib.open_findings(run) for run in runs]
    left, right = (findings.source for findings in pair)
    name = f"comparison-{left.folder.name}-{right.folder.name}.{form}"
    blocks = lib.run_comparison.comparison(*pair)
    return left.folder.path.parent / name, lib.as_document(blocks, form, lib.made_at(left, right), template)


def _report_folder(folder: Path, form: ReportFormat, template: Path | None) -> tuple[Path, bytes]:
    """Return the default path and content of the report of a batch, or of a rehearsal if the folder is not a batch."""
    if lib.batch_folder(str(folder)) is not None:
        blocks: Sequence[object] = lib.batch_report(folder)
        finished = lib.finished_at(folder)
    else:
        blocks, finished = lib.rehearsal_report.rehearsal_report(folder), lib.rehearsal_report.written_at(folder)
    return lib.default_path(folder, form), lib.as_document(blocks, form, finished, template)


PATIENCE = 5.0
"""Seconds after which a program that is still running counts as having opened the file."""


def open_in_program(path: Path) -> bool:
    """Open a file in a browser, or in its program; false if there is none.

    On Linux and BSD a program needs a display, or is named in `BROWSER`: text browsers would take the terminal.
    """
    address = path.resolve().as_uri()
    if sys.platform == "win32":
        try:
            os.startfile(path.resolve())  # noqa: S606 - the program that Windows has for the file
        except OSError:
            return False
        return True
    command = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    if command is None or (sys.platform != "darwin" and not any(os.environ.get(name) for name in displays)):
        return False
    nothing = subprocess.DEVNULL
    command_line = [command, address]
    opener = subprocess.Popen(command_line, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603 - of the system
    try:
        return opener.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True


_ON = options.option("--on", "DATE", "lessons", formats=["%Y-%m-%d"])


def lessons(
    top: Annotated[Path | None, options.argument("DIR", "lessons")] = None,
    *,
    on: Annotated[datetime | None, _ON] = None,
    out: Annotated[Path | None, options.out_file("lessons")] = None,
    template: options.Template = None,
    shown: options.Shown,
) -> None:
    """Collect the corrective actions of a series of exercises: overdue, open, done; and findings that are repeated."""
    if template is not None and (out is None or out.suffix.lower() != ".docx"):
        raise UsageFault(f"--template {template}: only Word documents have a template (--out lessons.docx)")
    top = top or lib.folder.runs_folder()
    found = lib.lessons(top, (on or datetime.now(UTC).astimezone()).date())
    if out is None:
        print_json(asdict(found)) if shown.as_json else print_blocks(lib.lessons_report(found))
        return
    if out.suffix.lower() == ".xlsx":
        tables = [each for each in lib.lessons_report(found, by_state=False) if isinstance(each, lib.Grid)]
        sheets = [lib.SheetContent(t.caption, t.heads, t.rows, (28,) * len(t.heads), "A2") for t in tables]
        content = lib.to_xlsx(sheets)
    else:
        form, path = options.format_of(None, out, template), os.path.relpath(top, out.parent)
        content = lib.as_document(lib.lessons_report(found, path), form, template=template)
    lib.write_output(out, content, [template])
    shown.written(asdict(found), out)
