"""Turns the rows of a sheet of other makers into injects, once it is known what its columns hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import nearest, shortened
from wargame.language.times import TimeFault, parse_time
from wargame.scenario.model import Scenario
from wargame.sheets.columns import TRIGGER, WHEN, InjectCells, clean, closed_list
from wargame.sheets.foreign_times import TimeRules, date_order, game_time, joined
from wargame.sheets.sheet_map import EARLY, SheetTeams, nobody
from wargame.sheets.sheet_rows import PlacedRow
from wargame.sheets.table import Causes, Cell, Table, cell_name, letters, plain_heading
from wargame.sheets.vocabulary import EXTRA_NOTE, KEPT, NOTE, channel_of, words, words_of
from wargame.world.calendar import RunCalendar

SURE = 0.8
"""The similarity with which an unknown type is a misspelt one."""
MOST_CONTROL = 25
"""Most letters of a row that only controls the exercise; a longer text has a message for its recipients."""
MOST_SECTION = 120
"""Characters of a row that is the title of the rows below it."""
_EXPECTED = re.compile(r"\s*([\w-]+)\s*:\s*([\w, -]+?)(?:\s+within\s+([\dwdhms ]+?))?\s*(?:[–—-]\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ForeignRules:
    """Rules for the cells of a sheet: the teams, and the meaning of times."""

    scenario: Scenario
    teams: SheetTeams
    times: TimeRules
    calendar: RunCalendar
    early: str = ""
    """The rule for rows before the scenario, a key of `EARLY`; empty if their author has not said so."""


@dataclass(slots=True)
class Sheet:
    """The content of the rows of a sheet, read so far."""

    table: Table
    fields: Mapping[int, str]
    rules: ForeignRules
    order: str = ""
    first_day: int = 1
    causes: Causes = field(default_factory=Causes)
    ids: dict[str, str] = field(default_factory=dict)
    rows: list[PlacedRow] = field(default_factory=list)
    times: list[tuple[str, str, str]] = field(default_factory=list)
    """Place, text in the sheet, and text in the inject file of each time."""
    sections: list[tuple[str, str]] = field(default_factory=list)
    """Place and text of rows that are the title of those below them."""
    found: dict[str, list[str]] = field(default_factory=dict)
    """Places of what is said in a summary, by what they have in common."""
    day: str = ""
    has_durations: bool = False
    """Whether cells hold durations longer than a day, so that the others count from STARTEX as well."""

    def note(self, what: str, place: str) -> None:
        """Count a cell for the summary."""
        self.found.setdefault(what, []).append(place)


def read_rows(table: Table, fields: Mapping[int, str], rules: ForeignRules) -> Sheet:
    """Read all rows of a sheet."""
    table = _filled(table)
    texts = [row[c] for row in table.rows for c, name in fields.items() if name in ("when", "day") and c < len(row)]
    days = [row[c] for row in table.rows for c, name in fields.items() if name == "day" and c < len(row)]
    order = rules.times.order or date_order(texts)
    durations = [table.rows[row][column] for row, column in table.typed if fields.get(column) == "when"]
    is_long = any(re.match(r"\d+d", text) for text in durations)
    sheet = Sheet(table, fields, rules, order, 0 if "0" in days else 1, has_durations=is_long)
    for problem in table.broken_cells(fields):
        sheet.causes.add(problem.file, problem.message, problem.remedy)
    storyline = ""
    for number, cells in table.records():
        parts = {
            fields[column]: cell for column, cell in cells.items() if column in fields and fields[column] not in KEPT
        }
        place = table.place(number, 0)
        if (title := _section(sheet, cells, parts)) is not None:
            storyline = title
            sheet.sections.append((place, title))
        elif set(parts) <= {"id", "day"} and not any(fields.get(c, "") in KEPT for c in cells if c in fields):
            sheet.note("rows with a number alone, which are left out", place)
        else:
            sheet.rows.append(_row(sheet, parts, _kept(sheet, cells), place, storyline))
    return sheet


def _filled(table: Table) -> Table:
    """Return the sheet with the text of cells that are merged over several rows in each of these rows."""
    rows = [list(row) for row in table.rows]
    for first, column, last, right in table.merged:
        if column == right and last > first >= 0 and column < len(table.headings):
            for row in rows[first + 1 : last + 1]:
                row[column] = rows[first][column]
    return replace(table, rows=tuple(map(tuple, rows))) if table.merged else table


def _section(sheet: Sheet, cells: Mapping[int, Cell], parts: Mapping[str, Cell]) -> str | None:
    """Return the title in a row that has nothing else, in a sheet whose injects have a number, time or recipient."""
    if len(cells) != 1 or {"when", "to", "day"} & set(parts) or not {"id", "when", "to"} & set(sheet.fields.values()):
        return None
    ((text, _),) = cells.values()
    if _is_control(text) and {"title", "message"} & set(parts):
        return None
    words = [char for char in text if char.isalpha()]
    is_number = "id" in parts and (len(words) < 4 or re.fullmatch(r"[\w-]*\d[\w-]*", text))
    return " ".join(text.split()) if len(text) <= MOST_SECTION and words and not is_number else None


def _kept(sheet: Sheet, cells: Mapping[int, Cell]) -> list[tuple[str, str]]:
    """Return the cells that no field of an inject takes, with their headings."""
    return [
        (" ".join(sheet.table.headings[column].split()) or f"Column {letters(column)}", text)
        for column, (text, _) in cells.items()
        if sheet.fields.get(column, EXTRA_NOTE) in KEPT
    ]


def _row(
    sheet: Sheet, parts: Mapping[str, Cell], kept: Sequence[tuple[str, str]], place: str, storyline: str
) -> PlacedRow:
    """Return one inject. What has no place in an inject goes to its notes, with its heading."""
    texts = {name: text for name, (text, _) in parts.items()}
    places = {name: at for name, (_, at) in parts.items()}
    title, message = _title(texts)
    cells = {"Title": title, "Message": message, "From": texts.get("from", "")}
    cells["Storyline"] = texts.get("storyline", "") or storyline
    notes = [texts.get(NOTE, ""), *(f"{heading}: {text}" for heading, text in kept)]
    if any(
        plain_heading(text) in words("omitted")
        for heading, text in kept
        if plain_heading(heading) in ("status", "statut", "estado")
    ):
        cells["Enabled"] = "false"
        sheet.note("rows that their status omits, which are disabled", place)
    notes += _kind(sheet, texts, places, cells, place)
    notes += _channel(texts.get("channel", ""), cells)
    if objective := texts.get("objective"):
        cells["Objective"] = _objective(objective, sheet.rules.scenario)
        notes += [] if cells["Objective"] else [f"Objective: {objective}"]
    expected, rest = _expected(texts.get("expected", ""), sheet.rules.scenario)
    notes += [f"Expected: {rest}"] if rest else []
    cells |= _time(sheet, texts, places, place, notes)
    cells["Notes"] = "\n".join(note for note in notes if note)
    name = inject_id(texts.get("id", ""), title, places.get("id", place), sheet.ids, sheet.causes)
    cells["Id"] = name
    by_heading = {"Id": places.get("id", place), "Title": places.get("title", place), WHEN: places.get("when", place)}
    by_heading |= {"To": places.get("to", place), "Message": places.get("message", place), TRIGGER: by_heading[WHEN]}
    row = InjectCells(name, {heading: clean(cell) for heading, cell in cells.items() if clean(cell)}, expected)
    return PlacedRow(row, place, by_heading)


def _title(texts: Mapping[str, str]) -> tuple[str, str]:
    """Return the title and the message; without a title, the first sentence of the message, or what is expected."""
    message = texts.get("message", "")
    if title := texts.get("title", ""):
        return " ".join(title.split()), message
    if not message.strip():
        return " ".join(texts.get("expected", "").split())[:120] or "Untitled", message
    first, separator, rest = message.partition("\n\n")
    if separator and len(first) <= 120:
        return " ".join(first.split()), rest.strip()
    sentence = re.split(r"(?<=[.!?])\s", " ".join(message.split()), maxsplit=1)[0].rstrip(".")
    return sentence if len(sentence) <= 90 else f"{sentence[:87].rstrip()}...", message


def inject_id(written: str, title: str, place: str, ids: dict[str, str], causes: Causes) -> str:
    """Return an id from the number of the inject, or from its title. The same number twice is a problem."""
    slug = re.sub(r"[^A-Za-z0-9_-]+", "_", written).strip("_")
    if slug:
        name = slug if slug[0].isalpha() else f"inject_{slug}"
        if name in ids:
            message = f"the number '{shortened(written)}' is used twice"
            causes.add(place, message, f"first in {ids[name]}; {in_notes(place, 'numbers')}", "a number is used twice")
    else:
        words = re.sub(r"[^A-Za-z0-9]+", "_", title).strip("_").lower()
        base = "_".join(words.split("_")[:5]) or "inject"
        base = base if base[0].isalpha() else f"inject_{base}"
        name = next(n for n in (base, *(f"{base}_{k}" for k in range(2, 100_000))) if n not in ids)
    ids.setdefault(name, place)
    return name


def _is_control(text: str) -> bool:
    """Return whether a text steers the exercise, such as `STARTEX`, and says no more."""
    plain = plain_heading(text)
    return len(plain) <= MOST_CONTROL and plain.startswith(words("control"))


def in_notes(place: str, what: str) -> str:
    """Return the remedy that keeps a column in the notes."""
    column = re.sub(r"\d+$", "", cell_name(place))
    return f'correct it, or keep the {what} in the notes: --columns "note={column}"'


# --- cells -------------------------------------------------------------------------------------------


def _kind(
    sheet: Sheet, texts: Mapping[str, str], places: Mapping[str, str], cells: dict[str, str], place: str
) -> Iterator[str]:
    """Set kind and recipients; yield notes. A row for the white cell, or that steers the exercise, is facilitation."""
    written, to = texts.get("kind", ""), texts.get("to", "")
    word = plain_heading(written)
    kind = next((name for name, listed in words_of("kinds").items() if word in listed), "")
    if written and not kind:
        allowed = closed_list("kind")
        if get_close_matches(written.lower(), allowed, n=1, cutoff=SURE):
            hint = f"{nearest(written.lower(), allowed)} {in_notes(places['kind'], 'types')}"
            sheet.causes.add(places["kind"], f"there is no kind of inject '{shortened(written)}'", hint)
        sheet.note("types that no kind of inject has, which are kept in the notes", places["kind"])
        yield f"Type: {written}"
    is_control = _is_control(texts.get("title") or texts.get("message", ""))
    is_shown = word in ("administrative", "admin") and not nobody(to)
    if is_shown:  # such as STARTEX, which players are sent
        kind = "information"
    elif (is_control and kind in ("", "facilitation")) or (cells.get("Enabled") and nobody(to)):
        kind = "facilitation"
    if kind == "facilitation":
        yield f"To: {to}" if to else ""
    else:
        cells["To"], is_white_cell = sheet.rules.teams.recipients(to, places.get("to", place))
        kind = "facilitation" if is_white_cell else kind
        yield f"To: {to}" if is_white_cell and not nobody(to) else ""
    cells["Kind"] = "" if kind == "inject" else kind


def _channel(written: str, cells: dict[str, str]) -> Iterator[str]:
    """Set the channel that a foreign word stands for; yield it as a note if it says more."""
    channels = {each.lower(): each for each in closed_list("channel")}
    found, part = channel_of(written)
    if found:
        cells["Channel"] = channels[found]
    yield f"Channel: {written}" if part != written else ""


def _objective(written: str, scenario: Scenario) -> str:
    word = plain_heading(written)
    known = {plain_heading(key): key for key in scenario.objectives}
    known |= {plain_heading(each.title): key for key, each in scenario.objectives.items()}
    return known.get(word, "")


def _expected(written: str, scenario: Scenario) -> tuple[tuple[dict[str, str], ...], str]:
    """Return expected actions written as `KOR: option, option within 14d - title`, and the lines that are not."""
    expected, rest = [], []
    for line in written.split("\n"):
        match = _EXPECTED.fullmatch(line)
        options = [each.strip() for each in match[2].split(",")] if match else []
        if match and match[1] in scenario.governments and options and all(o in scenario.options for o in options):
            cells = {"Who": match[1], "Any of": ", ".join(options), "Within": match[3] or "", "Title": match[4] or ""}
            expected.append({heading: cell.strip() for heading, cell in cells.items() if cell.strip()})
        elif line.strip():
            rest.append(line.strip())
    return tuple(expected), " ".join(rest)


def expected_text(row: InjectCells) -> str:
    """Return the expected actions of a row as text that `_expected` reads back."""
    lines = []
    for each in row.expected:
        within = f" within {each['Within']}" if "Within" in each else ""
        title = f" - {each['Title']}" if "Title" in each else ""
        lines.append(f"{each.get('Who', '')}: {each.get('Any of', '')}{within}{title}")
    return "\n".join(lines)


def _time(
    sheet: Sheet, texts: Mapping[str, str], places: Mapping[str, str], place: str, notes: list[str]
) -> dict[str, str]:
    """Return the trigger of a row. One without a time is released by hand; a missing day is that of the row above.

    A row before the scenario is released at STARTEX or disabled if its author said so; its time is added to the notes.
    """
    clock, day = texts.get("when", ""), texts.get("day", "")
    if "day" in sheet.fields.values() and clock and not day and sheet.day:
        day = sheet.day
        sheet.note("rows without a day, which take that of the row above", places["when"])
    sheet.day = texts.get("day", sheet.day)
    if not clock and not day:
        sheet.note("rows without a time, which are released by hand", place)
        return {TRIGGER: "by hand"}
    if sheet.has_durations and re.fullmatch(r"[\dhms ]+", clock):
        clock = f"+{clock}"
    headings = (sheet.table.headings[column].lower() for column, name in sheet.fields.items() if name == "when")
    if re.fullmatch(r"[\d.,]+", clock) and any("(min" in heading for heading in headings):
        clock = f"+{clock}m"
    at = places.get("when") or places["day"]
    rules = sheet.rules.times
    try:
        written = joined(day, clock, sheet.order, sheet.first_day)
        text = game_time(written, rules)
    except TimeFault as error:
        sheet.causes.add(at, error.message, error.remedy, error.cause)
        return {TRIGGER: "by hand"}
    if written.is_dtg:
        sheet.note(f"date-time groups without a zone, which are read in {rules.zone}", at)
    if written.clock is not None and text.startswith("D-0") and not rules.is_given:
        message = f"'{clock}' is before STARTEX, {rules.begin:%Y-%m-%d %H:%M}"
        remedy = f'say when the sheet begins: --startex "{datetime.strftime(rules.begin, "%Y-%m-%d")} 08:00"'
        sheet.causes.add(at, message, remedy, "before STARTEX")
    shown = f"{day} {clock}".strip()
    if sheet.rules.early and sheet.rules.calendar.seconds(parse_time(text)) < 0:
        sheet.note(f"rows before the scenario, which are {EARLY[sheet.rules.early]}", at)
        notes.append(f"Time: {shown}")
        return (
            {TRIGGER: "at", WHEN: "D+0"} if sheet.rules.early == "startex" else {TRIGGER: "by hand", "Enabled": "false"}
        )
    sheet.times.append((at, shown, text))
    return {TRIGGER: "at", WHEN: text}
