"""`wargame relations`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import job_bar, print_json, print_sections
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.evidence.relations.autoregression import Relations

EXAMPLES = """
wargame relations korea-2017
wargame relations korea-2017 -n 40 --startex 2016-01-01 --until 2022-01-01
wargame relations korea-2017 --lags 8 --json
"""


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[int, options.replications("Number of runs.")] = 30,
    lags: Annotated[int, typer.Option("--lags", metavar="WEEKS", min=1, max=26, help="Number of weekly lags.")] = 4,
    startex: options.Startex = None,
    until: options.Until = None,
    seed: options.DeclaredSeed = None,
    jobs: options.Jobs = None,
    out: options.Results = None,
    resume: options.Resume = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Estimate how much of the actions between governments is routine, and how much is reciprocity.

    Weekly sums of Goldstein weights between two governments are fitted by vector autoregression, run by run. Needs
    statsmodels: pip install 'crisis-wargame[evidence]'.
    """
    del version
    from wargame.batch.running.manifest import fixed
    from wargame.evidence.relations.autoregression import document
    from wargame.evidence.relations.runs import relate
    from wargame.evidence.targets.stored_runs import write_result
    from wargame.executor.processes import on_cores
    from wargame.scenario.loading.load import load

    options.check_resume(out, resume=resume)
    loaded = load(scenario)
    evidence = loaded.scenario.evidence
    chosen = evidence.seed if seed is None else seed
    with on_cores(jobs)() as executor, job_bar("relations", quiet=quiet or as_json) as progress:
        result = relate(
            loaded,
            n=replications,
            seed=chosen,
            executor=executor,
            startex=startex,
            until=until,
            lags=lags,
            folder=out,
            resume=resume,
            progress=progress,
        )
    data = {"scenario": loaded.scenario.name, "seed": chosen, "fixed": fixed(loaded)}
    data |= document(result)
    write_result(out, "relations", data)
    if as_json:
        print_json(data)
    else:
        _print(result, quiet=quiet)


def _print(result: Relations, *, quiet: bool) -> None:
    from wargame.evidence.relations.text import notes, sections

    print_sections(sections(result), () if quiet else notes(result))
