"""`wargame clean`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from wargame.cli import options
from wargame.cli.output import print_json
from wargame.errors import UsageFault
from wargame.language.times import format_duration, parse_duration

if TYPE_CHECKING:
    from wargame.batches.folders import OldFolder


def command(
    *,
    older_than: Annotated[str, options.option("--older-than", "T", "clean")],
    unfinished: Annotated[bool, options.flag("--unfinished", "clean")] = False,
    dry_run: Annotated[bool, options.flag("--dry-run", "clean")] = False,
    yes: Annotated[bool, options.flag("--yes", "clean")] = False,
    shown: options.Shown,
) -> None:
    """Remove old runs, batches and rehearsals under runs/."""
    from wargame.batches.folders import old_folders, remove

    try:
        seconds = parse_duration(older_than)
    except ValueError as error:
        raise UsageFault(f"--older-than {older_than}: {error}") from None
    listed = old_folders(seconds, unfinished=unfinished)
    old, kept = [each for each in listed if not each.kept], [each for each in listed if each.kept]
    if not shown.silent:
        if not old:
            typer.echo(f"Nothing under runs/ to remove that is older than {format_duration(seconds)}.")
        for folder in old:
            typer.echo(f"{folder.path}  {folder.sort}, {_size(folder.size)}, {folder.written:%Y-%m-%d}")
        for folder in kept:
            typer.echo(f"note: {folder.path} is kept: {folder.kept}", err=True)
    removes = bool(old) and not dry_run and (yes or _confirmed(old))
    if removes:
        for folder in old:
            remove(folder)
    if shown.as_json:
        rows = [{"path": str(each.path), "kind": each.sort, "bytes": each.size, "kept": each.kept} for each in listed]
        print_json({"removed": len(old) if removes else 0, "folders": rows})
    elif removes and not shown.quiet:
        typer.echo(f"Removed {_counted(old)}.")
    elif dry_run and old and not shown.quiet:
        typer.echo("Nothing is removed: this is a dry run.")


def _confirmed(old: list[OldFolder]) -> bool:
    """Return whether the person at the terminal agrees; UsageFault if there is no terminal."""
    if not sys.stdin.isatty():
        raise UsageFault("without a terminal, --yes removes the folders and --dry-run lists them")
    return typer.confirm(f"Remove {_counted(old)}?", err=True)


def _counted(folders: list[OldFolder]) -> str:
    total = _size(sum(each.size for each in folders))
    return f"{len(folders)} folder{'' if len(folders) == 1 else 's'}, {total}"


def _size(size: int) -> str:
    """Bytes as people read them: `3.4 MB`."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
