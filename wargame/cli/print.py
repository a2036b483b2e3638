"""`wargame print`."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from wargame.cli import lib, options
from wargame.errors import UsageFault

NOT_HTML = frozenset({".pdf", ".docx", ".md", ".txt"})
"""Suffixes of files that would not be what they say."""


def command(
    scenario: options.ScenarioOrExercise,
    *,
    injects: options.Injects = None,
    until: options.Until = None,
    startex: options.Startex = None,
    seats: Annotated[str | None, options.option("--seats", "GOV,GOV", "print")] = None,
    folder: Annotated[Path | None, options.option("--folder", "DIR", "print")] = None,
    evaluation: Annotated[bool, options.flag("--evaluation", "print")] = False,
    out: Annotated[Path | None, options.out_file("print")] = None,
    shown: options.Shown,
) -> None:
    """Write the exercise on paper as HTML pages for printing: a pack for each seat and one for the white cell."""
    if evaluation and startex:
        raise UsageFault("--startex does not change the evaluation guide: leave it out")
    if folder is not None and (out is not None or evaluation):
        raise UsageFault(f"--folder and {'--out' if out else '--evaluation'} exclude each other")
    if out is not None and out.suffix.lower() in NOT_HTML:
        remedy = "choose a name that ends in .html; browsers print it"
        raise UsageFault(f"--out {out}: print writes an HTML page ({remedy})")
    loaded = lib.load(scenario, injects or [])
    settings = lib.Settings(until=until, startex=startex)
    name = loaded.exercise.name if loaded.exercise else loaded.scenario.name
    call = shlex.quote(scenario)
    chosen = chosen_governments(seats, loaded.scenario.governments)
    if folder is not None:
        lib.make_folder(folder)
        pages = {folder / f"{reader}.html": page for reader, page in lib.documents(loaded, chosen, settings, call)}
    elif evaluation:
        guide = lib.evaluation_guide(loaded, chosen, lib.Exercise(loaded, 1, settings).calendar if until else None)
        pages = {out or Path(f"{name}-evaluation.html"): guide}
    else:
        page = lib.paper(loaded, chosen, white_cell=not chosen, settings=settings, call=call)
        pages = {out or Path(f"{name}-{'-'.join(chosen) or 'paper'}.html"): page}
    for path, page in pages.items():
        lib.write_output(path, page.encode())
    paths = list(map(str, pages))
    shown.written({"files": paths} if folder else {"file": paths[0]}, *paths)


def chosen_governments(seats: str | None, known: Iterable[str]) -> list[str]:
    """Return the governments of a list such as `KOR,usa`."""
    names = [each.strip() for each in (seats or "").split(",") if each.strip()]
    if seats is not None and not names:
        raise UsageFault("--seats names no government (write it as KOR,PRK)")
    codes = {name.casefold(): name for name in known}
    meant = (codes.get(name.casefold(), name) for name in names)
    return list(dict.fromkeys(lib.lookup.valid_name("government", name, codes.values()) for name in meant))
