"""`wargame targets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from wargame.cli import options
from wargame.cli.output import evaluation, print_json, print_verdicts
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
        list[str] | None, options.option("--target", "ID", "Compare only this target. [default: all]")
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
    from wargame.batches.running.manifest import fixed
    from wargame.batches.study.parameters import under
    from wargame.evidence.targets.comparison import compare_targets
    from wargame.evidence.targets.stored_runs import write_result
    from wargame.evidence.targets.text import document
    from wargame.scenario.loading.load import load

    loaded = under(load(scenario), variant)
    evidence = loaded.scenario.evidence
    used_seed = evidence.seed if seed is None else seed
    runs = replications or evidence.target_replications
    with evaluation("targets", runs, used_seed, jobs, out, resume=resume, quiet=quiet or as_json) as how:
        result = compare_targets(loaded, how, target or ())
    data = {"scenario": loaded.scenario.name, "seed": used_seed, "variant": variant, "fixed": fixed(loaded)}
    data |= document(result)
    write_result(out, variant or "targets", data)
    if as_json:
        print_json(data)
    else:
        _print(result, loaded.scenario.title, runs=runs, seed=used_seed, quiet=quiet)


def _print(result: TargetComparison, title: str, *, runs: int, seed: int, quiet: bool) -> None:
    from wargame.evidence.targets.text import lines, notes, total

    about = f"{title}: {runs} runs per arm and STARTEX, seed {seed}."
    print_verdicts(lines(result), () if quiet else (total(result), about, *notes(result)))
