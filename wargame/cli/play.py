"""`wargame play`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from wargame.cli import options
from wargame.cli.tree import Version
from wargame.errors import UsageFault

EXAMPLES = """
wargame play two-rivals --seat ARD=human
wargame play korea-2017 --seat KOR=human --seat PRK=human --pace 1d=5s
wargame play two-rivals --script commands.txt --out runs/rehearsal
"""
KINDS = ("model", "human", "script")


def command(
    scenario: options.Scenario,
    *,
    injects: options.Injects = None,
    seed: options.Seed = 1,
    until: options.Until = None,
    startex: options.Startex = None,
    seats: Annotated[
        list[str] | None,
        typer.Option("--seat", metavar="GOV=KIND", help="Who decides for a government: model, human or script."),
    ] = None,
    pace: Annotated[
        str | None, typer.Option("--pace", metavar="GAME=WALL", help="The pace of a running clock, such as 1d=5s.")
    ] = None,
    script: Annotated[
        Path | None, typer.Option("--script", metavar="FILE", help="Read the commands from a file, one a line.")
    ] = None,
    out: options.Out = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Runs a live exercise from a facilitator's console.

    Without a terminal the commands come from standard input, one a line; `help` among them lists them
    all. The end of input leaves an exercise that `wargame resume` goes on with.
    """
    del version
    from wargame.cli.live import run_session
    from wargame.executor.run import Place
    from wargame.live.session.session import Session
    from wargame.live.session.wall_clock import read_pace
    from wargame.scenario.loading.load import load
    from wargame.simulation.kernel.settings import Settings

    if pace is not None:
        read_pace(pace)
    if script is not None and not script.is_file():
        raise UsageFault(f"{script} is not a file")
    chosen = tuple(_seat(text) for text in seats or ())
    settings = Settings(until=until, startex=startex, seats=chosen)
    loaded = load(scenario, injects or [])
    if not quiet:
        for warning in loaded.warnings:
            typer.echo(f"{warning} [warning]", err=True)
    words = ["wargame", "play", scenario, "--seed", str(seed)]
    words += [word for file in injects or [] for word in ("--injects", file)]
    words += ["--until", until] if until else []
    words += ["--startex", startex] if startex else []
    words += [word for government, kind in chosen for word in ("--seat", f"{government}={kind}")]
    session = Session.create(loaded, seed, settings, Place(out=out), shlex.join(words))
    run_session(session, script, as_json=as_json, first=(f"pace {pace}",) if pace else ())


def _seat(text: str) -> tuple[str, str]:
    government, _, kind = text.partition("=")
    if not government or kind not in KINDS:
        raise UsageFault(f"--seat {text}: write GOV=KIND, where KIND is {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    return government, kind
