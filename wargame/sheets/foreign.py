"""Reads the MSEL of other makers: rows under foreign headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from yaml.nodes import MappingNode

from wargame.errors import Problem, UsageFault, nearest, shortened
from wargame.journal.inputs import read_input
from wargame.scenario.building.yaml_nodes import fault, keys, read, text
from wargame.scenario.model import Scenario
from wargame.sheets.columns import TRIGGER, WHEN, MselRow, clean, closed_list
from wargame.sheets.foreign_times import date_order, game_time
from wargame.sheets.profiles import EXTRA_NOTE, MEANINGS, NOTE, detect, meanings, profile
from wargame.sheets.sheet_rows import PlacedRow, SheetMsel
from wargame.sheets.table import Cell, Table, letters, plain_heading

WHITE_CELL = frozenset({"excon", "whitecell", "controller", "controllers", "simcell", "facilitator", "facilitators"})
EVERYONE = frozenset({"all", "everyone", "allplayers", "players", "alle", "tous"})
KINDS = {
    "inject": "inject",
    "event": "inject",
    "keyevent": "inject",
    "majorevent": "inject",
    "milestone": "inject",
    "information": "information",
    "info": "information",
    "contingency": "contingency",
    "contingencyinject": "contingency",
    "facilitation": "facilitation",
    "controllerinject": "facilitation",
    "administrative": "facilitation",
    "expectedaction": "facilitation",
    "expectedplayeraction": "facilitation",
}
CHANNEL_WORDS = {
    "news": (
        "media",
        "tv",
        "television",
        "radionews",
        "newspaper",
        "press",
        "pressrelease",
        "newsclip",
        "video",
        "vnn",
    ),
    "social": ("socialmedia", "twitter", "x", "facebook", "tweet", "post"),
    "email": ("mail", "chat", "sms", "message", "onlinechat"),
    "phone": ("telephone", "call", "phonecall", "voice", "radio", "radiocall", "verbal", "inperson", "facetoface"),
    "intel": ("intelligence", "intelligencereport", "intelreport", "intsum"),
    "reporting": ("report", "sitrep", "situationreport"),
    "orders": ("order", "tasking", "frago", "opord", "memo"),
    "cable": ("diplomaticcable", "telegram", "letter", "fax", "notverbale"),
    "hotline": ("redphone",),
    "unsc": ("un", "securitycouncil"),
}
_EXPECTED = re.compile(r"\s*([\w-]+)\s*:\s*([\w, -]+?)(?:\s+within\s+([\dwdhms ]+?))?\s*(?:[–—-]\s+(.*))?", re.DOTALL)


@dataclass(slots=True)
class ForeignRules:
    """How to read foreign cells: who the teams are, and the sheet's date of STARTEX."""

    scenario: Scenario
    teams: Mapping[str, str] = field(default_factory=dict)
    """Names in the sheet by plain heading, each with the government that plays it; empty for the white cell."""
    startex: datetime | None = None
    """What is `D+0` in the game; a time of day in it is when the sheet begins."""
    dates: str = ""
    """How dates such as 05/06/2024 are meant: `day-first` or `month-first`; empty if the sheet must show it."""


HEADINGS_OF = {
    "title": ("Title",),
    "message": ("Message",),
    "when": (TRIGGER, WHEN),
    "kind": ("Kind",),
    "channel": ("Channel",),
    "from": ("From",),
    "to": ("To",),
    "expected": ("Expected",),
    "objective": ("Objective",),
    "storyline": ("Storyline",),
    NOTE: ("Notes",),
}
"""The columns of an inject that a foreign column fills."""


def read_teams(written: Sequence[str], scenario: Scenario) -> dict[str, str]:
    """Return the teams of `--who "Blue Team=KOR"`; that of the white cell (`=EXCON`) is empty.

    Raises UsageFault for other texts and unknown governments.
    """
    teams = {}
    for each in written:
        name, _, government = each.rpartition("=")
        code = government.strip()
        if not name.strip() or not code:
            raise UsageFault(f'--who {each}: write "TEAM=GOV", such as "Blue Team={min(scenario.governments)}"')
        if plain_heading(code) in WHITE_CELL and code not in scenario.governments:
            code = ""
        elif code not in scenario.governments:
            hint = nearest(code, scenario.governments) or f"they are {', '.join(sorted(scenario.governments))}"
            raise UsageFault(f"--who {each}: there is no government '{shortened(code, 40)}' ({hint})")
        teams[plain_heading(name)] = code
    return teams


def foreign_msel(table: Table, rules: ForeignRules, columns: str | None, problems: list[Problem]) -> SheetMsel:
    """Return the rows of a sheet with foreign headings; `columns` names a profile or a file that maps columns."""
    by_column = _columns(table, columns, problems)
    if "title" not in by_column.values() and "message" not in by_column.values():
        if problems:  # those of a map explain it
            return SheetMsel(table.file, (), frozenset())
        known = ", ".join(MEANINGS[:8])
        remedy = f"name the columns with --columns MAP.yaml ({known}, ...)"
        problems.append(Problem(table.heading_place(0), 0, 0, "no column has the title or message of injects", remedy))
        return SheetMsel(table.file, (), frozenset())
    walls = [column for column, meaning in by_column.items() if meaning == "wall"]
    if walls and "when" not in by_column.values():
        message = "this is the time of delivery in the room, and no column has the game time"
        remedy = f'use --columns with `when: "{table.headings[walls[0]]}"` if it is the game time, or add a column'
        problems.append(Problem(table.heading_place(walls[0]), 0, 0, message, remedy))
        return SheetMsel(table.file, (), frozenset())
    problems += table.broken_cells(by_column)
    ids: dict[str, str] = {}
    rows = []
    if not rules.dates:
        whens = [column for column, meaning in by_column.items() if meaning == "when"]
        texts = (cells[column][0] for _, cells in table.records() for column in whens if column in cells)
        rules = replace(rules, dates=date_order(texts))
    for number, cells in table.records():
        parts = {meaning: cells[column] for column, meaning in by_column.items() if column in cells}
        if not set(parts) - {"status", "id"}:
            continue
        extra = [
            (table.headings[column], cell)
            for column, (cell, _) in cells.items()
            if cell and by_column.get(column, EXTRA_NOTE) in (EXTRA_NOTE, "wall") and table.headings[column]
        ]
        rows.append(_row(parts, extra, table.place(number, 0), rules, ids, problems))
    timed = [placed for placed in rows if placed.row.cells.get("Kind") == "contingency" and WHEN in placed.row.cells]
    early = "a contingency with a time is released at this time, needed or not"
    late = "empty the cell to release it by hand"
    filled = {heading for meaning in by_column.values() for heading in HEADINGS_OF.get(meaning, ())}
    return SheetMsel(
        table.file,
        tuple(rows),
        frozenset({"Id", *filled}),
        warnings=(
            *_unmapped(table, by_column),
            *(Problem(placed.places[WHEN], 0, 0, early, late) for placed in timed),
        ),
        is_foreign=True,
    )


def lists_injects(table: Table, columns: str | None) -> bool:
    """Return whether a sheet has a column for the title or the message of injects."""
    return bool({"title", "message"} & set(_columns(table, columns, []).values()))


def _columns(table: Table, written: str | None, problems: list[Problem]) -> dict[int, str]:
    if written is None:
        return meanings(table.headings, detect(table.headings))
    if written.endswith((".yaml", ".yml")):
        return _mapped(table, Path(written), problems)
    return meanings(table.headings, profile(written))


def _mapped(table: Table, path: Path, problems: list[Problem]) -> dict[int, str]:
    """Return the columns of a map: `columns: {title: "Short text", when: C}`, by heading or letter."""
    try:
        data = read_input(path)
    except OSError as error:
        raise UsageFault(f"--columns {path}: cannot be read: {error.strerror or error}") from None
    root = read(str(path), data, problems)
    within = keys(root)["columns"][1] if root is not None and "columns" in keys(root) else root
    if within is not None and not isinstance(within, MappingNode):
        remedy = 'write it as columns: {title: "Short text", when: C}'
        problems.append(fault(within, "`columns` must be a mapping of parts of an inject to columns", remedy))
    entries = keys(within)
    by_heading = {plain_heading(heading): column for column, heading in enumerate(table.headings) if heading}
    by_letter = {letters(column): column for column in range(len(table.headings))}
    by_column: dict[int, str] = {}
    for meaning, (key, value) in entries.items():
        place = (str(path), key.start_mark.line + 1, key.start_mark.column + 1)
        if meaning not in MEANINGS:
            remedy = nearest(meaning, MEANINGS) or f"it is one of {', '.join(MEANINGS)}"
            problems.append(Problem(*place, f"an inject has no part '{shortened(meaning)}'", remedy))
            continue
        column = by_heading.get(plain_heading(text(value)), by_letter.get(text(value)))
        if column is None:
            remedy = nearest(text(value), [heading for heading in table.headings if heading])
            message = f"the sheet has no column '{shortened(text(value))}'"
            problems.append(Problem(*place, message, remedy or "give its heading or its letter"))
            continue
        if column in by_column:
            message = f"'{shortened(text(value))}' is already the {by_column[column]}"
            problems.append(Problem(*place, message, "give each column one meaning"))
            continue
        by_column[column] = meaning
    return by_column


def _unmapped(table: Table, by_column: Mapping[int, str]) -> list[Problem]:
    """Warnings for columns that no part of an inject corresponds to; their cells go to the notes."""
    used = {column for _, cells in table.records() for column in cells}
    return [
        Problem(table.heading_place(column), 0, 0, f"'{shortened(heading)}' is kept in the notes of each inject")
        for column, heading in enumerate(table.headings)
        if heading and column in used and column not in by_column
    ]


def _row(
    parts: Mapping[str, Cell],
    extra: Sequence[tuple[str, str]],
    place: str,
    rules: ForeignRules,
    ids: dict[str, str],
    problems: list[Problem],
) -> PlacedRow:
    """Return one inject. What has no place in an inject goes to its notes, with its heading."""
    texts = {meaning: cell for meaning, (cell, _) in parts.items()}
    places = {meaning: at for meaning, (_, at) in parts.items()}
    title, message = _title(texts)
    cells = {"Title": title, "Message": message, "From": texts.get("from", ""), "Storyline": texts.get("storyline", "")}
    notes = [texts.get(NOTE, ""), *(f"{heading}: {cell}" for heading, cell in extra)]
    cells["Kind"] = _kind(texts.get("kind", ""), places.get("kind", place), problems)
    to, white_cell = recipients(texts.get("to", ""), places.get("to", place), rules, problems)
    cells["To"] = to
    if white_cell:
        cells["Kind"] = "facilitation"
    elif cells["Kind"] == "facilitation" and plain_heading(texts["kind"]) == "administrative":
        cells["Kind"] = "information"  # such as STARTEX, which players are sent
    elif cells["Kind"] == "facilitation":
        cells["To"] = ""
        notes += [f"To: {texts['to']}"] if texts.get("to") else []
    if channel := texts.get("channel"):
        cells["Channel"] = _channel(channel)
        notes += [] if cells["Channel"] else [f"Channel: {channel}"]
    if objective := texts.get("objective"):
        cells["Objective"] = _objective(objective, rules.scenario)
        notes += [] if cells["Objective"] else [f"Objective: {objective}"]
    expected, rest = _expected(texts.get("expected", ""), rules.scenario)
    notes += [f"Expected: {rest}"] if rest else []
    cells |= _time(texts.get("when", ""), places.get("when", place), rules, problems)
    cells["Notes"] = "\n".join(note for note in notes if note)
    name = inject_id(texts.get("id", ""), title, place, ids, problems)
    cells["Id"] = name
    by_heading = {"Id": places.get("id", place), "Title": places.get("title", place), WHEN: places.get("when", place)}
    by_heading |= {"To": places.get("to", place), "Message": places.get("message", place), TRIGGER: by_heading[WHEN]}
    row = MselRow(name, {heading: clean(cell) for heading, cell in cells.items() if clean(cell)}, expected)
    return PlacedRow(row, place, by_heading)


def _title(texts: Mapping[str, str]) -> tuple[str, str]:
    """The title and the message; without a title, the first sentence or line of the message, or what is expected."""
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


def inject_id(written: str, title: str, place: str, ids: dict[str, str], problems: list[Problem]) -> str:
    """Return an id from the number of the inject, or from its title. The same number twice is a problem."""
    slug = re.sub(r"[^A-Za-z0-9_-]+", "_", written).strip("_")
    if slug:
        name = slug if slug[0].isalpha() else f"inject_{slug}"
        if name in ids:
            problems.append(
                Problem(place, 0, 0, f"the number '{shortened(written)}' is used twice", f"first in {ids[name]}")
            )
    else:
        words = re.sub(r"[^A-Za-z0-9]+", "_", title).strip("_").lower()
        base = "_".join(words.split("_")[:5]) or "inject"
        base = base if base[0].isalpha() else f"inject_{base}"
        name = next(n for n in (base, *(f"{base}_{k}" for k in range(2, 100_000))) if n not in ids)
    ids.setdefault(name, place)
    return name


def _kind(written: str, place: str, problems: list[Problem]) -> str:
    if not written:
        return ""
    kind = KINDS.get(plain_heading(written))
    if kind is None:
        allowed = closed_list("kind")
        remedy = nearest(written, allowed) or f"it is one of {', '.join(allowed)}"
        problems.append(Problem(place, 0, 0, f"there is no kind of inject '{shortened(written)}'", remedy))
    return "" if kind in (None, "inject") else str(kind)


def recipients(written: str, place: str, rules: ForeignRules, problems: list[Problem]) -> tuple[str, bool]:
    """Return the governments, separated by commas (empty for all), and whether the white cell is the only recipient."""
    names = [name.strip() for name in re.split(r"[,;\n/]| and | & ", written) if name.strip()]
    known = {plain_heading(code): code for code in rules.scenario.governments}
    known |= {plain_heading(each.name): code for code, each in rules.scenario.governments.items()} | dict(rules.teams)
    plain = [plain_heading(name) for name in names]
    if not names or any(each in EVERYONE for each in plain):
        return "", False
    white = WHITE_CELL | {word for word, code in known.items() if not code}
    codes = []
    for name, word in zip(names, plain, strict=True):
        if known.get(word):
            codes.append(known[word])
        elif word not in white:
            team = shortened(name, 40)
            remedy = f'name the government that plays it: --who "{team}=GOV", or --who "{team}=EXCON" if nobody does'
            problems.append(Problem(place, 0, 0, f"there is no government '{shortened(name)}'", remedy))
    return ", ".join(dict.fromkeys(codes)), not codes and all(word in white for word in plain)


def _channel(written: str) -> str:
    """Return the channel that a foreign word stands for; empty if it is none."""
    word = plain_heading(written)
    channels = {each.lower(): each for each in closed_list("channel")}
    if word in channels:
        return channels[word]
    return next((channels[name] for name, words in CHANNEL_WORDS.items() if word in words), "")


def _objective(written: str, scenario: Scenario) -> str:
    word = plain_heading(written)
    known = {plain_heading(key): key for key in scenario.objectives}
    known |= {plain_heading(each.title): key for key, each in scenario.objectives.items()}
    return known.get(word, "")


def _expected(written: str, scenario: Scenario) -> tuple[tuple[dict[str, str], ...], str]:
    """Expected actions written as `KOR: option, option within 14d - title`, and the lines that are not."""
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


def expected_text(row: MselRow) -> str:
    """Return the expected actions of a row as text that `_expected` reads back."""
    lines = []
    for each in row.expected:
        within = f" within {each['Within']}" if "Within" in each else ""
        title = f" - {each['Title']}" if "Title" in each else ""
        lines.append(f"{each.get('Who', '')}: {each.get('Any of', '')}{within}{title}")
    return "\n".join(lines)


def _time(written: str, place: str, rules: ForeignRules, problems: list[Problem]) -> dict[str, str]:
    if not written:
        return {TRIGGER: "by hand"}
    try:
        return {TRIGGER: "at", WHEN: game_time(written, rules.startex, rules.dates)}
    except ValueError as error:
        problems.append(Problem(place, 0, 0, str(error)))
        return {TRIGGER: "by hand"}
