"""The map of a sheet of other makers: what its author has said, as options, or in a map for later sheets.

Who receives an inject is a matter of the teams of a sheet and the governments that play them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from yaml.nodes import MappingNode, Node, SequenceNode

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Problem, UsageFault, among, nearest, shortened
from wargame.journal.inputs import read_input
from wargame.scenario.building.yaml_nodes import fault, keys, read, text, value_of
from wargame.scenario.model import Scenario
from wargame.sheets.table import Table, letters, plain_heading
from wargame.sheets.vocabulary import FIELDS, KEPT, profile, words
from wargame.sheets.yaml_values import plain_or_quoted

KEYS = ("sheet", "heading_row", "columns", "who", "startex", "dates", "early")
"""The keys of a map."""
EARLY = {"startex": "released at STARTEX", "omit": "disabled"}
"""The rules for rows before the scenario."""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column that was named: the field it holds, its heading or letter, and where that was said."""

    field: str
    column: str
    place: tuple[str, int, int] = ("--columns", 0, 0)


@dataclass(frozen=True, slots=True)
class SheetMap:
    """The statements of an author about a sheet. Empty parts are found from the sheet."""

    columns: tuple[MappedColumn, ...] = ()
    is_complete: bool = False
    """Whether the columns come from a file, which names all that are read."""
    profile: str = ""
    sheet: str = ""
    heading_row: int | None = None
    who: Mapping[str, str] = field(default_factory=dict)
    """Governments, `all` or `EXCON` by the name of the team in the sheet; the empty name is that of empty cells."""
    startex: str = ""
    dates: str = ""
    early: str = ""
    """The rule for rows before the scenario: `startex` or `omit`."""

    def by_column(self, table: Table, problems: list[Problem]) -> dict[int, str]:
        """Return the fields of the columns of a sheet that were named; a column that is not there is a problem."""
        by_heading = {plain_heading(heading): column for column, heading in enumerate(table.headings) if heading}
        by_letter = {letters(column): column for column in range(len(table.headings))}
        found: dict[int, str] = {}
        for each in self.columns:
            written = each.column.strip()
            column = by_heading.get(plain_heading(written), by_letter.get(written.rstrip(":").upper()))
            if column is None:
                remedy = nearest(written, [heading for heading in table.headings if heading])
                message = f"the sheet has no column '{shortened(written)}'"
                problems.append(Problem(*each.place, message, remedy or "give its heading or its letter"))
            elif found.get(column, each.field) != each.field:
                message = f"'{shortened(written)}' is already the {found[column]}"
                problems.append(Problem(*each.place, message, "give each column one meaning"))
            elif each.field not in KEPT and each.field in (named := {found[c]: c for c in found if c != column}):
                message = f"two columns are the {each.field}: {letters(named[each.field])} and {letters(column)}"
                problems.append(Problem(*each.place, message, "choose one; 'note' keeps the other in the notes"))
            else:
                found[column] = each.field
        return found

    def with_column(self, field_name: str, column: str) -> SheetMap:
        """Return the map with another column for a field."""
        others = tuple(
            each for each in self.columns if each.column != column and (each.field != field_name or field_name in KEPT)
        )
        return replace(self, columns=(*others, MappedColumn(field_name, column)))

    def with_team(self, name: str, governments: str) -> SheetMap:
        """Return the map with who plays a team."""
        return replace(self, who={**self.who, name: governments})


def read_map(options: Sequence[str], problems: list[Problem]) -> SheetMap:
    """Return what `--columns` says: names of profiles, map files, and `FIELD=COLUMN`; later ones take precedence."""
    found = SheetMap()
    for written in options:
        name, equals, column = written.partition("=")
        if written.endswith((".yaml", ".yml")):
            found = _from_file(Path(written), problems)
        elif not equals:
            profile(written)
            found = replace(found, profile=written)
        elif name.strip() not in FIELDS or not column.strip():
            hint = nearest(name.strip(), FIELDS) or f"the fields are {', '.join(FIELDS)}"
            raise UsageFault(f"--columns {written}: write FIELD=COLUMN, such as when=C ({hint})")
        else:
            found = found.with_column(name.strip(), column)
    return found


def _from_file(path: Path, problems: list[Problem]) -> SheetMap:
    """Return the map of a file. One without a key `columns` has only columns."""
    try:
        data = read_input(path)
    except OSError as error:
        raise UsageFault(f"--columns {path}: cannot be read: {error.strerror or error}") from None
    root = read(str(path), data, problems)
    entries = keys(root)
    if "columns" not in entries:
        return SheetMap(tuple(_columns(str(path), root, problems)), is_complete=True)
    for key, (node, _) in entries.items():
        if key not in KEYS:
            remedy = nearest(key, KEYS) or f"they are {', '.join(KEYS)}"
            problems.append(fault(node, f"a map has no key '{shortened(key)}'", remedy))
    within = entries["columns"][1]
    if not isinstance(within, MappingNode):
        remedy = 'write it as columns: {title: "Short text", when: C}'
        problems.append(fault(within, "`columns` must be a mapping of parts of an inject to columns", remedy))
    said = {key: text(value) for key, (_, value) in entries.items() if key in KEYS}
    row, early = said.get("heading_row", ""), said.get("early", "")
    if early and early not in EARLY:
        problems.append(fault(entries["early"][1], f"`early` is {' or '.join(EARLY)}"))
    return SheetMap(
        tuple(_columns(str(path), within, problems)),
        is_complete=True,
        sheet=said.get("sheet", ""),
        heading_row=int(row) if row.isdecimal() else None,
        who={name: ", ".join(_texts(value)) for name, (_, value) in keys(value_of(root, "who")).items()},
        startex=said.get("startex", ""),
        dates=said.get("dates", ""),
        early=early,
    )


def _columns(label: str, node: Node | None, problems: list[Problem]) -> Iterator[MappedColumn]:
    """Yield the columns of a mapping from fields to columns, or from columns to fields."""
    for name, (key, value) in keys(node).items():
        place = (label, key.start_mark.line + 1, key.start_mark.column + 1)
        if name in FIELDS:
            yield from (MappedColumn(name, each, place) for each in _texts(value))
        elif text(value) in FIELDS:
            yield MappedColumn(text(value), name, place)
        else:
            remedy = nearest(name, FIELDS) or f"it is one of {', '.join(FIELDS)}"
            problems.append(Problem(*place, f"an inject has no part '{shortened(name)}'", remedy))


def _texts(node: Node) -> list[str]:
    return [text(each) for each in node.value] if isinstance(node, SequenceNode) else [text(node)]


def map_file(chosen: SheetMap, table: Table, fields: Mapping[int, str]) -> str:
    """Return the file of a map: how this sheet was read, for `--columns FILE`."""
    lines = ["# How to read sheets like this one: wargame msel import FILE --columns THIS-FILE"]
    lines += [f"sheet: {plain_or_quoted(table.sheet)}"] if table.sheet else []
    lines += [f"heading_row: {table.heading_row}", "columns:"]
    for name in FIELDS:
        columns = [_column_name(table, column) for column, each in sorted(fields.items()) if each == name]
        written = ", ".join(plain_or_quoted(column, in_flow=True) for column in columns)
        lines += [f"  {name}: {written if len(columns) == 1 else f'[{written}]'}"] if columns else []
    lines += ["who:"] if chosen.who else []
    lines += [f"  {plain_or_quoted(name)}: {plain_or_quoted(codes)}" for name, codes in chosen.who.items()]
    lines += [f"{key}: {plain_or_quoted(getattr(chosen, key))}" for key in KEYS[-3:] if getattr(chosen, key)]
    return "\n".join(lines) + "\n"


def _column_name(table: Table, column: int) -> str:
    """Return the heading of a column, or its letter if no other cell is read as this heading."""
    heading = re.sub(r"\s+", " ", table.headings[column])
    alike = [each for each in table.headings if plain_heading(each) == plain_heading(heading)]
    return heading if plain_heading(heading) and len(alike) == 1 else letters(column)


ALL, WHITE_CELL = "all", "EXCON"
"""The recipients of a team besides governments: all players, or nobody among them."""


def nobody(written: str) -> bool:
    """Return whether a cell names no recipient."""
    plain = plain_heading(written)
    return not plain or plain in words("nobody")


def read_teams(written: Iterable[tuple[str, str]], scenario: Scenario) -> dict[str, str]:
    """Return the recipients of teams by plain name: governments, `all`, or empty for EXCON; UsageFault for others."""
    teams = {}
    for name, codes in written:
        listed = [code.strip() for code in codes.split(",") if code.strip()]
        for code in listed:
            plain = plain_heading(code)
            if plain != ALL and plain not in words("white_cell"):
                said = f"--who {name}={codes}: there is no government '{shortened(code, 40)}'"
                among(code, sorted(scenario.governments), said, "they are")
        if not listed:
            example = min(scenario.governments)
            raise UsageFault(f'--who {name}: write "TEAM=GOV", such as "Blue Team={example}", or "TEAM={ALL}"')
        governments = [code for code in listed if code in scenario.governments]
        teams[plain_heading(name)] = (
            ALL if any(plain_heading(each) == ALL for each in listed) else ", ".join(governments)
        )
    return teams


@dataclass(slots=True)
class Team:
    """A team of a sheet: how it is written, who plays it (None if nobody knows), and the cells that name it."""

    name: str
    recipients: str | None
    places: list[str] = field(default_factory=list)


class SheetTeams:
    """The teams of a sheet, with those that its cells have named so far in `named`."""

    def __init__(self, scenario: Scenario, chosen: Mapping[str, str]) -> None:
        self._known = dict.fromkeys(words("all_players"), ALL) | dict.fromkeys(words("white_cell"), "")
        self._known |= {plain_heading(code): code for code in scenario.governments}
        self._known |= {plain_heading(each.name): code for code, each in scenario.governments.items()}
        self._known |= {"" if nobody(name) else name: codes for name, codes in chosen.items()}
        self.governments = tuple(scenario.governments)
        self.named: dict[str, Team] = {}

    @property
    def resolves_nobody(self) -> bool:
        """Whether it was said who receives rows that name nobody."""
        return "" in self._known

    def knows(self, written: str) -> bool:
        """Return whether all that a cell names are known teams."""
        return all(plain_heading(name) in self._known for name in self.split(written))

    def split(self, written: str) -> list[str]:
        """Return the names in a cell. A known name is not taken apart, such as `Legal / Finance`."""
        names: list[str] = []
        for part in re.split(r"[,;\n]", written):
            if plain_heading(part) in self._known:
                names.append(part.strip())
                continue
            inside = re.split(r"/|\+| and | und | et | y | & ", part)
            is_list = any(plain_heading(each) in self._known for each in inside)
            names += [each.strip() for each in (inside if is_list else [part]) if plain_heading(each)]
        return names

    def recipients(self, written: str, place: str) -> tuple[str, bool]:
        """Return the governments (empty for all), and whether the white cell is the only recipient.

        The teams are noted in `named`, those that nobody is known to play without recipients.
        """
        codes: list[str] = []
        is_all = is_open = False
        for name in [""] if nobody(written) else self.split(written):
            word = plain_heading(name)
            known = self._known.get(word)
            self.named.setdefault(word, Team(name, known)).places.append(place)
            is_all, is_open = is_all or known == ALL, is_open or known is None
            codes += [code.strip() for code in (known or "").split(",") if code.strip() and known != ALL]
        if is_all:
            return "", False
        return ", ".join(dict.fromkeys(codes)), not codes and not is_open
