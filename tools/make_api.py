"""The reference of the web API: each endpoint with its roles, parameters and answers, and the shapes of JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from page_parts import NOTE

from wargame.web.endpoints import PREFIX, openapi

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "web-api.md"
SHAPES = PAGE.with_name("web-api-shapes.md")
BETWEEN = re.compile(r"(<!-- endpoints -->\n).*?(<!-- end -->)", flags=re.DOTALL)


def page() -> str:
    """The page with the endpoints between its markers."""
    document = openapi()
    sections = [
        _endpoint(method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    content = "\n\n".join(sections).replace("](#", f"]({SHAPES.name}#")
    text, count = BETWEEN.subn(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", PAGE.read_text(encoding="utf-8"))
    assert count == 1, f"{PAGE} needs one <!-- endpoints --> with its <!-- end -->"
    return text


def shapes_page() -> str:
    """The page of the shapes."""
    schemas = openapi()["components"]["schemas"]
    shapes = [_shape(name, of) for name, of in sorted(schemas.items()) if "properties" in of]
    head = "# The web API: shapes\n\nThe JSON objects that [the web API](web-api.md) receives and sends, by name."
    return NOTE + "\n\n".join([head, *shapes]) + "\n"


def _endpoint(method: str, path: str, operation: dict[str, Any]) -> str:
    parts = [f"### {method} {path.removeprefix(PREFIX)}", f"{operation['summary']} {operation['description']}"]
    queries = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
    parts += [f"`?{each['name']}=`: {each['description']}" for each in queries]
    body = operation.get("requestBody")
    sent = " or ".join(_answer(media, of["schema"]) for media, of in body["content"].items()) if body else ""
    answers: list[tuple[str, dict[str, Any]]] = [
        (status, each.get("content", {})) for status, each in operation["responses"].items()
    ]
    right: dict[str, Any] = next((content for status, content in answers if int(status) < 300), {})
    shown = " or ".join(_answer(media, of["schema"]) for media, of in right.items())
    lines = [f"Body: {sent}." if sent else "", f"Answer: {shown}." if shown else ""]
    lines.append(f"Statuses: {', '.join(status for status, _ in answers)}.")
    return "\n\n".join([*parts, " ".join(filter(None, lines))])


def _answer(media: str, schema: dict[str, Any]) -> str:
    return _type(schema) if media == "application/json" else f"`{media}`"


def _type(schema: dict[str, Any]) -> str:
    """A schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema['items'])}" if "items" in schema else "list"
    if kind == "object" and "additionalProperties" in schema:
        return f"mapping to {_type(schema['additionalProperties'])}"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, str(kind))


def _shape(name: str, of: dict[str, Any]) -> str:
    required = of.get("required", ())
    rows = [
        f"| `{key}`{' *required*' if key in required else ''} | {_type(value)} | {value.get('description', '')} |"
        for key, value in of["properties"].items()
    ]
    text = of.get("description", "").split("\n\n")[0].replace("\n", " ")
    return "\n\n".join([f"## {name}", text, "\n".join(["| key | value | meaning |", "|---|---|---|", *rows])])
