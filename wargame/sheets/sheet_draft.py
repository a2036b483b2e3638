"""A sheet on its way into the MSEL of a run: what was said about it, and what its import would change."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from yaml.nodes import Node

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.scenario.model import Scenario
from wargame.sheets.columns import fields_of, row_of
from wargame.sheets.foreign_msel import ForeignMsel, read_foreign, who_plays
from wargame.sheets.importing import ImportPlan, plan_import, plan_problems
from wargame.sheets.openaev import SUFFIXES, openaev_msel
from wargame.sheets.reading import tables_of
from wargame.sheets.script import Script, edit_of, new_script
from wargame.sheets.sheet_map import SheetMap, SheetTeams, Team, read_teams
from wargame.sheets.sheet_rows import SheetMsel, own_msel
from wargame.sheets.table import Table
from wargame.sheets.understanding import OpenPoint

PRESENT = "the MSEL of this exercise"
"""The name of the present injects in messages."""


@dataclass(frozen=True, slots=True)
class SheetDraft:
    """A file that was sent, and how it is read. It can be imported if there is a plan.

    `found` is what was understood of a sheet of another tool; None for an export of ours, and for an export of OpenAEV,
    which has no `tables`. `teams` are those that a file of another tool names.
    """

    name: str
    data: bytes
    tables: tuple[Table, ...]
    chosen: SheetMap = field(default_factory=SheetMap)
    present: bytes = b""
    """The MSEL with which the sheet was compared, as an inject file."""
    found: ForeignMsel | None = None
    msel: SheetMsel | None = None
    teams: tuple[Team, ...] = ()
    plan: ImportPlan | None = None
    questions: tuple[OpenPoint, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """A hash of all that decides what an import changes."""
        return hashlib.sha256(repr((self.name, self.data, self.chosen, self.present)).encode()).hexdigest()[:16]

    def commands(self, *, skips: bool) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the commands of an import, with their data; with `skips`, injects that the sheet lacks are skipped."""
        if self.plan is None:
            return
        rows = Script(PRESENT, self.plan.content).rows
        for name, cells in self.plan.changed.items():
            for each in fields_of(heading for heading, _, _ in cells):
                field, value = edit_of(each, rows[name])
                yield "edit", {"inject": name, "field": field, "value": value}
        if self.plan.added:
            added = new_script("", "", [rows[name] for name in self.plan.added])
            yield "inject", {"yaml": added.decode().partition("injects:\n")[2]}
        for name in self.plan.missing if skips else ():
            yield "skip", {"inject": name}


def sent_sheet(name: str, data: bytes, sheet: str = "") -> SheetDraft:
    """Return a file that was sent, with its sheets or this one; Invalid if it is not a sheet by name or content."""
    is_export = Path(name).suffix.lower() in SUFFIXES
    if not data.strip():
        raise Invalid.in_file(name, "the file is empty")
    return SheetDraft(name, data, () if is_export else tuple(tables_of(name, data, sheet)))


def understood(
    sent: SheetDraft, chosen: SheetMap, scenario: Scenario, items: Mapping[str, Node], files: Mapping[str, bytes]
) -> SheetDraft:
    """Return the draft after reading its file in this way, compared with the present injects of a run.

    `files` are the inputs of the run. What is wrong or open is in the draft.
    """
    present = new_script(scenario.name, "", map(row_of, items.values()))
    blank = replace(sent, chosen=chosen, present=present, found=None, msel=None, plan=None, questions=(), problems=())
    try:
        draft = read_rows_of(blank, chosen, scenario)
        if draft.questions or draft.problems or draft.msel is None:
            return draft
        plan = plan_import(draft.msel, Script(PRESENT, present), scenario)
        played = {item.start_mark.name for item in items.values()}
        problems = plan_problems(plan, PRESENT, files, None, played)
        return replace(draft, problems=tuple(problems)) if problems else replace(draft, plan=plan)
    except Invalid as error:
        return replace(blank, problems=error.problems or (Problem(blank.name, 0, 0, str(error)),))
    except WargameError as error:
        return replace(blank, problems=(Problem(blank.name, 0, 0, str(error)),))


def read_rows_of(draft: SheetDraft, chosen: SheetMap, scenario: Scenario | None) -> SheetDraft:
    """Return the draft with the rows of its file, and what is wrong with them or open.

    Only an export of ours is read without a scenario. Raises UsageFault without one, and Invalid for some problems.
    """
    problems: list[Problem] = []
    questions: list[OpenPoint] = []
    found, teams, is_foreign = None, None, bool(chosen.columns or chosen.profile)
    msel = own_msel(list(draft.tables), problems) if draft.tables and not is_foreign else None
    if msel is None:
        if scenario is None:
            raise UsageFault(f"{draft.name} does not name its scenario; give it with --scenario NAME")
        if draft.tables:
            found = read_foreign(draft.tables, scenario, chosen)
            msel, questions, teams = found.msel, list(found.questions), found.sheet.rules.teams
            problems += found.problems
        else:
            teams = SheetTeams(scenario, read_teams(chosen.who.items(), scenario))
            msel = openaev_msel(Path(draft.name), draft.data, teams, problems)
            questions = who_plays(teams, scenario)
    if draft.tables and not (msel.rows or problems or questions):
        problems.append(Problem(draft.name, 0, 0, "there are no injects in this file"))
    named = tuple(teams.named.values()) if teams else ()
    return replace(
        draft, chosen=chosen, found=found, msel=msel, teams=named, questions=tuple(questions), problems=tuple(problems)
    )
