"""`wargame calibrate`."""

from typing import Annotated, Any

from wargame.cli import options
from wargame.cli.output import job_bar, print_blocks, print_json
from wargame.errors import UsageFault


def command(
    scenario: options.Scenario,
    *,
    points: Annotated[int, options.option("--points", "N", "calibrate", min=2, max=10_000)] = 40,
    replications: Annotated[int, options.replications("calibrate")] = 12,
    claims: Annotated[bool, options.flag("--claims", "calibrate")] = False,
    runs: options.EvaluationRuns,
    shown: options.Shown,
) -> None:
    """Find the numbers of the scenario that its targets do not rule out, by history matching."""
    from wargame.batches.api import BatchOptions
    from wargame.evidence.calibration.history_matching import calibrate, document, reach, reach_rows
    from wargame.evidence.targets.runs import write_result
    from wargame.executor.processes import on_cores
    from wargame.review.reports.evidence_reports import calibration_summary
    from wargame.scenario.loading.load import load

    if claims and runs.out is None:
        raise UsageFault("--claims needs --out, the folder for its runs")
    loaded = load(scenario)
    with options.evaluation("calibration", replications, loaded, runs, quiet=shown.silent) as how:
        result = calibrate(loaded, points, how)
    data: dict[str, Any] = {"scenario": loaded.scenario.name, "seed": how.seed, **document(result)}
    if claims and runs.out is not None:
        with job_bar("claims at points", quiet=shown.silent) as bar:
            batches = BatchOptions(executor=on_cores(runs.jobs))
            data["claims"] = reach_rows(reach(scenario, result.surviving, runs.out, how=batches, progress=bar))
    write_result(runs.out, "calibration", data)
    print_json(data) if shown.as_json else print_blocks(calibration_summary(data, full=not shown.quiet))
