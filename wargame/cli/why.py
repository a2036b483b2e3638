"""`wargame why`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import console, print_json
from wargame.errors import UsageFault, WargameError, nearest
from wargame.journal.wording import UNTITLED, Titles, date_time, moment

if TYPE_CHECKING:
    from rich.console import Console

    from wargame.journal.folder import Folder
    from wargame.journal.records import Record

LONGEST_LINE = 1000
"""Characters of one line that are printed."""
EVENTS = frozenset({"outcome", "action", "inject.released", "forum", "agreement"})
"""Kinds of records that say that something happened: an id stands for the last of these."""
PLANS = {"decision": "decided", "order.carried_over": "decided before STARTEX", "order.cancelled": "cancelled"}
"""Kinds of records about an option that was decided but perhaps never carried out."""

NAMED = 8
"""Records that the message on an unknown one names at most."""


def command(
    run: options.Run,
    about: Annotated[str | None, options.argument("SEQ|ID", "why")] = None,
    *,
    full: Annotated[bool, options.flag("--full", "why")] = False,
    shown: options.Shown,
) -> None:
    """Trace a record back along its causes to the inject, action, procedure or meeting where the chain starts."""
    from wargame.journal.folder import find
    from wargame.journal.reader import read_what_is_there
    from wargame.journal.trace import trace

    folder = find(run)
    journal, notes = read_what_is_there(folder)
    if folder.manifest().is_complete:
        shown.note(*notes)
    if about is None:
        _list_turning_points(folder, as_json=shown.as_json)
        return
    records = {record.seq: record for record in journal}
    seq, note = _record_of(about, records)
    traced = trace(seq, records, _titles(folder))
    if shown.as_json:
        head = {"run_dir": str(folder.path), "seq": seq, **({"note": note} if note else {})}
        print_json({**head, "summary": traced.summary, "steps": traced.steps, "origin": traced.origin})
        return
    if note:
        typer.echo(note)
    screen = console()
    for line in traced.lines(full=full):
        number = f"#{line.record.seq}  {moment(line.record.at)}  " if line.record else ""
        style = "bold" if line.emphasis or line.record else "dim" if line.soft else ""
        _put(screen, number + line.text, style=style, indent=line.indent)


def _list_turning_points(folder: Folder, *, as_json: bool) -> None:
    """Print the decisive moments of the review, each with the number by which `why` explains it."""
    from wargame.review.findings.findings import open_findings

    points = open_findings(folder).turning_points
    if as_json:
        listed = [{"seq": point.seq, "at": point.at, "what": point.what, "why": point.why} for point in points]
        print_json({"run_dir": str(folder.path), "turning_points": listed})
        return
    screen = console()
    if not points:
        _put(screen, "This run has no turning points; wargame show prints its summary.")
        return
    for point in points:
        _put(screen, f"#{point.seq}  {date_time(point.at)}  {point.what}", style="bold")
        if point.why:
            _put(screen, point.why, style="dim", indent=4)
    _put(screen, f"wargame why {folder.call} {points[0].seq} explains the first one.")


def _titles(folder: Folder) -> Titles:
    """Names and titles from the frozen inputs; none if these cannot be read."""
    from wargame.scenario.journal_context import titles
    from wargame.scenario.loading.load import load_files

    manifest = folder.manifest()
    try:
        loaded = load_files(folder.inputs(), (manifest.scenario_sha256, manifest.injects_sha256))
    except WargameError:
        return UNTITLED
    return titles(loaded.scenario, loaded.injects)


def _record_of(about: str, records: dict[int, Record]) -> tuple[int, str]:
    """Return the number of the record, and a note if an option was decided but never carried out.

    Raises UsageFault if there is no such record.
    """
    if about.lstrip("#").isdecimal():
        return int(about.lstrip("#")), ""
    if not about:
        raise UsageFault("'' names no record (give the number of a record, or an inject, option or outcome)")
    named = [r for r in records.values() if r.about == about and r.kind not in ("signal", "inject.skipped")]
    happened = [r for r in named if r.kind in EVENTS] or [r for r in named if r.kind not in PLANS]
    if happened:
        return happened[-1].seq, ""
    if named:
        last = named[-1]
        note = f"{about}: never carried out; last {PLANS[last.kind]} at {moment(last.at)}"
        return last.seq, "" if about == "wait" else note
    names = sorted({r.about for r in records.values() if r.about})
    events = sorted({r.about for r in records.values() if r.about and r.kind in EVENTS})
    listed = f"this run has records of {', '.join(events[:NAMED])}{' and others' if len(events) > NAMED else ''}"
    hint = nearest(about, names) or (listed if events else "give the number of a record")
    raise UsageFault(f"no record is about '{about}' ({hint})")


def _put(screen: Console, line: str, *, style: str = "", indent: int = 0) -> None:
    """Print one line: wrapped under its indent on a terminal, unwrapped elsewhere.

    Very long lines are cut; --json has all of the text.
    """
    from rich.padding import Padding
    from rich.text import Text

    from wargame.language.plain_text import clean

    if len(line) > LONGEST_LINE:
        line = f"{line[:LONGEST_LINE]}… ({len(line):,} characters)"
    text = Text(clean(line), style=style)
    if screen.is_terminal:
        screen.print(Padding(text, (0, 0, 0, indent)))
    else:
        screen.print(Text(" " * indent) + text, soft_wrap=True)
