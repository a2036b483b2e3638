"""`wargame list`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from wargame.cli.options import Json, Quiet
from wargame.cli.output import print_json
from wargame.cli.tree import Version

EXAMPLES = """
wargame list
wargame list runs
wargame list injects --json
"""


class ListKind(StrEnum):
    """What to list."""

    SCENARIOS = "scenarios"
    INJECTS = "injects"
    STUDIES = "studies"
    RUNS = "runs"
    BATCHES = "batches"
    REHEARSALS = "rehearsals"


Row = dict[str, object]
HEADINGS = {"started": "started (UTC)"}


def command(
    kind: Annotated[
        ListKind | None,
        typer.Argument(metavar="[scenarios|injects|studies|runs|batches|rehearsals]", help="All of them if left out."),
    ] = None,
    *,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Lists the built-in scenarios, inject files and studies, and the runs, batches and rehearsals under runs/."""
    del version
    wanted = [kind] if kind else list(ListKind)
    rows = {each.value: _ROWS[each]() for each in wanted}
    if as_json:
        print_json(rows)
        return
    for place, (title, found) in enumerate(rows.items()):
        if len(rows) > 1:
            typer.echo(("\n" if place else "") + f"{title}:")
        _print(found, indent=2 if len(rows) > 1 else 0, quiet=quiet)
    if ListKind.RUNS in wanted and not quiet:
        for name in _damaged():
            typer.echo(f"note: runs/{name} is damaged: `wargame show {name}` tells how", err=True)


def _scenarios() -> list[Row]:
    from wargame.scenario.loading import catalogue

    return [{"name": entry.name, "title": entry.title} for entry in catalogue.scenarios()]


def _injects() -> list[Row]:
    from wargame.scenario.loading import catalogue

    return [{"name": entry.name, "title": entry.title} for entry in catalogue.injects()]


def _studies() -> list[Row]:
    from wargame.batch.study.catalogue import studies

    return [{"name": entry.name, "title": entry.title} for entry in studies()]


def _runs() -> list[Row]:
    from wargame.journal.folder import folders
    from wargame.journal.manifest import PAUSED

    rows: list[Row] = []
    for folder in folders():
        manifest = folder.manifest()
        ended = manifest.ended
        if ended in ("running", PAUSED):
            ended = "running" if folder.is_running() else ended if ended == PAUSED else "cut short"
        elif manifest.records and not (folder.journal.is_file() and folder.journal.stat().st_size):
            ended = f"{ended}, its journal is missing"
        row: Row = {"name": folder.name, "scenario": manifest.scenario}
        rows.append(row | {"started": manifest.started, "seed": manifest.seed, "ended": ended})
    return sorted(rows, key=_by_start)


def _by_start(row: Row) -> tuple[str, str]:
    """The newest last, which is the one that `last` means."""
    return str(row["started"]), str(row["name"])


def _damaged() -> list[str]:
    """What lies under `runs/` with a manifest that is neither of a run nor of a batch that can be read."""
    from pathlib import Path

    from wargame.journal.folder import RUNS
    from wargame.journal.manifest import FILE

    known = {str(row["name"]) for row in (*_runs(), *_batches())}
    found = (path.parent.name for path in sorted(Path(RUNS).glob(f"*/{FILE}")))
    return [name for name in found if name not in known and not name.startswith(".")]


def _batches() -> list[Row]:
    from pathlib import Path

    from wargame.batch.running.manifest import batches
    from wargame.journal.folder import RUNS

    rows: list[Row] = [
        {"name": name, "scenario": made.scenario, "started": made.started, "seed": made.seed, "ended": made.ended}
        for name, made in batches(Path(RUNS))
    ]
    return sorted(rows, key=_by_start)


def _rehearsals() -> list[Row]:
    """Rehearsals in folders of their own; one that cannot be read says so."""
    import json
    from pathlib import Path

    from wargame.batch.study.catalogue import REHEARSAL, is_rehearsal
    from wargame.journal.folder import RUNS

    rows: list[Row] = []
    for path in sorted(Path(RUNS).glob(f"*/{REHEARSAL}")):
        if not is_rehearsal(path.parent) or path.parent.name.startswith("."):
            continue
        try:
            told = dict(json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError):
            told = {"scenario": "cannot be read"}
        rows.append({"name": path.parent.name, "scenario": told.get("scenario", ""), "runs": told.get("runs", "")})
    return rows


_ROWS = {
    ListKind.SCENARIOS: _scenarios,
    ListKind.INJECTS: _injects,
    ListKind.STUDIES: _studies,
    ListKind.RUNS: _runs,
    ListKind.BATCHES: _batches,
    ListKind.REHEARSALS: _rehearsals,
}


def _print(rows: list[Row], *, indent: int, quiet: bool) -> None:
    """Aligned columns under their headings; only the names if quiet."""
    if not rows:
        if not quiet:
            typer.echo(f"{'':>{indent}}none")
        return
    shown = [[str(row["name"])] for row in rows]
    if not quiet:
        headings = [HEADINGS.get(key, key) for key in rows[0]]
        shown = [headings, *([_cell(key, value) for key, value in row.items()] for row in rows)]
    widths = [max(len(cells[place]) for cells in shown) for place in range(len(shown[0]))]
    for cells in shown:
        aligned = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        typer.echo(f"{'':>{indent}}{aligned.rstrip()}")


def _cell(key: str, value: object) -> str:
    """Times to the minute, without the zone that the heading names."""
    return str(value)[:16].replace("T", " ") if key == "started" else str(value)
