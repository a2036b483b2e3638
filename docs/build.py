"""Writes the generated pages of the docs: commands, files and state diagrams, from the code that they describe.

`--check` writes nothing and fails if a page is not what it would be.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import make_msel
import typer
from typer.core import TyperArgument, TyperOption
from typer.main import get_command

from wargame.batch.study import model as study_model
from wargame.batch.study.schema import study_schema
from wargame.cli.app import app
from wargame.cli.tree import COMMANDS, load
from wargame.language.times import format_duration
from wargame.scenario import model
from wargame.scenario.building.schema import schema
from wargame.scenario.model import JUDGEMENT, chronology, questions, targets
from wargame.simulation.kernel import state_tables

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- Made by docs/build.py: change the code that it describes, then `make docs`. -->\n\n"
TABLES = ("CYCLE", "FORUM", "AGREEMENT", "MSEL_ITEM")
FILES = {
    "scenario": (
        "Scenario files",
        "The keys of a file with `format: wargame-scenario/1`, as `wargame schema scenario` has them.",
        model.Scenario,
    ),
    "injects": (
        "Inject files",
        "The keys of a file with `format: wargame-injects/1`, as `wargame schema injects` has them.",
        model.Injects,
    ),
    "study": (
        "Study files",
        "The keys of a file with `format: wargame-study/1`, as `wargame schema study` has them.",
        study_model.Study,
    ),
}
PLACES = (model, chronology, questions, targets, study_model)
MODEL = tuple(each for place in PLACES for each in vars(place).values() if isinstance(each, type))
"""The classes that stand for mappings of files."""
READING = """Keys marked *needed* must be there. Formulas, durations (`14d`, `1d 12h`) and times are told in
[Expressions and times](language.md). Any number may also be written with what is known of it:
`{value: 0.3, range: [0.1, 0.6], source: ...}`."""
FORMS = {
    "A formula": "formula",
    "A duration": "duration",
    "A time": "time",
    "The path of an indicator": "path of an indicator",
    "Letters, digits, _ and -": "id",
}
"""How the schema begins to describe a form, to how a table says it."""
ONE = "The id of one "


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
    made = {states: with_diagrams(states), make_msel.PAGE: make_msel.page()}
    made[DOCS / "reference" / "commands.md"] = commands_page()
    for kind in FILES:
        made[DOCS / "reference" / f"{kind}-files.md"] = file_page(kind)
        made[DOCS / "reference" / f"{kind}.schema.json"] = json.dumps(whole(kind), indent=2, ensure_ascii=False) + "\n"
    return made


# State diagrams


def with_diagrams(page: Path) -> str:
    """The page with the diagram of each state table between its markers."""
    text = page.read_text(encoding="utf-8")
    for name in TABLES:
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", flags=re.DOTALL)
        text, found = between.subn(rf"\g<1>{diagram(getattr(state_tables, name))}\g<2>", text)
        assert found == 1, f"{page} needs one <!-- {name} --> with its <!-- end -->"
    return text


def diagram(table: Mapping[tuple[str, str], str]) -> str:
    """A Mermaid diagram of a state table. The first state of the table is the initial state."""
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


def whole(kind: str) -> dict[str, Any]:
    """The schema of one kind of file."""
    return study_schema() if kind == "study" else schema(kind)


def file_page(kind: str) -> str:
    """The keys of one kind of file, mapping by mapping."""
    title, about, cls = FILES[kind]
    made, classes = whole(kind), {each.__name__: each for each in MODEL}
    named = {name: of for name, of in made["definitions"].items() if " " not in name}  # no ranges of numbers
    sections = [
        mapping("The file", made, cls),
        *(mapping(name, of, classes[name]) for name, of in named.items()),
    ]
    return NOTE + f"# {title}\n\n{about}\n\n{READING}\n\n" + "\n".join(sections)


def mapping(name: str, of: dict[str, Any], cls: type) -> str:
    """One mapping as a table of its keys. A mapping with a short form is the last of its choices."""
    keys = of if "properties" in of else of["anyOf"][-1]
    needed = keys.get("required", ())
    rows = [
        (f"`{item.name}`" + " *needed*" * (item.name in needed), kind_of(value), meaning(value, item.default))
        for item, value in zip(fields(cls), keys["properties"].values(), strict=True)
    ]
    return "\n\n".join((f"## {name}", of["description"], grid(("Key", "Holds", "Meaning"), rows))) + "\n"


def meaning(value: dict[str, Any], default: Any) -> str:
    """Description and default; what `kind_of` has said is left out."""
    said = [part for part in value.get("description", "").split("\n\n") if not part.startswith((*FORMS, ONE))]
    if default not in (MISSING, None, "", (), JUDGEMENT) and "const" not in value:
        said.append(f"Default: `{shown(default, duration='duration' in kind_of(value))}`.")
    return " ".join(said)


def shown(default: Any, *, duration: bool) -> str:
    """A default as an author would write it."""
    if isinstance(default, tuple):
        return "[" + ", ".join(shown(one, duration=duration) for one in default) + "]"
    if isinstance(default, bool):
        return str(default).lower()
    return format_duration(default) if duration else str(default)


def kind_of(value: dict[str, Any]) -> str:
    """What a value may be, in a few words."""
    form: str = value.get("description", "").split("\n\n")[-1]
    for start, words in FORMS.items():
        if form.startswith(start):
            _, mark, rest = form.partition("; ")
            return words + mark.replace("; ", ", where ") + rest
    if form.startswith(ONE):
        return form.removeprefix(ONE) + " id"
    if "$ref" in value:
        name = unquote(value["$ref"].rsplit("/", 1)[-1])
        return ranged(name) if " " in name else f"[{name}](#{name.lower()})"
    for many in ("anyOf", "allOf"):
        if many in value:
            return " or ".join(dict.fromkeys(kind_of(one) for one in value[many] if one != {"type": "null"}))
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    return typed(value)


def ranged(name: str) -> str:
    """The name of a range of numbers, in words; ranges that are only there against overflow are left out."""
    kind, _, bounds = name.partition(" ")
    word = "whole number" if kind == "integer" else "number"
    return f"{word} {bounds.replace('1e+06', '1,000,000')}" if bounds != "-1e+09 to 1e+09" else word


def typed(value: dict[str, Any]) -> str:
    """A value that has a JSON type."""
    match value["type"]:
        case "array":
            items = value["items"]
            return "list of " + (", ".join(map(kind_of, items)) if isinstance(items, list) else kind_of(items))
        case "object":
            (inner,) = value.get("patternProperties", {"": value["additionalProperties"]}).values()
            return f"mapping to {kind_of(inner)}"
        case "boolean":
            return "`true` or `false`"
    return "text"


def grid(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    cells = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(" ".join(c.replace("|", "\\|").split()) for c in row) + " |" for row in cells)


if __name__ == "__main__":
    main()
