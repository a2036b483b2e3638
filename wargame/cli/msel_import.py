"""`wargame msel import`."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.msel_source import scripts_of
from wargame.cli.output import print_json
from wargame.errors import Invalid, Problem, UsageFault

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded
    from wargame.sheets.importing import ImportPlan
    from wargame.sheets.script import Script
    from wargame.sheets.sheet_rows import SheetMsel

EXAMPLES = """
wargame msel import korea-2017-msel.xlsx --into my-korea/msel.yaml --check
wargame msel import msel.xlsx --scenario korea-2017 --columns blueprint --who "Blue Team=KOR"
wargame msel import openaev.json --scenario two-rivals --who "SOC=ARD"
"""


class DateOrder(StrEnum):
    """How the numbers of a date are meant."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def command(
    file: Annotated[
        Path, options.argument("FILE", "A spreadsheet (.xlsx, .xls, .ods, .csv) or OpenAEV export (.json).")
    ],
    *,
    into: Annotated[
        Path | None, options.option("--into", "FILE", "The inject file to change. [default: a new one named like FILE]")
    ] = None,
    scenario: Annotated[
        str | None, options.option("--scenario", "NAME", "The scenario, if neither file names it.")
    ] = None,
    columns: Annotated[
        str | None, options.option("--columns", "PROFILE|FILE", "hseep, blueprint, mitre, conducttr, or a YAML map.")
    ] = None,
    who: Annotated[
        list[str] | None, options.option("--who", '"TEAM=GOV"', "The government that a team plays, or EXCON.")
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
    sheet = _read(file, loaded, scenario, columns, who or [], startex, dates.value if dates else "")
    plan, base, problems = _plan(sheet, script, loaded, scenario, target, delete=delete)
    if problems:
        raise Invalid([_with_startex(each) for each in problems] if sheet.is_foreign and not startex else problems)
    if not quiet:
        for warning in sheet.warnings:
            typer.echo(f"{warning} [warning]", err=True)
    if not check and plan.content != base:
        try:
            write_whole(target, plan.content)
        except OSError as error:
            raise UsageFault(f"{target} cannot be written: {error.strerror}") from None
    if as_json:
        print_json(_document(plan, target, written=not check and plan.content != base))
    elif not quiet:
        _report(plan, target, check=check)


def _with_startex(problem: Problem) -> Problem:
    """Return a problem of dates that are not the scenario's, with the option that converts them."""
    from wargame.scenario.checks.calendar import OUTSIDE

    if not any(side in problem.message for side in OUTSIDE):
        return problem
    day = problem.message[:10]
    return replace(problem, remedy=f"{problem.remedy}; --startex {day} makes this day D+0 of the scenario")


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
    file: Path,
    loaded: Loaded | None,
    scenario: str | None,
    columns: str | None,
    who: list[str],
    startex: str | None,
    dates: str,
) -> SheetMsel:
    """Return all rows of the file; Invalid with the problems of all cells."""
    from wargame.scenario.loading.load import load
    from wargame.sheets.export import parse_startex
    from wargame.sheets.foreign import ForeignRules, foreign_msel, lists_injects, read_teams
    from wargame.sheets.heading_row import msel_tables
    from wargame.sheets.openaev import openaev_msel
    from wargame.sheets.reading import read_bytes, read_tables
    from wargame.sheets.sheet_rows import not_read, own_msel

    problems: list[Problem] = []
    tables = [] if file.suffix.lower() == ".json" else read_tables(file)
    sheet = None if columns or not tables else own_msel(tables, problems)
    if sheet is None:
        if loaded is None and scenario is None:
            raise UsageFault(f"{file} does not name its scenario; give it with --scenario NAME")
        known = (loaded or load(str(scenario))).scenario
        date = parse_startex(startex) if startex else None
        rules = ForeignRules(known, read_teams(who, known), date, dates)
        if tables:
            is_mapped = columns is not None and columns.endswith((".yaml", ".yml"))
            tables = tables if is_mapped else msel_tables(tables)
            found = [table for table in tables if lists_injects(table, columns)] or tables[:1]
            sheet = foreign_msel(found[0], rules, columns, problems)
            sheet = replace(sheet, warnings=(*sheet.warnings, *not_read(found[0], found[1:])))
        else:
            sheet = openaev_msel(file, read_bytes(file), rules, problems)
    elif who or startex or dates:
        raise UsageFault(
            "--who, --startex and --dates are for files from other tools; this one is an export of wargame"
        )
    if problems:
        raise Invalid(problems)
    if not sheet.rows:
        raise Invalid([Problem(str(file), 0, 0, "there are no injects in this file")])
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
