"""`wargame lessons`."""

import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json
from wargame.errors import UsageFault

_ON = options.option("--on", "DATE", "lessons", formats=["%Y-%m-%d"])


def command(
    top: Annotated[Path | None, options.argument("DIR", "lessons")] = None,
    *,
    on: Annotated[datetime | None, _ON] = None,
    out: Annotated[Path | None, options.out_file("lessons")] = None,
    template: options.Template = None,
    shown: options.Shown,
) -> None:
    """Collect the corrective actions of a series of exercises: overdue, open, done; and findings that are repeated."""
    from wargame.journal.folder import runs_folder
    from wargame.journal.outputs import write_output
    from wargame.review.findings.lessons import lessons
    from wargame.review.reports.lessons_report import lessons_report, lessons_tables
    from wargame.review.reports.writing import as_document
    from wargame.sheets.msel_book import SheetContent
    from wargame.sheets.writers import to_xlsx

    if template is not None and (out is None or out.suffix.lower() != ".docx"):
        raise UsageFault(f"--template {template}: only Word documents have a template (--out lessons.docx)")
    top = top or runs_folder()
    found = lessons(top, (on or datetime.now(UTC).astimezone()).date())
    if out is None:
        print_json(asdict(found)) if shown.as_json else print_blocks(lessons_report(found))
        return
    if out.suffix.lower() == ".xlsx":
        tables = lessons_tables(found)
        content = to_xlsx([SheetContent(t.caption, t.heads, t.rows, (28,) * len(t.heads), "A2") for t in tables])
    else:
        form, path = options.format_of(None, out, template), os.path.relpath(top, out.parent)
        content = as_document(list(lessons_report(found, path)), form, template=template)
    write_output(out, content)
    shown.written(asdict(found), out)
