"""Rows of injects read from a file, each cell with its place."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Invalid, Problem, shortened
from wargame.language.times import NotATime, parse_time
from wargame.scenario.model import Scenario
from wargame.sheets.columns import EXPECTED_HEADINGS, HEADINGS, TRIGGER, TRIGGERS, WHEN, InjectCells
from wargame.sheets.foreign_times import TimeRules, date_order, game_time, is_time, read_time
from wargame.sheets.msel_book import EXPECTED, FORMAT, HIDDEN, MSEL
from wargame.sheets.table import Cell, Table, fault, find_columns, letters
from wargame.world.calendar import RunCalendar


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """An inject with the place of its row and of each cell by heading."""

    row: InjectCells
    place: str
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetMsel:
    """All that a file says about an MSEL. `digests` are hashes of rows as exported, by id; foreign files have none."""

    file: str
    rows: tuple[PlacedRow, ...]
    headings: frozenset[str]
    """The columns that the file has, `Expected` among them; what the others say stays as it is in the inject file."""
    scenario: str = ""
    source: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    is_foreign: bool = False
    """Whether the layout is of another tool, which has dates but no other triggers, and expected actions as text."""


NEEDED = ("Id", "Title", TRIGGER, WHEN)
"""The columns by which a sheet of an export is known."""


def is_own_layout(table: Table) -> bool:
    """Return whether a sheet has the columns that an export writes."""
    return not _lacking(table)


def _lacking(table: Table) -> list[str]:
    headings = {heading.strip() for heading in table.headings}
    return [each for each in NEEDED if each not in headings]


def own_msel(tables: list[Table], problems: list[Problem]) -> SheetMsel | None:
    """Return the MSEL of a file in the layout of an export; None if it has another layout.

    Raises Invalid if it is an export of which a column that an import needs has another name.
    """
    by_name = {table.sheet: table for table in tables}
    main = by_name.get(MSEL) or next((table for table in tables if is_own_layout(table)), None)
    if main is not None and HIDDEN in by_name and (lacking := _lacking(main)):
        raise Invalid([_renamed(main, heading) for heading in lacking])
    if main is None or not is_own_layout(main):
        return None
    message = "these cells are merged, so that it is not clear which rows they belong to"
    for first, left, last, right in main.merged:
        if last > first:  # those within one row are titles, whose text stays
            place = f"{main.place(first, left)}:{letters(right)}{main.heading_row + last + 1}"
            problems.append(fault(place, message, "unmerge them and fill in each row"))
    hidden = by_name[HIDDEN].records() if HIDDEN in by_name else ()
    facts = {cells[0][0]: cells.get(1, ("", ""))[0] for _, cells in hidden if 0 in cells}
    warnings = not_read(main, [table for table in tables if table is not main and is_own_layout(table)])
    if facts and facts.get("format") != FORMAT:
        place = f"{main.file}:{HIDDEN}"
        problems.append(fault(place, f"unknown format '{shortened(facts.get('format', ''))}'", f"it is {FORMAT}"))
    expected = _expected(by_name.get(EXPECTED), problems)
    rows = _rows(main, expected, problems, warnings)
    known = {placed.row.id for placed in rows}
    for name, listed in expected.items():
        if name not in known:
            message = f"there is no inject '{shortened(name)}' in the sheet {main.sheet or 'MSEL'}"
            problems.append(fault(listed[0][1]["Inject"], message, "correct the id, or delete the row"))
    digests = {key.removeprefix("row "): value for key, value in facts.items() if key.startswith("row ")}
    headings = {heading for heading in HEADINGS if heading in {each.strip() for each in main.headings}}
    headings |= {"Expected"} if EXPECTED in by_name else set()
    source, scenario = facts.get("source", ""), facts.get("scenario", "")
    return SheetMsel(main.file, tuple(rows), frozenset(headings), scenario, source, digests, tuple(warnings))


def _renamed(table: Table, heading: str) -> Problem:
    """Return a column of an export that is not there, with the column that may be it."""
    others = {each.strip(): i for i, each in enumerate(table.headings) if each.strip() and each.strip() not in HEADINGS}
    close = get_close_matches(heading, others, n=1)
    place = table.heading_place(others[close[0]]) if close else f"{table.file}:{table.sheet}"
    remedy = f"write '{heading}' in place of '{shortened(close[0])}'" if close else "export the MSEL again"
    return fault(place, f"the column '{heading}' is missing", remedy)


def not_read(main: Table, others: list[Table]) -> list[Problem]:
    """Return warnings for sheets that also list injects: only one is read."""
    message = f"this sheet also lists injects and is not read; only '{main.sheet}' is"
    remedy = "put all rows into one sheet"
    return [
        fault(f"{each.file}:{each.sheet}", f"hidden: {message}" if each.is_hidden else message, remedy)
        for each in others
    ]


def _by_heading(table: Table, columns: Mapping[str, int]) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Yield the rows with a cell in one of these columns, by number, with their cells by heading."""
    for number, cells in table.records():
        if inside := {heading: cells[column] for heading, column in columns.items() if column in cells}:
            yield number, inside


_Expected = dict[str, list[tuple[dict[str, str], dict[str, str]]]]


def _expected(table: Table | None, problems: list[Problem]) -> _Expected:
    """Return the expected actions by inject, each as cells and places by heading."""
    by_inject: _Expected = {}
    if table is None:
        return by_inject
    columns = find_columns(table, EXPECTED_HEADINGS, problems)
    problems += table.broken_cells(columns.values())
    for number, inside in _by_heading(table, columns):
        name = inside.pop("Inject", ("", ""))
        if not name[0]:
            place = table.place(number, columns.get("Inject", 0))
            problems.append(fault(place, "the id of the inject is missing"))
            continue
        places = {heading: place for heading, (_, place) in inside.items()} | {"Inject": name[1]}
        by_inject.setdefault(name[0], []).append(({heading: cell for heading, (cell, _) in inside.items()}, places))
    return by_inject


def _rows(table: Table, expected: _Expected, problems: list[Problem], warnings: list[Problem]) -> list[PlacedRow]:
    columns = find_columns(table, HEADINGS, problems)
    problems += table.broken_cells(columns.values())
    seen: dict[str, str] = {}
    rows = []
    for number, inside in _by_heading(table, columns):
        place = table.place(number, columns["Id"])
        name = inside.get("Id", ("", place))[0]
        if not name:
            problems.append(fault(place, "the id is missing", "letters, digits, _ and -, a letter first"))
            continue
        if name in seen:
            problems.append(fault(place, f"the id '{shortened(name)}' is written twice", f"first in {seen[name]}"))
            continue
        seen[name] = place
        _check_trigger(inside, table.place(number, columns[TRIGGER]), problems)
        for heading in (WHEN, "Until"):
            if heading in columns and (number, columns[heading]) in table.typed:
                message = f"this date is read as {inside[heading][0]}"
                remedy = "a cell that is formatted as text stays as you type it"
                warnings.append(fault(table.place(number, columns[heading]), message, remedy))
        mine = expected.get(name, [])
        places = {heading: at for heading, (_, at) in inside.items()}
        if mine:
            places["Expected"] = mine[0][1]["Inject"]
            for order, (_, at) in enumerate(mine):
                places |= {f"Expected {order} {heading}": where for heading, where in at.items()}
        texts = {heading: cell for heading, (cell, _) in inside.items()}
        if not texts.get(TRIGGER):  # written out, as an export does
            texts[TRIGGER] = "at" if WHEN in texts else "by hand"
        rows.append(PlacedRow(InjectCells(name, texts, tuple(each for each, _ in mine)), place, places))
    return rows


def _check_trigger(inside: Mapping[str, Cell], place: str, problems: list[Problem]) -> None:
    word = inside.get(TRIGGER, ("", place))[0]
    words = ", ".join(TRIGGERS.values())
    if word and word not in TRIGGERS.values():
        problems.append(fault(place, f"there is no trigger '{shortened(word)}'", f"it is one of {words}"))
    elif WHEN in inside and (word == "by hand" or (not word and not is_time(inside[WHEN][0]))):
        message = f"{'the trigger' if word else 'without a trigger, it'} is by hand, which takes no time or condition"
        problems.append(fault(inside[WHEN][1], message, f"choose a trigger ({words}), or empty this cell"))
    elif word not in ("", "by hand") and WHEN not in inside:
        problems.append(fault(place, f"the trigger '{word}' needs a value in the column {WHEN}"))


def with_standard_times(sheet: SheetMsel, scenario: Scenario) -> SheetMsel:
    """Return the rows with the times of people in the form of inject files; what is no time stays, for the checks."""
    calendar = RunCalendar(scenario.calendar)
    rules = TimeRules(calendar.at(calendar.origin).replace(tzinfo=None), scenario.calendar.zone)
    texts = [placed.row.cells.get(WHEN, "") for placed in sheet.rows if placed.row.cells.get(TRIGGER) == TRIGGERS["at"]]
    order = date_order(texts)
    problems: list[Problem] = []
    rows = [_standard(placed, order, rules, problems) for placed in sheet.rows]
    if problems:
        raise Invalid(problems)
    return replace(sheet, rows=tuple(rows))


def _standard(placed: PlacedRow, order: str, rules: TimeRules, problems: list[Problem]) -> PlacedRow:
    row, written = placed.row, placed.row.cells.get(WHEN, "")
    if row.cells.get(TRIGGER) != TRIGGERS["at"] or _is_standard(written):
        return placed
    try:
        text = game_time(read_time(written, order), rules)
    except NotATime:
        return placed
    except ValueError as error:
        problems.append(fault(placed.places.get(WHEN, placed.place), str(error)))
        return placed
    return replace(placed, row=replace(row, cells=row.cells | {WHEN: text}))


def _is_standard(text: str) -> bool:
    try:
        parse_time(text)
    except NotATime:
        return False
    except ValueError:
        return True  # a date that does not exist: the checks of inject files say why
    return True
