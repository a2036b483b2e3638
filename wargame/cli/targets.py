"""`wargame targets`."""

from typing import Annotated

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[int | None, options.replications("targets")] = None,
    target: Annotated[list[str] | None, options.option("--target", "ID", "targets")] = None,
    variant: options.Variant = None,
    runs: options.EvaluationRuns,
    shown: options.Shown,
) -> None:
    """Compare the model with observed statistics, the targets of the scenario."""
    from wargame.batches.running.manifest import fixed
    from wargame.batches.study.parameters import under
    from wargame.document.blocks import Paragraph
    from wargame.evidence.targets.comparison import compare_targets, document
    from wargame.evidence.targets.runs import write_result
    from wargame.review.reports.evidence_reports import targets_grid, targets_summary
    from wargame.scenario.loading.load import load

    loaded = under(load(scenario), variant)
    n = replications or loaded.scenario.evidence.target_replications
    with options.evaluation("targets", n, loaded, runs, quiet=shown.silent) as how:
        result = compare_targets(loaded, how, target or ())
    data = {"scenario": loaded.scenario.name, "seed": how.seed, "variant": variant, "fixed": fixed(loaded)}
    data |= document(result)
    write_result(runs.out, variant or "targets", data)
    if shown.as_json:
        print_json(data)
    else:
        about = Paragraph(f"{loaded.scenario.title}: {n} runs per arm and STARTEX, seed {how.seed}.")
        print_blocks([targets_grid(data)] if shown.quiet else [about, *targets_summary(data)])
