"""The content of an exported MSEL, sheet by sheet, before it becomes a file of some format."""

import hashlib
from collections.abc import Mapping, Sequence

from wargame.dataclasses import dataclass, field
from wargame.journal.template_cache import text_lines
from wargame.scenario.model import Scenario
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
class MselBook:
    """An MSEL with what an import needs to know: where it came from, and what each row was."""

    rows: tuple[InjectCells, ...]
    scenario: Scenario
    source: str = ""
    """The inject file, as shown to the user; empty for a run."""
    source_bytes: bytes = b""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns that an author added: by heading one cell for each row."""

    @property
    def sheets(self) -> tuple[SheetContent, ...]:
        """All sheets in their order."""
        named: list[tuple[str, Mapping[str, str]]] = [
            ("Governments", {key: each.name for key, each in self.scenario.governments.items()}),
            ("Options", {key: each.title for key, each in self.scenario.options.items()}),
            ("Dossiers", {key: each.title for key, each in self.scenario.dossiers.items()}),
            ("Objectives", {key: each.title for key, each in self.scenario.objectives.items()}),
            ("Strategies", {key: each.title for key, each in self.scenario.strategies.items()}),
        ]
        headings = tuple(heading for name, _ in named for heading in (name, f"{name}: title"))
        length = max(len(titles) for _, titles in named)
        both = [column for _, titles in named for column in (list(titles), list(titles.values()))]
        rows = tuple(tuple(column[n] if n < len(column) else "" for column in both) for n in range(length))
        lists = SheetContent(LISTS, headings, rows, tuple(24 if n % 2 == 0 else 40 for n in range(len(headings))), "A2")
        lines = text_lines("wargame.sheets", "read_me.txt.j2", scenario=self.scenario, columns=columns.COLUMNS)
        read_me = SheetContent(READ_ME, ("How to use this file",), tuple((line,) for line in lines), (110,))
        return (self.msel(lists), self._expected(lists), lists, read_me, self._hidden())

    def msel(self, lists: SheetContent | None = None) -> SheetContent:
        """Return the sheet with one row for each inject; for a run, it has columns for what happened."""
        executed = columns.EXECUTED_HEADINGS if any(row.executed for row in self.rows) else ()
        headings = (*columns.HEADINGS, *executed, *self.extra)
        rows = tuple(
            (
                *(row.cells.get(heading, "") for heading in columns.HEADINGS),
                *(row.executed.get(heading, "") for heading in executed),
                *(column[number] for column in self.extra.values()),
            )
            for number, row in enumerate(self.rows)
        )
        widths = (*(column.width for column in columns.COLUMNS), *(18 for _ in executed), *(20 for _ in self.extra))
        choices = _choices(lists) if lists else {}
        return SheetContent(MSEL, headings, rows, widths, f"{letters(LEFT_COLUMNS)}2", choices=choices)

    def _expected(self, lists: SheetContent) -> SheetContent:
        rows = tuple(
            (row.id, *(each.get(heading, "") for heading in columns.EXPECTED_HEADINGS[1:]))
            for row in self.rows
            for each in row.expected
        )
        widths = tuple(column.width for column in columns.EXPECTED_COLUMNS)
        choices = {1: _list_source(lists, "Governments"), 6: _list_source(lists, "Objectives")}
        return SheetContent(EXPECTED, columns.EXPECTED_HEADINGS, rows, widths, "B2", choices=choices)

    def _hidden(self) -> SheetContent:
        facts = [
            ("format", FORMAT),
            ("scenario", self.scenario.name),
            ("source", self.source),
            ("source_sha256", hashlib.sha256(self.source_bytes).hexdigest() if self.source_bytes else ""),
        ]
        rows = [*facts, *((f"row {row.id}", row.digest) for row in self.rows)]
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
