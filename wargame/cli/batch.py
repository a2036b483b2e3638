"""`wargame batch`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from wargame.cli import brain_options, lib, options
from wargame.cli.output import command_line, job_bar, print_blocks, print_json, print_text, print_warnings
from wargame.dataclasses import asdict, dataclass
from wargame.errors import UsageFault, WargameError
from wargame.executor.processes import cores
from wargame.language.times import format_duration

NOT_IN_JSON = ("notes", "quantiles", "incidence", "refused")
"""Parts of a batch's summary that `--json` does not print."""
SHOWN_FAILURES = 5


class ThresholdCrossed(WargameError):
    """An estimate crosses a threshold of --fail-if. The batch itself is complete."""

    exit_code = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """The options of a batch as typed: the runs, their place, and the players."""

    replications: Annotated[int | None, options.replications("batch", least=1, most=1_000_000)] = None
    seed: options.StudySeed = None
    injects: options.Injects = None
    arms: Annotated[list[str] | None, options.option("--arm", '"NAME=CHANGES"', "batch")] = None
    measures: Annotated[list[str] | None, options.option("--measure", "M", "batch")] = None
    until: options.Until = None
    startex: options.Startex = None
    variant: options.Variant = None
    design: Annotated[str | None, options.option("--design", "FILE", "batch")] = None
    until_ci: Annotated[str | None, options.option("--until-ci", "MEASURE:WIDTH", "batch")] = None
    fail_if: Annotated[list[str] | None, options.option("--fail-if", "EXPR", "batch")] = None
    events: Annotated[bool, options.flag("--events", "batch")] = False
    interests: Annotated[bool, options.flag("--interests", "batch")] = False
    workers: options.Workers
    seats: brain_options.Seats = None
    limits: options.Limits = None
    asked: brain_options.ProgramOptions
    models: brain_options.Models
    on_replaced: brain_options.Replaced = None

    def overrides(self) -> lib.StudyOverrides:
        """Return what changes in the study; UsageFault for what is malformed."""
        for text in self.fail_if or ():
            lib.parse_threshold(text)
        return lib.StudyOverrides(
            injects=tuple(self.injects or ()),
            arms=tuple(self.arms or ()),
            measures=tuple(self.measures or ()),
            thresholds=tuple(self.fail_if or ()),
            until_ci=lib.parse_width(self.until_ci) if self.until_ci else None,
            seats=tuple(brain_options.parse_any_seat(text, brain_options.UNATTENDED) for text in self.seats or ()),
            limits=options.parse_limits(self.limits),
            programs=brain_options.study_programs(self.asked, self.models, self.on_replaced),
            **{name: getattr(self, name) for name in AS_TYPED},
        )


AS_TYPED = ("replications", "seed", "startex", "until", "design", "variant", "events", "interests")
"""Options that are overrides as they are."""


def command(
    target: options.ScenarioOrStudy,
    *,
    asked: BatchRequest,
    dry_run: Annotated[bool, options.flag("--dry-run", "batch")] = False,
    resume: options.Resume = False,
    no_report: options.NoReport = False,
    out: options.BatchFolder = None,
    shown: options.Shown,
) -> None:
    """Run a scenario or study many times and print estimates with their intervals."""
    overrides = asked.overrides()
    target = lib.folders.of_last(target)
    if resume and out is None and (kept := lib.batch_folder(target)) is not None:
        out = str(kept)
    workers = asked.workers.start()
    prepared = lib.open_target(target, overrides)
    brain_options.check_asked_of_arms(map(prepared.players, prepared.names), asked.asked, asked.models)
    if not shown.quiet:
        print_warnings(prepared.loaded)
    if dry_run and resume:
        raise UsageFault("--dry-run estimates a whole batch (leave out --resume)")
    if dry_run:
        if out is not None:
            lib.check_free(lib.store(out))
        _print_estimate(prepared, asked.workers.jobs, as_json=shown.as_json)
        return
    typed = _command_line(target, overrides, asked.until_ci)
    with job_bar("batch", quiet=shown.quiet) as bar:
        how = lib.BatchOptions(out=out, resume=resume, executor=workers, progress=bar, command=typed)
        batch = lib.play(prepared, how)
    if resume and not batch.resumed:
        shown.note(f"there was nothing to resume; {batch.typed} is a new batch")
    count, there = asked.replications, batch.manifest.replications
    if batch.resumed and count is not None and count < there:
        shown.note(f"-n {count} has no effect: the batch has {there} replications of each arm already")
    written = None
    if not (shown.silent or no_report or "://" in batch.path):
        written = write_report(batch, lib.batch_report(Path(batch.path)), "report.html")
    _print(batch, written, shown)
    crossed = [row for row in batch.summary["thresholds"] if row["crossed"]]
    if crossed:
        thresholds = "; ".join(f"{row['threshold']} in {row['arm']} ({lib.exact(row['estimate'])})" for row in crossed)
        raise ThresholdCrossed(f"threshold crossed: {thresholds}")


def _print_estimate(prepared: lib.PreparedStudy, jobs: int | None, *, as_json: bool) -> None:
    """Print what the batch would take, from a few runs of its arms."""
    expected = lib.estimate(prepared, jobs or cores())
    if as_json:
        print_json(asdict(expected))
        return
    study, arms = prepared.study.name, len(prepared.names)
    print_text("estimate", expected=expected, study=study, arms=arms, length=format_duration)


def write_report(batch: lib.Batch, blocks: Sequence[object], name: str) -> str | None:
    """Write a page into a batch folder and return its path; None if the batch is at a URL or it cannot be written."""
    if "://" in batch.path:
        return None
    folder = Path(batch.path)
    try:
        lib.write_output(folder / name, lib.as_document(blocks, "html", lib.finished_at(folder)))
    except UsageFault as error:
        typer.echo(f"wargame: the batch is kept, but not its report: {error}", err=True)
        return None
    return str(Path(batch.typed) / name)


def _command_line(target: str, overrides: lib.StudyOverrides, until_ci: str | None) -> str:
    """Return the command that reproduces the batch, on any number of cores."""
    return command_line(
        "batch",
        target,
        n=overrides.replications,
        seed=overrides.seed,
        injects=overrides.injects,
        arm=overrides.arms,
        measure=overrides.measures,
        fail_if=overrides.thresholds,
        **{name: getattr(overrides, name) for name in ("until", "startex", "design", "variant")},
        until_ci=until_ci,
        events=overrides.events,
        interests=overrides.interests,
        seat=[f"{government}={kind}" for government, kind in overrides.seats],
        limits=[f"{government}={kind}" for government, kind in overrides.limits],
        **brain_options.typed_programs(overrides.programs),
    )


def _print(batch: lib.Batch, report: str | None, shown: options.Shown) -> None:
    if not shown.quiet:
        print_text("batch_notes", err=True, batch=batch, most=SHOWN_FAILURES, finite=isfinite)
    if refused := batch.summary.get("refused"):
        typer.echo(f"wargame: {refused}", err=True)
    if shown.as_json:
        summary = {name: value for name, value in batch.summary.items() if name not in NOT_IN_JSON}
        print_json({**summary, "wall_s": round(batch.spent["wall_s"], 3)})
    elif shown.quiet:
        typer.echo(batch.typed)
    else:
        print_blocks(lib.batch_summary(batch, report))
        folders = sorted((Path(batch.path) / lib.GAMES).glob("*")) if "://" not in batch.path else []
        brain_options.print_usage(lambda: lib.total_usage(folders))
