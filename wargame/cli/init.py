"""`wargame init`."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from wargame.cli import options
from wargame.cli.output import print_json
from wargame.cli.tree import Version
from wargame.errors import UsageFault

EXAMPLES = """
wargame init my-exercise
wargame validate my-exercise
wargame run my-exercise
"""
FILES = ("scenario.yaml", "injects.yaml")
PLACEHOLDER = "my-exercise"


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of the exercise; created if it does not exist.")
    ],
    *,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Create a new exercise: a scenario and a script, with comments, that can be run at once.

    Existing files are never overwritten.
    """
    del version
    for name in FILES:
        if (folder / name).exists():
            raise UsageFault(f"{folder / name} exists already; choose another folder")
    written = _write(folder)
    if as_json:
        print_json({"folder": str(folder), "files": written})
    elif not quiet:
        for name in written:
            typer.echo(name)
        typer.echo(f"next: wargame run {shlex.quote(str(folder))}", err=True)


def _write(folder: Path) -> list[str]:
    """Write the files and return their paths; write none of them if one cannot be written."""
    starter = resources.files("wargame.cli") / "starter"
    new = not folder.exists()
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = _scenario_name(folder)
        for file in FILES:
            content = (starter / file).read_text("utf-8").replace(f": {PLACEHOLDER}\n", f": {name}\n")
            with (folder / file).open("x", encoding="utf-8") as target:
                written.append(folder / file)
                target.write(content)
    except OSError as error:
        _undo(folder if new else None, written)
        raise UsageFault(f"{folder} cannot be written: {error.strerror}; choose another folder") from None
    return [str(path) for path in written]


def _undo(folder: Path | None, written: list[Path]) -> None:
    """Remove what was written: half an exercise would block the next attempt."""
    with suppress(OSError):
        for path in written:
            path.unlink()
        if folder:
            folder.rmdir()


def _scenario_name(folder: Path) -> str:
    """The folder's name if it can be the name of a scenario, or the placeholder."""
    name = folder.resolve().name
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9_\-]*", name, re.ASCII) else PLACEHOLDER
