"""`wargame backtest`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.options import ReportFormat
from wargame.cli.output import console, print_json
from wargame.cli.tree import Version
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.batch.api import Batch
    from wargame.evidence.backtest.scoring import Backtest

EXAMPLES = """
wargame backtest runs/rolling
wargame backtest runs/rolling --chronology later.csv
wargame backtest runs/june runs/july --chronology later.csv --window 30 --json
wargame backtest runs/rolling --format html --out backtest.html
"""


def command(
    batches: options.Batches,
    *,
    chronology: Annotated[
        str | None,
        typer.Option("--chronology", metavar="CSV", help="The observed events. [default: the scenario's own]"),
    ] = None,
    past: Annotated[
        str | None,
        typer.Option(
            "--past", metavar="CSV", help="The events before those of --chronology. [default: the scenario's own]"
        ),
    ] = None,
    windows: Annotated[
        list[int] | None,
        typer.Option(
            "--window", metavar="DAYS", min=1, max=3650, help="Days that a forecast covers. [default: 14, 30, 90]"
        ),
    ] = None,
    lead: Annotated[
        int,
        typer.Option("--lead", metavar="DAYS", min=0, max=3650, help="Start scoring this many days after STARTEX."),
    ] = 0,
    arms: Annotated[
        list[str] | None,
        typer.Option("--arm", metavar="NAME", help="Score only this arm, if several start on the same day."),
    ] = None,
    not_scored: Annotated[
        list[str] | None,
        typer.Option("--not-scored", metavar="KIND", help="Skip this kind of event, which is not in the model."),
    ] = None,
    covered_from: Annotated[
        str | None, typer.Option("--covered-from", metavar="DATE", help="The chronology is complete from this date.")
    ] = None,
    covered_until: Annotated[
        str | None,
        typer.Option(
            "--covered-until",
            metavar="DATE",
            help="The chronology is complete until this date. [default: its last event]",
        ),
    ] = None,
    form: Annotated[ReportFormat | None, typer.Option("--format", help="Write a report in this format.")] = None,
    out: Annotated[Path | None, options.out_file("Write a report to this file. [default: in the batch folder]")] = None,
    seed: options.ResamplingSeed = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", min=1, help="Accepted as in other commands; scoring uses one process."),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Scores simulated futures against what happened, and against naive forecasts.

    For each kind of event and actor, in windows from each STARTEX: Brier and log score of whether it came, CRPS of
    how often and of the days until it first came, reliability, and skill against never, the last window again, and
    the rate of the past year. Arms with STARTEX dates of their own are origins of forecasts; so are several batches. The
    scenario's `events` say what an event is in the model; what the exercise scripted is not scored.
    """
    del version, jobs
    from wargame.evidence.backtest.scoring import WINDOWS, BacktestRequest, backtest

    covered = (_day("--covered-from", covered_from), _day("--covered-until", covered_until))
    if covered[0] and covered[1] and covered[1] < covered[0]:
        raise UsageFault(f"--covered-until {covered[1]} lies before --covered-from {covered[0]}")
    opened = [_open(name) for name in dict.fromkeys(batches)]
    wishes = BacktestRequest(
        chronology=chronology or _own(opened[0]),
        past=past,
        windows=tuple(sorted(set(windows or WINDOWS))),
        lead=lead,
        arms=tuple(arms or ()),
        not_scored=tuple(not_scored or ()),
        covered=covered,
        seed=seed,
    )
    found = backtest(opened, wishes)
    written = _report(found, opened, form or _form_of(out), out) if form or out else None
    if not quiet:
        for note in found.notes:
            typer.echo(f"{note} [note]", err=True)
    if as_json:
        print_json(document(found) | ({"report": str(written)} if written else {}))
    elif written:
        typer.echo(str(written))
    else:
        _print(found, quiet=quiet)


def _open(name: str) -> Batch:
    from wargame.batch.api import open_batch
    from wargame.batch.study.catalogue import batch_folder

    return open_batch(str(batch_folder(name) or name))


def _own(batch: Batch) -> str:
    """The chronology that comes with the scenario of a batch."""
    from wargame.evidence.backtest.events import shipped

    name = batch.prepared.loaded.scenario.name
    path = shipped(name)
    if path is None:
        raise UsageFault(f"the scenario '{name}' has no chronology of its own: give one with --chronology CSV")
    return path


def _day(option: str, text: str | None) -> date | None:
    from wargame.evidence.backtest.chronology import parse_day

    if text is None:
        return None
    made = parse_day(text)
    if made is None:
        raise UsageFault(f"{option}: '{text[:40]}' is no date (write 2017-06-30)")
    return made


def _form_of(out: Path | None) -> ReportFormat:
    """The kind of report that a file's name asks for."""
    suffix = out.suffix.removeprefix(".").lower() if out else ""
    return ReportFormat(suffix) if suffix in set(ReportFormat) else ReportFormat.HTML


def _report(found: Backtest, opened: Sequence[Batch], form: ReportFormat, out: Path | None) -> Path:
    from wargame.review.reports.backtest_report import backtest_report
    from wargame.review.reports.writing import as_document, save

    target = out or Path(opened[0].path) / f"backtest.{form.value}"
    return save(target, as_document(backtest_report(found), form.value))


def document(found: Backtest) -> dict[str, Any]:
    """The JSON document."""
    told = asdict(found)
    told["covered"] = {"from": found.covered[0], "until": found.covered[1]}
    told["chronology"] = _called(found)
    told["floor"] = "(k + 1/2)/(n + 1)"
    told["notes"] = [str(note) for note in found.notes]
    return told


def _called(found: Backtest) -> str:
    from wargame.evidence.backtest.events import called

    return called(found.chronology, found.scenario)


def _print(found: Backtest, *, quiet: bool) -> None:
    from wargame.evidence.backtest.text import sections

    screen = console()
    if not quiet:
        first, last = found.origins[0]["date"], found.origins[-1]["date"]
        count = len(found.origins)
        runs = sum(row["runs"] for row in found.origins)
        starts = f"{count} origins from {first} to {last}" if count > 1 else f"from {first}"
        later = f", {found.lead} days after each STARTEX" if found.lead else ""
        screen.print(
            f"{found.scenario}: {runs:,} runs, {starts}{later}, against {_called(found)}",
            style="bold",
        )
    for title, rows in sections(found):
        if not quiet:
            screen.print(f"\n{title}", style="bold")
        screen.print(rows)
