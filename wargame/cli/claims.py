"""`wargame claims`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

from wargame.cli import options
from wargame.cli.output import command_line, job_bar, print_blocks, print_json, print_warnings

if TYPE_CHECKING:
    from wargame.batches.api import Batch

RESULT = "claims.json"


def command(
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
    from wargame.batches.api import BatchOptions, follow
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
        how = BatchOptions(out=out, resume=resume, executor=executor, progress=follow(bar), command=typed)
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
    print_json(result) if shown.as_json else show(result, batch, quiet=shown.quiet)


def show(claims: dict[str, Any], batch: Batch, *, quiet: bool = False) -> None:
    """Print the claims with their verdicts."""
    from wargame.document.blocks import next_steps
    from wargame.review.reports.claims_report import claims_grid, summary

    call = shlex.quote(batch.call)
    again = f"wargame run {call} --arm {batch.prepared.names[0]} --replication 0"
    steps = [(batch.call, "the runs"), (again, "repeats one of them, with its journal")]
    print_blocks([claims_grid(claims)] if quiet else [*summary(claims), next_steps(steps)])
