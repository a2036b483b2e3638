"""The columns of an MSEL sheet: which field of an inject each one holds, and the text of its cells."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from typing import get_args, get_type_hints

from yaml.nodes import Node, ScalarNode, SequenceNode

from wargame.dataclasses import dataclass, field, is_dataclass
from wargame.scenario.building.yaml_nodes import keys, text, value_of
from wargame.scenario.model import Inject
from wargame.scenario.model.annotations import Choices
from wargame.sheets.yaml_values import flow
from wargame.tables import tables


class Shape(Enum):
    """The form of the value of a field in a cell."""

    TEXT = "free text"
    PLAIN = "one value: a number, a time, a formula, an id"
    LIST = "ids separated by commas"
    NESTED = "YAML in flow style, such as {inject: a, delay: 2d}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as a row of `columns.yaml`. `field` is the YAML key; `width` is in characters."""

    heading: str
    field: str
    shape: Shape
    width: int = 14
    help: str = ""


TRIGGER, WHEN = "Trigger", "When"
TRIGGERS = {name: name for name in Inject.ONE_OF} | {"manual": "by hand"}
"""The words of the column Trigger by the key of the trigger in YAML."""
TRIGGER_SHAPES = {
    name: Shape.NESTED if any(map(is_dataclass, get_args(hint))) else Shape.PLAIN
    for name, hint in get_type_hints(Inject, include_extras=True).items()
    if name in TRIGGERS
}
ACTION_PARTS = {"Action": "option", "Action by": "by", "Action to": "to"}

COLUMNS, EXPECTED_COLUMNS = (
    tuple(Column(**row | {"shape": Shape[row["shape"]]}) for row in tables("sheets/columns.yaml")[name])
    for name in ("msel", "expected")
)
HEADINGS = tuple(column.heading for column in COLUMNS)
BY_HEADING = {column.heading: column for column in COLUMNS}

EXPECTED_HEADINGS = tuple(column.heading for column in EXPECTED_COLUMNS)

EXECUTED_HEADINGS = ("Status", "Released", "Slip", "How")
"""Further columns for the injects of a run."""


@dataclass(frozen=True, slots=True)
class InjectCells:
    """One inject as cells: the text by heading, without empty cells, and one mapping for each expected action."""

    id: str
    cells: dict[str, str]
    expected: tuple[dict[str, str], ...] = ()
    executed: dict[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A hash of what the row says, which does not depend on how a program stores it."""
        content = json.dumps([sorted(self.cells.items()), [sorted(each.items()) for each in self.expected]])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@cache
def closed_list(field_name: str) -> tuple[str, ...]:
    """Return the words allowed in a field of an inject; empty if it has no such list."""
    hint = get_type_hints(Inject, include_extras=True)[field_name]
    return next((meta.allowed for meta in get_args(hint)[1:] if isinstance(meta, Choices)), ())


def row_of(item: Node) -> InjectCells:
    """Return the row of an inject that is written in YAML."""
    entries = {name: value for name, (_, value) in keys(item).items()}
    cells = {}
    for column in COLUMNS:
        if column.field == "action":
            part = value_of(entries.get("action"), ACTION_PARTS[column.heading])
            cells[column.heading] = clean(text(part))
        elif column.field and column.field in entries:
            cells[column.heading] = cell_text(entries[column.field], column.shape)
    cells |= _trigger(entries)
    listed = entries.get("expected")
    expected = tuple(map(_expected, listed.value)) if isinstance(listed, SequenceNode) else ()
    return InjectCells(text(entries.get("id")), {name: cell for name, cell in cells.items() if cell}, expected)


def _trigger(entries: Mapping[str, Node]) -> dict[str, str]:
    for name, word in TRIGGERS.items():
        node = entries.get(name)
        if node is not None and not (name == "manual" and text(node) == "false"):
            return {TRIGGER: word, WHEN: "" if name == "manual" else cell_text(node, TRIGGER_SHAPES[name])}
    return {}


def _expected(item: Node) -> dict[str, str]:
    entries = {name: value for name, (_, value) in keys(item).items()}
    cells = {c.heading: cell_text(entries[c.field], c.shape) for c in EXPECTED_COLUMNS if c.field in entries}
    return {name: cell for name, cell in cells.items() if cell}


def cell_text(node: Node, shape: Shape) -> str:
    """Return the text of a cell for a YAML value."""
    if isinstance(node, ScalarNode):
        return clean(str(node.value))
    if shape is Shape.LIST and isinstance(node, SequenceNode) and all(_is_word(item) for item in node.value):
        return ", ".join(text(item) for item in node.value)
    return flow(node)


def _is_word(node: Node) -> bool:
    return isinstance(node, ScalarNode) and bool(node.value) and not set(node.value) & set(",;[]{}\n\"'")


def clean(cell: str) -> str:
    """Return the text without surrounding space, with one kind of line break, since programs differ in these."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def differences(one: InjectCells, other: InjectCells) -> list[tuple[str, str, str]]:
    """Return the cells in which two rows differ, as (heading, text, other text); expected actions as a whole."""
    headings = [heading for heading in HEADINGS if one.cells.get(heading, "") != other.cells.get(heading, "")]
    cells = [(heading, one.cells.get(heading, ""), other.cells.get(heading, "")) for heading in headings]
    if one.expected != other.expected:
        cells.append(("Expected", _in_words(one.expected), _in_words(other.expected)))
    return cells


def _in_words(expected: Iterable[Mapping[str, str]]) -> str:
    return "; ".join(" ".join(each.values()) for each in expected)


def fields_of(headings: Iterable[str]) -> list[str]:
    """Return the fields of an inject that these columns hold; `trigger` stands for all keys of triggers."""
    names = {each: column.field for each, column in BY_HEADING.items()}
    names |= {TRIGGER: "trigger", WHEN: "trigger", "Expected": "expected"}
    return list(dict.fromkeys(names[each] for each in headings))
