"""Completion of values that depend on the scenario or study of the command line, or on what is under `runs/`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import typer

from wargame.errors import WargameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wargame.scenario.loading.load import Loaded

SCENARIO_OF_STUDY = re.compile(r"^scenario:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
ARMS = re.compile(r"^arms:[ \t]*\n((?:[ \t]+.*\n|[ \t]*\n)+)", re.MULTILINE)
ARM = re.compile(r"^  ([A-Za-z][\w-]*):", re.MULTILINE)
KINDS = ("model", "script")
"""Kinds of seats that need no more than their name; in a live exercise there is also `human`."""


def batch_names(incomplete: str) -> list[str]:
    """Batches under `runs/`."""
    from wargame.batches.study.catalogue import is_batch
    from wargame.journal.folder import runs_folder

    top = runs_folder()
    return _fitting(incomplete, [path.name for path in top.iterdir() if is_batch(path)] if top.is_dir() else [])


def variant_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Variants of the scenario."""
    loaded = _loaded(ctx)
    return _fitting(incomplete, loaded.scenario.evidence.variants if loaded else ())


def inject_ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """Injects of the scenario."""
    loaded = _loaded(ctx)
    return _fitting(incomplete, [inject.id for inject in loaded.injects] if loaded else ())


def indicator_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Indicators of the scenario."""
    loaded = _loaded(ctx)
    return _fitting(incomplete, loaded.scenario.indicators if loaded else ())


def seats(ctx: typer.Context, incomplete: str) -> list[str]:
    """Governments of the scenario, each with a kind of seat."""
    return _seats(ctx, incomplete, KINDS)


def live_seats(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return as `seats`, with people in them."""
    return _seats(ctx, incomplete, ("human", *KINDS))


def _seats(ctx: typer.Context, incomplete: str, kinds: Iterable[str]) -> list[str]:
    loaded = _loaded(ctx)
    names = loaded.scenario.governments if loaded else ()
    return _fitting(incomplete, [f"{name}={kind}" for name in names for kind in kinds])


def government_acts(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return a government with an option that it may choose, as one word in quotation marks."""
    loaded = _loaded(ctx)
    if loaded is None:
        return []
    options = loaded.scenario.options.items()
    every = [f"{name} {option}" for name in loaded.scenario.governments for option, of in options if name in of.by]
    return _fitting(incomplete, every)


def arm_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Arms of the study, as its file writes them."""
    found = ARMS.search(_study_text(ctx))
    return _fitting(incomplete, ARM.findall(found[1]) if found else ())


def _fitting(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))


def _target(ctx: typer.Context) -> str:
    """Return the first argument, which is not assigned to its parameter while an option still lacks its value."""
    named = ctx.params.get("scenario") or ctx.params.get("target")
    return str(named or next(iter(ctx.args), ""))


def _study_text(ctx: typer.Context) -> str:
    """Return the file of the study on the command line; empty if it has none."""
    from wargame.batches.study.catalogue import study_of

    try:
        path = study_of(_target(ctx))
        return path.read_text("utf-8") if path else ""
    except (OSError, UnicodeDecodeError, WargameError):
        return ""


def _loaded(ctx: typer.Context) -> Loaded | None:
    """Return the scenario of the command line, or that of its study; None if it cannot be read."""
    from wargame.scenario.loading.load import load

    found = SCENARIO_OF_STUDY.search(_study_text(ctx))
    try:
        return load(found[1] if found else _target(ctx))
    except (OSError, WargameError):
        return None
