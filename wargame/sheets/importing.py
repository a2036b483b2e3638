"""Imports an MSEL into an inject file: a three-way merge of the sheet, the file, and the state of the export."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from yaml.error import Mark
from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.dataclasses import dataclass, field
from wargame.errors import Invalid, Problem, shortened
from wargame.language.times import parse_time
from wargame.scenario.building.yaml_nodes import elements, keys, read, text, value_of
from wargame.scenario.loading.amend import script_problems
from wargame.scenario.model import Scenario
from wargame.sheets import columns
from wargame.sheets.columns import TRIGGER, WHEN, InjectCells, Shape
from wargame.sheets.foreign import expected_text
from wargame.sheets.script import WORDS, Script, heading_of, new_script, value_text
from wargame.sheets.sheet_rows import PlacedRow, SheetMsel, with_standard_times
from wargame.sheets.table import fault
from wargame.world.calendar import RunCalendar

SHORT = 60
"""Characters of a cell that a message quotes."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The plan of an import. `content` is the new inject file; it equals the old one if nothing changes."""

    content: bytes
    unchanged: tuple[str, ...] = ()
    changed: Mapping[str, Sequence[tuple[str, str, str]]] = field(default_factory=dict)
    """By inject, the cells that differ: heading, the text in the file, the text in the sheet."""
    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Injects of the file that are not in the sheet and stay."""
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Injects that changed in the file since the export, and not in the sheet."""
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The cell of each changed field, by inject and heading."""


def plan_import(
    sheet: SheetMsel, script: Script | None, scenario: Scenario, title: str = "", *, delete: bool = False
) -> ImportPlan:
    """Merge a sheet into an inject file, or into a new one. Raises Invalid with all conflicts and bad cells."""
    sheet = sheet if sheet.is_foreign else with_standard_times(sheet, scenario)
    problems = [problem for placed in sheet.rows for problem in _cell_problems(placed)]
    if problems:
        raise Invalid(problems)
    places = {(p.row.id, heading): at for p in sheet.rows for heading, at in {**p.places, "": p.place}.items()}
    if script is None:
        rows = [placed.row for placed in sheet.rows]
        return ImportPlan(new_script(scenario.name, title, rows), added=tuple(row.id for row in rows), places=places)
    calendar = RunCalendar(scenario.calendar)
    unchanged, kept = [], []
    changed: dict[str, list[tuple[str, str, str]]] = {}
    conflicts: list[Problem] = []
    by_id = {placed.row.id: _completed(placed.row, script, sheet, calendar) for placed in sheet.rows}
    for placed in sheet.rows:
        row, present = by_id[placed.row.id], script.rows.get(placed.row.id)
        if present is None:
            continue
        cells = columns.differences(present, row)
        base = sheet.digests.get(row.id)
        if not cells:
            unchanged.append(row.id)
        elif base == row.digest:
            kept.append(row.id)
        elif base is not None and base != present.digest:
            conflicts += [_conflict(placed, script.label, *each) for each in cells]
        else:
            changed[row.id] = cells
    if conflicts:
        raise Invalid(conflicts)
    added = tuple(name for name in by_id if name not in script.rows)
    gone = tuple(name for name in script.rows if name not in by_id)
    missing, removed = ((), gone) if delete else (gone, ())
    fields = {name: columns.fields_of(heading for heading, _, _ in cells) for name, cells in changed.items()}
    edited = {name: (by_id[name], fields[name]) for name in changed}
    content = script.edited(edited, [by_id[name] for name in added], removed)
    expected = {name: row for name, row in script.rows.items() if name not in removed}
    _assure(content, script.label, expected | {name: by_id[name] for name in (*changed, *added)})
    return ImportPlan(content, tuple(unchanged), changed, added, missing, removed, tuple(kept), places)


def _completed(row: InjectCells, script: Script, sheet: SheetMsel, calendar: RunCalendar) -> InjectCells:
    """Return the row with what the sheet cannot say taken from the inject file: columns missing in the sheet.

    The layout of another tool has dates where the file may have an offset from STARTEX or another trigger, and a text
    for the expected actions. These count as unchanged where they say the same, or nothing.
    """
    present = script.rows.get(row.id)
    if present is None:
        return row
    cells = {heading: cell for heading, cell in present.cells.items() if heading not in sheet.headings} | row.cells
    expected = row.expected if "Expected" in sheet.headings else present.expected
    if sheet.is_foreign:
        if _same_time(row, present, calendar):
            cells |= {heading: present.cells.get(heading, "") for heading in (TRIGGER, WHEN)}
        if expected_text(row) == expected_text(present):
            expected = present.expected
    return InjectCells(row.id, {heading: cell for heading, cell in cells.items() if cell}, expected)


def _same_time(row: InjectCells, present: InjectCells, calendar: RunCalendar) -> bool:
    """Return whether a foreign time means the trigger of the file; no time means any trigger but a date."""
    written, before = row.cells.get(WHEN), present.cells.get(WHEN, "")
    if present.cells.get(TRIGGER) != columns.TRIGGERS["at"]:
        return written is None
    try:
        return written is not None and calendar.seconds(parse_time(written)) == calendar.seconds(parse_time(before))
    except ValueError:
        return False


def _conflict(placed: PlacedRow, label: str, heading: str, present: str, written: str) -> Problem:
    place = placed.places.get(heading, placed.place)
    here, there = (shortened(" ".join(each.split()), SHORT) for each in (written, present))
    message = f"{heading} of '{placed.row.id}' changed here and in {label} since the export: "
    message += f"here '{here}', there '{there}'"
    return fault(place, message, "export again, or write the same in both")


def _assure(content: bytes, label: str, expected: Mapping[str, InjectCells]) -> None:
    """Read the new file and compare it with what was asked for, before anything is written."""
    after = Script(label, content).rows
    # as they are read back from YAML: values in flow style are written in one way
    read = {name: next(iter(Script("", new_script("x", "", [row])).rows.values())) for name, row in expected.items()}
    wrong = sorted(name for name in {*after, *read} if after.get(name) != read.get(name))
    if wrong:
        message = "the file cannot be changed automatically at"
        raise Invalid([fault(label, f"{message} '{name}'", "change it by hand") for name in wrong])


def _cell_problems(placed: PlacedRow) -> list[Problem]:
    """Return the cells with YAML that cannot be read, or with characters that no file can hold."""
    problems: list[Problem] = []
    row = placed.row
    for heading, cell in row.cells.items():
        place = placed.places.get(heading, placed.place)
        shape = columns.BY_HEADING[heading].shape
        if heading == WHEN:
            shape = columns.TRIGGER_SHAPES.get(WORDS.get(row.cells.get(TRIGGER, ""), ""), Shape.PLAIN)
        problems += _value_problems(cell, shape, place)
    for order, each in enumerate(row.expected):
        for column in columns.EXPECTED_COLUMNS:
            if column.heading in each:
                place = placed.places.get(f"Expected {order} {column.heading}", placed.place)
                problems += _value_problems(each[column.heading], column.shape, place)
    return problems


def _value_problems(cell: str, shape: Shape, place: str) -> list[Problem]:
    if bad := next((char for char in cell if ord(char) < 32 and char not in "\n\t"), ""):
        return [fault(place, f"the cell has the control character U+{ord(bad):04X}", "delete it")]
    if shape is Shape.TEXT:
        return []
    problems: list[Problem] = []
    read(place, f"x: {value_text(cell, shape)}\n".encode(), problems)
    return [fault(place, problem.message, problem.remedy) for problem in problems]


def plan_problems(
    plan: ImportPlan, label: str, files: Mapping[str, bytes], folder: Path | None, instead_of: Collection[str]
) -> list[Problem]:
    """Return the problems of the file that an import makes, at the places of its cells; see `script_problems`."""
    problems: list[Problem] = []
    root = read(label, plan.content, problems)
    if root is None:
        return problems
    _place_nodes(root, plan)
    return script_problems(files, root, folder, instead_of)


def _place_nodes(root: MappingNode, plan: ImportPlan) -> None:
    """Give the nodes of new and changed fields the places of their cells, so that checks name the cells."""
    touched = {*plan.added, *plan.changed}
    for item in elements(root, "injects"):
        entries, name = keys(item), text(value_of(item, "id"))
        if name not in touched or (name, "") not in plan.places:
            continue
        row_place = plan.places[name, ""]
        _mark(item, row_place, deep=False)
        for key, (key_node, value) in entries.items():
            if key == "expected" and isinstance(value, SequenceNode):
                _mark_expected(key_node, value, name, plan)
                continue
            place = plan.places.get((name, heading_of(key)), row_place)
            _mark(key_node, place)
            _mark(value, place)
            if key == "action":
                for heading, part in (("Action", "option"), ("Action by", "by"), ("Action to", "to")):
                    if part in keys(value) and (name, heading) in plan.places:
                        _mark(keys(value)[part][1], plan.places[name, heading])


def _mark_expected(key_node: Node, value: SequenceNode, name: str, plan: ImportPlan) -> None:
    row_place = plan.places[name, ""]
    _mark(key_node, plan.places.get((name, "Expected"), row_place))
    headings = {column.field: column.heading for column in columns.EXPECTED_COLUMNS if column.field}
    for order, each in enumerate(value.value):
        _mark(each, plan.places.get((name, "Expected"), row_place))
        for key, (inner, item) in keys(each).items():
            place = plan.places.get((name, f"Expected {order} {headings.get(key, '')}"), row_place)
            _mark(inner, place)
            _mark(item, place)


def _mark(node: Node, place: str, *, deep: bool = True) -> None:
    node.start_mark = Mark(place, 0, -1, -1, None, 0)
    inside = node.value if deep and not isinstance(node.value, str) else ()
    for each in inside:
        for part in each if isinstance(each, tuple) else (each,):
            _mark(part, place)


def title_of(stem: str) -> str:
    """Return a title for a new inject file from the name of the sheet's file."""
    return re.sub(r"[_-]+", " ", stem).strip().capitalize()
