"""`wargame fork`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli.options import Json, Quiet, Run
from wargame.cli.output import print_json
from wargame.cli.tree import Version
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.live.session.fork import Fork

EXAMPLES = """
wargame fork last --at D+30
wargame fork last --at 1200 --order "KOR send_envoy PRK"
wargame fork last --at 2017-08-01 --skip ufg_2017 -n 200
"""


def command(
    run: Run,
    *,
    at: Annotated[str, typer.Option("--at", metavar="T|SEQ", help="The moment: a date, D+n, or a record's number.")],
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Set an indicator and its rest then.")
    ] = None,
    skips: Annotated[list[str] | None, typer.Option("--skip", metavar="INJECT", help="Leave an inject out.")] = None,
    orders: Annotated[
        list[str] | None, typer.Option("--order", metavar='"GOV OPTION [TARGET]"', help="Order an option then.")
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, max=1_000_000, metavar="N", help="How many futures.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The folder of a single future.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Plays other futures from a moment of a run, live or not; the run stays as it is.

    What was undecided at that moment is drawn anew. One future gets a run folder of its own; of many,
    the chances of the outcomes are told.
    """
    del version
    from wargame.journal.folder import find
    from wargame.live.session.fork import changes_of, fork_of

    fork = fork_of(find(run), at, changes_of(sets or [], skips or [], orders or []))
    if n > 1:
        if out is not None:
            raise UsageFault("--out: only a single future has a folder of its own (leave out -n, or --out)")
        _many(fork, n, as_json=as_json)
        return
    words = ["wargame", "fork", run, "--at", at]
    for name, texts in (("--set", sets), ("--skip", skips), ("--order", orders)):
        words += [word for text in texts or [] for word in (name, text)]
    _one(fork, out, shlex.join(words), as_json=as_json, quiet=quiet)


def _one(fork: Fork, out: Path | None, again: str, *, as_json: bool, quiet: bool) -> None:
    from wargame.executor.run import Place
    from wargame.live.session.fork import one_future

    folder = one_future(fork, Place(out=out), again).folder
    manifest = folder.manifest()
    if as_json:
        names = ("name", "scenario", "seed", "ended", "records", "decisions", "outcomes", "journal_sha256")
        print_json({"run_dir": str(folder.path), **{name: getattr(manifest, name) for name in names}})
        return
    typer.echo(str(folder.path))
    if not quiet:
        typer.echo(f"next: wargame show {shlex.quote(folder.call)}", err=True)


def _many(fork: Fork, n: int, *, as_json: bool) -> None:
    from wargame.executor.processes import cores
    from wargame.futures.lookahead_lines import forecast_lines
    from wargame.live.session.fork import ensemble
    from wargame.statistics.intervals import wilson

    results = ensemble(fork, n, cores())
    start = fork.point.exercise()
    if as_json:
        rows = []
        for name in fork.point.loaded.scenario.outcomes:
            p = sum(name in result.outcomes for result in results) / n
            low, high = wilson(p, n)
            rows.append({"outcome": name, "n": n, "estimate": p, "low": low, "high": high})
        print_json({"run": fork.folder.name, "at": start.calendar.at(fork.point.t).isoformat(), "estimates": rows})
        return
    for line in forecast_lines(start, results):
        typer.echo(line)
