"""Spreadsheets for tests: exports, edits as a person would make them, and imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import openpyxl

from wargame.scenario.loading.load import Loaded, load
from wargame.sheets import export
from wargame.sheets.importing import ImportPlan, plan_import
from wargame.sheets.msel_book import MselSource
from wargame.sheets.reading import read_tables
from wargame.sheets.script import Script
from wargame.sheets.sheet_rows import own_msel

STAMP = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def loaded(scenario: str) -> Loaded:
    """A built-in scenario, read once."""
    return load(scenario)


def source_of(path: Path) -> MselSource:
    """The MSEL of an inject file of a built-in scenario, also of a copy whose ids the scenario has already."""
    script = Script(str(path), path.read_bytes())
    known = loaded(script.scenario)
    injects = {inject.id: inject for inject in known.injects}
    return MselSource(tuple(script.rows.values()), known.scenario, injects, str(path), path.read_bytes())


def exported(source: MselSource, out: Path, profile: str = "") -> Path:
    """Writes an export to `out`."""
    out.write_bytes(export.exported(source, out.suffix, STAMP, profile=profile))
    return out


def imported(sheet: Path, script: Path, *, delete: bool = False) -> ImportPlan:
    """The plan of importing a sheet of our own layout into an inject file."""
    msel = own_msel(read_tables(sheet), [])
    assert msel is not None
    target = Script(str(script), script.read_bytes())
    return plan_import(msel, target, loaded(target.scenario).scenario, delete=delete)


def edit(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    """Opens a workbook, changes it and saves it."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def set_cell(path: Path, inject: str, heading: str, value: object) -> None:
    """Changes one cell of the sheet MSEL."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["MSEL"]
        headings = [cell.value for cell in sheet[1]]
        row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == inject)
        row[headings.index(heading)].value = value  # type: ignore[assignment]  # the stubs know no plain value

    edit(path, change)


def workbook(path: Path, rows: Sequence[Sequence[object]], name: str = "Sheet1") -> Path:
    """Writes a workbook with one sheet."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
