"""Data on standard output, messages on standard error; colours and bars only on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

PROGRESS = "WARGAME_PROGRESS"
NARROWEST, WIDEST = 80, 120


def print_json(document: object) -> None:
    """Prints one JSON document."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())


def console() -> Console:
    """A console on standard output, at most 120 columns wide; plain text where there is no terminal."""
    from rich.console import Console

    made = Console(highlight=False, markup=False, emoji=False)
    made.width = min(max(made.width, NARROWEST), WIDEST)
    return made


DAYS = "{l_bar}{bar}| {n_fmt}/{total_fmt} days [{elapsed}<{remaining}{postfix}]"


@contextmanager
def progress_bar(label: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar over game time on standard error: on a terminal, or where WARGAME_PROGRESS=1 asks for it.

    It counts from STARTEX; before it, where seconds are negative, it says that history is replayed.
    """
    forced = os.environ.get(PROGRESS, "") not in ("", "0")
    if quiet or not (sys.stderr.isatty() or forced):
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=0, desc=label, leave=False, file=sys.stderr, dynamic_ncols=True, bar_format=DAYS) as bar:
        replaying = False

        def advance(now: int, end: int) -> None:
            nonlocal replaying
            if now < 0:
                replaying, bar.total = True, end // 86400
                bar.set_description_str(f"{label}: replaying history")
                return
            if replaying:  # what the replay took is no part of the rate
                replaying = False
                bar.reset()
                bar.set_description_str(label, refresh=False)
            bar.total = end // 86400
            bar.update(now // 86400 - bar.n)
            elapsed = bar.format_dict["elapsed"]
            bar.set_postfix_str(f"{bar.n / elapsed:,.0f} days/s" if elapsed else "", refresh=False)

        yield advance


@contextmanager
def steps_bar(label: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar over runs done and due on standard error, where `progress_bar` would show one."""
    forced = os.environ.get(PROGRESS, "") not in ("", "0")
    if quiet or not (sys.stderr.isatty() or forced):
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=0, desc=label, unit="run", leave=False, file=sys.stderr, dynamic_ncols=True) as bar:

        def advance(done: int, due: int) -> None:
            bar.total = due
            bar.update(done - bar.n)

        yield advance
