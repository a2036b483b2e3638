"""`wargame batch`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from contextlib import nullcontext
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import PROGRESS, console, print_json
from wargame.cli.tree import Version
from wargame.errors import UsageFault, WargameError

if TYPE_CHECKING:
    from wargame.batch.api import Batch
    from wargame.batch.study.overrides import StudyOverrides
    from wargame.executor.work import Executor

EXAMPLES = """
wargame batch china-only-vs-five-party -n 200
wargame batch korea-2017 -n 500 --arm "five=strategy USA=five_party" --arm "soft=forbid USA threaten_force PRK"
wargame batch two-rivals -n 5000 --until-ci "p(war):0.02" --fail-if "p(war) > 0.05"
wargame batch two-rivals -n 5000 --out runs/rivals --resume
wargame batch two-rivals -n 5000 --executor dask --scheduler tcp://10.0.0.5:8786 --out s3://bucket/rivals
"""
TOLD = ("batch_dir", "study", "scenario", "seed", "arms", "baseline", "ended", "replications", "runs", "failed")
TOLD_TOO = ("kernel_events", "decisions", "thresholds", "estimates", "comparisons", "variance", "sensitivity")
SHOWN_FAILURES = 5


class Where(StrEnum):
    """What plays the runs."""

    PROCESS = "process"
    DASK = "dask"


class ThresholdCrossed(WargameError):
    """An estimate lies beyond what --fail-if allows; the batch is complete."""

    exit_code = 99


def _names(incomplete: str) -> list[str]:
    from wargame.batch.study.catalogue import studies
    from wargame.scenario.loading import catalogue

    return [e.name for e in (*studies(), *catalogue.scenarios()) if e.name.startswith(incomplete)]


def command(
    target: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|STUDY",
            help="A built-in study or scenario, the path of one, or a batch folder to play anew.",
            autocompletion=_names,
            show_default=False,
        ),
    ],
    *,
    replications: Annotated[
        int | None, typer.Option("-n", "--replications", metavar="N", min=1, help="Runs in each arm. [default: 1000]")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="One seed, one table.")] = None,
    injects: options.Injects = None,
    arms: Annotated[
        list[str] | None,
        typer.Option(
            "--arm", metavar='"NAME=CHANGES"', help="Add an arm, its changes parted by ;. NAME alone chooses one."
        ),
    ] = None,
    measures: Annotated[
        list[str] | None, typer.Option("--measure", metavar="M", help="What to measure, in place of the study's.")
    ] = None,
    until: options.Until = None,
    startex: options.Startex = None,
    variant: options.Variant = None,
    design: Annotated[
        str | None, typer.Option("--design", metavar="FILE", help="Points of factors as CSV, a column for each.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes. [default: one for each core]")
    ] = None,
    executor: Annotated[Where, typer.Option("--executor", help="What plays the runs.")] = Where.PROCESS,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDR", help="A Dask cluster that runs; without, a local one.")
    ] = None,
    until_ci: Annotated[
        str | None,
        typer.Option("--until-ci", metavar="MEASURE:WIDTH", help="Stop once the interval is narrow enough."),
    ] = None,
    fail_if: Annotated[
        list[str] | None,
        typer.Option("--fail-if", metavar="EXPR", help="Exit with 99 if this is true in an arm: 'p(war) > 0.05'."),
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help="Keep the actions, forum steps and injects of all runs.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a batch that was stopped.")] = False,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="The batch folder itself, or an address of fsspec.")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Plays many runs of a scenario or study and tells estimates with their intervals.

    The arms of a study share their draws, so that differences between them are of the arms and not of luck. Each
    run is a row of a table under DIR/runs; a run that fails is a row too and ends nothing. Changes of an arm:

    \b
      set PATH=VALUE[@T]       bar GOV OPTION [TARGET]    force T GOV OPTION [TARGET]
      skip INJECT              add FILE                   seat GOV=KIND
      strategy GOV=STRATEGY    leader GOV=LEADER          startex DATE    until T
      parameter PATH=VALUE     any other number: keys joined by dots, * for any text in one

    Measures: p(outcome), time(outcome), or an expression over count(id), count(option, GOV), actions(GOV),
    severity(GOV), mean(path), lowest(path), highest(path) and indicators at the end.

    Ctrl-C stops it, keeps what is done and exits with 4; --resume goes on. A second Ctrl-C stops at once.
    """  # noqa: D301 - \b keeps the table from being wrapped
    del version
    from wargame.batch.api import BatchOptions, play
    from wargame.batch.running.opening import open_target
    from wargame.batch.study.overrides import StudyOverrides
    from wargame.batch.study.thresholds import parse_threshold, parse_width

    for text in fail_if or ():
        parse_threshold(text)
    wishes = StudyOverrides(
        injects=tuple(injects or ()),
        replications=replications,
        seed=seed,
        arms=tuple(arms or ()),
        measures=tuple(measures or ()),
        thresholds=tuple(fail_if or ()),
        until_ci=parse_width(until_ci) if until_ci else None,
        startex=startex,
        until=until,
        design=design,
        variant=variant,
        events=events,
    )
    workers = _executor(executor, scheduler, jobs)
    prepared = open_target(target, wishes)
    if not quiet:
        for warning in prepared.loaded.warnings:
            typer.echo(f"{warning} [warning]", err=True)
    words = command_line(target, wishes, until_ci)
    with _bar(quiet=quiet) as tell:
        how = BatchOptions(out=out, resume=resume, executor=workers, progress=tell, command=words)
        made = play(prepared, how)
    _tell(made, as_json=as_json, quiet=quiet)
    _judge(made)


def _executor(where: Where, scheduler: str | None, jobs: int | None) -> Callable[[], Executor]:
    from wargame.executor.processes import cores, on_cores

    if where is Where.PROCESS:
        if scheduler is not None:
            raise UsageFault("--scheduler goes with --executor dask")
        return on_cores(jobs)
    if scheduler == "":
        raise UsageFault("--scheduler: the address is empty (leave the option out for a cluster on this machine)")
    from wargame.executor.cluster import Dask

    return lambda: Dask(scheduler, jobs or cores())


def _bar(*, quiet: bool) -> Any:
    from wargame.batch.api import silent
    from wargame.batch.running.progress import bar

    forced = os.environ.get(PROGRESS, "") not in ("", "0")
    return bar("batch") if not quiet and (sys.stderr.isatty() or forced) else nullcontext(silent)


def command_line(target: str, wishes: StudyOverrides, until_ci: str | None) -> str:
    """The command that makes this batch again, from 1 to all cores."""
    words = ["wargame", "batch", target]
    words += ["-n", str(wishes.replications)] if wishes.replications else []
    words += ["--seed", str(wishes.seed)] if wishes.seed is not None else []
    lists = {"--injects": wishes.injects, "--arm": wishes.arms, "--measure": wishes.measures}
    lists["--fail-if"] = wishes.thresholds
    words += [word for option, values in lists.items() for value in values for word in (option, value)]
    texts = {"--until": wishes.until, "--startex": wishes.startex, "--design": wishes.design}
    texts["--variant"] = wishes.variant
    texts["--until-ci"] = until_ci
    words += [word for option, value in texts.items() if value for word in (option, value)]
    words += ["--events"] if wishes.events else []
    return shlex.join(words)


def _tell(made: Batch, *, as_json: bool, quiet: bool) -> None:
    for name in made.repaired if not quiet else ():
        typer.echo(f"note: {name} was damaged; its runs were played again", err=True)
    if made.failures and not quiet:
        _tell_failures(made)
    if not quiet and made.width_left is not None:
        wanted, width = made.prepared.study.stopping, made.width_left
        assert wanted is not None
        found = f"still {width:.3g} wide, not" if isfinite(width) else "not known yet, let alone"
        told = f"the interval of {wanted.measure} is {found} {wanted.width:g}{'' if isfinite(width) else ' wide'}"
        typer.echo(f"note: {told} (raise -n and --resume)", err=True)
    if refused := made.summary.get("refused"):
        typer.echo(f"wargame: {refused}", err=True)
    if as_json:
        kept = {name: made.summary[name] for name in (*TOLD, *TOLD_TOO)}
        failures = made.summary["failures"]
        print_json({**kept, "wall_s": round(made.spent["wall_s"], 3), "failures": failures})
    elif quiet:
        typer.echo(made.call)
    else:
        from wargame.batch.text import render

        render(made, console())


def _tell_failures(made: Batch) -> None:
    count = len(made.failures)
    typer.echo(f"{count} of {made.summary['runs']:,} runs failed; play one again with its journal:", err=True)
    for failure in made.failures[:SHOWN_FAILURES]:
        typer.echo(f"  {made.again(failure)}", err=True)
        typer.echo(f"    {failure.error.splitlines()[0] if failure.error else ''}", err=True)
    if count > SHOWN_FAILURES:
        typer.echo(f"  and {count - SHOWN_FAILURES} more (see the column `error`)", err=True)


def _judge(made: Batch) -> None:
    crossed = [each for each in made.summary["thresholds"] if each["crossed"]]
    if crossed:
        told = "; ".join(f"{e['threshold']} in {e['arm']} ({_number(e['estimate'])})" for e in crossed)
        raise ThresholdCrossed(f"threshold crossed: {told}")


def _number(value: float | None) -> str:
    return "no estimate" if value is None else f"{value:.4g}"
