"""Reads a chronology, a CSV file of dated events, and reports all of its errors at once."""

import csv
import io
import re
from datetime import date
from difflib import get_close_matches

from wargame.dataclasses import dataclass
from wargame.errors import Invalid, Problem, UsageFault, nearest, shortened
from wargame.journal.inputs import read_input
from wargame.scenario.model import Scenario

COLUMNS = ("id", "date", "end_date", "actors", "kind", "cameo", "description", "source", "confidence")
SIMILAR = 0.8
"""Similarity, from 0 to 1, from which an unknown kind is taken for a misspelling of a known one."""
MAX_BYTES = 20_000_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class HistoricalEvent:
    """One observed event: actors, targets and date. An event that lasts counts on its first day."""

    file: str
    line: int
    id: str
    day: date
    end: date | None
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    cameo: str
    description: str
    source: str


def read_chronology(
    path: str, scenario: Scenario, ignored: frozenset[str] = frozenset(), label: str = ""
) -> tuple[HistoricalEvent, ...]:
    """Return the events of a file, sorted by date.

    `ignored` are unknown kinds to accept without an error; `label` is the name of the file in messages. Raises Invalid
    with all errors of the file, UsageFault if it cannot be read.
    """
    label = label or path
    rows = _rows(path, label)
    reader = _ChronologyReader(label, scenario, ignored, rows[0])
    events = [reader.row(line, cells) for line, cells in rows[1:]]
    if not events:
        reader.fault(rows[0][0], "there are no events below the header", "add one line per event")
    if reader.problems:
        raise Invalid(reader.problems)
    return tuple(sorted((each for each in events if each), key=lambda each: (each.day, each.id)))


def _rows(path: str, label: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, the header first, each with its line number."""
    reader = csv.reader(io.StringIO(_text(path, label), newline=""), strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = f"close all quotation marks; a cell can have at most {csv.field_size_limit():,} characters"
        raise Invalid.in_file(label, f"not valid CSV: {error}", remedy, line=line) from None
    if not rows:
        remedy = f"the first line must name the columns: {','.join(COLUMNS)}"
        raise Invalid.in_file(label, "the file is empty", remedy, line=1)
    return rows


def _text(path: str, label: str) -> str:
    try:
        data = read_input(path, MAX_BYTES)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageFault(f"{path}: the chronology cannot be read ({why})") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        remedy = "save it as UTF-8 (in spreadsheets: 'CSV UTF-8')"
        raise Invalid.in_file(label, "the file is not UTF-8", remedy, line=line, column=column) from None


def parse_day(text: str) -> date | None:
    """Parse a date such as 2017-06-30; None if the text is not one."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _places(path: str, line: int, cells: list[str]) -> dict[str, int]:
    """Return the position of each column, from the header; Invalid with all of its problems."""
    other = next((mark for mark in (";", "\t") if len(cells) == 1 and mark in cells[0]), "")
    if other:
        message = f"columns are separated by {'semicolons' if other == ';' else 'tabs'} instead of commas"
        raise Invalid.in_file(path, message, "save the file as CSV with commas", line=line)
    names, problems = [cell.casefold().replace(" ", "_") for cell in cells], list[Problem]()
    for name in COLUMNS:
        if name not in names:
            like = get_close_matches(name, [each for each in names if each not in COLUMNS], n=1)
            remedy = f"rename '{like[0]}'" if like else f"the columns are {', '.join(COLUMNS)}"
            problems.append(Problem(path, line, 1, f"the column '{name}' is missing", remedy))
        elif names.count(name) > 1:
            problems.append(Problem(path, line, 1, f"the column '{name}' occurs twice", "remove one"))
    if problems:
        raise Invalid(problems)
    return {name: names.index(name) for name in COLUMNS}


class _ChronologyReader:
    """Parses rows and collects their errors."""

    def __init__(self, path: str, scenario: Scenario, ignored: frozenset[str], header: tuple[int, list[str]]) -> None:
        self.path, self.places, self.width = path, _places(path, *header), len(header[1])
        self.problems: list[Problem] = []
        self._first: dict[str, int] = {}
        self._ignored = ignored
        events = scenario.events
        self.actors = frozenset({*scenario.governments, *events.names})
        mapped = {each for name, kind in events.kinds.items() for each in (kind.kinds or (name,))}
        self.kinds = frozenset({*mapped, *events.unscored})

    def fault(self, line: int, message: str, remedy: str = "") -> None:
        """Record a problem of a line."""
        self.problems.append(Problem(self.path, line, 1, message, remedy))

    def row(self, line: int, cells: list[str]) -> HistoricalEvent | None:
        """Return the event of a line; None if the line has errors."""
        before = len(self.problems)
        if len(cells) != self.width:
            message = f"this row has {len(cells)} cells, the header has {self.width}"
            self.fault(line, message, "quote text that contains a comma")
            return None
        cell = {name: cells[place] for name, place in self.places.items()}
        self._id(line, cell["id"])
        day = self._day(line, "date", cell["date"])
        end = self._day(line, "end_date", cell["end_date"]) if cell["end_date"] else None
        if day and end and end < day:
            self.fault(line, f"`end_date` {end} is before `date` {day}", "swap `date` and `end_date`")
        actors, targets = self._actors(line, cell["actors"])
        self._kind(line, cell["kind"])
        if cell["cameo"] and not _CODE.fullmatch(cell["cameo"]):
            message = f"'{shortened(cell['cameo'], 20)}' is not a CAMEO code"
            self.fault(line, message, "write one to four digits, or leave it empty")
        if day is None or len(self.problems) > before:
            return None
        texts = (cell["kind"], cell["cameo"], cell["description"], cell["source"])
        return HistoricalEvent(self.path, line, cell["id"], day, end, actors, targets, *texts)

    def _id(self, line: int, name: str) -> None:
        if not name:
            self.fault(line, "the event has no id", "give each event its own id")
        elif name in self._first:
            self.fault(line, f"the id '{shortened(name)}' is already used", f"first used in line {self._first[name]}")
        self._first.setdefault(name, line)

    def _day(self, line: int, column: str, text: str) -> date | None:
        day = parse_day(text)
        if day is None:
            message = f"'{shortened(text, 40)}' is not a date" if text else "the date is missing"
            self.fault(line, f"{column}: {message}", "write it as 2017-06-30")
        return day

    def _actors(self, line: int, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return actors and targets of a text such as `A;B>C`: A acts, and B acts towards C."""
        actors: dict[str, None] = {}
        targets: dict[str, None] = {}
        for part in text.split(";"):
            sides = [side.strip() for side in part.split(">")]
            if len(sides) > 2 or not all(sides):
                remedy = "write ACTOR or ACTOR>TARGET, separated by ;"
                message = f"'{shortened(text)}' is not a list of actors" if text else "the event has no actors"
                self.fault(line, message, remedy)
                return (), ()
            for name in (each for each in sides if each not in self.actors):
                few, other = ", ".join(sorted(self.actors)[:40]), "; write 'other' for others"
                new = other if "other" in self.actors else ", or add it to `events.names` of the scenario"
                remedy = nearest(name, sorted(self.actors)) or f"known: {few}{new}"
                self.fault(line, f"unknown actor '{shortened(name)}'", remedy)
            actors[sides[0]] = None
            targets |= dict.fromkeys(sides[1:])
        return tuple(actors), tuple(targets)

    def _kind(self, line: int, name: str) -> None:
        if not name:
            remedy = "write a kind of the scenario's `events`, or a new one (not scored)"
            self.fault(line, "the event has no kind", remedy)
        elif name not in self.kinds and name not in self._ignored:
            like = get_close_matches(name, sorted(self.kinds), n=1, cutoff=SIMILAR)
            if like:
                remedy = f"did you mean '{like[0]}'? To accept it as another kind: --not-scored {shortened(name)}"
                self.fault(line, f"unknown kind '{shortened(name)}'", remedy)
