"""An inject file as text in which single fields are replaced, so that all other bytes and comments stay."""

from collections.abc import Iterable, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.dataclasses import dataclass
from wargame.errors import Invalid, Problem
from wargame.scenario.building.yaml_nodes import Format, elements, fault, file_format, keys, read, text, value_of
from wargame.scenario.loading.amend import PLAIN
from wargame.scenario.model import Inject
from wargame.sheets import columns
from wargame.sheets.columns import TRIGGER, WHEN, InjectCells, Shape
from wargame.sheets.yaml_values import plain_or_quoted, text_value

FIRST = ("id", "title", "storyline", "kind", "trigger", "provided", "chance", "until", "repeat", "every")
FIELDS = tuple(dict.fromkeys([*FIRST, *(column.field for column in columns.COLUMNS if column.field), "expected"]))
"""The fields of an inject in the order in which they are written; `trigger` stands for the keys of triggers."""
WORDS = {word: name for name, word in columns.TRIGGERS.items()}


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines `first` to `end` (exclusive, from 0) are replaced."""

    first: int
    end: int
    lines: tuple[str, ...]


class Script:
    """One inject file. `rows` maps the ids of its injects to their rows, `items` to their YAML nodes."""

    def __init__(self, label: str, data: bytes) -> None:
        problems: list[Problem] = []
        root = read(label, data, problems)
        if root is not None and file_format(root, problems) not in ("", Format.INJECTS):
            problems.append(fault(root, "this is not an inject file", f"its first line is `format: {Format.INJECTS}`"))
        if root is None or problems:
            raise Invalid(problems)
        self.label = label
        self.root = root
        named = [(text(value_of(item, "id")), item) for item in elements(root, "injects")]
        self.items: dict[str, MappingNode] = {name: i for name, i in named if name and isinstance(i, MappingNode)}
        self.rows: dict[str, InjectCells] = {name: columns.row_of(item) for name, item in self.items.items()}
        decoded = data.decode("utf-8-sig")
        self._bom = data.startswith(b"\xef\xbb\xbf")
        self._newline = "\r\n" if "\r\n" in decoded else "\n"
        self._lines = decoded.replace("\r\n", "\n").split("\n")

    @property
    def scenario(self) -> str:
        """The scenario that the file is for."""
        return text(value_of(self.root, "scenario"))

    def edited(
        self, changed: Mapping[str, tuple[InjectCells, list[str]]], added: list[InjectCells], removed: Iterable[str]
    ) -> bytes:
        """Return the file after the changes: of `changed` rows the fields named with them, new rows at the end."""
        edits = [edit for name, (row, names) in changed.items() for edit in self._change(name, row, names)]
        edits += [self._removal(name) for name in removed]
        edits += self._additions(added)
        lines = list(self._lines)
        for edit in sorted(edits, key=lambda edit: (edit.first, edit.end), reverse=True):
            lines[edit.first : edit.end] = edit.lines
        return (b"\xef\xbb\xbf" if self._bom else b"") + self._newline.join(lines).encode()

    # --- changes -------------------------------------------------------------------------------

    def _change(self, name: str, row: InjectCells, names: list[str]) -> list[_Edit]:
        item = self.items[name]
        if item.flow_style or item.start_mark.line in (v.start_mark.line for k, v in item.value[1:]):
            return [self._rewritten(name, row)]
        column = item.start_mark.column
        first_key = item.value[0][0]
        edits: list[_Edit] = []
        for field_name in names:
            old = [key for key in _keys_of(field_name) if key in keys(item)]
            if any(keys(item)[key][0] is first_key for key in old):
                return [self._rewritten(name, row)]
            written = _field_lines(field_name, row, column)
            place = old[0] if old else None
            if place is not None:
                entry = keys(item)[place]
                edits.append(_Edit(entry[0].start_mark.line, self._end(entry[1]), tuple(written)))
                edits += [
                    _Edit(keys(item)[key][0].start_mark.line, self._end(keys(item)[key][1]), ()) for key in old[1:]
                ]
            elif written:
                # after the last key that comes before the field in the written order
                order = [key for name in FIELDS for key in _keys_of(name)]
                rank = order.index(_keys_of(field_name)[0])
                before = [v for k, v in item.value if text(k) in order and order.index(text(k)) < rank]
                line = max(map(self._end, before), default=self._end(item.value[0][1]))
                edits.append(_Edit(line, line, tuple(written)))
        return _joined(edits)

    def _rewritten(self, name: str, row: InjectCells) -> _Edit:
        """Return the whole inject, for one in flow style or whose first key changes."""
        item = self.items[name]
        first = item.start_mark.line
        return _Edit(first, self._item_end(item), tuple(item_lines(row, self._lines[first].index("-"))))

    def _removal(self, name: str) -> _Edit:
        item = self.items[name]
        end = self._item_end(item)
        if end < len(self._lines) and not self._lines[end].strip():
            end += 1
        return _Edit(item.start_mark.line, end, ())

    def _additions(self, rows: list[InjectCells]) -> list[_Edit]:
        if not rows:
            return []
        listed = list(self.items.values())
        if not listed:
            return [self._first_items(rows)]
        last = listed[-1]
        dash = self._lines[last.start_mark.line].index("-")
        end = self._item_end(last)
        return [_Edit(end, end, tuple([line for row in rows for line in ("", *item_lines(row, dash))]))]

    def _first_items(self, rows: list[InjectCells]) -> _Edit:
        lines = ["injects:", *(line for row in rows for line in (*item_lines(row, 2), ""))]
        entry = keys(self.root).get("injects")
        if entry is None:
            end = len(self._lines)
            return _Edit(end, end, tuple(lines))
        return _Edit(entry[0].start_mark.line, entry[1].end_mark.line + 1, tuple(lines[:-1]))

    # --- places --------------------------------------------------------------------------------

    def _item_end(self, item: MappingNode) -> int:
        return item.end_mark.line + 1 if item.flow_style else max(self._end(value) for _, value in item.value)

    def _end(self, node: Node) -> int:
        """Return the line after the last line of a value, without the blank lines and comments that follow it."""
        if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
            inside = [n for pair in node.value for n in (pair if isinstance(pair, tuple) else (pair,))]
            return max(map(self._end, inside))
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            end = node.end_mark.line + (1 if node.end_mark.column else 0)
            while end > node.start_mark.line + 1 and not self._lines[end - 1].strip():
                end -= 1
            return end
        return node.end_mark.line + 1


def _keys_of(field_name: str) -> tuple[str, ...]:
    return Inject.ONE_OF if field_name == "trigger" else (field_name,)


def _joined(edits: list[_Edit]) -> list[_Edit]:
    """Return insertions at the same line as one edit, in their order."""
    joined: dict[tuple[int, int], tuple[str, ...]] = {}
    for edit in edits:
        joined[edit.first, edit.end] = joined.get((edit.first, edit.end), ()) + edit.lines
    return [_Edit(first, end, lines) for (first, end), lines in joined.items()]


def edit_of(field_name: str, row: InjectCells) -> tuple[str, str]:
    """Return the field and the new value of it with which a facilitator changes an inject to what the row says."""
    key, _, written = "\n".join(_field_lines(field_name, row, 0)).partition(":")
    if key in PLAIN:
        return key, row.cells[heading_of(key)]
    return key or field_name, written.removeprefix(" ") or "null"


# --- rows as YAML ------------------------------------------------------------------------------------


def new_script(scenario: str, title: str, rows: Iterable[InjectCells]) -> bytes:
    """Return a new inject file."""
    head = [f"format: {Format.INJECTS}", f"scenario: {plain_or_quoted(scenario)}"]
    head += [f"title:{text_value(title, 0)}"] if title else []
    body = [line for row in rows for line in ("", *item_lines(row, 2))]
    return ("\n".join([*head, "", "injects:" if body else "injects: []", *body[1:]]) + "\n").encode()


def item_lines(row: InjectCells, dash: int) -> list[str]:
    """Return an inject in block style, with its dash in column `dash`."""
    lines = [line for name in FIELDS for line in _field_lines(name, row, dash + 2)]
    lines[0] = f"{' ' * dash}- {lines[0].lstrip()}"
    return lines


def _field_lines(field_name: str, row: InjectCells, indent: int) -> list[str]:
    """Return the lines of one field; none if its cells are empty."""
    margin = " " * indent
    if field_name == "trigger":
        name = WORDS[row.cells.get(TRIGGER) or "by hand"]
        value = "true" if name == "manual" else value_text(row.cells.get(WHEN, ""), columns.TRIGGER_SHAPES[name])
        return [f"{margin}{name}: {value}"]
    if field_name == "action":
        parts = {part: row.cells[heading] for heading, part in columns.ACTION_PARTS.items() if row.cells.get(heading)}
        inside = ", ".join(f"{part}: {value_text(cell, Shape.PLAIN)}" for part, cell in parts.items())
        return [f"{margin}action: {{{inside}}}"] if parts else []
    if field_name == "expected":
        return [f"{margin}expected:", *_expected_lines(row, indent + 2)] if row.expected else []
    column = next(column for column in columns.COLUMNS if column.field == field_name)
    cell = row.cells.get(column.heading, "")
    if not cell:
        return []
    if column.shape is Shape.TEXT:
        return f"{margin}{field_name}:{text_value(cell, indent)}".split("\n")
    return [f"{margin}{field_name}: {value_text(cell, column.shape)}"]


def _expected_lines(row: InjectCells, indent: int) -> list[str]:
    lines = []
    for each in row.expected:
        margin = f"{' ' * indent}- "
        for column in columns.EXPECTED_COLUMNS:
            if column.field and (cell := each.get(column.heading)):
                inside = text_value(cell, indent + 2) if column.shape is Shape.TEXT else ""
                written = inside or f" {value_text(cell, column.shape)}"
                lines += f"{margin}{column.field}:{written}".split("\n")
                margin = " " * (indent + 2)
    return lines


def value_text(cell: str, shape: Shape) -> str:
    """Return the YAML of a cell that is not free text, on one line."""
    one_line = " ".join(cell.split("\n"))
    if shape is Shape.LIST:
        if one_line.startswith("["):
            return one_line
        words = [word.strip() for part in cell.split("\n") for word in part.replace(";", ",").split(",")]
        return f"[{', '.join(plain_or_quoted(word, in_flow=True) for word in words if word)}]"
    if shape is Shape.NESTED:
        return one_line if one_line[:1] in "{[" else f"{{{one_line}}}"
    return one_line if one_line.startswith("{") else plain_or_quoted(one_line)


def heading_of(field_name: str) -> str:
    """Return the heading of the column of a field, for places in messages."""
    if field_name in Inject.ONE_OF:
        return TRIGGER if field_name == "manual" else WHEN
    return next((heading for heading, column in columns.BY_HEADING.items() if column.field == field_name), field_name)
