"""`wargame fork`."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import command_line, print_json, print_next, print_run_json
from wargame.errors import UsageFault
from wargame.journal.wording import sentence
from wargame.language.times import DAY

if TYPE_CHECKING:
    from wargame.live.session.fork import Fork


def command(
    run: options.Run,
    *,
    at: Annotated[str, options.option("--at", "T|SEQ", "fork")],
    sets: Annotated[list[str] | None, options.option("--set", "PATH=VALUE", "fork")] = None,
    skips: options.Skips = None,
    orders: Annotated[list[str] | None, options.option("--order", '"GOV OPTION [TARGET]"', "fork")] = None,
    n: Annotated[int, options.option("-n", "N", "fork", min=1, max=1_000_000)] = 1,
    out: options.RunFolder = None,
    shown: options.Shown,
) -> None:
    """Simulate other futures from a moment of a run, live or not. The run itself does not change."""
    from wargame.journal.folder import find
    from wargame.live.session.fork import changes_of, fork_of

    fork = fork_of(find(run), at, changes_of(sets or [], skips or [], orders or []))
    _note_end(fork, shown)
    if n > 1:
        if out is not None:
            raise UsageFault("--out: only a single future has a run folder (leave out -n or --out)")
        _simulate_many(fork, n, shown)
        return
    typed = command_line("fork", run, at=at, set=sets, skip=skips, order=orders)
    _simulate_one(fork, out, typed, shown)


def _note_end(fork: Fork, shown: options.Shown) -> None:
    """Say if the run was stopped before the moment, so that what comes before it is simulated, too."""
    manifest = fork.folder.manifest()
    moment = fork.point.exercise().calendar.at(fork.point.t)
    if not manifest.is_complete and manifest.reached and moment > datetime.fromisoformat(manifest.reached):
        reached = manifest.reached[:16].replace("T", " ")
        shown.note(f"{fork.folder.call} was stopped at {reached}; what comes after that is simulated")


def _simulate_one(fork: Fork, out: Path | None, typed: str, shown: options.Shown) -> None:
    from wargame.executor.run import Place
    from wargame.live.session.fork import one_future

    folder = one_future(fork, Place(out=out), typed).folder
    if shown.as_json:
        print_run_json(folder)
        return
    if shown.quiet:
        typer.echo(str(folder.path))
    else:
        typer.echo(f"{_headline(fork, 1)}:")
        typer.echo(str(folder.path))
        print_next(f"wargame show {shlex.quote(folder.call)}")


def _headline(fork: Fork, n: int) -> str:
    """Return what was simulated: how many futures of which run, from when, with which changes."""
    from wargame.live.session.fork import typed

    calendar = fork.point.exercise().calendar
    moment = calendar.at(fork.point.t)
    day = (fork.point.t - calendar.startex) // DAY
    given = (typed(command) for command in fork.changes)
    changes = ", ".join(
        text.replace("=", " = ", 1) if name == "--set" else f"{name[2:]} {text}" for name, text in given
    )
    futures = "another future" if n == 1 else f"{n:,} other futures"
    from_when = f"{moment:%Y-%m-%d %H:%M} (D+{day}) to {calendar.at(calendar.end):%Y-%m-%d}"
    return sentence(f"{futures} of {fork.folder.call}, {from_when}" + (f", with {changes}" if changes else ""))


def _simulate_many(fork: Fork, n: int, shown: options.Shown) -> None:
    from wargame.executor.processes import cores
    from wargame.futures.lookahead_rows import forecast_lines, forecast_rows
    from wargame.live.session.fork import ensemble
    from wargame.statistics.intervals import wilson

    results = ensemble(fork, n, cores())
    start = fork.point.exercise()
    if shown.as_json:
        rows = []
        for name in fork.point.loaded.scenario.outcomes:
            share = sum(name in result.outcomes for result in results) / n
            low, high = wilson(share, n)
            rows.append({"outcome": name, "n": n, "estimate": share, "low": low, "high": high})
        print_json({"run": fork.folder.name, "at": start.calendar.at(fork.point.t).isoformat(), "estimates": rows})
        return
    if not shown.quiet:
        typer.echo(f"{_headline(fork, n)}; the share in which each outcome occurs, with its 95 % interval:")
    for line in forecast_lines(forecast_rows(start, results), n):
        typer.echo(line)
