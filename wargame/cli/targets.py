"""`wargame targets`."""

from typing import Annotated

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json

_REPLICATIONS = "Runs per arm and STARTEX. [default: as declared in the scenario]"


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[int | None, options.replications(_REPLICATIONS)] = None,
    target: Annotated[list[str] | None, options.option("--target", "ID", "targets")] = None,
    variant: options.Variant = None,
    runs: options.EvaluationRuns,
    shown: options.Shown,
) -> None:
    """Compare the model with observed statistics, the targets of the scenario.

    Each target is run from its own STARTEX. Number of runs and seed come from the scenario's section `evidence`. A
    statistic is inside if its simulated value is within the band; a question mark means that its interval includes an
    end of the band. If the interval is wider than the band, there are too few runs for a verdict. A target is inside if
    all of its statistics are.
    """
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
