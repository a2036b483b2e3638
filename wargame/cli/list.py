"""`wargame list`."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal, get_args

import typer

from wargame.cli import lib, options
from wargame.cli.output import print_json
from wargame.errors import shortened
from wargame.journal.decoding import Undecodable, decode
from wargame.journal.folder import Folder, folders, runs_folder
from wargame.journal.inputs import LARGE, read_input
from wargame.journal.manifest import BY_OUTCOME, FILE, PAUSED
from wargame.language.plain_text import clean

ListKind = Literal["scenarios", "exercises", "injects", "studies", "runs", "batches", "rehearsals"]
"""A kind of things to list."""
Row = dict[str, object]
HEADINGS = {"started": "started (UTC)", "command": "wargame"}
LONGEST_COMMAND = 60
"""Characters of the command of a run that are printed; --json has all of it."""
_KINDS = "|".join(get_args(ListKind))


def command(
    kind: Annotated[
        ListKind | None, typer.Argument(metavar=_KINDS, help="What to list; everything if omitted.", show_default=False)
    ] = None,
    *,
    shown: options.Shown,
) -> None:
    """List what is built in: scenarios, exercises, inject files, studies; and runs, batches, rehearsals in runs/."""
    kinds = [kind] if kind else list(get_args(ListKind))
    rows = {each: _IN_RUNS[each]() if each in _IN_RUNS else _built_in(each) for each in kinds}
    if shown.as_json:
        print_json(rows)
        return
    for place, (title, listed) in enumerate(rows.items()):
        if len(rows) > 1:
            typer.echo(("\n" if place else "") + f"{title}:")
        _print(listed, indent=2 if len(rows) > 1 else 0, quiet=shown.quiet)
    if "runs" in kinds and not shown.quiet:
        readable = {str(row["name"]) for row in (*_runs(), *_batches())}
        names = (path.parent.name for path in sorted(runs_folder().glob(f"*/{FILE}")))
        for name in [name for name in names if name not in readable and not name.startswith(".")]:
            shown.note(f"{runs_folder() / name} is damaged (wargame show {name} says how)")


def _built_in(kind: str) -> list[Row]:
    entries = lib.studies() if kind == "studies" else getattr(lib.catalogue, kind)()
    return [{"name": entry.name, "title": entry.title} for entry in entries]


def _runs() -> list[Row]:
    rows: list[Row] = []
    for folder in folders():
        manifest = folder.manifest()
        ended = manifest.ended
        if ended in ("running", PAUSED):
            ended = _now(folder) if folder.is_running() else ended if ended == PAUSED else "cut short"
        elif manifest.records and not (folder.journal.is_file() and folder.journal.stat().st_size):
            ended = f"{ended}, its journal is missing"
        row: Row = {"name": folder.name, "scenario": manifest.scenario, "started": manifest.started}
        row |= {"took": _took(manifest.started, manifest.finished), "seed": manifest.seed}
        rows.append(row | {"ended": ended, "command": manifest.command})
    return sorted(rows, key=_start)


def _now(folder: Folder) -> str:
    """Return `running`, or how an exercise ended whose console is still open for the hot wash, by its journal."""
    with suppress(OSError), folder.journal.open("rb") as lines:
        end = next((line for line in lines if b'"kind":"run.end"' in line and line.endswith(b"\n")), None)
        about = json.loads(end)["about"] if end else ""
        return "running" if not about else about if about == "endex" else f"{BY_OUTCOME}{about}"
    return "running"


def _took(started: str, finished: str | None) -> str:
    """Return the real time between two wall times: `8 s`, `12 min`, `2 h 05 min`; empty if the run has not finished."""
    took = datetime.fromisoformat(finished) - datetime.fromisoformat(started) if finished else None
    return _duration(round(took.total_seconds())) if took is not None else ""


def _duration(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"


def _start(row: Row) -> tuple[str, str]:
    """Return a key that sorts by start, so that the last row is the one that `last` means."""
    return str(row["started"]), str(row["name"])


def _batches() -> list[Row]:
    rows: list[Row] = []
    for name, batch in lib.batches(runs_folder()):
        row: Row = {"name": name, "scenario": batch.scenario, "started": batch.started}
        row |= {"took": _duration(round(batch.wall_s)) if batch.finished else "", "seed": batch.seed}
        ended = lib.how_ended(batch, lib.store(str(runs_folder() / name)))
        rows.append(row | {"ended": ended, "command": batch.command})
    return sorted(rows, key=_start)


def _rehearsals() -> list[Row]:
    """Return rehearsals that have their own folder, also those whose file cannot be read."""
    rows: list[Row] = []
    for path in sorted(runs_folder().glob(f"*/{lib.REHEARSAL}")):
        if not lib.is_rehearsal(path.parent) or path.parent.name.startswith("."):
            continue
        try:
            rehearsal = decode(read_input(path, LARGE), dict[str, object])
        except (OSError, Undecodable):
            rehearsal = {"scenario": "cannot be read"}
        name, scenario, runs = path.parent.name, rehearsal.get("scenario", ""), rehearsal.get("runs", "")
        rows.append({"name": name, "scenario": scenario, "runs": runs})
    return rows


_IN_RUNS = {"runs": _runs, "batches": _batches, "rehearsals": _rehearsals}


def _print(rows: list[Row], *, indent: int, quiet: bool) -> None:
    """Print aligned columns with headings; only the names if quiet."""
    if not rows:
        if not quiet:
            typer.echo(f"{'':>{indent}}none")
        return
    lines = [[clean(row["name"])] for row in rows]
    if not quiet:
        headings = [HEADINGS.get(key, key) for key in rows[0]]
        lines = [headings, *([_cell(key, value) for key, value in row.items()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for cells in lines:
        aligned = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        typer.echo(f"{'':>{indent}}{aligned.rstrip()}")


def _cell(key: str, value: object) -> str:
    """Return a cell as text; times to the minute, their zone is in the heading."""
    text = clean(value)
    if key == "command":
        return shortened(text.removeprefix("wargame "), LONGEST_COMMAND)
    return text[:16].replace("T", " ") if key == "started" else text
