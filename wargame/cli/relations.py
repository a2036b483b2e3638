"""`wargame relations`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import job_bar, print_json, print_sections
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.evidence.relations.reactions import Relations

EXAMPLES = """
wargame relations korea-2017
wargame relations korea-2017 -n 40 --startex 2016-01-01 --until 2022-01-01
wargame relations korea-2017 --lags 8 --json
"""


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[int, options.replications("Number of runs.")] = 30,
    lags: Annotated[int, typer.Option("--lags", metavar="WEEKS", min=1, max=26, help="Weeks that count.")] = 4,
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
    """Tells how much of what governments do to one another is routine, and how much an answer in kind.

    Weekly sums of the weights of actions between two governments, fitted by vector autoregression run by run. Needs
    statsmodels: pip install 'crisis-wargame[evidence]'.
    """
    del version
    from wargame.batch.running.runner import fixed
    from wargame.evidence.relations.reactions import document, relate
    from wargame.evidence.targets.store import keep
    from wargame.executor.processes import on_cores
    from wargame.scenario.loading.load import load

    options.check_resume(out, resume=resume)
    loaded = load(scenario)
    evidence = loaded.scenario.evidence
    chosen = evidence.seed if seed is None else seed
    with on_cores(jobs)() as executor, job_bar("relations", quiet=quiet or as_json) as bar:
        found = relate(
            loaded,
            n=replications,
            seed=chosen,
            executor=executor,
            startex=startex,
            until=until,
            lags=lags,
            folder=out,
            resume=resume,
            tell=bar,
        )
    made = {"scenario": loaded.scenario.name, "seed": chosen, "fixed": fixed(loaded)}
    made |= document(found)
    keep(out, "relations", made)
    if as_json:
        print_json(made)
    else:
        _print(found, quiet=quiet)


def _print(found: Relations, *, quiet: bool) -> None:
    from wargame.evidence.relations.text import notes, sections

    print_sections(sections(found), () if quiet else notes(found))
