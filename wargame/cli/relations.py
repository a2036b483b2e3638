"""`wargame relations`."""

from typing import Annotated

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[int, options.replications("relations")] = 30,
    lags: Annotated[int, options.option("--lags", "WEEKS", "relations", min=1, max=26)] = 4,
    startex: options.Startex = None,
    until: options.Until = None,
    runs: options.EvaluationRuns,
    shown: options.Shown,
) -> None:
    """Estimate how much of the actions between governments is routine, and how much is reciprocity."""
    from wargame.batches.running.manifest import fixed
    from wargame.evidence.relations.autoregression import document, relate
    from wargame.evidence.targets.runs import write_result
    from wargame.review.reports.evidence_reports import relations_summary
    from wargame.scenario.loading.load import load

    loaded = load(scenario)
    with options.evaluation("relations", replications, loaded, runs, quiet=shown.silent) as how:
        result = relate(loaded, how, startex, until, lags)
    data = {"scenario": loaded.scenario.name, "seed": how.seed, "fixed": fixed(loaded)}
    data |= document(result)
    write_result(runs.out, "relations", data)
    print_json(data) if shown.as_json else print_blocks(relations_summary(data, full=not shown.quiet))
