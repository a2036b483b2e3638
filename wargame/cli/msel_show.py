"""`wargame msel show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from wargame.cli import options
from wargame.cli.output import print_blocks, print_json
from wargame.errors import UsageFault
from wargame.language.times import DAY

if TYPE_CHECKING:
    from wargame.sheets.export import MselSource
    from wargame.sheets.schedule import Rehearsed


def command(
    target: Annotated[str, options.argument("SCENARIO|FILE|RUN", "msel_show")],
    *,
    gantt: Annotated[Path | None, options.option("--gantt", "FILE", "msel_show")] = None,
    pace: Annotated[str | None, options.option("--pace", "GAME=WALL", "msel_show")] = None,
    wall: Annotated[str | None, options.option("--wall", "TIME", "msel_show")] = None,
    rehearsal: Annotated[Path | None, options.option("--rehearsal", "DIR", "msel_show")] = None,
    shown: options.Shown,
) -> None:
    """List the injects of an MSEL with their times or triggers; for a run, also what became of each one."""
    from wargame.cli.msel_source import find_msel

    if gantt is not None:
        _draw(find_msel(target), gantt, pace, wall, rehearsal)
        shown.written({"file": str(gantt)}, gantt)
        return
    if pace or wall or rehearsal:
        raise UsageFault("--pace, --wall and --rehearsal are for --gantt FILE")
    from wargame.document.blocks import Grid
    from wargame.sheets.export import planned

    source = find_msel(target)
    plans = planned(source)
    if shown.as_json:
        documents = [
            {"id": p.row.id, "at": p.at.isoformat() if p.at else None, "trigger": p.trigger, **p.row.executed}
            | {"title": p.row.cells.get("Title", ""), "kind": p.row.cells.get("Kind", "inject")}
            for p in plans
        ]
        print_json({"scenario": source.scenario.name, "injects": documents})
        return
    is_run = any(plan.row.executed for plan in plans)
    heads = ("Id", "Planned", *(("Status", "Released") if is_run else ("Kind", "To")), "Title")
    rows = []
    for plan in plans:
        cells, executed = plan.row.cells, plan.row.executed
        when = f"{plan.at:%Y-%m-%d %H:%M}" if plan.at else plan.trigger
        run = (executed.get("Status", "").split("\n")[0], executed.get("Released", ""))
        middle = run if is_run else (cells.get("Kind", "inject"), cells.get("To", "all"))
        rows.append((plan.row.id, when, *middle, cells.get("Title", "")))
    print_blocks([Grid("", () if shown.quiet else heads, tuple(rows))])


def _draw(source: MselSource, path: Path, pace: str | None, wall: str | None, rehearsal: Path | None) -> None:
    from wargame.journal.outputs import write_output
    from wargame.language.plain_text import clean_lines
    from wargame.live.session.pace import read_pace, read_wall
    from wargame.sheets.schedule import schedule, to_page, to_svg

    if path.suffix.lower() not in (".svg", ".html"):
        raise UsageFault(f"--gantt {path}: choose a name that ends in .svg or .html")
    if pace and wall:
        raise UsageFault("give --pace or --wall, not both: --wall computes the pace")
    results, runs = _rehearsal(rehearsal, source) if rehearsal else ({}, 0)
    here = {row.id for row in source.rows}
    plan = schedule(source.scenario, {k: v for k, v in source.injects.items() if k in here}, results, runs)
    speed = plan.length * DAY / read_wall(wall) if wall else read_pace(pace) if pace else source.pace
    drawn = to_svg(plan, speed) if path.suffix.lower() == ".svg" else to_page(plan, speed)
    write_output(path, clean_lines(drawn).encode())


def _rehearsal(folder: Path, source: MselSource) -> tuple[dict[str, Rehearsed], int]:
    """Return what a rehearsal found for each inject, and its number of runs."""
    from wargame.review.reports.rehearsal_file import read
    from wargame.sheets.schedule import Rehearsed

    data = read(folder)
    if data["scenario"] != source.scenario.name:
        raise UsageFault(f"{folder} is a rehearsal of {data['scenario']}, not of {source.scenario.name}")
    results = {}
    for row in data["injects"]:
        days = row["days"] or {}
        results[row["inject"]] = Rehearsed(row["estimate"] or 0.0, days.get("p10"), days.get("median"), days.get("p90"))
    return results, int(data["runs"])
