"""`wargame msel show` and `wargame msel export`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from wargame.cli import lib, options
from wargame.cli.output import print_blocks, print_json
from wargame.errors import UsageFault
from wargame.language.times import DAY


def show(
    target: Annotated[str, options.argument("SCENARIO|FILE|RUN", "msel_show")],
    *,
    gantt: Annotated[Path | None, options.option("--gantt", "FILE", "msel_show")] = None,
    pace: Annotated[str | None, options.option("--pace", "GAME=WALL", "msel_show")] = None,
    wall: Annotated[str | None, options.option("--wall", "TIME", "msel_show")] = None,
    rehearsal: Annotated[Path | None, options.option("--rehearsal", "DIR", "msel_show")] = None,
    shown: options.Shown,
) -> None:
    """List the injects of an MSEL with their times or triggers; for a run, also what became of each one."""
    from wargame.cli.msel_source import find_msel

    if gantt is not None:
        _draw(find_msel(target), gantt, pace, wall, rehearsal)
        shown.written({"file": str(gantt)}, gantt)
        return
    if pace or wall or rehearsal:
        raise UsageFault("--pace, --wall and --rehearsal are for --gantt FILE")
    source = find_msel(target)
    plans = lib.planned(source)
    if shown.as_json:
        documents = [
            {"id": p.row.id, "at": p.at.isoformat() if p.at else None, "trigger": p.trigger, **p.row.executed}
            | {"title": p.row.cells.get("Title", ""), "kind": p.row.cells.get("Kind", "inject")}
            for p in plans
        ]
        print_json({"scenario": source.scenario.name, "injects": documents})
        return
    is_run = any(plan.row.executed for plan in plans)
    heads = ("Id", "Planned", *(("Status", "Released") if is_run else ("Kind", "To")), "Title")
    rows = []
    for plan in plans:
        cells, executed = plan.row.cells, plan.row.executed
        when = f"{plan.at:%Y-%m-%d %H:%M}" if plan.at else plan.trigger
        run = (executed.get("Status", "").split("\n")[0], executed.get("Released", ""))
        middle = run if is_run else (cells.get("Kind", "inject"), cells.get("To", "all"))
        rows.append((plan.row.id, when, *middle, cells.get("Title", "")))
    print_blocks([lib.Grid("", () if shown.quiet else heads, tuple(rows))])


def _draw(source: lib.MselSource, path: Path, pace: str | None, wall: str | None, rehearsal: Path | None) -> None:
    if path.suffix.lower() not in (".svg", ".html"):
        raise UsageFault(f"--gantt {path}: choose a name that ends in .svg or .html")
    if pace and wall:
        raise UsageFault("give --pace or --wall, not both: --wall computes the pace")
    results, runs = _rehearsal(rehearsal, source) if rehearsal else ({}, 0)
    here = {row.id for row in source.rows}
    plan = lib.schedule(source.scenario, {k: v for k, v in source.injects.items() if k in here}, results, runs)
    speed = plan.length * DAY / lib.read_wall(wall) if wall else lib.read_pace(pace) if pace else source.pace
    drawn = lib.to_svg(plan, speed) if path.suffix.lower() == ".svg" else lib.to_page(plan, speed)
    lib.write_output(path, lib.clean_lines(drawn).encode())


def _rehearsal(folder: Path, source: lib.MselSource) -> tuple[dict[str, lib.Rehearsed], int]:
    """Return what a rehearsal found for each inject, and its number of runs."""
    data = lib.rehearsal_report.read(folder)
    if data["scenario"] != source.scenario.name:
        raise UsageFault(f"{folder} is a rehearsal of {data['scenario']}, not of {source.scenario.name}")
    results = {}
    for row in data["injects"]:
        days = [(row["days"] or {}).get(name) for name in ("p10", "median", "p90")]
        results[row["inject"]] = lib.Rehearsed(row["estimate"] or 0.0, *days)
    return results, int(data["runs"])


CalendarClock = Literal["game", "wall"]
"""Which clock a calendar shows."""
ProfileName = Literal["hseep", "blueprint", "mitre", "conducttr"]
"""Layouts of other makers."""


def export(
    target: Annotated[str, options.argument("SCENARIO|FILE|RUN", "msel_export")],
    *,
    out: Annotated[Path | None, options.out_file("msel_export")] = None,
    profile: Annotated[ProfileName | None, options.flag("--as", "msel_export")] = None,
    clock: Annotated[CalendarClock, typer.Option("--clock", help="Which clock a calendar shows.")] = "game",
    startex: Annotated[str | None, options.option("--startex", "TIME", "msel_export")] = None,
    pace: Annotated[str | None, options.option("--pace", "GAME=WALL", "msel_export")] = None,
    notes: Annotated[bool, options.flag("--notes", "msel_export")] = False,
    shown: options.Shown,
) -> None:
    """Write an MSEL as a spreadsheet, calendar or document."""
    from wargame.cli.msel_source import find_msel

    source = find_msel(target)
    path = out or Path(f"{source.scenario.name}-msel.xlsx")
    suffix = path.suffix.lower()
    if profile and suffix in (".ics", ".md"):
        raise UsageFault(f"--as: a {suffix} file has no columns")
    if (startex or pace or clock == "wall") and suffix != ".ics":
        raise UsageFault("--clock, --startex and --pace are for calendars (.ics)")
    if notes and suffix not in (".ics", ".md"):
        raise UsageFault("--notes is for calendars and documents; spreadsheets always have the notes")
    lib.check_output(path, (target,), own=(".csv",))
    if path.exists() and suffix in lib.export.TABLES and not lib.export.is_msel(path):
        raise UsageFault(f"{path} is not an MSEL, and is not replaced by one; choose another name with --out")
    added = lib.export.own_columns(path, source.rows) if not profile and path.exists() and suffix != ".md" else {}
    room = _room(clock, startex, pace)
    content = lib.export.exported(
        source, suffix, datetime.now(UTC), profile=profile or "", notes=notes, clock=room, added=added
    )
    lib.write_output(path, content, own=(".csv",))
    undated = sum(plan.at is None for plan in lib.planned(source))
    if suffix == ".ics" and undated and not shown.quiet:
        typer.echo(f"{undated} of {len(source.rows)} injects have no time and are not in the calendar", err=True)
    shown.written({"file": str(path), "injects": len(source.rows), "undated": undated}, path)


def _room(clock: CalendarClock, startex: str | None, pace: str | None) -> lib.RoomClock | None:
    if clock == "game":
        if startex or pace:
            raise UsageFault("--startex and --pace need --clock wall")
        return None
    if not (startex and pace):
        raise UsageFault("--clock wall needs --startex TIME and --pace GAME=WALL, such as 1d=5m")
    return lib.RoomClock(lib.parse_startex(startex), lib.read_pace(pace))
