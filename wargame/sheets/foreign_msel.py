"""Reads the MSEL of other makers: what was understood of the sheet, what it leaves open, and its injects."""

from collections.abc import Iterator, Mapping, Sequence

from wargame.dataclasses import dataclass, replace
from wargame.errors import Problem, shortened
from wargame.language.times import parse_time
from wargame.scenario.model import Scenario
from wargame.sheets.columns import TRIGGER, WHEN
from wargame.sheets.export import parse_startex
from wargame.sheets.foreign import ForeignRules, Sheet, read_rows
from wargame.sheets.foreign_times import DAY_FIRST, MONTH_FIRST, TWO_WAYS, TimeRules, offset_text
from wargame.sheets.sheet_map import ALL, EARLY, WHITE_CELL, SheetMap, SheetTeams, read_teams
from wargame.sheets.sheet_rows import SheetMsel
from wargame.sheets.table import Causes, Table, cell_name, cells, fault, letters
from wargame.sheets.understanding import Columns, OpenPoint, understand, values
from wargame.sheets.vocabulary import KEPT
from wargame.world.calendar import RunCalendar

TIMES = ("when", "day")
"""Foreign columns that fill the trigger of an inject; the others fill the column of the same name."""
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ForeignMsel:
    """A sheet of another maker as it was understood. It is complete if there are no questions and no problems."""

    columns: Columns
    sheet: Sheet
    chosen: SheetMap
    msel: SheetMsel
    questions: tuple[OpenPoint, ...]
    problems: tuple[Problem, ...]

    @property
    def is_read(self) -> bool:
        """Whether there are rows under known columns."""
        return bool(self.columns.fields and self.sheet.rows)

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """The columns with text: letter, heading, field (empty if it is kept in the notes), and sample values."""
        table, fields = self.columns.table, self.columns.fields
        found = []
        for column, heading in enumerate(table.headings):
            samples = list(dict.fromkeys(_short(text) for text in values(table, column)))[:SAMPLES]
            if samples or column in fields:
                name = fields.get(column, "note")
                shown = f"{name}, in the notes" if name in KEPT else name
                found.append((letters(column), _short(heading), shown, " | ".join(samples)))
        return found

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return further facts: teams, times, rows that are no injects, and facts that one does not see."""
        found, calendar = list(self._teams()), self.sheet.rules.calendar
        seconds = [(calendar.seconds(parse_time(written)), text) for _, text, written in self.sheet.times]
        seconds.sort(key=lambda each: each[0])
        times = [(text, offset_text(s - calendar.origin), calendar.at(s)) for s, text in seconds]
        for name, (text, offset, at) in zip(("first time", "last time"), (times[:1] + times[-1:]), strict=False):
            found.append((name, f"{text} is {at:%Y-%m-%d %H:%M} in the game, {offset}"))
        found += [("section", text) for _, text in self.sheet.sections]
        found += [("rows", f"{what}: {_cells(places)}") for what, places in self.sheet.found.items()]
        found += [("file", fact) for fact in self.columns.table.facts]
        kinds = [row.row.cells.get("Kind", "inject") for row in self.msel.rows]
        shown = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
        of_kinds = f" ({shown})" if set(kinds) != {"inject"} else ""
        return [*found, ("injects", f"{len(kinds)}{of_kinds}" if kinds else "none")]

    def _teams(self) -> Iterator[tuple[str, str]]:
        """Yield who receives the injects for which teams."""
        named = self.sheet.rules.teams.named.values()
        for who in dict.fromkeys(team.recipients for team in named):
            label = "nobody yet" if who is None else "all players" if who == ALL else who or "white cell"
            teams = ((team.name or "no recipient", len(team.places)) for team in named if team.recipients == who)
            yield f"to {label}", ", ".join(f"{name} ({rows} row{'s' if rows > 1 else ''})" for name, rows in teams)


def read_foreign(tables: Sequence[Table], scenario: Scenario, chosen: SheetMap) -> ForeignMsel:
    """Read a sheet with foreign headings as far as it is clear."""
    startex = parse_startex(chosen.startex) if chosen.startex else None
    problems: list[Problem] = []
    calendar = RunCalendar(scenario.calendar)
    begin = startex or calendar.at(calendar.origin)
    begin = (begin.astimezone(calendar.zone) if begin.tzinfo else begin).replace(tzinfo=None)
    times = TimeRules(begin, scenario.calendar.zone, startex is not None, chosen.dates)
    teams = SheetTeams(scenario, read_teams(chosen.who.items(), scenario))
    columns = understand(tables, chosen, teams, problems)
    fields: Mapping[int, str] = {} if problems else columns.fields
    sheet = read_rows(columns.table, fields, ForeignRules(scenario, teams, times, calendar, chosen.early))
    questions = [] if problems else list(columns.questions)
    if "to" in fields.values() or teams.resolves_nobody:
        questions += who_plays(teams, scenario)
    questions += [
        OpenPoint(each, "--dates", None, (DAY_FIRST, MONTH_FIRST)) for each in sheet.causes.problems(only=TWO_WAYS)
    ]
    problems += sheet.causes.problems(without=TWO_WAYS)
    questions += _outside(sheet, calendar, problems)
    filled = {h for name in fields.values() for h in ((TRIGGER, WHEN) if name in TIMES else (name.capitalize(),))}
    timed = [each for each in sheet.rows if each.row.cells.get("Kind") == "contingency" and WHEN in each.row.cells]
    early = "a contingency with a time is released at this time, needed or not"
    late = "empty the cell to release it by hand"
    warnings = (*columns.warnings, *(fault(placed.places[WHEN], early, late) for placed in timed))
    headings = frozenset({"Id", *filled})
    msel = SheetMsel(columns.table.file, tuple(sheet.rows), headings, warnings=warnings, is_foreign=True)
    return ForeignMsel(columns, sheet, chosen, msel, tuple(questions), tuple(problems))


def _outside(sheet: Sheet, calendar: RunCalendar, problems: list[Problem]) -> Iterator[OpenPoint]:
    """Yield questions on dates of another time and on days before the scenario; days after it are `problems`."""
    dates, early, late, first_dates = Causes(), Causes(), Causes(), []
    first, last = (f"{calendar.at(second):%Y-%m-%d}" for second in (0, calendar.end))
    for place, text, written in sheet.times:
        at = parse_time(written)
        second = calendar.seconds(at)
        if 0 <= second < calendar.end:
            continue
        message = f"'{text}' is outside the scenario, which runs from {first} to {last}"
        causes = dates if at.local else early if second < 0 else late
        causes.add(place, message, "correct the time, or delete such rows: the scenario is over then", "outside")
        if at.local is not None:
            first_dates.append(at.local.date())
    problems += late.problems()
    for problem in early.problems():
        remedy = "--early startex releases such rows at STARTEX, --early omit keeps them disabled"
        yield OpenPoint(replace(problem, remedy=remedy), "--early", None, tuple(EARLY))
    for problem in dates.problems():
        day = str(min(first_dates))
        remedy = f"use its dates; --startex {day} makes this day D+0 of the scenario"
        yield OpenPoint(replace(problem, remedy=remedy), "--startex", None, (day,))


def who_plays(teams: SheetTeams, scenario: Scenario) -> list[OpenPoint]:
    """Return a question for each team that was named and that nobody is known to play."""
    questions, choices = [], (*scenario.governments, ALL, WHITE_CELL)
    for team in (each for each in teams.named.values() if each.recipients is None):
        first, *others = team.places
        more = f", and {cells(others)}" if others else ""
        name = shortened(team.name, 40)
        message = f"there is no government '{name}'{more}"
        remedy = f'name the government that plays it: --who "{name}=GOV", or --who "{name}={WHITE_CELL}" if nobody does'
        if not team.name:
            message = f"this row has no recipient{more}"
            remedy = f'--who "={ALL}" sends such rows to all players, --who "={WHITE_CELL}" to nobody'
        questions.append(OpenPoint(fault(first, message, remedy), "--who", team.name, choices))
    return questions


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), 28)


def _cells(places: Sequence[str]) -> str:
    names = ", ".join(map(cell_name, places[:5]))
    return f"{len(places)} ({names}{', ...' if len(places) > 5 else ''})"
