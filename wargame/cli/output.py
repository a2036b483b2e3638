"""Output of commands: data on standard output, messages on standard error, progress bars only on a terminal."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import typer

from wargame.cli import lib
from wargame.executor import progress

if TYPE_CHECKING:
    from rich.console import Console

PROGRESS = "WARGAME_PROGRESS"
"""Environment variable: 1 shows progress bars also without a terminal."""
NARROWEST, WIDEST = 80, 120
RUN_FIELDS = ("name", "scenario", "seed", "ended", "records", "decisions", "outcomes", "journal_sha256")
"""Fields of a run's manifest that `--json` prints."""


def print_json(document: object) -> None:
    """Print one JSON document. Characters that a terminal would act upon are escaped."""
    typer.echo(lib.escape_json(lib.encode_json(document).decode()), nl=False)


def print_run_json(folder: lib.Folder, fields: tuple[str, ...] = RUN_FIELDS, **more: object) -> None:
    """Print the path of a run folder, these fields of its manifest and `more` as one JSON document."""
    manifest = folder.manifest()
    print_json({"run_dir": str(folder.path), **{name: getattr(manifest, name) for name in fields}, **more})


def print_next(command: str) -> None:
    """Print the command to type next on standard error, if there is one."""
    if command:
        typer.echo(f"next: {command}", err=True)


def print_warnings(loaded: lib.Loaded) -> None:
    """Print the warnings of a scenario on standard error."""
    for warning in loaded.warnings:
        typer.echo(f"{warning} [warning]", err=True)


def console() -> Console:
    """Return a console on standard output, 80 to 120 columns wide, without markup."""
    from rich.console import Console

    screen = Console(highlight=False, markup=False, emoji=False)
    screen.width = min(max(screen.width, NARROWEST), WIDEST)
    return screen


def command_line(*words: str, **options: Any) -> str:
    """Return the command to type, quoted for a shell.

    Underscores in option names become hyphens; `n` becomes `-n`. A list repeats its option, True is a flag;
    None, False and empty texts are left out.
    """
    typed = ["wargame", *words]
    for name, value in options.items():
        option = f"-{name}" if len(name) == 1 else f"--{name.replace('_', '-')}"
        for each in value if isinstance(value, list | tuple) else (value,):
            if each is True:
                typed.append(option)
            elif each is not None and each is not False and each != "":
                typed += [option, str(each)]
    return shlex.join(typed)


def progress_bar(label: str, *, quiet: bool) -> AbstractContextManager[Callable[[int, int], None] | None]:
    """Return a bar over game time, or None where none is shown: see `executor.progress.game_time_bar`."""
    return progress.game_time_bar(label) if _shows_progress(quiet=quiet) else nullcontext()


def job_bar(label: str, *, quiet: bool) -> AbstractContextManager[progress.JobProgress | None]:
    """Return a bar over the runs of a job, or None where none is shown: see `executor.progress.job_bar`."""
    return progress.job_bar(label) if _shows_progress(quiet=quiet) else nullcontext()


def _shows_progress(*, quiet: bool) -> bool:
    return not quiet and (sys.stderr.isatty() or os.environ.get(PROGRESS, "") not in ("", "0"))


def print_text(template: str, *, err: bool = False, **content: object) -> None:
    """Print a text in the folder `templates` of this package, on standard error if `err` is true."""
    for line in lib.text_lines("wargame.cli", f"{template}.txt.j2", **content):
        typer.echo(line, err=err)


def print_blocks(blocks: Iterable[object]) -> None:
    """Print a document without its figures."""
    lib.terminal.print_blocks(console(), blocks)
