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
            "-n", "--replications", metavar="N", min=1, max=1_000_000, help="Runs of each arm. [default: as declared]"
        ),
    ] = None,
    claims: Annotated[
        list[str] | None, typer.Option("--claim", metavar="ID", help="Only this claim; can be given many times.")
    ] = None,
    seed: options.DeclaredSeed = None,
    variant: options.Variant = None,
    jobs: options.Jobs = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="Tell what verdicts are worth: other numbers, random policies.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the runs in the folder.")] = False,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="The folder of the runs. [default: one under runs/]")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Puts a scenario's own claims to the test: each is a paired experiment with an expected result.

    Tells estimate, interval and verdict (supported, contradicted, undecided) of each measure, and how many runs would
    decide an undecided one. Number of runs, seed and level are those that the scenario declares under `evidence`;
    verdicts are corrected for all measures of all its claims, also those that are not played. With --labels each claim
    is played, too, with other plausible numbers and with random policies.
    """
    del version
    from wargame.batch.api import BatchOptions
    from wargame.evidence.claims.experiment import document, plan, play, verdicts
    from wargame.executor.processes import on_cores

    made = plan(scenario, claims or (), replications=replications, seed=seed, variant=variant)
    if not quiet:
        _tell_before(made)
    words = _command_line(scenario, replications, claims or [], seed, variant, labels=labels)
    executor = on_cores(jobs)
    with _bar(quiet=quiet or as_json) as shown:
        batch = play(made, BatchOptions(out=out, resume=resume, executor=executor, progress=shown, command=words))
    tested = verdicts(made, batch)
    found = _labelled(made, batch, tested, executor(), quiet=quiet or as_json) if labels else None
    told = document(made, batch, tested, found)
    _keep(batch, told)
    if as_json:
        print_json(told)
    else:
        tell(told, batch, quiet=quiet)


def _tell_before(made: ClaimPlan) -> None:
    from wargame.evidence.claims.verdicts import FEWEST, TOO_FEW

    for warning in made.loaded.warnings:
        typer.echo(f"{warning} [warning]", err=True)
    if made.prepared.replications < FEWEST:
        typer.echo(f"note: {TOO_FEW}", err=True)


def _labelled(made: ClaimPlan, batch: Batch, tested: list[Any], executor: Executor, *, quiet: bool) -> dict[str, Any]:
    from wargame.evidence.claims.labels import label

    with executor, steps_bar("labels", quiet=quiet) as tell:
        return label(made, batch, tested, executor, tell)


def _bar(*, quiet: bool) -> Any:
    from wargame.batch.api import silent
    from wargame.batch.running.progress import bar

    forced = os.environ.get(PROGRESS, "") not in ("", "0")
    return bar("claims") if not quiet and (sys.stderr.isatty() or forced) else nullcontext(silent)


def _keep(batch: Batch, told: dict[str, Any]) -> None:
    """The result beside its runs."""
    import msgspec

    batch.place.write(RESULT, msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")


def tell(told: dict[str, Any], batch: Batch, *, quiet: bool = False) -> None:
    """Prints the claims with their verdicts."""
    from wargame.evidence.claims.text import lines, notes, total

    screen = console()
    for line in lines(told):
        screen.print(line, style="bold" if not line.startswith(" ") else "", soft_wrap=True)
    if quiet:
        return
    screen.print("\n" + total(told), style="bold")
    for line in notes(told):
        screen.print(line)
    screen.print(f"The runs are kept in {batch.call}; play one again with its journal:")
    again = f"  wargame run {shlex.quote(batch.call)} --arm {batch.prepared.names[0]} --replication 0"
    screen.print(again, soft_wrap=True)  # in one piece, to be copied


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
