"""`wargame print`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wargame.cli import options
from wargame.cli.output import print_json
from wargame.cli.tree import Version
from wargame.errors import UsageFault

EXAMPLES = """
wargame print korea-2017
wargame print my-exercise --injects my-injects.yaml --out paper.html
wargame print korea-2017 --evaluation --seats KOR,USA
"""


def command(
    scenario: options.Scenario,
    *,
    injects: options.Injects = None,
    evaluation: Annotated[
        bool, options.flag("--evaluation", "The evaluation guide instead: what to watch for, by objective.")
    ] = False,
    seats: Annotated[
        str | None, options.option("--seats", "GOV,GOV", "Only what the guide expects of these governments.")
    ] = None,
    out: Annotated[
        Path | None, options.out_file("The file to write. [default: SCENARIO-paper.html or SCENARIO-evaluation.html]")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Write turn sheets, inject cards and a facilitator's crib sheet as one HTML page for printing.

    With them an exercise can continue on paper after a power cut; what happened is typed in afterwards. The evaluation
    guide has a page for each objective: expected actions with their times, and room for observations and a rating.
    """
    del version
    from wargame.journal.outputs import write_output
    from wargame.live.evaluation_guide import evaluation_guide
    from wargame.live.paper import paper
    from wargame.scenario.loading.load import load
    from wargame.simulation.control.lookup import valid_name

    if seats is not None and not evaluation:
        raise UsageFault("--seats belongs to --evaluation")
    loaded = load(scenario, injects or [])
    target = out or Path(f"{loaded.scenario.name}-{'evaluation' if evaluation else 'paper'}.html")
    if evaluation:
        codes = {name.casefold(): name for name in loaded.scenario.governments}
        named = [codes.get(each.strip().casefold(), each.strip()) for each in (seats or "").split(",") if each.strip()]
        observed = [valid_name("government", each, loaded.scenario.governments) for each in named]
        write_output(target, evaluation_guide(loaded, observed).encode())
    else:
        write_output(target, paper(loaded).encode())
    if as_json:
        print_json({"file": str(target)})
    elif not quiet:
        typer.echo(str(target))
