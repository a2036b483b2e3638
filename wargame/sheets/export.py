"""Exports an MSEL: what to export, and the bytes of each format and profile."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from wargame.dataclasses import dataclass
from wargame.errors import Invalid, UsageFault, listed
from wargame.language.times import Time, parse_time
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.sheets import vocabulary, writers
from wargame.sheets.columns import EXECUTED_HEADINGS, HEADINGS, WHEN, InjectCells
from wargame.sheets.foreign import expected_text
from wargame.sheets.msel_book import MSEL, AddedColumns, MselSource, SheetContent, book_of, msel_sheet
from wargame.sheets.reading import read_tables
from wargame.sheets.sheet_rows import is_own_layout, own_msel
from wargame.sheets.table import fault
from wargame.sheets.writers import PlannedInject
from wargame.world.calendar import RunCalendar

FORMATS = (".xlsx", ".ods", ".csv", ".ics", ".md")


@dataclass(frozen=True, slots=True)
class RoomClock:
    """The schedule of the room, which begins at `start`; `rate` is the number of game seconds in one second."""

    start: datetime
    rate: float


def planned(source: MselSource, clock: RoomClock | None = None) -> list[PlannedInject]:
    """Return the injects with their planned times and triggers; those with a time first, in its order."""
    calendar = RunCalendar(source.scenario.calendar)
    titles = {name: inject.title for name, inject in source.injects.items()}
    options = {name: option.title for name, option in source.scenario.options.items()}

    def moment(time: Time) -> str:
        return f"{calendar.at(calendar.seconds(time)):%Y-%m-%d %H:%M}"

    wording = Wording(moment, moment, lambda name: f"'{titles.get(name, name)}'", lambda name: options.get(name, name))
    plans = []
    for row in source.rows:
        inject = source.injects.get(row.id)
        at = None
        if inject is not None and inject.at is not None:
            seconds = calendar.seconds(inject.at)
            at = _wall(clock, seconds - calendar.origin) if clock else calendar.at(seconds)
        plans.append(PlannedInject(row, at, trigger_phrase(inject, wording)[0] if inject else row.cells.get(WHEN, "")))
    latest = max((plan.at for plan in plans if plan.at), default=None)
    return sorted(plans, key=lambda plan: (plan.at is None, plan.at or latest))


def _wall(clock: RoomClock, game: int) -> datetime:
    try:
        return clock.start + timedelta(seconds=game / clock.rate)
    except OverflowError:
        raise UsageFault("at this pace, the exercise ends after the year 9999 (a pace is GAME=WALL: 1d=5m)") from None


def exported(
    source: MselSource,
    suffix: str,
    stamp: datetime,
    *,
    profile: str = "",
    notes: bool = False,
    clock: RoomClock | None = None,
    added: AddedColumns | None = None,
) -> bytes:
    """Return the bytes of a file with this suffix; UsageFault for another one. Calendars have the times of `clock`."""
    if suffix not in FORMATS:
        raise UsageFault(f"an MSEL cannot be written as '{suffix}' (choose a name that ends in {', '.join(FORMATS)})")
    if suffix == ".ics":
        return writers.to_ics(source.scenario.name, planned(source, clock), stamp=stamp, with_notes=notes)
    if suffix == ".md":
        return writers.to_markdown(f"MSEL: {source.scenario.title}", planned(source), with_notes=notes)
    if profile:
        columns = vocabulary.profile(profile)
        meanings = tuple(columns.values())
        rows = tuple(tuple(_foreign_cell(meaning, plan, meanings) for meaning in meanings) for plan in planned(source))
        widths = tuple(50 if meaning in ("message", "notes", "expected") else 18 for meaning in meanings)
        return _spreadsheet((SheetContent(MSEL, tuple(columns), rows, widths, "A2"),), suffix)
    sheet, name = msel_sheet(source, added or {}), source.label or source.scenario.name
    if suffix == ".csv":
        return _spreadsheet((sheet,), suffix)
    cells = [(row[0], cell) for row in sheet.rows for cell in zip(sheet.headings, row, strict=True)]
    long = [(inject, heading) for inject, (heading, text) in cells if len(text) > writers.MOST_CHARACTERS]
    if long:
        what = f"has more than {writers.MOST_CHARACTERS:,} characters, the most of one cell"
        remedy = "shorten it, or export as .csv"
        raise Invalid([fault(f"{name}:{inject}", f"{heading} {what}", remedy) for inject, heading in long])
    return _spreadsheet(book_of(source, added or {}), suffix)


def _foreign_cell(meaning: str, plan: PlannedInject, meanings: Sequence[str]) -> str:
    cells = plan.row.cells
    if meaning == "message" and "title" not in meanings:
        return f"{cells.get('Title', '')}\n\n{cells.get('Message', '')}".strip()
    computed = {
        "when": f"{plan.at:%Y-%m-%d %H:%M}" if plan.at else "",
        "kind": cells.get("Kind", "inject").capitalize(),
        "to": "EXCON" if cells.get("Kind") == "facilitation" else cells.get("To", "All"),
        "expected": expected_text(plan.row),
        "status": plan.row.executed.get("Status", ""),
    }
    return computed[meaning] if meaning in computed else cells.get(meaning.capitalize(), "")


def _spreadsheet(sheets: Sequence[SheetContent], suffix: str) -> bytes:
    """Return the bytes of a spreadsheet; a CSV file has the first sheet."""
    if suffix == ".csv":
        return writers.to_csv(sheets[0].headings, sheets[0].rows)
    return writers.to_xlsx(sheets) if suffix == ".xlsx" else writers.to_ods(sheets)


TABLES = (".xlsx", ".ods", ".csv")
"""Ends of the names of spreadsheets that are written."""


def is_msel(path: Path) -> bool:
    """Return whether a spreadsheet has an MSEL in a layout that is known. Raises Invalid if it cannot be read."""
    tables = read_tables(path)
    return any(is_own_layout(table) or vocabulary.detect(table.headings) is not None for table in tables)


def own_columns(path: Path, rows: Sequence[InjectCells]) -> AddedColumns:
    """Return the columns that an author added to an earlier export, by heading one cell for each row of the new one.

    A file in another layout has none. Raises UsageFault if rows were changed in the file and not imported, since
    writing would lose them, and Invalid if the file cannot be read.
    """
    tables = read_tables(path)
    table = next((each for each in tables if is_own_layout(each)), None)
    earlier = own_msel(tables, []) if table is not None else None
    if table is None or earlier is None:
        return {}
    present = {row.id: row for row in rows}
    edited = [
        placed.row.id
        for placed in earlier.rows
        if earlier.digests
        and placed.row.digest != earlier.digests.get(placed.row.id)
        and placed.row != present.get(placed.row.id)
    ]
    if edited:
        count = f"{len(edited)} row{'s that have' if len(edited) > 1 else ' that has'} not been imported"
        raise UsageFault(f"{path} has {count} ({listed(edited)}); import it first, or choose another name with --out")
    id_column = table.headings.index("Id")
    known = {*HEADINGS, *EXECUTED_HEADINGS}
    extra = {heading: column for column, heading in enumerate(table.headings) if heading and heading not in known}
    by_id = {cells[id_column][0]: cells for _, cells in table.records() if id_column in cells}
    return {
        heading: tuple(by_id.get(row.id, {}).get(column, ("", ""))[0] for row in rows)
        for heading, column in extra.items()
    }


def parse_startex(text: str) -> datetime:
    """Return a date and time, with its offset from UTC if it has one; UsageFault for other texts."""
    try:
        read = parse_time(text)
    except ValueError as error:
        raise UsageFault(f"--startex: {error}") from None
    if read.local is None:
        raise UsageFault(f"--startex {text}: give a date, such as 2017-06-01 or '2017-06-01 09:00'")
    return (
        read.local
        if read.zone_offset is None
        else read.local.replace(tzinfo=timezone(timedelta(seconds=read.zone_offset)))
    )
