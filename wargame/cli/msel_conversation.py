"""Shows what was understood of a sheet of another maker, and asks on a terminal what it leaves open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from wargame.errors import Invalid, Problem, UsageFault, WargameError

if TYPE_CHECKING:
    from wargame.sheets.foreign_msel import ForeignMsel
    from wargame.sheets.sheet_map import SheetMap
    from wargame.sheets.understanding import Question

CHANGE = "Enter imports it; FIELD=COLUMN (such as when=C) or TEAM=GOV changes it; q stops"


def is_terminal() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def show(found: ForeignMsel) -> None:
    """Print the columns of a sheet with their fields and sample values, and what else was understood."""
    from wargame.cli.output import print_blocks
    from wargame.document.blocks import Grid

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
        if not answer:
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


def _answered(found: ForeignMsel, question: Question) -> SheetMap:
    typer.echo(str(question.problem), err=True)
    choices = {choice.lower(): choice for choice in question.choices}
    while True:
        typed = typer.prompt(f"Which ({', '.join(question.choices)})", err=True).strip()
        parts = [choices.get(part.strip().lower()) for part in typed.split(",")]
        if question.option == "--startex":
            return replace(found.chosen, startex=typed)
        if parts and all(parts):
            return _with(found.chosen, question, ", ".join(filter(None, parts)))


def _with(chosen: SheetMap, question: Question, answer: str) -> SheetMap:
    name = question.form.rpartition("=")[0]
    if question.option == "--who":
        return chosen.with_team(name, answer)
    return chosen.with_column(name, answer) if question.option == "--columns" else replace(chosen, dates=answer)


def _changed(chosen: SheetMap, answer: str) -> SheetMap:
    """Return the map with a change that was typed: a field of an inject, or else a team."""
    from wargame.sheets.headings import FIELDS

    name, equals, value = answer.partition("=")
    if not equals:
        raise UsageFault(f"'{answer}' is no change")
    return chosen.with_column(name.strip(), value) if name.strip() in FIELDS else chosen.with_team(name.strip(), value)


def refuse(problems: Sequence[Problem], questions: Sequence[Question], command: Callable[..., str]) -> None:
    """Raise Invalid with what is wrong and open, after the command that answers what is open."""
    if not problems and not questions:
        return
    options: dict[str, list[str]] = {}
    for question in questions:
        options.setdefault(question.option.removeprefix("--"), []).append(_example(question))
    if not problems:
        typer.echo(f"next: {command(**options)}", err=True)
    raise Invalid([*problems, *(question.problem for question in questions)])


def _example(question: Question) -> str:
    """Return the answer to type; a government is a word in capitals that the person replaces."""
    if question.option == "--who":
        return question.form.format("all" if question.form.startswith("=") else "GOV")
    return question.form.format(question.choices[0] if question.choices else "COLUMN")
