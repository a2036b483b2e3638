"""`wargame why`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli.options import Json, Quiet, Run
from wargame.cli.output import console, print_json
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from rich.text import Text

    from wargame.journal.trace import Step, Trace

EXAMPLES = """
wargame why last 1200
wargame why korea-2017-s7-amber-crane 4512 --json
"""


def command(
    run: Run,
    seq: Annotated[int, typer.Argument(metavar="SEQ", min=0, help="The number of the record, as in '#1200'.")],
    *,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Traces a record back along its causes to the inject, deed, procedure or meeting that began it.

    For a decision it prints the scores, the chance of what was chosen and the noise that decided it.
    """
    del version, quiet
    from wargame.journal.folder import find
    from wargame.journal.reader import read_journal
    from wargame.journal.trace import trace

    folder = find(run)
    found = trace(seq, {record.seq: record for record in read_journal(folder)})
    if as_json:
        print_json({"run_dir": str(folder.path), "seq": seq, "steps": found.steps, "origin": found.origin})
    else:
        _print(found)


def _print(found: Trace) -> None:
    from rich.text import Text

    screen = console()
    for place, step in enumerate(found.steps):
        if place:
            screen.print(Text("because", style="dim"))
        for line in _lines(step):
            screen.print(line, soft_wrap=True)
    screen.print(Text(f"It began with {found.origin}.", style="bold"))


def _lines(step: Step) -> list[Text]:
    from rich.text import Text

    from wargame.journal.phrases import moment
    from wargame.review.summary import clean

    head = Text(f"#{step.record.seq}  {moment(step.record)}  ") + Text(clean(step.headline), style="bold")
    details = [Text(f"    {clean(line)}") for line in step.details]
    others = [Text(f"    with {clean(line)}", style="dim") for line in step.contributions]
    return [head, *details, *others]
