"""`wargame rehearse`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import command_line, job_bar, print_blocks, print_json
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.evidence.rehearsal.rehearsal import Rehearsal
    from wargame.scenario.loading.load import Loaded


def command(
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
    from wargame.review.reports.rehearsal_file import as_data
    from wargame.review.reports.rehearsal_report import rehearsal_summary
    from wargame.scenario.loading.load import load
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.kernel.settings import Settings

    loaded = load(scenario, injects or [])
    settings = Settings(startex=startex, until=until, skip=tuple(skips or ()))
    Exercise(loaded, seed, settings)  # reports wrong settings before the first run
    if out and out.exists() and not out.is_dir():
        raise UsageFault(f"--out {out} is a file; choose a folder")
    if out and (out / "manifest.json").exists() and not batch_folder(str(out)):
        raise UsageFault(f"--out {out} is a run folder; keep a rehearsal in a folder of its own or in a batch folder")
    with on_cores(jobs)() as executor, job_bar("rehearse", quiet=shown.silent) as bar:
        rehearsal = rehearse(loaded, n=replications, seed=seed, executor=executor, settings=settings, tell=bar)
    report = ""
    if out:
        given = {"seed": seed, "injects": injects, "startex": startex, "until": until, "skip": skips}
        report = _keep(out, rehearsal, loaded, command_line("rehearse", scenario, n=replications, **given))
    if shown.as_json:
        document = {"scenario": scenario, "seed": seed, **asdict(rehearsal)}
        print_json(document | ({"report": report} if report else {}))
    else:
        print_blocks(rehearsal_summary(as_data(rehearsal, loaded)))
        if report:
            typer.echo(report)


def _keep(out: Path, rehearsal: Rehearsal, loaded: Loaded, typed: str) -> str:
    """Keep the rehearsal and return the path of its report, or of its data in the folder of a batch."""
    from wargame.journal.outputs import write_output
    from wargame.review.reports.rehearsal_file import write
    from wargame.review.reports.rehearsal_report import rehearsal_report
    from wargame.review.reports.writing import as_document, default_path

    path = write(out, rehearsal, loaded, typed)
    if (out / "manifest.json").exists():
        return str(path)
    return str(write_output(default_path(out, "html"), as_document(rehearsal_report(out), "html")))
