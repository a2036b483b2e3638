"""`wargame msel import`."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.msel_conversation import converse, is_terminal, refuse, show
from wargame.cli.msel_source import scripts_of
from wargame.cli.output import command_line, print_json
from wargame.errors import Invalid, Problem, UsageFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from wargame.scenario.loading.load import Loaded
    from wargame.scenario.model import Scenario
    from wargame.sheets.foreign_msel import ForeignMsel
    from wargame.sheets.importing import ImportPlan
    from wargame.sheets.script import Script
    from wargame.sheets.sheet_rows import SheetMsel
    from wargame.sheets.table import Table

EXAMPLES = """
wargame msel import korea-2017-msel.xlsx --into my-korea/msel.yaml --check
wargame msel import msel.xlsx --scenario korea-2017 --columns blueprint --who "Blue Team=KOR"
wargame msel import fema.xlsx --scenario two-rivals --sheet "Day 1" --who "ED=ARD" --who "=all" --map fema.yaml
wargame msel import day-2.xlsx --scenario two-rivals --columns fema.yaml --columns "when=Event Time"
wargame msel import openaev.json --scenario two-rivals --who "SOC=ARD"
"""


FOREIGN = ("who", "startex", "dates", "sheet", "heading_row")
"""Options for files of other tools only."""


class DateOrder(StrEnum):
    """How the numbers of a date are meant."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def command(
    file: Annotated[
        Path, options.argument("FILE", "A spreadsheet (.xlsx, .xls, .ods, .csv) or OpenAEV export (.json, .zip).")
    ],
    *,
    into: Annotated[
        Path | None, options.option("--into", "FILE", "The inject file to change. [default: a new one named like FILE]")
    ] = None,
    scenario: Annotated[
        str | None, options.option("--scenario", "NAME", "The scenario, if neither file names it.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        options.option(
            "--columns",
            "PROFILE|FILE|FIELD=COLUMN",
            "hseep, blueprint, mitre, conducttr, a map, or one column: when=C.",
        ),
    ] = None,
    who: Annotated[
        list[str] | None,
        options.option(
            "--who", '"TEAM=GOV,GOV"', "The governments that a team plays, or all, or EXCON; no team: empty cells."
        ),
    ] = None,
    sheet_name: Annotated[
        str | None,
        options.option("--sheet", "NAME", "The sheet with the injects. [default: the one with most headings]"),
    ] = None,
    heading_row: Annotated[
        int | None, options.option("--heading-row", "N", "The row of the headings, 0 if there are none.", min=0)
    ] = None,
    startex: Annotated[
        str | None,
        options.option("--startex", "DATE", "The sheet's STARTEX, a date or date and time: its dates become D+n."),
    ] = None,
    dates: Annotated[
        DateOrder | None,
        options.option(
            "--dates", "ORDER", "How 05/06/2024 is meant, if the sheet does not show it: day-first or month-first."
        ),
    ] = None,
    map_file: Annotated[
        Path | None, options.option("--map", "FILE", "Write how the sheet was read into this file, for --columns.")
    ] = None,
    check: Annotated[bool, options.flag("--check", "Report what would change and write nothing.")] = False,
    delete: Annotated[bool, options.flag("--delete", "Remove injects that are not in the sheet.")] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read an MSEL from a spreadsheet into an inject file.

    Only what differs is changed: all other lines of the inject file stay, with their comments. The result is checked
    like any inject file, and problems name the sheet and the cell. If there is a problem, nothing is written.
    """
    from wargame.journal.atomic import write_whole

    target = into or Path(file.name).with_suffix(".yaml")
    if into is None and target.exists():
        raise UsageFault(f"{target} exists; merge into it with --into {target}, or name another file")
    script, loaded = _script(target, scenario)
    given: dict[str, Any] = {
        "into": into,
        "scenario": scenario,
        "sheet": sheet_name,
        "heading_row": heading_row,
        "startex": startex,
    }
    given |= {"dates": dates.value if dates else None, "columns": columns or [], "who": who or []}
    is_asked = is_terminal() and not as_json and not quiet
    sheet, found = _read(file, given, loaded, ask=is_asked, is_shown=not as_json and not quiet)
    plan, base, problems = _plan(sheet, script, loaded, scenario, target, delete=delete)
    if problems:
        raise Invalid(problems)
    if not quiet:
        for warning in sheet.warnings:
            typer.echo(f"{warning} [warning]", err=True)
    if not check and plan.content != base:
        try:
            write_whole(target, plan.content)
        except OSError as error:
            raise UsageFault(f"{target} cannot be written: {error.strerror}") from None
    kept = map_file or (target.with_suffix(".columns.yaml") if is_asked and not check else None)
    if found is not None and kept is not None:
        write_whole(kept, found.map_file().encode())
        typer.echo(f"{kept}: how the sheet was read, for --columns", err=True)
    if as_json:
        print_json(_document(plan, target, written=not check and plan.content != base))
    elif not quiet:
        _report(plan, target, check=check)


def _script(target: Path, scenario: str | None) -> tuple[Script | None, Loaded | None]:
    """Return the inject file to change, with its scenario; None if it is new."""
    if not target.exists():
        return None, None
    from wargame.journal.inputs import read_input
    from wargame.scenario.loading.load import load, load_target
    from wargame.sheets.script import Script

    loaded = load(scenario, [str(target)]) if scenario else load_target(str(target))
    return Script(str(target), read_input(target)), loaded


def _read(
    file: Path, given: dict[str, Any], loaded: Loaded | None, *, ask: bool, is_shown: bool
) -> tuple[SheetMsel, ForeignMsel | None]:
    """Return all rows of the file, and what was understood if it is a sheet of another tool.

    `given` has the options that say how to read it. Raises Invalid with the problems of all cells.
    """
    from wargame.scenario.loading.load import load
    from wargame.sheets.openaev import SUFFIXES
    from wargame.sheets.reading import read_tables
    from wargame.sheets.sheet_rows import own_msel

    problems: list[Problem] = []
    is_export = file.suffix.lower() in SUFFIXES
    tables = [] if is_export else read_tables(file, given["sheet"] or "")
    sheet = None if given["columns"] or is_export else own_msel(tables, problems)
    found: ForeignMsel | None = None
    if sheet is None:
        if loaded is None and given["scenario"] is None:
            raise UsageFault(f"{file} does not name its scenario; give it with --scenario NAME")
        known = (loaded or load(str(given["scenario"]))).scenario
        command = partial(_command, file, given)
        if is_export:
            sheet = _openaev(file, given["who"], known, command)
        else:
            found = _foreign(given, known, tables, ask=ask)
            if is_shown and not ask and (found.is_read or not found.problems):
                show(found)
            refuse(found.problems, found.questions, command)
            sheet = found.msel
    elif any(given[name] not in (None, []) for name in FOREIGN):
        named = ", ".join(f"--{name.replace('_', '-')}" for name in FOREIGN)
        raise UsageFault(f"{named} are for files from other tools; this one is an export of wargame")
    if problems:
        raise Invalid(problems)
    if not sheet.rows:
        raise Invalid([Problem(str(file), 0, 0, "there are no injects in this file")])
    return sheet, found


def _command(file: Path, given: dict[str, Any], **more: list[str]) -> str:
    """Return the command with further options."""
    listed = {name: [*given[name], *more.pop(name, [])] for name in ("columns", "who")}
    return command_line("msel", "import", str(file), **given | more | listed)


def _foreign(given: dict[str, Any], known: Scenario, tables: list[Table], *, ask: bool) -> ForeignMsel:
    """Read a sheet of another tool; with `ask`, a person answers what it leaves open."""
    from wargame.sheets.foreign_msel import read_foreign
    from wargame.sheets.sheet_map import read_map

    problems: list[Problem] = []
    chosen = read_map(given["columns"], problems)
    if problems:
        raise Invalid(problems)
    said = {name: given[name] for name in ("sheet", "heading_row", "startex", "dates") if given[name] is not None}
    chosen = replace(chosen, who={**chosen.who, **_teams(given["who"])}, **said)
    if ask:
        return converse(lambda each: read_foreign(tables, known, each), chosen)
    return read_foreign(tables, known, chosen)


def _teams(who: list[str]) -> dict[str, str]:
    """Return who plays a team, by its name; an empty name is that of empty cells."""
    for each in who:
        if "=" not in each:
            raise UsageFault(f'--who {each}: write "TEAM=GOV", such as "Blue Team=KOR", or "=all" for empty cells')
    return {name: codes for name, _, codes in (each.rpartition("=") for each in who)}


def _openaev(file: Path, who: list[str], known: Scenario, command: Callable[..., str]) -> SheetMsel:
    from wargame.sheets.foreign_msel import who_plays
    from wargame.sheets.openaev import openaev_msel
    from wargame.sheets.reading import read_bytes
    from wargame.sheets.teams import Teams, read_teams

    problems: list[Problem] = []
    teams = Teams(known, read_teams(_teams(who).items(), known))
    sheet = openaev_msel(file, read_bytes(file), teams, problems)
    refuse(problems, who_plays(teams, known), command)
    return sheet


def _plan(
    sheet: SheetMsel, script: Script | None, loaded: Loaded | None, scenario: str | None, target: Path, *, delete: bool
) -> tuple[ImportPlan, bytes, list[Problem]]:
    """Return what to write, what the file has now, and the problems of the result."""
    from wargame.journal.inputs import read_input
    from wargame.scenario.building.yaml_nodes import read
    from wargame.scenario.loading.amend import script_problems
    from wargame.scenario.loading.load import load
    from wargame.sheets.importing import place_nodes, plan_import, title_of

    name = script.scenario if script else scenario or sheet.scenario
    known = loaded or load(name)
    _check_target(sheet, script, known)
    plan = plan_import(sheet, script, known.scenario, title_of(target.stem), delete=delete)
    base = read_input(target) if script else b""
    problems: list[Problem] = []
    root = read(str(target), plan.content, problems)
    if root is None:
        return plan, base, problems
    place_nodes(root, plan)
    own = next((each for each, data in scripts_of(known).items() if script and data == base), "")
    return plan, base, script_problems(known.files, root, target.parent, own)


def _check_target(sheet: SheetMsel, script: Script | None, known: Loaded) -> None:
    """UsageFault if most rows are injects that another file of the scenario has: the sheet is for that file."""
    from wargame.scenario.loading import catalogue

    elsewhere = {inject.id for inject in known.injects} - set(script.rows if script else ())
    shared = sum(row.row.id in elsewhere for row in sheet.rows)
    if not shared or 2 * shared < len(sheet.rows):
        return
    name = known.scenario.name
    remedy = "give the file that has them with --into FILE"
    if name in {entry.name for entry in catalogue.scenarios()}:
        remedy = f"copy the scenario with `wargame init DIR --from {name}`, then import with --into DIR/msel.yaml"
    raise UsageFault(f"{shared} of the {len(sheet.rows)} injects of this sheet are in {name} already ({remedy})")


def _document(plan: ImportPlan, target: Path, *, written: bool) -> dict[str, object]:
    changes = {
        name: [{"column": heading, "file": before, "sheet": after} for heading, before, after in cells]
        for name, cells in plan.changed.items()
    }
    return {
        "file": str(target),
        "written": written,
        "unchanged": len(plan.unchanged),
        "changed": changes,
        "added": plan.added,
        "missing": plan.missing,
        "removed": plan.removed,
        "kept": plan.kept,
    }


def _report(plan: ImportPlan, target: Path, *, check: bool) -> None:
    for name, cells in plan.changed.items():
        typer.echo(f"{name}: {', '.join(heading for heading, _, _ in cells)} changed")
    for label, names in (("added", plan.added), ("removed", plan.removed)):
        if names:
            typer.echo(f"{label}: {', '.join(names)}")
    if plan.missing:
        typer.echo(f"not in the sheet: {', '.join(plan.missing)} (kept; --delete removes them)")
    if plan.kept:
        typer.echo(f"newer in the file than in the sheet: {', '.join(plan.kept)} (kept)")
    counts = f"{len(plan.changed)} changed, {len(plan.added)} added, {len(plan.removed)} removed"
    would = "would be " if check else ""
    typer.echo(f"{target}: {would}{counts}, {len(plan.unchanged)} unchanged")
