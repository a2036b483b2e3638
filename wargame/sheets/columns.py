"""The columns of an MSEL sheet: which field of an inject each one holds, and the text of its cells."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import get_args, get_type_hints

from yaml.nodes import Node, ScalarNode, SequenceNode

from wargame.scenario.building.yaml_nodes import keys, text, value_of
from wargame.scenario.model import Inject
from wargame.scenario.model.annotations import Choices
from wargame.sheets.yaml_values import flow


class Shape(Enum):
    """How the value of a field is written in a cell."""

    TEXT = "free text"
    PLAIN = "one value: a number, a time, a formula, an id"
    LIST = "ids separated by commas"
    NESTED = "YAML in flow style, such as {inject: a, delay: 2d}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `field` is the YAML key; `width` is in characters."""

    heading: str
    field: str
    shape: Shape
    width: int = 14
    help: str = ""


TRIGGER, WHEN = "Trigger", "When"
TRIGGERS = {"at": "at", "after": "after", "when": "when", "random": "random", "manual": "by hand"}
"""The words of the column Trigger by the key of the trigger in YAML."""
TRIGGER_SHAPES = {"at": Shape.PLAIN, "when": Shape.PLAIN, "after": Shape.NESTED, "random": Shape.NESTED}
ACTION_PARTS = {"Action": "option", "Action by": "by", "Action to": "to"}

COLUMNS = (
    Column("Id", "id", Shape.PLAIN, 22, "letters, digits, _ and -"),
    Column("Title", "title", Shape.TEXT, 36),
    Column("Storyline", "storyline", Shape.TEXT, 16),
    Column("Kind", "kind", Shape.PLAIN, 13, "inject, information, contingency, or facilitation (white cell only)"),
    Column(TRIGGER, "", Shape.PLAIN, 10, "what releases it; empty is 'by hand'"),
    Column(WHEN, "", Shape.PLAIN, 26, "at: a date or D+2 H+3; when: a condition; after and random: YAML in braces"),
    Column("Repeat", "repeat", Shape.PLAIN, 8, "the maximum number of releases"),
    Column("Chance", "chance", Shape.PLAIN, 8, "the probability of release, 0 to 1"),
    Column("Provided", "provided", Shape.PLAIN, 26, "a condition that must be true at the release"),
    Column("Channel", "channel", Shape.PLAIN, 11),
    Column("From", "sender", Shape.TEXT, 20),
    Column("To", "audience", Shape.LIST, 14, "governments, separated by commas; all if empty"),
    Column("Subject", "subject", Shape.TEXT, 30, "what readers see as subject or headline; the title if empty"),
    Column("Message", "message", Shape.TEXT, 60),
    Column("Attachments", "attachments", Shape.LIST, 20, "files that are sent with it, separated by commas"),
    Column("Questionnaire", "questionnaire", Shape.NESTED, 30, "questions to its receivers: YAML in braces"),
    Column("Notes", "notes", Shape.TEXT, 40, "for the facilitator only"),
    Column("Action", "action", Shape.PLAIN, 22, "an option that a government carries out"),
    Column("Action by", "action", Shape.PLAIN, 10),
    Column("Action to", "action", Shape.PLAIN, 10),
    Column("Objective", "objective", Shape.PLAIN, 20),
    Column("Every", "every", Shape.PLAIN, 8, "time between repeats, such as 7d"),
    Column("Until", "until", Shape.PLAIN, 14, "not released from this time on"),
    Column("Cool-down", "cool_down", Shape.PLAIN, 10),
    Column("Group", "group", Shape.TEXT, 14, "at most one inject of a group is released"),
    Column("Enabled", "enabled", Shape.PLAIN, 8, "true or false"),
    Column("Enables", "enables", Shape.LIST, 18),
    Column("Disables", "disables", Shape.LIST, 18),
    Column("Salience", "salience", Shape.NESTED, 20, "dossiers and numbers, such as {nuclear: 4}"),
    Column("Effects", "effects", Shape.NESTED, 24),
    Column("Reports", "reports", Shape.NESTED, 24),
    Column("Installs", "installs", Shape.NESTED, 24),
    Column("Source", "source", Shape.TEXT, 20),
)
HEADINGS = tuple(column.heading for column in COLUMNS)
BY_HEADING = {column.heading: column for column in COLUMNS}

EXPECTED_COLUMNS = (
    Column("Inject", "", Shape.PLAIN, 22, "the id of an inject in the sheet MSEL"),
    Column("Who", "who", Shape.PLAIN, 8),
    Column("Any of", "any_of", Shape.LIST, 40, "options, separated by commas"),
    Column("To", "to", Shape.LIST, 12),
    Column("Within", "within", Shape.PLAIN, 9),
    Column("Late", "late", Shape.PLAIN, 9),
    Column("Objective", "objective", Shape.PLAIN, 20),
    Column("Title", "title", Shape.TEXT, 44),
)
EXPECTED_HEADINGS = tuple(column.heading for column in EXPECTED_COLUMNS)

EXECUTED_HEADINGS = ("Status", "Released", "Slip", "How")
"""Further columns for the injects of a run."""


@dataclass(frozen=True, slots=True)
class MselRow:
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


def row_of(item: Node) -> MselRow:
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
    return MselRow(text(entries.get("id")), {name: cell for name, cell in cells.items() if cell}, expected)


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
    """The text without surrounding space, with one kind of line break: programs differ in what they keep of these."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def differences(one: MselRow, other: MselRow) -> list[tuple[str, str, str]]:
    """The cells in which two rows differ, as (heading, text, other text); expected actions are compared as a whole."""
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
