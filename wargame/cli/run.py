"""`wargame run`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wargame.cli import options
from wargame.cli.output import console, print_json, progress_bar
from wargame.cli.tree import Version
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.executor.single import Run
    from wargame.scenario.load import Loaded
    from wargame.simulation.settings import Settings

EXAMPLES = """
wargame run korea-2017
wargame run korea-2017 --seed 7 --until 90d
wargame run korea-2017 --injects korea-2017/assassination --injects my-injects.yaml
wargame run korea-2017 --set "trust[CHN, USA]=0.3@D+30" --skip president_moon
wargame run my-exercise --out runs/first --json
"""
PLAYABLE = ("model", "script")
TOLD = ("name", "scenario", "seed", "ended", "records", "kernel_events", "decisions", "outcomes", "journal_sha256")


def command(
    scenario: options.Scenario,
    *,
    injects: options.Injects = None,
    seed: options.Seed = 1,
    until: options.Until = None,
    hand_over: options.HandOver = None,
    seats: options.Seats = None,
    sets: options.Sets = None,
    bars: options.Bars = None,
    forces: options.Forces = None,
    skips: options.Skips = None,
    replication: options.Replication = 0,
    arm: options.Arm = None,
    journal: options.JournalLevel = options.Level.FULL,
    no_report: options.NoReport = False,
    out: options.Out = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Plays a scenario once and keeps the run in a folder.

    Without --out the folder gets a name of its own under runs/. Options with a FILE, GOV, PATH or
    INJECT can be given many times. Ctrl-C stops the run, keeps what was played and exits with 4.
    WARGAME_PROGRESS=1 shows the progress bar also without a terminal.
    """
    del version
    if arm is not None:
        raise UsageFault(f"--arm {arm}: '{scenario}' is not a study, and only studies have arms (use --set or --bar)")
    from wargame.scenario.load import load
    from wargame.simulation.settings import Settings

    settings = Settings(
        hand_over=hand_over,
        until=until,
        replication=replication,
        set=tuple(sets or ()),
        bar=tuple(bars or ()),
        force=tuple(forces or ()),
        skip=tuple(skips or ()),
        seats=tuple(_seat(text) for text in seats or ()),
        journal=journal.value,
    )
    loaded = load(scenario, injects or [])
    if not quiet:
        _tell_warnings(loaded)
    again = command_line(scenario, injects or [], seed, settings)
    run = _play(loaded, seed, settings, out, again, quiet=quiet or as_json)
    _tell(run, as_json=as_json, short=quiet or no_report)


def _seat(text: str) -> tuple[str, str]:
    government, _, kind = text.partition("=")
    if not government or not kind:
        raise UsageFault(f"--seat {text}: write GOV=KIND, such as PRK=script")
    if kind == "human":
        raise UsageFault(f"--seat {text}: an unattended run has nobody to ask (choose {' or '.join(PLAYABLE)})")
    if kind not in PLAYABLE:
        raise UsageFault(f"--seat {text}: the kind of a seat is {' or '.join(PLAYABLE)}")
    return government, kind


def command_line(scenario: str, injects: list[str], seed: int, settings: Settings) -> str:
    """The command that makes this run again."""
    words = ["wargame", "run", scenario, "--seed", str(seed)]
    words += [word for file in injects for word in ("--injects", file)]
    words += ["--hand-over", settings.hand_over] if settings.hand_over else []
    words += ["--until", settings.until] if settings.until else []
    for name in ("set", "bar", "force", "skip"):
        words += [word for text in getattr(settings, name) for word in (f"--{name}", text)]
    words += [word for government, kind in settings.seats for word in ("--seat", f"{government}={kind}")]
    words += ["--replication", str(settings.replication)] if settings.replication else []
    words += ["--journal", settings.journal] if settings.journal != options.Level.FULL else []
    return shlex.join(words)


def _tell_warnings(loaded: Loaded) -> None:
    for warning in loaded.warnings:
        typer.echo(f"{warning} [warning]", err=True)


def _play(loaded: Loaded, seed: int, settings: Settings, out: Path | None, again: str, *, quiet: bool) -> Run:
    from wargame.executor.single import Place, simulate

    with progress_bar(loaded.scenario.name, quiet=quiet) as progress:
        return simulate(loaded, seed, settings, place=Place(out=out), command=again, progress=progress)


def _tell(run: Run, *, as_json: bool, short: bool) -> None:
    from wargame.review.findings import findings

    path = str(run.folder.path)
    found = findings(run.manifest, run.records)
    run.folder.write_summary(found)
    if as_json:
        print_json({"run_dir": path, **{name: getattr(run.manifest, name) for name in TOLD}})
    elif short:
        typer.echo(path)
    else:
        from wargame.review.summary import render

        render(found, path, run.folder.call, console())
