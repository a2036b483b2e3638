"""Decides what each column of a sheet of other makers holds: by what its author said, its heading, and its values."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from wargame.dataclasses import dataclass
from wargame.errors import Invalid, Problem, UsageFault, among, shortened
from wargame.sheets import vocabulary
from wargame.sheets.foreign_times import has_day, is_time
from wargame.sheets.sheet_map import ALL, WHITE_CELL, SheetMap, SheetTeams
from wargame.sheets.sheet_rows import not_read
from wargame.sheets.table import Table, fault, letters, plain_heading

MOST_VALUES = 200
"""Cells of a column that are looked at."""
_CODE = re.compile(r"(?:TO|EO|SO|CT|OBJ|Obj)\.?\s?[-#]?\d+(?:\.\d+)*[a-z]?")
"""A number of an objective, such as `TO 1.2`."""
MOST_TITLE = 90
"""Characters of a title in a sheet without headings."""
MANY = 10
"""More meanings than a heading has."""
MOST_NUMBER = 30
"""Characters of the number of an inject."""
NEARLY = 0.75
"""The share of the most known headings with which a sheet is the MSEL if it stands before the others."""
ASKED = ("when", "to", "message")
"""Fields for which a wrong column would mislead players; with two columns that fit as well, the author is asked."""


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """An open point of the sheet, and the option that answers it.

    `name` is the field or the team that the answer is about: `to=COLUMN`; None for an option that has the answer alone.
    """

    problem: Problem
    option: str
    name: str | None
    choices: tuple[str, ...]

    def answered(self, answer: str) -> str:
        """Return the value of the option with an answer."""
        return answer if self.name is None else f"{self.name}={answer}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields of the columns that are read, and what is open. `table` begins below its headings."""

    table: Table
    fields: Mapping[int, str]
    questions: tuple[OpenPoint, ...] = ()
    warnings: tuple[Problem, ...] = ()


def understand(tables: Sequence[Table], chosen: SheetMap, teams: SheetTeams, problems: list[Problem]) -> Columns:
    """Return the sheet with the MSEL and the field of each of its columns."""
    table, warnings = _sheet(tables, chosen)
    said = chosen.by_column(table, problems)
    if chosen.is_complete:
        return Columns(table, said, () if problems else tuple(_missing(table, said, teams)), warnings)
    layout = vocabulary.profile(chosen.profile) if chosen.profile else vocabulary.detect(table.headings)
    of_layout = {plain_heading(heading): name for heading, name in (layout or {}).items()}
    fields = dict(said)
    for column, heading in enumerate(table.headings):
        name = of_layout.get(plain_heading(heading))
        if name and column not in fields and (name == vocabulary.EXTRA_NOTE or name not in fields.values()):
            fields[column] = name
    questions = _by_heading(table, fields)
    _by_values(table, fields, teams)
    if all(has_day(text) for name, column in _named(fields, "when") for text in values(table, column)):
        fields |= {column: vocabulary.EXTRA_NOTE for _, column in _named(fields, "day") if "when" in fields.values()}
    missing = list(_missing(table, fields, teams))
    likely = {
        each.choices[0]: each.name for each in missing if each.name and each.option == "--columns" and each.choices
    }
    fields |= {c: likely[letters(c)] for c in _free(table, fields) if letters(c) in likely}  # as the sheet is shown
    # without headings, a free column with short texts before the message has its title
    left = next((column for _, column in _named(fields, "message")), 0) - 1
    is_free = not table.heading_row and left in _free(table, fields) and "title" not in fields.values()
    if is_free and max(map(len, values(table, left))) <= MOST_TITLE:
        fields[left] = "title"
    return Columns(table, dict(sorted(fields.items())), (*questions, *missing), warnings)


# --- sheet and headings ------------------------------------------------------------------------------


def _sheet(tables: Sequence[Table], chosen: SheetMap) -> tuple[Table, tuple[Problem, ...]]:
    """Return the sheet that lists injects, and warnings for others that do."""
    if chosen.sheet:
        named = {table.sheet: table for table in tables}
        among(chosen.sheet, named, f"--sheet {chosen.sheet}: there is no such sheet with text", "they are")
        return _headed(named[chosen.sheet], chosen), ()
    shown = [table for table in tables if not table.is_hidden]
    if not shown:
        message = f"all sheets with text are hidden: {', '.join(table.sheet for table in tables)}"
        raise Invalid([fault(tables[0].file, message, "choose one with --sheet NAME")])
    known = {table.sheet: vocabulary.known_fields(table.headings) for table in map(vocabulary.with_headings, tables)}
    most = max(known[table.sheet] for table in shown)
    main = next(table for table in shown if known[table.sheet] >= most * NEARLY)
    return _headed(main, chosen), (*not_read(main, [t for t in tables if t is not main and known[t.sheet]]),)


def _headed(table: Table, chosen: SheetMap) -> Table:
    if chosen.heading_row is None:
        found = vocabulary.with_headings(table)
        headed = vocabulary.known_fields(found.headings) or vocabulary.looks_like_headings(table.headings)
        return found if headed else table.headed(0)
    if chosen.heading_row == 0:
        return table.headed(0)
    count = chosen.heading_row - table.heading_row + 1
    if not 1 <= count <= len(table.rows):
        last = table.heading_row + len(table.rows)
        raise UsageFault(f"--heading-row {chosen.heading_row}: the rows with text are {table.heading_row} to {last}")
    return table.headed(count)


# --- columns -----------------------------------------------------------------------------------------


def values(table: Table, column: int) -> list[str]:
    """Return the first texts of a column."""
    found = (row[column] for row in table.rows if column < len(row) and row[column])
    return [text for text, _ in zip(found, range(MOST_VALUES), strict=False)]


def _share(texts: Iterable[str], holds: Callable[[str], object]) -> float:
    found = [bool(holds(text)) for text in texts]
    return sum(found) / len(found) if found else 0.0


def _fits(name: str, texts: Sequence[str]) -> bool:
    """Return whether the values of a column fit a field that its heading may stand for."""
    if not texts:
        return True
    if name in ("when", "wall"):
        return _share(texts, is_time) >= 0.5
    if name == "day":
        return _share(texts, lambda text: re.fullmatch(r"-?\d{1,2}", text) is not None or is_time(text)) >= 0.5
    if name == "id":
        return _share(texts, lambda text: len(text) <= MOST_NUMBER and any(char.isdigit() for char in text)) >= 0.5
    if name in ("title", "message"):
        least = 1 if name == "title" else 4
        return _share(texts, lambda text: len(text) > least and any(char.isalpha() for char in text)) >= 0.5
    if name == "channel":
        return _share(texts, lambda text: len(text) <= MOST_NUMBER and vocabulary.channel_of(text)[0]) >= 0.5
    if name == "kind":
        known = {word for listed in vocabulary.words_of("kinds").values() for word in listed}
        return _share(texts, lambda text: plain_heading(text) in known) >= 0.5
    codes = _share(texts, lambda text: all(_CODE.fullmatch(each.strip()) for each in re.split(r"[,;/\n]", text)))
    return codes >= 0.5 if name == "objective" else codes < 0.5


def _by_heading(table: Table, fields: dict[int, str]) -> list[OpenPoint]:
    """Give each column the field that its heading means and its values fit.

    Usual headings precede others, and those with one meaning precede those with several, such as `Inject`.
    """
    open_columns = {
        column: [each for each in vocabulary.fields_of_heading(heading) if _can_be(*each, table, column)]
        for column, heading in enumerate(table.headings)
        if column not in fields
    }
    questions = []
    for rank, most in ((0, 1), (0, MANY), (1, 1), (1, MANY)):
        wanted: dict[str, list[int]] = {}
        for column, options in open_columns.items():
            names = [name for name, each in options if each == rank]
            free = [name for name in names if name in vocabulary.KEPT or name not in fields.values()]
            if column not in fields and free and len(names) <= most:
                wanted.setdefault(max(free, key=lambda name: name == "message"), []).append(column)
        for name, columns in wanted.items():
            filled = [column for column in columns if values(table, column)]
            fields |= dict.fromkeys(columns if name in vocabulary.KEPT else (filled or columns)[:1], name)
            if len(filled) > 1 and name in ASKED:
                questions.append(_which(table, name, filled))
    return questions


def _can_be(name: str, rank: int, table: Table, column: int) -> bool:
    """Return whether a column can hold a field. A usual heading of a time holds one even if its cells are unclear."""
    texts = values(table, column)
    plain = plain_heading(table.headings[column])
    if rank == 0 and name not in ("when", "day", "wall", "to", "id"):
        return True
    if rank == 0 and name == "id":
        return _share(texts, lambda text: len(text) <= MOST_NUMBER) >= 0.5 or not texts
    if (
        name == "when"
        and rank == 1
        and not any(
            ("when", 0) in vocabulary.fields_of_heading(e) and plain != plain_heading(e) for e in table.headings
        )
    ):
        return _share(texts, lambda text: any(char.isdigit() for char in text)) > 0 or not texts
    return _fits(name, texts)


def _named(fields: Mapping[int, str], name: str) -> list[tuple[str, int]]:
    return [(each, column) for column, each in fields.items() if each == name]


def _which(table: Table, name: str, columns: Sequence[int]) -> OpenPoint:
    headings = [shortened(" ".join(table.headings[column].split()), 30) for column in columns]
    shown = " or ".join(f"{letters(column)} '{heading}'" for column, heading in zip(columns, headings, strict=True))
    meant = {"when": "the game time", "to": "the recipients", "message": "the message"}[name]
    options = tuple(letters(column) for column in columns)
    remedy = f'say which: --columns "{name}={options[0]}"'
    problem = fault(table.heading_place(columns[0]), f"two columns can be {meant}: {shown}", remedy)
    return OpenPoint(problem, "--columns", name, options)


def _by_values(table: Table, fields: dict[int, str], teams: SheetTeams) -> None:
    """Find recipients and times under headings that nobody knows; teams and channels where there are no headings."""
    tests: dict[str, Callable[[Sequence[str]], bool]] = {
        "to": lambda texts: _share(texts, lambda t: teams.knows(t) or (not table.heading_row and _is_team(t))) >= 0.8,
        "when": lambda texts: _share(texts, is_time) >= 0.8,
        "channel": lambda texts: not table.heading_row and _fits("channel", texts),
    }
    for name, holds in tests.items():
        if name in fields.values() or (name == "when" and "day" in fields.values()):
            continue
        for column in range(len(table.headings)):
            texts = values(table, column)
            if column not in fields and len(texts) > 1 and holds(texts):
                fields[column] = name
                break


def _free(table: Table, fields: Mapping[int, str]) -> list[int]:
    """Return the columns with texts that have no field, those with the longest texts first."""
    texts = {column: values(table, column) for column in range(len(table.headings))}
    free = [c for c, found in texts.items() if found and fields.get(c, vocabulary.EXTRA_NOTE) in vocabulary.KEPT]
    return sorted(free, key=lambda column: -sum(map(len, {*texts[column]})))


def _is_team(text: str) -> bool:
    return len(text) <= MOST_NUMBER and plain_heading(text).startswith(vocabulary.words("team"))


def _missing(table: Table, fields: Mapping[int, str], teams: SheetTeams) -> Iterable[OpenPoint]:
    """Yield questions for fields that an MSEL needs and no column has, the most likely column first."""
    names, free = set(fields.values()), _free(table, fields)
    place, by_letter = table.heading_place(0), tuple(map(letters, free))
    if not names & {"title", "message"}:
        best = by_letter[0] if free else "C"
        remedy = f'name it: --columns "message={best}", or the row of headings: --heading-row N'
        message = "no column has the title or message of injects"
        message += f"; {best} has the longest texts: '{shortened(values(table, free[0])[0], 40)}'" if free else ""
        yield OpenPoint(fault(place, message, remedy), "--columns", "message", by_letter)
    walls = [column for column, name in fields.items() if name == "wall"]
    if walls and not names & {"when", "day"}:
        heading = " ".join(table.headings[walls[0]].split())
        message = "this is the time of delivery in the room, and no column has the game time"
        remedy = f'if it is the game time, add --columns "when={heading}"'
        problem = fault(table.heading_place(walls[0]), message, remedy)
        yield OpenPoint(problem, "--columns", "when", (letters(walls[0]),))
    if "to" not in names and not teams.resolves_nobody:
        texts = {letters(c): values(table, c) for c in free if not table.heading_row}
        teams_in = [c for c, each in texts.items() if _share(each, _is_team) >= 0.5]
        teams_in += [c for c, each in texts.items() if 1 < len({*each}) < len(each) and c not in teams_in]
        message, column = "no column says who receives the injects", (*teams_in, "COLUMN")[0]
        remedy = f'name it with --columns "to={column}", or send all to all players with --who "=all"'
        who = ("--who", "", (*teams.governments, ALL, WHITE_CELL))
        yield OpenPoint(fault(place, message, remedy), *(("--columns", "to", tuple(teams_in)) if teams_in else who))
