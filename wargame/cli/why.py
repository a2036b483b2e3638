"""`wargame why`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli.options import Json, Quiet, Run
from wargame.cli.output import console, print_json
from wargame.cli.tree import Version
from wargame.errors import UsageFault, WargameError, nearest
from wargame.journal.sentences import moment

if TYPE_CHECKING:
    from rich.console import Console

    from wargame.journal.folder import Folder
    from wargame.journal.records import Record
    from wargame.journal.sentences import Titles
    from wargame.journal.trace import Trace

EXAMPLES = """
wargame why last 1200
wargame why last nuclear_test
wargame why korea-2017-s7-amber-crane 4512 --json
"""

LONGEST = 1000
"""Characters of one line that are printed."""
HAPPENED = frozenset({"outcome", "action", "inject.released", "forum", "agreement"})
"""Kinds of records that say that something came about, which is what one asks for by an id."""
BEFORE = {"decision": "decided", "order.cancelled": "given up"}
"""What may be all that there is of an option that was never done."""


def command(
    run: Run,
    about: Annotated[
        str,
        typer.Argument(metavar="SEQ|ID", help="The number of a record, or an inject, option or outcome: its last one."),
    ],
    *,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Traces a record back along its causes to the inject, action, procedure or meeting that began it.

    For a decision it prints the scores, the chance of what was chosen and the noise that decided it.
    """
    del version, quiet
    from wargame.journal.folder import find
    from wargame.journal.reader import read_what_is_there
    from wargame.journal.trace import trace

    folder = find(run)
    kept, notes = read_what_is_there(folder)
    for note in notes if folder.manifest().whole else ():
        typer.echo(note, err=True)
    records = {record.seq: record for record in kept}
    seq, note = _number(about, records)
    found = trace(seq, records, _titles(folder))
    if as_json:
        told = {"note": note} if note else {}
        print_json({"run_dir": str(folder.path), "seq": seq, **told, "steps": found.steps, "origin": found.origin})
    else:
        if note:
            typer.echo(note)
        _print(found)


def _titles(folder: Folder) -> Titles:
    """Names and titles from the frozen inputs; none if these cannot be read."""
    from wargame.journal.sentences import UNTITLED
    from wargame.scenario.journal_context import titles
    from wargame.scenario.loading.load import load_files

    try:
        loaded = load_files(folder.inputs())
    except WargameError:
        return UNTITLED
    return titles(loaded.scenario, loaded.injects)


def _number(about: str, records: dict[int, Record]) -> tuple[int, str]:
    """The record that is meant, and what is to be said of it if what was asked for never happened.

    Raises UsageFault if there is none.
    """
    if about.lstrip("#").isdecimal():
        return int(about.lstrip("#")), ""
    if not about:
        raise UsageFault("'' names no record (give the number of a record, or an inject, option or outcome)")
    told = [r for r in records.values() if r.about == about and r.kind not in ("signal", "inject.skipped")]
    came = [r for r in told if r.kind in HAPPENED] or [r for r in told if r.kind not in BEFORE]
    if came:
        return came[-1].seq, ""
    if told:
        last = told[-1]
        return last.seq, "" if about == "wait" else f"{about}: never done; last {BEFORE[last.kind]} at {moment(last)}"
    names = sorted({r.about for r in records.values() if r.about})
    raise UsageFault(f"no record is about '{about}' ({nearest(about, names) or 'give the number of a record'})")


def _print(found: Trace) -> None:
    screen = console()
    for place, step in enumerate(found.steps):
        if place:
            before = found.steps[place - 1].record.kind
            _put(screen, "in view of" if before == "decision" else "because of", style="dim")
        _put(screen, f"#{step.record.seq}  {moment(step.record)}  {step.headline}", style="bold")
        for line in step.details:
            _put(screen, line, indent=4)
        for line in step.contributions:
            _put(screen, f"with {line}", style="dim", indent=4)
    _put(screen, found.closing, style="bold")


def _put(screen: Console, line: str, *, style: str = "", indent: int = 0) -> None:
    """Prints one line: wrapped under its indent on a terminal, in one piece where a program reads it.

    A text so long that it would bury the trace is cut; --json has all of it.
    """
    from rich.padding import Padding
    from rich.text import Text

    from wargame.review.formatting import clean

    if len(line) > LONGEST:
        line = f"{line[:LONGEST]}… ({len(line):,} characters)"
    text = Text(clean(line), style=style)
    if screen.is_terminal:
        screen.print(Padding(text, (0, 0, 0, indent)))
    else:
        screen.print(Text(" " * indent) + text, soft_wrap=True)
