"""Commands about runs that are kept: `wargame show`, `why`, `fork`, `verify` and `clean`."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import lib, options
from wargame.cli.output import (
    command_line,
    console,
    print_blocks,
    print_json,
    print_next,
    print_run_json,
    print_text,
    progress_bar,
)
from wargame.errors import NotReproducible, UsageFault, WargameError, listed, nearest
from wargame.journal.wording import UNTITLED, Titles, date_time, moment, sentence
from wargame.language.times import DAY, format_duration, parse_duration

if TYPE_CHECKING:
    from rich.console import Console


def show(run: options.Run, *, shown: options.Shown) -> None:
    """Print the summary of a run: outcomes, turning points, expected actions, attention."""
    run = lib.folders.of_last(run, runs_first=True)
    if (place := lib.batch_folder(run)) is not None:
        _show_batch(place, as_json=shown.as_json)
    elif (place := lib.rehearsal_folder(run)) is not None:
        rehearsal = lib.rehearsal_report.read(place)
        print_json(rehearsal) if shown.as_json else print_blocks(lib.rehearsal_report.rehearsal_summary(rehearsal))
    else:
        _show_run(run, as_json=shown.as_json)


def _show_run(run: str, *, as_json: bool) -> None:
    findings = lib.open_findings(run)
    folder, summary = findings.source.folder, findings.summary
    if as_json:
        print_json({"run_dir": str(folder.path), "manifest": findings.source.manifest, "summary": summary})
        return
    report = folder.path / "report.html"
    shown = str(report) if report.is_file() else None
    print_blocks(lib.run_summary(summary, str(folder.path), shlex.quote(folder.typed), shown))
    if (folder.path / "brains").is_dir():  # few runs have programs
        from wargame.cli.brain_options import print_usage

        print_usage(lambda: lib.usage_lines(lib.read_usage(folder.path)))


def _show_batch(place: Path, *, as_json: bool) -> None:
    from wargame.cli.evidence import show_claims

    batch, claims = lib.open_batch(str(place)), lib.claims_of(place)
    if claims is not None:
        print_json(claims) if as_json else show_claims(claims, batch)
    elif as_json:
        print_json(batch.summary)
    else:
        report = place / "report.html"
        print_blocks(lib.batch_summary(batch, str(report) if report.is_file() else None))


def verify(run: options.Run, *, shown: options.Shown) -> None:
    """Re-run a run from its folder alone and compare what is stored: the journal byte by byte, manifest and summary."""
    folder = lib.folder.find(run)
    with progress_bar("verify", quiet=shown.silent) as progress:
        verdict = lib.verify(folder, progress)
    if verdict.same and folder.manifest().is_complete:
        verdict = replace(verdict, fault=lib.fault_in_summary(folder))
    if shown.as_json:
        print_json({"run_dir": str(folder.path), "same": verdict.same, "scope": verdict.scope, **asdict(verdict)})
    else:
        shown.note(*verdict.notes)
    if not verdict.same:
        raise NotReproducible(f"{verdict.run}: {verdict.difference or verdict.fault}")
    if not shown.silent:
        print_text("verified", verdict=verdict, level=folder.manifest().level, listed=listed)


def clean(
    *,
    older_than: Annotated[str, options.option("--older-than", "T", "clean")],
    unfinished: Annotated[bool, options.flag("--unfinished", "clean")] = False,
    dry_run: Annotated[bool, options.flag("--dry-run", "clean")] = False,
    yes: Annotated[bool, options.flag("--yes", "clean")] = False,
    shown: options.Shown,
) -> None:
    """Remove old runs, batches and rehearsals under runs/."""
    try:
        seconds = parse_duration(older_than)
    except ValueError as error:
        raise UsageFault(f"--older-than {older_than}: {error}") from None
    listed = lib.folders.old_folders(seconds, unfinished=unfinished)
    old, kept = [each for each in listed if not each.kept], [each for each in listed if each.kept]
    if not shown.silent:
        if not old:
            typer.echo(f"Nothing under runs/ to remove that is older than {format_duration(seconds)}.")
        for folder in old:
            typer.echo(f"{folder.path}  {folder.sort}, {_size(folder.size)}, {folder.written:%Y-%m-%d}")
        for folder in kept:
            typer.echo(f"note: {folder.path} is kept: {folder.kept}", err=True)
    removes = bool(old) and not dry_run and (yes or _confirmed(old))
    if removes:
        for folder in old:
            lib.folders.remove(folder)
    if shown.as_json:
        rows = [{"path": str(each.path), "kind": each.sort, "bytes": each.size, "kept": each.kept} for each in listed]
        print_json({"removed": len(old) if removes else 0, "folders": rows})
    elif removes and not shown.quiet:
        typer.echo(f"Removed {_counted(old)}.")
    elif dry_run and old and not shown.quiet:
        typer.echo("Nothing is removed: this is a dry run.")


def _confirmed(old: list[lib.OldFolder]) -> bool:
    """Return whether the person at the terminal agrees; UsageFault if there is no terminal."""
    if not sys.stdin.isatty():
        raise UsageFault("without a terminal, --yes removes the folders and --dry-run lists them")
    return typer.confirm(f"Remove {_counted(old)}?", err=True)


def _counted(folders: list[lib.OldFolder]) -> str:
    total = _size(sum(each.size for each in folders))
    return f"{len(folders)} folder{'' if len(folders) == 1 else 's'}, {total}"


def _size(size: int) -> str:
    """Return a number of bytes as people read it: `3.4 MB`."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"


# --- wargame why -----------------------------------------------------------------------------------------------------


LONGEST_LINE = 1000
"""Characters of one line that are printed."""
EVENTS = frozenset({"outcome", "action", "inject.released", "forum", "agreement"})
"""Kinds of records that say that something happened: an id stands for the last of these."""
PLANS = {"decision": "decided", "order.carried_over": "decided before STARTEX", "order.cancelled": "cancelled"}
"""Kinds of records about an option that was decided but perhaps never carried out."""

NAMED = 8
"""Records that the message on an unknown one names at most."""


def why(
    run: options.Run,
    about: Annotated[str | None, options.argument("SEQ|ID", "why")] = None,
    *,
    full: Annotated[bool, options.flag("--full", "why")] = False,
    shown: options.Shown,
) -> None:
    """Trace a record back along its causes to the inject, action, procedure or meeting where the chain starts."""
    folder = lib.folder.find(run)
    journal, notes = lib.read_what_is_there(folder)
    if folder.manifest().is_complete:
        shown.note(*notes)
    if about is None:
        _list_turning_points(folder, (journal, notes), as_json=shown.as_json)
        return
    records = {record.seq: record for record in journal}
    seq, note = _record_of(about, records)
    traced = lib.trace(seq, records, _titles(folder))
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


def _list_turning_points(folder: lib.Folder, journal: tuple[list[lib.Record], list[str]], *, as_json: bool) -> None:
    """Print the decisive moments of the review, each with the number by which `why` explains it."""
    points = lib.turning_points(lib.open_run(folder, journal))
    if as_json:
        listed = [{"seq": point.seq, "at": point.at, "what": point.what, "why": point.why} for point in points]
        print_json({"run_dir": str(folder.path), "turning_points": listed})
        return
    screen = console()
    if not points:
        _put(screen, "This run has no turning points; wargame show prints its summary.")
        return
    _put(screen, f"Turning points of {folder.typed}")
    for point in points:
        _put(screen, f"#{point.seq}  {date_time(point.at)}  {point.what}", style="bold")
        if point.why:
            _put(screen, point.why, style="dim", indent=4)
    _put(screen, f"wargame why {folder.typed} {points[0].seq} explains the first one.")


def _titles(folder: lib.Folder) -> Titles:
    """Return names and titles from the frozen inputs; none if these cannot be read."""
    manifest = folder.manifest()
    try:
        loaded = lib.load_files(folder.inputs(), (manifest.scenario_sha256, manifest.injects_sha256))
    except WargameError:
        return UNTITLED
    return lib.titles(loaded.scenario, loaded.injects)


def _record_of(about: str, records: dict[int, lib.Record]) -> tuple[int, str]:
    """Return the record, with a note if an option was decided but never carried out; UsageFault if there is none."""
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
    """Print a line, under its indent on a terminal, unwrapped elsewhere. Long ones are cut; --json has all text."""
    from rich.padding import Padding
    from rich.text import Text

    if len(line) > LONGEST_LINE:
        line = f"{line[:LONGEST_LINE]}… ({len(line):,} characters)"
    text = Text(lib.clean(line), style=style)
    if screen.is_terminal:
        screen.print(Padding(text, (0, 0, 0, indent)))
    else:
        screen.print(Text(" " * indent) + text, soft_wrap=True)


# --- wargame fork ----------------------------------------------------------------------------------------------------


def fork(
    run: options.Run,
    *,
    at: Annotated[str, options.option("--at", "T|SEQ", "fork")],
    sets: Annotated[list[str] | None, options.option("--set", "PATH=VALUE", "fork")] = None,
    skips: options.Skips = None,
    orders: Annotated[list[str] | None, options.option("--order", '"GOV OPTION [TARGET]"', "fork")] = None,
    n: Annotated[int, options.option("-n", "N", "fork", min=1, max=1_000_000)] = 1,
    out: options.RunFolder = None,
    shown: options.Shown,
) -> None:
    """Simulate other futures from a moment of a run, live or not. The run itself does not change."""
    fork = lib.fork.fork_of(lib.folder.find(run), at, lib.fork.changes_of(sets or [], skips or [], orders or []))
    manifest = fork.folder.manifest()
    moment = fork.point.exercise().calendar.at(fork.point.t)
    if not manifest.is_complete and manifest.reached and moment > datetime.fromisoformat(manifest.reached):
        reached = manifest.reached[:16].replace("T", " ")
        shown.note(f"{fork.folder.typed} was stopped at {reached}; what comes after that is simulated")
    if n > 1:
        if out is not None:
            raise UsageFault("--out: only a single future has a run folder (leave out -n or --out)")
        _simulate_many(fork, n, shown)
        return
    typed = command_line("fork", run, at=at, set=sets, skip=skips, order=orders)
    folder = lib.fork.one_future(fork, lib.Destination(out=out), typed).folder
    if shown.as_json:
        print_run_json(folder)
        return
    if shown.quiet:
        typer.echo(str(folder.path))
    else:
        typer.echo(f"{_headline(fork, 1)}:")
        typer.echo(str(folder.path))
        print_next(f"wargame show {shlex.quote(folder.typed)}")


def _headline(fork: lib.Fork, n: int) -> str:
    """Return what was simulated: how many futures of which run, from when, with which changes."""
    calendar = fork.point.exercise().calendar
    moment = calendar.at(fork.point.t)
    day = (fork.point.t - calendar.startex) // DAY
    given = (lib.fork.typed(command) for command in fork.changes)
    changes = ", ".join(
        text.replace("=", " = ", 1) if name == "--set" else f"{name[2:]} {text}" for name, text in given
    )
    futures = "another future" if n == 1 else f"{n:,} other futures"
    from_when = f"{moment:%Y-%m-%d %H:%M} (D+{day}) to {calendar.at(calendar.end):%Y-%m-%d}"
    return sentence(f"{futures} of {fork.folder.typed}, {from_when}" + (f", with {changes}" if changes else ""))


def _simulate_many(fork: lib.Fork, n: int, shown: options.Shown) -> None:
    results = lib.fork.ensemble(fork, n, lib.cores())
    start = fork.point.exercise()
    if shown.as_json:
        rows = []
        for name in fork.point.loaded.scenario.outcomes:
            share = sum(name in result.outcomes for result in results) / n
            low, high = lib.wilson(share, n)
            rows.append({"outcome": name, "n": n, "estimate": share, "low": low, "high": high})
        print_json({"run": fork.folder.name, "at": start.calendar.at(fork.point.t).isoformat(), "estimates": rows})
        return
    if not shown.quiet:
        typer.echo(f"{_headline(fork, n)}; the share in which each outcome occurs, with its 95 % interval:")
    for line in lib.answer_lines("forecast", lib.forecast_rows(start, results), n):
        typer.echo(line)
