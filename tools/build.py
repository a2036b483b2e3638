"""Generate pages of the documentation from the code: commands, files and state diagrams.

`--check` writes nothing and fails if a page is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import make_api
import make_commands
import make_msel
import make_protocol
import make_records
from make_files import FILES, file_pages, schema_text, whole
from page_parts import DOCS, grid

from wargame.evidence.conduct.sequences import WRITTEN
from wargame.scenario.building.schema import schema
from wargame.simulation.kernel import state_tables

CONDUCT = DOCS / "reference" / "results-conduct.md"
TABLES = ("FORUM", "AGREEMENT", "MSEL_ITEM")


def main() -> None:
    """Write the pages, or report which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page is out of date")
    check = parser.parse_args().check
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check and stale:
        names = ", ".join(str(path.relative_to(DOCS.parent)) for path in stale)
        sys.exit(f"out of date: {names}; run `make docs`")
    for path in () if check else stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path], encoding="utf-8")
        print("wrote", path.relative_to(DOCS.parent))


def pages() -> dict[Path, str]:
    """The text of every page with generated parts."""
    states = DOCS / "reference" / "states.md"
    texts = {states: with_diagrams(states), make_msel.PAGE: make_msel.page(), CONDUCT: with_kinds(CONDUCT)}
    texts |= make_commands.pages() | {make_records.PAGE: make_records.page()}
    texts |= {make_api.PAGE: make_api.page(), make_api.SHAPES: make_api.shapes_page()}
    texts |= {make_protocol.PAGE: make_protocol.page(), make_protocol.SCHEMA: make_protocol.schema_text()}
    for kind in FILES:
        texts |= file_pages(kind)
        texts[DOCS / "reference" / f"{kind}.schema.json"] = schema_text(whole(kind))
    texts[DOCS / "reference" / "overlay.schema.json"] = schema_text(schema("overlay"))
    return texts


# Kinds of absurd conduct


def with_kinds(page: Path) -> str:
    """The page with the table of the general kinds between its markers."""
    kinds = [(kind["title"], f"`{name}`", kind["source"]) for name, kind in WRITTEN["kinds"].items()]
    table = grid(("Kind", "`--kind`", "Why, and where its threshold is from"), kinds)
    between = re.compile(r"(<!-- kinds -->\n).*?(<!-- end -->)", flags=re.DOTALL)
    text, count = between.subn(lambda found: f"{found[1]}{table}\n{found[2]}", page.read_text(encoding="utf-8"))
    assert count == 1, f"{page} needs one <!-- kinds --> with its <!-- end -->"
    return text


# State diagrams


def with_diagrams(page: Path) -> str:
    """The page with the diagram of each table between its markers."""
    text = page.read_text(encoding="utf-8")
    for name in TABLES:
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", flags=re.DOTALL)
        text, count = between.subn(rf"\g<1>{diagram(getattr(state_tables, name))}\g<2>", text)
        assert count == 1, f"{page} needs one <!-- {name} --> with its <!-- end -->"
    return text


def diagram(table: Mapping[tuple[str, str], str]) -> str:
    """A Mermaid diagram of a state table, whose first state is the initial one."""
    events: dict[tuple[str, str], list[str]] = {}
    for (state, event), after in table.items():
        events.setdefault((state, after), []).append(event.replace("_", " "))
    first = next(iter(table))[0]
    arrows = [f"    {state} --> {after}: {', '.join(names)}" for (state, after), names in events.items()]
    return "\n".join(("```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *arrows, "```", ""))


if __name__ == "__main__":
    main()
