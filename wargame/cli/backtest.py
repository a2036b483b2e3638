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
from wargame.cli.output import print_blocks, print_json
from wargame.errors import UsageFault, shortened

if TYPE_CHECKING:
    from wargame.batches.api import Batch
    from wargame.evidence.backtest.scoring import Backtest


def command(
    batches: options.Batches,
    *,
    chronology: Annotated[str | None, options.option("--chronology", "CSV", "backtest")] = None,
    beside: Annotated[list[str] | None, options.option("--beside", "BATCH", "backtest")] = None,
    past: Annotated[str | None, options.option("--past", "CSV", "backtest")] = None,
    windows: Annotated[list[int] | None, options.option("--window", "DAYS", "backtest", min=1, max=3650)] = None,
    leads: Annotated[list[int] | None, options.option("--lead", "DAYS", "backtest", min=0, max=3650)] = None,
    scored_from: Annotated[str | None, options.option("--scored-from", "DATE", "backtest")] = None,
    arms: Annotated[list[str] | None, options.option("--arm", "NAME", "backtest")] = None,
    not_scored: Annotated[list[str] | None, options.option("--not-scored", "KIND", "backtest")] = None,
    covered_from: Annotated[str | None, options.option("--covered-from", "DATE", "backtest")] = None,
    covered_until: Annotated[str | None, options.option("--covered-until", "DATE", "backtest")] = None,
    form: Annotated[ReportFormat | None, typer.Option("--format", help="Write a report in this format.")] = None,
    out: Annotated[Path | None, options.out_file("backtest")] = None,
    seed: options.ResamplingSeed = None,
    jobs: Annotated[int | None, options.option("--jobs", "N", "backtest", min=1, hidden=True)] = None,
    shown: options.Shown,
) -> None:
    """Score simulated futures against observed events and naive forecasts."""
    from wargame.evidence.backtest.events import WINDOWS, BacktestRequest
    from wargame.evidence.backtest.scoring import backtest
    from wargame.journal.outputs import check_output

    options.format_of(form, out)
    covered = _covered(covered_from, covered_until)
    opened = [_open(name) for name in dict.fromkeys(batches)]
    request = BacktestRequest(
        chronology=chronology or _own(opened[0]),
        past=past,
        windows=tuple(sorted(set(windows or WINDOWS))),
        leads=tuple(sorted(set(leads or (0,)))),
        scored_from=_day("--scored-from", scored_from),
        arms=tuple(arms or ()),
        not_scored=tuple(not_scored or ()),
        covered=covered,
        seed=seed,
    )
    if out:
        check_output(out, (request.chronology,))
    result = backtest(opened, request, [_open(name) for name in dict.fromkeys(beside or ())])
    report = _report(result, opened, options.format_of(form, out), out) if form or out else None
    if jobs is not None:
        shown.note("--jobs has no effect: backtest scores the runs of a batch and runs none")
    _print(result, report, shown)


def _print(result: Backtest, report: Path | None, shown: options.Shown) -> None:
    """Print the notes, then the result as JSON, the path of its report, or its summary."""
    from wargame.review.reports.backtest_report import summary

    for note in () if shown.quiet else result.notes:
        typer.echo(f"{note} [note]", err=True)
    if shown.as_json:
        print_json(document(result) | ({"report": str(report)} if report else {}))
    elif report:
        typer.echo(str(report))
    else:
        print_blocks(summary(result, full=not shown.quiet))


def _open(name: str) -> Batch:
    from wargame.batches.api import open_batch
    from wargame.batches.folders import find

    return open_batch(find(name))


def _own(batch: Batch) -> str:
    """Return the chronology of the scenario of a batch."""
    from wargame.evidence.backtest.events import shipped

    name = batch.prepared.loaded.scenario.name
    path = shipped(name)
    if path is None:
        raise UsageFault(f"the scenario '{name}' has no chronology: choose one with --chronology CSV")
    return path


def _day(option: str, text: str | None) -> date | None:
    from wargame.evidence.backtest.chronology import parse_day

    if text is None:
        return None
    day = parse_day(text)
    if day is None:
        raise UsageFault(f"{option}: '{shortened(text, 40)}' is not a date (write it as 2017-06-30)")
    return day


def _covered(first: str | None, last: str | None) -> tuple[date | None, date | None]:
    begin, end = _day("--covered-from", first), _day("--covered-until", last)
    if begin and end and end < begin:
        raise UsageFault(f"--covered-until {end} is before --covered-from {begin}")
    return begin, end


def _report(result: Backtest, opened: Sequence[Batch], form: ReportFormat, out: Path | None) -> Path:
    from wargame.journal.outputs import write_output
    from wargame.review.reports.backtest_report import backtest_report
    from wargame.review.reports.writing import as_document

    target = out or Path(opened[0].path) / f"backtest.{form}"
    return write_output(target, as_document(backtest_report(result), form))


def document(result: Backtest) -> dict[str, Any]:
    """Return the results as one JSON document."""
    from wargame.evidence.backtest.events import called

    data = asdict(result)
    data["covered"] = {"from": result.covered[0], "until": result.covered[1]}
    data["chronology"] = called(result.chronology, result.scenario)
    data["floor"] = "(k + 1/2)/(n + 1)"
    data["notes"] = [str(note) for note in result.notes]
    return data
