"""`wargame run`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from wargame.cli import options
from wargame.cli.output import console, print_json, progress_bar
from wargame.cli.tree import Version
from wargame.errors import Interrupted, UsageFault

if TYPE_CHECKING:
    from wargame.executor.run import Run
    from wargame.review.findings.findings import Findings
    from wargame.scenario.loading.load import Loaded
    from wargame.simulation.kernel.settings import Settings

EXAMPLES = """
wargame run korea-2017
wargame run korea-2017 --seed 7 --until 90d
wargame run korea-2017 --injects korea-2017/assassination --injects my-injects.yaml
wargame run korea-2017 --set "trust[CHN, USA]=0.3@D+30" --skip ufg_2017
wargame run my-exercise --out runs/first --json
wargame run china-only-vs-five-party --arm five_party --replication 17
"""
PLAYABLE = ("model", "script")
TOLD = ("name", "scenario", "seed", "ended", "records", "kernel_events", "decisions", "outcomes", "journal_sha256")


def command(
    scenario: options.Playable,
    *,
    injects: options.Injects = None,
    seed: options.StudySeed = None,
    until: options.Until = None,
    startex: options.Startex = None,
    seats: options.Seats = None,
    sets: options.Sets = None,
    bars: options.Bars = None,
    forces: options.Forces = None,
    skips: options.Skips = None,
    variant: options.Variant = None,
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
    from wargame.batch.study.catalogue import find
    from wargame.simulation.kernel.settings import Settings

    of_study = "://" in scenario or find(scenario) is not None
    if arm is not None and not of_study:
        raise UsageFault(
            f"--arm {arm}: '{scenario}' is not a study, and only studies have arms (use --set or --forbid)"
        )
    settings = Settings(
        startex=startex,
        until=until,
        replication=replication,
        set=tuple(sets or ()),
        forbid=tuple(bars or ()),
        force=tuple(forces or ()),
        skip=tuple(skips or ()),
        seats=tuple(_seat(text) for text in seats or ()),
        journal=journal.value,
    )
    known = 1 if seed is None and not of_study else seed  # a study has its own
    again = command_line(scenario, injects or [], known, settings, arm, variant)
    if of_study:
        loaded, seed, settings = _of_study(scenario, arm, injects or [], seed, settings, variant)
    else:
        loaded, seed = _of_scenario(scenario, injects or [], variant), 1 if seed is None else seed
    if not quiet:
        _tell_warnings(loaded)
    run = _play(loaded, seed, settings, out, again, quiet=quiet or as_json)
    try:
        findings = _findings(run, loaded)
        report = None if no_report else _report(run, findings)
        _tell(run, findings, report, as_json=as_json, short=quiet)
    except KeyboardInterrupt:
        call = shlex.quote(run.folder.call)
        remedy = f"(wargame show {call} and wargame report {call} make up for what is missing)"
        raise Interrupted(f"stopped after the end of the run, which is kept in {run.folder.path} {remedy}") from None


def _seat(text: str) -> tuple[str, str]:
    government, _, kind = text.partition("=")
    if not government or not kind:
        raise UsageFault(f"--seat {text}: write GOV=KIND, such as PRK=script")
    if kind == "human":
        raise UsageFault(f"--seat {text}: an unattended run has nobody to ask (choose {' or '.join(PLAYABLE)})")
    if kind not in PLAYABLE:
        raise UsageFault(f"--seat {text}: the kind of a seat is {' or '.join(PLAYABLE)}")
    return government, kind


def _of_scenario(scenario: str, injects: list[str], variant: str | None) -> Loaded:
    from wargame.scenario.loading.load import load

    loaded = load(scenario, injects)
    if variant is None:
        return loaded
    from wargame.batch.study.parameters import under

    return under(loaded, variant)


def _of_study(
    study: str, arm: str | None, injects: list[str], seed: int | None, wishes: Settings, variant: str | None
) -> tuple[Loaded, int, Settings]:
    """A replication of an arm of a study, with what the command line changes besides."""
    from dataclasses import replace

    from wargame.batch.running.single_run import one_run

    loaded, seed, found = one_run(
        study,
        arm,
        wishes.replication,
        injects=tuple(injects),
        seed=seed,
        variant=variant,
        journal=wishes.journal,
    )
    more: dict[str, Any] = {
        name: (*getattr(found, name), *getattr(wishes, name)) for name in ("set", "forbid", "force", "skip", "seats")
    }
    times: dict[str, Any] = {name: getattr(wishes, name) or getattr(found, name) for name in ("startex", "until")}
    return loaded, seed, replace(found, **more, **times)


def command_line(
    scenario: str,
    injects: list[str],
    seed: int | None,
    settings: Settings,
    arm: str | None = None,
    variant: str | None = None,
) -> str:
    """The command that makes this run again."""
    words = ["wargame", "run", scenario]
    words += ["--arm", arm] if arm else []
    words += ["--seed", str(seed)] if seed is not None else []
    words += [word for file in injects for word in ("--injects", file)]
    words += ["--startex", settings.startex] if settings.startex else []
    words += ["--until", settings.until] if settings.until else []
    for name in ("set", "forbid", "force", "skip"):
        words += [word for text in getattr(settings, name) for word in (f"--{name}", text)]
    words += [word for government, kind in settings.seats for word in ("--seat", f"{government}={kind}")]
    words += ["--variant", variant] if variant else []
    words += ["--replication", str(settings.replication)] if settings.replication else []
    words += ["--journal", settings.journal] if settings.journal != options.Level.FULL else []
    return shlex.join(words)


def _tell_warnings(loaded: Loaded) -> None:
    for warning in loaded.warnings:
        typer.echo(f"{warning} [warning]", err=True)


def _play(loaded: Loaded, seed: int, settings: Settings, out: Path | None, again: str, *, quiet: bool) -> Run:
    from wargame.executor.run import Place, simulate

    with progress_bar(loaded.scenario.name, quiet=quiet) as progress:
        return simulate(loaded, seed, settings, place=Place(out=out), command=again, progress=progress)


def _findings(run: Run, loaded: Loaded) -> Findings:
    from wargame.review.findings.findings import Findings
    from wargame.review.findings.source import from_memory

    return Findings(from_memory(run.folder, run.manifest, run.records, loaded))


def _report(run: Run, findings: Findings) -> str | None:
    """Writes the review beside the run; a disk that takes no more costs the review, not the run."""
    from wargame.review.reports.writing import default_path, render, save

    try:
        return str(save(default_path(run.folder.path, "html"), render(findings, "html")))
    except UsageFault as error:
        typer.echo(f"wargame: the run is kept, its report is not: {error}", err=True)
        return None


def _tell(run: Run, findings: Findings, report: str | None, *, as_json: bool, short: bool) -> None:
    path = str(run.folder.path)
    run.folder.write_summary(findings.summary)
    if as_json:
        told = {name: getattr(run.manifest, name) for name in TOLD}
        print_json({"run_dir": path, **told, "report": report})
    elif short:
        typer.echo(path)
    else:
        from wargame.review.reports.run_summary import render

        render(findings.summary, path, shlex.quote(run.folder.call), console(), report)
