"""Commands that test a scenario: `wargame claims`, `targets`, `calibrate`, `relations`, `conduct` and the like."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.options import ReportFormat
from wargame.cli.output import command_line, job_bar, print_blocks, print_json, print_warnings
from wargame.errors import UsageFault, nearest, shortened

if TYPE_CHECKING:
    from wargame.batches.api import Batch
    from wargame.evidence.backtest.scoring import Backtest
    from wargame.evidence.rehearsal.rehearsal import Rehearsal
    from wargame.scenario.loading.load import Loaded

RESULT = "claims.json"


def claims(
    scenario: options.Scenario,
    *,
    replications: Annotated[int | None, options.replications("claims", least=1, most=1_000_000)] = None,
    claims: Annotated[list[str] | None, options.option("--claim", "ID", "claims")] = None,
    seed: options.DeclaredSeed = None,
    variant: options.Variant = None,
    jobs: options.Jobs = None,
    labels: Annotated[bool, options.flag("--labels", "claims")] = False,
    resume: options.Resume = False,
    out: options.BatchFolder = None,
    shown: options.Shown,
) -> None:
    """Test the claims of a scenario by paired experiments."""
    from wargame.batches.api import BatchOptions
    from wargame.evidence.claims.experiment import document, plan, play, verdicts
    from wargame.evidence.claims.labels import label
    from wargame.evidence.claims.verdicts import FEWEST, TOO_FEW
    from wargame.executor.processes import on_cores
    from wargame.journal.atomic import encode_json

    experiment = plan(scenario, claims or (), replications=replications, seed=seed, variant=variant)
    if not shown.quiet:
        print_warnings(experiment.loaded)
    if experiment.prepared.replications < FEWEST:
        shown.note(TOO_FEW)
    typed = command_line("claims", scenario, n=replications, claim=claims, seed=seed, variant=variant, labels=labels)
    executor = on_cores(jobs)
    with job_bar("claims", quiet=shown.silent) as bar:
        how = BatchOptions(out=out, resume=resume, executor=executor, progress=bar, command=typed)
        batch = play(experiment, how)
    if resume and not batch.resumed:
        shown.note(f"there was nothing to resume; {batch.call} is new")
    tested = verdicts(experiment, batch)
    labelled = None
    if labels:
        with executor() as workers, job_bar("labels", quiet=shown.silent) as progress:
            labelled = label(experiment, batch, tested, workers, progress)
    result = document(experiment, batch, tested, labelled)
    batch.place.write(RESULT, encode_json(result))
    print_json(result) if shown.as_json else show_claims(result, batch, quiet=shown.quiet)


def show_claims(claims: dict[str, Any], batch: Batch, *, quiet: bool = False) -> None:
    """Print the claims with their verdicts."""
    from wargame.document.blocks import next_steps
    from wargame.review.reports.claims_report import summary

    call = shlex.quote(batch.call)
    again = f"wargame run {call} --arm {batch.prepared.names[0]} --replication 0"
    steps = [(batch.call, "the runs"), (again, "repeats one of them, with its journal")]
    print_blocks([*summary(claims, full=not quiet), *([] if quiet else [next_steps(steps)])])


def targets(
    scenario: options.Scenario,
    *,
    replications: Annotated[int | None, options.replications("targets")] = None,
    target: Annotated[list[str] | None, options.option("--target", "ID", "targets")] = None,
    variant: options.Variant = None,
    runs: options.EvaluationRuns,
    shown: options.Shown,
) -> None:
    """Compare the model with observed statistics, the targets of the scenario."""
    from wargame.batches.running.opening import fixed
    from wargame.batches.study.parameters import under
    from wargame.document.blocks import Paragraph
    from wargame.evidence.targets.comparison import compare_targets, document
    from wargame.evidence.targets.runs import write_result
    from wargame.review.reports.evidence_reports import targets_grid, targets_summary
    from wargame.scenario.loading.load import load

    loaded = under(load(scenario), variant)
    n = replications or loaded.scenario.evidence.target_replications
    with options.evaluation("targets", n, loaded, runs, quiet=shown.silent) as how:
        result = compare_targets(loaded, how, target or ())
    data = {"scenario": loaded.scenario.name, "seed": how.seed, "variant": variant, "fixed": fixed(loaded)}
    data |= document(result)
    write_result(runs.out, variant or "targets", data)
    if shown.as_json:
        print_json(data)
    else:
        about = Paragraph(f"{loaded.scenario.title}: {n} runs per arm and STARTEX, seed {how.seed}.")
        print_blocks([targets_grid(data)] if shown.quiet else [about, *targets_summary(data)])


def calibrate(
    scenario: options.Scenario,
    *,
    points: Annotated[int, options.option("--points", "N", "calibrate", min=2, max=10_000)] = 40,
    replications: Annotated[int, options.replications("calibrate")] = 12,
    claims: Annotated[bool, options.flag("--claims", "calibrate")] = False,
    runs: options.EvaluationRuns,
    shown: options.Shown,
) -> None:
    """Find the numbers of the scenario that its targets do not rule out, by history matching."""
    from wargame.batches.api import BatchOptions
    from wargame.evidence.calibration.history_matching import calibrate, document, reach
    from wargame.evidence.targets.runs import write_result
    from wargame.executor.processes import on_cores
    from wargame.review.reports.evidence_reports import calibration_summary
    from wargame.scenario.loading.load import load

    if claims and runs.out is None:
        raise UsageFault("--claims needs --out, the folder for its runs")
    loaded = load(scenario)
    with options.evaluation("calibration", replications, loaded, runs, quiet=shown.silent) as how:
        result = calibrate(loaded, points, how)
    data: dict[str, Any] = {"scenario": loaded.scenario.name, "seed": how.seed, **document(result)}
    if claims and runs.out is not None:
        with job_bar("claims at points", quiet=shown.silent) as bar:
            batches = BatchOptions(executor=on_cores(runs.jobs))
            data["claims"] = reach(scenario, result.surviving, runs.out, how=batches, progress=bar)
    write_result(runs.out, "calibration", data)
    print_json(data) if shown.as_json else print_blocks(calibration_summary(data, full=not shown.quiet))


def relations(
    scenario: options.Scenario,
    *,
    replications: Annotated[int, options.replications("relations")] = 30,
    lags: Annotated[int, options.option("--lags", "WEEKS", "relations", min=1, max=26)] = 4,
    startex: options.Startex = None,
    until: options.Until = None,
    runs: options.EvaluationRuns,
    shown: options.Shown,
) -> None:
    """Estimate how much of the actions between governments is routine, and how much is reciprocity."""
    from wargame.batches.running.opening import fixed
    from wargame.evidence.relations.autoregression import document, relate
    from wargame.evidence.targets.runs import write_result
    from wargame.review.reports.evidence_reports import relations_summary
    from wargame.scenario.loading.load import load

    loaded = load(scenario)
    with options.evaluation("relations", replications, loaded, runs, quiet=shown.silent) as how:
        result = relate(loaded, how, startex, until, lags)
    data = {"scenario": loaded.scenario.name, "seed": how.seed, "fixed": fixed(loaded)}
    data |= document(result)
    write_result(runs.out, "relations", data)
    print_json(data) if shown.as_json else print_blocks(relations_summary(data, full=not shown.quiet))


RunCases = dict[str, Any]


def conduct(
    runs: options.RunsToRead,
    *,
    kinds: Annotated[list[str] | None, options.option("--kind", "ID", "conduct")] = None,
    jobs: options.Jobs = None,
    shown: options.Shown,
) -> None:
    """Find conduct that a historian would call absurd, with its evidence."""
    from wargame.evidence.conduct.reading import document
    from wargame.review.reports.evidence_reports import conduct_summary

    titles, read, notes = _read(runs, jobs, quiet=shown.silent)
    for name in kinds or ():
        if name not in titles:
            raise UsageFault(f"there is no kind '{shortened(name)}' ({nearest(name, titles) or ', '.join(titles)})")
    data = document(read, {name: title for name, title in titles.items() if name in (kinds or titles)})
    shown.note(*notes)
    print_json(data) if shown.as_json else print_blocks(conduct_summary(data))


def _read(names: list[str], jobs: int | None, *, quiet: bool) -> tuple[dict[str, str], list[RunCases], list[str]]:
    """Return the titles of kinds, the runs that the arguments name, and notes."""
    from wargame.batches.api import open_batch
    from wargame.batches.study.catalogue import batch_folder
    from wargame.evidence.conduct.reading import kind_titles, read_batch, read_run
    from wargame.executor.processes import on_cores
    from wargame.journal.folder import find

    titles, runs, notes = dict[str, str](), list[RunCases](), list[str]()
    for name in dict.fromkeys(names):
        if place := batch_folder(name):
            batch = open_batch(str(place))
            with on_cores(jobs)() as executor, job_bar("conduct", quiet=quiet) as bar:
                found, more = read_batch(batch, executor, bar)
            scenario = batch.prepared.loaded.scenario
        else:
            scenario, found, more = read_run(find(name))
        titles |= kind_titles(scenario)
        runs, notes = [*runs, *found], [*notes, *more]
    return titles, runs, notes


def rehearse(
    scenario: options.Scenario,
    *,
    replications: Annotated[int, options.replications("rehearse")] = 40,
    injects: options.Injects = None,
    seed: options.Seed = 1,
    until: options.Until = None,
    startex: options.Startex = None,
    skips: options.Skips = None,
    jobs: options.Jobs = None,
    out: Annotated[Path | None, options.option("--out", "DIR", "rehearse")] = None,
    shown: options.Shown,
) -> None:
    """Run a script many times before STARTEX and report what it does."""
    from wargame.batches.study.catalogue import batch_folder
    from wargame.evidence.rehearsal.rehearsal import rehearse
    from wargame.executor.processes import on_cores
    from wargame.review.reports.rehearsal_report import as_data, rehearsal_summary
    from wargame.scenario.loading.load import load
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.kernel.settings import Settings

    loaded = load(scenario, injects or [])
    settings = Settings(startex=startex, until=until, skip=tuple(skips or ()))
    Exercise(loaded, seed, settings)  # reports wrong settings before the first run
    if out and out.exists() and not out.is_dir():
        raise UsageFault(f"--out {out} is a file; choose a folder")
    if out and (out / "manifest.json").exists() and not batch_folder(str(out)):
        raise UsageFault(f"--out {out} is a run folder; choose a new folder or a batch folder")
    with on_cores(jobs)() as executor, job_bar("rehearse", quiet=shown.silent) as bar:
        rehearsal = rehearse(loaded, n=replications, seed=seed, executor=executor, settings=settings, tell=bar)
    report = ""
    if out:
        given = {"seed": seed, "injects": injects, "startex": startex, "until": until, "skip": skips}
        report = _keep_rehearsal(out, rehearsal, loaded, command_line("rehearse", scenario, n=replications, **given))
    if shown.as_json:
        document = {"scenario": scenario, "seed": seed, **asdict(rehearsal)}
        print_json(document | ({"report": report} if report else {}))
    else:
        print_blocks(rehearsal_summary(as_data(rehearsal, loaded)))
        if report:
            typer.echo(report)


def _keep_rehearsal(out: Path, rehearsal: Rehearsal, loaded: Loaded, typed: str) -> str:
    """Keep the rehearsal and return the path of its report, or of its data in the folder of a batch."""
    from wargame.journal.outputs import write_output
    from wargame.review.reports.rehearsal_report import rehearsal_report, write
    from wargame.review.reports.writing import as_document, default_path

    path = write(out, rehearsal, loaded, typed)
    if (out / "manifest.json").exists():
        return str(path)
    return str(write_output(default_path(out, "html"), as_document(rehearsal_report(out), "html")))


# --- wargame backtest ------------------------------------------------------------------------------------------------


def backtest(
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
    begin, end = _day("--covered-from", covered_from), _day("--covered-until", covered_until)
    if begin and end and end < begin:
        raise UsageFault(f"--covered-until {end} is before --covered-from {begin}")
    opened = [_open(name) for name in dict.fromkeys(batches)]
    request = BacktestRequest(
        chronology=chronology or _own(opened[0]),
        past=past,
        windows=tuple(sorted(set(windows or WINDOWS))),
        leads=tuple(sorted(set(leads or (0,)))),
        scored_from=_day("--scored-from", scored_from),
        arms=tuple(arms or ()),
        not_scored=tuple(not_scored or ()),
        covered=(begin, end),
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
