"""`wargame targets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import console, job_bar, print_json
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.evidence.targets.comparison import Held

EXAMPLES = """
wargame targets korea-2017
wargame targets korea-2017 -n 20 --target T01 --target T06
wargame targets korea-2017 -n 20 --variant random_policy
"""


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[
        int | None, options.replications("Runs of each arm and STARTEX. [default: as declared in the scenario]")
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option("--target", metavar="ID", help="Compare only this target; can be repeated.")
    ] = None,
    variant: options.Variant = None,
    seed: options.DeclaredSeed = None,
    jobs: options.Jobs = None,
    out: options.Results = None,
    resume: options.Resume = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Holds the model against the scenario's own targets: real statistics, simulated ones, inside the band or not.

    Each target is played from its own STARTEX. Number of runs and seed are those that the scenario declares under
    `evidence`. A statistic is inside if its simulated value is in the band; a question
    mark says that the interval crosses an end of it. Where the interval is wider than the band there are too few runs
    to say anything. A target is inside if all its statistics are.
    """
    del version
    from wargame.batch.running.runner import fixed
    from wargame.batch.study.parameters import under
    from wargame.evidence.targets.comparison import hold
    from wargame.evidence.targets.store import keep
    from wargame.evidence.targets.text import document
    from wargame.executor.processes import on_cores
    from wargame.scenario.loading.load import load

    options.check_resume(out, resume=resume)
    loaded = under(load(scenario), variant)
    evidence = loaded.scenario.evidence
    chosen = evidence.seed if seed is None else seed
    runs = replications or evidence.target_replications
    with on_cores(jobs)() as executor, job_bar("targets", quiet=quiet or as_json) as bar:
        held = hold(
            loaded,
            n=runs,
            seed=chosen,
            executor=executor,
            only=target or (),
            folder=out,
            resume=resume,
            tell=bar,
        )
    made = {"scenario": loaded.scenario.name, "seed": chosen, "variant": variant, "fixed": fixed(loaded)}
    made |= document(held)
    keep(out, variant or "targets", made)
    if as_json:
        print_json(made)
    else:
        _print(held, loaded.scenario.title, runs=runs, seed=chosen, quiet=quiet)


def _print(held: Held, title: str, *, runs: int, seed: int, quiet: bool) -> None:
    from wargame.evidence.targets.text import lines, notes, total

    screen = console()
    for line in lines(held):
        screen.print(line, style="bold" if not line.startswith(" ") else "", soft_wrap=True)
    if quiet:
        return
    screen.print("\n" + total(held), style="bold")
    screen.print(f"{title}: {runs} runs of each arm and STARTEX, seed {seed}.")
    for note in notes(held):
        screen.print(note)
