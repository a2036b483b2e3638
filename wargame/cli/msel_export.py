"""`wargame msel export`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from wargame.cli import options
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.sheets.export import RoomClock
CalendarClock = Literal["game", "wall"]
"""Which clock a calendar shows."""
ProfileName = Literal["hseep", "blueprint", "mitre", "conducttr"]
"""Layouts of other makers."""


def command(
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
    from wargame.journal.outputs import check_output, write_output
    from wargame.sheets import export

    source = find_msel(target)
    path = out or Path(f"{source.scenario.name}-msel.xlsx")
    suffix = path.suffix.lower()
    if profile and suffix in (".ics", ".md"):
        raise UsageFault(f"--as: a {suffix} file has no columns")
    if (startex or pace or clock == "wall") and suffix != ".ics":
        raise UsageFault("--clock, --startex and --pace are for calendars (.ics)")
    if notes and suffix not in (".ics", ".md"):
        raise UsageFault("--notes is for calendars and documents; spreadsheets always have the notes")
    check_output(path, (target,), own=(".csv",))
    if path.exists() and suffix in export.TABLES and not export.is_msel(path):
        raise UsageFault(f"{path} is not an MSEL, and is not replaced by one; choose another name with --out")
    extra = export.own_columns(path, source.rows) if not profile and path.exists() and suffix != ".md" else {}
    wanted = export.ExportOptions(
        profile=profile or "", with_notes=notes, clock=_room(clock, startex, pace), extra=extra
    )
    content = export.exported(source, suffix, wanted, datetime.now(UTC))
    write_output(path, content, own=(".csv",))
    undated = export.undated(source)
    if suffix == ".ics" and undated and not shown.quiet:
        typer.echo(f"{undated} of {len(source.rows)} injects have no time and are not in the calendar", err=True)
    shown.written({"file": str(path), "injects": len(source.rows), "undated": undated}, path)


def _room(clock: CalendarClock, startex: str | None, pace: str | None) -> RoomClock | None:
    if clock == "game":
        if startex or pace:
            raise UsageFault("--startex and --pace need --clock wall")
        return None
    from wargame.live.session.pace import read_pace
    from wargame.sheets.export import RoomClock, parse_startex

    if not (startex and pace):
        raise UsageFault("--clock wall needs --startex TIME and --pace GAME=WALL, such as 1d=5m")
    return RoomClock(parse_startex(startex), read_pace(pace))
