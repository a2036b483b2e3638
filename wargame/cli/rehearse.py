"""`wargame rehearse`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import PROGRESS, console, print_json
from wargame.cli.tree import Version

if TYPE_CHECKING:
    from wargame.study.rehearsal import Rehearsal

EXAMPLES = """
wargame rehearse two-rivals
wargame rehearse korea-2017 -n 20 --until 180d
wargame rehearse my-exercise --injects more.yaml --json
"""
SHOWN = 12


def command(
    scenario: options.Scenario,
    *,
    replications: Annotated[
        int, typer.Option("-n", "--replications", metavar="N", min=2, max=100_000, help="Runs with the whole script.")
    ] = 40,
    injects: options.Injects = None,
    seed: options.Seed = 1,
    until: options.Until = None,
    hand_over: options.HandOver = None,
    skips: options.Skips = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes. [default: one for each core]")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Plays a script many times before STARTEX and tells what it will do.

    How probable each inject is to fire and when; which never fire, and why; objectives without an inject or without
    evidence; leaderships with several demands within a day; how the model governments answer what is expected; and
    which injects matter: each is left out in turn, run by run with the same draws.
    """
    del version
    from wargame.batch.api import on_cores
    from wargame.scenario.load import load
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.settings import Settings
    from wargame.study.rehearsal import rehearse

    loaded = load(scenario, injects or [])
    settings = Settings(hand_over=hand_over, until=until, skip=tuple(skips or ()))
    Exercise(loaded, seed, settings)  # what makes no sense is told before anything is played
    with on_cores(jobs)() as executor, _bar(quiet=quiet or as_json) as tell:
        found = rehearse(loaded, n=replications, seed=seed, executor=executor, settings=settings, tell=tell)
    if as_json:
        print_json(_document(found, scenario, seed))
    else:
        _print(found, quiet=quiet)


def _document(found: Rehearsal, scenario: str, seed: int) -> dict[str, Any]:
    from dataclasses import asdict

    return {"scenario": scenario, "seed": seed, **asdict(found)}


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    forced = os.environ.get(PROGRESS, "") not in ("", "0")
    if quiet or not (sys.stderr.isatty() or forced):
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=0, desc="rehearse", unit="run", file=sys.stderr, dynamic_ncols=True, leave=False) as bar:

        def tell(done: int, total: int) -> None:
            if bar.total != total:
                bar.reset(total)
            bar.update(done - bar.n)

        yield tell


def _print(found: Rehearsal, *, quiet: bool) -> None:
    from wargame.study.telling import sections

    screen = console()
    for number, (title, rows) in enumerate(sections(found, SHOWN)):
        if not quiet:
            screen.print(("\n" if number else "") + title, style="bold")
        screen.print(rows)
