"""`wargame targets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import console, print_json, steps_bar
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.study.targets import Held

EXAMPLES = """
wargame targets korea-2017
wargame targets korea-2017 -n 20 --target T01 --target T06
wargame targets korea-2017 -n 20 --variant random_policy
"""


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[
        int | None,
        typer.Option(
            "-n", "--replications", metavar="N", min=2, max=100_000, help="Runs. [default: the scenario's own number]"
        ),
    ] = None,
    target: Annotated[list[str] | None, typer.Option("--target", metavar="ID", help="Only this one.")] = None,
    variant: Annotated[
        str | None, typer.Option("--variant", metavar="NAME", help="A wrong model that the scenario declares.")
    ] = None,
    seed: options.DeclaredSeed = None,
    jobs: options.Jobs = None,
    out: options.Results = None,
    resume: options.GoOn = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Holds the model against the scenario's own targets: real figures, simulated ones, inside the band or not.

    Each target is played from its own hand-over. A figure is inside if its simulated value is in the band; a question
    mark says that the interval crosses an end of it. Where the interval is wider than the band there are too few runs
    to say anything. A target is inside if all its figures are.
    """
    del version
    from wargame.batch.api import on_cores
    from wargame.batch.running import fixed
    from wargame.scenario.load import load
    from wargame.study.targets import hold
    from wargame.study.targets_keeping import keep
    from wargame.study.targets_telling import document

    options.check_resume(out, resume=resume)
    loaded = load(scenario)
    evidence = loaded.scenario.evidence
    chosen = evidence.seed if seed is None else seed
    with on_cores(jobs)() as executor, steps_bar("targets", quiet=quiet or as_json) as tell:
        held = hold(
            loaded,
            n=replications or evidence.target_replications,
            seed=chosen,
            executor=executor,
            only=target or (),
            variant=variant,
            folder=out,
            resume=resume,
            tell=tell,
        )
    made = {"scenario": loaded.scenario.name, "seed": chosen, "variant": variant, "fixed": fixed(loaded)}
    made |= document(held)
    keep(out, variant or "targets", made)
    if as_json:
        print_json(made)
    else:
        _print(held, quiet=quiet)


def _print(held: Held, *, quiet: bool) -> None:
    from wargame.study.targets_telling import table, total

    screen = console()
    screen.print(table(held))
    if not quiet:
        screen.print("\n" + total(held), style="bold")
