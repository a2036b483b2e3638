"""`wargame targets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import console, job_bar, print_json
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.evidence.targets.comparison import TargetComparison

EXAMPLES = """
wargame targets korea-2017
wargame targets korea-2017 -n 20 --target T01 --target T06
wargame targets korea-2017 -n 20 --variant random_policy
"""


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[
        int | None, options.replications("Runs per arm and STARTEX. [default: as declared in the scenario]")
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option("--target", metavar="ID", help="Compare only this target; repeatable.")
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
    """Compare the model with observed statistics, the targets of the scenario.

    Each target is run from its own STARTEX. Number of runs and seed come from the scenario's section `evidence`. A
    statistic is inside if its simulated value is within the band; a question mark means that its interval includes an
    end of the band. If the interval is wider than the band, there are too few runs for a verdict. A target is inside if
    all of its statistics are.
    """
    del version
    from wargame.batch.running.manifest import fixed
    from wargame.batch.study.parameters import under
    from wargame.evidence.targets.comparison import compare_targets
    from wargame.evidence.targets.stored_runs import write_result
    from wargame.evidence.targets.text import document
    from wargame.executor.processes import on_cores
    from wargame.scenario.loading.load import load

    options.check_resume(out, resume=resume)
    loaded = under(load(scenario), variant)
    evidence = loaded.scenario.evidence
    used_seed = evidence.seed if seed is None else seed
    runs = replications or evidence.target_replications
    with on_cores(jobs)() as executor, job_bar("targets", quiet=quiet or as_json) as progress:
        result = compare_targets(
            loaded,
            n=runs,
            seed=used_seed,
            executor=executor,
            only=target or (),
            folder=out,
            resume=resume,
            progress=progress,
        )
    data = {"scenario": loaded.scenario.name, "seed": used_seed, "variant": variant, "fixed": fixed(loaded)}
    data |= document(result)
    write_result(out, variant or "targets", data)
    if as_json:
        print_json(data)
    else:
        _print(result, loaded.scenario.title, runs=runs, seed=used_seed, quiet=quiet)


def _print(result: TargetComparison, title: str, *, runs: int, seed: int, quiet: bool) -> None:
    from wargame.evidence.targets.text import lines, notes, total

    screen = console()
    for line in lines(result):
        screen.print(line, style="bold" if not line.startswith(" ") else "", soft_wrap=True)
    if quiet:
        return
    screen.print("\n" + total(result), style="bold")
    screen.print(f"{title}: {runs} runs per arm and STARTEX, seed {seed}.")
    for note in notes(result):
        screen.print(note)
