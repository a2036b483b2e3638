"""`wargame msel import`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.msel_conversation import converse, is_terminal, refuse, show
from wargame.cli.msel_source import scripts_of
from wargame.cli.output import command_line, print_json
from wargame.errors import Invalid, Problem, UsageFault

if TYPE_CHECKING:
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
    said = Said(
        file, into, scenario, columns or [], who or [], sheet_name, heading_row, startex, dates.value if dates else ""
    )
    is_asked = is_terminal() and not as_json and not quiet
    sheet, found = _read(said, loaded, ask=is_asked, is_shown=not as_json and not quiet)
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


@dataclass(frozen=True, slots=True)
class Said:
    """The options that say how to read a file."""

    file: Path
    into: Path | None
    scenario: str | None
    columns: list[str]
    who: list[str]
    sheet: str | None
    heading_row: int | None
    startex: str | None
    dates: str

    @property
    def is_foreign(self) -> bool:
        """Whether there is an option that is for files of other tools only."""
        return bool(self.who or self.startex or self.dates or self.sheet or self.heading_row is not None)

    def command(self, **more: list[str]) -> str:
        """Return the command with further options."""
        given: dict[str, object] = {
            "into": self.into,
            "scenario": self.scenario,
            "sheet": self.sheet,
            "heading_row": self.heading_row,
        }
        given |= {name: getattr(self, name) or more.pop(name, None) for name in ("startex", "dates")}
        listed = {name: [*getattr(self, name), *more.get(name, [])] for name in ("columns", "who")}
        return command_line("msel", "import", str(self.file), **given, **listed)


def _script(target: Path, scenario: str | None) -> tuple[Script | None, Loaded | None]:
    """Return the inject file to change, with its scenario; None if it is new."""
    if not target.exists():
        return None, None
    from wargame.journal.inputs import read_input
    from wargame.scenario.loading.load import load, load_target
    from wargame.sheets.script import Script

    loaded = load(scenario, [str(target)]) if scenario else load_target(str(target))
    return Script(str(target), read_input(target)), loaded


def _read(said: Said, loaded: Loaded | None, *, ask: bool, is_shown: bool) -> tuple[SheetMsel, ForeignMsel | None]:
    """Return all rows of the file, and what was understood if it is a sheet of another tool.

    Raises Invalid with the problems of all cells.
    """
    from wargame.scenario.loading.load import load
    from wargame.sheets.openaev import SUFFIXES
    from wargame.sheets.reading import read_tables
    from wargame.sheets.sheet_rows import own_msel

    problems: list[Problem] = []
    is_export = said.file.suffix.lower() in SUFFIXES
    tables = [] if is_export else read_tables(said.file, said.sheet or "")
    sheet = None if said.columns or is_export else own_msel(tables, problems)
    found: ForeignMsel | None = None
    if sheet is None:
        if loaded is None and said.scenario is None:
            raise UsageFault(f"{said.file} does not name its scenario; give it with --scenario NAME")
        known = (loaded or load(str(said.scenario))).scenario
        if is_export:
            sheet = _openaev(said, known, problems)
        else:
            found = _foreign(said, known, tables, problems, ask=ask)
            if is_shown and not ask and found.is_read:
                show(found)
            refuse(found.problems, found.questions, said.command)
            sheet = found.msel
    elif said.is_foreign:
        raise UsageFault(
            "--who, --startex, --dates, --sheet and --heading-row are for files from other tools; this one is an export"
            " of wargame"
        )
    if problems:
        raise Invalid(problems)
    if not sheet.rows:
        raise Invalid([Problem(str(said.file), 0, 0, "there are no injects in this file")])
    return sheet, found


def _foreign(said: Said, known: Scenario, tables: list[Table], problems: list[Problem], *, ask: bool) -> ForeignMsel:
    """Read a sheet of another tool; with `ask`, a person answers what it leaves open."""
    from wargame.sheets.foreign_msel import read_foreign
    from wargame.sheets.sheet_map import read_map

    chosen = read_map(said.columns, problems)
    if problems:
        raise Invalid(problems)
    teams = dict(each.rpartition("=")[::2] for each in said.who)
    chosen = replace(
        chosen,
        sheet=said.sheet or chosen.sheet,
        heading_row=chosen.heading_row if said.heading_row is None else said.heading_row,
        who={**chosen.who, **teams},
        startex=said.startex or chosen.startex,
        dates=said.dates or chosen.dates,
    )
    if ask:
        return converse(lambda each: read_foreign(tables, known, each), chosen)
    return read_foreign(tables, known, chosen)


def _openaev(said: Said, known: Scenario, problems: list[Problem]) -> SheetMsel:
    from wargame.sheets.foreign_msel import who_plays
    from wargame.sheets.openaev import openaev_msel
    from wargame.sheets.reading import read_bytes
    from wargame.sheets.teams import Teams, read_teams

    teams = Teams(known, read_teams((each.rpartition("=")[::2] for each in said.who), known))
    sheet = openaev_msel(said.file, read_bytes(said.file), teams, problems)
    refuse(problems, who_plays(teams, known), said.command)
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
