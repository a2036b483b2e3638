"""`wargame print`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wargame.cli import options
from wargame.cli.output import print_json
from wargame.cli.tree import Version

EXAMPLES = """
wargame print korea-2017
wargame print my-exercise --injects my-injects.yaml --out paper.html
"""


def command(
    scenario: options.Scenario,
    *,
    injects: options.Injects = None,
    out: Annotated[Path | None, options.out_file("The file to write. [default: SCENARIO-paper.html]")] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Write turn sheets, inject cards and a facilitator's crib sheet as one HTML page for printing.

    With them an exercise can continue on paper after a power cut; what happened is typed in afterwards.
    """
    del version
    from wargame.journal.outputs import write_output
    from wargame.live.paper import paper
    from wargame.scenario.loading.load import load

    loaded = load(scenario, injects or [])
    target = out or Path(f"{loaded.scenario.name}-paper.html")
    write_output(target, paper(loaded).encode())
    if as_json:
        print_json({"file": str(target)})
    elif not quiet:
        typer.echo(str(target))
