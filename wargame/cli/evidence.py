"""Commands that test a scenario: `wargame claims`, `targets`, `calibrate`, `relations`, `conduct` and the like."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from wargame.cli import lib, options
from wargame.cli.options import ReportFormat
from wargame.cli.output import command_line, job_bar, print_blocks, print_json, print_warnings
from wargame.errors import UsageFault, nearest, shortened

RESULT = "claims.json"
SHEETS = (".csv", ".xlsx")


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
    experiment = lib.experiment.plan(scenario, claims or (), replications=replications, seed=seed, variant=variant)
    if not shown.quiet:
        print_warnings(experiment.loaded)
    if experiment.prepared.replications < lib.FEWEST:
        shown.note(lib.TOO_FEW)
    typed = command_line("claims", scenario, n=replications, claim=claims, seed=seed, variant=variant, labels=labels)
    executor = lib.on_cores(jobs)
    with job_bar("claims", quiet=shown.silent) as bar:
        how = lib.BatchOptions(out=out, resume=resume, executor=executor, progress=bar, command=typed)
        batch = lib.experiment.play(experiment, how)
    if resume and not batch.resumed:
        shown.note(f"there was nothing to resume; {batch.typed} is new")
    tested = lib.experiment.verdicts(experiment, batch)
    labelled = None
    if labels:
        with executor() as workers, job_bar("labels", quiet=shown.silent) as progress:
            labelled = lib.labels.label(experiment, batch, tested, workers, progress)
    result = lib.experiment.document(experiment, batch, tested, labelled)
    batch.place.write(RESULT, lib.encode_json(result))
    print_json(result) if shown.as_json else show_claims(result, batch, quiet=shown.quiet)


def show_claims(claims: dict[str, Any], batch: lib.Batch, *, quiet: bool = False) -> None:
    """Print the claims with their verdicts."""
    again = f"wargame run {shlex.quote(batch.typed)} --arm {batch.prepared.names[0]} --replication 0"
    steps = [(batch.typed, "the runs"), (again, "repeats one of them, with its journal")]
    print_blocks([*lib.claims_summary(claims, full=not quiet), *([] if quiet else [lib.next_steps(steps)])])


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
    loaded = lib.under(lib.load(scenario), variant)
    n = replications or loaded.scenario.evidence.target_replications
    with options.evaluation("targets", n, loaded, runs, quiet=shown.silent) as how:
        result = lib.comparison.compare_targets(loaded, lib.selected_targets(loaded, target or ()), how)
    data = {"scenario": loaded.scenario.name, "seed": how.seed, "variant": variant, "fixed": lib.fixed(loaded)}
    data |= lib.comparison.document(result)
    lib.write_result(runs.out, variant or "targets", data)
    if shown.as_json:
        print_json(data)
    else:
        about = lib.Paragraph(f"{loaded.scenario.title}: {n} runs per arm and STARTEX, seed {how.seed}.")
        print_blocks([*([] if shown.quiet else [about]), *lib.targets_summary(data, full=not shown.quiet)])


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
    if claims and runs.out is None:
        raise UsageFault("--claims needs --out, the folder for its runs")
    loaded = lib.load(scenario)
    with options.evaluation("calibration", replications, loaded, runs, quiet=shown.silent) as how:
        result = lib.history_matching.calibrate(loaded, points, how)
    data: dict[str, Any] = {"scenario": loaded.scenario.name, "seed": how.seed, **lib.history_matching.document(result)}
    if claims and runs.out is not None:
        with job_bar("claims at points", quiet=shown.silent) as bar:
            batches = lib.BatchOptions(executor=lib.on_cores(runs.jobs), progress=bar)
            data["claims"] = lib.history_matching.reach(scenario, result.surviving, runs.out, batches)
    lib.write_result(runs.out, "calibration", data)
    print_json(data) if shown.as_json else print_blocks(lib.calibration_summary(data, full=not shown.quiet))


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
    loaded = lib.load(scenario)
    with options.evaluation("relations", replications, loaded, runs, quiet=shown.silent) as how:
        result = lib.autoregression.relate(loaded, how, startex, until, lags)
    data = {"scenario": loaded.scenario.name, "seed": how.seed, "fixed": lib.fixed(loaded)}
    data |= lib.autoregression.document(result)
    lib.write_result(runs.out, "relations", data)
    print_json(data) if shown.as_json else print_blocks(lib.relations_summary(data, full=not shown.quiet))


RunCases = dict[str, Any]


def conduct(
    runs: options.RunsToRead,
    *,
    kinds: Annotated[list[str] | None, options.option("--kind", "ID", "conduct")] = None,
    jobs: options.Jobs = None,
    shown: options.Shown,
) -> None:
    """Find conduct that a historian would call absurd, with its evidence."""
    titles, read, notes = _read(runs, jobs, quiet=shown.silent)
    for name in kinds or ():
        if name not in titles:
            raise UsageFault(f"there is no kind '{shortened(name)}' ({nearest(name, titles) or ', '.join(titles)})")
    data = lib.run_cases.document(read, {name: title for name, title in titles.items() if name in (kinds or titles)})
    shown.note(*notes)
    print_json(data) if shown.as_json else print_blocks(lib.conduct_summary(data))


def _read(names: list[str], jobs: int | None, *, quiet: bool) -> tuple[dict[str, str], list[RunCases], list[str]]:
    """Return the titles of kinds, the runs that the arguments name, and notes."""
    titles, runs, notes = dict[str, str](), list[RunCases](), list[str]()
    for name in dict.fromkeys(names):
        if place := lib.batch_folder(name):
            batch = lib.open_batch(str(place))
            with lib.on_cores(jobs)() as executor, job_bar("conduct", quiet=quiet) as bar:
                found, more = lib.run_cases.read_batch(batch, executor, bar)
            scenario = batch.prepared.loaded.scenario
        else:
            scenario, found, more = lib.run_cases.read_run(lib.folder.find(name))
        titles |= lib.run_cases.kind_titles(scenario)
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
    loaded = lib.load(scenario, injects or [])
    settings = lib.Settings(startex=startex, until=until, skip=tuple(skips or ()))
    lib.Exercise(loaded, seed, settings)  # reports wrong settings before the first run
    if out and out.exists() and not out.is_dir():
        raise UsageFault(f"--out {out} is a file; choose a folder")
    if out and (out / "manifest.json").exists() and not lib.batch_folder(str(out)):
        raise UsageFault(f"--out {out} is a run folder; choose a new folder or a batch folder")
    with lib.on_cores(jobs)() as executor, job_bar("rehearse", quiet=shown.silent) as bar:
        rehearsal = lib.rehearse(loaded, n=replications, seed=seed, executor=executor, settings=settings, tell=bar)
    report = ""
    if out:
        given = {"seed": seed, "injects": injects, "startex": startex, "until": until, "skip": skips}
        report = _keep_rehearsal(out, rehearsal, loaded, command_line("rehearse", scenario, n=replications, **given))
    if shown.as_json:
        document = {"scenario": scenario, "seed": seed, **asdict(rehearsal)}
        print_json(document | ({"report": report} if report else {}))
    else:
        print_blocks(lib.rehearsal_report.rehearsal_summary(lib.rehearsal_report.as_data(rehearsal, loaded)))
        if report:
            typer.echo(report)


def _keep_rehearsal(out: Path, rehearsal: lib.Rehearsal, loaded: lib.Loaded, typed: str) -> str:
    """Keep the rehearsal and return the path of its report, or of its data in the folder of a batch."""
    path = lib.rehearsal_report.write(out, rehearsal, loaded, typed)
    if (out / "manifest.json").exists():
        return str(path)
    page = lib.as_document(lib.rehearsal_report.rehearsal_report(out), "html")
    return str(lib.write_output(lib.default_path(out, "html"), page))


def elicit(
    scenario: options.Scenario,
    files: Annotated[list[Path] | None, options.argument("[FILE]...", "elicit")] = None,
    *,
    top: Annotated[int | None, options.option("--top", "N", "elicit", min=1, max=1000)] = None,
    pool: Annotated[bool, options.flag("--pool", "elicit")] = False,
    out: Annotated[Path | None, options.out_file("elicit")] = None,
    shown: options.Shown,
) -> None:
    """Write a sheet that asks experts for ranges of numbers, or pool their answers."""
    out = out or Path("ranges-from-experts.yaml" if pool else f"{Path(scenario).stem}-numbers.csv")
    if out.exists():
        raise UsageFault(f"{out} exists: name another file with --out")
    if pool != bool(files):
        raise UsageFault("--pool needs the sheets of the experts" if pool else "sheets are read with --pool")
    loaded = lib.load(scenario)
    if not files:
        asked = lib.elicitation.asked(loaded, top or 20)
        if out.suffix.lower() not in SHEETS:
            raise UsageFault(f"--out {out}: a sheet ends in {' or '.join(SHEETS)}")
        lib.write_output(out, lib.elicitation.sheet(asked, out.suffix.lower()), own=SHEETS)
        shown.written({"sheet": str(out), "numbers": [each.number.path for each in asked]}, out)
        return
    asked = lib.elicitation.asked(loaded, top)
    pooled = lib.elicitation.pool(asked, files)
    if out.suffix.lower() not in (".yaml", ".yml"):
        raise UsageFault(f"--out {out}: ranges are written to a file that ends in .yaml")
    lib.write_output(out, lib.elicitation.ranges(asked, pooled).encode(), files, own=(".yaml", ".yml"))
    document = {path: dict(zip(lib.elicitation.ANSWERS, given[-1], strict=True)) for path, given in pooled.items()}
    shown.written({"ranges": str(out), "experts": len(files), "numbers": document}, out)


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
    options.format_of(form, out)
    begin, end = _day("--covered-from", covered_from), _day("--covered-until", covered_until)
    if begin and end and end < begin:
        raise UsageFault(f"--covered-until {end} is before --covered-from {begin}")
    opened = [_open(name) for name in dict.fromkeys(batches)]
    request = lib.BacktestRequest(
        chronology=chronology or _own(opened[0]),
        past=past,
        windows=tuple(sorted(set(windows or lib.WINDOWS))),
        leads=tuple(sorted(set(leads or (0,)))),
        scored_from=_day("--scored-from", scored_from),
        arms=tuple(arms or ()),
        not_scored=tuple(not_scored or ()),
        covered=(begin, end),
        seed=seed,
    )
    if out:
        lib.check_output(out, (request.chronology,))
    result = lib.backtest(opened, request, [_open(name) for name in dict.fromkeys(beside or ())])
    report = None
    if form or out:
        form = options.format_of(form, out)
        blocks, place = lib.backtest_report.backtest_report(result), out or Path(opened[0].path) / f"backtest.{form}"
        report = lib.write_output(place, lib.as_document(blocks, form))
    if jobs is not None:
        shown.note("--jobs has no effect: backtest scores the runs of a batch and runs none")
    _print(result, report, shown)


def _print(result: lib.Backtest, report: Path | None, shown: options.Shown) -> None:
    """Print the notes, then the result as JSON, the path of its report, or its summary."""
    for note in () if shown.quiet else result.notes:
        typer.echo(f"{note} [note]", err=True)
    if shown.as_json:
        print_json(document(result) | ({"report": str(report)} if report else {}))
    elif report:
        typer.echo(str(report))
    else:
        print_blocks(lib.backtest_report.summary(result, full=not shown.quiet))


def _open(name: str) -> lib.Batch:
    return lib.open_batch(lib.folders.find(name))


def _own(batch: lib.Batch) -> str:
    """Return the chronology of the scenario of a batch."""
    name = batch.prepared.loaded.scenario.name
    path = lib.shipped(name)
    if path is None:
        raise UsageFault(f"the scenario '{name}' has no chronology: choose one with --chronology CSV")
    return path


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    day = lib.parse_day(text)
    if day is None:
        raise UsageFault(f"{option}: '{shortened(text, 40)}' is not a date (write it as 2017-06-30)")
    return day


def document(result: lib.Backtest) -> dict[str, Any]:
    """Return the results as one JSON document."""
    data = asdict(result)
    data["covered"] = {"from": result.covered[0], "until": result.covered[1]}
    data["chronology"] = lib.called(result.chronology, result.scenario)
    data["floor"] = "(k + 1/2)/(n + 1)"
    data["notes"] = [str(note) for note in result.notes]
    return data
