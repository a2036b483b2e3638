"""The generated parts of the reference of the seat protocol: one table for each message and part, and the schema."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, get_args

import msgspec

from wargame.brains import protocol, replies

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "seat-protocol.md"
SCHEMA = PAGE.with_name("seat-protocol.schema.json")
WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}
SENT = (
    "Hello Section SeatOption Turn Due Entry Choice Known OpenDemand OpenOffer OpenVote OpenProcedure Result Refusal "
    "End Case"
)
RECEIVED = "Ready Act Order FreeOrder Message Offer Vote Answer Usage Ruling Judgement"
DRIVER = [getattr(protocol, name) for name in SENT.split()]
PROGRAM = [getattr(replies, name) for name in RECEIVED.split()]
"""What the driver and a program send, with its parts, in the order of the reference page."""
BETWEEN = re.compile(r"(<!-- messages -->\n).*?(<!-- end -->)", flags=re.DOTALL)


def page() -> str:
    """The page with the tables between its markers."""
    components = schema()["$defs"]
    parts = ["### What a program receives", *(_table(kind, components) for kind in DRIVER)]
    parts += ["### What a program sends", *(_table(kind, components) for kind in PROGRAM)]
    tables = "\n\n".join(parts)
    text, count = BETWEEN.subn(lambda found: f"{found[1]}\n{tables}\n\n{found[2]}", PAGE.read_text(encoding="utf-8"))
    assert count == 1, f"{PAGE} needs one <!-- messages --> with its <!-- end -->"
    return text


def schema() -> dict[str, Any]:
    """Return the JSON Schema of all messages, by their names."""
    kinds = get_args(protocol.Sent) + get_args(replies.Received)
    _, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    named = {name: each | {"description": " ".join(each["description"].split())} for name, each in components.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": protocol.FORMAT,
        "description": "One message of a program in a seat, or of the driver: a JSON object on one line.",
        "oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds],
        "$defs": dict(sorted(named.items())),
    }


def schema_text() -> str:
    """The JSON Schema as a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _table(kind: type[msgspec.Struct], components: dict[str, Any]) -> str:
    component = components[kind.__name__]
    tag = component["properties"].get("type", {}).get("enum", [""])[0]
    title = f"#### `{tag}`" if tag else f"#### {kind.__name__}"
    text = inspect.cleandoc(kind.__doc__ or "")
    required = set(component.get("required", ()))
    rows = [
        f"| `{name}` | {_type(each)} | {'yes' if name in required else _default(each)} |"
        for name, each in component["properties"].items()
        if name != "type"
    ]
    head = ["| key | value | required |", "|---|---|---|"]
    return "\n".join([title, "", text, "", *head, *rows])


def _default(each: dict[str, Any]) -> str:
    return f"no: `{json.dumps(each['default'])}`" if "default" in each else "no"


def _type(each: dict[str, Any]) -> str:
    """The type of a value in a few words."""
    if "$ref" in each:
        name = each["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in each:
        return " or ".join(_type(one) for one in each["anyOf"])
    if "enum" in each:
        return " or ".join(f"`{json.dumps(value)}`" for value in each["enum"])
    kind = each.get("type", "")
    if kind == "array":
        return _array(each)
    if kind == "object":
        values = each.get("additionalProperties")
        return f"mapping to {_type(values)}" if isinstance(values, dict) else "object"
    limit = f", at most {each['maxLength']:,} characters" if "maxLength" in each else ""
    return WORDS.get(kind, str(kind)) + limit


def _array(each: dict[str, Any]) -> str:
    if "prefixItems" in each:
        return f"[{', '.join(_type(one) for one in each['prefixItems'])}]"
    most = f", at most {each['maxItems']}" if "maxItems" in each else ""
    return f"list of {_type(each['items'])}{most}" if isinstance(each.get("items"), dict) else "list"
