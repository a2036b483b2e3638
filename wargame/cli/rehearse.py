"""`wargame rehearse`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import PROGRESS, console, print_json
from wargame.cli.tree import Version
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.evidence.rehearsal.rehearsal import Rehearsal
    from wargame.scenario.loading.load import Loaded
    from wargame.simulation.kernel.settings import Settings

EXAMPLES = """
wargame rehearse two-rivals
wargame rehearse korea-2017 -n 20 --until 180d
wargame rehearse my-exercise --injects more.yaml --json
wargame rehearse two-rivals --out runs/rehearsal
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
    startex: options.Startex = None,
    skips: options.Skips = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes. [default: one for each core]")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Keep it and write its report there; DIR may be a batch."),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Plays a script many times before STARTEX and tells what it will do.

    How probable each inject is to fire and when; which never fire, and why; objectives without an inject or without
    evidence; leaderships with several demands within a day; how the model governments answer what is expected; and
    which injects matter: each is left out in turn, run by run with the same draws.

    So it plays up to N runs and as many again for each inject; the bar tells how many are left.

    With --out DIR it is kept there as rehearsal.json, with a report; `wargame report DIR` writes the report in other
    formats. The report of a batch of the same script tells a rehearsal that is kept in the folder of the batch.
    """
    del version
    from wargame.evidence.rehearsal.rehearsal import rehearse
    from wargame.executor.processes import on_cores
    from wargame.review.reports.rehearsal_file import as_data
    from wargame.scenario.loading.load import load
    from wargame.simulation.exercise import Exercise
    from wargame.simulation.kernel.settings import Settings

    loaded = load(scenario, injects or [])
    settings = Settings(startex=startex, until=until, skip=tuple(skips or ()))
    Exercise(loaded, seed, settings)  # what makes no sense is told before anything is played
    if out:
        _check(out)
    with on_cores(jobs)() as executor, _bar(quiet=quiet or as_json) as tell:
        found = rehearse(loaded, n=replications, seed=seed, executor=executor, settings=settings, tell=tell)
    report = (
        _keep(out, found, loaded, _command_line(scenario, replications, seed, injects or [], settings)) if out else ""
    )
    if as_json:
        print_json(_document(found, scenario, seed) | ({"report": report} if report else {}))
    else:
        tell_rehearsal(as_data(found, loaded), quiet=quiet)
        if report:
            typer.echo(report)


def _command_line(scenario: str, replications: int, seed: int, injects: list[str], settings: Settings) -> str:
    """The command that makes this rehearsal again."""
    words = ["wargame", "rehearse", scenario, "-n", str(replications), "--seed", str(seed)]
    words += [word for file in injects for word in ("--injects", file)]
    words += ["--startex", settings.startex] if settings.startex else []
    words += ["--until", settings.until] if settings.until else []
    words += [word for inject in settings.skip for word in ("--skip", inject)]
    return shlex.join(words)


def _check(out: Path) -> None:
    """UsageFault, before anything is played, where a rehearsal has no place."""
    from wargame.batch.study.catalogue import batch_folder

    if out.exists() and not out.is_dir():
        raise UsageFault(f"--out {out} is a file; choose another place")
    if (out / "manifest.json").exists() and not batch_folder(str(out)):
        raise UsageFault(f"--out {out} is the folder of a run; a rehearsal goes into one of its own, or of a batch")


def _keep(out: Path, found: Rehearsal, loaded: Loaded, command: str) -> str:
    """Keeps the rehearsal; its report is written too, unless the folder is that of a batch or a run."""
    from wargame.review.reports.rehearsal_file import write
    from wargame.review.reports.rehearsal_report import rehearsal_report
    from wargame.review.reports.writing import as_document, default_path, save

    path = write(out, found, loaded, command)
    if (out / "manifest.json").exists():
        return str(path)
    return str(save(default_path(out, "html"), as_document(rehearsal_report(out), "html")))


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


def _harmless(told: Any) -> Any:
    """What is kept, without the characters of titles that a terminal would act upon."""
    from wargame.review.formatting import clean

    if isinstance(told, Mapping):
        return {name: _harmless(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_harmless(value) for value in told]
    return clean(told) if isinstance(told, str) else told


def tell_rehearsal(told: Mapping[str, Any], *, quiet: bool = False) -> None:
    """Prints a rehearsal as it is kept."""
    from wargame.evidence.rehearsal.text import notes, sections

    told, screen = _harmless(told), console()
    for number, (title, rows) in enumerate(sections(told, SHOWN)):
        screen.print(("\n" if number else "") + title, style="bold")
        screen.print(rows)
    for place, note in enumerate(() if quiet else notes(told, SHOWN)):
        screen.print(("\n" if not place else "") + note)
