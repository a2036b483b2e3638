"""Sheets as organisations have them import rightly, at once or with the one command that the refusal prints."""

from __future__ import annotations

import re
import shlex
from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from support.in_process import inside
from support.organisations import ORGANISATIONS, Cell, Organisation


def written(organisation: Organisation, folder: Path) -> None:
    """Writes the workbook of an organisation."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (*organisation.above, organisation.headings, *organisation.rows):
        sheet.append(list(row))
    for area in organisation.merged:
        sheet.merge_cells(area)
    book.save(folder / "msel.xlsx")


def imported(organisation: Organisation, folder: Path) -> list[dict[str, Any]]:
    """The injects after an import, for which the command of a refusal is typed once, with the teams filled in."""
    written(organisation, folder)
    done = inside("msel import", "msel.xlsx", "--scenario", "two-rivals", *organisation.words, cwd=folder)
    if done.returncode:
        assert done.returncode == 3, done.stderr
        assert not (folder / "msel.yaml").exists()
        (command,) = re.findall(r"^next: wargame msel import (.*)$", done.stderr, re.MULTILINE)
        words = [organisation.teams.get(word.removesuffix("=GOV"), "") for word in shlex.split(command)]
        typed = [word.replace("=GOV", f"={code}") for word, code in zip(shlex.split(command), words, strict=True)]
        done = inside("msel import", *typed, cwd=folder)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load((folder / "msel.yaml").read_text("utf-8"))["injects"])


def summary(inject: dict[str, Any]) -> tuple[str, str, str]:
    """The title, time and recipients of an inject."""
    to = "-" if inject.get("kind") == "facilitation" else ", ".join(inject.get("audience", ["all"]))
    return str(inject["title"]), str(inject.get("at", "by hand")), to


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.name)
def test_a_sheet_imports_rightly(organisation: Organisation, tmp_path: Path) -> None:
    """Each row is an inject with its time and its recipients."""
    found = [summary(inject) for inject in imported(organisation, tmp_path)]
    assert [each[1:] for each in found] == [each[1:] for each in organisation.makes]
    assert [title[: len(made[0])] for (title, _, _), made in zip(found, organisation.makes, strict=True)] == [
        made[0] for made in organisation.makes
    ]


def texts(cells: tuple[Cell, ...]) -> list[str]:
    """The words of cells that are no times and name something."""
    return [
        word
        for cell in cells
        if cell is not None and not isinstance(cell, date | time)
        for word in re.findall(r"\w{4,}", str(cell))
        if not word[0].isdigit()
    ]


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.name)
def test_no_word_of_a_sheet_is_lost(organisation: Organisation, tmp_path: Path) -> None:
    """What no field takes is in the notes; only words for kinds, channels and teams are translated."""
    injects = imported(organisation, tmp_path)
    translated = {
        "Inject",
        "Expected",
        "Action",
        "Contingent",
        "Contextual",
        "Controller",
        "Actor",
        "Administrative",
        "informational",
    }
    translated |= {
        "Radio",
        "Phone",
        "electronic",
        "Cell",
        "phone",
        "Email",
        "Verbal",
        "NEWS",
        "Handout",
        "message",
        "call",
        "Card",
    }
    translated |= {"Person", "Tous", "Participants", "EMITS", "Call", "Face", "email", "Legal", "Finance", "Juridique"}
    translated |= {word for team in organisation.teams for word in re.findall(r"\w+", team)}
    rows = organisation.rows if len(injects) == len(organisation.rows) else (organisation.headings, *organisation.rows)
    for row, inject in zip(rows, injects, strict=True):
        everything = yaml.safe_dump(inject, allow_unicode=True, width=10_000)
        assert [word for word in texts(row) if word not in everything and word not in translated] == []
