"""Writes the generated pages of the docs: commands, files and state diagrams, from the code that they describe.

`--check` writes nothing and fails if a page is not what it would be.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperArgument, TyperOption
from typer.main import get_command

from wargame.cli.app import app
from wargame.cli.tree import COMMANDS, load
from wargame.scenario.schema import schema
from wargame.simulation import cycle

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- Made by docs/build.py: change the code that it describes, then `make docs`. -->\n\n"
TABLES = ("CYCLE", "FORUM", "AGREEMENT")
FILES = {
    "scenario": (
        "Scenario files",
        "The keys of a file with `format: wargame-scenario/1`, as `wargame schema scenario` has them.",
    ),
    "injects": (
        "Inject files",
        "The keys of a file with `format: wargame-injects/1`, as `wargame schema injects` has them.",
    ),
}


def main() -> None:
    """Write the pages, or say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page is stale")
    check = parser.parse_args().check
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check and stale:
        names = ", ".join(str(path.relative_to(DOCS.parent)) for path in stale)
        sys.exit(f"stale: {names}; run `make docs`")
    for path in () if check else stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path], encoding="utf-8")
        print("wrote", path.relative_to(DOCS.parent))


def pages() -> dict[Path, str]:
    """The text of every page with generated parts."""
    states = DOCS / "explanation" / "states.md"
    made = {states: with_diagrams(states), DOCS / "reference" / "commands.md": commands_page()}
    for kind in FILES:
        made[DOCS / "reference" / f"{kind}-files.md"] = file_page(kind)
        made[DOCS / "reference" / f"{kind}.schema.json"] = json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"
    return made


# State diagrams


def with_diagrams(page: Path) -> str:
    """The page with a diagram of each table between its markers."""
    text = page.read_text(encoding="utf-8")
    for name in TABLES:
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", flags=re.DOTALL)
        text, found = between.subn(rf"\g<1>{diagram(getattr(cycle, name))}\g<2>", text)
        assert found == 1, f"{page} needs one <!-- {name} --> with its <!-- end -->"
    return text


def diagram(table: dict[tuple[str, str], str]) -> str:
    """A Mermaid diagram; the first state of the table is where it begins."""
    events: dict[tuple[str, str], list[str]] = {}
    for (state, event), after in table.items():
        events.setdefault((state, after), []).append(event.replace("_", " "))
    first = next(iter(table))[0]
    arrows = [f"    {state} --> {after}: {', '.join(names)}" for (state, after), names in events.items()]
    return "\n".join(("```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *arrows, "```", ""))


# Commands


def commands_page() -> str:
    """Every command with its help, examples, arguments and options."""
    root = get_command(app)
    top = typer.Context(root, info_name="wargame")
    below = [(load(name), typer.Context(load(name), info_name=name, parent=top)) for name in COMMANDS]
    sections = [section(command, context) for command, context in ((root, top), *below)]
    return NOTE + "# Commands\n\nEvery command takes `-h`, `--help`.\n\n" + "\n".join(sections)


def section(command: Any, context: typer.Context) -> str:
    """One command as Markdown."""
    usage = " ".join(command.get_usage(context).removeprefix("Usage:").split())
    parts = [f"## {context.command_path}", fenced(usage), prose(command.help or ""), fenced(command.epilog or "")]
    for title, kind in (("Argument", TyperArgument), ("Option", TyperOption)):
        records = [p.get_help_record(context) for p in command.params if isinstance(p, kind)]
        rows = [(f"`{name.strip()}`", meaning) for name, meaning in filter(None, records)]
        parts += [grid((title, "Meaning"), rows)] if rows else []
    return "\n\n".join(part for part in parts if part) + "\n"


def prose(text: str) -> str:
    """Help text with its blocks that are kept from rewrapping fenced."""
    blocks = re.split(r"\n\s*\n", inspect.cleandoc(text).replace("\b\n", "\b"))
    return "\n\n".join(fenced(b.lstrip("\b")) if b.startswith(("\b", " ")) else b.strip() for b in blocks)


def fenced(text: str) -> str:
    """A block of text as it is typed; nothing if it is empty."""
    return text and "```text\n" + inspect.cleandoc(text) + "\n```"


# Files


def file_page(kind: str) -> str:
    """The keys of one kind of file, mapping by mapping."""
    title, about = FILES[kind]
    whole = schema(kind)
    mappings = {"The file": whole, **whole.get("definitions", {})}
    return NOTE + f"# {title}\n\n{about}\n\n" + "\n".join(mapping(name, keys) for name, keys in mappings.items())


def mapping(name: str, of: dict[str, Any]) -> str:
    """One mapping as a table of its keys."""
    needed = set(of.get("required", ()))
    rows = [
        (f"`{key}`" + (" (needed)" if key in needed else ""), kind_of(value), meaning(value))
        for key, value in of.get("properties", {}).items()
    ]
    parts = (f"## {name}", of.get("description", ""), grid(("Key", "Holds", "Meaning"), rows) if rows else kind_of(of))
    return "\n\n".join(part for part in parts if part) + "\n"


def meaning(value: dict[str, Any]) -> str:
    """Description and default."""
    default = f"Default: `{value['default']}`." if value.get("default") not in (None, "", [], {}) else ""
    return " ".join(part for part in (value.get("description", ""), default) if part)


def kind_of(value: Any) -> str:
    """What a value may be, in a few words."""
    if not isinstance(value, dict):
        return "anything" if value else "nothing"
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for many in ("anyOf", "oneOf", "allOf"):
        if many in value:
            return " or ".join(dict.fromkeys(kind_of(one) for one in value[many]))
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    return typed(value)


def typed(value: dict[str, Any]) -> str:
    """A value that has a JSON type."""
    match value.get("type"):
        case "array":
            items = value.get("items", True)
            return "list of " + (" and ".join(map(kind_of, items)) if isinstance(items, list) else kind_of(items))
        case "object":
            return f"mapping to {kind_of(value.get('additionalProperties', True))}"
        case "number" | "integer" as word:
            return " ".join(filter(None, ("number" if word == "number" else "whole number", bounds(value))))
        case list(words):
            return " or ".join(words)
        case word:
            return {"string": "text", "boolean": "true or false"}.get(str(word), str(word or "anything"))


def bounds(value: dict[str, Any]) -> str:
    """The range of a number."""
    low, high = value.get("minimum"), value.get("maximum")
    return "" if low is None or high is None else f"{low:g} to {high:g}"


def grid(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    cells = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(" ".join(c.replace("|", "\\|").split()) for c in row) + " |" for row in cells)


if __name__ == "__main__":
    main()
