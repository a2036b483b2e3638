"""Reads the JSON export of OpenAEV, also in its archive."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from wargame.errors import Invalid, Problem, listed
from wargame.language.times import DAY, format_duration
from wargame.sheets.columns import TRIGGER, WHEN, InjectCells, clean
from wargame.sheets.foreign import inject_id
from wargame.sheets.foreign_times import offset_text
from wargame.sheets.reading import MOST_BYTES
from wargame.sheets.sheet_map import SheetTeams
from wargame.sheets.sheet_rows import PlacedRow, SheetMsel
from wargame.sheets.table import Causes, fault

SUFFIXES = (".json", ".zip")
PREFIXES = ("scenario_", "exercise_")
"""Before the names of lists, which have the same shape in both; the prefixes of an exercise come first."""
_LATEST = 73_000 * DAY
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d|tr)>", re.IGNORECASE)


class _OpenAevInject(msgspec.Struct):
    inject_id: str
    inject_title: str
    inject_description: str | None = None
    inject_enabled: bool = True
    inject_depends_duration: int | None = None
    inject_depends_on: Any = None
    inject_teams: list[Any] | None = None
    inject_all_teams: bool = False
    inject_tags: list[Any] | None = None
    inject_documents: list[Any] | None = None
    inject_content: dict[str, Any] | None = None

    @property
    def seconds(self) -> int:
        """Seconds from the start of the exercise."""
        return min(max(self.inject_depends_duration or 0, 0), _LATEST)


class _Export(msgspec.Struct):
    """The lists of an export, without the `exercise_` or `scenario_` before their names."""

    export_version: int = 1
    injects: list[_OpenAevInject] = []
    teams: list[dict[str, Any]] = []
    tags: list[dict[str, Any]] = []
    documents: list[dict[str, Any]] = []
    objectives: list[dict[str, Any]] = []
    information: dict[str, Any] = {}

    def names(self, kind: str) -> dict[str, str]:
        """Return the names of teams, tags or documents by their ids; `kind` is `team`, `tag` or `document`."""
        key = f"{kind}_id"
        return {
            str(each.get(key)): str(each.get(f"{kind}_name") or each.get(key)) for each in getattr(self, f"{kind}s")
        }


def openaev_msel(path: Path, data: bytes, teams: SheetTeams, problems: list[Problem]) -> SheetMsel:
    """Return the injects of an OpenAEV export, each with its position as place; `teams` notes those that it names."""
    export = _decoded(path, data)
    injects = export.injects
    causes = Causes()
    ids: dict[str, str] = {}
    places = {inject.inject_id: f"{path}:inject {number}" for number, inject in enumerate(injects, start=1)}
    names = {each.inject_id: inject_id("", each.inject_title, places[each.inject_id], ids, causes) for each in injects}
    rows = [_row(inject, names, export, places[inject.inject_id], teams) for inject in injects]
    problems += causes.problems()
    headings = {"Id", "Title", "Subject", "Kind", "Message", "Notes", "To", "Enabled", TRIGGER, WHEN}
    goals = [_joined(each, "objective", "title", "description") for each in export.objectives]
    warnings = []
    if not rows:
        named = listed({*export.names("team").values()}, 4)
        message = f"this export of OpenAEV has no injects{f', only teams: {named}' if named else ''}"
        warnings.append(fault(path, message, "the inject file is empty; add injects with `wargame msel import --into`"))
    if goals and rows:
        first = rows[0].row
        notes = "\n".join(filter(None, (first.cells.get("Notes"), f"Objectives of the exercise: {', '.join(goals)}")))
        rows[0] = PlacedRow(InjectCells(first.id, first.cells | {"Notes": notes}), rows[0].place, {})
        count = "1 objective is" if len(goals) == 1 else f"{len(goals)} objectives are"
        message = f"{count} kept in the notes of the first inject: {listed(goals, 4)}"
        warnings = [fault(path, message, "write them under `objectives` of your exercise file")]
    return SheetMsel(str(path), tuple(rows), frozenset(headings), warnings=tuple(warnings), is_foreign=True)


def _decoded(path: Path, data: bytes) -> _Export:
    """Return the export; Invalid if this is none, decided by its lists."""
    try:
        found = msgspec.json.decode(_unzipped(data) if path.suffix.lower() == ".zip" else data)
        whole = {key.removeprefix(prefix): each for prefix in PREFIXES for key, each in dict(found).items() if each}
        export = msgspec.convert(whole, _Export)
    except (msgspec.MsgspecError, ValueError, RecursionError, zipfile.BadZipFile, KeyError, RuntimeError) as error:
        raise _no_export(path, str(error)) from None
    if not (export.information or export.injects):
        raise _no_export(path, "it has neither injects nor the information on an exercise or a scenario")
    if export.export_version != 1:
        message = f"export_version is {export.export_version}; only version 1 can be read"
        raise Invalid([fault(path, message)])
    return export


def _no_export(path: Path, reason: str) -> Invalid:
    remedy = "export the exercise or scenario as JSON in OpenAEV"
    return Invalid([fault(path, f"this is not an export of OpenAEV: {reason}", remedy)])


def _unzipped(data: bytes) -> bytes:
    """Return the JSON file of an archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(".json")]
        if len(entries) != 1 or entries[0].file_size > MOST_BYTES:
            raise ValueError(
                f"its archive has {len(entries)} JSON files, or one of more than {MOST_BYTES // 1_000_000} MB"
            )
        with archive.open(entries[0]) as file:
            return file.read(MOST_BYTES)


def _row(inject: _OpenAevInject, names: Mapping[str, str], export: _Export, place: str, teams: SheetTeams) -> PlacedRow:
    """Return one inject. Its title stays the title; what has no place in an inject goes to its notes."""
    known = export.names("team")
    written = (
        ["all"] if inject.inject_all_teams else [known.get(each, each) for each in _ids(inject.inject_teams, "team_id")]
    )
    to, white_cell = teams.recipients(", ".join(written), place)
    content = inject.inject_content or {}
    body = str(content.get("body") or content.get("message") or content.get("content") or "")
    subject = str(content.get("subject") or "")
    cells = {
        "Id": names[inject.inject_id],
        "Title": inject.inject_title,
        "Subject": subject if subject != inject.inject_title else "",
        "Kind": "facilitation" if white_cell else "",
        "Message": _text(body or inject.inject_description or ""),
        "To": to,
        "Enabled": "" if inject.inject_enabled else "false",
    }
    notes = [_text(inject.inject_description or "")] if body else []
    listed_expectations = content.get("expectations")
    for each in listed_expectations if isinstance(listed_expectations, list) else ():
        if not isinstance(each, dict):
            continue
        notes.append(f"Expected: {_joined(each, 'expectation', 'name', 'description')}")
    for kind, listing in (("tag", inject.inject_tags), ("document", inject.inject_documents)):
        named = export.names(kind)
        shown = ", ".join(named.get(each, each) for each in _ids(listing, f"{kind}_id"))
        notes += [f"{kind.capitalize()}s: {shown}"] if shown else []
    cells |= _time(inject, {each.inject_id: each for each in export.injects}, names, notes)
    cells["Notes"] = "\n".join(note for note in notes if note)
    row = InjectCells(cells["Id"], {heading: clean(cell) for heading, cell in cells.items() if clean(cell)})
    return PlacedRow(row, place, {})


def _time(
    inject: _OpenAevInject, by_id: Mapping[str, _OpenAevInject], names: Mapping[str, str], notes: list[str]
) -> dict[str, str]:
    """Return the trigger: after the latest parent, or a time from the start of the exercise.

    All durations of OpenAEV count from the start of the exercise, also that of an inject with a parent.
    """
    parents = sorted((by_id[each] for each in _parents(inject) if each in by_id), key=lambda each: each.seconds)
    if parents and parents[-1].seconds <= inject.seconds:
        last = parents.pop()
        delay = inject.seconds - last.seconds
        after = f"{{inject: {names[last.inject_id]}{f', delay: {format_duration(delay)}' if delay else ''}}}"
        trigger = {TRIGGER: "after", WHEN: after}
    else:
        trigger = {TRIGGER: "at", WHEN: offset_text(inject.seconds)}
    notes += [f"Depends on: {', '.join(each.inject_title for each in parents)}"] if parents else []
    return trigger


def _parents(inject: _OpenAevInject) -> Iterator[str]:
    """Yield the ids of the injects on which one depends: a text or an object in older exports, a list in newer ones."""
    before = inject.inject_depends_on
    for each in before if isinstance(before, list) else [before]:
        within = each.get("dependency_relationship", each) if isinstance(each, dict) else each
        parent = within.get("inject_parent_id") if isinstance(within, dict) else within
        if isinstance(parent, str):
            yield parent


def _joined(each: Mapping[str, Any], kind: str, *keys: str) -> str:
    """Return the texts of an entry, such as its name and its description."""
    return _text(": ".join(filter(None, (str(each.get(f"{kind}_{key}") or "") for key in keys))))


def _ids(listing: Sequence[Any] | None, key: str) -> list[str]:
    """Return ids from a list of texts or of objects."""
    return [str(each.get(key, "") if isinstance(each, dict) else each) for each in listing or ()]


def _text(html: str) -> str:
    """Return the text of HTML, one line for each paragraph."""
    plain = unescape(re.sub(r"<[^>]*>", "", _BREAK.sub("\n", html))).replace("\xa0", " ")
    return re.sub(r"\n\s*\n+", "\n\n", "\n".join(line.strip() for line in plain.split("\n"))).strip()
