"""`wargame run`."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from wargame.brains.specification import Players
from wargame.cli import brain_options, lib, options
from wargame.cli.output import RUN_FIELDS, command_line, print_blocks, print_run_json, print_warnings, progress_bar
from wargame.errors import Interrupted, UsageFault
from wargame.simulation.kernel.settings import Settings


def command(
    scenario: options.ScenarioOrStudy,
    *,
    injects: options.Injects = None,
    seed: options.StudySeed = None,
    until: options.Until = None,
    startex: options.Startex = None,
    seats: brain_options.Seats = None,
    limits: options.Limits = None,
    changes: options.Changes,
    variant: options.Variant = None,
    replication: options.Replication = 0,
    arm: options.Arm = None,
    asked: brain_options.ProgramOptions,
    models: brain_options.Models,
    journal: options.JournalLevel = "full",
    no_report: options.NoReport = False,
    out: options.RunFolder = None,
    shown: options.Shown,
) -> None:
    """Run a scenario once and write a run folder."""
    of_study = "://" in scenario or lib.find_study(scenario) is not None
    if arm is not None and not of_study:
        message = f"--arm {arm}: '{scenario}' is not a study, and only studies have arms (use --set or --forbid)"
        raise UsageFault(message)
    options.check_settings(changes.sets, seats)
    llm = models.options()
    seated = tuple(_seat(text) for text in seats or ())
    plain, players = brain_options.players_of(seated, asked, llm)
    of_run: dict[str, Any] = {"startex": startex, "until": until, "replication": replication, "journal": journal}
    settings = Settings(**of_run, **changes.given(), seats=plain, limits=options.parse_limits(limits))
    typed_seed = 1 if seed is None and not of_study else seed  # a study has a seed of its own
    typed = _command_line(scenario, injects or [], typed_seed, replace(settings, seats=seated), arm, variant)
    if players is not None:
        typed += brain_options.written(players)
    if of_study:
        loaded, seed, settings, declared = _of_study(scenario, arm, injects or [], seed, settings, variant)
        players = brain_options.with_declared(players, declared, {government for government, _ in seated})
    else:
        loaded, seed = lib.under(lib.load(scenario, injects or []), variant), 1 if seed is None else seed
    brain_options.check_asked(players, asked, llm)
    if not shown.quiet:
        print_warnings(loaded)
    run, usage = _run(loaded, seed, settings, players, out, typed, quiet=shown.silent)
    _review(run, loaded, usage, shown, no_report=no_report)


def _seat(text: str) -> tuple[str, str]:
    if text.partition("=")[2] == "human":
        raise UsageFault(f"--seat {text}: people can only play live, with wargame play (here: model or script)")
    return brain_options.parse_any_seat(text, brain_options.UNATTENDED)


def _of_study(
    study: str, arm: str | None, injects: list[str], seed: int | None, typed: Settings, variant: str | None
) -> tuple[lib.Loaded, int, Settings, Players | None]:
    """Return a replication of an arm of a study, with the settings that the command line adds, and its programs."""
    overrides = lib.StudyOverrides(injects=tuple(injects), seed=seed, variant=variant)
    prepared = lib.open_target(study, overrides)
    loaded, seed, declared, players = lib.run_of(prepared, arm, typed.replication, typed.journal)
    return loaded, seed, declared.with_changes(typed), players


def _command_line(
    scenario: str, injects: list[str], seed: int | None, settings: Settings, arm: str | None, variant: str | None
) -> str:
    """Return the command that reproduces the run."""
    seated = ("seat", settings.seats), ("limits", settings.limits)
    return command_line(
        "run",
        scenario,
        arm=arm,
        seed=seed,
        injects=injects,
        **{name: getattr(settings, name) for name in ("startex", "until", "set", "forbid", "force", "skip")},
        **{option: [f"{who}={kind}" for who, kind in pairs] for option, pairs in seated},
        variant=variant,
        replication=settings.replication or None,
        journal=settings.journal if settings.journal != "full" else None,
    )


def _run(
    loaded: lib.Loaded,
    seed: int,
    settings: Settings,
    players: Players | None,
    out: Path | None,
    typed: str,
    *,
    quiet: bool,
) -> tuple[lib.Run, dict[str, Any]]:
    """Run, with programs in seats if there are any; also returns what these took."""
    if players is not None and settings.journal != "full":
        raise UsageFault(f"--journal {settings.journal}: a run with programs keeps its whole journal (leave it out)")
    with progress_bar(loaded.scenario.name, quiet=quiet) as progress:
        if players is None:
            return lib.simulate(
                loaded, seed, settings, place=lib.Destination(out=out), command=typed, progress=progress
            ), {}

        def notify(line: str) -> None:
            typer.echo(f"wargame: {line}", err=True)

        session = lib.unattended.UnattendedSession.create(loaded, seed, settings, lib.Destination(out=out), typed)
        return lib.unattended.simulate(session, players, progress=progress, notify=notify)


def _review(run: lib.Run, loaded: lib.Loaded, usage: dict[str, Any], shown: options.Shown, *, no_report: bool) -> None:
    """Write and print what the run came to; Interrupted, which says that the run is kept, on Ctrl-C."""
    try:
        findings = lib.Findings(lib.from_memory(run.folder, run.manifest, run.records, loaded))
        _print(run, findings, None if no_report else _write_report(run, findings), usage, shown)
    except KeyboardInterrupt:
        name = shlex.quote(run.folder.typed)
        remedy = f"wargame show {name} prints its summary, wargame report {name} writes its report"
        raise Interrupted(f"stopped after the end of the run, which is kept in {run.folder.path} ({remedy})") from None


def _write_report(run: lib.Run, findings: lib.Findings) -> str | None:
    """Write the review into the run folder and return its path; None, with a message, if it cannot be written."""
    try:
        return str(lib.write_output(lib.default_path(run.folder.path, "html"), lib.render(findings, "html")))
    except UsageFault as error:
        typer.echo(f"wargame: the run is kept, but not its report: {error}", err=True)
        return None


def _print(
    run: lib.Run, findings: lib.Findings, report: str | None, usage: dict[str, Any], shown: options.Shown
) -> None:
    path = str(run.folder.path)
    run.folder.write_summary(findings.summary)
    if shown.as_json:
        brains = {"brains": usage} if usage else {}
        print_run_json(run.folder, (*RUN_FIELDS, "kernel_events"), report=report, **brains)
    elif shown.quiet:
        typer.echo(path)
    else:
        print_blocks(lib.run_summary(findings.summary, path, shlex.quote(run.folder.typed), report))
        brain_options.print_usage(lambda: lib.usage_lines(usage))
