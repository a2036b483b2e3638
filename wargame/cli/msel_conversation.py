"""Reads the file of `wargame msel import`, and asks on a terminal what a sheet of another maker leaves open."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import typer

from wargame.cli.msel_source import scripts_of
from wargame.cli.output import command_line, print_blocks
from wargame.document.blocks import Grid
from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.journal.inputs import read_input
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.load import Loaded, load, load_target
from wargame.scenario.model import Scenario
from wargame.sheets.foreign_msel import ForeignMsel, read_foreign
from wargame.sheets.importing import ImportPlan, plan_import, plan_problems, title_of
from wargame.sheets.reading import read_bytes
from wargame.sheets.script import Script
from wargame.sheets.sheet_draft import read_rows_of, sent_sheet
from wargame.sheets.sheet_map import SheetMap, read_map
from wargame.sheets.sheet_rows import SheetMsel
from wargame.sheets.understanding import OpenPoint
from wargame.sheets.vocabulary import FIELDS
from wargame.tables import by_key

FOREIGN = ("who", "startex", "dates", "early", "sheet", "heading_row")
"""Options for files of other tools only."""
CHANGE = "Enter imports it; FIELD=COLUMN (such as when=C) or TEAM=GOV changes it; q stops"


def is_terminal() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def show(found: ForeignMsel) -> None:
    """Print the columns of a sheet with their fields and sample values, and what else was understood."""
    table = found.columns.table
    row = f"headings in row {table.heading_row}" if table.heading_row else "no row of headings"
    typer.echo(f"{table.file}{f', sheet {table.sheet}' if table.sheet else ''}, {row}")
    heads = ("Column", "Heading", "Field", "Values")
    print_blocks([Grid("", heads, tuple(found.rows)), Grid("", (), tuple(found.facts))])
    sys.stdout.flush()


def converse(read: Callable[[SheetMap], ForeignMsel], chosen: SheetMap) -> ForeignMsel:
    """Ask until nothing is open and the person confirms; `read` reads the sheet with what was said so far."""
    found, is_shown = read(chosen), False
    while found.is_read:
        if not is_shown:
            show(found)
        if found.problems:
            break
        if found.questions:
            found, is_shown = read(_answered(found, found.questions[0])), len(found.questions) > 1
            continue
        answer = typer.prompt(CHANGE, default="", show_default=False, err=True).strip()
        if answer.lower() in ("", "y", "yes"):
            break
        if answer == "q":
            raise UsageFault("nothing was imported")
        found, is_shown = _tried(read, found, answer)
    return found


def _tried(read: Callable[[SheetMap], ForeignMsel], found: ForeignMsel, answer: str) -> tuple[ForeignMsel, bool]:
    """Return the sheet after a change that was typed; as it was, and why, if the change cannot be made."""
    try:
        changed = read(_changed(found.chosen, answer))
    except WargameError as error:
        typer.echo(str(error), err=True)
        return found, True
    if changed.is_read:
        return changed, False
    for problem in changed.problems:
        typer.echo(str(problem), err=True)
    return found, True


def _answered(found: ForeignMsel, question: OpenPoint) -> SheetMap:
    typer.echo(str(question.problem), err=True)
    choices = {choice.lower(): choice for choice in question.choices}
    while True:
        typed = typer.prompt(f"Which ({', '.join(question.choices)})", err=True).strip()
        parts = [choices.get(part.strip().lower()) for part in typed.split(",")]
        if question.option == "--startex":
            return replace(found.chosen, startex=typed)
        if parts and all(parts):
            return _with(found.chosen, question, ", ".join(filter(None, parts)))


def _with(chosen: SheetMap, question: OpenPoint, answer: str) -> SheetMap:
    name = question.name or ""
    if question.option == "--who":
        return chosen.with_team(name, answer)
    if question.option == "--columns":
        return chosen.with_column(name, answer)
    return replace(chosen, early=answer) if question.option == "--early" else replace(chosen, dates=answer)


def _changed(chosen: SheetMap, answer: str) -> SheetMap:
    """Return the map with a change that was typed: a field of an inject, or else a team."""
    name, equals, value = answer.partition("=")
    if not equals:
        raise UsageFault(f"'{answer}' is not a change")
    return chosen.with_column(name.strip(), value) if name.strip() in FIELDS else chosen.with_team(name.strip(), value)


def refuse(problems: Sequence[Problem], questions: Sequence[OpenPoint], command: Callable[..., str]) -> None:
    """Raise Invalid with what is wrong and open, after the command that answers what is open."""
    if not problems and not questions:
        return
    options = by_key((question.option.removeprefix("--"), _example(question)) for question in questions)
    if not problems:
        typer.echo(f"next: {command(**options)}", err=True)
    raise Invalid([*problems, *(question.problem for question in questions)])


def _example(question: OpenPoint) -> str:
    """Return the answer to type; a government is a word in capitals that the person replaces."""
    if question.option == "--who":
        return question.answered("GOV" if question.name else "all")
    return question.answered(question.choices[0] if question.choices else "COLUMN")


def inject_file(target: Path, scenario: str | None) -> tuple[Script | None, Loaded | None]:
    """Return the inject file to change, with its scenario; None if it is new."""
    if not target.exists():
        return None, None
    loaded = load(scenario, [str(target)]) if scenario else load_target(str(target))
    return Script(str(target), read_input(target)), loaded


def read_sheet(
    file: Path, given: dict[str, Any], loaded: Loaded | None, *, ask: bool, is_shown: bool
) -> tuple[SheetMsel, ForeignMsel | None]:
    """Return all rows of the file, and what was understood if it is a sheet of another tool.

    `given` has the options that say how to read it. Raises Invalid with the problems of all cells.
    """
    known = loaded or (load(str(given["scenario"])) if given["scenario"] else None)
    scenario, command = known.scenario if known else None, partial(_command, file, given)
    draft = read_rows_of(sent_sheet(str(file), read_bytes(file), given["sheet"] or ""), _chosen(given), scenario)
    found = draft.found
    if found is None:
        if draft.tables and any(given[name] not in (None, []) for name in FOREIGN):
            named = ", ".join(f"--{name.replace('_', '-')}" for name in FOREIGN)
            raise UsageFault(f"{named} are for files from other tools; this one is an export of wargame")
        refuse(draft.problems, draft.questions, command)
        return cast("SheetMsel", draft.msel), None
    if ask:
        found = converse(lambda each: read_foreign(draft.tables, cast("Scenario", scenario), each), draft.chosen)
    elif is_shown and (found.is_read or not found.problems):
        show(found)
    refuse(found.problems, found.questions, command)
    if not found.msel.rows:
        raise Invalid.in_file(file, "there are no injects in this file")
    return found.msel, found


def _command(file: Path, given: dict[str, Any], **more: list[str]) -> str:
    """Return the command with further options."""
    listed = {name: [*given[name], *more.pop(name, [])] for name in ("columns", "who")}
    return command_line("msel", "import", str(file), **given | more | listed)


def _chosen(given: dict[str, Any]) -> SheetMap:
    """Return what the options say; an empty name of a team is that of empty cells."""
    problems: list[Problem] = []
    chosen = read_map(given["columns"], problems)
    if problems:
        raise Invalid(problems)
    for each in given["who"]:
        if "=" not in each:
            raise UsageFault(f'--who {each}: write "TEAM=GOV", such as "Blue Team=KOR", or "=all" for empty cells')
        name, _, codes = each.rpartition("=")
        chosen = chosen.with_team(name, codes)
    return replace(chosen, **{name: given[name] for name in FOREIGN if name != "who" and given[name] is not None})


def planned(
    sheet: SheetMsel, script: Script | None, loaded: Loaded | None, scenario: str | None, target: Path, *, delete: bool
) -> tuple[ImportPlan, bytes, list[Problem]]:
    """Return what to write, what the file has now, and the problems of the result."""
    name = script.scenario if script else scenario or sheet.scenario
    known = loaded or load(name)
    _check_target(sheet, script, known)
    plan = plan_import(sheet, script, known.scenario, title_of(target.stem), delete=delete)
    base = read_input(target) if script else b""
    own = [each for each, data in scripts_of(known).items() if script and data == base]
    return plan, base, plan_problems(plan, str(target), known.files, target.parent, own)


def _check_target(sheet: SheetMsel, script: Script | None, known: Loaded) -> None:
    """Raise UsageFault if most rows are injects that another file of the scenario has: the sheet is for that file."""
    elsewhere = {inject.id for inject in known.injects} - set(script.rows if script else ())
    shared = sum(row.row.id in elsewhere for row in sheet.rows)
    if not shared or 2 * shared < len(sheet.rows):
        return
    name = known.scenario.name
    remedy = "give the file that has them with --into FILE"
    if name in {entry.name for entry in catalogue.scenarios()}:
        remedy = f"copy the scenario with `wargame init DIR --from {name}`, then import with --into DIR/msel.yaml"
    raise UsageFault(f"{shared} of the {len(sheet.rows)} injects of this sheet are in {name} already ({remedy})")
