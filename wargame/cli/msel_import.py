"""`wargame msel import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from wargame.cli import lib, options
from wargame.cli.output import print_json, print_text
from wargame.errors import Invalid, UsageFault

DateOrder = Literal["day-first", "month-first"]
"""The order of the numbers of a date."""
_COLUMNS_FORM = "PROFILE|FILE|FIELD=COLUMN"


def command(
    file: Annotated[Path, options.argument("FILE", "msel_import")],
    *,
    into: Annotated[Path | None, options.option("--into", "FILE", "msel_import")] = None,
    scenario: Annotated[str | None, options.option("--scenario", "NAME", "msel_import")] = None,
    columns: Annotated[list[str] | None, options.option("--columns", _COLUMNS_FORM, "msel_import")] = None,
    who: Annotated[list[str] | None, options.option("--who", '"TEAM=GOV,GOV"', "msel_import")] = None,
    sheet_name: Annotated[str | None, options.option("--sheet", "NAME", "msel_import")] = None,
    heading_row: Annotated[int | None, options.option("--heading-row", "N", "msel_import", min=0)] = None,
    startex: Annotated[str | None, options.option("--startex", "DATE", "msel_import")] = None,
    dates: Annotated[DateOrder | None, options.option("--dates", "ORDER", "msel_import")] = None,
    early: Annotated[Literal["startex", "omit"] | None, options.option("--early", "WHAT", "msel_import")] = None,
    map_file: Annotated[Path | None, options.option("--map", "FILE", "msel_import")] = None,
    check: Annotated[bool, options.flag("--check", "msel_import")] = False,
    delete: Annotated[bool, options.flag("--delete", "msel_import")] = False,
    shown: options.Shown,
) -> None:
    """Read an MSEL from a spreadsheet into an inject file."""
    from wargame.cli.msel_conversation import inject_file, is_terminal, planned, read_sheet

    target = into or Path(f"{file.stem}.yaml")
    if into is None and target.exists():
        raise UsageFault(f"{target} exists; merge into it with --into {target}, or name another file")
    script, loaded = inject_file(target, scenario)
    given: dict[str, Any] = {"into": into, "scenario": scenario, "sheet": sheet_name, "heading_row": heading_row}
    given |= {"startex": startex, "dates": dates, "early": early, "columns": columns or [], "who": who or []}
    is_asked = is_terminal() and not shown.silent
    sheet, found = read_sheet(file, given, loaded, ask=is_asked, is_shown=not shown.silent)
    plan, base, problems = planned(sheet, script, loaded, scenario, target, delete=delete)
    if problems:
        raise Invalid(problems)
    if not shown.quiet:
        for warning in sheet.warnings:
            typer.echo(f"{warning} [warning]", err=True)
    kept = map_file or (target.with_suffix(".columns.yaml") if is_asked and not check else None)
    if found is not None and kept is not None:
        content = lib.map_file(found.chosen, found.columns.table, found.columns.fields)
        lib.write_output(kept, content.encode(), [file, target], own=lib.catalogue.SUFFIXES)
        typer.echo(f"{kept}: how the sheet was read, for --columns", err=True)
    if not check and plan.content != base:
        try:
            lib.write_whole(target, plan.content)
        except OSError as error:
            raise UsageFault(f"{target} cannot be written: {error.strerror}") from None
    if shown.as_json:
        changes = {
            name: [{"column": heading, "file": before, "sheet": after} for heading, before, after in cells]
            for name, cells in plan.changed.items()
        }
        written, unchanged = not check and plan.content != base, len(plan.unchanged)
        document = {"file": str(target), "written": written, "unchanged": unchanged, "changed": changes}
        print_json(document | {name: getattr(plan, name) for name in ("added", "missing", "removed", "kept")})
    elif not shown.quiet:
        print_text("imported", plan=plan, target=target, check=check)
