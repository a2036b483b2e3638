"""The content of an exported MSEL, sheet by sheet, before it becomes a file of some format."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from wargame.dataclasses import dataclass, field
from wargame.journal.template_cache import text_lines
from wargame.scenario.model import Inject, Scenario
from wargame.sheets import columns
from wargame.sheets.columns import TRIGGER, InjectCells
from wargame.sheets.table import letters

FORMAT = "wargame-msel/1"
MSEL, EXPECTED, LISTS, READ_ME, HIDDEN = "MSEL", "Expected", "Lists", "Read me", "_wargame"
LEFT_COLUMNS = 2
"""The columns Id and Title stay in view."""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet. `choices` maps columns to the source of their drop-down lists."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    frozen: str = ""
    hidden: bool = False
    choices: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MselSource:
    """An MSEL to export: its rows in the order of the file, and the injects by id as far as they could be read."""

    rows: tuple[InjectCells, ...]
    scenario: Scenario
    injects: Mapping[str, Inject]
    label: str = ""
    """The inject file, as shown to the user; empty for a run."""
    data: bytes = b""
    pace: float = 0.0
    """Game seconds in one second of the room, as the exercise plans it on average; 0 if there is no exercise."""


AddedColumns = Mapping[str, tuple[str, ...]]
"""Columns that an author added to an earlier export: by heading one cell for each row."""


def book_of(source: MselSource, added: AddedColumns) -> tuple[SheetContent, ...]:
    """Return all sheets in their order, with what an import needs to know: the source, and what each row was."""
    scenario = source.scenario
    named: dict[str, Mapping[str, str]] = {
        "Governments": {key: each.name for key, each in scenario.governments.items()},
        "Options": {key: each.title for key, each in scenario.options.items()},
        "Dossiers": {key: each.title for key, each in scenario.dossiers.items()},
        "Objectives": {key: each.title for key, each in scenario.objectives.items()},
        "Strategies": {key: each.title for key, each in scenario.strategies.items()},
    }
    headings = tuple(heading for name in named for heading in (name, f"{name}: title"))
    both = [column for titles in named.values() for column in (titles.keys(), titles.values())]
    rows = tuple(zip_longest(*both, fillvalue=""))
    lists = SheetContent(LISTS, headings, rows, (24, 40) * len(named), "A2")
    lines = text_lines("wargame.sheets", "read_me.txt.j2", scenario=scenario, columns=columns.COLUMNS)
    read_me = SheetContent(READ_ME, ("How to use this file",), tuple((line,) for line in lines), (110,))
    return (msel_sheet(source, added, lists), _expected(source, lists), lists, read_me, _hidden(source))


def msel_sheet(source: MselSource, added: AddedColumns, lists: SheetContent | None = None) -> SheetContent:
    """Return the sheet with one row for each inject; for a run, it has columns for what happened."""
    executed = columns.EXECUTED_HEADINGS if any(row.executed for row in source.rows) else ()
    headings = (*columns.HEADINGS, *executed, *added)
    rows = tuple(
        (
            *(row.cells.get(heading, "") for heading in columns.HEADINGS),
            *(row.executed.get(heading, "") for heading in executed),
            *(column[number] for column in added.values()),
        )
        for number, row in enumerate(source.rows)
    )
    widths = (*(column.width for column in columns.COLUMNS), *(18 for _ in executed), *(20 for _ in added))
    choices = _choices(lists) if lists else {}
    return SheetContent(MSEL, headings, rows, widths, f"{letters(LEFT_COLUMNS)}2", choices=choices)


def _expected(source: MselSource, lists: SheetContent) -> SheetContent:
    rows = tuple(
        (row.id, *(each.get(heading, "") for heading in columns.EXPECTED_HEADINGS[1:]))
        for row in source.rows
        for each in row.expected
    )
    widths = tuple(column.width for column in columns.EXPECTED_COLUMNS)
    choices = {1: _list_source(lists, "Governments"), 6: _list_source(lists, "Objectives")}
    return SheetContent(EXPECTED, columns.EXPECTED_HEADINGS, rows, widths, "B2", choices=choices)


def _hidden(source: MselSource) -> SheetContent:
    facts = [
        ("format", FORMAT),
        ("scenario", source.scenario.name),
        ("source", source.label),
        ("source_sha256", hashlib.sha256(source.data).hexdigest() if source.data else ""),
    ]
    rows = [*facts, *((f"row {row.id}", row.digest) for row in source.rows)]
    return SheetContent(HIDDEN, ("Key", "Value"), tuple(rows), (30, 70), hidden=True)


def _list_source(lists: SheetContent, heading: str) -> str:
    column = lists.headings.index(heading)
    count = sum(1 for row in lists.rows if row[column])
    letter = letters(column)
    return f"'{LISTS}'!${letter}$2:${letter}${max(count, 1) + 1}"


def _choices(lists: SheetContent) -> dict[int, str]:
    """Return the drop-down lists of the sheet MSEL: words in the formula, ids from the sheet Lists."""
    words: dict[str, Sequence[str]] = {TRIGGER: tuple(columns.TRIGGERS.values()), "Enabled": ("true", "false")}
    words |= {"Kind": columns.closed_list("kind"), "Channel": columns.closed_list("channel")}
    ids = {"Action": "Options", "Action by": "Governments", "Action to": "Governments", "Objective": "Objectives"}
    choices = {columns.HEADINGS.index(heading): f'"{",".join(each)}"' for heading, each in words.items()}
    return choices | {columns.HEADINGS.index(heading): _list_source(lists, name) for heading, name in ids.items()}
