"""`wargame calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import console, print_json, steps_bar
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
        int, typer.Option("--points", metavar="N", min=2, max=10_000, help="Points of the Latin hypercube.")
    ] = 40,
    replications: Annotated[
        int,
        typer.Option(
            "-n", "--replications", metavar="N", min=2, max=100_000, help="Runs of each arm and STARTEX at a point."
        ),
    ] = 12,
    claims: Annotated[
        bool, typer.Option("--claims", help="Play the claims at surviving points as well; needs --out.")
    ] = False,
    seed: options.DeclaredSeed = None,
    jobs: options.Jobs = None,
    out: options.Results = None,
    resume: options.GoOn = False,
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
        raise UsageFault("--claims keeps its runs in the folder of --out")
    loaded = load(scenario)
    evidence = loaded.scenario.evidence
    chosen = evidence.seed if seed is None else seed
    with on_cores(jobs)() as executor, steps_bar("calibration", quiet=quiet or as_json) as tell:
        found = calibrate(
            loaded, points=points, n=replications, seed=chosen, executor=executor, folder=out, resume=resume, tell=tell
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
    from wargame.batch.api import BatchOptions
    from wargame.evidence.calibration.claims import document, reach
    from wargame.executor.processes import on_cores

    with steps_bar("claims at points", quiet=quiet) as tell:
        return document(reach(scenario, found.surviving, out, how=BatchOptions(executor=on_cores(jobs)), tell=tell))


def _print(found: Calibration, claims: list[dict[str, Any]], *, quiet: bool) -> None:
    from wargame.evidence.calibration.text import claims_table, notes, sections

    screen = console()
    for number, (title, table) in enumerate(sections(found)):
        screen.print(("\n" if number else "") + title, style="bold")
        screen.print(table)
    if claims:
        screen.print("\nClaims over the surviving points", style="bold")
        screen.print(claims_table(claims))
    for place, note in enumerate(() if quiet else notes(found)):
        screen.print(("\n" if not place else "") + note)
