"""`wargame calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import job_bar, print_json, print_sections
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.evidence.calibration.matching import Calibration

EXAMPLES = """
wargame calibrate korea-2017 --out calibration
wargame calibrate korea-2017 --points 20 -n 6
wargame calibrate korea-2017 --out calibration --resume --claims
"""


def command(
    scenario: options.Scenario,
    *,
    points: Annotated[
        int, typer.Option("--points", metavar="N", min=2, max=10_000, help="Number of points of the Latin hypercube.")
    ] = 40,
    replications: Annotated[int, options.replications("Runs of each arm and STARTEX at a point.")] = 12,
    claims: Annotated[
        bool, typer.Option("--claims", help="Also run the claims at the surviving points; needs --out.")
    ] = False,
    seed: options.DeclaredSeed = None,
    jobs: options.Jobs = None,
    out: options.Results = None,
    resume: options.Resume = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Finds which numbers of the scenario its targets do not rule out: history matching over a Latin hypercube.

    Moves only what the scenario leaves to calibration, looks only at targets up to its cut-off, and keeps hashes of
    questions, mechanisms and numbers from before the first run. Needs SciPy: pip install 'crisis-wargame[evidence]'.
    """
    del version
    from wargame.errors import UsageFault
    from wargame.evidence.calibration.matching import calibrate, document
    from wargame.evidence.targets.store import keep
    from wargame.executor.processes import on_cores
    from wargame.scenario.loading.load import load

    options.check_resume(out, resume=resume)
    if claims and out is None:
        raise UsageFault("--claims: give a folder for its runs with --out")
    loaded = load(scenario)
    evidence = loaded.scenario.evidence
    chosen = evidence.seed if seed is None else seed
    with on_cores(jobs)() as executor, job_bar("calibration", quiet=quiet or as_json) as bar:
        found = calibrate(
            loaded, points=points, n=replications, seed=chosen, executor=executor, folder=out, resume=resume, tell=bar
        )
    made: dict[str, Any] = {"scenario": loaded.scenario.name, "seed": chosen, **document(found)}
    if claims and out is not None:
        made["claims"] = _claims(scenario, found, out, jobs, quiet=quiet or as_json)
    keep(out, "calibration", made)
    if as_json:
        print_json(made)
    else:
        _print(found, made.get("claims", []), quiet=quiet)


def _claims(scenario: str, found: Calibration, out: Path, jobs: int | None, *, quiet: bool) -> list[dict[str, Any]]:
    from wargame.batch.api import How
    from wargame.evidence.calibration.claims import document, reach
    from wargame.executor.processes import on_cores

    with job_bar("claims at points", quiet=quiet) as bar:
        return document(reach(scenario, found.surviving, out, how=How(executor=on_cores(jobs)), tell=bar))


def _print(found: Calibration, claims: list[dict[str, Any]], *, quiet: bool) -> None:
    from wargame.evidence.calibration.text import claims_table, notes, sections

    tables = [*sections(found), *([("Claims over the surviving points", claims_table(claims))] if claims else [])]
    print_sections(tables, () if quiet else notes(found))
