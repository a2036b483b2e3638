"""Write docs/reference/records.md from the classes of records: `python tools/make_records.py`."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import ModuleType

import msgspec

from wargame.journal.records import (
    Record,
    correspondence,
    governments,
    kinds,
    questionnaires,
    run,
    script,
    seats,
    steps,
)

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "records.md"
SUBJECTS = {
    "The run": run,
    "Governments": governments,
    "Talks and agreements": steps,
    "The script": script,
    "People in seats": seats,
    "What people write": correspondence,
    "Questionnaires": questionnaires,
}
HEAD = """# Kinds of records

Generated from the classes in `wargame/journal/records/`. A line of `journal.jsonl` has `seq`, `t`, `at`, `kind`, `who`,
`about` and `cause`, and the fields of its kind as `data` ([read a run folder](../how-to/read-a-run-folder.md)). A field
in parentheses may be left out. *Label* is what a seat reads above a notice of the record. *Shown* lists who may see the
record and which of its fields; everything else is for the white cell ([decision 24](../decisions/0024-visibility.md)).
Some fields, such as the `number` of an offer, are in no journal: they are set for the viewer.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *(_section(title, module) for title, module in SUBJECTS.items())])


def _section(title: str, module: ModuleType) -> str:
    of_subject = [kind for kind in kinds().values() if kind.__module__ == module.__name__]
    rows = "\n".join(map(_row, of_subject))
    return f"## {title}\n\n| kind | what happened | fields | label | shown |\n|---|---|---|---|---|\n{rows}\n"


def _row(kind: type[Record]) -> str:
    what = " ".join((inspect.getdoc(kind) or "").split())
    return f"| `{kind.kind}` | {what} | {_fields(kind)} | {kind.heading[0]} | {_shown(kind)} |"


def _fields(kind: type[Record]) -> str:
    own = msgspec.structs.fields(kind)[len(Record.__struct_fields__) :]
    return ", ".join(f"`{each.encode_name}`" if each.required else f"(`{each.encode_name}`)" for each in own)


def _shown(kind: type[Record]) -> str:
    if kind is run.CommandRecord:
        return "by kind of command"
    names = {each.name: each.encode_name for each in msgspec.structs.fields(kind)}
    listed = [
        f"{audience}: {', '.join(f'`{names[each]}`' for each in fields) or 'that it happened'}"
        for audience, fields in kind.shown.items()
    ]
    return "<br>".join(listed) or "nobody"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
