"""`wargame msel show`."""

from __future__ import annotations

from typing import Annotated

from wargame.cli import options
from wargame.cli.msel_source import find_msel
from wargame.cli.output import console, print_json
from wargame.cli.tree import Version

EXAMPLES = """
wargame msel show korea-2017
wargame msel show last
"""


def command(
    target: Annotated[str, options.argument("SCENARIO|FILE|RUN", "A scenario, an inject file, or a run folder.")],
    *,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """List the injects of an MSEL with their times or triggers; for a run, also what became of each one."""
    del version
    from rich.table import Table

    from wargame.sheets.export import planned

    source = find_msel(target)
    plans = planned(source)
    if as_json:
        documents = [
            {"id": p.row.id, "at": p.at.isoformat() if p.at else None, "trigger": p.trigger, **p.row.executed}
            | {"title": p.row.cells.get("Title", ""), "kind": p.row.cells.get("Kind", "inject")}
            for p in plans
        ]
        print_json({"scenario": source.scenario.name, "injects": documents})
        return
    is_run = any(plan.row.executed for plan in plans)
    table = Table(box=None, show_header=not quiet, header_style="", pad_edge=False)
    for heading in ("id", "planned", *(("status", "released") if is_run else ("kind", "to")), "title"):
        table.add_column(heading, overflow="fold")
    for plan in plans:
        cells = plan.row.cells
        when = f"{plan.at:%Y-%m-%d %H:%M}" if plan.at else plan.trigger
        run = (plan.row.executed.get("Status", "").split("\n")[0], plan.row.executed.get("Released", ""))
        middle = run if is_run else (cells.get("Kind", "inject"), cells.get("To", "all"))
        table.add_row(plan.row.id, when, *middle, cells.get("Title", ""))
    console().print(table)
