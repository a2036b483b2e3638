"""Completion of values that depend on the scenario or study of the command line, or on what is under `runs/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import typer

from wargame.cli import lib
from wargame.errors import WargameError

SCENARIO_OF_STUDY = re.compile(r"^scenario:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
ARMS = re.compile(r"^arms:[ \t]*\n((?:[ \t]+.*\n|[ \t]*\n)+)", re.MULTILINE)
ARM = re.compile(r"^  ([A-Za-z][\w-]*):", re.MULTILINE)
KINDS = ("model", "script")
LIVE = ("human", *KINDS)
LIMITS = ("leader", "law", "none")
"""Kinds of seats that need no more than their name, in an unattended run and in a live exercise."""


def _built_in(*kinds: str) -> Callable[[str], list[str]]:
    """Return the completion of names of what is built in, kind by kind."""

    def names(incomplete: str) -> list[str]:
        every = (lib.studies() if kind == "studies" else getattr(lib.catalogue, kind)() for kind in kinds)
        return [entry.name for entries in every for entry in entries if entry.name.startswith(incomplete)]

    return names


scenario_names, inject_names = _built_in("scenarios"), _built_in("injects")
exercise_names, study_names = _built_in("exercises", "scenarios"), _built_in("studies", "scenarios")


def run_names(incomplete: str) -> list[str]:
    """Return runs under `runs/`, after `last`."""
    return [
        name for name in (lib.folder.LAST, *(each.name for each in lib.folder.folders())) if name.startswith(incomplete)
    ]


def batch_names(incomplete: str) -> list[str]:
    """Return batches under `runs/`."""
    top = lib.folder.runs_folder()
    return _fitting(incomplete, [path.name for path in top.iterdir() if lib.is_batch(path)] if top.is_dir() else [])


def last_and_batch_names(incomplete: str) -> list[str]:
    """Return batches under `runs/`, after `last`."""
    return _fitting(incomplete, ["last"]) + batch_names(incomplete)


def run_and_batch_names(incomplete: str) -> list[str]:
    """Return runs and batches under `runs/`, after `last`."""
    return run_names(incomplete) + batch_names(incomplete)


def _of_scenario(names: Callable[[lib.Loaded], Iterable[str]]) -> Callable[[typer.Context, str], list[str]]:
    """Return the completion of names that the scenario of the command line has."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        loaded = _loaded(ctx)
        return _fitting(incomplete, names(loaded) if loaded else ())

    return complete


variant_names = _of_scenario(lambda loaded: loaded.scenario.evidence.variants)
inject_ids = _of_scenario(lambda loaded: [inject.id for inject in loaded.injects])
indicator_names = _of_scenario(lambda loaded: loaded.scenario.indicators)
seats = _of_scenario(lambda loaded: [f"{name}={kind}" for name in loaded.scenario.governments for kind in KINDS])
live_seats = _of_scenario(lambda loaded: [f"{name}={kind}" for name in loaded.scenario.governments for kind in LIVE])
limits = _of_scenario(lambda loaded: [f"{name}={kind}" for name in loaded.scenario.governments for kind in LIMITS])
government_acts = _of_scenario(
    lambda loaded: [f"{by} {name}" for name, option in loaded.scenario.options.items() for by in option.by]
)
"""A government with an option that it may choose, as one word in quotation marks."""


def arm_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return arms of the study, as its file writes them."""
    found = ARMS.search(_study_text(ctx))
    return _fitting(incomplete, ARM.findall(found[1]) if found else ())


def _fitting(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))


def _target(ctx: typer.Context) -> str:
    """Return the first argument, which is not assigned to its parameter while an option still lacks its value."""
    return str(ctx.params.get("scenario") or ctx.params.get("target") or next(iter(ctx.args), ""))


def _study_text(ctx: typer.Context) -> str:
    """Return the file of the study on the command line; empty if it has none."""
    try:
        path = lib.study_of(_target(ctx))
        return path.read_text("utf-8") if path else ""
    except (OSError, UnicodeDecodeError, WargameError):
        return ""


def _loaded(ctx: typer.Context) -> lib.Loaded | None:
    """Return the scenario of the command line, or that of its study; None if it cannot be read."""
    found = SCENARIO_OF_STUDY.search(_study_text(ctx))
    try:
        return lib.load(found[1] if found else _target(ctx))
    except (OSError, WargameError):
        return None
