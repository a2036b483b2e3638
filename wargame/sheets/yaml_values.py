"""Writes single values as YAML: in flow style for cells, in block style for inject files."""

import json
import textwrap

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.scenario.building.scalars import NULLS
from wargame.scenario.building.yaml_nodes import keys, read, text, value_of

LINE = 116
"""The longest line that is written, in characters."""


def flow(node: Node) -> str:
    """Return a node in flow style on one line; quoted scalars stay quoted."""
    if isinstance(node, ScalarNode):
        if node.style and node.style != "plain":
            return quoted(str(node.value))
        return plain_or_quoted(str(node.value), in_flow=True)
    if isinstance(node, SequenceNode):
        return f"[{', '.join(map(flow, node.value))}]"
    assert isinstance(node, MappingNode)
    return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in node.value) + "}"


def quoted(value: str) -> str:
    """Return a scalar in double quotes."""
    escaped = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escape(char) for char in escaped)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def plain_or_quoted(value: str, *, in_flow: bool = False) -> str:
    """Return a scalar without quotes where YAML reads it as the same text, otherwise in double quotes."""
    return value if _is_plain(value, in_flow=in_flow) else quoted(value)


def _is_plain(value: str, *, in_flow: bool) -> bool:
    if not value or value != value.strip() or not value.isprintable() or value in NULLS:
        return False
    if in_flow and set(value) & set("[]{},:#\"'&*!|>%@`?"):
        return False
    document = f"x: [{value}]\n" if in_flow else f"x: {value}\n"
    root = read("value", document.encode(), [])
    node = value_of(root, "x")
    if in_flow and isinstance(node, SequenceNode):
        node = node.value[0] if len(node.value) == 1 else None
    return isinstance(node, ScalarNode) and not node.style and node.value == value and len(keys(root)) == 1


def text_value(value: str, indent: int) -> str:
    """Return a text as what follows `key:`: on the same line if it is short, otherwise as an indented block.

    `indent` is the column of the key. The result begins with a space.
    """
    if "\n" not in value and len(value) + indent <= LINE - 24:
        return f" {plain_or_quoted(value)}"
    block = _block(value, indent + 2)
    if block is not None and text(value_of(read("value", f"x:{block}\n".encode(), []), "x")) == value:
        return block
    return f" {quoted(value)}"


def _block(value: str, indent: int) -> str | None:
    """Return a folded block for one paragraph, a literal one for several lines."""
    margin = " " * indent
    if "\n" in value:
        lines = value.split("\n")
        return " |-\n" + "\n".join(f"{margin}{line}" if line else "" for line in lines)
    lines = textwrap.wrap(value, LINE - indent, break_long_words=False, break_on_hyphens=False)
    return " >-\n" + "\n".join(f"{margin}{line}" for line in lines)
