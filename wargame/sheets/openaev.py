"""Reads the JSON export of OpenAEV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import Invalid, Problem
from wargame.language.times import DAY
from wargame.sheets.columns import TRIGGER, WHEN, MselRow, clean
from wargame.sheets.foreign import ForeignRules, inject_id, recipients
from wargame.sheets.foreign_times import offset_text
from wargame.sheets.sheet_rows import PlacedRow, SheetMsel


class _Team(msgspec.Struct):
    team_id: str = ""
    team_name: str = ""


class _OpenAevInject(msgspec.Struct):
    inject_id: str
    inject_title: str
    inject_description: str | None = None
    inject_enabled: bool = True
    inject_depends_duration: int = 0
    inject_depends_on: Any = None
    inject_teams: list[Any] = msgspec.field(default_factory=list)
    inject_content: dict[str, Any] | None = None


class _OpenAevExport(msgspec.Struct):
    export_version: int
    exercise_injects: list[_OpenAevInject] | None = None
    scenario_injects: list[_OpenAevInject] | None = None
    exercise_teams: list[_Team] | None = None
    scenario_teams: list[_Team] | None = None


def openaev_msel(path: Path, data: bytes, rules: ForeignRules, problems: list[Problem]) -> SheetMsel:
    """Return the injects of an OpenAEV export (`export_version` 1); each place is the position in the list."""
    try:
        export = msgspec.json.decode(data, type=_OpenAevExport)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        remedy = "export the exercise or scenario as JSON in OpenAEV"
        raise Invalid([Problem(str(path), 0, 0, f"this is not an export of OpenAEV: {error}", remedy)]) from None
    if export.export_version != 1:
        message = f"export_version is {export.export_version}; only version 1 can be read"
        raise Invalid([Problem(str(path), 0, 0, message)])
    injects = export.exercise_injects or export.scenario_injects or []
    teams = {team.team_id: team.team_name for team in export.exercise_teams or export.scenario_teams or []}
    ids: dict[str, str] = {}
    names = {
        inject.inject_id: inject_id("", inject.inject_title, f"{path}:inject {number}", ids, problems)
        for number, inject in enumerate(injects, start=1)
    }
    rows = [
        _openaev_row(inject, names, teams, f"{path}:inject {number}", rules, problems)
        for number, inject in enumerate(injects, start=1)
    ]
    headings = {"Id", "Title", "Kind", "Message", "To", "Enabled", TRIGGER, WHEN}
    return SheetMsel(str(path), tuple(rows), frozenset(headings), is_foreign=True)


def _openaev_row(
    inject: _OpenAevInject,
    names: Mapping[str, str],
    teams: Mapping[str, str],
    place: str,
    rules: ForeignRules,
    problems: list[Problem],
) -> PlacedRow:
    written = [str(team.get("team_id", "") if isinstance(team, dict) else team) for team in inject.inject_teams]
    to, white_cell = recipients(", ".join(teams.get(team, team) for team in written), place, rules, problems)
    content = inject.inject_content or {}
    message = str(content.get("body") or content.get("message") or inject.inject_description or "")
    cells = {
        "Id": names[inject.inject_id],
        "Title": str(content.get("subject") or inject.inject_title),
        "Kind": "facilitation" if white_cell else "",
        "Message": re.sub(r"<[^>]*>", "", message),
        "To": to,
        "Enabled": "" if inject.inject_enabled else "false",
    }
    before = inject.inject_depends_on
    before = before[0] if isinstance(before, list) and before else before
    before = before.get("dependency_relationship", before) if isinstance(before, dict) else before
    parent = before.get("inject_parent_id") if isinstance(before, dict) else before
    seconds = max(inject.inject_depends_duration, 0)
    if isinstance(parent, str) and parent in names:
        delay = f", delay: {seconds // 60}m" if seconds >= 60 else ""
        cells |= {TRIGGER: "after", WHEN: f"{{inject: {names[parent]}{delay}}}"}
    else:
        cells |= {TRIGGER: "at", WHEN: offset_text(min(seconds, 73_000 * DAY))}
    row = MselRow(cells["Id"], {heading: clean(cell) for heading, cell in cells.items() if clean(cell)})
    return PlacedRow(row, place, {})
