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
wargame print my-exercise --injects my-injects.yaml -o paper.html
"""


def command(
    scenario: options.Scenario,
    *,
    injects: options.Injects = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where it goes; SCENARIO-paper.html if left out."),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Writes turn sheets, inject cards with their ids and a facilitator's crib as one HTML page to print.

    With them a power cut does not end an exercise: what happened on paper is typed in afterwards.
    """
    del version
    from wargame.live.paper import paper
    from wargame.scenario.loading.load import load

    loaded = load(scenario, injects or [])
    target = output or Path(f"{loaded.scenario.name}-paper.html")
    try:
        target.write_text(paper(loaded), encoding="utf-8")
    except OSError as error:
        raise UsageFault(f"{target} cannot be written: {error.strerror}") from None
    if as_json:
        print_json({"file": str(target)})
    elif not quiet:
        typer.echo(str(target))
