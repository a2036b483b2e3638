"""`wargame claims`."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import PROGRESS, console, print_json, steps_bar
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.batch.api import Batch
    from wargame.evidence.claims.experiment import ClaimPlan
    from wargame.executor.work import Executor

EXAMPLES = """
wargame claims korea-2017
wargame claims korea-2017 --claim P01 --claim P16 -n 400
wargame claims korea-2017 --labels --out runs/claims
wargame claims korea-2017 --labels --out runs/claims --resume
wargame claims korea-2017 --variant no_triangles -n 50
wargame claims my-exercise --json
"""
RESULT = "claims.json"


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[
        int | None,
        typer.Option(
            "-n", "--replications", metavar="N", min=1, max=1_000_000, help="Runs per arm. [default: as declared]"
        ),
    ] = None,
    claims: Annotated[
        list[str] | None, typer.Option("--claim", metavar="ID", help="Test only this claim; repeatable.")
    ] = None,
    seed: options.DeclaredSeed = None,
    variant: options.Variant = None,
    jobs: options.Jobs = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="Label verdicts: also run with other numbers and random governments.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Resume the batch in the folder of --out.")] = False,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Batch folder. [default: a new one under runs/]")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Test the claims of a scenario by paired experiments.

    For each measure this prints the estimate, its interval, the verdict (supported, contradicted, undecided) and, if it
    is undecided, the number of runs that would decide it. Number of runs, seed and level come from the scenario's
    section `evidence`. Verdicts are corrected for all measures of all claims of the scenario, selected or not. With
    --labels, each claim is also run with other plausible numbers, with a random policy and with random preferences.
    """
    del version
    from wargame.batch.api import BatchOptions
    from wargame.evidence.claims.experiment import document, plan, play, verdicts
    from wargame.executor.processes import on_cores

    experiment = plan(scenario, claims or (), replications=replications, seed=seed, variant=variant)
    if not quiet:
        _warn(experiment)
    words = _command_line(scenario, replications, claims or [], seed, variant, labels=labels)
    executor = on_cores(jobs)
    with _bar(quiet=quiet or as_json) as shown:
        batch = play(experiment, BatchOptions(out=out, resume=resume, executor=executor, progress=shown, command=words))
    tested = verdicts(experiment, batch)
    labelled = _labels(experiment, batch, tested, executor(), quiet=quiet or as_json) if labels else None
    result = document(experiment, batch, tested, labelled)
    _store(batch, result)
    if as_json:
        print_json(result)
    else:
        show(result, batch, quiet=quiet)


def _warn(experiment: ClaimPlan) -> None:
    from wargame.evidence.claims.verdicts import FEWEST, TOO_FEW

    for warning in experiment.loaded.warnings:
        typer.echo(f"{warning} [warning]", err=True)
    if experiment.prepared.replications < FEWEST:
        typer.echo(f"note: {TOO_FEW}", err=True)


def _labels(
    experiment: ClaimPlan, batch: Batch, tested: list[Any], executor: Executor, *, quiet: bool
) -> dict[str, Any]:
    from wargame.evidence.claims.labels import label

    with executor, steps_bar("labels", quiet=quiet) as progress:
        return label(experiment, batch, tested, executor, progress)


def _bar(*, quiet: bool) -> Any:
    from wargame.batch.api import silent
    from wargame.batch.running.progress import bar

    forced = os.environ.get(PROGRESS, "") not in ("", "0")
    return bar("claims") if not quiet and (sys.stderr.isatty() or forced) else nullcontext(silent)


def _store(batch: Batch, result: dict[str, Any]) -> None:
    """Write the results into the batch folder."""
    import msgspec

    batch.place.write(RESULT, msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")


def show(result: dict[str, Any], batch: Batch, *, quiet: bool = False) -> None:
    """Print the claims with their verdicts."""
    from wargame.evidence.claims.text import lines, notes, total

    screen = console()
    for line in lines(result):
        screen.print(line, style="bold" if not line.startswith(" ") else "", soft_wrap=True)
    if quiet:
        return
    screen.print("\n" + total(result), style="bold")
    for line in notes(result):
        screen.print(line)
    screen.print(f"The runs are in {batch.call}. To repeat one with its journal:")
    command_line = f"  wargame run {shlex.quote(batch.call)} --arm {batch.prepared.names[0]} --replication 0"
    screen.print(command_line, soft_wrap=True)  # unwrapped, so that it can be copied


def _command_line(
    scenario: str, replications: int | None, claims: list[str], seed: int | None, variant: str | None, *, labels: bool
) -> str:
    words = ["wargame", "claims", scenario]
    words += ["-n", str(replications)] if replications else []
    words += [word for claim in claims for word in ("--claim", claim)]
    words += ["--seed", str(seed)] if seed is not None else []
    words += ["--variant", variant] if variant else []
    words += ["--labels"] if labels else []
    return shlex.join(words)
