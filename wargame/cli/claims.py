"""`wargame claims`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import command_line, console, job_bar, print_json, print_warnings
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
        options.replications("Runs of each arm. [default: as declared in the scenario]", least=1, most=1_000_000),
    ] = None,
    claims: Annotated[
        list[str] | None, typer.Option("--claim", metavar="ID", help="Test only this claim; can be repeated.")
    ] = None,
    seed: options.DeclaredSeed = None,
    variant: options.Variant = None,
    jobs: options.Jobs = None,
    labels: Annotated[
        bool, typer.Option("--labels", help="Repeat the claims with other plausible numbers and random policies.")
    ] = False,
    resume: options.Resume = False,
    out: options.BatchFolder = None,
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
    from wargame.batch.api import How, follow, silent
    from wargame.evidence.claims.experiment import document, plan, play, verdicts
    from wargame.executor.processes import on_cores

    made = plan(scenario, claims or (), replications=replications, seed=seed, variant=variant)
    if not quiet:
        _print_notes(made)
    typed = command_line("claims", scenario, n=replications, claim=claims, seed=seed, variant=variant, labels=labels)
    executor = on_cores(jobs)
    with job_bar("claims", quiet=quiet or as_json) as bar:
        tell = follow(bar) if bar else silent
        batch = play(made, How(out=out, resume=resume, executor=executor, tell=tell, command=typed))
    tested = verdicts(made, batch)
    found = _labelled(made, batch, tested, executor(), quiet=quiet or as_json) if labels else None
    result = document(made, batch, tested, found)
    _keep(batch, result)
    if as_json:
        print_json(result)
    else:
        print_claims(result, batch, quiet=quiet)


def _print_notes(made: ClaimPlan) -> None:
    from wargame.evidence.claims.verdicts import FEWEST, TOO_FEW

    print_warnings(made.loaded)
    if made.prepared.replications < FEWEST:
        typer.echo(f"note: {TOO_FEW}", err=True)


def _labelled(made: ClaimPlan, batch: Batch, tested: list[Any], executor: Executor, *, quiet: bool) -> dict[str, Any]:
    from wargame.evidence.claims.labels import label

    with executor, job_bar("labels", quiet=quiet) as bar:
        return label(made, batch, tested, executor, bar)


def _keep(batch: Batch, result: dict[str, Any]) -> None:
    """Write the result into the folder of its runs."""
    import msgspec

    batch.place.write(RESULT, msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")


def print_claims(result: dict[str, Any], batch: Batch, *, quiet: bool = False) -> None:
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
    screen.print(f"The runs are kept in {batch.call}; play one again with its journal:")
    again = f"  wargame run {shlex.quote(batch.call)} --arm {batch.prepared.names[0]} --replication 0"
    screen.print(again, soft_wrap=True)  # in one piece, to be copied
